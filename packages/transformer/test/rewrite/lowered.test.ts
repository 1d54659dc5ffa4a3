/** What TypeScript rewrites after us, in each of the ways in which it does: fields, private names and parameter properties of classes, async generators. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { PROGRAMS, WRITTEN_ONCE_DIFFERS } from './constructs.js';
import { formsOf, loadOriginal, rewriteText } from './harness.js';
import { FORMS, UNCOLOURED } from './schedules.js';
import { traceOf, whereAllBlocks } from './trace.js';

const { ES2017, ES2022, ESNext } = ts.ScriptTarget;

/** What TypeScript itself changes or refuses: names of classes and functions, keys of fields without a value, initialisers that see parameters, `super()` in branches, `await` in keys, `yield*` over odd iterators, which does not end. */
const OTHERWISE: ReadonlySet<string> = new Set([
  ...[
    'async-generators/iterators',
    'async-generators/parameters',
    'computed-keys/order',
    'construction/expressions',
    'fields/names',
    'fields/scopes',
    'fields/enclosing',
    'private-names/branches',
    'static-blocks/names',
  ],
]);
const CASES = PROGRAMS.filter(
  ({ name }) =>
    /^(async-generators|computed-keys|construction|fields|private-names|parameter-properties|static-blocks)/.test(
      name,
    ) && !OTHERWISE.has(name),
);

/** Of each program, one of two ways is tried at a time: SEED says which. With ALL=1, all are. */
const SEED = Number(process.env.SEED ?? Date.now() & 1);

/** What TypeScript does to them is the same whenever they suspend. */
const TRIED = Object.entries(FORMS).filter(([form]) =>
  [UNCOLOURED, 'when nothing suspends', 'when everything suspends', 'when calls suspend at random (1)'].includes(form),
);

const EMITTED: Readonly<Record<string, ts.CompilerOptions>> = {
  'fields that are assigned, for ES2017': { target: ES2017 },
  'fields that are defined, for ES2017': { target: ES2017, useDefineForClassFields: true },
  'fields that are assigned, for ES2022': { target: ES2022, useDefineForClassFields: false },
  'fields as they are': { target: ESNext },
};

describe.each(Object.entries(EMITTED).map(([way, emitted], number) => ({ way, emitted, number })))(
  `$way (SEED=${SEED})`,
  ({ emitted, number }) => {
    const tried = CASES.filter((_, i) => process.env.ALL === '1' || (i + number + SEED) % 2 === 0);
    it.each(tried)('$name', async ({ name, text, language }) => {
      const original = await traceOf(loadOriginal(text, language, emitted));
      for (const compact of WRITTEN_ONCE_DIFFERS.has(name) ? [false] : [false, true]) {
        const compiled = rewriteText(text, language, compact);
        for (const [form, of] of TRIED) {
          const trace = whereAllBlocks(await traceOf(of(formsOf(compiled, language, emitted))));
          expect(trace, compact ? `written once, ${form}` : form).toBe(original);
        }
      }
    });
  },
);
