/**
 * How commands wait for the server: the contract of psycopg2's `set_wait_callback`. A callback polls the connection until it says
 * {@link POLL_OK}, and waits in between for what it says.
 */
import { timeNow } from '../node/clock.js';
import { SUSPENDED, takeOutermost, twinOf } from '../twin/protocol.js';
import { QueryTimeoutError } from './errors.js';

export const POLL_OK = 'ok';
export const POLL_READ = 'read';
export const POLL_WRITE = 'write';

/** What a connection waits for: nothing more, the socket to become readable, or writable. */
export type PollState = typeof POLL_OK | typeof POLL_READ | typeof POLL_WRITE;

/** A connection with a command under way, as wait callbacks see it. */
export interface WaitingConnection {
  /** Goes on with the command as far as it goes without waiting. */
  poll(): PollState;
  /** The file descriptor of the socket; negative where it is closed. */
  fileno(): number;
  /** When the command should have ended, by `performance.now()`; undefined without a time limit. */
  readonly deadline: number | undefined;
  /**
   * Waits on the event loop.
   *
   * @param timeout milliseconds; as long as it takes by default
   * @returns resolves to true when polling may lead on, to false when the time is over
   */
  wait(state: PollState, timeout?: number): Promise<boolean>;
  /** Asks the server to cancel the command, while the event loop goes on. The command still has to be polled to its end. */
  cancel(): void;
  /** As `cancel`, and blocks: for callbacks that do. */
  cancelSync(): void;
}

/**
 * Waits until the connection polls {@link POLL_OK}. May return a promise; of a compiled function, the asynchronous form is run.
 * What it throws closes the connection, and is thrown to whoever has called the command.
 */
export type WaitCallback = (connection: WaitingConnection) => unknown;

/** How long the server has for ending a command that it was asked to cancel, in milliseconds. */
export const GRACE = 2000;

/** A cancellation that comes before the command itself is lost: it is sent again after this many milliseconds. */
export const RECANCEL = 100;

/** Waits on the event loop, while other code runs. After the deadline, the command is cancelled. */
export async function waitEventLoop(connection: WaitingConnection): Promise<void> {
  const { deadline } = connection;
  let state = connection.poll();
  while (state !== POLL_OK) {
    if (deadline === undefined) await connection.wait(state);
    else if (!(await connection.wait(state, deadline - timeNow()))) return await canceled(connection);
    state = connection.poll();
  }
}

/** Cancels the command, and lets it end. */
async function canceled(connection: WaitingConnection): Promise<void> {
  const end = timeNow() + GRACE;
  let again = 0;
  for (let state = connection.poll(); state !== POLL_OK; state = connection.poll()) {
    const now = timeNow();
    if (now >= end) throw unanswered();
    if (now >= again) {
      connection.cancel();
      again = now + RECANCEL;
    }
    await connection.wait(state, Math.min(end, again) - now);
  }
}

function unanswered(): QueryTimeoutError {
  return new QueryTimeoutError('The query timed out, and the server did not answer to its cancellation.');
}

const napping = new Int32Array(new SharedArrayBuffer(4));

/** Longest pause between two looks at the connection, in milliseconds. */
const NAP = 2;

/** Waits, and blocks the event loop. After the deadline, the command is cancelled. */
export function waitBlocking(connection: WaitingConnection): void {
  const { deadline = Number.POSITIVE_INFINITY } = connection;
  let again = deadline;
  for (let nap = 0; connection.poll() !== POLL_OK; nap = Math.min(NAP, nap + 0.05)) {
    const now = timeNow();
    if (now >= deadline + GRACE) throw unanswered();
    if (now >= again) {
      connection.cancelSync();
      again = now + RECANCEL;
    }
    if (nap > 0) Atomics.wait(napping, 0, 0, nap);
  }
}

/** Runs a callback, in its asynchronous form where it has one. */
export async function runCallback(callback: WaitCallback, connection: WaitingConnection): Promise<void> {
  const result = (twinOf(callback) ?? callback)(connection);
  await (result === SUSPENDED ? takeOutermost() : result);
}
