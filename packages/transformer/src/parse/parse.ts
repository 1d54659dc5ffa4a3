/** Phase 1: source text to Babel AST. */
import { type ParserOptions, type ParserPlugin, parse } from '@babel/parser';
import type { File } from '@babel/types';
import { UnblockError } from '../errors.js';
import type { ModuleInput } from '../program.js';

export interface ParsedModule extends ModuleInput {
  readonly ast: File;
}

/**
 * Parses one module.
 *
 * @throws {UnblockError} `syntax-error`, naming file, line and column
 */
export function parseModule(module: ModuleInput): ParsedModule {
  const options: ParserOptions = {
    sourceType: module.kind === 'esm' ? 'module' : 'script',
    allowReturnOutsideFunction: module.kind === 'commonjs',
    attachComment: false,
    plugins: pluginsFor(module.fileName),
  };
  try {
    return { ...module, ast: parse(module.text, options) as File };
  } catch (error) {
    const { message, loc } = error as { message: string; loc?: { line: number; column: number } };
    const place = loc === undefined ? '' : `:${loc.line}:${loc.column + 1}`;
    throw new UnblockError(
      'syntax-error',
      `${module.fileName}${place}: ${message.replace(/ \(\d+:\d+\)$/, '')} Correct the syntax, or exclude the file.`,
    );
  }
}

function pluginsFor(fileName: string): ParserPlugin[] {
  const plugins: ParserPlugin[] = ['decoratorAutoAccessors', 'explicitResourceManagement'];
  const extension = /\.[^./]*$/.exec(fileName)?.[0] ?? '';
  if (/^\.[mc]?tsx?$/.test(extension)) plugins.push('typescript', 'decorators-legacy');
  else plugins.push('decorators');
  if (extension !== '.ts' && extension !== '.mts' && extension !== '.cts') plugins.push('jsx');
  return plugins;
}
