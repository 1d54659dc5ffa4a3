/** All programs that are compared in original and compiled form. */
import { ACCESSORS } from './cases/accessors.js';
import { BOUNDARIES } from './cases/boundaries.js';
import { CALLS } from './cases/calls.js';
import { CLASSES } from './cases/classes.js';
import { CORNERS } from './cases/corners.js';
import { FUNCTIONS } from './cases/functions.js';
import { SLOPPY } from './cases/sloppy.js';
import { SLOPPY_CORNERS } from './cases/sloppyCorners.js';
import { STATEMENTS } from './cases/statements.js';
import { TYPESCRIPT } from './cases/typescript.js';
import { CASES } from './cases.js';
import type { Language } from './harness.js';

const GROUPS: readonly (readonly [Language, Readonly<Record<string, string>>])[] = [
  [
    'typescript',
    {
      ...CASES,
      ...CALLS,
      ...CLASSES,
      ...FUNCTIONS,
      ...STATEMENTS,
      ...TYPESCRIPT,
      ...BOUNDARIES,
      ...CORNERS,
      ...ACCESSORS,
    },
  ],
  ['commonjs', { ...SLOPPY, ...SLOPPY_CORNERS }],
];

export const PROGRAMS = GROUPS.flatMap(([language, cases]) =>
  Object.entries(cases).map(([name, text]) => ({ name, text, language })),
);
