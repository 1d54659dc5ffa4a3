/** The plugin with its option `project`: what it knows of the program, and when it looks again. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { TransformOptions } from '@babel/core';
import ts from 'typescript';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadSettings } from '../../src/config/config.js';
import { compile } from '../../src/engine.js';
import { unblock as plugin } from '../../src/hosts/babel.js';
import { rewriteProgram } from '../../src/hosts/editedProgram.js';
import { BABELS, transform } from './babels.js';
import { runNode, unblock, Workspace } from './cliProjects.js';

vi.mock(import('../../src/engine.js'), async (original) => {
  const engine = await original();
  return { ...engine, compile: vi.fn(engine.compile) };
});

const workspace = new Workspace();
afterAll(() => workspace.remove());

/** How many modules each compilation had since the last look. */
function compilations(): number[] {
  const sizes = vi.mocked(compile).mock.calls.map(([{ modules }]) => modules.length);
  vi.mocked(compile).mockClear();
  return sizes;
}
beforeEach(() => {
  compilations();
});

const STORE = `import fs from 'node:fs';
export function read(name: string): string {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  return fs.readFileSync(name, 'utf8');
}
export const double = (n: number): number => n * 2;
`;
const MAIN = `import { double, read } from './store.js';
let ticks = 0;
setTimeout(() => {
  const timer = setInterval(() => ticks++, double(1));
  const { length } = read('tsconfig.json');
  clearInterval(timer);
  console.log(length > 0, ticks > 0);
});
`;
const ROOT = "import fs from 'node:fs';\nsetTimeout(() => fs.readFileSync('a'));\n";
const FILES = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json': JSON.stringify({
    compilerOptions: { target: 'ES2022', module: 'NodeNext', strict: true, types: [], jsx: 'react', rootDir: 'src' },
    include: ['src'],
  }),
  'src/store.ts': STORE,
  'src/main.ts': MAIN,
};

