import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { TransformOptions } from '@babel/core';
import * as api from '@unblock/runtime';
import * as runtime from '@unblock/runtime/compiled';
import { afterAll, describe, expect, it } from 'vitest';
import unblock from '../../src/hosts/babel.js';
import { BABELS, type Babel, type Output, transform } from './babels.js';
import { runNode, Workspace } from './cliProjects.js';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const here = import.meta.dirname;

function evaluate(code: string): Record<string, unknown> {
  const exports: Record<string, unknown> = {};
  const require = (name: string) => (name === '@unblock/runtime/compiled' ? runtime : process.getBuiltinModule(name));
  new Function('exports', 'require', code)(exports, require);
  return exports;
}

const SOURCE = `import fs from 'node:fs';
const React = { createElement: (type: string, props: object | null, ...children: unknown[]) => ({ type, children }) };
class Files {
  constructor(private readonly root: string) {}
  read(name: string): string {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    return fs.readFileSync(this.root + name, 'utf8');
  }
}
export function view(root: string, names: string[]) {
  const files = new Files(root);
  return <ul>{names.map((name: string) => files.read(name).length)}</ul>;
}
`;

/** Waits below a function, and prints whether timers ran meanwhile. */
const PROGRAM = `
const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
let ticks = 0;
setTimeout(() => {
  const timer = setInterval(() => ticks++, 1);
  pause();
  clearInterval(timer);
  console.log(ticks > 0);
});
`;

const allPresets = (
  { presets }: Babel,
  modules: string | false = 'commonjs',
): NonNullable<TransformOptions['presets']> => [
  [presets.env, { targets: { node: '20' }, modules }],
  presets.typescript,
  [presets.react, { runtime: 'classic' }],
];

