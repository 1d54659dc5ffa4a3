/** Which messages the errors of a compiled program have, held against those of the original. */
import { type Course, scheduleTwins } from '../../../runtime/src/twin/schedule.js';
import { compile } from '../../src/engine.js';
import { DECLARATIONS } from './errorCases.js';
import {
  type Forms,
  formsOf,
  loadOriginal,
  moduleOf,
  type Run,
  rewriteText,
  type Schedule,
  Untested,
} from './harness.js';

/** The variants of a case: as it is, with a call of `block` in each place in turn, and in all of them. */
function variantsOf(text: string): string[] {
  const count = text.split('<<').length - 1;
  const withCalls = (isCalled: (place: number) => boolean) => {
    let place = 0;
    return text.replace(/<<(.*?)>>/g, (_, part: string) => (isCalled(place++) ? `block(${part})` : part));
  };
  const places = Array.from({ length: count }, (_, i) => i);
  return [...new Set([...places.map((i) => withCalls((place) => place === i)), withCalls(() => true)])];
}

/** The program of a variant; undefined if V8 does not take it for one. */
function programOf(variant: string, isAsync: boolean): string | undefined {
  const [, strict = '', body = ''] = /^((?:'use strict'|"use strict"); )?(.*)$/s.exec(variant) ?? [];
  const text = `${strict}exports.main = ${isAsync ? 'async ' : ''}function main(block, log) {\n${declarationsFor(body)}\n${body};\n};`;
  try {
    new Function('exports', text);
    return text;
  } catch {
    return undefined;
  }
}

function declarationsFor(body: string): string {
  const words = new Set(body.match(/[\w$]+/g));
  // Accessors run wherever a property has their names.
  if (words.has('p') || words.has('q')) words.add('accessed');
  return Object.entries(DECLARATIONS)
    .flatMap(([name, declaration]) => (words.has(name) ? [declaration] : []))
    .join(' ');
}

function alternating(): Schedule {
  let calls = 0;
  return () => calls++ % 2 === 1;
}

/** Calls take these courses in turn. */
const COURSES: readonly Course[] = ['late', 'original', 'asynchronous', 'soon', 'late', 'original', 'original', 'soon'];

const FORMS: Readonly<Record<string, (forms: Forms) => Run>> = {
  'for uncompiled callers': ({ uncoloured }) => uncoloured,
  'when nothing suspends': ({ asynchronous }) => asynchronous(() => false),
  'when everything suspends': ({ asynchronous }) => asynchronous(() => true),
  'when every other call suspends': ({ asynchronous }) => asynchronous(alternating()),
};

const FORMS_ONCE: typeof FORMS = {
  'written once, when everything suspends': ({ asynchronous }) => asynchronous(() => true),
};

/** What a variant does otherwise. */
export interface Difference {
  readonly variant: string;
  readonly form: string;
  readonly original: string;
  readonly compiled: string;
}

/** Turns of the event loop in which nothing happens, behind which a program counts as one that never ends. */
const PATIENCE = 40;

async function outcomeOf(run: Run): Promise<string> {
  let turns = 0;
  let isOver = false;
  const never = async () => {
    while (turns++ < PATIENCE && !isOver) await new Promise(setImmediate);
    return 'never ends';
  };
  const outcome = async () => {
    await run(
      () => {},
      () => {
        turns = 0;
      },
    );
    return 'ends';
  };
  try {
    return await Promise.race([outcome(), never()]);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : `throws ${typeof error}`;
  } finally {
    isOver = true;
  }
}

function forced(text: string): string {
  const module = moduleOf(text, 'commonjs');
  const compilation = compile({
    modules: [module],
    resolve: () => undefined,
    closed: false,
    options: { patch: {}, runtime: '@unblock/runtime/compiled', forced: true },
  });
  return compilation.rewrite(module.fileName)?.code ?? text;
}

async function inCourses(text: string, next: () => Course): Promise<string> {
  const code = forced(text);
  scheduleTwins(next);
  try {
    return await outcomeOf(formsOf(code, 'commonjs').asynchronous(() => false));
  } finally {
    scheduleTwins(undefined);
  }
}

/** The forms in which variants of a case do otherwise than the original, or fail to be compiled. Rarer forms are compared of the last variant only. */
export async function differencesOf(text: string, isAsync: boolean): Promise<Difference[]> {
  const found: Difference[] = [];
  let programs = 0;
  const variants = variantsOf(text);
  for (const variant of variants) {
    const program = programOf(variant, isAsync);
    if (program === undefined) continue;
    programs++;
    const original = await outcomeOf(loadOriginal(program, 'commonjs'));
    const compare = async (form: string, run: () => Promise<string>) => {
      const compiled = await run().catch((error: Error) => {
        // Nothing in it may suspend, so that there is no asynchronous form.
        return error instanceof Untested ? original : `is not compiled: ${error}`;
      });
      if (compiled !== original) found.push({ variant, form, original, compiled });
    };
    const compareForms = async (compact: boolean, forms: Readonly<Record<string, (forms: Forms) => Run>>) => {
      let code: string | undefined;
      for (const [form, of] of Object.entries(forms))
        await compare(form, async () => {
          code ??= rewriteText(program, 'commonjs', compact);
          return outcomeOf(of(formsOf(code, 'commonjs')));
        });
    };
    await compareForms(false, FORMS);
    if (variant !== variants.at(-1)) continue;
    await compareForms(true, FORMS_ONCE);
    let calls = 0;
    await compare('with forced colour', () => inCourses(program, () => COURSES[calls++ % COURSES.length] as Course));
  }
  if (programs === 0) throw new Error(`no variant is a program: ${text}`);
  return found;
}
