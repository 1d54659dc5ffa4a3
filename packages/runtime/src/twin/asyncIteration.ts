/** What `for await` iterates over, if methods of the iterator may suspend (ECMA-262, 27.1.6). */
import { types } from 'node:util';
import { awaitable, checkedResult, isOfArray, notCallableValue } from './iteration.js';
import { isObject } from './objects.js';
import { type Callable, SUSPENDED, takeOutermost, unbox } from './protocol.js';

/** Takes the place of an item after the last one, if it takes waiting to find out that there is no other. */
export const ENDED: unique symbol = Symbol('ended');

/** Since V8 13 (Node 24), a synchronous iterator is closed if one of its steps fails, and if `throw` is called and it has no such method. */
export const CLOSES_WHERE_STEPS_FAIL = Number(process.versions.v8.split('.')[0]) >= 13;

/**
 * `for await (const x of iterable) { ... }`:
 *
 *     for await (item of asyncItems(iterable, "iterable")) { if (item === ENDED) break; const x = item; ... }
 *
 * Where nothing suspends, the loop gets what it would get from `iterable` itself.
 *
 * @param text the iterable as V8 prints it in "... is not async iterable"
 */
export function asyncItems(iterable: unknown, text: string): unknown {
  if (iterable === undefined || iterable === null || typeof iterable === 'string') return iterable;
  const { isAsync, method } = asyncMethodOf(iterable);
  if (isOfArray(method, iterable)) return iterable;
  if (typeof method !== 'function') throw notAsyncIterable(text);
  const make = (): unknown => Reflect.apply(awaitable(method as Callable, iterable as object), iterable, []);
  return isAsync
    ? { [Symbol.asyncIterator]: () => asyncIterator(make()) }
    : { [Symbol.iterator]: () => iterator(make()) };
}

/** What `for await` and `yield*` make an iterator by: the method that is looked for first, if there is any, or that of synchronous iterators. */
export function asyncMethodOf(iterable: unknown): { readonly isAsync: boolean; readonly method: unknown } {
  const asynchronous = (iterable as AsyncIterable<unknown>)[Symbol.asyncIterator] as unknown;
  if (asynchronous !== undefined && asynchronous !== null) return { isAsync: true, method: asynchronous };
  return { isAsync: false, method: (iterable as Iterable<unknown>)[Symbol.iterator] };
}

function notAsyncIterable(text: string): TypeError {
  return new TypeError(`${text} is not async iterable`);
}

/**
 * `for await (const x of iterable)` where the loop itself waits: `for await (const x of asyncIterable(iterable, "iterable"))`.
 *
 * @param text the iterable as V8 prints it, without what it adds behind a call; without a text, V8 prints this call in place of that of the program
 * @throws TypeError if `iterable` can be seen, without running any code, not to be iterable: the loop looks for the methods itself
 */
export function asyncIterable(iterable: unknown, text?: string): unknown {
  if (text === undefined || iterable === undefined || iterable === null) return iterable;
  const asynchronous = seen(iterable, Symbol.asyncIterator);
  const method = asynchronous ?? seen(iterable, Symbol.iterator);
  if (typeof method === 'function' || method === UNSEEN) return iterable;
  throw notAsyncIterable(text.endsWith('(...)') ? `${text} is not a function or its return value` : text);
}

const UNSEEN: unique symbol = Symbol('unseen');

/** What reading a property gives, or {@link UNSEEN} where that would run code. */
function seen(value: unknown, key: symbol): unknown {
  for (let holder: object | null = Object(value); holder !== null; holder = Object.getPrototypeOf(holder)) {
    if (types.isProxy(holder)) return UNSEEN;
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property !== undefined) return property.get === undefined ? property.value : UNSEEN;
  }
  return undefined;
}

/** The result of a call, or a promise of it if the call suspends. */
export function promised(fn: Callable, iterator: object, ...args: readonly unknown[]): unknown {
  if (typeof fn !== 'function') throw notCallableValue(fn);
  const result: unknown = Reflect.apply(awaitable(fn, iterator), iterator, args);
  return result === SUSPENDED ? takeOutermost().then(unbox) : result;
}

/** The `return` of an iterator, to be called by `call`. A value that is not a function is left for the loop to reject. */
function closing(iterator: object | undefined, call: (close: Callable) => unknown): unknown {
  const close: unknown = (iterator as { return?: unknown } | undefined)?.return;
  return typeof close === 'function' ? () => call(close as Callable) : close;
}

function asyncIterator(made: unknown): unknown {
  if (made !== SUSPENDED && !isObject(made)) return made;
  let iterator: object | undefined;
  let next: unknown;
  const open = (found: unknown): void => {
    if (!isObject(found)) throw new TypeError('Result of the Symbol.asyncIterator method is not an object');
    next = (found as { next: unknown }).next;
    iterator = found;
  };
  const step = () => promised(next as Callable, iterator as object);
  const opening = made === SUSPENDED ? takeOutermost().then((boxed) => open(unbox(boxed))) : open(made);
  return {
    next: opening === undefined && typeof next !== 'function' ? next : () => (iterator ? step() : opening?.then(step)),
    get return() {
      return closing(iterator, (close) => promised(close, iterator as object));
    },
  };
}

function iterator(made: unknown): unknown {
  if (made !== SUSPENDED && !isObject(made)) return made;
  let iterator: object | undefined;
  let next: unknown;
  const open = (found: unknown): void => {
    if (!isObject(found)) throw new TypeError('Result of the Symbol.iterator method is not an object');
    next = (found as { next: unknown }).next;
    iterator = found;
  };
  /** Set if it took waiting to find out that there are no more items. The loop then closes the iterator, although it has ended. */
  let isEnded = false;
  const itemOf = (result: unknown): unknown => {
    isEnded = !CLOSES_WHERE_STEPS_FAIL;
    const { done, value } = checkedItem(result);
    isEnded = done;
    return done ? Promise.resolve(value).then(() => ENDED) : value;
  };
  const ending = (error: unknown): never => {
    isEnded = !CLOSES_WHERE_STEPS_FAIL;
    throw error;
  };
  const step = (): unknown => {
    const result: unknown = Reflect.apply(awaitable(next as Callable, iterator as object), iterator, []);
    if (result !== SUSPENDED) return result;
    return { done: false, value: takeOutermost().then((boxed) => itemOf(unbox(boxed)), ending) };
  };
  const opening = made === SUSPENDED ? takeOutermost().then((boxed) => open(unbox(boxed))) : open(made);
  const firstStep = (pending: Promise<void>) => {
    const value = pending.then(() => promised(next as Callable, iterator as object)).then(itemOf, ending);
    return { done: false, value };
  };
  return {
    next:
      opening === undefined && typeof next !== 'function'
        ? next
        : () => (iterator === undefined && opening !== undefined ? firstStep(opening) : step()),
    get return() {
      if (isEnded) return undefined;
      return closing(iterator, (close) => {
        const result: unknown = Reflect.apply(awaitable(close, iterator as object), iterator, []);
        if (result !== SUSPENDED) return result;
        return { done: true, value: takeOutermost().then((boxed) => checkedItem(unbox(boxed)).value) };
      });
    },
  };
}

/** Reads `done` and `value` of a result of an iterator, each once. */
function checkedItem(given: unknown): { readonly done: boolean; readonly value: unknown } {
  const result = checkedResult(given);
  const done = Boolean(result.done);
  return { done, value: result.value };
}
