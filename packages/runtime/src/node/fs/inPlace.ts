/**
 * Calls that complete in place: reading a small file that is in the page cache, or writing one, takes less time than handing the work to the
 * thread pool does. What a call takes is measured by directory, apart for calls that ask and calls that change something; where one was slow, calls
 * go to the pool for a while.
 */
import fs from 'node:fs';
import { isAbsolute } from 'node:path';
import { asTwinsCall } from '../../monitor/twinForm.js';
import { setImmediate, timeNow } from '../clock.js';
import { nextTick, queueMicrotask } from '../nextTick.js';
import { answer, type Offload, starts } from '../offload.js';
import { isExhaustedByCalls } from './openFiles.js';

const fstatSync = asTwinsCall(fs.fstatSync);
const statSync = asTwinsCall(fs.statSync);

/**
 * Milliseconds of a turn of the event loop, from its first call in place, in which others may follow. What the program does in between counts: long
 * turns keep new connections waiting, of which libuv accepts one a turn.
 */
const BUDGET = 5;
/** Turns in succession in which one caller may be served before others: a walk through thousands of files would keep everybody else waiting. */
const TURNS = 3;
/** Milliseconds that calls may take on average. One that takes longer may only have lost the processor for a while. */
const SLOW = 0.2;
/** Milliseconds on average from which calls count as quick again. */
const QUICK = 0.1;
/** How much of the average the last call is. */
const WEIGHT = 1 / 32;
/** Milliseconds for which a directory is avoided when it has become slow; doubled when it still is then. */
const FIRST_PENALTY = 100;
const LAST_PENALTY = 60_000;
/** Bytes of a file or transfer up to which reading is quick. */
export const SMALL = 128 * 1024;
/** Directories remembered. */
const CAPACITY = 4096;
/** Stands for the directory of files that are only known by their descriptor. */
const DESCRIPTORS = ':descriptors';
/** No path. */
const NONE = Symbol('none');
/** Stands for the result of a call that has not been made. */
export const NOT_NOW = Symbol('not now');

interface Record {
  /** Time, in milliseconds, from which calls may be made in place. */
  allowedFrom: number;
  penalty: number;
  /** Milliseconds that calls take on average, the last ones above all. */
  average: number;
}

/** Whether a call only asks, or changes something. */
export type Kind = 'ask' | 'change';

interface Records {
  readonly byDirectory: Map<string, Record>;
  /** What was looked up last: a call asks several times, and the next is often about a file beside it. */
  lastPath: unknown;
  lastDirectory: string;
  last: Record | undefined;
}

const newRecords = (): Records => ({
  byDirectory: new Map(),
  lastPath: NONE,
  lastDirectory: DESCRIPTORS,
  last: undefined,
});
const records: Readonly<globalThis.Record<Kind, Records>> = { ask: newRecords(), change: newRecords() };
/** When the first call of this turn was made in place; undefined if none was. */
let turnStart: number | undefined;
/** Descriptors that were those of regular files in this turn. */
const regular = new Set<unknown>();
let enabled = true;

/** Switches completion in place on or off, for the whole process; on by default. */
export function completeInPlace(on: boolean): void {
  enabled = on;
}

function endTurn(): void {
  turnStart = undefined;
  regular.clear();
}

function isTurnOver(now = timeNow()): boolean {
  return turnStart !== undefined && now - turnStart > BUDGET;
}

/** Which calls of a function may complete in place, by their arguments. */
export type Quick = (args: readonly unknown[]) => boolean;

/** The file system is only asked about a path. */
export const quickOnPath: Quick = ([path]) => typeof path === 'string';

/** A small regular file is read, or one that does not exist. */
export const quickRead: Quick = ([path]) => {
  if (typeof path !== 'string' || path.includes('\0')) return false;
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined || (found.isFile() && found.size <= SMALL);
  } catch {
    return true;
  }
};

/** A file is opened for reading: a device or a FIFO would wait. */
export const quickOpen: Quick = (args) => (args[1] === undefined || args[1] === 'r') && quickRead([args[0]]);

