/** Runs a program in its original and in its compiled form. */

import * as api from '@unblock/runtime';
import * as runtime from '@unblock/runtime/compiled';
import ts from 'typescript';
import { compile } from '../../src/engine.js';
import type { ModuleInput } from '../../src/program.js';
import { unfulfilled } from './fulfilment.js';

type Main = (block: (value: unknown) => unknown, log: (entry: unknown) => void) => unknown;

/** Whether the next call of `block` suspends. */
export type Schedule = () => boolean;

/** How a program is written: an ES module, or CommonJS that runs as it is, sloppy unless it says otherwise. */
export type Language = 'javascript' | 'typescript' | 'tsx' | 'commonjs';

const FILE_NAMES: Readonly<Record<Language, string>> = {
  javascript: '/program.js',
  typescript: '/program.ts',
  tsx: '/program.tsx',
  commonjs: '/program.js',
};

/** A program as an input of the compiler. */
export function moduleOf(text: string, language: Language): ModuleInput {
  return { fileName: FILE_NAMES[language], text, kind: language === 'commonjs' ? 'commonjs' : 'esm' };
}

export function rewriteText(text: string, language: Language = 'typescript'): string {
  const module = moduleOf(text, language);
  const { fileName } = module;
  const compilation = compile({
    modules: [module],
    resolve: () => undefined,
    closed: false,
    options: { patch: {}, runtime: '@unblock/runtime/compiled' },
  });
  const broken = unfulfilled(compilation, fileName, text);
  if (broken.length > 0) throw new Error(`promised, and not written: ${broken.join('; ')}`);
  return compilation.rewrite(fileName)?.code ?? text;
}

export type Log = (entry: unknown) => void;

/** Runs a program. `called` is told what `block` is given, as it is called. */
export type Run = (log: Log, called?: Log) => unknown;

const ignore: Log = () => {};

/** The export `main(block, log)` of a module as it is. */
export function loadOriginal(text: string, language: Language, emitted?: ts.CompilerOptions): Run {
  return synchronous(load(text, language, emitted));
}

/**
 * The forms in which the `main` of a program may be run.
 *
 * @param emitted options of TypeScript, which compiles what is rewritten further
 */
export function loadCompiled(text: string, language: Language, emitted?: ts.CompilerOptions) {
  return formsOf(rewriteText(text, language), language, emitted);
}

/** The forms in which a compiled `main` may be run. */
export function formsOf(compiled: string, language: Language, emitted?: ts.CompilerOptions) {
  const main = load(compiled, language, emitted);
  return {
    uncoloured: synchronous(main),
    inPlace: (schedule: Schedule) => suspending(main, schedule),
    coloured(schedule: Schedule) {
      const twin = api.twin(main);
      if (twin === undefined) throw new Error('main has no twin: the case does not test anything');
      return suspending(twin, schedule);
    },
  };
}

function synchronous(main: Main): Run {
  return (log, called = ignore) => main(blocking(called), log);
}

/** Calls of `block` suspend as the schedule says, and have been made by then. */
function suspending(main: Main, schedule: Schedule): Run {
  return (log, called = ignore) => {
    const twin = async (value: unknown) => {
      called(value);
      if (schedule()) await new Promise((resolve) => setImmediate(resolve));
      return runtime.box(value);
    };
    return main(runtime.link(blocking(called), twin), log);
  };
}

function blocking(called: Log): (value: unknown) => unknown {
  return function block(value) {
    called(value);
    return value;
  };
}

function load(text: string, language: Language, emitted?: ts.CompilerOptions): Main {
  const exports: { main?: Main } = {};
  const require = (specifier: string) => {
    if (specifier === '@unblock/runtime/compiled') return runtime;
    if (specifier === '@unblock/runtime') return api;
    throw new Error(`unexpected import of ${specifier}`);
  };
  const script = language === 'commonjs' ? text : transpile(text, language, emitted);
  new Function('exports', 'require', script)(exports, require);
  if (exports.main === undefined) throw new Error('the program exports no main');
  return exports.main;
}

function transpile(text: string, language: Language, emitted?: ts.CompilerOptions): string {
  return ts.transpileModule(text, {
    fileName: FILE_NAMES[language],
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      jsx: ts.JsxEmit.React,
      jsxFactory: 'h',
      // As Babel parses them: TypeScript's older decorators in TypeScript, the standard's in JavaScript.
      experimentalDecorators: language !== 'javascript',
      ...emitted,
    },
  }).outputText;
}
