/** Twins of Object.groupBy and Map.groupBy (ECMA-262, 20.1.2.11 and 24.1.2.1). */
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
