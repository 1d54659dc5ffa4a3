/** Twins of the functions of libpq that move the rows of a COPY, of those that send without waiting for results, and of `getResult`. */
import { box, suspend } from '../twin/protocol.js';
import { flushed, untilResult } from './command.js';
import type { Libpq } from './driver.js';
import {
  asOwn,
  complete,
  deadlineOf,
  isActive,
  onConnection,
  settingsFor,
  timedOut,
  wasCanceled,
} from './operation.js';
import { busy, isTaken } from './turns.js';
import { POLL_OK, POLL_READ, type PollState } from './waitCallback.js';

/**
 * Tries at once what may not block, and suspends if it has to wait.
 *
 * @param attempt returns undefined if it has to wait for `poll` to reach its end
 * @param poll goes on; after its end, `attempt` is asked for the result
 * @param isCut whether a cancel request has ended what the call waits for, and not only come too late
 */
function attempted(
  pq: Libpq,
  attempt: () => unknown,
  poll: () => PollState,
  block: () => unknown,
  isCut: () => boolean = () => true,
): unknown {
  const settings = settingsFor(pq);
  const { waitCallback } = settings;
  if (isTaken(pq)) throw busy();
  if (waitCallback === null || pq.connected !== true || pq.socket() < 0) return block();
  const first = attempt();
  if (first !== undefined) return first;
  const deadline = deadlineOf(settings);
  return suspend(
    onConnection(pq, settings, async (onInterrupt) => {
      const isLate = await complete(pq, waitCallback, deadline, poll, onInterrupt);
      const result = asOwn(pq, attempt) ?? asOwn(pq, block);
      if (isLate && isCut()) throw timedOut();
      return box(result);
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
  return attempted(pq, attempt, poll, block, () => wasCanceled(pq));
}

/**
 * What `sendQuery(text)` and the like do, and `pipelineSync()`: they do not wait for results, but until all is sent.
 *
 * @param send false for a failure
 * @param outcome what the call returns when all is sent
 */
export function sent(
  pq: Libpq,
  send: () => boolean,
  block: () => unknown,
  outcome: () => unknown = () => true,
): unknown {
  if (pq.isNonBlocking()) return block();
  let isSent: boolean | undefined;
  const goOn = (): PollState => {
    if (isSent === undefined) {
      pq.setNonBlocking(true);
      isSent = send();
    }
    const state = isSent ? flushed(pq) : POLL_OK;
    if (state === POLL_OK) pq.setNonBlocking(false);
    return state;
  };
  const poll = untilOk(goOn);
  const attempt = () => {
    if (poll() !== POLL_OK) return undefined;
    if (isSent) return outcome();
    // It fails once more, where nothing says why any more.
    return pq.errorMessage() === '' ? block() : false;
  };
  return attempted(pq, attempt, poll, block);
}

/** `poll`, which is not called any more behind its end. */
function untilOk(poll: () => PollState): () => PollState {
  let state: PollState | undefined;
  return () => {
    if (state !== POLL_OK) state = poll();
    return state;
  };
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
    // Where that fails, nothing more comes, and the blocking form says so.
    return pq.consumeInput() ? look() : POLL_OK;
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
  const poll = untilOk(tryAgain);
  const attempt = () => {
    if (poll() !== POLL_OK) return undefined;
    // It fails once more, and says why.
    return outcome === 1 ? 1 : block();
  };
  return attempted(pq, attempt, poll, block);
}
