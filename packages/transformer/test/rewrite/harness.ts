/** Runs a program in its original and in its compiled form. */

import * as api from '@unblock/runtime';
import * as runtime from '@unblock/runtime/compiled';
import ts from 'typescript';
import { compile } from '../../src/engine.js';
import { unfulfilled } from './fulfilment.js';

export interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
  readonly log: readonly unknown[];
}

type Main = (block: (value: unknown) => unknown, log: (entry: unknown) => void) => unknown;

/** Whether the next call of `block` suspends. */
export type Schedule = () => boolean;

/** How a program is written: a TypeScript ES module, or CommonJS that runs as it is, sloppy unless it says otherwise. */
export type Language = 'typescript' | 'commonjs';

export function rewriteText(text: string, language: Language = 'typescript'): string {
  const fileName = language === 'typescript' ? '/program.ts' : '/program.js';
  const compilation = compile({
    modules: [{ fileName, text, kind: language === 'typescript' ? 'esm' : 'commonjs' }],
    resolve: () => undefined,
    closed: false,
    options: { patch: {}, runtime: '@unblock/runtime/compiled' },
  });
  const broken = unfulfilled(compilation, fileName, text);
  if (broken.length > 0) throw new Error(`promised, and not written: ${broken.join('; ')}`);
  return compilation.rewrite(fileName)?.code ?? text;
}

type Log = (entry: unknown) => void;

/** Runs the export `main(block, log)` of a module as it is. */
export function runOriginal(text: string, language: Language = 'typescript'): Outcome {
  return runSynchronously(loadOriginal(text, language));
}

/** Runs the original function in the compiled module: what uncompiled callers get. */
export function runUncoloured(text: string, language: Language = 'typescript'): Outcome {
  return runSynchronously(loadCompiled(text, language).uncoloured);
}

function runSynchronously(run: (log: Log) => unknown): Outcome {
  const log: unknown[] = [];
  try {
    return { value: run((entry) => log.push(entry)), log };
  } catch (error) {
    return { error: String(error), log };
  }
}

/** Runs the compiled form, in which `block` suspends as `schedule` says. */
export async function runCompiled(
  text: string,
  schedule: Schedule,
  language: Language = 'typescript',
): Promise<Outcome> {
  const log: unknown[] = [];
  const run = loadCompiled(text, language).coloured(schedule);
  try {
    return { value: await run((entry) => log.push(entry)), log };
  } catch (error) {
    return { error: String(error), log };
  }
}

/** @param emitted how TypeScript compiles what is left of its own syntax, or of too new syntax */
export function loadOriginal(text: string, language: Language, emitted = EMITTED): (log: Log) => unknown {
  const main = load(text, language, emitted);
  return (log) => main((value) => value, log);
}

/** The forms in which a compiled `main` may be run. */
export function loadCompiled(text: string, language: Language, emitted = EMITTED) {
  const main = load(rewriteText(text, language), language, emitted);
  return {
    uncoloured: (log: Log) => main((value) => value, log),
    inPlace: (schedule: Schedule) => (log: Log) => main(suspending(schedule), log),
    coloured(schedule: Schedule) {
      const twin = api.twin(main);
      if (twin === undefined) throw new Error('main has no twin: the case does not test anything');
      return (log: Log) => twin(suspending(schedule), log);
    },
  };
}

function suspending(schedule: Schedule): (value: unknown) => unknown {
  return runtime.link(
    (value: unknown) => value,
    async (value: unknown) => {
      if (schedule()) await new Promise((resolve) => setImmediate(resolve));
      return runtime.box(value);
    },
  );
}

function load(text: string, language: Language, emitted: ts.CompilerOptions): Main {
  const exports: { main?: Main } = {};
  const require = (specifier: string) => {
    if (specifier === '@unblock/runtime/compiled') return runtime;
    throw new Error(`unexpected import of ${specifier}`);
  };
  new Function('exports', 'require', language === 'typescript' ? transpile(text, emitted) : text)(exports, require);
  if (exports.main === undefined) throw new Error('the program exports no main');
  return exports.main;
}

const EMITTED: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022 };

function transpile(text: string, emitted: ts.CompilerOptions): string {
  return ts.transpileModule(text, { compilerOptions: { ...emitted, module: ts.ModuleKind.CommonJS } }).outputText;
}
