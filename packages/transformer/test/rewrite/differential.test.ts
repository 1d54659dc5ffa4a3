import { describe, expect, it } from 'vitest';
import { runCompiled, runOriginal, runUncoloured } from './harness.js';
import { PROGRAMS } from './programs.js';
import { random } from './schedules.js';

describe.each(PROGRAMS)('$name', ({ text, language }) => {
  const original = runOriginal(text, language);

  it('means the same to uncompiled callers', () => {
    expect(runUncoloured(text, language)).toEqual(original);
  });
  it('means the same when nothing suspends', async () => {
    expect(await runCompiled(text, () => false, language)).toEqual(original);
  });
  it('means the same when everything suspends', async () => {
    expect(await runCompiled(text, () => true, language)).toEqual(original);
  });
  it.each([1, 2, 3])('means the same when calls suspend at random (seed %i)', async (seed) => {
    expect(await runCompiled(text, random(seed), language)).toEqual(original);
  });
});
