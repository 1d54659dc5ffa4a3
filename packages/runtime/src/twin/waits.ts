/**
 * Waits: what suspended calls wait for in the end, each at most one at a time. They are counted, so that it can be told whether anything is suspended,
 * and watched, so that it can be told when what was suspended at some time has gone on to its end.
 */
// Not the global ones: what tests put in their place does not come by itself.
import { setImmediate, setTimeout } from 'node:timers';
import { inCommon } from './common.js';

export interface Wait {
  /** Later ones have greater numbers. */
  readonly number: number;
  isOpen: boolean;
}

interface Watch {
  /** The last wait that had begun before. */
  readonly last: number;
  /** Waits that have been begun since by what went on. */
  readonly since: Set<Wait>;
  /** How many of all these have not ended. */
  open: number;
  readonly ended: () => void;
}

interface Waits {
  begun: number;
  open: number;
  readonly watches: Set<Watch>;
  /** Of the code that runs now: those whose waits have just ended, so that it goes on. */
  goingOn: readonly Watch[];
}

const waits = inCommon<Waits>('waits/1', () => ({ begun: 0, open: 0, watches: new Set(), goingOn: [] }));

/** Called where a call suspends for something that comes from outside: the event loop, or other calls. */
export function beginWait(): Wait {
  waits.open++;
  const wait: Wait = { number: ++waits.begun, isOpen: true };
  for (const watch of waits.goingOn) {
    watch.since.add(wait);
    watch.open++;
  }
  return wait;
}

/** Called right before who waits goes on, in the same turn of the event loop. Does nothing for a wait that has ended. */
export function endWait(wait: Wait): void {
  if (!wait.isOpen) return;
  wait.isOpen = false;
  waits.open--;
  if (waits.watches.size === 0) return;
  const goingOn = [...waits.watches].filter((watch) => wait.number <= watch.last || watch.since.delete(wait));
  waits.goingOn = goingOn;
  if (goingOn.length === 0) return;
  for (const watch of goingOn) watch.open--;
  setImmediate(() => {
    if (waits.goingOn === goingOn) waits.goingOn = [];
    for (const watch of goingOn) if (watch.open === 0) end(watch);
  });
}

/** `pending`, as a wait. */
export async function asWait<T>(pending: Promise<T>): Promise<T> {
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
 * @param limit milliseconds after which it is called in any case
 */
export function watchWaits(ended: () => void, limit: number): void {
  const watch: Watch = { last: waits.begun, since: new Set(), open: waits.open, ended };
  waits.watches.add(watch);
  setTimeout(() => end(watch), limit).unref();
}

function end(watch: Watch): void {
  if (waits.watches.delete(watch)) watch.ended();
}
