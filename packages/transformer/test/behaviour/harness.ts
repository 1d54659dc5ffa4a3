/** Runs a program as it is and in its compiled forms, with real blocking calls that really suspend, and compares what it logs. */
import { createHook } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { compileFunction } from 'node:vm';
import * as runtime from '@unblock/runtime/compiled';
import ts from 'typescript';
import { expect, it, vi } from 'vitest';
import { completeInPlace } from '../../../runtime/src/node/fs/inPlace.js';
import { type Compilation, compile } from '../../src/engine.js';

/**
 * A CommonJS module with `async function main()`, in which these names are at hand: `fs`, `vi`; `block(value)`, which reads a file and
 * returns `value`; `log(entry)`; `later(ms)`, which also waits for the calls of `fs` that are under way;
 * `frames(error)`, the names of the functions of the program in a stack; `FILE`, the path of a file that exists. What is uncaught while it
 * runs is logged.
 */
export interface Program {
  readonly text: string;
  /** Modules that are not compiled, by the specifier under which the program requires them. */
  readonly uncompiled?: Readonly<Record<string, string>>;
}

interface Outcome {
  readonly log: readonly unknown[];
  /** How many calls of `fs` went to the thread pool: those that suspended, and asynchronous ones of the program itself. */
  readonly requests: number;
}

/**
 * - `original`: as it is written.
 * - `whole`: compiled as a whole program, with the uncompiled modules as packages.
 * - `alone`: compiled as one module of a program of which nothing else is known.
 * - `inPlace`: like `whole`, and calls that are quick complete in place, if their directories are known from an earlier run.
 * - `odd`, `even`: like `whole`, and only every other call of `block` suspends, from the first or from the second on.
 */
type Form = 'original' | 'whole' | 'alone' | 'inPlace' | 'odd' | 'even';

const COMPILED: readonly Form[] = ['whole', 'alone', 'inPlace', 'odd', 'even'];

const FILE = import.meta.filename;
const PROGRAM = '/app/program.js';
const PRELUDE = `const fs = require('fs'); function block(value) { if (blocks()) fs.readFileSync(FILE); return value; } `;
const load = createRequire(import.meta.url);

/**
 * One test for each program: its compiled forms log what the original logs.
 *
 * @param forms fewer of them where programs take their time, and it does not matter which calls of `block` suspend
 */
export function behaveAsBefore(
  programs: Readonly<Record<string, string | Program>>,
  forms: readonly Form[] = COMPILED,
): void {
  it.each(Object.entries(programs))('%s', async (_, given) => {
    const program = typeof given === 'string' ? { text: given } : given;
    const original = await run(program, 'original');
    expect(original.log).not.toEqual([]);
    for (const form of forms) {
      const compiled = await run(program, form);
      expect({ form, log: compiled.log }).toEqual({ form, log: original.log });
      if (form !== 'whole' && form !== 'alone') continue;
      expect(compiled.requests, `${form}: nothing suspended, so that nothing was tested`).toBeGreaterThan(
        original.requests,
      );
    }
  });
}

/**
 * One test for each program: the verdict on `block` is the expected one, and the truth. What is patched suspends, what is blocking does not,
 * and the program logs what it did.
 */
export function judgeAsTheyBehave(programs: Readonly<Record<string, readonly [text: string, verdict: string]>>): void {
  it.each(Object.entries(programs))('%s', async (_, [text, verdict]) => {
    const [found] = compilationOf(`${PRELUDE}${text}\nexports.main = main;`, true).verdicts;
    expect([found?.status, ...new Set(found?.reasons.map(({ rule }) => rule))].join(' ')).toBe(verdict);
    const original = await run({ text }, 'original');
    const whole = await run({ text }, 'whole');
    expect(whole.log).toEqual(original.log);
    expect(original.log).not.toEqual([]);
    expect(whole.requests > original.requests).toBe(found?.status !== 'blocking');
  });
}

