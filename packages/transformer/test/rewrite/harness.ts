/** Runs a program in its original and in its compiled form. */

import * as api from '@unblock/runtime';
import * as runtime from '@unblock/runtime/compiled';
import ts from 'typescript';
import { compile } from '../../src/engine.js';
import type { ModuleInput } from '../../src/program.js';
import { unfulfilled } from './fulfilment.js';
import { linkSuspending } from './suspending.js';

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

export function rewriteText(text: string, language: Language = 'typescript', compact = false): string {
  const module = moduleOf(text, language);
  const { fileName } = module;
  const compilation = compile({
    modules: [module],
    resolve: () => undefined,
    closed: false,
    options: { patch: {}, runtime: '@unblock/runtime/compiled', compact, unknownCalls: 'suspend' },
  });
  const rewritten = compilation.rewrite(fileName);
  const broken = unfulfilled(compilation, fileName, text, rewritten);
  if (broken.length > 0) throw new Error(`promised, and not written: ${broken.join('; ')}`);
  return rewritten?.code ?? text;
}

export type Log = (entry: unknown) => void;

/** Is told what `block` is given as it is called, and whether that was a call that may suspend. */
type Called = (value: unknown, suspends: boolean) => void;

/** Runs a program. */
export type Run = (log: Log, called?: Called) => unknown;

const ignore = () => {};

/** The export `main(block, log)` of a module as it is. */
export function loadOriginal(text: string, language: Language, emitted?: ts.CompilerOptions): Run {
  return synchronous(load(text, language, emitted));
}

/** Thrown for a program that has nothing to compare. */
export class Untested extends Error {}

/** The forms in which a compiled `main` may be run. */
export interface Forms {
  /** What uncompiled callers get. */
  readonly uncoloured: Run;
  /** Likewise, where what asynchronous forms call would suspend: what waits for nobody calls none. */
  readonly mixed: Run;
  /** The asynchronous form. An `async` function is compiled in place, and so is its own. */
  asynchronous(schedule: Schedule): Run;
}

/**
 * Loads what {@link rewriteText} returns.
 *
 * @param emitted options of TypeScript, which compiles what is rewritten further
 */
export function formsOf(compiled: string, language: Language, emitted?: ts.CompilerOptions): Forms {
  const main = load(compiled, language, emitted);
  return {
    uncoloured: synchronous(main),
    mixed: suspending(main, () => true),
    asynchronous(schedule) {
      const form = Object.prototype.toString.call(main) === '[object AsyncFunction]' ? main : api.twin(main);
      if (form === undefined) throw new Untested('main has no asynchronous form: the program does not test anything');
      return suspending(form, schedule);
    },
  };
}

function synchronous(main: Main): Run {
  return (log, called = ignore) => main(blocking(called), log);
}

/** Calls of `block` suspend as the schedule says, and have been made by then. */
function suspending(main: Main, schedule: Schedule): Run {
  return (log, called = ignore) => {
    const twin = (value: unknown) => {
      called(value, true);
      return value;
    };
    return main(linkSuspending(blocking(called), twin, schedule), log);
  };
}

function blocking(called: Called): (value: unknown) => unknown {
  return function block(value) {
    called(value, false);
    return value;
  };
}

function load(text: string, language: Language, emitted?: ts.CompilerOptions): Main {
  const exports: { main?: Main } = {};
  const require = (specifier: string) => {
    if (specifier === '@unblock/runtime/compiled') return runtime;
    if (specifier === '@unblock/runtime') return api;
    if (specifier.startsWith('./input')) return exports; // The module itself.
    const builtin = process.getBuiltinModule(specifier);
    if (builtin === undefined) throw new Error(`unexpected import of ${specifier}`);
    return builtin;
  };
  const isScript = language === 'commonjs' && emitted === undefined;
  const script = isScript ? text : transpile(text, language, emitted);
  new Function('exports', 'require', script)(exports, require);
  if (exports.main === undefined) throw new Error('the program exports no main');
  return exports.main;
}

const transpiled = new Map<string, string>();

/** A program is loaded anew for each of its forms; transpiling it anew would cost most of the time. */
function transpile(text: string, language: Language, emitted: ts.CompilerOptions = {}): string {
  const key = `${language} ${JSON.stringify(emitted)} ${text}`;
  const known = transpiled.get(key);
  if (known !== undefined) return known;
  const { outputText: code, diagnostics = [] } = ts.transpileModule(text, {
    // It compiles elements whose tags do not match.
    reportDiagnostics: language === 'tsx',
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
  });
  const [mistake] = diagnostics;
  if (mistake !== undefined) throw new SyntaxError(ts.flattenDiagnosticMessageText(mistake.messageText, '\n'));
  transpiled.set(key, code);
  return code;
}
