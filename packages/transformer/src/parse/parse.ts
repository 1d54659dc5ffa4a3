/** Phase 1: source text to Babel AST. */
import { type ParserOptions, type ParserPlugin, parse } from '@babel/parser';
import type { File } from '@babel/types';
import { UnblockError } from '../errors.js';
import type { ModuleInput, Syntax } from '../program.js';

export interface ParsedModule extends ModuleInput {
  readonly ast: File;
}

/** The end of a message about a syntax error; a host that knows better replaces it. */
export const SYNTAX_REMEDY = 'Correct the syntax, or exclude the file.';

/**
 * Parses one module.
 *
 * @throws {UnblockError} `syntax-error`, naming file, line and column
 */
export function parseModule(module: ModuleInput): ParsedModule {
  const options: ParserOptions = {
    allowReturnOutsideFunction: module.kind === 'commonjs',
    ...module.syntax,
    sourceType: module.kind === 'esm' ? 'module' : 'script',
    // Namespaces of TypeScript export in scripts, too. What else is wrong there, TypeScript says.
    allowImportExportEverywhere: module.kind !== 'esm' && isTypeScript(module.fileName),
    attachComment: false,
    plugins: pluginsFor(module.fileName, module.text, module.syntax),
  };
  try {
    return { ...module, ast: parse(module.text, options) as File };
  } catch (error) {
    const { message, loc } = error as { message: string; loc?: { line: number; column: number } };
    if (loc === undefined) throw error; // Not about the text: too deep a nesting, or a defect of the parser.
    const place = `${module.fileName}:${loc.line}:${loc.column + 1}`;
    const problem = sentence(message.replace(/ \(\d+:\d+\)$/, ''));
    throw new UnblockError('syntax-error', `${place}: ${problem} ${SYNTAX_REMEDY}`);
  }
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

/**
 * Whether a text is an ES module by what stands in it: `import` and `export` declarations (types count, and so do TypeScript's
 * `import =` and `export =`), or `import.meta`. A text that cannot be parsed is judged by its looks.
 */
export function hasModuleSyntax(fileName: string, text: string, syntax?: Syntax): boolean {
  // Parsing costs, and a module has one of these words.
  if (!/\b(import|export)\b/.test(text)) return false;
  try {
    const { program } = parse(text, {
      allowReturnOutsideFunction: true,
      ...syntax,
      sourceType: 'unambiguous',
      attachComment: false,
      plugins: pluginsFor(fileName, text, syntax),
    });
    return (
      program.sourceType === 'module' ||
      program.body.some(({ type }) => /^(Import|Export|TSImport|TSExport)/.test(type))
    );
  } catch {
    return /^\s*(import\b(?!\s*\()|export\b)/m.test(text);
  }
}

const ALWAYS: readonly ParserPlugin[] = ['decoratorAutoAccessors', 'explicitResourceManagement'];

function pluginsFor(fileName: string, text: string, syntax: Syntax | undefined): ParserPlugin[] {
  if (syntax?.plugins !== undefined) return [...syntax.plugins, ...ALWAYS];
  const plugins = [...ALWAYS];
  const extension = extensionOf(fileName);
  if (isTypeScript(fileName)) plugins.push('typescript', 'decorators-legacy');
  else plugins.push('decorators');
  if (extension !== '.ts' && extension !== '.mts' && extension !== '.cts') plugins.push('jsx');
  if (!plugins.includes('typescript') && hasFlowPragma(text)) plugins.push('flow');
  return plugins;
}

function extensionOf(fileName: string): string {
  return /\.[^./]*$/.exec(fileName)?.[0] ?? '';
}

function isTypeScript(fileName: string): boolean {
  return /^\.[mc]?tsx?$/.test(extensionOf(fileName));
}

/** As Flow has it: in the comments that a file begins with. */
function hasFlowPragma(text: string): boolean {
  const [comments = ''] = /^(#!.*)?(\s|\/\*(?:(?!\*\/)[\s\S])*\*\/|\/\/.*)*/.exec(text) ?? [];
  return /@flow\b/.test(comments);
}
