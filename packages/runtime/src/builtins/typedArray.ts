/** Twins of the functions of typed arrays that make new ones or sort: from, map, filter, sort, toSorted (ECMA-262, 23.2.2 and 23.2.3). */
import { types } from 'node:util';
import { isConstructor } from '../twin/constructors.js';
import { taken } from '../twin/iteration.js';
import { isObject } from '../twin/objects.js';
import { type Callable, linkTwin, twinOf } from '../twin/protocol.js';
import { call, run, type Steps } from '../twin/steps.js';
import { iteratesNatively } from './iterables.js';

type Typed = Uint8Array;
type TypedConstructor = new (length: number) => Typed;

const prototype = Object.getPrototypeOf(Uint8Array.prototype) as Typed;
const lengthOf = Object.getOwnPropertyDescriptor(prototype, 'length')?.get as () => number;
const tagOf = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.get as () => string | undefined;

const constructors = new Map(
  [
    ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
    ...[
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
      (globalThis as { Float16Array?: unknown }).Float16Array,
    ],
  ].map((made) => [(made as { name?: string } | undefined)?.name, made]),
);

/** The constructor of arrays of the same kind of elements. */
function intrinsicOf(typed: Typed): TypedConstructor {
  return constructors.get(Reflect.apply(tagOf, typed, [])) as TypedConstructor;
}

/**
 * TypedArraySpeciesCreate (23.2.4.1).
 *
 * @param original the builtin, which performs it for an array without elements
 * @throws what the builtin throws where the constructor is none, or makes something else
 */
function speciesCreate(original: Callable, typed: Typed, length: number): Typed {
  const Intrinsic = intrinsicOf(typed);
  const { constructor: maker } = typed as { constructor: unknown };
  const species = isObject(maker) ? (maker as Record<symbol, unknown>)[Symbol.species] : undefined;
  const isDefault = maker === undefined || (isObject(maker) && (species === undefined || species === null));
  if (isDefault || species === Intrinsic) return new Intrinsic(length);
  let made: Typed | undefined;
  function Made() {
    made = new (species as TypedConstructor)(length);
    return made;
  }
  const checked = isConstructor(species) ? Made : species;
  const empty = new Intrinsic(0);
  Object.defineProperty(empty, 'constructor', {
    value: isObject(maker) ? { [Symbol.species]: checked } : maker,
  });
  // Asks for the species, and looks at what that makes.
  Reflect.apply(original, empty, [() => 0]);
  if (Reflect.apply(lengthOf, made, []) < length) throw tooSmall();
  return made as unknown as Typed;
}

function tooSmall(): TypeError {
  return new TypeError('Derived TypedArray constructor created an array which was too small');
}

const originals = prototype as unknown as Readonly<Record<string, Callable>>;

type Method = (typed: Typed, length: number, callback: Callable, self: unknown) => Steps;

/** Stable merge sort, with the comparisons that V8 makes for typed arrays. */
function* mergeSort(values: readonly unknown[], compare: Callable): Steps<readonly unknown[]> {
  if (values.length < 2) return values;
  const middle = values.length >> 1;
  const left = yield* mergeSort(values.slice(0, middle), compare);
  const right = yield* mergeSort(values.slice(middle), compare);
  const merged: unknown[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const order = +((yield* call(compare, undefined, [left[i], right[j]])) as number);
    merged.push(order > 0 ? right[j++] : left[i++]);
  }
  return [...merged, ...left.slice(i), ...right.slice(j)];
}

const METHODS: Readonly<Record<string, Method>> = {
  *map(typed, length, callback, self) {
    const target = speciesCreate(originals.map as Callable, typed, length);
    for (let k = 0; k < length; k++) target[k] = (yield* call(callback, self, [typed[k], k, typed])) as number;
    return target;
  },
  *filter(typed, length, callback, self) {
    const kept: unknown[] = [];
    for (let k = 0; k < length; k++) {
      const value = typed[k];
      if (yield* call(callback, self, [value, k, typed])) kept.push(value);
    }
    const target = speciesCreate(originals.filter as Callable, typed, kept.length);
    kept.forEach((value, k) => {
      target[k] = value as number;
    });
    return target;
  },
  *sort(typed, _, compare) {
    const sorted = yield* mergeSort([...typed], compare);
    const length = Reflect.apply(lengthOf, typed, []);
    for (let k = 0; k < length; k++) typed[k] = sorted[k] as number;
    return typed;
  },
  *toSorted(typed, length, compare) {
    const target = new (intrinsicOf(typed))(length);
    const sorted = yield* mergeSort([...typed], compare);
    sorted.forEach((value, k) => {
      target[k] = value as number;
    });
    return target;
  },
};

export function installTypedArray(): void {
  linkFrom();
  for (const [name, method] of Object.entries(METHODS)) {
    const original = originals[name];
    if (original === undefined) continue;
    linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
      const [callback, self] = args;
      // Without elements, the builtin calls nothing of the program but a constructor, and throws where it has to.
      const length = types.isTypedArray(this) ? Reflect.apply(lengthOf, this, []) : 0;
      if (twinOf(callback) === undefined || length === 0) return Reflect.apply(original, this, args);
      return run(method(this as Typed, length, callback as Callable, self));
    });
  }
}

/** %TypedArray%.from (23.2.2.1) with a mapping function that has a twin, or with items that may suspend. */
function linkFrom(): void {
  const from = (Object.getPrototypeOf(Uint8Array) as { from: Callable }).from;
  linkTwin(from, function (this: unknown, ...args: unknown[]): unknown {
    const [items, mapper, self] = args;
    const isMapped = twinOf(mapper) !== undefined;
    const isRefused = items === null || items === undefined || !(mapper === undefined || typeof mapper === 'function');
    if (isRefused || !isConstructor(this) || (!isMapped && iteratesNatively(items))) {
      return Reflect.apply(from, this, args);
    }
    const made = this as unknown as TypedConstructor;
    return run(
      isMapped ? mapped(made, items as object, mapper as Callable, self) : listed(made, items as object, args),
    );
  });

  function* listed(made: TypedConstructor, items: object, [, ...others]: readonly unknown[]): Steps {
    const list = yield* listOf(items);
    // Without the methods of arrays, nothing but their elements is asked for.
    return Reflect.apply(from, made, [list === undefined ? items : Object.setPrototypeOf(list, null), ...others]);
  }

  function* mapped(made: TypedConstructor, items: object, mapper: Callable, self: unknown): Steps {
    const list = (yield* listOf(items)) ?? (items as ArrayLike<unknown>);
    const length = Math.min(Math.max(Math.trunc(Number(list.length)) || 0, 0), Number.MAX_SAFE_INTEGER);
    const target = new made(length);
    function Made() {
      return target;
    }
    // Says whether it is a typed array.
    Reflect.apply(from, Made, [[]]);
    if (Reflect.apply(lengthOf, target, []) < length) throw tooSmall();
    for (let k = 0; k < length; k++) target[k] = (yield* call(mapper, self, [list[k], k])) as number;
    return target;
  }
}

/** All items of an iterable; undefined for what has no iterator. */
function* listOf(items: object): Steps<unknown[] | undefined> {
  const method = (items as { [Symbol.iterator]?: unknown })[Symbol.iterator];
  if (method === undefined || method === null) return undefined;
  return (yield* taken(items, Number.POSITIVE_INFINITY, undefined, undefined, method)) as unknown[];
}
