/** What `yield*` of an async generator delegates to, if methods of the iterator may suspend (ECMA-262, 15.5.5 and 27.1.6). */
import { asyncMethodOf, CLOSES_WHERE_STEPS_FAIL, promised } from './asyncIteration.js';
import { awaitable, checkedResult, isOfArray, notCallableValue } from './iteration.js';
import { isObject } from './objects.js';
import { type Callable, SUSPENDED, takeOutermost, unbox } from './protocol.js';

/**
 * `yield* iterable` in an async generator becomes `yield* asyncDelegated(iterable)`. If nothing suspends, `yield*` gets what it would get from `iterable` itself, after the
 * same number of microtasks.
 */
export function asyncDelegated(iterable: unknown): unknown {
  if (iterable === undefined || iterable === null || typeof iterable === 'string') return iterable;
  const { isAsync, method } = asyncMethodOf(iterable);
  // V8 says which call has returned it, and one is as good as another.
  if (isOfArray(method, iterable) || typeof method !== 'function') return iterable;
  const make = (): unknown => Reflect.apply(awaitable(method as Callable, iterable as object), iterable, []);
  return { [Symbol.asyncIterator]: () => (isAsync ? asyncIterator(make()) : fromPlain(make())) };
}

/**
 * {@link asyncDelegated} for an iterable that is no result of a call.
 *
 * @throws TypeError if `iterable` is not iterable, with what V8 says of such a value
 */
export function asyncDelegatedTo(iterable: unknown): unknown {
  callable(asyncMethodOf(iterable).method);
  return asyncDelegated(iterable);
}

/** An iterator and its `next`, which is read once. */
interface Opened {
  readonly iterator: object;
  readonly next: unknown;
}

function opened(iterator: unknown, kind = 'iterator'): Opened {
  if (!isObject(iterator)) throw new TypeError(`Result of the Symbol.${kind} method is not an object`);
  return { iterator, next: (iterator as { next: unknown }).next };
}

function callable(fn: unknown): Callable {
  if (typeof fn !== 'function') throw notCallableValue(fn);
  return fn as Callable;
}

function asyncIterator(made: unknown): unknown {
  const open = (iterator: unknown): object => {
    const found = opened(iterator, 'asyncIterator');
    return {
      next: (value: unknown) => promised(callable(found.next), found.iterator, value),
      get throw() {
        return passing(found.iterator, 'throw');
      },
      get return() {
        return passing(found.iterator, 'return');
      },
    };
  };
  return made === SUSPENDED ? opening(takeOutermost().then((boxed) => open(unbox(boxed)))) : open(made);
}

/** A method of an iterator, looked up anew for each use. A value that is not a function is left for `yield*` to reject. */
function passing(iterator: object, name: 'throw' | 'return'): unknown {
  const method = (iterator as Record<string, unknown>)[name];
  return typeof method === 'function'
    ? (...args: unknown[]) => promised(method as Callable, iterator, ...args)
    : method;
}

/**
 * Stands for an iterator that is still being made. `yield*` calls nothing but `next` before it has the first result; only the code that build tools make of
 * `yield*` reads the other methods earlier.
 */
function opening(pending: Promise<object>): object {
  let iterator: object | undefined;
  const opened = pending.then((found) => {
    iterator = found;
  });
  const methodOf = (name: string) => (iterator as Record<string, Callable | undefined>)[name];
  const later = (name: string, otherwise: (value: unknown) => unknown) => (value: unknown) =>
    opened.then(() => (methodOf(name) ?? otherwise)(value));
  return {
    next: (value: unknown) =>
      iterator === undefined ? opened.then(() => methodOf('next')?.(value)) : methodOf('next')?.(value),
    get throw() {
      return iterator === undefined
        ? later('throw', (error) => withoutThrow(iterator as object, error))
        : methodOf('throw');
    },
    get return() {
      return iterator === undefined ? later('return', (value) => ({ value, done: true })) : methodOf('return');
    },
  };
}

/** The asynchronous iterator that the language makes of a synchronous one (27.1.6.2). */
function fromPlain(made: unknown): object {
  if (made === SUSPENDED) return opening(takeOutermost().then((boxed) => plainIterator(opened(unbox(boxed)))));
  return plainIterator(opened(made));
}

function plainIterator({ iterator, next }: Opened): object {
  const methodOf = (name: 'throw' | 'return'): unknown => {
    const method = (iterator as Record<string, unknown>)[name];
    return method === null ? undefined : method;
  };
  return {
    next: (value: unknown) => settled(() => step(iterator, next, value, true)),
    throw: (error: unknown) =>
      settled(() => {
        const method = methodOf('throw');
        return method === undefined ? withoutThrow(iterator, error) : step(iterator, method, error, true);
      }),
    return: (value: unknown) =>
      settled(() => {
        const method = methodOf('return');
        return method === undefined ? { value, done: true } : step(iterator, method, value, false);
      }),
  };
}

/** A promise of the result of `body`. */
function settled(body: () => unknown): unknown {
  try {
    const result = body();
    return result instanceof Promise ? result : Promise.resolve(result);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** @param closes whether the iterator is closed if the step fails */
function step(iterator: object, method: unknown, value: unknown, closes: boolean): unknown {
  const failing = (error: unknown): unknown => {
    if (closes && CLOSES_WHERE_STEPS_FAIL) return closeThen(iterator, error);
    throw error;
  };
  const resultOf = (given: unknown): unknown => {
    try {
      const result = checkedResult(given);
      const done = Boolean(result.done);
      const item = Promise.resolve(result.value);
      return item.then((inner) => ({ value: inner, done }), done ? undefined : failing);
    } catch (error) {
      return failing(error);
    }
  };
  let result: unknown;
  try {
    result = Reflect.apply(awaitable(callable(method), iterator), iterator, [value]);
  } catch (error) {
    return failing(error);
  }
  return result === SUSPENDED ? takeOutermost().then((boxed) => resultOf(unbox(boxed)), failing) : resultOf(result);
}

/** Closes an iterator because of `error`, and throws that, even if closing fails, too. */
function closeThen(iterator: object, error: unknown): unknown {
  try {
    const pending = close(iterator);
    if (pending !== undefined) {
      const fail = () => {
        throw error;
      };
      return pending.then(fail, fail);
    }
  } catch {}
  throw error;
}

/** Closes an iterator; returns a promise if that suspends. */
function close(iterator: object): Promise<unknown> | undefined {
  const method = (iterator as { return?: unknown }).return;
  if (method === undefined || method === null) return undefined;
  const result: unknown = Reflect.apply(awaitable(callable(method), iterator), iterator, []);
  if (result === SUSPENDED) return takeOutermost().then((boxed) => checkClosed(unbox(boxed)));
  checkClosed(result);
  return undefined;
}

function checkClosed(result: unknown): void {
  if (!isObject(result)) throw new TypeError('return called on non-object');
}

function withoutThrow(iterator: object, error: unknown): unknown {
  if (!CLOSES_WHERE_STEPS_FAIL) throw error;
  const fail = () => {
    throw new TypeError("The iterator does not provide a 'throw' method.");
  };
  return close(iterator)?.then(fail) ?? fail();
}
