/**
 * Relative paths for calls that happen later: made absolute when the program makes the call, and turned back into what it wrote wherever
 * Node shows them.
 */
import { normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toUSVString } from 'node:util';

/** Turns text of Node's about absolute paths into text about the paths that were written. */
export type Restore = (text: string) => string;

export interface AbsolutePaths {
  readonly paths: readonly string[];
  readonly restore: Restore;
}

/** A path, as the program wrote it, and as it is. */
interface Path {
  readonly written: string;
  readonly absolute: string;
  /** The forms in which Node may show it, and what the program wrote for each; none of a path that is absolute as it was written. */
  readonly pairs: readonly Pair[];
}

type Pair = readonly [absolute: string, written: string];

/** @returns undefined for paths of which later text could not be told to be about what was written */
export function absolutePaths(values: readonly unknown[]): AbsolutePaths | undefined {
  const found: Path[] = [];
  for (const value of values) {
    const path = pathOf(value);
    if (path === undefined || found.some((other) => isAmbiguous(path, other) || isAmbiguous(other, path)))
      return undefined;
    found.push(path);
  }
  const pairs = found.flatMap((path) => path.pairs);
  return { paths: found.map((path) => path.absolute), restore: (text) => restored(text, pairs) };
}

function pathOf(value: unknown): Path | undefined {
  const written = value instanceof URL && value.protocol === 'file:' ? fileURLToPath(value) : value;
  if (typeof written !== 'string' || written === '' || written.includes('\0')) return undefined;
  if (!isShownAsItIs(written)) return undefined;
  if (written.startsWith('/')) return { written, absolute: written, pairs: [] };
  const cwd = currentDirectory();
  const pairs = cwd === undefined ? undefined : absolute(cwd, written);
  return pairs === undefined ? undefined : { written, absolute: pairs[0]?.[0] as string, pairs };
}

/** Whether text about `path` would be taken for text about `other`, which was written from somewhere else. */
function isAmbiguous(path: Path, other: Path): boolean {
  if (isFromHere(path) && isFromHere(other)) return false;
  return other.pairs.some(([known]) => isWithin(normalize(path.absolute), known));
}

/** Whether a path was written as one below the working directory. */
function isFromHere({ written }: Path): boolean {
  return !written.startsWith('/') && !written.split('/').includes('..');
}

/** Whether errors show a path as it is: of half a character, some make another. */
export function isShownAsItIs(path: unknown): boolean {
  return typeof path !== 'string' || toUSVString(path) === path;
}

/** The working directory; undefined if it has been removed. */
export function currentDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** The forms in which Node may show a path: joined as it is, and normalised. */
function absolute(cwd: string, written: string): Pair[] | undefined {
  const normal = withoutSlash(normalize(written));
  if (cwd === '/') return undefined;
  if (normal === '.') {
    // Nothing is left of it in joined paths.
    return written === '.' || written === './'
      ? [
          [`${cwd}/${written}`, written],
          [`${cwd}/`, ''],
        ]
      : undefined;
  }
  if (written.split('/').includes('..')) {
    return withoutSlash(written) === normal && normal !== '..' && !normal.endsWith('/..')
      ? [
          [resolve(written) + (written.endsWith('/') ? '/' : ''), written],
          [resolve(written), normal],
        ]
      : undefined;
  }
  return [
    [`${cwd}/${written}`, written],
    [`${cwd}/${normal}`, normal],
  ];
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function isWithin(path: string, directory: string): boolean {
  const outer = withoutSlash(normalize(directory));
  return path === outer || path.startsWith(`${outer}/`);
}

function restored(text: string, pairs: readonly Pair[]): string {
  let result = text;
  for (const [absolutePath, written] of pairs) {
    const escaped = absolutePath.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const end = absolutePath.endsWith('/') ? '' : `(?=$|[/'" )])`;
    result = result.replace(new RegExp(`(?<=^|[ '"(])${escaped}${end}`, 'g'), () => written);
  }
  return result;
}
