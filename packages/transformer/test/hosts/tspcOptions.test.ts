/** What tsconfig options do to output must be the same with the transformer, for each version of TypeScript. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import typescript6 from 'typescript';
import typescript5 from 'typescript-5.9';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transformProgram } from '../../src/hosts/tspc.js';
import { checkedCalls } from './checkedCalls.js';
import { type Compiled, compileProject, NODE_DECLARATIONS, workspace, write } from './tsCompile.js';

const require = createRequire(import.meta.url);
/** The older version runs the cases in which versions have differed. */
const VERSIONS = [
  ['5.9', typescript5 as unknown as typeof typescript6, /^ES20|verbatim|decorators|errors/],
  ['6.0', typescript6, /./],
] as const;

let directory: string;
beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'unblock-tspc-')));
  workspace(directory, require);
});
afterAll(() => rmSync(directory, { recursive: true }));

const PAGES = `import fs from 'node:fs';
/** A store. */
export abstract class Store {
  constructor(protected readonly dir: string) {}
  read(name: string): string {
    return fs.readFileSync(\`\${this.dir}/\${name}\`, 'utf8');
  }
}
export class Pages extends Store {
  sizes(names: readonly string[]): number[] {
    return names.map((name) => this.read(name)?.length ?? 0);
  }
  first(): string {
    const [name = 'tsconfig.json'] = ['tsconfig.json'];
    return super.read(name);
  }
}
`;
const PLAIN =
  'export const enum Size { Small = 1 }\nexport const add = (a: number, b = Size.Small as number): number => a ** b;\n';
const MAIN = `import { add } from './plain.js';
import { Pages } from './pages.js';
export async function main(dir: string): Promise<unknown[]> {
  const pages = new Pages(dir);
  let later = false;
  setTimeout(() => { later = true; }, 0);
  const sizes = pages.sizes(['tsconfig.json', 'tsconfig.json']);
  for (let i = 0; i < 20; i++) pages.first();
  return [sizes, pages.first(), add(1, 2), later];
}
`;

interface Case {
  readonly options: object;
  readonly files?: Readonly<Record<string, string>>;
  /** The module that exports \`main\`. */
  readonly main?: string;
  /** \`type\` of package.json. */
  readonly type?: string;
}

const decorated = (decorator: string) => ({
  'main.ts': `import { Pages } from './pages.js';
${decorator}
class Handler {
  private readonly pages: Pages;
  constructor(dir: string) { this.pages = new Pages(dir); }
  @logged
  plain(pages: Pages): number { return pages.sizes([]).length; }
  sizes(): number[] { return this.pages.sizes(['tsconfig.json']); }
}
export async function main(dir: string): Promise<unknown[]> {
  let later = false;
  setTimeout(() => { later = true; }, 0);
  const handler = new Handler(dir);
  for (let i = 0; i < 20; i++) handler.sizes();
  return [handler.sizes(), handler.plain(new Pages(dir)), later];
}
`,
});

