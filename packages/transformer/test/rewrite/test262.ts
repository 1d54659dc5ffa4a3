/** Tests of Test262, the suite of the standard of ECMAScript, in original and compiled form. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import * as api from '@unblock/runtime';
import * as compiledRuntime from '@unblock/runtime/compiled';
import { parse } from 'yaml';
import { compile } from '../../src/engine.js';
import { UnblockError } from '../../src/errors.js';
import { unfulfilled } from './fulfilment.js';
import { moduleOf } from './harness.js';

/** What a file says about itself, as `INTERPRETING.md` of the suite has it. */
interface Metadata {
  readonly flags?: readonly string[];
  readonly includes?: readonly string[];
  readonly defines?: readonly string[];
  readonly negative?: { readonly phase: string; readonly type: string };
}

/** A test as a program: CommonJS whose export `main` runs it, and is given what its harness exports. */
export interface Test {
  readonly text: string;
  readonly harness: Harness;
  /** Whether it tells by `print` that it has ended. */
  readonly isAsync: boolean;
  /** The class of error that ends it, if one should. */
  readonly throws: string | undefined;
}

/** What is written before tests, as a module of its own: most of it is longer than they are. */
interface Harness {
  readonly text: string;
  readonly names: readonly string[];
}

type Main = (host: object, ...harness: readonly unknown[]) => unknown;

/** How long a test may take until it tells that it has ended, in milliseconds. */
const PATIENCE = 20_000;

