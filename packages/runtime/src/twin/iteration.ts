/** Iteration where methods of the iterator may suspend (ECMA-262, 7.4). */

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

/** What a caller that can wait calls in place of `method` of an iterator. */
export function awaitable(method: Callable, iterator: object): Callable {
  const isOfGenerator = method === native.next || method === native.return;
  return isOfGenerator && activationOf(iterator) === undefined ? method : (twinToCall(method) ?? method);
}

/** A value as V8 prints it in messages of errors. */
function described(value: unknown): string {
  if (typeof value === 'function' || (typeof value === 'object' && value !== null)) return typeof value;
  if (value === undefined) return 'undefined';
  if (typeof value === 'symbol' || typeof value === 'bigint') return typeof value;
  return `${value === null ? 'object' : typeof value} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
}

/** The error of V8 for a value that is not iterable, where it has no source text to print. */
export function notIterable(value: unknown): TypeError {
  return new TypeError(`${described(value)} ${SAYS_ALL}`);
}

const SAYS_ALL = 'is not iterable (cannot read property Symbol(Symbol.iterator))';

/** Whether `text` is a whole message, and not the source text of a value. */
function saysAll(text: string): boolean {
  return text.endsWith(SAYS_ALL);
}

/** The error of V8 for a value that is called, where it has no source text to print. */
export function notCallableValue(value: unknown): TypeError {
  return new TypeError(`${described(value)} is not a function`);
}

export function checkedResult(result: unknown): { done?: unknown; value?: unknown } {
  if (isObject(result)) return result;
  throw new TypeError(`Iterator result ${String(result)} is not an object`);
}

const arrayValues = Array.prototype.values;
const arrayIterator = Object.getPrototypeOf([].values()) as { next: Callable };
const arrayNext = arrayIterator.next;

/** Whether iterating yields just the elements of an array. `method` is the `Symbol.iterator` of the iterable. */
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

/** What V8 says where a pattern in the head of a loop is given null or undefined, in compiled code. */
const ITEM_FAILURE =
  /^Cannot destructure (?:property '(.*)' of )?'\$i[\w$]*\.(value|item)' as it is (null|undefined)\.$/s;

/** Makes the message of an error that shows the variable of the runtime what V8 says of the loop of the program. */
function nameItem(error: TypeError): void {
  const { message, stack } = error;
  const [, property, by, value] = ITEM_FAILURE.exec(message) ?? [];
  if (value === undefined) return;
  const reading = property === undefined ? '' : ` (reading '${property}')`;
  error.message =
    by === 'value' ? message.replace(/'\$i[\w$]*\.value'/, "'.for'") : `Cannot read properties of ${value}${reading}`;
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
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
  /** Set while several steps are taken for a caller that can wait, also if the generator around waits in one of them. */
  isWaitedFor = false;
  #record: IteratorRecord | undefined;
  /** The activation of the iterator, if that is a generator that may suspend. */
  #resumed: Activation | undefined;
  /** Whether the iterator has to be closed if the loop ends early. */
  #isOpen = false;
  #isDone = false;
  #failure: { readonly error: unknown } | undefined;
  /** For arrays, whose elements need no iterator. */
  readonly #elements: unknown[] | undefined;
  #index = 0;
  readonly #makeIterator: () => unknown;
  readonly #run: Run | undefined;

  /**
   * @param text the iterable as V8 prints it in its error
   * @param method the `Symbol.iterator` of the iterable
   * @throws TypeError if `iterable` is not iterable
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

  /** Makes the iterator before the first step, for patterns that close it even if they take no item. May suspend. */
  open(): unknown {
    if (this.#elements !== undefined) return undefined;
    const made = this.#makeIterator();
    if (made === SUSPENDED) return suspend(take().then((boxed) => this.#open(unbox(boxed))));
    this.#open(made);
    return undefined;
  }

  /**
   * Advances to the next item: true if there is one. May suspend. After the last item the iterator is not called again.
   *
   * @param isRead false if the item is skipped, so that its value is not read
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

  /** Notes that the loop has thrown `error`; {@link end} throws it again. */
  fail(error: unknown): void {
    if (error instanceof TypeError && (this.value === undefined || this.value === null)) nameItem(error);
    this.#failure = { error };
  }

  /** {@link value} for an assignment in place of a declaration, of which V8 says something else where it fails. */
  get item(): unknown {
    return this.value;
  }

  /** Has to be called however the loop ends; closes the iterator if it has ended early. */
  end(): unknown {
    if (!this.#isOpen || this.#record === undefined) return this.#ended();
    this.#isOpen = false;
    const { iterator } = this.#record;
    try {
      const { return: close } = iterator as { return?: unknown };
      if (close === undefined || close === null) return this.#ended();
      if (typeof close !== 'function') throw notCallableValue(close);
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

  /** The first step, which makes the iterator. */
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
    if (typeof next !== 'function') throw notCallableValue(next);
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
 * @param run the run of the body that contains the loop, if callers that cannot wait may run it, too
 */
export function iterate(iterable: unknown, text: string, run?: Run, method?: unknown): Iteration {
  return new Iteration(iterable, text, run, method);
}

/**
 * Takes `count` items, or all, of a value that is not a plain array, as steps.
 *
 * @param convert makes of each item what is taken, before the next is asked for; if it throws, the iterator is closed
 * @param method the `Symbol.iterator` of the iterable, if it has been looked up
 */
export function* taken(
  iterable: unknown,
  count: number,
  text: string | undefined,
  convert: (item: unknown) => unknown = (item) => item,
  method?: unknown,
  run?: Run,
): Steps<unknown[]> {
  const iteration = new Iteration(iterable, text, run, method);
  const items: unknown[] = [];
  try {
    yield* settled(iteration.open());
    while (items.length < count && (yield* settled(iteration.step()))) {
      items.push(convert(iteration.value));
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
 * `f(...iterable, x)`: what is to be spread in its place, among other arguments.
 *
 * @param text what is called to get the iterable, as V8 prints it
 */
export function collectAmong(iterable: unknown, text: string, run?: Run): unknown {
  return collect(iterable, `${text} ${SAYS_ALL}`, run);
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

/** Passed to `return` of a delegate in place of the argument of a `return` whose caller cannot wait, which is unknown. */
const RETURNED: unknown = {};

/**
 * `yield* new Passing(result)` passes a result of an iterator on, as `yield*` does: the caller of the generator gets this very object, and its `value` is not read
 * before. The expression evaluates to the value with which the generator is resumed or, if the result is the last one, to its `value`.
 */
class Passing implements Iterable<unknown> {
  readonly #result: IteratorResult<unknown>;
  #isPassed = false;
  /** True once the generator has been resumed, which means that the result was not the last one. */
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

/**
 * `yield* iterable` in the body of a generator that may suspend: `yield* delegate(iterable, activation)` (ECMA-262, 15.5.5).
 *
 * What it cannot iterate is left to V8, for which the one call is as good as another.
 */
export function delegate(iterable: unknown, activation: Activation): unknown {
  return typeof methodOf(iterable) === 'function' ? delegateTo(iterable, activation) : iterable;
}

/** {@link delegate} for an iterable that is no result of a call or an access: V8 says what it is. */
export function* delegateTo(iterable: unknown, activation: Activation): Generator<unknown, unknown, unknown> {
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
        // biome-ignore lint/correctness/noUnsafeFinally: a generator does not end if its delegate goes on.
        if (ended?.done === false) continue;
        if (pauses !== activation.pauses) {
          activation.ending = { value: ended === undefined ? activation.returned : result.value };
          yield;
        }
        // biome-ignore lint/correctness/noUnsafeFinally: a generator returns what its delegate returns.
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
  /** Calls `return` of the iterator because the generator ends, and keeps the result; undefined if it has no `return`. */
  function* end(): Generator<unknown, { readonly done: boolean } | undefined, unknown> {
    const { return: close } = iterator;
    if (close === undefined || close === null) return undefined;
    const unknown = close === native.return ? RETURNED : undefined;
    result = checkedResult(yield* invoke(close, iterator, [activation.isAwaited ? activation.returned : unknown]));
    return { done: Boolean(result.done) };
  }
  function* invoke(fn: Callable, self: unknown, args: readonly unknown[]): Generator<unknown, unknown, unknown> {
    if (typeof fn !== 'function') throw notCallableValue(fn);
    const called = activation.isAwaited ? awaitable(fn, self as object) : fn;
    const outcome: unknown = Reflect.apply(called, self, args);
    if (outcome !== SUSPENDED) return outcome;
    activation.pause();
    return activation.resume(yield);
  }
}
