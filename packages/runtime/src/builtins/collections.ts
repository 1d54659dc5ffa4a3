/** Twins of `forEach` of Map, Set, URLSearchParams, Headers and FormData, of `getOrInsertComputed`, and of Array.from. */
// Not the global ones: sandboxes have others, or none.
import { URLSearchParams } from 'node:url';
import { quietly } from '../node/quietly.js';
import { isConstructor } from '../twin/constructors.js';
import { iterate, settled } from '../twin/iteration.js';
import { isObject } from '../twin/objects.js';
import { type Callable, linkTwin, twinOf } from '../twin/protocol.js';
import { call, run, type Steps } from '../twin/steps.js';
import { iteratesNatively } from './iterables.js';

type Collection = Iterable<unknown>;

export function installCollections(): void {
  // A Map's or Set's own iterator sees entries added during the walk, as forEach does.
  linkForEach(Map.prototype.forEach, Map.prototype.entries);
  linkForEach(Set.prototype.forEach, Set.prototype.entries);
  linkForEach(URLSearchParams.prototype.forEach, URLSearchParams.prototype.entries);
  // Absent without `fetch`, or replaced by somebody's own.
  for (const name of ['Headers', 'FormData'] as const) {
    const prototype = quietly(() => (globalThis as Partial<typeof globalThis>)[name]?.prototype);
    if (typeof prototype?.forEach === 'function') {
      linkForEach(prototype.forEach as Callable, prototype.entries, globalThis);
    }
  }
  linkArrayFrom();
  linkInsertComputed(Map.prototype);
  linkInsertComputed(WeakMap.prototype);
}

interface Inserting {
  has(key: unknown): boolean;
  set(key: unknown, value: unknown): unknown;
  readonly getOrInsertComputed?: Callable;
}

/** `getOrInsertComputed` of Map and WeakMap, since Node 26 (https://tc39.es/proposal-upsert). */
function linkInsertComputed(prototype: object): void {
  const { has, set, getOrInsertComputed: original } = prototype as Inserting;
  if (original === undefined) return;
  linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
    const [key, callback] = args;
    if (twinOf(callback) === undefined || !mayInsert(this, key)) return Reflect.apply(original, this, args);
    return run(inserted(this, key === 0 ? 0 : key, callback as Callable));
  });

  function mayInsert(map: unknown, key: unknown): boolean {
    try {
      if (Reflect.apply(has, map, [key])) return false;
      const isWeak = prototype === WeakMap.prototype;
      return !isWeak || isObject(key) || (typeof key === 'symbol' && Symbol.keyFor(key) === undefined);
    } catch {
      return false;
    }
  }

  function* inserted(map: unknown, key: unknown, callback: Callable): Steps {
    const value = yield* call(callback, undefined, [key]);
    Reflect.apply(set, map, [key, value]);
    return value;
  }
}

/** @param receiver of callbacks where none is given */
function linkForEach(forEach: Callable, entries: Callable, receiver?: unknown): void {
  linkTwin(forEach, function (this: unknown, ...args: unknown[]): unknown {
    const [callback, self = receiver] = args;
    if (twinOf(callback) === undefined) return Reflect.apply(forEach, this, args);
    let walked: Collection;
    try {
      walked = Reflect.apply(entries, this, []) as Collection;
    } catch {
      // No collection of this kind: the error names the method.
      return Reflect.apply(forEach, this, args);
    }
    return run(visit(walked, callback as Callable, self, this));
  });
}

function* visit(entries: Collection, callback: Callable, self: unknown, collection: unknown): Steps {
  for (const entry of entries) {
    const [key, value] = entry as [unknown, unknown];
    yield* call(callback, self, [value, key, collection]);
  }
  return undefined;
}

/** Array.from (ECMA-262, 23.1.2.1) with a mapping function that has a twin, or with items that may suspend. */
function linkArrayFrom(): void {
  const from = Array.from as Callable;
  linkTwin(from, function (this: unknown, ...args: unknown[]): unknown {
    const [items, mapper, self] = args;
    const isMapped = typeof mapper === 'function';
    const isNative = twinOf(mapper) === undefined && iteratesNatively(items);
    if (isNative || !(isMapped || mapper === undefined) || items === null || items === undefined)
      return Reflect.apply(from, this, args);
    return run(mapped(this, items as Collection & ArrayLike<unknown>, mapper as Callable | undefined, self));
  });
}

/** What V8 says. */
const NO_ITERATOR =
  '%Array%.from requires that the property of the first argument, items[Symbol.iterator], when exists, be a function';

function* mapped(
  made: unknown,
  items: Collection & ArrayLike<unknown>,
  mapper: Callable | undefined,
  self: unknown,
): Steps {
  const map = (item: unknown, k: number): Steps => (mapper === undefined ? kept(item) : call(mapper, self, [item, k]));
  const using: unknown = items[Symbol.iterator];
  if (using !== undefined && using !== null) {
    if (typeof using !== 'function') throw new TypeError(NO_ITERATOR);
    const result = isConstructor(made) ? (Reflect.construct(made, []) as unknown[]) : [];
    let k = 0;
    const iteration = iterate(items, typeof items, undefined, using);
    try {
      while (yield* settled(iteration.step())) define(result, k, yield* map(iteration.value, k++));
    } catch (error) {
      iteration.fail(error);
    } finally {
      yield* settled(iteration.end());
    }
    result.length = k;
    return result;
  }
  const length = Math.min(Math.max(Math.trunc(Number(items.length)) || 0, 0), Number.MAX_SAFE_INTEGER);
  const result = isConstructor(made) ? (Reflect.construct(made, [length]) as unknown[]) : new Array(length);
  for (let k = 0; k < length; k++) define(result, k, yield* map(items[k], k));
  result.length = length;
  return result;
}

// biome-ignore lint/correctness/useYield: what is mapped may wait, and this need not.
function* kept(item: unknown): Steps {
  return item;
}

/** CreateDataPropertyOrThrow (7.3.7). */
function define(target: object, key: number, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
