/** What timers take at most, in milliseconds. They end at once what is to last longer. */
const LONGEST = 2 ** 31 - 1;

/** @param milliseconds may be infinite */
export function delayOf(milliseconds: number): number {
  return Math.min(LONGEST, Math.max(1, milliseconds));
}
