/**
 * Waits: what suspended calls wait for in the end, each at most one at a time. They are counted, so that it can be told whether anything is suspended,
 * and watched, so that it can be told when what was suspended at some time has gone on to its end.
 */
import { clearTimeout, setImmediate, setTimeout } from '../node/clock.js';
import { nextTick } from '../node/nextTick.js';
import { inCommon } from './common.js';

export interface Wait {
  /** Later ones have greater numbers. */
  readonly number: number;
  isOpen: boolean;
}

export interface Watch {
  /** The last wait that had begun before. */
  readonly last: number;
  /** Waits that have been begun since by what went on. */
  readonly since: Set<number>;
  /** How many of all these have not ended. */
  open: number;
  readonly ended: () => void;
  readonly limit: NodeJS.Timeout;
}

interface Waits {
  begun: number;
  open: number;
  /** The wait that has begun last. */
  latest: Wait | undefined;
  readonly watches: Set<Watch>;
  /** Those of what goes on in this turn of the event loop, because its waits have ended. */
  readonly goingOn: Set<Watch>;
}

const waits = inCommon<Waits>('waits/2', () => ({
  begun: 0,
  open: 0,
  latest: undefined,
  watches: new Set(),
  goingOn: new Set(),
}));

/** Called where a call suspends for something that comes from outside: the event loop, or other calls. */
export function beginWait(): Wait {
  waits.open++;
  const wait: Wait = { number: ++waits.begun, isOpen: true };
  waits.latest = wait;
  // Without an iterator of sets where there is nothing to follow, as nearly always: the program may have put its own in its place.
  if (waits.goingOn.size > 0) {
    for (const watch of waits.goingOn) {
      watch.since.add(wait.number);
      watch.open++;
    }
  }
  return wait;
}

/** The wait that has begun last, of anything; it may have ended. */
export function latestWait(): Wait | undefined {
  return waits.latest;
}

/** Called right before who waits goes on, in the same turn of the event loop. Does nothing for a wait that has ended. */
export function endWait(wait: Wait): void {
  if (!wait.isOpen) return;
  wait.isOpen = false;
  waits.open--;
  if (waits.watches.size === 0) return;
  for (const watch of waits.watches) {
    if (wait.number > watch.last && !watch.since.delete(wait.number)) continue;
    watch.open--;
    // Several may go on in one turn, and none of them has begun anything yet.
    if (waits.goingOn.size === 0) setImmediate(endTurn);
    waits.goingOn.add(watch);
  }
}

function endTurn(): void {
  const goneOn = [...waits.goingOn];
  waits.goingOn.clear();
  // Each in a tick of its own: what it calls may throw.
  for (const watch of goneOn) if (watch.open === 0) nextTick(end, watch);
}

/** `pending`, as a wait. */
export async function asWait<T>(pending: PromiseLike<T>): Promise<T> {
  const wait = beginWait();
  try {
    return await pending;
  } finally {
    endWait(wait);
  }
}

/** Whether anything is suspended. */
export function isWaiting(): boolean {
  return waits.open > 0;
}

/**
 * Watches what is suspended now until it has gone on to its end, or to what it awaits itself.
 *
 * @param ended is called then, once
 * @param limit milliseconds after which it is called in any case, if the process runs for so long
 */
export function watchWaits(ended: () => void, limit: number): Watch {
  const watch: Watch = {
    last: waits.begun,
    since: new Set(),
    open: waits.open,
    ended,
    limit: setTimeout(() => end(watch), limit).unref(),
  };
  waits.watches.add(watch);
  return watch;
}

/** Whether what a watch is for is going on in this turn. */
export function isGoingOn(watch: Watch): boolean {
  return waits.goingOn.has(watch);
}

/** Gives up a watch. */
export function dropWatch(watch: Watch): boolean {
  clearTimeout(watch.limit);
  return waits.watches.delete(watch);
}

function end(watch: Watch): void {
  if (dropWatch(watch)) watch.ended();
}