const CASES: Readonly<Record<string, Case>> = {
  'ES2022, nodenext': {
    options: { target: 'ES2022', module: 'NodeNext', declaration: true, declarationMap: true, sourceMap: true },
  },
  'ES2015, commonjs, importHelpers, inline maps': {
    type: 'commonjs',
    options: {
      target: 'ES2015',
      module: 'Node16',
      importHelpers: true,
      inlineSourceMap: true,
      inlineSources: true,
      declaration: true,
    },
  },
  'ES2017, commonjs, isolatedModules, comments removed': {
    type: 'commonjs',
    options: {
      target: 'ES2017',
      module: 'Node16',
      moduleResolution: 'Node16',
      isolatedModules: true,
      removeComments: true,
      sourceMap: true,
      inlineSources: true,
    },
  },
  'esnext, bundler, verbatimModuleSyntax': {
    options: {
      target: 'ESNext',
      module: 'ESNext',
      moduleResolution: 'bundler',
      verbatimModuleSyntax: true,
      sourceMap: true,
      sourceRoot: '/sources/',
    },
  },
  'preserve, isolatedDeclarations': {
    options: { target: 'ES2023', module: 'Preserve', sourceMap: true, declaration: true, isolatedDeclarations: true },
  },
  'carriage returns, a byte order mark and stripped internals': {
    options: {
      target: 'ES2022',
      module: 'NodeNext',
      newLine: 'crlf',
      emitBOM: true,
      sourceMap: true,
      declaration: true,
      stripInternal: true,
    },
  },
  'incremental and composite': {
    options: { target: 'ES2022', module: 'NodeNext', composite: true, sourceMap: true },
  },
  'legacy decorators with metadata': {
    type: 'commonjs',
    options: {
      target: 'ES2022',
      module: 'NodeNext',
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      sourceMap: true,
      declaration: true,
    },
    files: decorated('function logged(target: object, key: string, descriptor: PropertyDescriptor): void {}'),
  },
  'standard decorators': {
    options: { target: 'ES2022', module: 'NodeNext', sourceMap: true },
    files: decorated('function logged<T>(method: T, context: ClassMethodDecoratorContext): T { return method; }'),
  },
  jsx: {
    options: {
      target: 'ES2022',
      module: 'NodeNext',
      jsx: 'react',
      jsxFactory: 'h',
      sourceMap: true,
      declaration: true,
    },
    files: {
      'main.tsx': `import { Pages } from './pages.js';
declare global { namespace JSX { interface Element { type: string } interface IntrinsicElements { ul: object; li: object } } }
const h = (type: string, props: unknown, ...children: unknown[]) => ({ type, children });
export async function main(dir: string): Promise<unknown[]> {
  const pages = new Pages(dir);
  let later = false;
  setTimeout(() => { later = true; }, 0);
  for (let i = 0; i < 20; i++) pages.first();
  return [<ul>{pages.sizes(['tsconfig.json']).map((size: number) => <li>{size} {pages.first()}</li>)}</ul>, later];
}
`,
    },
  },
  'ES modules and CommonJS by extension': {
    main: 'main.mjs',
    options: { target: 'ES2022', module: 'NodeNext', sourceMap: true, declaration: true },
    files: {
      'pages.ts': '',
      'main.ts': '',
      'pages.cts': PAGES.replace('import fs from', 'import fs = require(').replace(`'node:fs';`, `'node:fs');`),
      'main.mts': MAIN.replace('./pages.js', './pages.cjs').replace('./plain.js', './plain.mjs'),
      'plain.mts': PLAIN,
    },
  },
  'verbatim CommonJS': {
    type: 'commonjs',
    options: { target: 'ES2022', module: 'NodeNext', verbatimModuleSyntax: true, sourceMap: true },
    files: {
      'plain.ts': 'export = {};',
      'pages.ts': `import fs = require('node:fs');\nexport = { read: (name: string): string => fs.readFileSync(name, 'utf8') };\n`,
      'main.ts': `import pages = require('./pages');
export = { main: async (dir: string): Promise<unknown[]> => {
  let later = false;
  setTimeout(() => { later = true; }, 0);
  for (let i = 0; i < 20; i++) pages.read(dir + '/tsconfig.json');
  return [pages.read(dir + '/tsconfig.json'), later];
} };
`,
    },
  },
  'JavaScript with types in comments': {
    options: { target: 'ES2022', module: 'NodeNext', allowJs: true, checkJs: true, sourceMap: true, declaration: true },
    files: {
      'pages.ts': '',
      'pages.js': `import fs from 'node:fs';
export class Pages {
  /** @param {string} dir */
  constructor(dir) { this.dir = dir; }
  /** @param {string[]} names @returns {number[]} */
  sizes(names) { return names.map((name) => fs.readFileSync(this.dir + '/' + name, 'utf8').length); }
  first() { return fs.readFileSync(this.dir + '/tsconfig.json', 'utf8'); }
}
`,
    },
  },
  'a project with errors': {
    options: { target: 'ES2022', module: 'NodeNext', declaration: true, sourceMap: true },
    files: {
      'wrong.ts': `import { Pages } from './pages.js';\nexport const n: number = new Pages('x').first();\nexport const hidden = class { private x = 1; };\n`,
    },
  },
};

function project(name: string, { options, files, type = 'module' }: Case): string {
  const root = join(directory, name.replaceAll(/[^\w.]+/g, '-'));
  const sources = { 'pages.ts': PAGES, 'plain.ts': PLAIN, 'main.ts': MAIN, ...files };
  const present = Object.entries(sources).filter(
    ([file, text]) => text !== '' && !(file === 'main.ts' && files?.['main.tsx']),
  );
  write(root, {
    'package.json': { type },
    'tsconfig.json': {
      compilerOptions: {
        strict: true,
        rootDir: 'src',
        outDir: 'out',
        lib: ['ES2022'],
        types: [],
        skipLibCheck: true,
        esModuleInterop: true,
        ...options,
      },
      include: ['src', 'node.d.ts'],
    },
    'node.d.ts': NODE_DECLARATIONS,
    ...Object.fromEntries(present.map(([file, text]) => [`src/${file}`, text])),
  });
  return root;
}

