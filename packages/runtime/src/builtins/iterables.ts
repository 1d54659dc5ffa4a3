/** Twins of functions and constructors that iterate their first argument before they return: they first wait for all its items. */
import { types } from 'node:util';
import { taken } from '../twin/iteration.js';
import { propertyKey } from '../twin/link.js';
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
 * @param convert reads of an item what the function reads before it asks for the next, and throws what it throws if it does not take the item
 */
function* withItems(
  iterable: unknown,
  use: (items: unknown[]) => unknown,
  convert?: (item: unknown) => unknown,
): Steps {
  return use(yield* taken(iterable, Number.POSITIVE_INFINITY, String(typeof iterable), convert));
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

/** Entries are objects, which have a key and a value. */
function entriesOf(use: (items: unknown[]) => unknown): (item: unknown) => unknown {
  return (item) => {
    if (!isObject(item)) use([item]);
    const { 0: key, 1: value } = item as Record<number, unknown>;
    return [key, value];
  };
}

/** Those of a weak map have keys that can be held weakly, too. */
function weakEntriesOf(use: (items: unknown[]) => unknown): (item: unknown) => unknown {
  const read = entriesOf(use);
  return (item) => {
    const entry = read(item);
    use([entry]);
    return entry;
  };
}

/** Those that become properties have keys that are converted before the next item is asked for. */
function namedEntriesOf(use: (items: unknown[]) => unknown): (item: unknown) => unknown {
  const read = entriesOf(use);
  return (item) => {
    const [key, value] = read(item) as [unknown, unknown];
    return [propertyKey(key), value];
  };
}

const CONSTRUCTORS: readonly Constructor[] = [
  ...[Map, Set, WeakMap, WeakSet, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array],
  ...[Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array],
];

export function installIterables(): void {
  for (const collection of CONSTRUCTORS) {
    const use = (items: unknown[]) => new collection(items);
    const convert = conversionOf(collection, use);
    linkConstruction(collection, (target: Callable, args: readonly unknown[]) => {
      // A class that extends one may have methods of its own that are called between the items.
      const isPlain = target === (collection as unknown) && !iteratesNatively(args[0]);
      return isPlain ? run(withItems(args[0], use, convert)) : Reflect.construct(collection, args, target);
    });
  }
  const { fromEntries } = Object as unknown as Record<string, Callable>;
  linkFirst(fromEntries as Callable, (iterable) => {
    const use = (items: unknown[]) => (fromEntries as Callable)(items);
    return withItems(iterable, use, namedEntriesOf(use));
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

function conversionOf(
  collection: Constructor,
  use: (items: unknown[]) => unknown,
): ((item: unknown) => unknown) | undefined {
  if (collection === (WeakSet as unknown))
    return (item) => {
      use([item]);
      return item;
    };
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
