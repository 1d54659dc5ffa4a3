/** The compiler: what every host calls. */

import type { Comment } from '@babel/types';
import { analyse } from './analyse.js';
import { compiling } from './errors.js';
import { parseModule } from './parse/parse.js';
import type { Analysis, ProgramInput } from './program.js';
import { type RewrittenModule, rewriteModule } from './rewrite/rewrite.js';

export type { RewrittenModule };

export interface Compilation extends Analysis {
  /** The rewritten module; undefined if it stays byte for byte as it is. */
  rewrite(fileName: string): RewrittenModule | undefined;
  /** The comments of a module, in source order. */
  comments(fileName: string): readonly Comment[];
}

/**
 * Compiles a program: analysis at once, rewriting module by module on demand.
 *
 * @throws {UnblockError} `syntax-error`
 * @throws {InternalError} for a defect of the compiler
 */
export function compile(input: ProgramInput): Compilation {
  const parsed = new Map(
    input.modules.map((module) => [module.fileName, compiling(module.fileName, () => parseModule(module))]),
  );
  const analysis = analyse(input, [...parsed.values()]);
  return {
    ...analysis,
    rewrite(fileName) {
      const module = parsed.get(fileName);
      const plan = analysis.plans.get(fileName);
      if (module === undefined || plan === undefined) return undefined;
      return compiling(fileName, () => rewriteModule(module, plan, input.options.runtime));
    },
    comments: (fileName) => parsed.get(fileName)?.ast.comments ?? [],
  };
}