/** The descriptor of a regular file is asked about or closed. */
export const quickOnDescriptor: Quick = ([fd]) => {
  try {
    return fstatSync(fd as number).isFile();
  } catch {
    return false;
  }
};

/** A small part of a regular file is read. */
export const quickTransfer: Quick = (args) => {
  const [fd, buffer, offset, length] = args;
  if (!ArrayBuffer.isView(buffer)) return false;
  const wanted = typeof offset === 'number' && typeof length === 'number' ? length : buffer.byteLength;
  if (wanted > SMALL) return false;
  // To ask costs as much as to read. Should it be another file by now that makes readers wait, it has no positions, and refuses at once.
  if (regular.has(fd) && isPositioned(args)) return true;
  if (!quickOnDescriptor(args)) return false;
  if (turnStart !== undefined) regular.add(fd);
  return true;
};

/** Whether a read names its position, and so neither heeds nor moves that of the descriptor. */
export function isPositioned([, , offset, length, position]: readonly unknown[]): boolean {
  return typeof offset === 'number' && typeof length === 'number' && typeof position === 'number' && position >= 0;
}

function directoryOf(path: unknown): string {
  return typeof path === 'string' ? path.slice(0, path.lastIndexOf('/') + 1) : DESCRIPTORS;
}

function isIn(directory: string, path: unknown): boolean {
  if (typeof path !== 'string') return directory === DESCRIPTORS;
  return path.startsWith(directory) && path.lastIndexOf('/') === directory.length - 1;
}

function recordOf(kind: Kind, path: unknown): Record | undefined {
  const known = records[kind];
  if (path === known.lastPath) return known.last;
  known.lastPath = path;
  if (!isIn(known.lastDirectory, path)) {
    known.lastDirectory = directoryOf(path);
    known.last = known.byDirectory.get(known.lastDirectory);
  }
  return known.last;
}

/** A call on the pool, whose errors are made those of the blocking form by {@link Offload.repeat}, if at all. */
export type PoolCall = Omit<Offload, 'collect' | 'describeFailure'>;

/** How a call is made: in place now, in place when the loop has turned, or on the thread pool. */
export type Way = 'now' | 'later' | 'pool';

/**
 * Chooses the way of a call. It may complete in place if its directory is known and was quick. When the turn's time is used up it waits
 * for its turn, rather than for the pool: of many requests, those on the pool would fall behind those that always find time.
 *
 * @param path names where it is done: its first argument
 */
export function wayOf(kind: Kind, path: unknown, isQuick: () => boolean): Way {
  if (!enabled || !wasQuick(kind, path)) return 'pool';
  const isLater = isTurnOver();
  // A relative path would be another one after a change of directory.
  if (isLater && typeof path === 'string' && !isAbsolute(path)) return 'pool';
  if (!isQuick()) return 'pool';
  return isLater ? 'later' : 'now';
}

/** Whether a step of a call that is under way may be made in place now. `path` is absolute. */
export function isTimeFor(kind: Kind, path: string): boolean {
  return enabled && wasQuick(kind, path) && !isTurnOver();
}

/** Whether such calls on files where this one is have taken no time so far. */
export function wasQuick(kind: Kind, path: unknown): boolean {
  const record = recordOf(kind, path);
  return record !== undefined && (record.penalty === 0 || timeNow() >= record.allowedFrom);
}

/** Whether such calls on files where this one is have taken time. */
export function isSlow(kind: Kind, path: unknown): boolean {
  return recordOf(kind, path) !== undefined && !wasQuick(kind, path);
}

/**
 * Makes a call in place in one of the next turns; on the pool if it is not quick any more.
 *
 * @param block makes it in place
 * @param makeOnPool makes it on the pool: few calls need that
 */
