/**
 * Paces spawns. `spawn` forks on the main thread, for milliseconds at a time: a burst of them would starve the event loop,
 * so that at most one is made in a turn of the loop, first come, first served.
 */

const waiting: (() => void)[] = [];
let scheduled = false;

/** Runs `spawn` in this turn if no other did, else in a later one. */
export function paced(spawn: () => void): void {
  if (scheduled) {
    waiting.push(spawn);
    return;
  }
  scheduled = true;
  setImmediate(next);
  spawn();
}

function next(): void {
  const spawn = waiting.shift();
  if (spawn === undefined) {
    scheduled = false;
    return;
  }
  setImmediate(next);
  spawn();
}
