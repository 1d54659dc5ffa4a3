/** The compiler: what every host calls. */
import type { EncodedSourceMap } from '@jridgewell/gen-mapping';
import { analyse } from './analyse.js';
import { parseModule } from './parse/parse.js';
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
}

/**
 * Compiles a program: analysis at once, rewriting module by module on demand.
 *
 * @throws {UnblockError} `syntax-error`
 */
export function compile(input: ProgramInput): Compilation {
  const parsed = new Map(input.modules.map((module) => [module.fileName, parseModule(module)]));
  const analysis = analyse(input, [...parsed.values()]);
  return {
    ...analysis,
    rewrite(fileName) {
      const module = parsed.get(fileName);
      const plan = analysis.plans.get(fileName);
      return module && plan ? rewriteModule(module, plan, input.options.runtime) : undefined;
    },
  };
}
