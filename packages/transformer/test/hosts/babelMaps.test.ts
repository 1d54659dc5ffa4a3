/** Source maps and positions of code that Babel compiles with the plugin: each rewritten call leads to where it stands in the original. */
import { join } from 'node:path';
import type { NodePath, TransformOptions } from '@babel/core';
import { decodedMappings, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import unblock from '../../src/hosts/babel.js';
import { BABELS, type Babel, transform } from './babels.js';
import { checkedCalls } from './checkedCalls.js';
import { Workspace } from './cliProjects.js';

const workspace = new Workspace();
afterAll(() => workspace.remove());

/** Programs by file name, with how many calls of their compiled form are rewritten. */
const PROGRAMS: Readonly<Record<string, readonly [text: string, calls: number]>> = {
  'view.tsx': [
    `import fs from 'node:fs';

/** Files below a root. */
class Files {
  constructor(private readonly root: string) {}
  #read(name: string): string {
    return fs.readFileSync(this.root + name, 'utf8'); // read
  }
  read = 1;
  text(name: string, ...more: string[]): string { return [name, ...more].map((each: string) => this.#read(each)).join(); }
}
interface Unused<T> { a: T }
export async function view<T extends string>(root: T, names: T[]) {
  const files = new Files(root);
  return <ul title={files.text('a')}>
    {names.map((name) => <li key={name}>{files.text(name, \`\${fs.readdirSync(root)[0]}\`)}</li>)}
  </ul>;
}
`,
    6,
  ],
  'statements.mjs': [
    `import fs, { statSync } from 'node:fs';
import * as path from 'node:path';
const read = (name) => fs.readFileSync(path.join('.', name), 'utf8');
export function* keep() { yield read('kept'); }
export default function (names, { deep = false } = {}) {
  loop: for (const name of names) {
    if (deep && statSync(name)?.isDirectory?.()) continue loop;
    try { read(name); } catch { read?.(name + '~'); } finally { fs.existsSync(name) || read\`never\`; }
    switch (read(name).length) { case fs.readdirSync('.').length: return read(
      name,
    ); }
  }
  return names.length ? read(names[0]) : null ?? read('none');
}
`,
    12,
  ],
  'server.cjs': [
    `#!/usr/bin/env node
'use strict';
const { readFileSync } = require('fs'), http = require('http');
/* é😀 */ exports.text = function text(name) { return readFileSync(name) + '😀' + readFileSync(name); };
http.createServer((request, response) => {\r
  response.end(exports.text(request.url));\r
}).listen(0);
`,
    4,
  ],
};

/** Whether Babel leaves out white space, and whether functions may be written once. */
const WAYS = [
  [false, false],
  [true, false],
  [false, true],
] as const;

const presetsFor = ({ presets }: Babel): NonNullable<TransformOptions['presets']> => [
  [presets.env, { targets: { node: '20' } }],
  presets.typescript,
  [presets.react, { runtime: 'classic' }],
];

describe.each(BABELS)('source maps in Babel $version', (babel) => {
  const sets: Readonly<Record<string, NonNullable<TransformOptions['presets']>>> = {
    'all presets': presetsFor(babel),
    'preset-typescript': [babel.presets.typescript],
  };
  for (const [name, [text, calls]] of Object.entries(PROGRAMS)) {
    for (const [set, presets] of Object.entries(sets)) {
      for (const [compact, isOnce] of WAYS) {
        it(`lead each rewritten call of ${name} to its place: ${set}, compact ${compact}, written once ${isOnce}`, () => {
          const root = workspace.project({ [name]: text });
          const { code, map } = transform(babel, text, join(root, name), {
            presets,
            plugins: [[unblock, { compact: isOnce }]],
            cwd: root,
            sourceMaps: true,
            parserOpts: { plugins: ['jsx'] },
            compact,
          });
          expect(JSON.parse(map)).toMatchObject({ sources: [name], sourcesContent: [text] });
          expect(checkedCalls(code, map, (source) => join(root, source))).toBe(calls);
        });
      }
    }
  }

  it('lead on through the map of the input', () => {
    const [text, calls] = PROGRAMS['view.tsx'] as readonly [string, number];
    const compiled = ts.transpileModule(`// A line more.\n\n${text}`, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        jsx: ts.JsxEmit.React,
        sourceMap: true,
      },
      fileName: 'view.tsx',
    });
    const root = workspace.project({ 'view.tsx': `// A line more.\n\n${text}` });
    const { code, map } = transform(babel, compiled.outputText, join(root, 'view.js'), {
      presets: presetsFor(babel),
      plugins: [unblock],
      cwd: root,
      sourceMaps: true,
      inputSourceMap: JSON.parse(compiled.sourceMapText as string),
    });
    expect(checkedCalls(code, map, (source) => join(root, source))).toBe(calls);
  });

  it('count from where Babel is told that the text begins', () => {
    const text =
      "import fs from 'node:fs'; export const read = () => fs.readFileSync('a');\nexport const again = () => read();\n";
    const { code, map } = transform(babel, text, '/app/a.mjs', {
      plugins: [unblock],
      cwd: import.meta.dirname,
      sourceMaps: true,
      parserOpts: { startLine: 11, startColumn: 3, startIndex: 200 } as never,
    });
    const lines = code.split('\n');
    const trace = new TraceMap(map);
    const places = lines.flatMap((line, row) => {
      const column = line.indexOf('fs.readFileSync');
      return column < 0 ? [] : [originalPositionFor(trace, { line: row + 1, column })];
    });
    expect(places.map(({ line, column }) => [line, column])).toContainEqual([11, 3 + text.indexOf('fs.readFile')]);
  });

  it('do not lead astray where the file begins with a byte order mark', () => {
    const text = "\ufeffimport fs from 'node:fs'; export const read = () => fs.readFileSync('a');\n";
    const root = workspace.project({ 'a.mjs': text.slice(1) });
    const { code, map } = transform(babel, text, join(root, 'a.mjs'), {
      plugins: [unblock],
      cwd: root,
      sourceMaps: true,
    });
    expect(checkedCalls(code, map, (source) => join(root, source))).toBe(1);
  });

  it('positions of nodes are those of the original: starts and ends', () => {
    const [text] = PROGRAMS['view.tsx'] as readonly [string, number];
    const seen = new Set<string>();
    const reader = () => ({
      name: 'reader',
      visitor: {
        Identifier({ node }: NodePath<{ name: string; start: number; end: number } & object>) {
          if (typeof node.start !== 'number' || node.start === node.end) return;
          const written = text.slice(node.start, node.end);
          if (['readFileSync', 'root', 'name', 'each', 'names', 'files', 'text', 'join'].includes(node.name)) {
            expect(written).toMatch(new RegExp(`^${node.name}\\b`));
            seen.add(`${node.name} ${node.start}`);
          }
        },
      },
    });
    transform(babel, text, '/app/view.tsx', {
      presets: presetsFor(babel),
      plugins: [unblock, reader as never],
      cwd: import.meta.dirname,
    });
    expect(seen.size).toBeGreaterThan(20);
  });

  it('code frames of other plugins show the original', () => {
    const [text] = PROGRAMS['view.tsx'] as readonly [string, number];
    const strict = () => ({
      name: 'strict',
      visitor: {
        Identifier(path: NodePath<{ name: string } & object>) {
          if (path.node.name === 'readdirSync') throw path.buildCodeFrameError('No reading of directories.');
        },
      },
    });
    const run = (plugins: unknown[]) => {
      try {
        transform(babel, text, '/app/view.tsx', {
          presets: [babel.presets.typescript, babel.presets.react],
          plugins: plugins as never,
          cwd: import.meta.dirname,
          highlightCode: false,
        });
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(run([unblock, strict])).toMatch(
      /^\/app\/view\.tsx: No reading of directories\.\n[\s\S]*\n> 16 \| {5}\{names\.map/,
    );
    expect(run([unblock, strict])).toBe(run([strict]));
  });

  it('names in maps are those of the original', () => {
    const [text] = PROGRAMS['statements.mjs'] as readonly [string, number];
    const { code, map } = transform(babel, text, '/app/statements.mjs', {
      plugins: [unblock],
      cwd: import.meta.dirname,
      sourceMaps: true,
    });
    const lines = code.split('\n');
    const traced = new TraceMap(map as never);
    const named = decodedMappings(traced).flatMap((segments, row) =>
      segments.flatMap(([column, , , , name]) =>
        lines[row]?.startsWith('.call(', column - 1) && name !== undefined ? [traced.names[name]] : [],
      ),
    );
    expect(named).toContain('readFileSync');
    expect(named).not.toContain('call');
  });

  it('comments stay where they were', () => {
    const [text] = PROGRAMS['server.cjs'] as readonly [string, number];
    const root = workspace.project({});
    const { code } = transform(babel, text, join(root, 'server.cjs'), {
      plugins: [unblock],
      cwd: root,
      retainLines: true,
    });
    const lines = code.split('\n');
    expect(lines[0]).toBe('#!/usr/bin/env node');
    expect(lines.findIndex((line) => line.includes('é😀')) + 1).toBe(4);
    expect(lines.findIndex((line) => line.includes('request.url')) + 1).toBe(6);
  });
});
