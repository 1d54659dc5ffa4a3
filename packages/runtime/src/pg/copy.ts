/** Twins of the functions of libpq that move the rows of a COPY, and of `getResult`. */
import { box, suspend } from '../twin/protocol.js';
import { flushed, untilResult } from './command.js';
import type { Libpq } from './driver.js';
import { asOwn, complete, deadlineOf, isActive, onConnection, settingsFor } from './operation.js';
import { busy, isTaken } from './turns.js';
import { POLL_OK, POLL_READ, type PollState } from './waitCallback.js';

/**
 * Tries at once what may not block, and suspends if it has to wait.
 *
 * @param attempt returns undefined if it has to wait for `poll` to reach its end
 * @param poll goes on; after its end, `attempt` is asked for the result
 */
function attempted(pq: Libpq, attempt: () => unknown, poll: () => PollState, block: () => unknown): unknown {
  const settings = settingsFor(pq);
  const { waitCallback } = settings;
  if (isTaken(pq)) throw busy();
  if (waitCallback === null || pq.connected !== true || pq.socket() < 0) return block();
  const first = attempt();
  if (first !== undefined) return first;
  return suspend(
    onConnection(pq, settings, async (onInterrupt) => {
      await complete(pq, waitCallback, deadlineOf(settings), poll, onInterrupt);
      return box(asOwn(pq, attempt) ?? asOwn(pq, block));
    }),
  );
}

/** What `getResult()` does. */
export function nextResult(pq: Libpq, block: () => unknown): unknown {
  const poll = (): PollState => {
    const state = flushed(pq);
    return state === POLL_OK ? untilResult(pq) : state;
  };
  const attempt = () => (pq.isBusy() ? undefined : pq.getResult());
  return attempted(pq, attempt, poll, block);
}

/** What `getCopyData(false)` does: the next row, or how the COPY has ended. */
export function nextCopied(pq: Libpq, block: () => unknown): unknown {
  let got: Buffer | number = 0;
  const look = (): PollState => {
    if (got === 0) got = pq.getCopyData(true);
    return got === 0 ? POLL_READ : POLL_OK;
  };
  const poll = (): PollState => {
    const state = flushed(pq);
    if (state !== POLL_OK || look() === POLL_OK) return state;
    pq.consumeInput();
    return look();
  };
  const attempt = () => (look() === POLL_OK ? got : undefined);
  return attempted(pq, attempt, poll, block);
}

/**
 * What `putCopyData(data)` and `putCopyEnd(message)` do.
 *
 * @param put returns 1 for done, 0 where it would block, and -1 for a failure
 */
export function copied(pq: Libpq, put: () => number, block: () => unknown): unknown {
  // That of a connection that is set not to block does not, nor does one that has to fail.
  if (pq.isNonBlocking() || !isActive(pq)) return block();
  let outcome = 0;
  const tryAgain = (): PollState => {
    if (outcome === 0) {
      pq.setNonBlocking(true);
      outcome = put();
    }
    const state = flushed(pq);
    if (state !== POLL_OK) return state;
    if (outcome === 0) return tryAgain();
    pq.setNonBlocking(false);
    return POLL_OK;
  };
  let state: PollState | undefined;
  const poll = (): PollState => {
    if (state !== POLL_OK) state = tryAgain();
    return state;
  };
  const attempt = () => {
    if (poll() !== POLL_OK) return undefined;
    // It fails once more, and says why.
    return outcome === 1 ? 1 : block();
  };
  return attempted(pq, attempt, poll, block);
}
