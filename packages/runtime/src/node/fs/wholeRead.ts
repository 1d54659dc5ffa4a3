/**
 * Reading all that is in a file. By its descriptor: readFile does not tell when that fails. By its path: readFile reads in steps of 512 KB, and
 * goes to the thread pool for everything; a file that may be asked in place is opened and closed there, too, and takes one way to the pool.
 */
import fs from 'node:fs';
import { types } from 'node:util';
import { asTwinsCall } from '../../monitor/twinForm.js';
import type { Done } from '../offload.js';
import type { Look } from './endless.js';
import { inPlace, isTimeFor } from './inPlace.js';

const { close, fstat, open, read } = fs;
const closeSync = asTwinsCall(fs.closeSync);
const fstatSync = asTwinsCall(fs.fstatSync);
const openSync = asTwinsCall(fs.openSync);

/** Bytes that are asked for at a time where nobody knows how many there are. */
const CHUNK = 64 * 1024;
/** Bytes of a file that are read at a time: others wait for the thread of the pool meanwhile. */
const PART = 2 ** 24;
/** Bytes of the largest file that is read: no buffer of the blocking forms holds more. */
const LARGEST = 2 ** 31 - 1;

/** No error of a system call, so that the blocking form is asked what it says. */
const leftToBlocking = () => new TypeError('left to the blocking form');

/**
 * Reads as readFileSync does: a regular file up to its size, anything else up to its end.
 *
 * @param options those of readFileSync
 * @throws for options that readFileSync refuses or has to heed itself
 */
export function readDescriptor(fd: number, options: unknown, done: Done): void {
  const encoding = encodingOf(options);
  if (!isEncoding(encoding) || namesBuffer(options)) throw leftToBlocking();
  fstat(fd, (error, stats) => {
    if (error) done(error);
    else readAll(fd, stats, encoding, done);
  });
}

/** A file that is read by its path. */
export interface ReadFile {
  readonly path: string;
  readonly encoding: BufferEncoding | undefined;
}

/** Arguments of readFile, with an absolute path, as what is to be read; undefined for unusual ones, which are left to Node. */
export function readFileOf(args: readonly unknown[]): ReadFile | undefined {
  const path = args[0];
  const options = args[1];
  if (typeof path !== 'string' || path.includes('\0') || types.isProxy(options) || namesBuffer(options))
    return undefined;
  const encoding = encodingOf(options);
  const { flag = 'r', signal }: Options = typeof options === 'object' && options !== null ? options : {};
  return isEncoding(encoding) && flag === 'r' && signal === undefined ? { path, encoding } : undefined;
}

/** Of readFile, beside its encoding. */
interface Options {
  readonly flag?: unknown;
  readonly signal?: unknown;
}

/**
 * Reads a file as {@link readDescriptor} does.
 *
 * @param look what there was when the program made the call; undefined if nobody has looked
 */
export function readWhole({ path, encoding }: ReadFile, look: Look | undefined, done: Done): void {
  const fd = look?.found?.isFile() ? openedNow(path) : undefined;
  if (fd !== undefined) {
    readOpened(path, fd, encoding, done);
    return;
  }
  open(path, 'r', (error, opened) => {
    if (error) done(error);
    else readOpened(path, opened, encoding, done);
  });
}

/** The descriptor of a file that the system has just looked at; undefined if it is to be opened on the pool, which tells what is wrong. */
function openedNow(path: string): number | undefined {
  if (!isTimeFor('ask', path)) return undefined;
  try {
    return inPlace('ask', path, () => openSync(path, 'r')) as number;
  } catch {
    return undefined;
  }
}

/** Reads a file and closes it. What the system has just looked at to open it is asked for its size in place. */
function readOpened(path: string, fd: number, encoding: BufferEncoding | undefined, done: Done): void {
  let stats: fs.Stats;
  try {
    stats = fstatSync(fd);
  } catch (failure) {
    close(fd, () => done(failure));
    return;
  }
  readAll(fd, stats, encoding, (failure, result) => {
    if (!stats.isFile() || !isTimeFor('ask', path)) {
      close(fd, (closing) => done(failure ?? closing, result));
      return;
    }
    try {
      inPlace('ask', path, () => closeSync(fd));
    } catch (closing) {
      done(failure ?? closing);
      return;
    }
    done(failure, result);
  });
}

function readAll(fd: number, stats: fs.Stats, encoding: BufferEncoding | undefined, done: Done): void {
  const size = stats.isFile() ? stats.size : 0;
  if (size > LARGEST) {
    done(leftToBlocking());
    return;
  }
  const chunks: Buffer[] = [];
  const known = size === 0 ? undefined : Buffer.allocUnsafeSlow(size);
  let length = 0;
  const next = (): void => {
    const into = known ?? Buffer.allocUnsafeSlow(CHUNK);
    const offset = known === undefined ? 0 : length;
    read(fd, into, offset, Math.min(into.length - offset, PART), null, (failure, count) => {
      if (failure) {
        done(failure);
        return;
      }
      if (known === undefined) chunks.push(into.subarray(0, count));
      length += count;
      if (count > 0 && length !== size) {
        next();
        return;
      }
      const whole = known === undefined ? Buffer.concat(chunks) : length === size ? known : known.subarray(0, length);
      let result: Buffer | string;
      try {
        result = encoding === undefined ? whole : whole.toString(encoding);
      } catch (error) {
        // Texts have a limit of their own.
        done(error);
        return;
      }
      done(undefined, result);
    });
  };
  next();
}

/** Whether the program says where to read to, which later Nodes heed. */
function namesBuffer(options: unknown): boolean {
  return typeof options === 'object' && (options as { buffer?: unknown } | null)?.buffer !== undefined;
}

function encodingOf(options: unknown): unknown {
  const encoding = typeof options === 'object' ? (options as { encoding?: unknown } | null)?.encoding : options;
  return encoding === null || encoding === '' ? undefined : encoding;
}

function isEncoding(encoding: unknown): encoding is BufferEncoding | undefined {
  return encoding === undefined || (typeof encoding === 'string' && Buffer.isEncoding(encoding));
}
