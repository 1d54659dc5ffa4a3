/** Classes whose fields, private names and parameter properties TypeScript rewrites after us, in each of the ways in which it does. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { CONSTRUCTORS, TYPESCRIPT_CONSTRUCTORS } from './cases/constructors.js';
import { loadCompiled, loadOriginal } from './harness.js';
import { random } from './schedules.js';

const { ES2017, ES2021, ES2022, ESNext } = ts.ScriptTarget;

/** What TypeScript itself changes or refuses. */
const OTHERWISE: ReadonlySet<string> = new Set([
  'names of functions in fields',
  'names of the constructor that initialisers do not see',
  'classes of enclosing functions, and names that initialisers see',
  'super() in branches, with private names',
]);
const CASES = Object.entries({ ...CONSTRUCTORS, ...TYPESCRIPT_CONSTRUCTORS }).filter(([name]) => !OTHERWISE.has(name));

const EMITTED: Readonly<Record<string, ts.CompilerOptions>> = {
  'fields that are assigned, for ES2017': { target: ES2017 },
  'fields that are defined, for ES2017': { target: ES2017, useDefineForClassFields: true },
  'fields that are assigned, for ES2021': { target: ES2021 },
  'fields that are assigned, for ES2022': { target: ES2022, useDefineForClassFields: false },
  'fields as they are': { target: ESNext },
};

/** What a run logs and returns. */
async function outcome(run: (log: (entry: unknown) => void) => unknown) {
  const log: unknown[] = [];
  try {
    return { value: await run((entry) => log.push(entry)), log };
  } catch (error) {
    return { error: String(error), log };
  }
}

describe.each(Object.entries(EMITTED))('%s', (_, emitted) => {
  it.each(CASES)('%s', async (_, text) => {
    const original = await outcome(loadOriginal(text, 'typescript', emitted));
    const { uncoloured, coloured } = loadCompiled(text, 'typescript', emitted);
    expect(await outcome(uncoloured)).toEqual(original);
    for (const schedule of [() => false, () => true, random(3)]) {
      expect(await outcome(coloured(schedule))).toEqual(original);
    }
  });
});
