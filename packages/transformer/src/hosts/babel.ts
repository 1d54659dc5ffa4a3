/** The Babel host: a plugin that rewrites the text before Babel parses it. Babel 7 and 8. */

import { resolve } from 'node:path';
import type { Node } from '@babel/types';
import { type EncodedSourceMap, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { settings } from '../config/config.js';
import { compile, type RewrittenModule } from '../engine.js';
import type { ModuleKind } from '../program.js';

/** Options of the plugin: those of the compiler. */
export type BabelOptions = Readonly<Record<string, unknown>>;

interface ParserOptions {
  readonly sourceFileName?: string;
  readonly sourceFilename?: string;
  readonly sourceType?: string;
}

type Parse = (code: string, options: ParserOptions) => unknown;

interface Plugin {
  readonly name: string;
  readonly parserOverride: (code: string, options: ParserOptions, parse: Parse) => unknown;
}

/**
 * The plugin. Each file is compiled on its own: what it imports from other files of the project may block, which costs a
 * lookup at run time and is always safe.
 */
export function unblock(api: { readonly cwd?: () => string }, options: BabelOptions = {}): Plugin {
  void api;
  return {
    name: '@unblock/transformer',
    parserOverride(code, parserOptions, parse) {
      const name = parserOptions.sourceFileName ?? parserOptions.sourceFilename ?? 'unknown.js';
      const rewritten = rewrite(code, name, parserOptions.sourceType, options);
      if (rewritten === undefined) return undefined;
      const ast = parse(rewritten.code, parserOptions);
      restorePositions(ast as Node, code, rewritten);
      return ast;
    },
  };
}

export default unblock;

function rewrite(
  code: string,
  name: string,
  sourceType: string | undefined,
  options: BabelOptions,
): RewrittenModule | undefined {
  const fileName = resolve(name).replaceAll('\\', '/');
  const kind = moduleKind(code, fileName, sourceType);
  const input = { fileName, text: code, kind };
  const compilation = compile({
    modules: [input],
    resolve: () => undefined,
    closed: false,
    options: settings(options, 'Babel plugin @unblock/transformer').compiler,
  });
  return compilation.rewrite(fileName);
}

/** Babel's `sourceType` is `module` by default even for CommonJS, so the text decides. */
function moduleKind(code: string, fileName: string, sourceType: string | undefined): ModuleKind {
  if (fileName.endsWith('.cjs') || fileName.endsWith('.cts') || sourceType === 'script') return 'commonjs';
  if (/\.m[jt]s$/.test(fileName)) return 'esm';
  return /^\s*(import|export)\b/m.test(code) || !/\brequire\s*\(|\bexports\b/.test(code) ? 'esm' : 'commonjs';
}

interface Position {
  line: number;
  column: number;
  index: number;
}

/**
 * Leads the positions of a tree over the rewritten text back to the original text, so that Babel's own source maps and code frames
 * speak of what the user wrote. Nodes that the original does not have lose their position.
 */
function restorePositions(root: Node, original: string, rewritten: RewrittenModule): void {
  const map = new TraceMap(rewritten.map as unknown as EncodedSourceMap);
  const lineStarts = [0];
  for (let i = original.indexOf('\n'); i !== -1; i = original.indexOf('\n', i + 1)) lineStarts.push(i + 1);
  const seen = new Set<object>();
  const restore = (position: Position): Position | undefined => {
    const found = originalPositionFor(map, { line: position.line, column: position.column });
    if (found.line === null) return undefined;
    return { line: found.line, column: found.column, index: (lineStarts[found.line - 1] ?? 0) + found.column };
  };
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    const node = value as {
      type?: unknown;
      loc?: { start: Position; end: Position } | null;
      start?: number;
      end?: number;
    };
    if (typeof node.type === 'string' && node.loc) {
      const start = restore(node.loc.start);
      const end = restore(node.loc.end);
      // Babel shares position objects between nodes: each gets new ones.
      if (start === undefined || end === undefined) node.loc = null;
      else {
        node.loc = Object.assign(Object.create(Object.getPrototypeOf(node.loc)), node.loc, { start, end });
        node.start = start.index;
        node.end = end.index;
      }
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'loc') visit(child);
  };
  visit(root);
}
