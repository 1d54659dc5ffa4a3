/** The forms of a compiled program, under several schedules of suspension, that must all do what the original does. */
import type { Forms, Run, Schedule } from './harness.js';

/** A small linear congruential generator, so that a failing schedule can be replayed by its seed. */
function random(seed: number): Schedule {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state & 0x10000) === 0;
  };
}

export const UNCOLOURED = 'for uncompiled callers';

export const MIXED = 'for uncompiled callers, where asynchronous forms would suspend';

export const FORMS: Readonly<Record<string, (forms: Forms) => Run>> = {
  [UNCOLOURED]: ({ uncoloured }) => uncoloured,
  [MIXED]: ({ mixed }) => mixed,
  'when nothing suspends': ({ asynchronous }) => asynchronous(() => false),
  'when everything suspends': ({ asynchronous }) => asynchronous(() => true),
  'when calls suspend at random (1)': ({ asynchronous }) => asynchronous(random(1)),
  'when calls suspend at random (2)': ({ asynchronous }) => asynchronous(random(2)),
  'when calls suspend at random (3)': ({ asynchronous }) => asynchronous(random(3)),
};
