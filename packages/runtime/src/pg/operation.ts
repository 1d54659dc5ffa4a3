/** An operation on a libpq connection that waits for the server: the turn, the time limit, the wait callback, and how it ends. */

import { currentScope } from '../green/interruption.js';
import { timeNow } from '../node/clock.js';
import { queueMicrotask } from '../node/nextTick.js';
import { Cancellation } from './cancellation.js';
import { ACTIVE, CANCELED, IDLE, type Libpq } from './driver.js';
import { QueryTimeoutError } from './errors.js';
import { interruptibly, type OnInterrupt } from './interrupting.js';
import { listenAgain, ready, whenReady } from './readiness.js';
import { type Settings, settingsOf } from './settings.js';
import { inTurn, takeTurn } from './turns.js';
import {
  GRACE,
  POLL_OK,
  type PollState,
  RECANCEL,
  runCallback,
  type WaitCallback,
  waitEventLoop,
} from './waitCallback.js';

export function settingsFor(pq: Libpq): Settings {
  return settingsOf(pq, waitEventLoop);
}

/** Connections on which the runtime itself is calling: their blocking functions are its own to call. */
const entered = new WeakSet<Libpq>();

/** Whether a call of the connection's functions is the runtime's own. */
export function isOwnCall(pq: Libpq): boolean {
  return entered.has(pq);
}

/** Runs `body`, calls of which on the connection are the runtime's own. */
export function asOwn<T>(pq: Libpq, body: () => T): T {
  entered.add(pq);
  try {
    return body();
  } finally {
    entered.delete(pq);
  }
}

function isFree(pq: Libpq): boolean {
  return pq.connected !== true || pq.transactionStatus() === IDLE || pq.socket() < 0;
}

/** Runs `body` when it is its turn on the connection. Scopes around it may interrupt it. */
export function onConnection<T>(
  pq: Libpq,
  settings: Settings,
  body: (onInterrupt: OnInterrupt) => Promise<T>,
): Promise<T> {
  const queueTimeout = Math.min(settings.queueTimeout, settings.queryTimeout ?? Number.POSITIVE_INFINITY);
  const rules = { concurrentUse: settings.concurrentUse, queueTimeout, isFree: () => isFree(pq) };
  return interruptibly((onInterrupt) => inTurn(pq, rules, onInterrupt, () => body(onInterrupt)));
}

/**
 * Takes the turn on the connection for an operation that only the server can end: no limit, scope or callback of the program can. Most are
 * such, and {@link completeOnLoop} takes far less time for them.
 *
 * @returns ends it; undefined where this is another operation, or has to wait
 */
export function takeTurnOnLoop(pq: Libpq, { waitCallback, queryTimeout }: Settings): (() => void) | undefined {
  if (waitCallback !== waitEventLoop || queryTimeout !== null || currentScope() !== undefined) return undefined;
  return takeTurn(pq, () => isFree(pq));
}

/** Polls such an operation to its end. */
export function completeOnLoop(pq: Libpq, poll: () => PollState, endTurn: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const goOn = (): void => {
      let end: () => void = resolve;
      try {
        const state = asOwn(pq, poll);
        if (state !== POLL_OK) {
          whenReady(pq, state, Number.POSITIVE_INFINITY, goOn);
          return;
        }
        listenAgain(pq);
      } catch (error) {
        if (pq.connected === true) pq.finish();
        end = () => reject(error);
      }
      // A call that comes in the same step, as others begin theirs, comes before it.
      queueMicrotask(() => {
        endTurn();
        end();
      });
    };
    goOn();
  });
}

/** When an operation that is called now has to end. */
export function deadlineOf({ queryTimeout }: Settings): number | undefined {
  return queryTimeout === null ? undefined : timeNow() + queryTimeout;
}

/**
 * Polls an operation to its end, by the wait callback.
 *
 * @param poll goes on as far as it goes without waiting
 * @param onInterrupt how an interruption is heard of: it has the server cancel the operation
 * @returns whether the deadline has had a cancel request sent. The command may have ended before the server heard of it: then it counts
 * @throws what the callback throws, after closing the connection
 */
export async function complete(
  pq: Libpq,
  callback: WaitCallback,
  deadline: number | undefined,
  poll: () => PollState,
  onInterrupt: OnInterrupt,
): Promise<boolean> {
  let state: PollState | undefined;
  let isCanceled = false;
  const connection = {
    deadline,
    fileno: () => pq.socket(),
    poll() {
      if (state !== POLL_OK) state = asOwn(pq, poll);
      return state;
    },
    wait: (until: PollState, timeout = Number.POSITIVE_INFINITY) => ready(pq, until, timeout),
    cancel() {
      cancellation.ask(() => {
        isCanceled = true;
      });
    },
    cancelSync() {
      isCanceled = cancellation.askSync() || isCanceled;
    },
  };
  const cancellation = new Cancellation(pq);
  let again: NodeJS.Timeout | undefined;
  onInterrupt(() => {
    const end = timeNow() + GRACE;
    const ask = () => cancellation.ask(() => {});
    ask();
    again = setInterval(() => {
      if (pq.connected !== true) return;
      if (timeNow() < end) ask();
      else pq.finish();
    }, RECANCEL);
  });
  try {
    await runCallback(callback, connection);
  } catch (error) {
    if (pq.connected === true) pq.finish();
    throw error;
  } finally {
    onInterrupt(() => {});
    clearInterval(again);
    cancellation.end();
  }
  if (state !== POLL_OK) {
    if (pq.connected === true) pq.finish();
    throw new Error('The wait callback returned before the connection polled "ok". It has to wait until then.');
  }
  listenAgain(pq);
  return isCanceled;
}

/** Whether the last result is that of a command that a cancel request has ended. */
export function wasCanceled(pq: Libpq): boolean {
  return pq.resultErrorFields()?.sqlState === CANCELED;
}

export function timedOut(): QueryTimeoutError {
  return new QueryTimeoutError('The query timed out, and was cancelled.');
}

/** Whether the connection can do anything that would wait: not where it is closed, or in pipeline mode. */
export function canWait(pq: Libpq): boolean {
  if (pq.connected !== true || pq.socket() < 0) return false;
  return pq.pipelineModeSupported?.() !== true || pq.pipelineStatus?.() === 0;
}

export function isActive(pq: Libpq): boolean {
  return pq.transactionStatus() === ACTIVE;
}
