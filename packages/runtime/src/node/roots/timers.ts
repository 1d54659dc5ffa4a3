/** Adapters of timers, `process.nextTick` and `queueMicrotask`. */
import timers from 'node:timers';
import { outsideScopes } from '../../green/interruption.js';
import { type Callable, SUSPENDED, takeOutermost, twinOf } from '../../twin/protocol.js';
import { nextTick } from '../nextTick.js';
import { linkPaths } from './resolve.js';
import { settleUncaught, throwUncaught } from './uncaught.js';
import { dress, started } from './wrap.js';

export function installTimers(): void {
  const uncaught = (callback: unknown) => started(callback, settleUncaught);
  linkPaths(timers, 'setImmediate', [0], uncaught);
  linkPaths(process, 'nextTick', [0], uncaught);
  linkPaths(globalThis, 'setImmediate queueMicrotask', [0], uncaught);
  for (const owner of [timers, globalThis]) linkPaths(owner, 'setTimeout setInterval', [0], neverOverlapping);
}

/** Whether `clearTimeout` or `clearInterval` was called. They take the callback from the timer; there is no public way to ask. */
function isCleared(timer: unknown): boolean {
  return typeof timer === 'object' && typeof (timer as { _onTimeout?: unknown } | null)?._onTimeout !== 'function';
}

/**
 * The callback of an interval, or of a timeout, which `refresh` may start again. Where a run blocked for longer than the interval, one run followed at once, however
 * many ticks were missed. Ticks during a suspended run are treated the same way.
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
    if (outsideScopes(twin, timer, args) !== SUSPENDED) return;
    suspended = true;
    takeOutermost().then(
      () => finish(timer, args),
      (error) => {
        throwUncaught(error);
        nextTick(finish, timer, args);
      },
    );
  };
  return dress(function (this: unknown, ...args: unknown[]) {
    tick(this, args);
  }, callback as Callable);
}
