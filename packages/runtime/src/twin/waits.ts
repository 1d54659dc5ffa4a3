/**
 * Waits: the operations, such as reading a file, for which suspended calls wait; a suspended call has at most one at a time. They are counted to tell whether
 * anything is suspended, and watched to tell when everything that was suspended at some moment has come to its end.
 */
import { clearTimeout, setImmediate, setTimeout } from '../node/clock.js';
import { nextTick } from '../node/nextTick.js';
import { inCommon } from './common.js';

/** One wait, from its beginning to its end. */
export interface Wait {
  /** Later ones have greater numbers. */
  readonly number: number;
  isOpen: boolean;
}

/** Follows all that is suspended at one moment. */
export interface Watch {
  /** The number of the last wait that began before the watch. */
  readonly last: number;
  /** Numbers of waits that the watched calls have begun since. */
  readonly since: Set<number>;
  /** How many of all these waits have not ended. */
  open: number;
  readonly ended: () => void;
  readonly limit: NodeJS.Timeout;
}

interface Waits {
  begun: number;
  open: number;
  /** The wait that began last. */
  latest: Wait | undefined;
  readonly watches: Set<Watch>;
  /** Watches of calls that go on in this turn of the event loop, because a wait of theirs has ended in it. */
  readonly goingOn: Set<Watch>;
}

const waits = inCommon<Waits>('waits/2', () => ({
  begun: 0,
  open: 0,
  latest: undefined,
  watches: new Set(),
  goingOn: new Set(),
}));

/** Called when a call suspends until the event loop, or another call, lets it go on. */
export function beginWait(): Wait {
  waits.open++;
  const wait: Wait = { number: ++waits.begun, isOpen: true };
  waits.latest = wait;
  // Nearly always empty. Not iterated then, because the program may have replaced the iterator of sets.
  if (waits.goingOn.size > 0) {
    for (const watch of waits.goingOn) {
      watch.since.add(wait.number);
      watch.open++;
    }
  }
  return wait;
}

/** The wait that began last; it may have ended. */
export function latestWait(): Wait | undefined {
  return waits.latest;
}

/** Called right before the waiting call goes on, in the same turn of the event loop. Does nothing if the wait has ended already. */
export function endWait(wait: Wait): void {
  if (!wait.isOpen) return;
  wait.isOpen = false;
  waits.open--;
  if (waits.watches.size === 0) return;
  for (const watch of waits.watches) {
    if (wait.number > watch.last && !watch.since.delete(wait.number)) continue;
    watch.open--;
    // The calls of this turn may begin further waits, so a watch can only be over at the end of the turn. One immediate serves all watches of the turn.
    if (waits.goingOn.size === 0) setImmediate(endTurn);
    waits.goingOn.add(watch);
  }
}

function endTurn(): void {
  const goneOn = [...waits.goingOn];
  waits.goingOn.clear();
  // Each in a tick of its own, because its callback may throw.
  for (const watch of goneOn) if (watch.open === 0) nextTick(end, watch);
}

/** Awaits `pending` as a wait. */
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
 * Watches everything that is suspended now, until all of it has come to its end or to an `await` of the program's own.
 *
 * @param ended is called then, once
 * @param limit milliseconds after which `ended` is called in any case, if the process still runs
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

/** Whether watched calls go on in this turn of the event loop. */
export function isGoingOn(watch: Watch): boolean {
  return waits.goingOn.has(watch);
}

/** Ends a watch without calling back. Returns false if it had ended. */
export function dropWatch(watch: Watch): boolean {
  clearTimeout(watch.limit);
  return waits.watches.delete(watch);
}

function end(watch: Watch): void {
  if (dropWatch(watch)) watch.ended();
}
