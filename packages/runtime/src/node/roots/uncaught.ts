/** Errors that nobody is left to catch. */
import { nextTick } from '../nextTick.js';

/** Throws `error` from the event loop: `uncaughtException` with the origin that a throw in a callback has. */
export function throwUncaught(error: unknown): void {
  nextTick(() => {
    throw error;
  });
}

/** Lets a suspended callback whose result nobody reads finish. */
export function settleUncaught(pending: Promise<unknown>): void {
  pending.then(undefined, throwUncaught);
}
