/** Twins of the Array.prototype and %TypedArray%.prototype methods that call back (ECMA-262, 23.1.3 and 23.2.3). */
import { types } from 'node:util';
import { type Callable, linkTwin, SUSPENDED, takeInFrame, twinOf } from '../twin/protocol.js';
import { run, type Steps, start } from '../twin/steps.js';
import { longestInsertion, timSort } from './timSort.js';

type Indexed = Record<PropertyKey, unknown> & { length: unknown };

/** The steps of a method after its callback has been checked. */
type Method = (o: Indexed, length: number, callback: Callable, rest: readonly unknown[]) => Steps;

const IS_CALLABLE = (value: unknown): value is Callable => typeof value === 'function';

/** ToLength (7.1.20). */
function toLength(value: unknown): number {
  const length = Math.trunc(Number(value));
  return length > 0 ? Math.min(length, Number.MAX_SAFE_INTEGER) : 0;
}

// As they were before the program: it may put others in their place.
const { Array: PlainArray } = globalThis;
const { prototype: arrayPrototype } = PlainArray;
const { prototype: objectPrototype } = Object;

/** What a method fills and returns. */
interface Target {
  readonly made: Indexed;
  /** Whether it is an array as `[]` makes it. */
  readonly isPlain: boolean;
}

function plainTarget(length: number): Target {
  return { made: new PlainArray(length) as unknown as Indexed, isPlain: true };
}

/** ArraySpeciesCreate (10.4.2.2), but for arrays of other realms, of which it makes arrays of their own. */
function speciesCreate(o: unknown, length: number): Target {
  if (!Array.isArray(o)) return plainTarget(length);
  let species = (o as { constructor?: unknown }).constructor as (Record<symbol, unknown> & Callable) | null | undefined;
  if (species !== null && (typeof species === 'object' || typeof species === 'function')) {
    species = species[Symbol.species] as typeof species;
    if (species === null) species = undefined;
  }
  if (species === undefined || (species as unknown) === PlainArray) return plainTarget(length);
  return { made: Reflect.construct(species as Callable, [length]) as Indexed, isPlain: false };
}

