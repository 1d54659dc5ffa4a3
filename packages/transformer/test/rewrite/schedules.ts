/** Schedules of suspension. */
import type { Schedule } from './harness.js';

/** A small linear congruential generator, so that a failing schedule can be replayed by its seed. */
export function random(seed: number): Schedule {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state & 0x10000) === 0;
  };
}
