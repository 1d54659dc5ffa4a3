/**
 * Relative paths for calls that happen later: made absolute when the program makes the call, and turned back into what it wrote wherever
 * Node shows them.
 */
import { normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Turns text of Node's about absolute paths into text about the paths that were written. */
export type Restore = (text: string) => string;

export interface AbsolutePaths {
  readonly paths: readonly string[];
  readonly restore: Restore;
}

/** @returns undefined for paths of which later text could not be told to be about what was written */
export function absolutePaths(values: readonly unknown[]): AbsolutePaths | undefined {
  const paths: string[] = [];
  const given: string[] = [];
  const pairs: (readonly [absolute: string, written: string])[] = [];
  for (const value of values) {
    const written = value instanceof URL && value.protocol === 'file:' ? fileURLToPath(value) : value;
    if (typeof written !== 'string' || written === '' || written.includes('\0')) return undefined;
    given.push(written);
    if (written.startsWith('/')) {
      paths.push(written);
      continue;
    }
    const cwd = currentDirectory();
    const found = cwd === undefined ? undefined : absolute(cwd, written);
    if (found === undefined) return undefined;
    paths.push(found[0]?.[0] as string);
    pairs.push(...found);
  }
  const isAmbiguous = paths.some((path, i) =>
    pairs.some(([known]) => given[i]?.startsWith('/') && isWithin(normalize(path), known)),
  );
  return isAmbiguous ? undefined : { paths, restore: (text) => restored(text, pairs) };
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
function absolute(cwd: string, written: string): [absolute: string, written: string][] | undefined {
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

function restored(text: string, pairs: readonly (readonly [absolute: string, written: string])[]): string {
  let result = text;
  for (const [absolutePath, written] of pairs) {
    const escaped = absolutePath.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const end = absolutePath.endsWith('/') ? '' : `(?=$|[/'" )])`;
    result = result.replace(new RegExp(`(?<=^|[ '"(])${escaped}${end}`, 'g'), () => written);
  }
  return result;
}