describe.each(BABELS)('a project in Babel $version', (babel) => {
  const own = { project: 'tsconfig.json' };
  /** The file as it is on disk, or a text in its place. */
  function run(root: string, name: string, given: object = own, options: TransformOptions = {}, text?: string): string {
    const filename = join(root, name);
    return transform(babel, text ?? readFileSync(filename, 'utf8'), filename, {
      plugins: [[plugin, given]],
      presets: [babel.presets.typescript],
      cwd: root,
      ...options,
    }).code;
  }
  it.each([
    ['with a list of files', { project: ['src'] }],
    ['on its own', {}],
  ])('a file %s waits for packages of the same workspace', (_, given) => {
    const root = workspace.project({
      'library/package.json': '{ "name": "@workspace/library", "type": "module", "exports": "./out/index.js" }',
      'library/out/index.js': 'export const render = (text) => text;\n',
      'src/main.js': `import { render } from '@workspace/library'; import { load } from 'installed'; setTimeout(() => { render(load()); });\n`,
      'node_modules/installed/package.json': '{ "name": "installed" }',
      'node_modules/installed/index.js': 'exports.load = () => 1;\n',
    });
    mkdirSync(join(root, 'node_modules/@workspace'));
    symlinkSync(join(root, 'library'), join(root, 'node_modules/@workspace/library'));
    const code = run(root, 'src/main.js', given);
    expect(code).toContain('$callee(render, "render")(load())');
  });

  function failure(root: string, name: string, given: object = own, options: TransformOptions = {}): Error {
    try {
      run(root, name, given, options);
    } catch (error) {
      return error as Error;
    }
    throw new Error('nothing was thrown');
  }
  const edit = (root: string, name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
    // A file system may keep no finer time than a second.
    const later = Date.now() / 1000 + 2;
    utimesSync(join(root, name), later, later);
  };

  it('is compiled as a whole, and suspends', () => {
    const root = workspace.project(FILES, ['runtime', 'typescript']);
    for (const name of ['store', 'main']) edit(root, `out/${name}.js`, run(root, `src/${name}.ts`));
    expect(runNode(root, 'out/main.js')).toEqual({ status: 0, stdout: 'true true\n', stderr: '' });
    const main = readFileSync(join(root, 'out/main.js'), 'utf8');
    expect(main).toMatch(/\(read, "read"\)/);
    // Here it is known that this call does not block; the file alone does not tell.
    expect(main).not.toMatch(/\(double, "double"\)/);
    expect(run(root, 'src/main.ts', {})).toMatch(/\(double, "double"\)/);
    expect(compilations()).toEqual([2, 1]);
  });

  it('is found by its directory, from where Babel works', () => {
    const root = workspace.project(FILES, ['runtime', 'typescript']);
    const expected = run(root, 'src/main.ts');
    const cwd = join(root, 'src');
    expect(run(root, 'src/main.ts', { project: '..' }, { cwd })).toBe(expected);
    expect(run(root, 'src/main.ts', { project: '../tsconfig.json' }, { cwd })).toBe(expected);
    symlinkSync(root, `${root}-link`);
    const linked = { cwd: `${root}-link` };
    expect(run(`${root}-link`, 'src/main.ts', own, linked)).toBe(expected);
  });

  it('may be a list of files, which are all there is only if it says so', () => {
    const root = workspace.project({
      'a.cjs': "const { f } = require('./b.cjs');\nsetTimeout(() => f());\n",
      'b.cjs': "exports.f = () => 1;\nexports.g = () => require('./c.cjs')();\n",
      'c.cjs': 'module.exports = () => 1;\n',
    });
    expect(run(root, 'a.cjs', { project: ['*.cjs'] })).toContain('setTimeout(() => f())');
    expect(run(root, 'a.cjs', { project: ['a.cjs', 'b.cjs'] })).toContain('setTimeout(() => f())');
    expect(run(root, 'a.cjs', {})).toContain('"f"');
    expect(run(root, 'b.cjs', { project: ['a.cjs', 'b.cjs'] })).toContain('compiled');
    expect(run(root, 'b.cjs', { project: ['a.cjs', 'b.cjs'], wholeProgram: true })).not.toContain('compiled');
  });

  it('gives the text that the command line and tspc give', async () => {
    const files = {
      ...FILES,
      'src/view.tsx': `import { read } from './store.js';\ndeclare const React: { createElement(...of: unknown[]): unknown };
export class View { #names = ['a']; render() { return <p>{this.#names.map((name) => read(name))}</p>; } }
export const top = read('tsconfig.json');\n`,
      'src/idle.mts': 'export const idle = 1;\n',
      'unblock.config.json': '{ "topLevel": "await" }',
    };
    const root = workspace.project(files, ['runtime', 'typescript']);
    const { status, stderr } = await unblock(root, 'build', '--out-dir', 'out');
    expect([status, stderr]).toEqual([0, '']);
    const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config as object;
    const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const byTspc = rewriteProgram(ts.createProgram(fileNames, options), loadSettings(root), ts);

    const parsed = new Map<string, string>();
    const listening = (api: object, given: object) => {
      const made = plugin(api, given as never);
      const parserOverride: typeof made.parserOverride = (code, parserOptions, parse) =>
        made.parserOverride(code, parserOptions, (text, inner) => {
          parsed.set((parserOptions as { sourceFileName?: string }).sourceFileName ?? '', text);
          return parse(text, inner);
        });
      return { ...made, parserOverride };
    };
    for (const name of ['store.ts', 'main.ts', 'view.tsx', 'idle.mts']) {
      const presets = [babel.presets.typescript, babel.presets.react];
      run(root, `src/${name}`, own, { plugins: [[listening as never, own]], presets });
      const text = parsed.get(join(root, 'src', name));
      expect(text, name).toBe(byTspc.get(join(root, 'src', name))?.code);
      const built = readFileSync(join(root, 'out', name), 'utf8').replace(/\/\/# sourceMappingURL.*\n$/, '');
      expect(text ?? readFileSync(join(root, 'src', name), 'utf8'), name).toBe(built);
    }
    expect(parsed.size).toBe(3);
    expect(parsed.get(join(root, 'src/view.tsx'))).toMatch(/export const top = .*await/);
  });

  it('is analysed once, however many files it has', () => {
    const count = 200;
    const files = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `src/m${i}.js`,
        `import { f${i + 1} } from './m${(i + 1) % count}.js';\nexport const f${i} = () => f${i + 1}();\n`,
      ]),
    );
    const root = workspace.project({ ...files, 'package.json': '{ "type": "module" }' });
    for (let i = 0; i < count; i++) run(root, `src/m${i}.js`, { project: ['src'] });
    expect(compilations()).toEqual([count]);
  });

  describe('when files change', () => {
    it('looks again for an edited file, at all files, and only once', () => {
      const root = workspace.project(FILES, ['runtime', 'typescript-7']);
      const before = run(root, 'src/main.ts');
      expect(run(root, 'src/store.ts')).toContain('link');
      edit(
        root,
        'src/store.ts',
        'export const read = (name: string) => name;\nexport const double = (n: number) => n;\n',
      );
      edit(root, 'src/main.ts', `${MAIN}// edited\n`);
      expect(run(root, 'src/store.ts')).not.toContain('link');
      expect(run(root, 'src/main.ts')).not.toContain('"read"');
      edit(root, 'src/store.ts', STORE);
      // Unedited callers are what they were until Babel asks for them again.
      expect(run(root, 'src/store.ts')).toContain('link');
      edit(root, 'src/main.ts', MAIN);
      expect(run(root, 'src/main.ts')).toBe(before);
      expect(compilations()).toEqual([2, 2, 2, 2]);
    });

    it('finds a new file, and what the tsconfig says now', () => {
      const root = workspace.project(FILES, ['runtime', 'typescript-7']);
      run(root, 'src/main.ts');
      edit(root, 'new.ts', ROOT);
      renameSync(join(root, 'new.ts'), join(root, 'src/new.ts'));
      expect(run(root, 'src/new.ts')).toContain('"fs.readFileSync"');
      edit(root, 'lib/more.ts', ROOT);
      expect(failure(root, 'lib/more.ts').message).toContain('file outside the project');
      edit(
        root,
        'tsconfig.json',
        FILES['tsconfig.json'].replace('["src"]', '["src", "lib"]').replace(',"rootDir":"src"', ''),
      );
      expect(run(root, 'lib/more.ts')).toContain('"fs.readFileSync"');
    });

    it('compiles a text that something has changed before on its own', () => {
      const root = workspace.project(FILES, ['runtime', 'typescript-7']);
      const text = `${MAIN}// changed\n`;
      expect(run(root, 'src/main.ts', own, {}, text)).toBe(run(root, 'src/main.ts', {}, {}, text));
      expect(compilations()).toEqual([1, 1]);
      // So are parts of files of another language, and text without a file.
      expect(run(root, 'src/App.vue', own, {}, MAIN)).toContain('"double"');
      expect(transform(babel, 'f();\n', undefined as never, { plugins: [[plugin, own]], cwd: root }).code).toBe('f();');
    });

    it('reads the configuration file again', () => {
      const root = workspace.project({ ...FILES, 'unblock.config.json': '{}' }, ['runtime', 'typescript-7']);
      expect(run(root, 'src/store.ts')).toMatch(/"fs\.readFileSync"/);
      edit(root, 'unblock.config.json', '{ "patch": { "fs": false } }');
      expect(run(root, 'src/store.ts')).not.toMatch(/"fs\.readFileSync"/);
    });
  });

  describe('with files of which the project cannot tell how Babel reads them', () => {
    it('learns it from the first of each language', () => {
      const root = workspace.project({
        'package.json': '{ "type": "module" }',
        'a.ts': "import { plain, read } from './b.js';\nsetTimeout(() => plain<string>(read('a')));\n",
        'b.js':
          "import fs from 'node:fs';\nexport const read = (x: string): string => fs.readFileSync<string>(x);\nexport const plain = <T>(x: T): T => x;\n",
      });
      const flow = { presets: [[babel.presets.flow, { all: true }]] } as TransformOptions;
      const list = { project: ['*.?s'], wholeProgram: true };
      // The other file cannot be read yet, so that it may do anything.
      expect(run(root, 'a.ts', list)).toContain('"plain"');
      expect(run(root, 'b.js', list, flow)).toContain('"fs.readFileSync"');
      expect(run(root, 'a.ts', list)).not.toContain('"plain"');
      expect(run(root, 'a.ts', list)).toContain('"read"');
      expect(compilations()).toEqual([2, 2]);
    });

    it('takes the kind of modules that Babel is told', () => {
      const root = workspace.project({
        'package.json': '{ "type": "module" }',
        'a.js': "const fs = require('fs');\nsetTimeout(() => fs.readFileSync('a'));\n",
      });
      expect(run(root, 'a.js', { project: ['a.js'] }, { sourceType: 'script' })).toMatch(/= require\("@unblock/);
      expect(run(root, 'a.js', { project: ['a.js'] })).toMatch(/^import .*"@unblock/);
    });

    it('awaits at top level where modules are kept', () => {
      const root = workspace.project({ 'a.mjs': "import fs from 'fs';\nexport const a = fs.readFileSync('a.mjs');\n" });
      const given = { project: ['a.mjs'], topLevel: 'await' };
      expect(run(root, 'a.mjs', given)).toContain('await');
      const presets = [[babel.presets.env, { targets: { node: '20' }, modules: 'commonjs' }]];
      expect(run(root, 'a.mjs', given, { presets } as TransformOptions)).not.toContain('await');
    });
  });

  describe('mistakes', () => {
    const one = (error: Error, message: string) => {
      expect(error.message).toBe(message);
      expect(error.stack).toBe(`UnblockError: ${message}`);
    };

    it('no tsconfig', () => {
      const root = workspace.project({ 'a.js': 'f();\n' });
      const remedy = 'Name a tsconfig, or files, in the option project of the Babel plugin @unblock/transformer.';
      one(failure(root, 'a.js'), `${root}/tsconfig.json: no such file. ${remedy}`);
      one(
        failure(root, 'a.js', { project: './lib/tsconfig.json' }),
        `${root}/lib/tsconfig.json: no such file. ${remedy}`,
      );
    });

    it('a broken tsconfig', () => {
      const root = workspace.project({ 'a.js': 'f();\n', 'tsconfig.json': '{ "include": [ }' }, ['typescript']);
      expect(failure(root, 'a.js').stack).toMatch(/^UnblockError: .*tsconfig\.json: .*\. Correct the tsconfig\.$/);
    });

    it('files that are not there', () => {
      const root = workspace.project({ 'a.js': 'f();\n' });
      one(
        failure(root, 'a.js', { project: ['lib/*.js'] }),
        `lib/*.js: no source file in ${root} matches. Name JavaScript or TypeScript files.`,
      );
    });

    it('a file outside the project', () => {
      const root = workspace.project({ ...FILES, 'lib/a.ts': 'f();\n' }, ['runtime', 'typescript-7']);
      one(
        failure(root, 'lib/a.ts'),
        `${root}/lib/a.ts: file outside the project (${root}/tsconfig.json). Make it a file of the project, or keep the plugin from it.`,
      );
      one(
        failure(root, 'lib/a.ts', { project: ['src'] }),
        `${root}/lib/a.ts: file outside the project (the files given). Make it a file of the project, or keep the plugin from it.`,
      );
    });

    it('a syntax error: the other files are compiled, and Babel reports it', () => {
      const root = workspace.project({ ...FILES, 'src/broken.ts': 'const = 1;\n' }, ['runtime', 'typescript-7']);
      const message = (run: () => unknown) => {
        try {
          run();
        } catch (error) {
          return (error as Error).message;
        }
        return undefined;
      };
      expect(run(root, 'src/main.ts')).toContain('"read"');
      const reported = message(() => run(root, 'src/broken.ts'));
      expect(reported).toContain('> 1 | const = 1;');
      expect(reported).toBe(message(() => run(root, 'src/broken.ts', own, { plugins: [] })));
      edit(root, 'src/broken.ts', 'export {};\n');
      expect(run(root, 'src/broken.ts')).toBe('export {};');
    });

    it('a runtime that is not installed', () => {
      const root = workspace.project({ ...FILES, 'unblock.config.json': '{ "runtime": "absent/helpers" }' }, [
        'typescript',
      ]);
      one(
        failure(root, 'src/main.ts'),
        `${root}: absent/helpers, which compiled code imports, cannot be found from here. Install @unblock/runtime, or correct the option runtime.`,
      );
      expect(existsSync(join(root, 'node_modules/@unblock/runtime'))).toBe(false);
      rmSync(join(root, 'unblock.config.json'));
    });
  });
});
