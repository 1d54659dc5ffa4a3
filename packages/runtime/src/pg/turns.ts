/**
 * Whose turn it is on a connection. A blocking program makes one call at a time; compiled, several flows of control may share a connection.
 * A call that comes while another is under way is known to be another flow's: it waits until that is done and the connection is in no
 * transaction, or is refused.
 */
import { inCommon } from '../twin/common.js';
import { asWait, beginWait, endWait } from '../twin/waits.js';
import { delayOf } from './delay.js';
import { ConnectionBusyError } from './errors.js';
import type { OnInterrupt } from './interrupting.js';

interface Line {
  /** A call is under way. */
  running: boolean;
  readonly waiting: { readonly begin: () => void }[];
}

interface Rules {
  readonly concurrentUse: 'queue' | 'refuse';
  readonly queueTimeout: number;
  /** Whether the next flow may have the connection: no transaction is open, and no command under way. */
  readonly isFree: () => boolean;
}

const lines = inCommon('pg.turns/1', () => new WeakMap<object, Line>());

const REMEDY = 'Give each flow of control a connection of its own, such as by pool.withConnection.';

/** Whether a call is under way on the connection. */
export function isTaken(connection: object): boolean {
  return lines.get(connection)?.running === true;
}

export function busy(): ConnectionBusyError {
  return new ConnectionBusyError(`The connection is in use by another flow of control. ${REMEDY}`);
}

function lineOf(connection: object): Line {
  let line = lines.get(connection);
  if (line === undefined) {
    line = { running: false, waiting: [] };
    lines.set(connection, line);
  }
  return line;
}

/**
 * Takes the turn where no call is under way.
 *
 * @returns ends it; undefined where a call is under way
 */
export function takeTurn(connection: object, isFree: () => boolean): (() => void) | undefined {
  const line = lineOf(connection);
  if (line.running) return undefined;
  line.running = true;
  const wait = beginWait();
  return () => {
    endWait(wait);
    passOn(line, isFree);
  };
}

/**
 * Runs `body` when it is its turn: at once, where no call is under way.
 *
 * @param onInterrupt how an interruption of the wait is heard of
 * @throws {ConnectionBusyError} where concurrent use is refused, or the turn does not come in time
 */
export function inTurn<T>(
  connection: object,
  rules: Rules,
  onInterrupt: OnInterrupt,
  body: () => T | Promise<T>,
): Promise<T> {
  const line = lineOf(connection);
  if (!line.running) return runIn(line, rules, onInterrupt, body);
  if (rules.concurrentUse === 'refuse') return Promise.reject(busy());
  return whenIn(line, rules, onInterrupt, body);
}

async function whenIn<T>(line: Line, rules: Rules, onInterrupt: OnInterrupt, body: () => T | Promise<T>): Promise<T> {
  await asWait(turnIn(line, rules.queueTimeout, onInterrupt));
  return await runIn(line, rules, onInterrupt, body);
}

async function runIn<T>(line: Line, rules: Rules, onInterrupt: OnInterrupt, body: () => T | Promise<T>): Promise<T> {
  line.running = true;
  const wait = beginWait();
  try {
    throwWhatCame(onInterrupt);
    return await body();
  } finally {
    endWait(wait);
    passOn(line, rules.isFree);
  }
}

/** Throws for an interruption between the turn and its use: `body` would have nothing to cancel yet. */
function throwWhatCame(onInterrupt: OnInterrupt): void {
  const came: unknown[] = [];
  onInterrupt((reason) => came.push(reason));
  if (came.length > 0) throw came[0];
}

function turnIn(line: Line, timeout: number, onInterrupt: OnInterrupt): Promise<void> {
  return new Promise((resolve, reject) => {
    const place = {
      begin() {
        clearTimeout(timer);
        onInterrupt(() => {});
        resolve();
      },
    };
    const leave = (error: unknown): void => {
      clearTimeout(timer);
      const at = line.waiting.indexOf(place);
      if (at >= 0) line.waiting.splice(at, 1);
      reject(error);
    };
    const timer = setTimeout(() => {
      leave(
        new ConnectionBusyError(
          `The connection was in use by another flow of control, or in its transaction, for ${timeout} ms. ${REMEDY}`,
        ),
      );
    }, delayOf(timeout));
    line.waiting.push(place);
    onInterrupt(leave);
  });
}

/** Who has made the call reads its result from the connection first: the next begins a turn of the event loop later. */
function passOn(line: Line, isFree: () => boolean): void {
  if (line.waiting.length === 0 || !isFree()) {
    line.running = false;
    return;
  }
  setImmediate(() => {
    const next = line.waiting.shift();
    if (next === undefined) line.running = false;
    else next.begin();
  });
}
