/** Errors of compiled programs have the names and messages that V8 gives to those of the originals. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES } from './errorCases.js';
import { DIFFERING } from './errorExclusions.js';
import { type Difference, differencesOf } from './errorMessages.js';

// Programs make promises that they leave alone.
const ignore = () => {};
beforeAll(() => void process.on('unhandledRejection', ignore));
afterAll(() => void process.off('unhandledRejection', ignore));

function print({ variant, form, original, compiled }: Difference): string {
  return `${variant}, ${form}: ${compiled} in place of ${original}`;
}

describe('the errors of compiled programs are those of the originals', () => {
  it.each(Object.entries(CASES))('%s', async (group, cases) => {
    const wrong: string[] = [];
    for (const text of cases) {
      const found = await differencesOf(text, group === 'async functions');
      const isExcluded = DIFFERING.has(text);
      if (!isExcluded) wrong.push(...found.map(print));
      else if (found.length === 0) wrong.push(`${text} does not differ any more: it is no exception`);
    }
    expect(wrong).toEqual([]);
  });
  it('all exceptions are cases', () => {
    const all = new Set(Object.values(CASES).flat());
    expect([...DIFFERING.keys()].filter((text) => !all.has(text))).toEqual([]);
  });
});
