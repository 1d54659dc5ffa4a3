/** The names that Node finds in the text of a CommonJS module, before it runs, for ES modules that import them. */
import type { CallExpression, OptionalCallExpression } from '@babel/types';
import { initSync, parse } from 'cjs-module-lexer';
import { memberPath } from '../facts/names.js';
import type { ParsedModule } from '../parse/parse.js';

/**
 * What compiled code has to say besides, so that Node finds in it what it finds in the source: exports whose values, or the calls that define
 * them, are written otherwise. It is never evaluated.
 *
 * @param code the compiled text
 * @returns statements to stand at the end of the text; empty if nothing is missing
 */
export function exportHint({ kind, fileName, text }: ParsedModule, code: string): string {
  if (kind !== 'commonjs' || !/\.c?js$/.test(fileName)) return '';
  const [before, after] = [exportsIn(text), exportsIn(code)];
  const names = before.exports.filter((name) => !after.exports.includes(name));
  const isReexported = before.reexports.every((specifier) => after.reexports.includes(specifier));
  // An object in this form takes the place of what is found before it.
  const whole = isReexported ? '' : `module.exports = { ${before.reexports.map(spread).join(', ')} }`;
  const single = names.length === 0 ? '' : [...names.map(property), '0'].join(' = ');
  const parts = [whole, single].filter((part) => part !== '');
  return parts.length === 0 ? '' : `\n;0 && (${parts.join(', ')});\n`;
}

function exportsIn(text: string): { readonly exports: readonly string[]; readonly reexports: readonly string[] } {
  initSync();
  try {
    return parse(text);
  } catch {
    // Node finds nothing either.
    return { exports: [], reexports: [] };
  }
}

function spread(specifier: string): string {
  return `...require(${JSON.stringify(specifier)})`;
}

function property(name: string): string {
  return `exports[${JSON.stringify(name)}]`;
}

/**
 * Whether a call is `Object.defineProperty(exports, 'f', ...)`. Where it does not know the form of the getter, Node does not take the name for an
 * export's, wherever else it finds it. It is not looked for where the call is written otherwise.
 */
export function definesExportIn(
  { callee, arguments: [target] }: CallExpression | OptionalCallExpression,
  { kind }: ParsedModule,
): boolean {
  if (kind !== 'commonjs' || target === undefined) return false;
  const path = memberPath(callee)?.join('.');
  const object = memberPath(target)?.join('.');
  return path === 'Object.defineProperty' && (object === 'exports' || object === 'module.exports');
}
