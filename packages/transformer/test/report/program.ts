/** Programs for tests of the report. */
import { type Compilation, compile } from '../../src/engine.js';
import type { ModuleKind } from '../../src/program.js';
import { type LintResult, lintResults } from '../../src/report/results.js';
import type { Severity } from '../../src/report/rules.js';

export interface Program {
  readonly compilation: Compilation;
  readonly results: LintResult[];
}

export interface Given {
  readonly name?: string;
  readonly kind?: ModuleKind;
  readonly closed?: boolean;
  readonly patch?: Readonly<Record<string, boolean>>;
  readonly rules?: Readonly<Record<string, Severity>>;
}

/** A program of one module, and its report. */
export function program(text: string, given: Given = {}): Program {
  const { name = 'main.ts', kind = 'esm', closed = true, patch = {}, rules = {} } = given;
  const fileName = `/src/${name}`;
  const compilation = compile({
    modules: [{ fileName, text, kind }],
    resolve: () => undefined,
    closed,
    options: { patch, runtime: '@unblock/runtime/compiled' },
  });
  const files = [{ fileName, text, comments: compilation.comments(fileName) }];
  return {
    compilation,
    results: lintResults(files, compilation.verdicts, rules, (file) => file.slice(1), compilation.findings()),
  };
}
