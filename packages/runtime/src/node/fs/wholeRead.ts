/**
 * Reading all that is in a file. By its descriptor: readFile does not tell when that fails. By its path: readFile reads in steps of 512 KB, and
 * goes to the thread pool to ask for the size; a file that may be asked in place takes three ways to the pool.
 */
import fs from 'node:fs';
import { types } from 'node:util';
import { asTwinsCall } from '../../monitor/twinForm.js';
import type { Done } from '../offload.js';

const { close, fstat, open, read } = fs;
const fstatSync = asTwinsCall(fs.fstatSync);

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
export function readFileOf([path, options]: readonly unknown[]): ReadFile | undefined {
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

/** Reads a file as {@link readDescriptor} does. What the system has just looked at to open it is asked for its size in place. */
export function readWhole({ path, encoding }: ReadFile, done: Done): void {
  open(path, 'r', (error, fd) => {
    if (error) {
      done(error);
      return;
    }
    const finish: Done = (failure, result) => close(fd, (closing) => done(failure ?? closing, result));
    let stats: fs.Stats;
    try {
      stats = fstatSync(fd);
    } catch (failure) {
      finish(failure);
      return;
    }
    readAll(fd, stats, encoding, finish);
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
