/** The compiler: what every host calls. */

import type { Comment } from '@babel/types';
import { analyse } from './analyse.js';
import { compiling, isTooDeep, UnblockError } from './errors.js';
import { hasPaths } from './flow/externalPaths.js';
import { type ParsedModule, parseModule } from './parse/parse.js';
import type { Analysis, ProgramInput } from './program.js';
import type { Finding } from './report/finding.js';
import { type RewrittenModule, rewriteModule } from './rewrite/rewrite.js';
import { isDeeperThan } from './syntax/nodes.js';

export type { RewrittenModule };

export interface Compilation extends Analysis {
  /** The rewritten module; undefined if it stays byte for byte as it is. */
  rewrite(fileName: string): RewrittenModule | undefined;
  /** Why modules were left out, by their file name; empty without `skipsUnreadable`. */
  readonly unreadable: ReadonlyMap<string, UnblockError>;
  /** The comments of a module, in source order. */
  comments(fileName: string): readonly Comment[];
}

/**
 * Compiles a program: analysis at once, rewriting module by module on demand. A module that nests too deeply stays as it is, as one of another
 * program would; a finding says so.
 *
 * @throws {UnblockError} `syntax-error`, unless `skipsUnreadable`
 * @throws {InternalError} for a defect of the compiler
 */
export function compile(given: ProgramInput): Compilation {
  const input = withPackagesApart(given);
  const parsed = new Map<string, ParsedModule>();
  const unreadable = new Map<string, UnblockError>();
  const tooDeep: string[] = [];
  for (const module of input.modules) {
    try {
      parsed.set(
        module.fileName,
        compiling(module.fileName, () => parseModule(module)),
      );
    } catch (error) {
      if (isTooDeep(error)) tooDeep.push(module.fileName);
      else if (error instanceof UnblockError && input.skipsUnreadable?.(module.fileName))
        unreadable.set(module.fileName, error);
      else throw error;
    }
  }
  const compiled = new Map(parsed);
  for (;;) {
    const isClosed = input.closed && unreadable.size === 0 && tooDeep.length === 0;
    try {
      return {
        ...compileParsed({ ...input, closed: isClosed }, compiled, tooDeep),
        unreadable,
        comments: (fileName) => parsed.get(fileName)?.ast.comments ?? [],
      };
    } catch (error) {
      if (!isTooDeep(error) || !compiled.delete(error.fileName)) throw error;
      tooDeep.push(error.fileName);
    }
  }
}

/**
 * Packages that are compiled apart are as modules of the project that are not at hand: imports of them resolve, to no module of the program. The
 * paths that the catalogue has for handlers count for more.
 */
function withPackagesApart(input: ProgramInput): ProgramInput {
  const apart = new Set((input.options.packages ?? []).filter((name) => !hasPaths(name)));
  if (apart.size === 0) return input;
  const isApart = (specifier: string) => apart.has(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? '');
  return {
    ...input,
    closed: false,
    resolve: (specifier, fromFile) =>
      input.resolve(specifier, fromFile) ?? (isApart(specifier) ? specifier : undefined),
  };
}

/** Levels of a syntax tree that every walk has room for. */
const SAFE_DEPTH = 250;

/** @throws {InternalError} if a module nests too deeply, before anything is said about it */
function compileParsed(
  input: ProgramInput,
  modules: ReadonlyMap<string, ParsedModule>,
  tooDeep: readonly string[],
): Pick<Compilation, keyof Analysis | 'rewrite'> {
  const analysis = analyse(input, [...modules.values()]);
  const deep = [...modules.values()].filter(({ ast }) => isDeeperThan(ast, SAFE_DEPTH));
  const rewritten = new Map(deep.map(({ fileName }) => [fileName, rewrite(fileName)]));
  return {
    ...analysis,
    findings: () => [...tooDeep.map(remarkOnDepth), ...analysis.findings()],
    rewrite: (fileName) => (rewritten.has(fileName) ? rewritten.get(fileName) : rewrite(fileName)),
  };

  function rewrite(fileName: string): RewrittenModule | undefined {
    const module = modules.get(fileName);
    const plan = analysis.plans.get(fileName);
    if (module === undefined || plan === undefined) return undefined;
    return compiling(fileName, () => rewriteModule(module, plan, input.options.runtime));
  }
}

function remarkOnDepth(fileName: string): Finding {
  const message = [
    'The file nests too deeply for the stack of Node: it stays as it is, and what blocks in it is not known.',
  ];
  return { rule: 'too-deep', fileName, span: { start: 0, end: 0 }, message, chain: [] };
}
