/** Twins of the methods of iterators that run to an end before they return (ECMA-262, 27.1.4). */

import { isObject } from '../twin/objects.js';
import { type Callable, linkTwin, twinOf } from '../twin/protocol.js';
import { call, run, type Steps } from '../twin/steps.js';
import { hasTwinnedNext, iteratorPrototype } from './iterators.js';

/** Takes an item; true ends the walk. */
type Visit = (item: unknown, index: number) => Steps<boolean>;

/** Runs over an iterator, which it closes if `visit` throws or ends the walk. */
function* walk(iterator: object, visit: Visit): Steps<void> {
  const { next } = iterator as { next: Callable };
  for (let index = 0; ; index++) {
    const result = yield* call(next, iterator, []);
    if (!isObject(result)) throw new TypeError(`Iterator result ${String(result)} is not an object`);
    const { done } = result as { done?: unknown };
    if (done) return;
    const { value } = result as { value?: unknown };
    let isEnd: boolean;
    try {
      isEnd = yield* visit(value, index);
    } catch (error) {
      try {
        yield* close(iterator);
      } catch {
        // What has been thrown before counts.
      }
      throw error;
    }
    if (isEnd) {
      yield* close(iterator);
      return;
    }
  }
}

function* close(iterator: object): Steps<void> {
  const { return: end } = iterator as { return?: Callable | null };
  if (end === undefined || end === null) return;
  const result = yield* call(end, iterator, []);
  if (!isObject(result)) throw new TypeError(`${String(result)} is not an object`);
}

type Consumer = (iterator: object, callback: Callable, rest: readonly unknown[]) => Steps;

const CONSUMERS: Readonly<Record<string, Consumer>> = {
  *toArray(iterator) {
    const items: unknown[] = [];
    // biome-ignore lint/correctness/useYield: what visits may wait, and this one need not.
    yield* walk(iterator, function* (item) {
      items.push(item);
      return false;
    });
    return items;
  },
  *forEach(iterator, callback) {
    yield* walk(iterator, function* (item, index) {
      yield* call(callback, undefined, [item, index]);
      return false;
    });
    return undefined;
  },
  *some(iterator, callback) {
    let found = false;
    yield* walk(iterator, function* (item, index) {
      found = Boolean(yield* call(callback, undefined, [item, index]));
      return found;
    });
    return found;
  },
  *every(iterator, callback) {
    let all = true;
    yield* walk(iterator, function* (item, index) {
      all = Boolean(yield* call(callback, undefined, [item, index]));
      return !all;
    });
    return all;
  },
  *find(iterator, callback) {
    let found: unknown;
    yield* walk(iterator, function* (item, index) {
      if (!(yield* call(callback, undefined, [item, index]))) return false;
      found = item;
      return true;
    });
    return found;
  },
  *reduce(iterator, callback, rest) {
    let accumulator = rest[0];
    let isFirst = rest.length === 0;
    yield* walk(iterator, function* (item, index) {
      accumulator = isFirst ? item : yield* call(callback, undefined, [accumulator, item, index]);
      isFirst = false;
      return false;
    });
    if (isFirst) throw new TypeError('Reduce of a done iterator with no initial value');
    return accumulator;
  },
};

export function installIteratorConsumers(): void {
  const prototype = iteratorPrototype();
  if (prototype === undefined) return;
  for (const [name, steps] of Object.entries(CONSUMERS)) {
    const original = prototype[name];
    if (original === undefined) continue;
    linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
      const [callback, ...rest] = args;
      const isCallable = name === 'toArray' || typeof callback === 'function';
      if (!isObject(this) || !isCallable || (twinOf(callback) === undefined && !hasTwinnedNext(this))) {
        return Reflect.apply(original, this, args);
      }
      return run(steps(this, callback as Callable, rest));
    });
  }
}