describe.each(BABELS)('the plugin in Babel $version', (babel) => {
  const run = (text: string, filename: string, options: TransformOptions = {}, own: object = {}): Output =>
    transform(babel, text, filename, { plugins: [[unblock, own]], cwd: here, ...options });

  it.each([
    [
      '2023-11',
      'const wrap = (method, context) => function (...args) { return [context.name, method.apply(this, args)]; };',
    ],
    [
      'legacy',
      'const wrap = (_, key, descriptor) => ({ ...descriptor, value(...args) { return [key, descriptor.value.apply(this, args)]; } });',
    ],
  ])('works with decorators of version %s', async (version, wrap) => {
    const text = `import fs from 'node:fs';
${wrap}
const replace = (cls) => class extends cls { read(name) { return ['replaced', super.read(name)]; } };
@replace class Files {
  @wrap read(name) { return this.load(name); }
  load(name) { return fs.readFileSync(name, 'utf8').length; }
  @wrap static first(name) { return new this().read(name); }
}
export const read = (name) => [new Files().read(name), Files.first(name)];
`;
    const plugins = [unblock, [babel.decorators, { version }]] as TransformOptions['plugins'];
    const { code } = run(text, '/app/files.js', { plugins, presets: [[babel.presets.env, { modules: 'commonjs' }]] });
    const { read } = evaluate(code) as { read: (name: string) => unknown };
    const length = readFileSync(`${here}/babels.ts`, 'utf8').length;
    const one = ['replaced', ['read', length]];
    expect(read(`${here}/babels.ts`)).toEqual([one, ['first', one]]);
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    // Where the directory is known to be quick, it would not suspend.
    api.completeInPlace(false);
    try {
      expect(await api.twin(read)?.(`${here}/babels.ts`)).toEqual([one, ['first', one]]);
    } finally {
      api.completeInPlace(true);
    }
    expect(turned).toBe(true);
  });

  it('works with preset-typescript, preset-env and JSX', async () => {
    const { code } = run(SOURCE, '/app/view.tsx', { presets: allPresets(babel) });
    const { view } = evaluate(code) as { view: (root: string, names: string[]) => unknown };
    const twin = api.twin(view);
    if (twin === undefined) throw new Error('view has no twin');
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const rendered = await twin(`${here}/`, ['babel.test.ts', 'babel.test.ts']);
    clearInterval(timer);
    expect(rendered).toEqual(view(`${here}/`, ['babel.test.ts', 'babel.test.ts']));
    expect(turns).toBeGreaterThan(0);
  });

  it('works where Babel is asynchronous, for several files at a time', async () => {
    const files = ['a', 'b', 'c'].map((name) => `/app/${name}.tsx`);
    const results = await Promise.all(
      files.map((filename) =>
        babel.transformAsync(SOURCE, {
          filename,
          presets: allPresets(babel),
          plugins: [unblock],
          cwd: here,
          configFile: false,
          babelrc: false,
        }),
      ),
    );
    const { code } = run(SOURCE, '/app/a.tsx', { presets: allPresets(babel) });
    expect(results.map((result) => result?.code)).toEqual([code, code, code]);
  });

  it.each([
    ['/app/add.ts', 'export const add = (a: number, b: number) => a + b;\n'],
    ['/app/add.cjs', '#!/usr/bin/env node\n"use strict";\nmodule.exports = [1, , 2]; // odd\n'],
    ['/app/add.jsx', '\ufeffexport default () => <p>  text </p>;\r\n'],
  ])('leaves code without calls of unknown functions as it is: %s', (filename, text) => {
    const presets = allPresets(babel);
    const plain = transform(babel, text, filename, { presets, cwd: here, sourceMaps: true });
    expect(run(text, filename, { presets, sourceMaps: true })).toEqual(plain);
  });

  it('leaves declaration files alone', () => {
    const text = 'declare function f(): void;\nexport { f };\n';
    const presets = allPresets(babel);
    const plain = transform(babel, text, '/app/types.d.ts', { presets, cwd: here });
    expect(run(text, '/app/types.d.ts', { presets })).toEqual(plain);
  });

  describe('CommonJS', () => {
    it.each([
      ['main.cjs', {}],
      ['main.js', {}],
      ['main.js', { sourceType: 'unambiguous' }],
      ['main.js', { sourceType: 'script' }],
      ['main.js', { sourceType: 'commonjs' }],
      ['main.cts', { sourceType: 'unambiguous' }],
    ] as const)('stays so: %s, %j', (name, options) => {
      const root = workspace.project({ 'package.json': '{}' });
      const { code } = run(PROGRAM, join(root, name), options as TransformOptions);
      expect(code).not.toMatch(/^import\b/m);
      writeFileSync(join(root, 'out.cjs'), code);
      expect(runNode(root, 'out.cjs')).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
    });

    it('is told by sourceType even where package.json says otherwise', () => {
      const root = workspace.project({ 'package.json': '{ "type": "module" }' });
      expect(run(PROGRAM, join(root, 'main.js'), { sourceType: 'script' }).code).toMatch(/= require\(/);
      expect(run(PROGRAM, join(root, 'main.js')).code).toMatch(/^import\b.*compiled/m);
    });

    it('of .cts files is made by Babel', () => {
      const root = workspace.project({ 'package.json': '{ "type": "module" }' });
      const text = `import { log } from 'node:console';\n${PROGRAM.replace('console.log', 'log')}`;
      const { code } = run(text, join(root, 'main.cts'), { presets: allPresets(babel) });
      writeFileSync(join(root, 'main.cjs'), code);
      expect(runNode(root, 'main.cjs')).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
    });

    it('is not disturbed by a return outside functions, nor by sloppy code', () => {
      const sloppy = `${PROGRAM}\nwith ({}) { 010; }\nif (ticks === 0) return;\nfail();\n`;
      expect(
        run(sloppy, '/app/main.js', { sourceType: 'script', parserOpts: { allowReturnOutsideFunction: true } }).code,
      ).toMatch(/= require\(/);
    });
  });

  describe('syntax that Babel was told to accept', () => {
    const flow = `// @flow
import typeof fsType from 'node:fs';
import fs, { type PathLike } from 'node:fs';
type Reader = (name: string) => string;
export opaque type Name: string = string;
function identity<T>(value: T): T { return value; }
export function read(this: mixed, name: Name, reader: ?Reader): string %checks {
  const text = ((fs.readFileSync: any)(name, 'utf8'): string);
  return (identity<string>((fs: any).readFileSync(name, 'utf8')) + text: string);
}
`;
    it('may be Flow', async () => {
      const text = flow.replace(' %checks', '');
      const { code } = run(text, '/app/read.js', { presets: [babel.presets.flow, ...allPresets(babel)] });
      expect(code).not.toContain('typeof');
      const { read } = evaluate(code) as { read: (name: string) => string };
      const name = `${here}/babels.ts`;
      const expected = readFileSync(name, 'utf8').repeat(2);
      expect(read(name)).toBe(expected);
      expect(await api.twin(read)?.(name)).toBe(expected);
      expect(code.match(/\.\$method\)\(|\.\$callee\)\(/g)?.length).toBe(2);
    });

    it('may be Flow without its pragma', () => {
      const text = "import fs from 'node:fs';\nexport const read = (name: string): string => fs.readFileSync(name);\n";
      const { code } = run(text, '/app/read.js', { presets: [[babel.presets.flow, { all: true }]] });
      expect(code).toContain('readFileSync');
      expect(code).toContain('compiled');
    });

    it.each([
      ['decorators', '@mark export class A { @mark read() { f(); } }'],
      ['decorators', 'export @mark class A { @mark read() { f(); } }'],
      ['decorators-legacy', '@mark export class A { @mark read() { f(); } }'],
      ['doExpressions', 'export const a = () => do { f(); };'],
      ['exportDefaultFrom', "export f from './f.js';\nexport const a = () => g();"],
      ['throwExpressions', 'export const a = () => f() || throw g();'],
    ])('may be %s: %s', (plugin, text) => {
      const parserOpts = { plugins: [plugin === 'decorators' ? [plugin, { version: '2023-11' }] : plugin] } as never;
      const { code } = run(
        `import fs from 'node:fs';\nexport const r = () => fs.readFileSync('a');\n${text}\n`,
        '/app/a.js',
        { parserOpts },
      );
      expect(code).toContain('compiled');
    });
  });

  describe('the configuration file', () => {
    it('is read from where Babel works, and the options of the plugin win', () => {
      const root = workspace.project({
        'unblock.config.json': '{ "runtime": "#helpers", "patch": { "fs": false, "atomics": false } }',
        'package.json': '{ "imports": { "#helpers": "@unblock/runtime/compiled" } }',
        'src/.keep': '',
      });
      const cwd = join(root, 'src');
      const text = "const fs = require('fs');\nsetTimeout(() => fs.readFileSync('a'));\n";
      const filename = join(cwd, 'a.js');
      expect(run(text, filename, { cwd }).code).not.toMatch(/readFileSync\)?, "/);
      const { code } = run(text, filename, { cwd }, { patch: { fs: true } });
      expect(code).toMatch(/require\("#helpers"\)/);
      expect(code).toMatch(/"fs\.readFileSync"/);
      writeFileSync(join(root, 'unblock.config.json'), '{ "runtime": "@unblock/runtime/compiled" }');
      expect(run(text, filename, { cwd }).code).toMatch(/require\("@unblock\/runtime\/compiled"\)/);
    });
  });

  describe('topLevel: "await"', () => {
    const text = `import fs from 'node:fs';\nexport const text = fs.readFileSync(new URL(import.meta.url), 'utf8');\n`;
    const source = (options: TransformOptions, filename = '/app/a.mjs', given = text) =>
      run(given, filename, options, { topLevel: 'await' }).code;

    it('awaits in modules that stay ES modules', () => {
      const root = workspace.project({ 'package.json': '{}' });
      for (const presets of [[], [[babel.presets.env, { targets: { node: '20' }, modules: false }]]]) {
        const code = source({ presets: presets as TransformOptions['presets'] }, join(root, 'a.mjs'));
        expect(code).toMatch(/export const text = .*await/);
        writeFileSync(join(root, 'a.mjs'), `${code}console.log(text.length > 0);\n`);
        expect(runNode(root, 'a.mjs')).toMatchObject({ status: 0, stdout: 'true\n' });
      }
      expect(run(text, '/app/a.mjs').code).not.toContain('await');
    });

    it('does not where they become something else, or run where it is not known', () => {
      const cases: TransformOptions[] = [
        { presets: [[babel.presets.env, { targets: { node: '20' }, modules: 'commonjs' }]] },
        { presets: [[babel.presets.env, { targets: { node: '20' }, modules: 'systemjs' }]] },
        { presets: [[babel.presets.env, { targets: { node: '20' }, modules: 'amd' }]] },
        {
          presets: [[babel.presets.env, { targets: { node: '20' }, modules: 'commonjs' }]],
          passPerPreset: true,
        } as never,
        { presets: [[babel.presets.env, { targets: { node: '6' }, modules: false }]] },
        { caller: { name: 'bundler', supportsStaticESM: true, supportsTopLevelAwait: false } },
      ];
      for (const options of cases) {
        const code = source(
          { ...options, parserOpts: {} },
          '/app/a.mjs',
          text.replace('new URL(import.meta.url)', "'a'"),
        );
        expect(code, JSON.stringify(options)).not.toMatch(/\bawait\b|yield/);
      }
      // Where the preset decides, Babel 7 and 8 differ.
      const auto = source({ presets: [[babel.presets.env, { targets: { node: '20' } }]] });
      expect(/\bawait\b/.test(auto)).toBe(/^export /m.test(auto));
      expect(source({}, '/app/a.cjs', "require('fs').readFileSync('a');\n")).not.toContain('await');
    });
  });

  describe('mistakes', () => {
    const failure = (options: TransformOptions, own: object = {}, text = SOURCE, filename = '/app/view.tsx'): Error => {
      try {
        run(text, filename, { presets: allPresets(babel), ...options }, own);
      } catch (error) {
        return error as Error;
      }
      throw new Error('nothing was thrown');
    };

    it.each([
      [{ pach: {} }, 'unknown option: pach. Did you mean patch?'],
      [{ projct: 'x' }, 'unknown option: projct. Did you mean project?'],
      [{ patch: { f: false } }, 'unknown category in the option patch: f.'],
      [{ patch: { 'fs.statsSync': false } }, 'unknown function in the option patch: fs.statsSync.'],
      [{ project: 1 }, 'the option project has to be the path of a tsconfig, or an array of files and globs.'],
      [{ project: [] }, 'the option project has to be the path of a tsconfig, or an array of files and globs.'],
      [{ wholeProgram: true }, 'the option wholeProgram goes with an array of files in the option project.'],
      [{ project: ['a.js'], wholeProgram: 'yes' }, 'the option wholeProgram has to be true or false.'],
    ])('in options get one message: %j', (own, message) => {
      const error = failure({}, own);
      expect(error.message).toContain(`Babel plugin @unblock/transformer: ${message}`);
      expect(error.stack).toBe(`UnblockError: ${error.message}`);
    });

    it('in the configuration file name it', () => {
      const cwd = workspace.project({ 'unblock.config.json': '{ "ptch": {} }' });
      expect(failure({ cwd }).message).toBe(`${cwd}/unblock.config.json: unknown option: ptch. Did you mean patch?`);
    });

    it('a runtime that is not installed', () => {
      const cwd = workspace.project({}, []);
      const error = failure({ cwd }, { runtime: 'nowhere/compiled' });
      expect(error.stack).toBe(
        `UnblockError: ${cwd}: nowhere/compiled, which compiled code imports, cannot be found from here. Install @unblock/runtime, or correct the option runtime.`,
      );
    });

    it('syntax errors are for Babel to report', () => {
      for (const text of [
        "import fs from 'fs';\nfs.readFileSync('a'\n",
        'f(;',
        '@decorated class A { m() { f(); } }',
      ]) {
        const error = failure({}, {}, text, '/app/a.js');
        const filename = '/app/a.js';
        let plain: unknown;
        try {
          transform(babel, text, filename, { presets: allPresets(babel), cwd: here });
        } catch (thrown) {
          plain = thrown;
        }
        expect(error.message).toBe((plain as Error).message);
      }
    });

    it('syntax that only Babel can read', () => {
      const reader = {
        name: 'reader',
        manipulateOptions: (_: unknown, parserOpts: { errorRecovery: boolean }) => {
          parserOpts.errorRecovery = true;
        },
      };
      const text = 'let a = f();\nlet a = 2;\n';
      expect(failure({ plugins: [unblock, () => reader] as never }, {}, text, '/app/a.js').stack).toBe(
        "UnblockError: /app/a.js:2:5: Identifier 'a' has already been declared. Babel can read this syntax, Unblock cannot: keep the plugin from the file.",
      );
    });

    it('two plugins that replace the parser', () => {
      const other = (wants: boolean) => () => ({
        name: 'hermes',
        parserOverride: (code: string, options: object, parse: (code: string, options: object) => unknown) =>
          wants ? parse(code, options) : undefined,
      });
      const plugins = (wants: boolean) => [unblock, other(wants)] as never;
      expect(failure({ plugins: plugins(true) }).stack).toBe(
        'UnblockError: /app/view.tsx: the Babel plugin @unblock/transformer and the plugin hermes both replace Babel\'s parser. Remove one of them, or run "unblock build" before Babel.',
      );
      const presets = allPresets(babel);
      expect(run(SOURCE, '/app/view.tsx', { presets, plugins: plugins(false) })).toEqual(
        run(SOURCE, '/app/view.tsx', { presets }),
      );
      expect(run('export const a = 1;\n', '/app/a.js', { plugins: plugins(true) }).code).toBe('export const a = 1;');
    });

    it('the plugin given twice', () => {
      expect(failure({ presets: [() => ({ plugins: [unblock] }), ...allPresets(babel)] as never }).stack).toBe(
        'UnblockError: /app/view.tsx: the Babel plugin @unblock/transformer is used twice for this file. Remove one of the uses.',
      );
    });
  });
});

it('is loaded by name from CommonJS and from ES modules', async () => {
  const require = createRequire(import.meta.url);
  const built = require('@unblock/transformer/babel') as { default: unknown };
  expect(typeof built.default).toBe('function');
  expect(typeof ((await import('@unblock/transformer/babel' as string)) as { default: unknown }).default).toBe(
    'function',
  );
});
