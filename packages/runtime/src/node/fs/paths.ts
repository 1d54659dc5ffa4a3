/** Paths are resolved when a call is made: the working directory may change before the thread pool gets to it. */
import { types } from 'node:util';
import { isError } from '../../twin/objects.js';
import { currentDirectory } from './written.js';

export interface ResolvedArguments {
  readonly args: readonly unknown[];
  /** Gives an error the paths that the caller wrote. */
  readonly restore: (error: unknown) => unknown;
}

const SLASH = 0x2f;

function isRelative(path: unknown): path is string | Uint8Array {
  if (typeof path === 'string') return path !== '' && !path.startsWith('/') && !path.includes('\0');
  return types.isUint8Array(path) && path.length > 0 && path[0] !== SLASH && !path.includes(0);
}

/**
 * The directory that relative paths among `args` start from; `/` where there are none, and so empty where it is the root.
 *
 * @returns undefined if the working directory has been removed
 */
export function directoryOfCall(args: readonly unknown[], positions: readonly number[]): string | undefined {
  return hasRelative(args, positions) ? startNow() : '/';
}

function startNow(): string | undefined {
  const directory = currentDirectory();
  return directory === '/' ? '' : directory;
}

/** Whether one of the paths at `positions` would be another after a change of directory. */
export function hasRelative(args: readonly unknown[], positions: readonly number[]): boolean {
  for (const position of positions) if (isRelative(args[position])) return true;
  return false;
}

/** Whether the directory of a call is still the one that relative paths start from. */
export function isCurrent(directory: string): boolean {
  return directory === '/' || directory === startNow();
}

/** Puts a directory before a path, as it is: `link/..` is not the directory of the link. */
export function within(directory: string, path: string): string {
  return directory === '/' ? `/${path}` : `${directory}/${path}`;
}

/** Resolves the relative paths among `args`, from their {@link directoryOfCall directory}. */
export function resolvePaths(
  args: readonly unknown[],
  positions: readonly number[],
  directory: string,
): ResolvedArguments {
  if (!hasRelative(args, positions)) return { args, restore: asItIs };
  const resolved = [...args];
  const written = new Map<number, Written>();
  for (const position of positions) {
    const path = args[position];
    if (!isRelative(path)) continue;
    const absolute =
      typeof path === 'string' ? within(directory, path) : Buffer.concat([Buffer.from(within(directory, '')), path]);
    resolved[position] = absolute;
    written.set(position, {
      absolute: String(absolute),
      path: String(typeof path === 'string' ? path : Buffer.from(path)),
    });
  }
  return { args: resolved, restore: (error) => rewrite(error, written) };
}

/** Of arguments without relative paths. */
export function asItIs(error: unknown): unknown {
  return error;
}

/** A path as the caller wrote it, and as Node got it. */
interface Written {
  readonly absolute: string;
  readonly path: string;
}

/** Errors show the first path as `path`, and the second one as `dest`, behind it. */
function rewrite(error: unknown, written: ReadonlyMap<number, Written>): unknown {
  if (!isError(error)) return error;
  const fields = error as Error & { path?: unknown; dest?: unknown };
  for (const [position, field] of [
    [0, 'path'],
    [1, 'dest'],
  ] as const) {
    const found = written.get(position);
    if (found === undefined || fields[field] !== found.absolute) continue;
    fields[field] = found.path;
    replaceMessage(error, found, position);
  }
  return error;
}

function replaceMessage(error: Error, { absolute, path }: Written, position: number): void {
  const { message } = error;
  const quoted = position === 0 ? message.indexOf(`'${absolute}'`) : message.lastIndexOf(`'${absolute}'`);
  // SystemErrors end with the path as it is.
  const at = quoted < 0 && message.endsWith(` ${absolute}`) ? message.length - absolute.length : quoted + 1;
  if (at === 0) return;
  const rewritten = message.slice(0, at) + path + message.slice(at + absolute.length);
  if (typeof error.stack === 'string') error.stack = error.stack.replace(message, () => rewritten);
  error.message = rewritten;
}
