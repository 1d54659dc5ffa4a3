/**
 * Every program of `fixtures/constructs` compiles to the expected text, and does in every form what its trace says.
 *
 * UPDATE=1 writes the expected texts and traces anew. A trace of the compiled form that is not the original's is never written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectedTrace, PROGRAMS, strays, traceIn, WRITTEN_ONCE_DIFFERS } from './constructs.js';
import { formsOf, loadOriginal, rewriteText } from './harness.js';
import { FORMS } from './schedules.js';
import { traceOf, whereAllBlocks } from './trace.js';

const isUpdate = process.env.UPDATE === '1';

/** What functions written once do where calls suspend at random is seen where they are written twice, too: one of the three has to do. */
const ONCE = Object.keys(FORMS).filter((form) => !/at random \([23]\)/.test(form));

describe.each(PROGRAMS)('$name', (program) => {
  const { text, language, output, trace } = program;
  let compiled: string | undefined;
  const compile = () => {
    compiled ??= rewriteText(text, language);
    return compiled;
  };

  it('compiles to the expected text', () => {
    const code = compile();
    if (isUpdate) writeFileSync(output, code);
    expect(code).toBe(readFileSync(output, 'utf8'));
  });
  it('does what its trace says', async () => {
    const original = await traceOf(loadOriginal(text, language));
    if (isUpdate) {
      const asynchronous = await traceOf(formsOf(compile(), language).asynchronous(() => true));
      expect(whereAllBlocks(asynchronous)).toBe(original);
      writeFileSync(trace, asynchronous);
    }
    expect(original).toBe(whereAllBlocks(readFileSync(trace, 'utf8')));
  });
  it('means the same in every form', async () => {
    for (const form of Object.keys(FORMS))
      expect(await traceIn(form, compile(), language), form).toBe(expectedTrace(form, program));
  });
  it('means the same written once', async () => {
    const compact = rewriteText(text, language, true);
    for (const form of ONCE) {
      const trace = await traceIn(form, compact, language);
      if (WRITTEN_ONCE_DIFFERS.has(program.name)) expect(trace, form).not.toBe(expectedTrace(form, program));
      else expect(trace, form).toBe(expectedTrace(form, program));
    }
  });
});

it('no expected text or trace is left of a program that is gone', () => {
  expect(strays()).toEqual([]);
});
