/**
 * Writing a whole file on the thread pool. What has been handed to the pool is done even if the process exits meanwhile, but no step follows it then: a file would
 * be there, and nothing in it. So the steps are made here rather than by `fs.writeFile`, and when the process exits, those that are left are made in place.
 */
import fs from 'node:fs';
import { types } from 'node:util';
import type { Interruption } from '../../green/interruption.js';
import { asTwinsCall } from '../../monitor/twinForm.js';
import { setImmediate, timeNow } from '../clock.js';
import type { Done } from '../offload.js';
import { type Look, mayKeepWaiting } from './endless.js';
import { inPlace, isTimeFor, SMALL } from './inPlace.js';
import { holdingFile } from './openFiles.js';

const { close, open, write } = fs;
const fstatSync = asTwinsCall(fs.fstatSync);
const statSync = asTwinsCall(fs.statSync);
const writeFileSync = asTwinsCall(fs.writeFileSync);
const writeSync = asTwinsCall(fs.writeSync);

/** Bytes that are written by one call: more than two gigabytes systems write in parts only. */
const PART = 2 ** 30;

/** Milliseconds without any progress after which an exiting process no longer waits for the pool. */
const PATIENCE = 2000;

/** What is to be written. */
export interface WholeFile {
  readonly path: string;
  readonly data: Uint8Array;
  readonly mode: number;
  /** Whether the data comes behind what the file holds, rather than in its place. */
  readonly isAppended: boolean;
}

/** A write that is under way, and what the pool does for it now. */
interface Writing extends WholeFile {
  step: 'wait' | 'open' | 'write' | 'close';
  fd: number;
  /** The file before; undefined if there was none. */
  before: fs.Stats | undefined;
  /** The size of the file from which the data is written on. */
  start: number;
  /** How much of the data has been written, and how much of it will have been after the current step. */
  written: number;
  next: number;
  /** True once the process has exited: nothing is left to be done. */
  isFinished: boolean;
}

const underWay = new Set<Writing>();
/** Whether {@link finishAll} listens for the end of the process, and whether it is about to be removed. */
let isListening = false;
let isLeaving = false;

/** Arguments of the callback forms `writeFile` and `appendFile`, with an absolute path, as what is to be written; undefined for unusual ones, which are left to Node. */
export function wholeFileOf(name: string, args: readonly unknown[]): WholeFile | undefined {
  const way = wayOf(name, args);
  if (way === undefined) return undefined;
  const { path, mode, isAppended, encoding } = way;
  const data = bytesOf(args[1], encoding);
  return data && { path, data, mode, isAppended };
}

/** Whether a call writes a whole file by its path, as far as its options tell. */
export function writesWhole(name: string, args: readonly unknown[]): boolean {
  return wayOf(name, args) !== undefined;
}

function wayOf(name: string, args: readonly unknown[]) {
  const path = args[0];
  const options = args[2];
  const isAppending = name === 'appendFile';
  // Nobody has tried on Windows what an exiting process sees of the pool's steps.
  if (process.platform === 'win32' || (!isAppending && name !== 'writeFile')) return undefined;
  if (typeof path !== 'string' || path.includes('\0')) return undefined;
  const given = typeof options === 'string' ? { encoding: options } : (options ?? {});
  if (!isPlain(given)) return undefined;
  const { encoding, mode = 0o666, flag = isAppending ? 'a' : 'w', flush = false } = given;
  if ((flag !== 'a' && flag !== 'w') || flush !== false) return undefined;
  if (typeof mode !== 'number' || !Number.isInteger(mode) || mode < 0 || mode > 0o7777) return undefined;
  return { path, mode, isAppended: flag === 'a', encoding: encoding ?? 'utf8' };
}

type Options = Readonly<Partial<Record<'encoding' | 'mode' | 'flag' | 'flush', unknown>>>;

function isPlain(options: unknown): options is Options {
  if (typeof options !== 'object' || options === null || types.isProxy(options)) return false;
  const parent: unknown = Object.getPrototypeOf(options);
  return parent === null || parent === Object.prototype;
}

function bytesOf(data: unknown, encoding: unknown): Uint8Array | undefined {
  if (typeof encoding !== 'string' || !Buffer.isEncoding(encoding)) return undefined;
  if (typeof data === 'string') return Buffer.from(data, encoding);
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : undefined;
}

/**
 * Writes a file as `fs.writeFile` and `fs.appendFile` do. If the process exits meanwhile, the file is written before the listeners of `exit` run.
 *
 * @param look what there was when the program made the call; undefined if nobody has looked
 */
export function writeWhole(
  { path, data, mode, isAppended }: WholeFile,
  look: Look | undefined,
  interruption: Interruption | undefined,
  done: Done,
): void {
  const writing: Writing = {
    path,
    data,
    mode,
    isAppended,
    step: 'wait',
    fd: -1,
    before: look === undefined ? found(path) : look.found,
    start: 0,
    written: 0,
    next: 0,
    isFinished: false,
  };
  begin(writing);
  const finish: Done = (error) => {
    end(writing);
    done(error);
  };
  if (mayKeepWaiting(look)) openNow(writing, finish);
  else {
    const start = (end: Done, isLate: boolean): void => {
      if (isLate) writing.before = found(path);
      openNow(writing, end);
    };
    holdingFile(start, finish, interruption);
  }
}

