/** Paths as the compiler names files. */
import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { messageOf, UnblockError } from '../errors.js';

/** Absolute, with forward slashes on every system: the identity of a file in the compiler. */
export function fileId(path: string): string {
  const absolute = resolve(path);
  return sep === '/' ? absolute : absolute.replaceAll(sep, '/');
}

/** Whether `path` is `directory` or lies under it. */
export function inside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * The text of a source file, without a byte order mark.
 *
 * @throws {UnblockError} `unreadable`
 */
export function readSource(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new UnblockError('unreadable', `${file}: the file cannot be read: ${messageOf(error)}.`);
  }
}
