import { describe, expect, it } from 'vitest';
import { CASES } from './cases.js';
import { runCompiled, runOriginal } from './harness.js';

/** A small linear congruential generator, so that a failing schedule can be replayed by its seed. */
function random(seed: number): () => boolean {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state & 0x10000) === 0;
  };
}

describe.each(Object.entries(CASES))('%s', (_, text) => {
  const original = runOriginal(text);

  it('means the same when nothing suspends', async () => {
    expect(await runCompiled(text, () => false)).toEqual(original);
  });
  it('means the same when everything suspends', async () => {
    expect(await runCompiled(text, () => true)).toEqual(original);
  });
  it.each([1, 2, 3])('means the same when calls suspend at random (seed %i)', async (seed) => {
    expect(await runCompiled(text, random(seed))).toEqual(original);
  });
});
