/**
 * Paces spawns. `spawn` forks on the main thread, for milliseconds at a time: a burst of them would starve the event loop,
 * so that each turn of the loop has a budget for them, first come, first served.
 */
import { setImmediate, timeNow } from '../clock.js';

/**
 * Milliseconds of spawning after which the rest waits for the next turn of the loop. Turns have a price: in each in which a child has ended, libuv
 * asks the system about every child.
 */
const BUDGET = 10;

const waiting: (() => void)[] = [];
let spent = 0;
let turnEnds = false;
let blocked = 0;
let since = 0;

/** Milliseconds over which {@link blockedBySpawns} adds up. */
const WINDOW = 1000;

/** How many milliseconds of the second that runs, and began with a spawn, have gone into spawning here. */
export function blockedBySpawns(): number {
  return timeNow() - since > WINDOW ? 0 : blocked;
}

/** Whether a spawn may be made in this turn. */
export function maySpawn(): boolean {
  return spent < BUDGET && waiting.length === 0;
}

/** Runs `spawn` in this turn if there is time left, else in a later one. */
export function paced(spawn: () => void): void {
  if (maySpawn()) timed(spawn);
  else waiting.push(spawn);
}

function timed(spawn: () => void): void {
  if (!turnEnds) {
    turnEnds = true;
    setImmediate(nextTurn);
  }
  const start = timeNow();
  if (start - since > WINDOW) {
    since = start;
    blocked = 0;
  }
  spawn();
  const took = timeNow() - start;
  spent += took;
  blocked += took;
}

function nextTurn(): void {
  spent = 0;
  turnEnds = false;
  while (spent < BUDGET) {
    const spawn = waiting.shift();
    if (spawn === undefined) return;
    timed(spawn);
  }
}
