/** Twins of Object.groupBy and Map.groupBy (ECMA-262, 20.1.2.11 and 24.1.2.1), and of the methods of iterators that consume them (27.1.4). */
import { type Callable, linkTwin, twinOf } from '../twin/protocol.js';
import { call, run, type Steps } from '../twin/steps.js';

type GroupBy = (items: Iterable<unknown>, callback: Callable) => unknown;

export function installGrouping(): void {
  linkGroupBy(Object as { groupBy?: GroupBy }, function* (items, callback) {
    const groups = Object.create(null) as Record<PropertyKey, unknown[]>;
    let k = 0;
    for (const item of items) {
      // ToPropertyKey may throw, which closes the iterator as a throw of the callback does.
      const key = propertyKey(yield* call(callback, undefined, [item, k++]));
      groups[key] ??= [];
      (groups[key] as unknown[]).push(item);
    }
    return groups;
  });
  linkGroupBy(Map as { groupBy?: GroupBy }, function* (items, callback) {
    const groups = new Map<unknown, unknown[]>();
    let k = 0;
    for (const item of items) {
      const key = yield* call(callback, undefined, [item, k++]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
    return groups;
  });
  installIterators();
}

function propertyKey(value: unknown): PropertyKey {
  return Reflect.ownKeys({ [value as PropertyKey]: undefined })[0] as PropertyKey;
}

function linkGroupBy(
  owner: { groupBy?: GroupBy },
  steps: (items: Iterable<unknown>, callback: Callable) => Steps,
): void {
  const original = owner.groupBy;
  if (original === undefined) return;
  linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
    const [items, callback] = args;
    if (twinOf(callback) === undefined || items === undefined || items === null || !isIterable(items)) {
      return Reflect.apply(original, this, args);
    }
    return run(steps(items, callback as Callable));
  });
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function';
}

interface Walk {
  readonly item: unknown;
  readonly index: number;
}

/** Runs over an iterator, which it closes if `visit` throws or says that it is done. */
function* walk(iterator: Iterator<unknown>, visit: (at: Walk) => Steps<boolean>): Steps<void> {
  const { next } = iterator;
  const items = {
    [Symbol.iterator]: () => ({ next: () => Reflect.apply(next, iterator, []), return: () => close(iterator) }),
  };
  let index = 0;
  for (const item of items) if (yield* visit({ item, index: index++ })) return;
}

function close(iterator: Iterator<unknown>): IteratorResult<unknown> {
  const { return: end } = iterator;
  return end === undefined || end === null ? { done: true, value: undefined } : Reflect.apply(end, iterator, []);
}

type Consumer = (iterator: Iterator<unknown>, callback: Callable, rest: readonly unknown[]) => Steps;

/** Methods that call back before they return. The lazy ones (`map`, `filter`, ...) call back later, from native code. */
const CONSUMERS: Readonly<Record<string, Consumer>> = {
  *forEach(iterator, callback) {
    yield* walk(iterator, function* ({ item, index }) {
      yield* call(callback, undefined, [item, index]);
      return false;
    });
    return undefined;
  },
  *some(iterator, callback) {
    let found = false;
    yield* walk(iterator, function* ({ item, index }) {
      found = Boolean(yield* call(callback, undefined, [item, index]));
      return found;
    });
    return found;
  },
  *every(iterator, callback) {
    let all = true;
    yield* walk(iterator, function* ({ item, index }) {
      all = Boolean(yield* call(callback, undefined, [item, index]));
      return !all;
    });
    return all;
  },
  *find(iterator, callback) {
    let found: unknown;
    yield* walk(iterator, function* ({ item, index }) {
      if (!(yield* call(callback, undefined, [item, index]))) return false;
      found = item;
      return true;
    });
    return found;
  },
  *reduce(iterator, callback, rest) {
    let accumulator = rest[0];
    let isFirst = rest.length === 0;
    yield* walk(iterator, function* ({ item, index }) {
      accumulator = isFirst ? item : yield* call(callback, undefined, [accumulator, item, index]);
      isFirst = false;
      return false;
    });
    if (isFirst) throw new TypeError('Reduce of a done iterator with no initial value');
    return accumulator;
  },
};

function installIterators(): void {
  const { Iterator: iterators } = globalThis as unknown as { Iterator?: { prototype: Record<string, Callable> } };
  const prototype = iterators?.prototype;
  if (prototype === undefined) return;
  for (const [name, steps] of Object.entries(CONSUMERS)) {
    const original = prototype[name];
    if (original === undefined) continue;
    linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
      const [callback, ...rest] = args;
      if (twinOf(callback) === undefined || typeof this !== 'object' || this === null) {
        return Reflect.apply(original, this, args);
      }
      return run(steps(this as Iterator<unknown>, callback as Callable, rest));
    });
  }
}
