/** Tells from the stack whether the program or Node itself has called a function. */
import { readFileSync } from 'node:fs';
import type { Callable } from '../../twin/protocol.js';
import { callSites, pathOf, type Site } from '../callSites.js';

/**
 * True if a function of the program is on the stack: it relies on what `method` has done when that returns, so `method` must not suspend. Reading the stack takes some
 * microseconds.
 *
 * @param method the running method, as Node calls it. Only the frames of its callers count; if it has returned already there are none
 */
export function isCalledByProgram(method: Callable): boolean {
  const sites = callSites(method, Number.POSITIVE_INFINITY);
  // If the stack cannot be read, assume that it is.
  if (sites === undefined) return true;
  // A loop, because the program may have replaced the methods of arrays.
  for (let at = 0; at < sites.length; at++) {
    const site = sites[at] as Site;
    if (!site.isAsync() && isOfProgram(site)) return true;
  }
  return isHandedToPromise(sites);
}

/** Code of packages emits for others, and tools between Node and the program wrap what emits: neither looks at what a listener has done. */
const PACKAGES = /[\\/]node_modules[\\/]/;

/**
 * Whether a function of the program waits for the listeners of an event that it has emitted, or had emitted, by other means than a call of `emit` that waits for
 * them. False where the runtime cannot be told from the program, because they have been bundled.
 *
 * @param listener the running function that was registered; see {@link isCalledByProgram}
 */
export function isEmittedByProgram(listener: Callable): boolean {
  const sites = callSites(listener, Number.POSITIVE_INFINITY);
  if (sites === undefined) return true;
  for (let at = 0; at < sites.length; at++) {
    const site = sites[at] as Site;
    if (site.isAsync() || !isOfProgram(site)) continue;
    if (own === undefined) return false;
    if (!PACKAGES.test(site.getFileName() ?? '')) return true;
  }
  return false;
}

/** The modules of Node that run callbacks of promises, ticks, timers and immediates. */
const TASKS = /^node:(?:internal\/process\/task_queues|async_hooks)$/;
const TIMERS = 'node:internal/timers';
/** Public methods of streams, which the program may pass on as callbacks; Node's own tasks have other names (`resume_`, `flow`). */
const METHOD = /^(?:Readable|Writable|Duplex|Transform)\.(?:prototype\.)?[a-z]+$/;

/**
 * True if a promise has called a method of a stream directly, as in `promise.then(stream.write.bind(stream))`. The stack has no frame of the program then, but the
 * program may await the resulting promise. Nobody waits for a method that a timer has called.
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

/** The directory of the files of this package; undefined if they have been bundled with those of the program. */
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
