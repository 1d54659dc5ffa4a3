/**
 * Calls that complete in place: reading a small file that is in the page cache takes less time than handing the work to the thread pool
 * does. What a call takes is measured by directory; where one was slow, calls go to the pool for a while.
 */
import fs from 'node:fs';
import { performance } from 'node:perf_hooks';

const { fstatSync, statSync } = fs;

/** Milliseconds that calls in place may take in one turn of the event loop. */
const BUDGET = 5;
/** Milliseconds after which a call counts as slow. */
const SLOW = 1;
/** Milliseconds for which a directory is avoided after a slow call; doubled by each further one. */
const FIRST_PENALTY = 100;
const LAST_PENALTY = 60_000;
/** Bytes of a file or transfer up to which reading is quick. */
const SMALL = 128 * 1024;
/** Directories remembered. */
const CAPACITY = 4096;
/** Stands for the directory of files that are only known by their descriptor. */
const DESCRIPTORS = ':descriptors';

interface Record {
  /** Time, in milliseconds, from which calls may be made in place. */
  allowedFrom: number;
  penalty: number;
}

const records = new Map<string, Record>();
let spent = 0;
let turnEnds = false;
let enabled = true;

/** Switches completion in place on or off, for the whole process; on by default. */
export function completeInPlace(on: boolean): void {
  enabled = on;
}

function endTurn(): void {
  spent = 0;
  turnEnds = false;
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
  const [, buffer, offset, length] = args;
  if (!ArrayBuffer.isView(buffer)) return false;
  const wanted = typeof offset === 'number' && typeof length === 'number' ? length : buffer.byteLength;
  return wanted <= SMALL && quickOnDescriptor(args);
};

function directoryOf(path: unknown): string {
  return typeof path === 'string' ? path.slice(0, path.lastIndexOf('/') + 1) : DESCRIPTORS;
}

/**
 * Whether a call may complete in place now: its directory is known and was quick, and this turn of the loop has time left.
 *
 * @param path its first argument
 */
export function mayCompleteInPlace(path: unknown): boolean {
  if (!enabled || spent > BUDGET) return false;
  const record = records.get(directoryOf(path));
  return record !== undefined && (record.allowedFrom === 0 || performance.now() >= record.allowedFrom);
}

/** Makes the call, and takes its time. */
export function inPlace(path: unknown, call: () => unknown): unknown {
  const started = performance.now();
  try {
    return call();
  } finally {
    account(directoryOf(path), performance.now() - started);
  }
}

function account(directory: string, took: number): void {
  spent += took;
  if (!turnEnds) {
    turnEnds = true;
    setImmediate(endTurn).unref();
  }
  const record = records.get(directory);
  if (record === undefined) return;
  if (took > SLOW) {
    record.penalty = Math.min(LAST_PENALTY, record.penalty === 0 ? FIRST_PENALTY : record.penalty * 2);
    record.allowedFrom = performance.now() + record.penalty;
  } else if (record.penalty !== 0) {
    record.penalty = 0;
    record.allowedFrom = 0;
  }
}

/** Remembers that a call on the thread pool has come back: the next one in its directory may be tried in place. */
export function remember(path: unknown): void {
  const directory = directoryOf(path);
  if (records.has(directory)) return;
  if (records.size >= CAPACITY) records.clear();
  records.set(directory, { allowedFrom: 0, penalty: 0 });
}
