/** Frames of the running stack as V8 has them: text would have to be parsed, and costs several times as much. */
import { fileURLToPath } from 'node:url';
import type { Callable } from '../twin/protocol.js';

/** V8's, of which the types of Node leave out what is of no use to them. */
export interface Site extends NodeJS.CallSite {
  isAsync(): boolean;
}

/**
 * The frames, innermost first.
 *
 * @param below a running function: its frame and those above it are left out; undefined: the caller's are included
 * @returns undefined where the program has frozen `Error`, or replaced what reads stacks
 */
export function callSites(below: Callable | undefined, limit: number): readonly Site[] | undefined {
  const limiting = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  const preparing = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = limit;
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(holder, below);
    return Array.isArray(holder.stack) ? (holder.stack as Site[]) : undefined;
  } catch {
    return undefined;
  } finally {
    restore('stackTraceLimit', limiting);
    restore('prepareStackTrace', preparing);
  }
}

function restore(key: 'stackTraceLimit' | 'prepareStackTrace', own: PropertyDescriptor | undefined): void {
  if (own === undefined) Reflect.deleteProperty(Error, key);
  else Reflect.defineProperty(Error, key, own);
}

/** The path of a file that a frame names, by path or URL; other names stay as they are. */
export function pathOf(name: string): string {
  if (!name.startsWith('file:')) return name;
  try {
    return fileURLToPath(name);
  } catch {
    return name;
  }
}

/** Runs `body`, whose errors get no stacks: these cost. */
export function withoutStacks<T>(body: () => T): T {
  const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return body();
  } finally {
    restore('stackTraceLimit', before);
  }
}
