/** Adapters of timers, `process.nextTick` and `queueMicrotask`. */
import timers from 'node:timers';
import { type Callable, linkRoot, SUSPENDED, take, twinOf } from '../../twin/protocol.js';
import { linkPaths } from './resolve.js';
import { adapter, dress, settleUncaught, started, throwUncaught } from './wrap.js';

export function installTimers(): void {
  const uncaught = (callback: unknown) => started(callback, settleUncaught);
  linkPaths(timers, 'setTimeout setImmediate', [0], uncaught);
  linkPaths(process, 'nextTick', [0], uncaught);
  linkPaths(globalThis, 'setTimeout setImmediate queueMicrotask', [0], uncaught);
  linkRoot(timers.setInterval, adapter(timers.setInterval, [0], neverOverlapping));
  linkRoot(globalThis.setInterval, adapter(globalThis.setInterval, [0], neverOverlapping));
}

/** Whether `clearInterval` was called. Node marks the timer; there is no public way to ask. */
function isCleared(timer: unknown): boolean {
  return (timer as { _destroyed?: unknown } | undefined)?._destroyed === true;
}

/**
 * The callback of an interval. A run that blocked the loop for longer than the interval was followed by one run at once,
 * however many were missed: so are ticks that come while a run is suspended.
 */
function neverOverlapping(callback: unknown): unknown {
  const twin = twinOf(callback);
  if (twin === undefined) return callback;
  let suspended = false;
  let missed = false;
  const finish = (timer: unknown, args: unknown[]): void => {
    suspended = false;
    if (!missed) return;
    missed = false;
    if (isCleared(timer)) return;
    try {
      tick(timer, args);
    } catch (error) {
      throwUncaught(error);
    }
  };
  const tick = (timer: unknown, args: unknown[]): void => {
    if (suspended) {
      missed = true;
      return;
    }
    if (Reflect.apply(twin, timer, args) !== SUSPENDED) return;
    suspended = true;
    take().then(
      () => finish(timer, args),
      (error) => {
        throwUncaught(error);
        process.nextTick(finish, timer, args);
      },
    );
  };
  return dress(function (this: unknown, ...args: unknown[]) {
    tick(this, args);
  }, callback as Callable);
}
