import { describe, expect, it } from 'vitest';
import { BOUNDARIES } from './cases/boundaries.js';
import { CALLS } from './cases/calls.js';
import { CLASSES } from './cases/classes.js';
import { FUNCTIONS } from './cases/functions.js';
import { SLOPPY } from './cases/sloppy.js';
import { STATEMENTS } from './cases/statements.js';
import { TYPESCRIPT } from './cases/typescript.js';
import { CASES } from './cases.js';
import { type Language, runCompiled, runOriginal, runUncoloured } from './harness.js';
import { random } from './schedules.js';

const GROUPS: readonly (readonly [Language, Readonly<Record<string, string>>])[] = [
  ['typescript', { ...CASES, ...CALLS, ...CLASSES, ...FUNCTIONS, ...STATEMENTS, ...TYPESCRIPT, ...BOUNDARIES }],
  ['commonjs', SLOPPY],
];
const PROGRAMS = GROUPS.flatMap(([language, cases]) =>
  Object.entries(cases).map(([name, text]) => ({ name, text, language })),
);

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
