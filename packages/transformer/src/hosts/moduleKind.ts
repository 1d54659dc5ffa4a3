/** Whether a source file is an ES module or CommonJS. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasModuleSyntax } from '../parse/parse.js';
import type { ModuleInput, ModuleKind, Syntax } from '../program.js';
import { readSource } from './paths.js';

export interface ModuleKinds {
  /**
   * Decides as Node does (by extension, then by the nearest package.json's `type`, then by syntax), with one difference: `import` and
   * `export` declarations are believed under `"type": "commonjs"` and in `.cts` too, since build tools compile them.
   *
   * @param syntax how the text is to be parsed, if that is not told by the file's name
   */
  kindOf(fileName: string, text: string, syntax?: Syntax): ModuleKind;
  /** Whether Node takes a file of this name for an ES module, whatever stands in it. */
  isNodeEsm(fileName: string): boolean;
}

export function moduleKinds(): ModuleKinds {
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
  function isNodeEsm(fileName: string): boolean {
    if (/\.c[jt]s$/.test(fileName)) return false;
    return /\.m[jt]s$/.test(fileName) || typeOf(dirname(fileName)) === 'module';
  }
  return {
    isNodeEsm,
    kindOf(fileName, text, syntax) {
      if (fileName.endsWith('.cjs')) return 'commonjs';
      return isNodeEsm(fileName) || hasModuleSyntax(fileName, text, syntax) ? 'esm' : 'commonjs';
    },
  };
}

/**
 * A source file as a module of a program.
 *
 * @param topLevelAwait whether its top level may await if it surely runs as an ES module
 * @throws {UnblockError} `unreadable`
 */
export function sourceModule(fileName: string, kinds: ModuleKinds, topLevelAwait = false): ModuleInput {
  const text = readSource(fileName);
  const module = { fileName, text, kind: kinds.kindOf(fileName, text) };
  return topLevelAwait && kinds.isNodeEsm(fileName) ? { ...module, topLevelAwait } : module;
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
