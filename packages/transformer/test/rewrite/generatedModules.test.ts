/** Random programs of several modules in original and compiled form. `pnpm generated --dialects modules` runs more of them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { moduleMistakeIn } from './generatedModules.js';

// Node warns of what modules that load each other do not find yet.
const printing = process.listeners('warning');
beforeAll(() => void process.removeAllListeners('warning'));
afterAll(() => {
  for (const listener of printing) process.on('warning', listener);
});

const RUNS = 12;
const SEED = 1;

it(`random programs of several modules mean the same (--seed ${SEED} --dialects modules --runs ${RUNS})`, {
  timeout: 60_000 + RUNS * 2_000,
}, async () => {
  for (let seed = SEED; seed < SEED + RUNS; seed++) expect(await moduleMistakeIn(seed)).toBeUndefined();
});
