import { describe, expect, it } from 'vitest';
import type { Colouring } from '../../src/colour/colour.js';
import type { Site } from '../../src/colour/site.js';
import { targetsOf } from '../../src/races/targets.js';

/** A call with the receivers of these kinds; which functions it runs. */
function called(property: string | undefined, ...receivers: string[]): readonly number[] {
  const call = { fact: { property }, receivers: receivers.map((kind) => ({ kind })) };
  return targetsOf(
    { call, targets: [1, 2] } as unknown as Site,
    { flow: { strays: new Set([2]) } } as unknown as Colouring,
  );
}

// shelljs has this: `string[name] = methods[name].bind(string)`, and a `stat.isDirectory()` that could be any of them.
describe('functions stored under keys that only running tells', () => {
  it('are not what a method of anything else runs', () => {
    expect(called('isDirectory', 'any')).toEqual([1]);
    expect(called('isDirectory', 'external', 'any')).toEqual([1]);
    expect(called('isDirectory')).toEqual([1]);
  });
  it('are where the object is known, and where no object is looked at', () => {
    expect(called('isDirectory', 'any', 'object')).toEqual([1, 2]);
    expect(called(undefined, 'any')).toEqual([1, 2]);
  });
});