describe.each(VERSIONS)('TypeScript %s', (version, typescript, cases) => {
  it.each(Object.entries(CASES).filter(([name]) => cases.test(name)))('%s', (name, given) => {
    const roots = ['plain', 'compiled'].map((form) => project(`${form}-${version}-${name}`, given)) as [string, string];
    const plain = compileProject(typescript, roots[0]);
    const compiled = compileProject(typescript, roots[1], { transform: '@unblock/transformer/tspc' });
    expect(compiled.diagnostics).toEqual(plain.diagnostics);
    expect(plain.diagnostics.length > 0).toBe(name === 'a project with errors');
    expect([...compiled.outputs.keys()].sort()).toEqual([...plain.outputs.keys()].sort());
    for (const [file, text] of plain.outputs) {
      const mustEqual = /\.d\.[mc]?ts(\.map)?$/.test(file) || /plain\.[mc]?js(\.map)?$/.test(file);
      if (mustEqual) expect(compiled.outputs.get(file), file).toBe(text);
    }
    checkMaps(roots[1], compiled, plain);
    const results = run(roots, given.main ?? 'main.js');
    const last = results[0].length - 1;
    expect(results[1].slice(0, last)).toEqual(results[0].slice(0, last));
    expect([results[0][last], results[1][last]]).toEqual([false, true]);
  });

  it.each<[string, object, object, string]>([
    ['target ES5', { target: 'ES5' }, {}, 'the tsconfig option target ES5 is not supported; use ES2015 or later.'],
    ['outFile', { outFile: 'all.js', module: 'AMD' }, {}, 'the tsconfig option outFile is not supported; use outDir.'],
    [
      'a missing runtime',
      {},
      { runtime: 'not-installed/compiled' },
      'not-installed/compiled, which compiled code imports, cannot be found from here. Install @unblock/runtime',
    ],
    ['an unknown option', {}, { pach: {} }, 'tsconfig.json, plugins: unknown option: pach. Did you mean patch?'],
  ])('%s is refused in one message, and nothing is emitted', (name, options, own, message) => {
    const given = { target: 'ES2022', module: 'NodeNext', ...options };
    const root = project(`refused-${version}-${name}`, { options: given });
    const { outputs, diagnostics, emitSkipped } = compileProject(typescript, root, { transform: 'x', ...own });
    expect([...outputs]).toEqual([]);
    // Exit code 2.
    expect(emitSkipped).toBe(false);
    const ours = diagnostics.filter((text) => text.includes('unblock'));
    expect(ours).toEqual([expect.stringMatching(/^TS770001: unblock: /)]);
    expect(ours[0]).toContain(message);
  });
});

it('calls of objects that are not known stay plain where the runtime is linked from elsewhere', () => {
  // The workspace links its sources, as a package of the same repository would be.
  const main = `import { currentSignal } from '@unblock/runtime';
import { Pages } from './pages.js';
export async function main(rows: any): Promise<string[]> {
  currentSignal();
  new Pages('.').first();
  const cells: string[] = rows.cells();
  return [...cells];
}
`;
  const root = project('linked-runtime', { options: { module: 'NodeNext' }, files: { 'main.ts': main } });
  const { outputs } = compileProject(typescript6, root, { transform: '@unblock/transformer/tspc' });
  const code = outputs.get('out/main.js');
  expect(code).toContain('await');
  expect(code).toContain('const cells = rows.cells();');
});

it.each([
  ['TypeScript 7', { version: '7.0.2' }, 'TypeScript 7.0.2 has no compiler API for tspc.'],
  ['an entry without transformProgram', undefined, 'Add "transformProgram": true to its entry.'],
])('%s is refused in one message', (_, typescript, message) => {
  const program = typescript6.createProgram({ rootNames: [], options: { noLib: true } });
  const extras = typescript && { ts: typescript as never };
  expect(() => transformProgram(program, undefined, {}, extras as never)).toThrow(message);
});

function checkMaps(root: string, compiled: Compiled, plain: Compiled): void {
  let count = 0;
  for (const [file, code] of compiled.outputs) {
    if (!/\.[mc]?js$/.test(file)) continue;
    const map = mapOf(file, compiled);
    const { mappings: _mappings, names: _names, ...rest } = JSON.parse(map) as Record<string, unknown>;
    const { mappings: _m, names: _n, ...plainRest } = JSON.parse(mapOf(file, plain)) as Record<string, unknown>;
    expect(rest).toEqual(plainRest);
    count += checkedCalls(code, map, (source) => join(root, 'src', basename(source)));
  }
  expect(count).toBeGreaterThanOrEqual(2);
}

function mapOf(file: string, { outputs }: Compiled): string {
  const inline = /sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(outputs.get(file) ?? '')?.[1];
  const map = inline === undefined ? outputs.get(`${file}.map`) : Buffer.from(inline, 'base64').toString();
  if (map === undefined) throw new Error(`${file} has no source map`);
  return map;
}

/** What `main` of each project returns. */
function run(roots: readonly [string, string], main: string): [unknown[], unknown[]] {
  const calls = roots.map(
    (root) => `import('${root}/out/${main}').then((m) => (m.main ?? m.default.main)('${roots[0]}'))`,
  );
  const code = `Promise.all([${calls.join()}]).then((results) => console.log(JSON.stringify(results)))`;
  return JSON.parse(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' })) as [unknown[], unknown[]];
}
