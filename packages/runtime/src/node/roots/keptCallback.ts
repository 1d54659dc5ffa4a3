/** Callbacks that are called too early where the function that they were given to suspends behind the call. */
import type { Callable } from '../../twin/protocol.js';

export interface KeptCallback {
  /** What the function is given in place of the callback. */
  readonly callback: Callable;
  /** The function has ended: calls the callback if the function has called it, and lets it be called from now on. */
  release(): void;
}

/**
 * Keeps a callback until the function that it is given to has ended, as it has for whoever waits for both.
 *
 * @param adjust makes the arguments of the late call, when the function makes the early one
 */
export function keepCallback(
  done: Callable,
  adjust: (results: unknown[]) => unknown[] = (results) => results,
): KeptCallback {
  let called: { readonly self: unknown; readonly results: unknown[] } | undefined;
  let hasEnded = false;
  const callback = function (this: unknown, ...results: unknown[]): unknown {
    // A second call is a mistake, of which the callback itself tells.
    if (hasEnded || called !== undefined) return Reflect.apply(done, this, results);
    called = { self: this, results: adjust(results) };
    return undefined;
  };
  // Callbacks of test frameworks have methods (`done.fail`).
  Object.setPrototypeOf(callback, done);
  return {
    callback,
    release() {
      hasEnded = true;
      if (called !== undefined) Reflect.apply(done, called.self, called.results);
    },
  };
}
