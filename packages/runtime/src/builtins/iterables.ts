/** Twins of functions and constructors that iterate their first argument before they return: they first wait for all its items. */
import { types } from 'node:util';
import { taken } from '../twin/iteration.js';
import { isObject } from '../twin/objects.js';
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

/**
 * The items of what does not iterate natively, in an array, with which `use` is then called.
 *
 * @param check throws what the function throws as soon as it comes to an item that it does not take
 */
function* withItems(iterable: unknown, use: (items: unknown[]) => unknown, check?: (item: unknown) => void): Steps {
  return use(yield* taken(iterable, Number.POSITIVE_INFINITY, String(typeof iterable), check));
}

/** The same for a function that promises: what goes wrong with the iterable, it tells by its promise. */
function* promisedItems(iterable: unknown, use: (items: Iterable<unknown>) => unknown): Steps {
  let items: Iterable<unknown>;
  try {
    items = yield* taken(iterable, Number.POSITIVE_INFINITY, String(typeof iterable));
  } catch (error) {
    items = {
      [Symbol.iterator]() {
        throw error;
      },
    };
  }
  return use(items);
}

/** Entries of a map are objects. */
function entriesOf(use: (items: unknown[]) => unknown): (item: unknown) => void {
  return (item) => {
    if (!isObject(item)) use([item]);
  };
}

/** Those of a weak map have keys that can be held weakly, too. A key is looked at only where looking runs nothing. */
function weakEntriesOf(use: (items: unknown[]) => unknown): (item: unknown) => void {
  const check = entriesOf(use);
  return (item) => {
    check(item);
    const key = types.isProxy(item) ? undefined : Object.getOwnPropertyDescriptor(item, 0);
    if (key !== undefined && 'value' in key) use([[key.value]]);
  };
}

const CONSTRUCTORS: readonly Constructor[] = [
  ...[Map, Set, WeakMap, WeakSet, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array],
  ...[Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array],
];

export function installIterables(): void {
  for (const collection of CONSTRUCTORS) {
    const use = (items: unknown[]) => new collection(items);
    const check = checkOf(collection, use);
    linkConstruction(collection, (target: Callable, args: readonly unknown[]) => {
      // A class that extends one may have methods of its own that are called between the items.
      const isPlain = target === (collection as unknown) && !iteratesNatively(args[0]);
      return isPlain ? run(withItems(args[0], use, check)) : Reflect.construct(collection, args, target);
    });
  }
  const { fromEntries } = Object as unknown as Record<string, Callable>;
  linkFirst(fromEntries as Callable, (iterable) => {
    const use = (items: unknown[]) => (fromEntries as Callable)(items);
    return withItems(iterable, use, entriesOf(use));
  });
  for (const name of ['all', 'allSettled', 'any', 'race']) {
    const original = (Promise as unknown as Record<string, Callable>)[name] as Callable;
    // A class that extends Promise is asked for its promise before it is iterated.
    linkFirst(
      original,
      (iterable) => promisedItems(iterable, (items) => Reflect.apply(original, Promise, [items])),
      (self) => self === Promise,
    );
  }
}

function checkOf(collection: Constructor, use: (items: unknown[]) => unknown): ((item: unknown) => void) | undefined {
  if (collection === (WeakSet as unknown)) return (item) => use([item]);
  if (collection === (WeakMap as unknown)) return weakEntriesOf(use);
  return collection === (Map as unknown) ? entriesOf(use) : undefined;
}

function linkFirst(
  original: Callable,
  steps: (iterable: unknown) => Steps,
  mayWait: (self: unknown) => boolean = () => true,
): void {
  linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
    if (iteratesNatively(args[0]) || !mayWait(this)) return Reflect.apply(original, this, args);
    return run(steps(args[0]));
  });
}