export function inLaterTurn(
  kind: Kind,
  path: unknown,
  isQuick: () => boolean,
  block: () => unknown,
  makeOnPool: () => PoolCall,
): Offload {
  let onPool: PoolCall | undefined;
  return {
    start: (done) => {
      wait(() => {
        const goOnPool = () => {
          onPool = makeOnPool();
          if (!starts(onPool, done)) answer(block, done);
        };
        if (!wasQuick(kind, path) || !isQuick()) {
          goOnPool();
          return;
        }
        answer(
          () => inPlace(kind, path, block),
          (error, result) => {
            if (isExhaustedByCalls(error)) goOnPool();
            else done(error, result);
          },
        );
      });
    },
    block,
    repeatOnFailure: (error) => {
      const repeats = onPool?.repeatOnFailure ?? false;
      return typeof repeats === 'function' ? repeats(error) : repeats;
    },
    repeat: () => (onPool?.repeat ?? block)(),
  };
}

/** A call that waits for a turn. */
interface Waiting {
  readonly make: () => void;
  /** In how many turns in succession its caller has been served before. */
  readonly turns: number;
}

const waiting: Waiting[] = [];
/** The call that is served, and those of who goes on with what it has given and waits again. */
let serving: { readonly turns: number; readonly next: Waiting[] } | undefined;

function wait(make: () => void): void {
  if (serving !== undefined) serving.next.push({ make, turns: serving.turns + 1 });
  else if (waiting.push({ make, turns: 0 }) === 1) setImmediate(serve);
}

/** Makes the calls that wait, one by one, while the turn lasts. One immediate for all: each of hundreds would look at the clock in every turn. */
function serve(): void {
  if (isTurnOver()) {
    setImmediate(serve);
    return;
  }
  const { make, turns } = waiting.shift() as Waiting;
  serving = { turns, next: [] };
  // A tick comes behind all microtasks, in which the caller goes on. What that takes counts.
  queueMicrotask(() => nextTick(serveNext));
  make();
}

/** Who goes on comes before all others, and so to an end, unless it takes too many turns. */
function serveNext(): void {
  const next = serving?.next ?? [];
  serving = undefined;
  waiting.unshift(...next.filter(({ turns }) => turns < TURNS));
  for (const { make, turns } of next) if (turns >= TURNS) waiting.push({ make, turns: 0 });
  if (waiting.length > 0) serve();
}

/** Makes a call whose {@link wayOf way} is `now` and returns its result; {@link NOT_NOW} without having made it if that is another. */
export function ifNow(kind: Kind, path: unknown, isQuick: () => boolean, call: () => unknown): unknown {
  if (!enabled || !wasQuick(kind, path)) return NOT_NOW;
  const now = timeNow();
  return isTurnOver(now) || !isQuick() ? NOT_NOW : inPlace(kind, path, call, now);
}

/** Makes the call, and takes its time. */
export function inPlace(kind: Kind, path: unknown, call: () => unknown, started = timeNow()): unknown {
  if (turnStart === undefined) {
    turnStart = started;
    setImmediate(endTurn);
  }
  try {
    return call();
  } finally {
    account(recordOf(kind, path), timeNow() - started);
  }
}

function account(record: Record | undefined, took: number): void {
  if (record === undefined) return;
  record.average += (took - record.average) * WEIGHT;
  if (record.average > SLOW) {
    record.penalty = Math.min(LAST_PENALTY, record.penalty === 0 ? FIRST_PENALTY : record.penalty * 2);
    record.allowedFrom = timeNow() + record.penalty;
    // The next slow call is one too many, and a dozen quick ones are enough.
    record.average = SLOW;
  } else if (record.average < QUICK) record.penalty = 0;
}

/** Remembers that a call on the thread pool has come back: the next one in its directory may be tried in place. */
export function remember(kind: Kind, path: unknown): void {
  if (recordOf(kind, path) !== undefined) return;
  const known = records[kind];
  if (known.byDirectory.size >= CAPACITY) known.byDirectory.clear();
  known.last = { allowedFrom: 0, penalty: 0, average: 0 };
  known.byDirectory.set(directoryOf(path), known.last);
}
