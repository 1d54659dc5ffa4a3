/** Asking iterables for their items where `next` may suspend (ECMA-262, 7.4). */

import { types } from 'node:util';
import { type Activation, activationOf, native, resumeActive } from './generators.js';
import { isObject } from './objects.js';
import {
  type Callable,
  type Frame,
  inFrame,
  SUSPENDED,
  suspend,
  take,
  takeInFrame,
  twinToCall,
  unbox,
} from './protocol.js';
import type { Run } from './runs.js';
import { run as runSteps, type Steps } from './steps.js';

/** An iterator and its `next`, which is read once. */
interface IteratorRecord {
  readonly iterator: object;
  readonly next: Callable;
}

/** The method to call for `method` of an iterator by someone who can wait. */
export function awaitable(method: Callable, iterator: object): Callable {
  const isOfGenerator = method === native.next || method === native.return;
  return isOfGenerator && activationOf(iterator) === undefined ? method : (twinToCall(method) ?? method);
}

/** As V8 prints a value that is not what it should be. */
function described(value: unknown): string {
  if (typeof value === 'function' || (typeof value === 'object' && value !== null)) return typeof value;
  if (value === undefined) return 'undefined';
  if (typeof value === 'symbol' || typeof value === 'bigint') return typeof value;
  return `${value === null ? 'object' : typeof value} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
}

/** As V8 says of a value that it does not print that it is not iterable. */
export function notIterable(value: unknown): TypeError {
  return new TypeError(`${described(value)} is not iterable (cannot read property Symbol(Symbol.iterator))`);
}

/** Whether what V8 prints is a message of its own. */
function saysAll(text: string): boolean {
  return text.endsWith('(cannot read property Symbol(Symbol.iterator))');
}

export function notCallable(value: unknown): TypeError {
  return new TypeError(`${described(value)} is not a function`);
}

export function checkedResult(result: unknown): { done?: unknown; value?: unknown } {
  if (isObject(result)) return result;
  throw new TypeError(`Iterator result ${String(result)} is not an object`);
}

const arrayValues = Array.prototype.values;
const arrayIterator = Object.getPrototypeOf([].values()) as { next: Callable };
const arrayNext = arrayIterator.next;

/** Whether items are nothing but elements. Asked of what was found as an iterable's `Symbol.iterator`. */
export function isOfArray(method: unknown, iterable: unknown): iterable is unknown[] {
  return (
    method === arrayValues &&
    Array.isArray(iterable) &&
    arrayIterator.next === arrayNext &&
    !('return' in arrayIterator)
  );
}

/** What makes an iterator of a value, if it is iterable. */
function methodOf(iterable: unknown): unknown {
  return (iterable as Iterable<unknown> | null | undefined)?.[Symbol.iterator];
}

/**
 * `for (const x of iterable) { ... }`:
 *
 *     const i = iterate(iterable, "iterable");
 *     try { for (; <await> i.step();) { const x = i.value; ... } } catch (error) { i.fail(error); } finally { <await> i.end(); }
 */
export class Iteration {
  /** The item of this step. */
  value: unknown;
  /** Whether several steps are taken for someone who can wait, also while the generator around waits for one of them. */
  isWaitedFor = false;
  #record: IteratorRecord | undefined;
  /** That of the iterator, if it is a generator that may suspend. */
  #resumed: Activation | undefined;
  /** Whether the iterator has to be told of an early end. */
  #isOpen = false;
  #isDone = false;
  #failure: { readonly error: unknown } | undefined;
  /** For arrays, whose elements need no iterator. */
  readonly #elements: unknown[] | undefined;
  #index = 0;
  readonly #makeIterator: () => unknown;
  readonly #run: Run | undefined;

  /**
   * @param method what has been found as the iterable's `Symbol.iterator`
   * @throws TypeError if `iterable` is none, which `text` names
   */
  constructor(iterable: unknown, text: string | undefined, run: Run | undefined, method = methodOf(iterable)) {
    if (typeof method !== 'function')
      throw text === undefined
        ? notIterable(iterable)
        : new TypeError(saysAll(text) ? text : `${text} is not iterable`);
    this.#elements = isOfArray(method, iterable) ? iterable : undefined;
    this.#makeIterator = () => Reflect.apply(this.#awaitable(method as Callable, iterable as object), iterable, []);
    this.#run = run;
  }

  /** Makes the iterator before the first step, for those who close it even if they take nothing; suspends where that does. */
  open(): unknown {
    if (this.#elements !== undefined) return undefined;
    const made = this.#makeIterator();
    if (made === SUSPENDED) return suspend(take().then((boxed) => this.#open(unbox(boxed))));
    this.#open(made);
    return undefined;
  }

  /**
   * Whether there is another item; suspends where the iterator does. Behind the last one there is none, and the iterator is not asked again.
   *
   * @param isRead whether the item is taken, and not passed over
   */
  step(isRead = true): unknown {
    if (this.#isDone) return false;
    if (this.#elements === undefined)
      return this.#record === undefined ? this.#start() : this.#advance(this.#record, isRead);
    if (this.#index >= this.#elements.length) {
      this.#isDone = true;
      return false;
    }
    this.value = this.#elements[this.#index++];
    return true;
  }

  /** Something in the loop has thrown `error`, which {@link end} throws again. */
  fail(error: unknown): void {
    this.#failure = { error };
  }

  /** Ends the loop, also where it has ended by itself. */
  end(): unknown {
    if (!this.#isOpen || this.#record === undefined) return this.#ended();
    this.#isOpen = false;
    const { iterator } = this.#record;
    try {
      const { return: close } = iterator as { return?: unknown };
      if (close === undefined || close === null) return this.#ended();
      if (typeof close !== 'function') throw notCallable(close);
      const result = Reflect.apply(this.#awaitable(close as Callable, iterator), iterator, []) as unknown;
      if (result === SUSPENDED) return suspend(this.#endLater(take()));
      if (this.#failure === undefined) checkedResult(result);
    } catch (error) {
      this.#failure ??= { error };
    }
    return this.#ended();
  }

  async #endLater(pending: Promise<unknown>): Promise<void> {
    try {
      const result = unbox(await pending);
      if (this.#failure === undefined) checkedResult(result);
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#ended();
  }

  #ended(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #awaitable(method: Callable, iterator: object): Callable {
    return this.#isAwaited ? awaitable(method, iterator) : method;
  }

  get #isAwaited(): boolean {
    return this.isWaitedFor || this.#run === undefined || this.#run.isAwaited;
  }

  /** The first step makes the iterator. */
  #start(): unknown {
    const made = this.#makeIterator();
    if (made !== SUSPENDED) return this.#advance(this.#open(made), true);
    const frame: Frame = {};
    return suspend(
      take(frame).then((boxed) =>
        inFrame(frame, () => {
          const first = this.#advance(this.#open(unbox(boxed)), true);
          return first === SUSPENDED ? takeInFrame() : first;
        }),
      ),
    );
  }

  #open(iterator: unknown): IteratorRecord {
    if (!isObject(iterator)) throw new TypeError('Result of the Symbol.iterator method is not an object');
    const { next } = iterator as { next: Callable };
    this.#record = { iterator, next };
    this.#isOpen = true;
    const activation = activationOf(iterator);
    if (activation?.methods.next === next) this.#resumed = activation;
    return this.#record;
  }

  #advance({ iterator, next }: IteratorRecord, isRead: boolean): unknown {
    this.#isOpen = false;
    if (typeof next !== 'function') throw notCallable(next);
    const result: unknown =
      this.#resumed === undefined || !this.#isAwaited
        ? Reflect.apply(this.#awaitable(next, iterator), iterator, [])
        : resumeActive(this.#resumed, iterator, next, undefined);
    if (result === SUSPENDED) return suspend(take().then((boxed) => this.#accept(unbox(boxed), isRead)));
    return this.#accept(result, isRead);
  }

  #accept(given: unknown, isRead: boolean): boolean {
    const result = checkedResult(given);
    if (result.done) {
      this.#isDone = true;
      return false;
    }
    if (isRead) this.value = result.value;
    this.#isOpen = true;
    return true;
  }
}

/**
 * @param text the iterable as V8 prints it in "... is not iterable"
 * @param run that of the body in which the loop is, where someone may run it who cannot wait
 */
export function iterate(iterable: unknown, text: string, run?: Run): Iteration {
  return new Iteration(iterable, text, run);
}

/**
 * The steps of taking `count` items, or all, of what is no plain array.
 *
 * @param check is called with each item; where it throws, the iterator is closed and nothing more is taken
 * @param method what has been found as the iterable's `Symbol.iterator`, if it has been looked for
 */
export function* taken(
  iterable: unknown,
  count: number,
  text: string | undefined,
  check?: (item: unknown) => void,
  method?: unknown,
  run?: Run,
): Steps<unknown[]> {
  const iteration = new Iteration(iterable, text, run, method);
  const items: unknown[] = [];
  try {
    yield* settled(iteration.open());
    while (items.length < count && (yield* settled(iteration.step()))) {
      check?.(iteration.value);
      items.push(iteration.value);
    }
  } catch (error) {
    iteration.fail(error);
  } finally {
    yield* settled(iteration.end());
  }
  return items;
}

/** What a method of an {@link Iteration} returns, in steps. */
export function* settled(result: unknown): Steps {
  return result === SUSPENDED ? yield takeInFrame() : result;
}

/** `[...iterable]`: what is to be spread in its place. */
export function collect(iterable: unknown, text: string, run?: Run): unknown {
  return items(iterable, Number.POSITIVE_INFINITY, text, run);
}

/**
 * `f(...iterable)`: what is to be spread in its place.
 *
 * @param text the iterable as V8 prints it where it is undefined or null; without, V8 prints what it is
 */
export function collectArguments(iterable: unknown, text?: string, run?: Run): unknown {
  if (text !== undefined && (iterable === undefined || iterable === null))
    throw new TypeError(`${text} is not iterable (cannot read property ${iterable})`);
  return items(iterable, Number.POSITIVE_INFINITY, undefined, run);
}

/**
 * `[a, b] = iterable`: what is to be destructured in its place, for a pattern with `count` elements.
 *
 * @param text the iterable as V8 prints it in "... is not iterable", or null, where V8 says what it is; without, what is none is left to V8
 */
export function items(iterable: unknown, count: number, text?: string | null, run?: Run): unknown {
  if (typeof iterable === 'string') return iterable;
  const method = methodOf(iterable);
  if (!types.isProxy(iterable) && isOfArray(method, iterable)) return iterable;
  if (typeof method !== 'function' && text === undefined) return iterable;
  return runSteps(
    taken(iterable, count, text ?? undefined, undefined, method, run?.isAwaited === false ? run : undefined),
  );
}

/** Sent to a generator in place of what `return` was called with by someone who cannot wait: that is not known. */
const RETURNED: unknown = {};

/**
 * `yield* new Passing(result)` does with a result of an iterator what `yield*` does: who resumes the generator gets this object, and not
 * one like it, and only they ask for its value. The last result is what the expression evaluates to.
 */
class Passing implements Iterable<unknown> {
  readonly #result: IteratorResult<unknown>;
  #isPassed = false;
  /** Whether the result was not the last one, and the generator has gone on. */
  isResumed = false;

  constructor(result: object) {
    this.#result = result as IteratorResult<unknown>;
  }

  [Symbol.iterator](): Iterator<unknown> {
    const resume = (value: unknown) => {
      this.isResumed = true;
      return { done: true, value };
    };
    return {
      next: (value: unknown) => {
        if (this.#isPassed) return resume(value);
        this.#isPassed = true;
        return this.#result;
      },
      return: resume,
      throw: (error: unknown) => {
        this.isResumed = true;
        throw error;
      },
    };
  }
}

/** `yield* iterable` in the body of a generator that may suspend: `yield* delegate(iterable, activation)` (ECMA-262, 15.5.5). */
export function* delegate(iterable: unknown, activation: Activation): Generator<unknown, unknown, unknown> {
  if (!activation.isAwaited) return yield* iterable as Iterable<unknown>;
  const makeIterator = methodOf(iterable) as Callable | undefined;
  if (typeof makeIterator !== 'function') return yield* iterable as Iterable<unknown>;
  const iterator = (yield* invoke(makeIterator, iterable, [])) as { throw?: Callable | null; return?: Callable | null };
  if (!isObject(iterator)) throw new TypeError('Result of the Symbol.iterator method is not an object');
  const { next } = iterator as { next: Callable };
  const isPlain = next === native.next || next === arrayNext;
  let result = checkedResult(yield* invoke(next, iterator, [undefined]));
  for (;;) {
    const passing = isPlain ? undefined : new Passing(result);
    if (passing === undefined && result.done) return result.value;
    let given: { readonly value: unknown } | { readonly error: unknown } | undefined;
    try {
      given = { value: passing === undefined ? yield result.value : yield* passing };
    } catch (error) {
      given = { error };
    } finally {
      if (given === undefined) {
        const { pauses } = activation;
        const ended = yield* end();
        // biome-ignore lint/correctness/noUnsafeFinally: an iterator that does not end keeps the generator from ending.
        if (ended?.done === false) continue;
        if (pauses !== activation.pauses) {
          activation.ending = { value: ended === undefined ? activation.returned : result.value };
          yield;
        }
        // biome-ignore lint/correctness/noUnsafeFinally: what the iterator returns is what the generator returns.
        if (ended !== undefined && result.value !== RETURNED) return result.value;
      }
    }
    if (passing?.isResumed === false) {
      if ('error' in given) throw given.error;
      return given.value;
    }
    result = checkedResult('error' in given ? yield* raise(given.error) : yield* invoke(next, iterator, [given.value]));
  }

  function* raise(error: unknown): Generator<unknown, unknown, unknown> {
    if (iterator.throw !== undefined && iterator.throw !== null)
      return yield* invoke(iterator.throw, iterator, [error]);
    yield* end();
    throw new TypeError("The iterator does not provide a 'throw' method.");
  }
  /** Tells the iterator that the generator ends, and keeps its result; undefined if it does not want to know. */
  function* end(): Generator<unknown, { readonly done: boolean } | undefined, unknown> {
    const { return: close } = iterator;
    if (close === undefined || close === null) return undefined;
    const unknown = close === native.return ? RETURNED : undefined;
    result = checkedResult(yield* invoke(close, iterator, [activation.isAwaited ? activation.returned : unknown]));
    return { done: Boolean(result.done) };
  }
  function* invoke(fn: Callable, self: unknown, args: readonly unknown[]): Generator<unknown, unknown, unknown> {
    if (typeof fn !== 'function') throw notCallable(fn);
    const called = activation.isAwaited ? awaitable(fn, self as object) : fn;
    const outcome: unknown = Reflect.apply(called, self, args);
    if (outcome !== SUSPENDED) return outcome;
    activation.pause();
    return activation.resume(yield);
  }
}
