/** Who has called: the program, or Node by itself. */
import { readFileSync } from 'node:fs';
import type { Callable } from '../../twin/protocol.js';
import { callSites, pathOf, type Site } from '../callSites.js';

/**
 * Whether a function of the program is waiting for what goes on now to return: that has to be done by then. The stack tells; it takes some microseconds.
 *
 * @param method the running method, as Node calls it: its frame and those above it are left out. Nothing waits for one that is not running any more
 */
export function isCalledByProgram(method: Callable): boolean {
  const sites = callSites(method, Number.POSITIVE_INFINITY);
  // Where the stack cannot be read, the program may be waiting.
  if (sites === undefined) return true;
  // Without the methods of arrays, which the program may have replaced.
  for (let at = 0; at < sites.length; at++) {
    const site = sites[at] as Site;
    if (!site.isAsync() && isOfProgram(site)) return true;
  }
  return isHandedToPromise(sites);
}

/** Modules of Node that run what promises, ticks, timers and immediates are given. */
const TASKS = /^node:(?:internal\/process\/task_queues|async_hooks)$/;
const TIMERS = 'node:internal/timers';
/** Methods of streams that the program may bind and hand over; Node's own tasks have other names (`resume_`, `flow`). */
const METHOD = /^(?:Readable|Writable|Duplex|Transform)\.(?:prototype\.)?[a-z]+$/;

/**
 * Whether a promise has called a method of a stream itself, as in `promise.then(stream.write.bind(stream))`, of which the stack has no frame of the
 * program: whoever awaits that promise waits for the method to return. Nothing waits for what a timer calls.
 */
function isHandedToPromise(sites: readonly Site[]): boolean {
  let at = sites.length - 1;
  while (at >= 0 && isOfQueue(sites[at] as Site)) at--;
  if (!METHOD.test(sites[at]?.getFunctionName() ?? '')) return false;
  return sites[at + 1]?.getFileName() !== TIMERS;
}

function isOfQueue(site: Site): boolean {
  const file = site.getFileName() ?? '';
  return site.isAsync() || file === TIMERS || TASKS.test(file);
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
  const here = callSites(callSites, 1)?.[0];
  const [, root, part] = /^(.*[\\/])(dist|src)[\\/]/s.exec(pathOf(here?.getFileName() ?? '')) ?? [];
  if (root === undefined || part === undefined) return undefined;
  try {
    const { name } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { name?: unknown };
    return name === '@unblock/runtime' ? root + part : undefined;
  } catch {
    return undefined;
  }
}