/** CreateDataPropertyOrThrow (7.3.7) of a key that a plain target does not have. */
function define({ made, isPlain }: Target, key: number, value: unknown): void {
  // An assignment takes a twentieth of the time, and is the same where nothing is inherited under the key. To ask would run the code of a Proxy.
  if (isPlain && Object.getPrototypeOf(arrayPrototype) === objectPrototype && !(key in made)) made[key] = value;
  else Object.defineProperty(made, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Visits the elements from the first to the last; `visit` returns true to stop. */
function* each(
  o: Indexed,
  length: number,
  callback: Callable,
  self: unknown,
  holes: boolean,
  visit: (result: unknown, index: number, value: unknown) => boolean,
  backwards = false,
): Steps<boolean> {
  for (let i = 0; i < length; i++) {
    const k = backwards ? length - 1 - i : i;
    if (!holes && !(k in o)) continue;
    const value = o[k];
    const begun = start(callback, self, [value, k, o]);
    const result = begun === SUSPENDED ? yield takeInFrame() : begun;
    if (visit(result, k, value)) return true;
  }
  return false;
}

function searching(backwards: boolean, found: (index: number, value: unknown) => unknown, missing: unknown): Method {
  return function* (o, length, callback, [self]) {
    let result = missing;
    yield* each(
      o,
      length,
      callback,
      self,
      true,
      (match, k, value) => {
        if (match) result = found(k, value);
        return Boolean(match);
      },
      backwards,
    );
    return result;
  };
}

function reducing(backwards: boolean, holes: boolean): Method {
  return function* (o, length, callback, rest) {
    let i = 0;
    const at = (n: number) => (backwards ? length - 1 - n : n);
    let accumulator: unknown;
    if (rest.length > 0) accumulator = rest[0];
    else {
      while (i < length && !holes && !(at(i) in o)) i++;
      if (i === length) throw new TypeError('Reduce of empty array with no initial value');
      accumulator = o[at(i++)];
    }
    for (; i < length; i++) {
      const k = at(i);
      if (!holes && !(k in o)) continue;
      const begun = start(callback, undefined, [accumulator, o[k], k, o]);
      accumulator = begun === SUSPENDED ? yield takeInFrame() : begun;
    }
    return accumulator;
  };
}

const { sort, toSorted } = Array.prototype;
const INSERTED_BY_SORT = longestInsertion((list, compare) => Reflect.apply(sort, list, [compare]));
const INSERTED_BY_TO_SORTED = longestInsertion((list, compare) => Reflect.apply(toSorted, list, [compare]));

/** SortIndexedProperties (23.1.3.30.1): undefined goes last without a call. */
function* sorted(values: unknown[], compare: Callable, inserted: number): Steps<unknown[]> {
  const defined = values.filter((value) => value !== undefined);
  const order = yield* timSort(defined, compare, inserted);
  return [...order, ...new Array<undefined>(values.length - defined.length).fill(undefined)];
}

/**
 * Methods that arrays and typed arrays have.
 *
 * @param holes whether elements are visited that are not there: those of typed arrays, which go where their buffer does
 */
function visiting(holes: boolean): Readonly<Record<string, Method>> {
  return {
    *every(o, length, callback, [self]) {
      return !(yield* each(o, length, callback, self, holes, (result) => !result));
    },
    *some(o, length, callback, [self]) {
      return yield* each(o, length, callback, self, holes, Boolean);
    },
    *forEach(o, length, callback, [self]) {
      yield* each(o, length, callback, self, holes, () => false);
      return undefined;
    },
    find: searching(false, (_, value) => value, undefined),
    findIndex: searching(false, (index) => index, -1),
    findLast: searching(true, (_, value) => value, undefined),
    findLastIndex: searching(true, (index) => index, -1),
    reduce: reducing(false, holes),
    reduceRight: reducing(true, holes),
  };
}

const METHODS: Readonly<Record<string, Method>> = {
  ...visiting(false),
  *map(o, length, callback, [self]) {
    const target = speciesCreate(o, length);
    yield* each(o, length, callback, self, false, (result, k) => {
      define(target, k, result);
      return false;
    });
    return target.made;
  },
  *filter(o, length, callback, [self]) {
    const target = speciesCreate(o, 0);
    let to = 0;
    yield* each(o, length, callback, self, false, (result, _, value) => {
      if (result) define(target, to++, value);
      return false;
    });
    return target.made;
  },
  *flatMap(o, length, callback, [self]) {
    const target = speciesCreate(o, 0);
    let to = 0;
    yield* each(o, length, callback, self, false, (result) => {
      if (!Array.isArray(result)) define(target, to++, result);
      else {
        const { length: count } = result;
        for (let k = 0; k < count; k++) if (k in result) define(target, to++, result[k]);
      }
      return false;
    });
    return target.made;
  },
  *sort(o, length, compare) {
    const values: unknown[] = [];
    for (let k = 0; k < length; k++) if (k in o) values.push(o[k]);
    const result = yield* sorted(values, compare, INSERTED_BY_SORT);
    let k = 0;
    for (const value of result) o[k++] = value;
    for (; k < length; k++) delete o[k];
    return o;
  },
  *toSorted(o, length, compare) {
    return yield* sorted(
      Array.from({ length }, (_, k) => o[k]),
      compare,
      INSERTED_BY_TO_SORTED,
    );
  },
};

const TYPED_METHODS = visiting(true);

export function installArray(): void {
  linkMethods(
    Array.prototype,
    METHODS,
    (o) => toLength(o.length),
    () => true,
  );
  const typed = Object.getPrototypeOf(Uint8Array.prototype) as object;
  const length = Object.getOwnPropertyDescriptor(typed, 'length')?.get as () => number;
  // Without elements, the builtin calls nothing, and throws where it has to: the buffer may be gone.
  const isTyped = (o: unknown) => types.isTypedArray(o) && Reflect.apply(length, o, []) > 0;
  linkMethods(typed, TYPED_METHODS, (o) => Reflect.apply(length, o, []), isTyped);
}

function linkMethods(
  prototype: object,
  methods: Readonly<Record<string, Method>>,
  lengthOf: (o: Indexed) => number,
  isReceiver: (o: unknown) => boolean,
): void {
  for (const [name, method] of Object.entries(methods)) {
    const original = (prototype as Record<string, Callable | undefined>)[name];
    if (original === undefined) continue;
    linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
      const [callback, ...rest] = args;
      // Without a twin nothing can suspend: the builtin itself is exact in everything, errors included.
      const hasTwin = IS_CALLABLE(callback) && twinOf(callback) !== undefined;
      if (!hasTwin || this === undefined || this === null || !isReceiver(this)) {
        return Reflect.apply(original, this, args);
      }
      const o = Object(this) as Indexed;
      return run(method(o, lengthOf(o), callback, rest));
    });
  }
}
