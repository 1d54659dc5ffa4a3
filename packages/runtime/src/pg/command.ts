/** Commands in the form that does not block: sent, and their results read to the last, as `PQexec` of libpq does. */

import { restack } from '../node/offload.js';
import { suspend } from '../twin/protocol.js';
import type { Libpq } from './driver.js';
import {
  asOwn,
  canWait,
  complete,
  completeOnLoop,
  deadlineOf,
  isActive,
  onConnection,
  settingsFor,
  takeTurnOnLoop,
  timedOut,
  wasCanceled,
} from './operation.js';
import { POLL_OK, POLL_READ, POLL_WRITE, type PollState } from './waitCallback.js';

export interface Command {
  /** Sends the command; false if it could not be sent, and nothing was. */
  readonly send: () => boolean;
  /** The blocking form. */
  readonly block: () => unknown;
}

/** Runs a command and suspends; blocks where the connection is set to, or where there is nothing to wait for. */
export function run(pq: Libpq, command: Command): unknown {
  const settings = settingsFor(pq);
  const { waitCallback } = settings;
  if (waitCallback === null) return command.block();
  const endTurn = canWait(pq) ? takeTurnOnLoop(pq, settings) : undefined;
  const deadline = deadlineOf(settings);
  const running =
    endTurn === undefined
      ? onConnection(pq, settings, async (onInterrupt) => {
          if (!canWait(pq)) {
            asOwn(pq, command.block);
            return;
          }
          const isLate = await complete(pq, waitCallback, deadline, commandPoll(pq, command), onInterrupt);
          if (isLate && wasCanceled(pq)) throw timedOut();
        })
      : completeOnLoop(pq, commandPoll(pq, command), endTurn);
  return suspend(
    running.catch(function thrown(error): never {
      throw restack(error, thrown);
    }),
  );
}

/** Polls a command: what an earlier one has left is read and dropped, then it is sent, then its results are read. */
export function commandPoll(pq: Libpq, { send, block }: Command): () => PollState {
  const steps = [dropLeft, sendAll, readResults];
  let isNonBlocking = false;
  let isSent = false;

  function dropLeft(): PollState {
    while (isActive(pq)) {
      const state = untilResult(pq);
      if (state !== POLL_OK) return state;
      if (!pq.getResult()) return POLL_OK;
      const status = pq.resultStatus();
      if (status === 'PGRES_COPY_IN') pq.putCopyEnd('COPY terminated by new PQexec');
      else if (status === 'PGRES_COPY_OUT' && !dropCopied(pq)) return POLL_READ;
      // As PQexec does, which refuses.
      else if (status === 'PGRES_COPY_BOTH') return POLL_OK;
    }
    return POLL_OK;
  }

  function sendAll(): PollState {
    if (!isSent) {
      isNonBlocking = pq.isNonBlocking();
      pq.setNonBlocking(true);
      isSent = send();
      if (!isSent) {
        // The blocking form fails for the same reason, and says why.
        pq.setNonBlocking(isNonBlocking);
        block();
        steps.length = 0;
        return POLL_OK;
      }
    }
    const state = flushed(pq);
    // The other way round would erase what the connection says of an error.
    if (state === POLL_OK) pq.setNonBlocking(isNonBlocking);
    return state;
  }

  function readResults(): PollState {
    for (;;) {
      const state = untilResult(pq);
      if (state !== POLL_OK) return state;
      if (!pq.getResult() || pq.resultStatus().startsWith('PGRES_COPY_')) return POLL_OK;
    }
  }

  return () => {
    for (let step = steps[0]; step !== undefined; step = steps[0]) {
      const state = step();
      if (state !== POLL_OK) return state;
      steps.shift();
    }
    return POLL_OK;
  };
}

/** Sends what is waiting to be sent. What the server sends meanwhile is taken, since it may not read before it is. */
export function flushed(pq: Libpq): PollState {
  if (pq.flush() !== 1) return POLL_OK;
  pq.consumeInput();
  return pq.flush() === 1 ? POLL_WRITE : POLL_OK;
}

/** Reads until `getResult` would not block. */
export function untilResult(pq: Libpq): PollState {
  if (!pq.isBusy()) return POLL_OK;
  // Where that fails, the next result tells of it.
  if (!pq.consumeInput()) return POLL_OK;
  return pq.isBusy() ? POLL_READ : POLL_OK;
}

/** Drops the rows of a COPY; false where more are to come. */
function dropCopied(pq: Libpq): boolean {
  for (;;) {
    const data = pq.getCopyData(true);
    if (typeof data === 'object') continue;
    if (data !== 0) return true;
    pq.consumeInput();
    const more = pq.getCopyData(true);
    if (typeof more !== 'object') return more !== 0;
  }
}
