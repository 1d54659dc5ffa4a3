/** Whether a source file is an ES module or CommonJS. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasModuleSyntax } from '../parse/parse.js';
import type { ModuleKind } from '../program.js';

/**
 * Decides as Node does (by extension, then by the nearest package.json's `type`, then by syntax), with one difference: `import` and
 * `export` declarations are believed under `"type": "commonjs"` too, since build tools compile them.
 */
export function moduleKinds(): (fileName: string, text: string) => ModuleKind {
  const types = new Map<string, string | undefined>();
  /** The `type` of the package that a directory belongs to. */
  function typeOf(directory: string): string | undefined {
    if (types.has(directory)) return types.get(directory);
    const parent = dirname(directory);
    const own = packageType(directory);
    const type = own.found || parent === directory ? own.type : typeOf(parent);
    types.set(directory, type);
    return type;
  }
  return (fileName, text) => {
    if (/\.c[jt]s$/.test(fileName)) return 'commonjs';
    if (/\.m[jt]s$/.test(fileName) || typeOf(dirname(fileName)) === 'module') return 'esm';
    return hasModuleSyntax(fileName, text) ? 'esm' : 'commonjs';
  };
}

function packageType(directory: string): { readonly found: boolean; readonly type: string | undefined } {
  let text: string;
  try {
    text = readFileSync(join(directory, 'package.json'), 'utf8');
  } catch {
    return { found: false, type: undefined };
  }
  try {
    const { type } = JSON.parse(text) as { type?: unknown };
    return { found: true, type: typeof type === 'string' ? type : undefined };
  } catch {
    // A broken package.json is for the package manager to complain of; the syntax of the sources decides.
    return { found: true, type: undefined };
  }
}
