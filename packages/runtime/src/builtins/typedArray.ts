/** Twins of the methods of typed arrays that make new ones or sort: map, filter, sort, toSorted (ECMA-262, 23.2.3). */
import { type Callable, linkTwin, twinOf } from '../twin/protocol.js';
import { call, run, type Steps } from '../twin/steps.js';

type Typed = Uint8Array;
type TypedConstructor = new (length: number) => Typed;

const prototype = Object.getPrototypeOf(Uint8Array.prototype) as Typed;
const lengthOf = Object.getOwnPropertyDescriptor(prototype, 'length')?.get as () => number;
const tagOf = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.get as () => string | undefined;

/** TypedArraySpeciesCreate (23.2.4.1), by way of a builtin that performs it, and calls back for no element. */
function speciesCreate(typed: Typed, length: number): Typed {
  const { map } = originals;
  const fallback = (globalThis as unknown as Record<string, TypedConstructor>)[
    Reflect.apply(tagOf, typed, []) as string
  ];
  const empty = new (fallback as TypedConstructor)(0);
  Object.defineProperty(empty, 'constructor', { get: () => typed.constructor });
  // `map` of an empty array asks for the species and makes an array of length 0; of another length, the constructor is called here.
  const made = Reflect.apply(map as Callable, empty, [() => 0]) as Typed;
  return length === 0 ? made : new (made.constructor as TypedConstructor)(length);
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
    const target = speciesCreate(typed, length);
    for (let k = 0; k < length; k++) target[k] = (yield* call(callback, self, [typed[k], k, typed])) as number;
    return target;
  },
  *filter(typed, length, callback, self) {
    const kept: unknown[] = [];
    for (let k = 0; k < length; k++) {
      const value = typed[k];
      if (yield* call(callback, self, [value, k, typed])) kept.push(value);
    }
    const target = speciesCreate(typed, kept.length);
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
    const make = (globalThis as unknown as Record<string, TypedConstructor>)[Reflect.apply(tagOf, typed, []) as string];
    const target = new (make as TypedConstructor)(length);
    const sorted = yield* mergeSort([...typed], compare);
    sorted.forEach((value, k) => {
      target[k] = value as number;
    });
    return target;
  },
};

export function installTypedArray(): void {
  for (const [name, method] of Object.entries(METHODS)) {
    const original = originals[name];
    if (original === undefined) continue;
    linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
      const [callback, self] = args;
      if (twinOf(callback) === undefined || Reflect.apply(tagOf, this, []) === undefined) {
        return Reflect.apply(original, this, args);
      }
      return run(method(this as Typed, Reflect.apply(lengthOf, this, []), callback as Callable, self));
    });
  }
}
