/**
 * Every program of `fixtures/constructs` compiles to the expected text, and does in every form what its trace says.
 *
 * UPDATE=1 writes the expected texts and traces anew. A trace is always written from the original.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROGRAMS, strays } from './constructs.js';
import { formsOf, loadOriginal, rewriteText } from './harness.js';
import { random } from './schedules.js';
import { traceOf } from './trace.js';

function expectFile(file: string, text: string): void {
  if (process.env.UPDATE === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

describe.each(PROGRAMS)('$name', ({ text, language, output, trace }) => {
  const expected = () => readFileSync(trace, 'utf8');
  let compiled: string | undefined;
  const compile = () => {
    compiled ??= rewriteText(text, language);
    return compiled;
  };
  const forms = () => formsOf(compile(), language);

  it('compiles to the expected text', () => {
    expectFile(output, compile());
  });
  it('does what its trace says', async () => {
    expectFile(trace, await traceOf(loadOriginal(text, language)));
  });
  it('means the same to uncompiled callers', async () => {
    expect(await traceOf(forms().uncoloured)).toBe(expected());
  });
  it('means the same when nothing suspends', async () => {
    expect(await traceOf(forms().asynchronous(() => false))).toBe(expected());
  });
  it('means the same when everything suspends', async () => {
    expect(await traceOf(forms().asynchronous(() => true))).toBe(expected());
  });
  it.each([1, 2, 3])('means the same when calls suspend at random (seed %i)', async (seed) => {
    expect(await traceOf(forms().asynchronous(random(seed)))).toBe(expected());
  });
});

it('no expected text or trace is left of a program that is gone', () => {
  expect(strays()).toEqual([]);
});