/** What a program logs in one of its forms. */
export async function run({ text, uncompiled = {} }: Program, form: Form): Promise<Outcome> {
  const log: unknown[] = [];
  const source = `${PRELUDE}${text}\nexports.main = main;`;
  const main = evaluate(
    form === 'original' ? source : compiled(source, form),
    log,
    uncompiled,
    form,
  ) as () => Promise<void>;
  const before = isolateProcess(log);
  const requests = countRequests();
  completeInPlace(form === 'inPlace');
  try {
    await main();
  } finally {
    completeInPlace(true);
    requests.stop();
    before.restore();
  }
  return { log, requests: requests.count() };
}

/** Without blocking calls that can be patched, what comes out is what went in. */
function compiled(text: string, form: Form): string {
  return compilationOf(text, form !== 'alone').rewrite(PROGRAM)?.code ?? text;
}

function compilationOf(text: string, closed: boolean): Compilation {
  return compile({
    modules: [{ fileName: PROGRAM, text, kind: 'commonjs' }],
    resolve: () => undefined,
    closed,
    options: { patch: {}, runtime: 'runtime' },
  });
}

function evaluate(code: string, log: unknown[], uncompiled: Readonly<Record<string, string>>, form: Form): unknown {
  let calls = 0;
  const evaluateModule = (text: string, fileName: string): Record<string, unknown> => {
    const module = { exports: {} as Record<string, unknown> };
    const require = (specifier: string): unknown => {
      if (specifier === 'runtime') return runtime;
      const other = uncompiled[specifier];
      return other === undefined ? load(specifier) : evaluateModule(other, `/app/${specifier}`);
    };
    const given = {
      module,
      exports: module.exports,
      require,
      vi,
      FILE,
      blocks: () => (form !== 'odd' && form !== 'even') || (++calls % 2 === 1) === (form === 'odd'),
      later,
      frames,
      log: (x: unknown) => log.push(x),
    };
    compileFunction(lowered(text), Object.keys(given), { filename: fileName })(...Object.values(given));
    return module.exports;
  };
  return evaluateModule(code, PROGRAM).main;
}

/** The running Node may not have `using`: TypeScript writes it otherwise, and leaves the rest. */
export function lowered(text: string): string {
  if (!/\busing \w/.test(text)) return text;
  return ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022, alwaysStrict: false } })
    .outputText;
}

/** The names of the program's functions in a stack, innermost first, with `async` before those that were resumed. */
function frames({ stack = '' }: Error): string[] {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at ') && line.includes(PROGRAM))
    .map((line) => line.replace(/^ {4}at /, '').replace(/ ?\(.*/, ''));
}

/** Keeps what is uncaught from the test framework, and logs it. */
function isolateProcess(log: unknown[]): { restore(): void } {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event));
  for (const event of events) process.removeAllListeners(event);
  process.on('uncaughtException', (error, origin) => log.push(['uncaught', String(error), origin]));
  process.on('unhandledRejection', (reason) => log.push(['unhandled', String(reason)]));
  return {
    restore() {
      events.forEach((event, i) => {
        process.removeAllListeners(event);
        for (const listener of before[i] ?? []) process.on(event, listener as () => void);
      });
    },
  };
}

const pending = new Set<number>();

/** Counts the calls of `fs` that go to the thread pool, until it is stopped. */
export function countRequests() {
  let count = 0;
  const hook = createHook({
    init(id, type) {
      if (type !== 'FSREQCALLBACK') return;
      count++;
      pending.add(id);
    },
    after: (id) => pending.delete(id),
  }).enable();
  return {
    count: () => count,
    stop() {
      hook.disable();
      pending.clear();
    },
  };
}

/** Waits `ms` milliseconds, and then for the calls of `fs` that have not come back, however busy the machine is. */
async function later(ms: number): Promise<void> {
  await sleep(ms);
  do await nextTurn();
  while (pending.size > 0);
  // What was uncaught is thrown in a tick of its own, and what waited for it may make further calls.
  await nextTurn();
  if (pending.size > 0) await later(0);
}
