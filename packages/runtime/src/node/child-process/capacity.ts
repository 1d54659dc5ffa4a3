/** How many children of blocking calls may run at a time, and whether there is room for one more. */
import type { StdioOptions } from 'node:child_process';
import fs from 'node:fs';
import { asTwinsCall } from '../../monitor/twinForm.js';

const readFileSync = asTwinsCall(fs.readFileSync);
const openSync = asTwinsCall(fs.openSync);
const closeSync = asTwinsCall(fs.closeSync);

/** Processes that a machine has room for, and whose pipes leave most of the usual 1024 descriptors to the program. */
const MOST = 128;

/** Of the descriptors that the process may have, a child may have one in so many: it holds three for its pipes, and more while it is spawned. */
const SHARE = 8;

let limit: number | undefined;

/** How many descriptors the process may have, read once; Infinity where the system does not tell. */
function descriptorLimit(): number {
  limit ??= readLimit();
  return limit;
}

function readLimit(): number {
  if (process.platform !== 'linux') return Infinity;
  try {
    const [, text] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return text === undefined ? Infinity : Number(text);
  } catch {
    return Infinity;
  }
}

/** At least one. */
export function mostChildren(): number {
  return Math.max(1, Math.min(MOST, Math.floor(descriptorLimit() / SHARE)));
}

/** Where a process may have more descriptors than these, nobody looks whether some are left before each spawn. */
const PLENTY = 65_536;

/** Descriptors by which libuv hears of a child: of the outcome of its start, and once for all of their ends. */
const OF_LIBUV = 4;

/**
 * Makes sure that there are descriptors for a child, as many as `spawn` takes up for a moment. Where there are too few, that may keep those of the pipes that it
 * has made for ever. Takes up to a tenth of a millisecond.
 *
 * @throws the system's error where there are too few
 */
export function requireDescriptors(stdio: StdioOptions | undefined): void {
  if (descriptorLimit() > PLENTY) return;
  const taken: number[] = [];
  try {
    for (let left = 2 * pipesOf(stdio) + OF_LIBUV; left > 0; left--) taken.push(openSync('/dev/null', 'r'));
  } catch (error) {
    if (isExhaustion((error as NodeJS.ErrnoException).code)) throw error;
    // This process may not open it, or there is none.
  } finally {
    for (const fd of taken) closeSync(fd);
  }
}

function pipesOf(stdio: StdioOptions | undefined): number {
  if (!Array.isArray(stdio)) return stdio === 'ignore' || stdio === 'inherit' ? 0 : 3;
  return stdio.filter((item, i) => item === 'pipe' || ((item ?? undefined) === undefined && i < 3)).length;
}

/** What the system says where it has no more descriptors, processes or memory. */
const EXHAUSTED: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM']);

/** Whether a failure is one that comes of what else is there, and may pass. */
export function isExhaustion(code: string | undefined): boolean {
  return EXHAUSTED.has(code);
}
