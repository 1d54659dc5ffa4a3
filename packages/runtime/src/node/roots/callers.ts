/** Who has called: the program, or Node by itself. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Callable } from '../../twin/protocol.js';

/** V8's, of which the types of Node leave out what is of no use to them. */
interface Site extends NodeJS.CallSite {
  isAsync(): boolean;
}

/**
 * Whether a function of the program is waiting for what goes on now to return: that has to be done by then. The stack tells; it takes some microseconds.
 *
 * @param above the running function: frames above it are left out
 */
export function isCalledByProgram(above: Callable): boolean {
  return sitesBelow(above).some((site) => !site.isAsync() && isOfProgram(site));
}

function sitesBelow(above: Callable | undefined): readonly Site[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  Error.prepareStackTrace = (_, sites) => sites;
  try {
    Error.captureStackTrace(holder, above);
    return holder.stack as Site[];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function isOfProgram(site: Site): boolean {
  const file = site.getFileName();
  if (site.isEval()) return true;
  return typeof file === 'string' && !file.startsWith('node:') && !isOwn(file);
}

/** The directory of this package's files; undefined where they have been bundled with the program's. */
let own: string | undefined;
let isKnown = false;

function isOwn(file: string): boolean {
  if (!isKnown) {
    isKnown = true;
    own = ownDirectory();
  }
  return own !== undefined && pathOf(file).startsWith(own);
}

function ownDirectory(): string | undefined {
  const [here] = sitesBelow(undefined);
  const [, root, part] = /^(.*[\\/])(dist|src)[\\/]/s.exec(pathOf(here?.getFileName() ?? '')) ?? [];
  if (root === undefined || part === undefined) return undefined;
  try {
    const { name } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { name?: unknown };
    return name === '@unblock/runtime' ? root + part : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file;
}