function openNow(writing: Writing, done: Done): void {
  const { path, mode, isAppended, isFinished } = writing;
  if (isFinished) {
    done(undefined);
    return;
  }
  writing.step = 'open';
  open(path, isAppended ? 'a' : 'w', mode, (error, fd) => {
    if (error) {
      writing.step = 'wait';
      done(error);
      return;
    }
    writing.fd = fd;
    // In place: the system has just looked at the file to open it.
    if (isAppended) writing.start = found(fd)?.size ?? 0;
    writeNext(writing, done);
  });
}

/** A file, by its path or descriptor; undefined if there is none, or nobody may ask. */
function found(file: string | number): fs.Stats | undefined {
  try {
    return typeof file === 'number' ? fstatSync(file) : statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function writeNext(writing: Writing, done: Done): void {
  const { path, fd, data, written, isFinished } = writing;
  if (isFinished || written === data.byteLength) {
    shut(writing, undefined, done);
    return;
  }
  if (isQuick(writing)) {
    try {
      inPlace('change', path, () => writeNow(writing));
    } catch (error) {
      shut(writing, error, done);
      return;
    }
    shut(writing, undefined, done);
    return;
  }
  writing.step = 'write';
  writing.next = Math.min(written + PART, data.byteLength);
  write(fd, data, written, writing.next - written, null, (error, count) => {
    if (error) {
      shut(writing, error, done);
      return;
    }
    writing.written += count;
    writeNext(writing, done);
  });
}

/** Whether it takes less time to write in place than to ask the pool. If there are others, the threads of the pool write at the same time. */
function isQuick({ path, data, before }: Writing): boolean {
  if (underWay.size > 1 || data.byteLength > SMALL || before?.isFile() === false) return false;
  return isTimeFor('change', path);
}

function writeNow(writing: Writing): void {
  const { fd, data } = writing;
  while (writing.written < data.byteLength) {
    writing.written += writeSync(fd, data, writing.written);
  }
}

function shut(writing: Writing, error: unknown, done: Done): void {
  writing.step = 'close';
  close(writing.fd, (failure) => done(error ?? failure));
}

function begin(writing: Writing): void {
  underWay.add(writing);
  if (isListening) return;
  isListening = true;
  // Before the listeners of the program, which may read what it has written.
  process.prependListener('exit', finishAll);
}

function end(writing: Writing): void {
  underWay.delete(writing);
  if (underWay.size > 0 || isLeaving) return;
  isLeaving = true;
  // Who has waited for the write may begin the next.
  setImmediate(leave).unref();
}

function leave(): void {
  isLeaving = false;
  if (underWay.size > 0) return;
  isListening = false;
  process.removeListener('exit', finishAll);
}

function finishAll(): void {
  for (const writing of underWay) {
    // The program may emit `exit` itself. The steps go on then, and must not do again what has been done.
    if (writing.isFinished) continue;
    writing.isFinished = true;
    try {
      finish(writing);
    } catch {
      // There is nobody left who could be told.
    }
  }
}

/** Makes in place what is left of a write, or waits for what the pool is about to do. */
function finish(writing: Writing): void {
  const { step, path, data, mode, isAppended, fd, before, start, next } = writing;
  if (step === 'wait' || step === 'open') {
    // What is no regular file may keep the process waiting for ever.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) return;
    // What is written must not be lost when the pool opens the file, and empties it, after that.
    if (step === 'open' && !isAppended) waitUntil(() => isEmptied(found(path), before));
    writeFileSync(path, data, { mode, flag: isAppended ? 'a' : 'w' });
    return;
  }
  if (step === 'close' || !fstatSync(fd).isFile()) return;
  if (!waitUntil(() => (found(fd)?.size ?? 0) >= start + next, fd)) return;
  for (let at = next; at < data.byteLength; ) at += writeSync(fd, data, at);
}

/** Whether a file has been made or emptied. One that was empty before has been changed then. */
function isEmptied(now: fs.Stats | undefined, before: fs.Stats | undefined): boolean {
  if (now === undefined || before === undefined) return now !== undefined;
  return now.size === 0 && (before.size > 0 || now.ctimeMs !== before.ctimeMs);
}

/**
 * Waits until the pool has made a step; false if it does not.
 *
 * @param fd the descriptor of a file that grows meanwhile
 */
function waitUntil(isDone: () => boolean, fd?: number): boolean {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  let last: number | undefined;
  for (let since = timeNow(); timeNow() - since < PATIENCE; Atomics.wait(clock, 0, 0, 1)) {
    if (isDone()) return true;
    const size = fd === undefined ? last : found(fd)?.size;
    if (size !== last) since = timeNow();
    last = size;
  }
  return false;
}
