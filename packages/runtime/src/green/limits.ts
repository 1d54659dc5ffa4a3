/** `withSignal` and `withTimeout`: functions that can be interrupted. */
import { type Callable, linkTwin, twinOf } from '../twin/protocol.js';
import { currentScope, inScope, scopesFrom } from './interruption.js';

/** Thrown where {@link withTimeout} interrupts. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'ERR_UNBLOCK_TIMEOUT';
  /** The limit, in milliseconds. */
  readonly limit: number;
  constructor(limit: number) {
    super(`Timed out after ${limit} ms`);
    this.limit = limit;
  }
}

/**
 * Calls `fn`, and interrupts it when `signal` is aborted: the blocking call at which `fn`, or what it calls, is suspended then throws the signal's reason, and
 * releases what it holds. If nothing is suspended then, the next blocking call throws. Each signal interrupts once: what cleans up behind it may block
 * again. If `fn` returns a promise, it can be interrupted until the promise settles.
 *
 * Code that is not compiled, and compiled code that has to stay synchronous, cannot be interrupted: there, a call throws if the signal has been aborted
 * before, and not later.
 *
 * @returns what `fn` returns
 * @throws what `fn` throws; the signal's reason
 */
export function withSignal<T>(signal: AbortSignal, fn: () => T): T {
  checkSignal(signal);
  checkFunction(fn, 'withSignal');
  return inScope(
    signal,
    () => fn(),
    () => {},
  ) as T;
}

linkTwin(withSignal as Callable, (signal: unknown, fn: unknown): unknown => {
  checkSignal(signal);
  checkFunction(fn, 'withSignal');
  return inScope(signal, bodyOf(fn), () => {});
});

/**
 * Calls `fn`, and interrupts it after `milliseconds` as {@link withSignal} does.
 *
 * @param milliseconds the limit, from 0 to 2147483647; `Infinity` for none
 * @returns what `fn` returns
 * @throws what `fn` throws; a {@link TimeoutError}
 */
export function withTimeout<T>(milliseconds: number, fn: () => T): T {
  checkLimit(milliseconds);
  checkFunction(fn, 'withTimeout');
  return limited(milliseconds, () => fn()) as T;
}

linkTwin(withTimeout as Callable, (milliseconds: unknown, fn: unknown): unknown => {
  checkLimit(milliseconds);
  checkFunction(fn, 'withTimeout');
  return limited(milliseconds, bodyOf(fn));
});

function limited(milliseconds: number, body: () => unknown): unknown {
  if (milliseconds === Number.POSITIVE_INFINITY) return body();
  const error = new TimeoutError(milliseconds);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(error), milliseconds);
  // What is interrupted keeps the process alive, and nothing else has to.
  timer.unref();
  return inScope(controller.signal, body, () => clearTimeout(timer));
}

/**
 * A signal that is aborted when the code that calls this may be interrupted, for asynchronous functions that take one: `fetch(url, { signal: currentSignal() })`.
 *
 * @returns undefined where nothing can interrupt
 */
export function currentSignal(): AbortSignal | undefined {
  const scopes = scopesFrom(currentScope()).filter(({ isOver }) => !isOver);
  for (const scope of scopes) scope.isGiven = true;
  const signals = scopes.map(({ signal }) => signal);
  return signals.length > 1 ? AbortSignal.any(signals) : signals[0];
}

function bodyOf(fn: Callable): () => unknown {
  const body = twinOf(fn) ?? fn;
  return () => body();
}

function checkSignal(signal: unknown): asserts signal is AbortSignal {
  if (!(signal instanceof AbortSignal)) throw new TypeError('withSignal: the first argument has to be an AbortSignal');
}

function checkFunction(fn: unknown, name: string): asserts fn is Callable {
  if (typeof fn !== 'function') throw new TypeError(`${name}: the second argument has to be a function`);
}

function checkLimit(milliseconds: unknown): asserts milliseconds is number {
  const isLimit = typeof milliseconds === 'number' && milliseconds >= 0;
  if (isLimit && (milliseconds <= 2 ** 31 - 1 || milliseconds === Number.POSITIVE_INFINITY)) return;
  throw new RangeError('withTimeout: the limit has to be a number of milliseconds from 0 to 2147483647, or Infinity');
}