/** What gives each array an element: no other code in the process, that of Node included, works with it. */
const INDEXED = /\b(Array|Object)\.prototype(\[ *['"]?\d|, *['"]?\d)/;

/** Written before each test, unless it is `raw`. */
const ALWAYS = ['assert.js', 'sta.js'];

/**
 * The programs of a test: sloppy and strict, where it may be run as either. None if it is a module, or no program of the language, or if all arrays of
 * the process would have an element that it defines.
 *
 * @param suite the folder of the suite
 * @param file a test below it
 */
export function testsOf(suite: string, file: string): Test[] {
  const text = readFileSync(join(suite, file), 'utf8');
  const { flags = [], includes = [], negative } = metadataOf(text);
  if (INDEXED.test(text)) return [];
  if (flags.includes('module') || flags.includes('raw') || (negative && negative.phase !== 'runtime')) return [];
  const isAsync = flags.includes('async');
  const harness = harnessOf(suite, [...ALWAYS, ...(isAsync ? ['doneprintHandle.js'] : []), ...includes]);
  const strict = "'use strict';";
  const modes = flags.includes('onlyStrict') ? [strict] : flags.includes('noStrict') ? [''] : ['', strict];
  return modes.map((directive) => ({
    text: `exports.main = function main(${['$262', ...harness.names].join(', ')}) {${directive}\n${text}\n};\n`,
    harness,
    isAsync,
    throws: negative?.type,
  }));
}

function metadataOf(text: string): Metadata {
  const frontmatter = /\/\*---([\s\S]*?)---\*\//.exec(text)?.[1];
  return frontmatter === undefined ? { flags: ['raw'] } : parse(frontmatter.replaceAll('\r', '\n'));
}

const harnesses = new Map<string, Harness>();

function harnessOf(suite: string, files: readonly string[]): Harness {
  const key = files.join();
  let harness = harnesses.get(key);
  if (harness === undefined) {
    const texts = files.map((name) => readFileSync(join(suite, 'harness', name), 'utf8'));
    const names = [...new Set(texts.flatMap((text) => metadataOf(text).defines ?? []))];
    harness = { text: `${texts.join('\n')}\nObject.assign(exports, { ${names.join(', ')} });\n`, names };
    harnesses.set(key, harness);
  }
  return harness;
}

/** How a compiled test is run. */
interface Form {
  readonly compact: boolean;
  /** What each call does; undefined where uncompiled callers run the original half. */
  readonly course: (() => api.Schedule) | undefined;
}

const FORMS: Readonly<Record<string, Form>> = {
  'for uncompiled callers': { compact: false, course: undefined },
  'when nothing suspends': { compact: false, course: () => () => 'asynchronous' },
  'when everything suspends': { compact: false, course: () => () => 'soon' },
  'at random': { compact: false, course: () => atRandom(1) },
  'written once, when everything suspends': { compact: true, course: () => () => 'soon' },
};

function atRandom(seed: number): api.Schedule {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const chance = (state >>> 8) % 10;
    return chance < 3 ? 'original' : chance < 5 ? 'asynchronous' : chance < 9 ? 'soon' : 'late';
  };
}

/**
 * What the compiled forms of a test do otherwise than the original.
 *
 * @param restore undoes what a run has changed of the language's objects, and tells whether that could be done
 * @returns undefined if nothing; `'unfit'` if the original does not pass itself, or leaves a language behind that no other program can run in: not every
 *   test can run inside a function, or on this Node; `'refused'` if its syntax is none that Unblock knows, so that it is left alone with a message
 */
export async function differenceOf(test: Test, restore: () => boolean): Promise<string | undefined> {
  let isUndone = true;
  const original = await outcomeOf(test, test.text, test.harness.text, undefined, () => {
    isUndone = restore();
  });
  if (!isUndone) return 'unfit';
  if (original !== (test.throws === undefined ? 'passes' : original.startsWith(`throws ${test.throws}`) && original))
    return 'unfit';
  for (const [form, { compact, course }] of Object.entries(FORMS)) {
    let outcome: string;
    try {
      const harness = compiledText(test.harness.text, compact);
      outcome = await outcomeOf(test, compiledText(test.text, compact), harness, course?.(), restore);
    } catch (error) {
      if (error instanceof UnblockError) return 'refused';
      outcome = `does not compile: ${error}`;
    }
    if (outcome !== original) return `${form}: ${outcome}`;
  }
  return undefined;
}

/** What has been compiled last, by text and form: the harness, and the test that is run in several forms. */
const compiled = new Map<string, string>();
const KEPT = 100;

/** What a text is compiled to where every function may suspend. */
export function compiledText(text: string, compact: boolean): string {
  const key = `${compact} ${text}`;
  const code = compiled.get(key) ?? compileText(text, compact);
  compiled.delete(key);
  compiled.set(key, code);
  const [oldest = key] = compiled.keys();
  if (compiled.size > KEPT) compiled.delete(oldest);
  return code;
}

function compileText(text: string, compact: boolean): string {
  const module = moduleOf(text, 'commonjs');
  const compilation = compile({
    modules: [module],
    resolve: () => undefined,
    closed: false,
    options: { patch: {}, runtime: '@unblock/runtime/compiled', compact, forced: true },
  });
  const rewritten = compilation.rewrite(module.fileName);
  const broken = unfulfilled(compilation, module.fileName, text, rewritten);
  if (broken.length > 0) throw new Error(`promised, and not written: ${broken.join('; ')}`);
  return rewritten?.code ?? text;
}

async function outcomeOf(
  { isAsync, harness: { names } }: Test,
  text: string,
  harness: string,
  course: api.Schedule | undefined,
  restore: () => void,
): Promise<string> {
  const printed: string[] = [];
  let isOver = false;
  try {
    const host = hostObject();
    const given = load(harness, (line) => printed.push(String(line)), host);
    const main = load(text).main as Main;
    const form = course === undefined ? main : (api.twin(main) ?? main);
    api.scheduleTwins(course);
    const run = form(host, ...names.map((name) => given[name]));
    const end = async () => {
      await run;
      if (isAsync) await until(() => printed.length > 0 || isOver);
    };
    await Promise.race([end(), never(() => isOver)]);
    return isAsync && printed[0] !== 'Test262:AsyncTestComplete' ? `prints ${printed[0]}` : 'passes';
  } catch (error) {
    return `throws ${describe(error)}`;
  } finally {
    isOver = true;
    api.scheduleTwins(undefined);
    restore();
  }
}

const turn = setImmediate;
const now = Date.now.bind(Date);
const nextTurn = () => new Promise<void>((resolve) => turn(resolve));

async function until(isMet: () => boolean): Promise<void> {
  while (!isMet()) await nextTurn();
}

async function never(isOver: () => boolean): Promise<never> {
  const end = now() + PATIENCE;
  while (now() < end && !isOver()) await nextTurn();
  throw new RangeError('never ends');
}

function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { name, message } = error as Error;
  return `${name ?? error.constructor?.name}: ${message}`;
}

/** The exports of a module that has been written as CommonJS. */
function load(text: string, print?: (line: unknown) => void, host?: object): Record<string, unknown> {
  const exports = {};
  const require = (specifier: string) => (specifier === '@unblock/runtime/compiled' ? compiledRuntime : api);
  new Function('exports', 'require', 'print', '$262', text)(exports, require, print, host);
  return exports;
}

/** The object `$262`, as far as Node can do what it stands for. */
function hostObject(): object {
  return {
    global: globalThis,
    gc() {},
    detachArrayBuffer(buffer: ArrayBuffer) {
      structuredClone(buffer, { transfer: [buffer] });
    },
    createRealm() {
      const context = createContext();
      return { global: runInContext('globalThis', context), evalScript: (text: string) => runInContext(text, context) };
    },
  };
}
