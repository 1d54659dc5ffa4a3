/** Random programs in original and compiled form. `pnpm generated` runs more of them, and says more of a mistake. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mistakeIn, SIZE } from './generated.js';

// Always the same programs: what a change breaks is told apart from what nobody has found yet.
const RUNS = 10;
const RUNS_OF_TYPESCRIPT = 4;
const SEED = 1;

// Programs make promises that they leave alone, which vitest would take for mistakes of its own.
const others = process.listeners('unhandledRejection');
beforeAll(() => {
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', () => {});
});
afterAll(() => {
  process.removeAllListeners('unhandledRejection');
  for (const listener of others) process.on('unhandledRejection', listener);
});

it.each([
  ['commonjs', RUNS],
  ['tsx', RUNS_OF_TYPESCRIPT],
] as const)(
  `random programs mean the same (--seed ${SEED} --dialects %s --runs %i)`,
  {
    timeout: 60_000 + RUNS * 2_000,
  },
  async (dialect, runs) => {
    for (let seed = SEED; seed < SEED + runs; seed++) expect(await mistakeIn(seed, SIZE, dialect)).toBeUndefined();
  },
);
