/** The compiler: what every host calls. */

import type { Comment } from '@babel/types';
import type { EncodedSourceMap } from '@jridgewell/gen-mapping';
import { analyse } from './analyse.js';
import { compiling, UnblockError } from './errors.js';
import { type ParsedModule, parseModule } from './parse/parse.js';
import type { Analysis, ProgramInput } from './program.js';
import { rewriteModule } from './rewrite/rewrite.js';

export interface RewrittenModule {
  readonly code: string;
  /** From `code` to the module's original text, whose file name is its only source. */
  readonly map: EncodedSourceMap;
}

export interface Compilation extends Analysis {
  /** The rewritten module; undefined if it stays byte for byte as it is. */
  rewrite(fileName: string): RewrittenModule | undefined;
  /** Why modules were left out, by their file name; empty without `skipUnreadable`. */
  readonly unreadable: ReadonlyMap<string, UnblockError>;
  /** The comments of a module, in source order. */
  comments(fileName: string): readonly Comment[];
}

/**
 * Compiles a program: analysis at once, rewriting module by module on demand.
 *
 * @throws {UnblockError} `syntax-error`, unless `skipUnreadable`
 * @throws {InternalError} for a defect of the compiler
 */
export function compile(input: ProgramInput): Compilation {
  const parsed = new Map<string, ParsedModule>();
  const unreadable = new Map<string, UnblockError>();
  for (const module of input.modules) {
    try {
      parsed.set(
        module.fileName,
        compiling(module.fileName, () => parseModule(module)),
      );
    } catch (error) {
      if (input.skipUnreadable !== true || !(error instanceof UnblockError)) throw error;
      unreadable.set(module.fileName, error);
    }
  }
  const analysis = analyse({ ...input, closed: input.closed && unreadable.size === 0 }, [...parsed.values()]);
  return {
    ...analysis,
    unreadable,
    rewrite(fileName) {
      const module = parsed.get(fileName);
      const plan = analysis.plans.get(fileName);
      if (module === undefined || plan === undefined) return undefined;
      return compiling(fileName, () => rewriteModule(module, plan, input.options.runtime));
    },
    comments: (fileName) => parsed.get(fileName)?.ast.comments ?? [],
  };
}
