/** Paths are resolved when a call is made: the working directory may change before the thread pool gets to it. */
import { resolve } from 'node:path';

export interface ResolvedArguments {
  readonly args: unknown[];
  /** Gives an error the paths that the caller wrote. */
  readonly restore: (error: unknown) => unknown;
}

/** Resolves the relative paths among `args`. */
export function resolvePaths(args: readonly unknown[], positions: readonly number[]): ResolvedArguments {
  const resolved = [...args];
  const written = new Map<string, string>();
  for (const position of positions) {
    const path = args[position];
    if (typeof path !== 'string' || path === '' || path.startsWith('/') || path.includes('\0')) continue;
    // A trailing slash demands a directory; resolve() would drop it.
    const absolute = resolve(path) + (path.endsWith('/') ? '/' : '');
    resolved[position] = absolute;
    written.set(absolute, path);
  }
  return { args: resolved, restore: (error) => (written.size === 0 ? error : rewrite(error, written)) };
}

function rewrite(error: unknown, written: ReadonlyMap<string, string>): unknown {
  if (!(error instanceof Error)) return error;
  const fields = error as Error & { path?: unknown; dest?: unknown };
  for (const field of ['path', 'dest'] as const) {
    const value = fields[field];
    const original = typeof value === 'string' ? written.get(value) : undefined;
    if (typeof value !== 'string' || original === undefined) continue;
    fields[field] = original;
    replaceMessage(error, `'${value}'`, `'${original}'`);
  }
  return error;
}

function replaceMessage(error: Error, from: string, to: string): void {
  const message = error.message.replace(from, () => to);
  if (typeof error.stack === 'string') error.stack = error.stack.replace(error.message, () => message);
  error.message = message;
}
