/**
 * Which calls that change files may complete in place. A little that is written to a new file, or to the end of one, goes to the page cache, and takes
 * less time than the three ways to the thread pool that opening, writing and closing are. What waits for a disk never completes in place: `fsync`,
 * synchronous flags, and putting something in place of what a file held, which file systems write to the disk at once (ext4 calls it `auto_da_alloc`). Nor
 * does what waits for others, as FIFOs and devices do.
 */
import fs from 'node:fs';
import { isAbsolute } from 'node:path';
import { asTwinsCall } from '../../monitor/twinForm.js';
import { type Quick, quickOnDescriptor, quickOpen, SMALL } from './inPlace.js';

const lstatSync = asTwinsCall(fs.lstatSync);
const statSync = asTwinsCall(fs.statSync);

/** Bytes up to which the file system gives a file up quickly. */
const SMALL_TO_REMOVE = 8 * SMALL;

/** Flags that neither wait for the disk nor are numbers, of which some do. */
const APPENDING: ReadonlySet<unknown> = new Set(['a', 'ax', 'xa', 'a+', 'ax+', 'xa+', 'r+']);
const REPLACING: ReadonlySet<unknown> = new Set(['w', 'wx', 'xw', 'w+', 'wx+', 'xw+']);

/** Paths remembered. */
const CAPACITY = 1024;

/**
 * Paths of regular files that were found to hold something: to ask takes half as long as to append. What is one no more is replaced on the pool without
 * need, and appended to in place even if that waits, as the blocking call does.
 */
const filled = new Set<string>();

function rememberFilled(path: string): void {
  if (filled.size >= CAPACITY) filled.clear();
  filled.add(path);
}

/** A regular file is opened, and nothing that it holds is lost. */
function opensQuickly(path: unknown, flag: unknown): boolean {
  if (typeof path !== 'string' || path.includes('\0')) return false;
  const isReplaced = REPLACING.has(flag);
  if (!isReplaced && !APPENDING.has(flag)) return false;
  if (filled.has(path)) return !isReplaced;
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return true;
    if (!found.isFile()) return false;
    if (found.size > 0 && isAbsolute(path)) rememberFilled(path);
    return !isReplaced || found.size === 0;
  } catch {
    return true;
  }
}

function isSmall(data: unknown): boolean {
  if (typeof data === 'string') return data.length <= SMALL;
  return ArrayBuffer.isView(data) && data.byteLength <= SMALL;
}

function writesQuickly([file, data, options]: readonly unknown[], usualFlag: string): boolean {
  if (!isSmall(data)) return false;
  const given: Options = typeof options === 'object' && options !== null ? options : {};
  if (given.flush) return false;
  return typeof file === 'number' ? quickOnDescriptor([file]) : opensQuickly(file, given.flag ?? usualFlag);
}

/** Of writeFile and appendFile. */
interface Options {
  readonly flag?: unknown;
  readonly flush?: unknown;
}

/** A file is opened, for reading or for writing. */
export const quickOpenForAnything: Quick = (args) => quickOpen(args) || opensQuickly(args[0], args[1]);

/** Little is written to a file that is new or empty. */
export const quickWriteFile: Quick = (args) => writesQuickly(args, 'w');

/** Little is written to the end of a file. */
export const quickAppendFile: Quick = (args) => writesQuickly(args, 'a');

/** Little is written to the descriptor of a regular file. */
export const quickWrite: Quick = (args) => isSmall(args[1]) && quickOnDescriptor(args);

/** A file is removed that is not large. */
export const quickUnlink: Quick = ([path]) => {
  const found = typeof path === 'string' ? foundAt(path) : 'unknown';
  return found === undefined || (found !== 'unknown' && !(found.isFile() && found.size > SMALL_TO_REMOVE));
};

/** A file gets a name that no other has had. */
export const quickRename: Quick = ([from, to]) =>
  typeof from === 'string' && typeof to === 'string' && foundAt(to) === undefined;

function foundAt(path: string): fs.Stats | undefined | 'unknown' {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return 'unknown';
  }
}
