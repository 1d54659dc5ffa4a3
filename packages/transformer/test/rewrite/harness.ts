/** Runs a program in its original and in its compiled form. */

import * as api from '@unblock/runtime';
import * as runtime from '@unblock/runtime/compiled';
import ts from 'typescript';
import { compile } from '../../src/engine.js';

export interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
  readonly log: readonly unknown[];
}

type Main = (block: (value: unknown) => unknown, log: (entry: unknown) => void) => unknown;

/** Whether the next call of `block` suspends. */
export type Schedule = () => boolean;

export function rewriteText(text: string): string {
  const fileName = '/program.ts';
  const compilation = compile({
    modules: [{ fileName, text, kind: 'esm' }],
    resolve: () => undefined,
    closed: false,
    options: { patch: {}, runtime: '@unblock/runtime/compiled' },
  });
  return compilation.rewrite(fileName)?.code ?? text;
}

/** Runs `export function main(block, log)` of a TypeScript module as it is. */
export function runOriginal(text: string): Outcome {
  const log: unknown[] = [];
  try {
    return {
      value: load(text)(
        (value) => value,
        (entry) => log.push(entry),
      ),
      log,
    };
  } catch (error) {
    return { error: String(error), log };
  }
}

/** Runs the compiled form, in which `block` suspends as `schedule` says. */
export async function runCompiled(text: string, schedule: Schedule): Promise<Outcome> {
  const log: unknown[] = [];
  const block = (value: unknown) => value;
  runtime.link(block, async (value: unknown) => {
    if (schedule()) await new Promise((resolve) => setImmediate(resolve));
    return runtime.box(value);
  });
  const main = api.twin(load(rewriteText(text)));
  if (main === undefined) throw new Error('main has no twin: the case does not test anything');
  try {
    return { value: await main(block, (entry) => log.push(entry)), log };
  } catch (error) {
    return { error: String(error), log };
  }
}

function load(text: string): Main {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  const exports: { main?: Main } = {};
  const require = (specifier: string) => {
    if (specifier === '@unblock/runtime/compiled') return runtime;
    throw new Error(`unexpected import of ${specifier}`);
  };
  new Function('exports', 'require', outputText)(exports, require);
  if (exports.main === undefined) throw new Error('the program exports no main');
  return exports.main;
}
