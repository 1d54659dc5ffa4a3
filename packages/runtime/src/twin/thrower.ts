import type { Callable } from './protocol.js';

/** @param text the callee as V8 prints it */
export function notCallable(text: string): TypeError {
  const error = new TypeError(`${text} is not a function`);
  Error.captureStackTrace?.(error, notCallable);
  return error;
}

/** Stands in for a callee that is not callable, so that the arguments are evaluated before the TypeError is thrown. */
export function thrower(text: string): Callable {
  return () => {
    throw notCallable(text);
  };
}
