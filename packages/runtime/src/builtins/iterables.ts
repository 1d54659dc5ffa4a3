/** Twins of functions and constructors that iterate their first argument before they return: they first wait for all its items. */
import { types } from 'node:util';
import { taken } from '../twin/iteration.js';
import { type Callable, type Constructor, linkConstruction, linkTwin } from '../twin/protocol.js';
import { run, type Steps } from '../twin/steps.js';

const ITERATED_NATIVELY: ReadonlySet<unknown> = new Set([
  ...[Array.prototype.values, Map.prototype.entries, Set.prototype.values, String.prototype[Symbol.iterator]],
  ...[Object.getPrototypeOf(Uint8Array.prototype).values],
]);

/** Whether asking for the items of a value can run nothing of the program that suspends. Looks at properties without running getters. */
export function iteratesNatively(value: unknown): boolean {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return true;
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (types.isProxy(at)) return true;
    const own = Object.getOwnPropertyDescriptor(at, Symbol.iterator);
    if (own !== undefined) return typeof own.value !== 'function' || ITERATED_NATIVELY.has(own.value);
  }
  return true;
}

/** The items of what does not iterate natively, in an array, with which \`use\` is then called. */
function* withItems(iterable: unknown, use: (items: unknown[]) => unknown): Steps {
  return use(yield* taken(iterable, Number.POSITIVE_INFINITY, String(typeof iterable)));
}

const CONSTRUCTORS: readonly Constructor[] = [
  ...[Map, Set, WeakMap, WeakSet, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array],
  ...[Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array],
];

export function installIterables(): void {
  for (const collection of CONSTRUCTORS) {
    linkConstruction(collection, (target: Callable, args: readonly unknown[]) => {
      // A class that extends one may have methods of its own that are called between the items.
      const isPlain = target === (collection as unknown) && !iteratesNatively(args[0]);
      if (!isPlain) return Reflect.construct(collection, args, target);
      return run(withItems(args[0], (items) => new collection(items)));
    });
  }
  linkFirst(Object, 'fromEntries');
  for (const name of ['all', 'allSettled', 'any', 'race']) linkFirst(Promise, name);
}

function linkFirst(owner: object, name: string): void {
  const original = (owner as Record<string, Callable>)[name] as Callable;
  linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
    if (iteratesNatively(args[0])) return Reflect.apply(original, this, args);
    return run(withItems(args[0], (items) => Reflect.apply(original, this, [items])));
  });
}
