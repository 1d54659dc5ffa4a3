import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { runNode, unblock, Workspace } from './cliProjects.js';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const WAIT = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60)';
/** Waits below two functions, and prints whether timers ran meanwhile. */
const program = (types: boolean) => {
  const [n, r] = types ? [': number', ': string'] : ['', ''];
  return `
function pause(times${n})${r} {
  return [1, times].map(() => ${WAIT}).join();
}
let ticks = 0;
async function main() {
  const timer = setInterval(() => ticks++, 1);
  const result = pause(2);
  clearInterval(timer);
  console.log(result, ticks > 0);
}
main();
`;
};

async function build(root: string, ...args: string[]): Promise<void> {
  const { status, stdout, stderr } = await unblock(root, 'build', ...args, '--out-dir', 'out');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^\d+ blocking calls?: \d+ patched, \d+ partly, \d+ blocking(?: \([a-z0-9, -]+\))?\n$/);
}

const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe('packages of a workspace that are built apart', () => {
  const compilerOptions = { allowJs: true, module: 'NodeNext', target: 'ES2022', rootDir: 'src', types: [] };
  const root = workspace.project(
    {
      'library/package.json': '{ "name": "@workspace/library", "type": "module", "exports": "./out/index.js" }',
      'library/tsconfig.json': JSON.stringify({
        compilerOptions: { ...compilerOptions, declaration: true },
        include: ['src'],
      }),
      'library/src/index.js': `export const each = (items, callback) => { for (const item of items) callback(item); };
export class Pages { sleep() { ${WAIT}; } }`,
      'app/package.json': '{ "type": "module" }',
      'app/tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }),
      'app/src/main.js': `import { each, Pages } from '@workspace/library';
async function ticksOf(run) {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await run();
  clearInterval(timer);
  return ticks > 0;
}
console.log(await ticksOf(() => new Pages().sleep()), await ticksOf(() => each([1], () => { ${WAIT}; })));`,
    },
    ['runtime', 'typescript'],
  );
  mkdirSync(join(root, 'app/node_modules/@workspace'), { recursive: true });
  symlinkSync(join(root, 'library'), join(root, 'app/node_modules/@workspace/library'));
  const calls =
    (unknownCalls: string, ...args: string[]) =>
    async () => {
      for (const project of ['library', 'app'])
        writeFileSync(join(root, project, 'unblock.config.json'), JSON.stringify({ unknownCalls }));
      for (const project of ['library', 'app']) {
        rmSync(join(root, project, 'out'), { recursive: true, force: true });
        await build(join(root, project), ...args);
      }
      expect(runNode(join(root, 'app'), 'out/main.js')).toMatchObject({
        stdout: `true ${unknownCalls === 'suspend'}\n`,
      });
    };
  it('call each other', calls('block'));
  it('call each other, by the names of their files', calls('block', 'src/**/*.js'));
  it('call what they hand each other, on request', calls('suspend'));
  it('call each other, if TypeScript is not installed', async () => {
    writeFileSync(join(root, 'app/tsconfig.json'), JSON.stringify({ include: ['typed'] }));
    mkdirSync(join(root, 'app/typed'));
    const text = "import { Pages } from '@workspace/library';\nsetTimeout(() => { new Pages().sleep(); });\n";
    writeFileSync(join(root, 'app/typed/main.ts'), text);
    rmSync(join(root, 'node_modules/typescript'));
    await build(join(root, 'app'));
    expect(read(root, 'app/out/main.ts')).toContain('.sleep, "(intermediate value).sleep").call(');
  });
});

/** These stand for calls, callees, arguments and results of the program. */
const WORDS = ['pause', 'times', 'Atomics', 'ticks', 'result', 'clearInterval'];
const wordAt = (text: string, line: number, column: number) =>
  /^[\w$]*/.exec(text.split('\n')[line - 1]?.slice(column) ?? '')?.[0] ?? '';

/** Each of the words in the compiled file that is mapped leads to the same word in `source`, and all of those are reached. */
function checkMap(file: string, source: string): void {
  const code = read(file);
  expect(code.match(/\/\/# sourceMappingURL=/g)).toHaveLength(1);
  expect(code.endsWith(`\n//# sourceMappingURL=${basename(file)}.map\n`)).toBe(true);
  const json = JSON.parse(read(`${file}.map`)) as { file: string };
  expect(json.file).toBe(basename(file));
  const trace = new TraceMap(json as never, pathToFileURL(`${file}.map`).href);
  expect(trace.resolvedSources).toEqual([pathToFileURL(source).href]);
  const original = read(source);
  const reached = new Set<string>();
  eachMapping(trace, ({ generatedLine, generatedColumn, originalLine, originalColumn }) => {
    if (originalLine === null) return;
    const word = wordAt(code, generatedLine, generatedColumn);
    const from = wordAt(original, originalLine, originalColumn);
    if (WORDS.includes(word)) expect(from, `${generatedLine}:${generatedColumn}`).toBe(word);
    // Where a call is rewritten, its place is that of the whole expression: `(($result = $callee(pause...`.
    if (WORDS.includes(from) && (word === from || word === ''))
      reached.add(`${from} ${originalLine}:${originalColumn}`);
  });
  const wanted = original
    .split('\n')
    .flatMap((line, i) =>
      [...line.matchAll(/(?<![\w$])[\w$]+/g)].flatMap(({ index, 0: word }) =>
        WORDS.includes(word) ? `${word} ${i + 1}:${index}` : [],
      ),
    );
  expect([...reached].sort()).toEqual(wanted.sort());
}

describe('unblock build', () => {
  it('compiles JavaScript, ES modules and CommonJS, into code that does not block', async () => {
    const root = workspace.project({
      'src/a.mjs': program(false),
      'src/b.cjs': program(false),
      'src/c.js': `require('node:fs');${program(false)}`,
      'package.json': '{}',
    });
    expect(runNode(root, 'src/a.mjs')).toMatchObject({ stdout: 'timed-out,timed-out false\n' });
    await build(root, 'src');
    for (const name of ['a.mjs', 'b.cjs', 'c.js']) {
      expect(runNode(root, `out/${name}`)).toEqual({ status: 0, stdout: 'timed-out,timed-out true\n', stderr: '' });
    }
  });

  it('leaves what modules find of each other while they are loaded', async () => {
    const root = workspace.project({
      'src/config.mjs': `import { readFileSync } from 'node:fs';
export let config;
async function load() { config = JSON.parse(readFileSync('package.json', 'utf8')); }
load();`,
      'src/main.mjs': `import { config } from './config.mjs';
const { type } = config;
console.log(type);`,
      'package.json': '{ "type": "module" }',
    });
    await build(root, 'src');
    expect(runNode(root, 'out/main.mjs')).toEqual({ status: 0, stdout: 'module\n', stderr: '' });
  });

  it('awaits at top level on request, where the file surely runs as an ES module', async () => {
    const text = `export const slept = ${WAIT};\nconsole.log(slept);\n`;
    const root = workspace.project({
      'src/a.mjs': text,
      'src/b.js': text,
      'src/module/package.json': '{ "type": "module" }',
      'src/module/c.js': text,
      'package.json': '{}',
      'unblock.config.json': '{ "topLevel": "await" }',
    });
    await build(root, 'src');
    const awaits = ['a.mjs', 'b.js', 'module/c.js'].map((name) => /\bawait\b/.test(read(root, 'out', name)));
    expect(awaits).toEqual([true, false, true]);
    expect(runNode(root, 'out/a.mjs')).toEqual({ status: 0, stdout: 'timed-out\n', stderr: '' });
  });

  it('compiles TypeScript to TypeScript', async () => {
    const root = workspace.project(
      {
        'tsconfig.json': '{ "compilerOptions": { "rootDir": ".", "types": [] }, "files": ["src/main.mts"] }',
        'src/main.mts': program(true),
      },
      ['runtime', 'typescript'],
    );
    await build(root);
    const compiled = read(root, 'out/src/main.mts');
    expect(compiled).toContain('function pause(times: number): string');
    const options = { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } };
    writeFileSync(join(root, 'out/main.mjs'), ts.transpileModule(compiled, options).outputText);
    expect(runNode(root, 'out/main.mjs').stdout).toBe('timed-out,timed-out true\n');
    checkMap(join(root, 'out/src/main.mts'), join(root, 'src/main.mts'));
  });

  it('maps compiled code to its source', async () => {
    const root = workspace.project({ 'src/deep/a.mjs': program(false), 'src/b.mjs': 'export {};\n' });
    await build(root, 'src');
    const source = join(root, 'src/deep/a.mjs');
    checkMap(join(root, 'out/deep/a.mjs'), source);
  });
});

describe('without maps', () => {
  it('compiled files have none, and name none', async () => {
    const own = '//# sourceMappingURL=main.mjs.map';
    const map = { version: 3, file: 'main.mjs', sources: ['main.ts'], names: [], mappings: 'AAAA' };
    const root = workspace.project({
      'lib/main.mjs': `${program(false)}${own}`,
      'lib/main.mjs.map': JSON.stringify(map),
      'lib/other.mjs': 'export {};',
    });
    await build(root, 'lib', '--no-maps');
    expect(existsSync(join(root, 'out/main.mjs.map'))).toBe(false);
    expect(read(root, 'out/main.mjs')).not.toContain('sourceMappingURL');
    expect(runNode(root, 'out/main.mjs')).toMatchObject({ status: 0, stderr: '' });
    await build(root, 'lib');
    expect(existsSync(join(root, 'out/main.mjs.map'))).toBe(true);
  });
});

describe('the source map of a source', () => {
  const original = `interface Unused {\n  a: string;\n}\n\n${program(true)}`;
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true };
  /** `ts/main.ts` compiled to `lib/main.js`. */
  function compiled(more: ts.CompilerOptions): { code: string; map: string } {
    const { outputText, sourceMapText = '' } = ts.transpileModule(original, {
      compilerOptions: { ...options, ...more },
      fileName: 'main.ts',
    });
    return { code: outputText, map: sourceMapText };
  }
  const files = { 'package.json': '{ "type": "module" }', 'ts/main.ts': original };
  const inTs = (map: string) => map.replace('"sources":["main.ts"]', '"sources":["../ts/main.ts"]');

  it('leads on to the original: a file beside the source', async () => {
    const { code, map } = compiled({ sourceMap: true });
    const root = workspace.project({ ...files, 'lib/main.js': code, 'lib/main.js.map': inTs(map) });
    await build(root, 'lib/main.js');
    checkMap(join(root, 'out/main.js'), join(root, 'ts/main.ts'));
    expect(runNode(root, 'out/main.js').stdout).toBe('timed-out,timed-out true\n');
  });

  it('leads on to the original: a file elsewhere, with a root of its sources', async () => {
    const { code, map } = compiled({ sourceMap: true });
    const rooted = map.replace('"sourceRoot":""', '"sourceRoot":"../../ts/"');
    expect(rooted).not.toBe(map);
    const moved = code.replace('sourceMappingURL=main.js.map', 'sourceMappingURL=maps/main%20js.map');
    const root = workspace.project({ ...files, 'lib/main.js': moved, 'lib/maps/main js.map': rooted });
    await build(root, 'lib/main.js');
    checkMap(join(root, 'out/main.js'), join(root, 'ts/main.ts'));
  });

  it('leads on to the original: within the source, in base64 and percent-encoded', async () => {
    const { code, map } = compiled({ sourceMap: true });
    const head = code.slice(0, code.indexOf('//# sourceMappingURL'));
    const json = inTs(map);
    const urls = [
      `data:application/json;charset=utf-8;base64,${Buffer.from(json).toString('base64')}`,
      `data:application/json,${encodeURIComponent(json)}`,
    ];
    for (const url of urls) {
      const root = workspace.project({ ...files, 'lib/main.js': `${head}//# sourceMappingURL=${url}\n` });
      await build(root, 'lib/main.js');
      checkMap(join(root, 'out/main.js'), join(root, 'ts/main.ts'));
    }
  });

  it('is not taken from a string', async () => {
    const text = `const text = '//# sourceMappingURL=missing.map';\n${program(false).replace('main();', 'main(text);')}`;
    const root = workspace.project({ 'lib/main.mjs': text });
    await build(root, 'lib/main.mjs');
    expect(read(root, 'out/main.mjs')).toContain(`'//# sourceMappingURL=missing.map'`);
  });

  it('is left out with a warning if it cannot be read', async () => {
    const root = workspace.project({ 'main.mjs': `${program(false)}//# sourceMappingURL=gone.map\n` });
    const { status, stderr } = await unblock(root, 'build', 'main.mjs', '--out-dir', 'out');
    expect(status).toBe(0);
    expect(stderr).toMatch(/^unblock: warning: .*main\.mjs: its source map .*gone\.map cannot be read: .*\n$/);
    checkMap(join(root, 'out/main.mjs'), join(root, 'main.mjs'));
  });

  it('is missed by one warning for each package, and for each file of the project', async () => {
    const without = (name: string) => `exports.name = '${name}';\n//# sourceMappingURL=${name}.map\n`;
    const root = workspace.project({
      ...{ 'a.js': without('a'), 'b.js': without('b') },
      ...{ 'node_modules/one/a.js': without('a'), 'node_modules/one/lib/b.js': without('b') },
      ...{ 'node_modules/one/c.js': without('c'), 'node_modules/two/a.js': without('a') },
    });
    const { status, stderr } = await unblock(
      root,
      'build',
      '*.js',
      'node_modules/{one,two}/**/*.js',
      '--out-dir',
      'out',
    );
    expect(status).toBe(0);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.filter((line) => line.endsWith('The same goes for 2 other files of the package.'))).toEqual([
      expect.stringContaining(join('node_modules', 'one')),
    ]);
  });
});

describe('output files', () => {
  it('without blocking calls are the sources byte for byte, their maps moved along', async () => {
    const bytes = Buffer.from('\ufeffexport const a = "é";\r\n//# sourceMappingURL=a.mjs.map');
    const map = { version: 3, file: 'a.mjs', sources: ['../ts/a.ts'], names: [], mappings: 'AAAA' };
    const root = workspace.project({ 'lib/a.mjs': '', 'lib/a.mjs.map': JSON.stringify(map), 'ts/a.ts': '' });
    writeFileSync(join(root, 'lib/a.mjs'), bytes);
    await build(root, 'lib');
    expect(readFileSync(join(root, 'out/a.mjs'))).toEqual(bytes);
    expect(JSON.parse(read(root, 'out/a.mjs.map'))).toEqual(map);
    await build(root, 'lib/a.mjs', '--root-dir', '.');
    expect(JSON.parse(read(root, 'out/lib/a.mjs.map'))).toEqual({ ...map, sources: ['../../ts/a.ts'] });
  });

  it('keep interpreter line and permissions', async () => {
    const root = workspace.project({ 'bin.mjs': `#!/usr/bin/env node\n${program(false)}` });
    chmodSync(join(root, 'bin.mjs'), 0o755);
    await build(root, 'bin.mjs');
    expect(read(root, 'out/bin.mjs').startsWith('#!/usr/bin/env node\n')).toBe(true);
    expect(statSync(join(root, 'out/bin.mjs')).mode & 0o777).toBe(0o755);
  });

  it('may be scripts without an extension, where these are named', async () => {
    const app = `const { readFileSync } = require('node:fs');\nexports.f = () => readFileSync('a');\n`;
    const root = workspace.project({ 'app.js': app, 'bin/www': `#!/usr/bin/env node\n${app}require('../app');\n` });
    await build(root, '.');
    expect(existsSync(join(root, 'out/bin'))).toBe(false);
    await build(root, '.', 'bin/www');
    expect(read(root, 'out/bin/www')).toMatch(/^#!\/usr\/bin\/env node\n.*\$link/s);
  });

  it('of an earlier run are no sources', async () => {
    const root = workspace.project({ 'main.mjs': program(false), 'lib/a.mjs': 'export {};\n' });
    await build(root, '**/*.mjs');
    const first = read(root, 'out/main.mjs');
    await build(root, '**/*.mjs');
    expect(existsSync(join(root, 'out/out'))).toBe(false);
    expect(read(root, 'out/main.mjs')).toBe(first);
  });

  it('need no runtime where nothing blocks', async () => {
    const root = workspace.project({ 'a.mjs': 'export {};\n', 'unblock.config.json': '{ "runtime": "missing" }' });
    await build(root, 'a.mjs');
  });
});

describe('packages in node_modules', () => {
  const load = `const { readFileSync } = require('fs');\nexports.load = (name) => readFileSync(name, 'utf8') + require('inner').version;\n`;
  const files = {
    'src/app.js': `const { load } = require('@scope/outer');\nPromise.resolve().then(() => console.log(load(__filename).length > 0, require.resolve('@scope/outer')));\n`,
    'package.json': '{}',
    'node_modules/@scope/outer/package.json': '{ "main": "lib/main.js" }',
    'node_modules/@scope/outer/lib/main.js': load,
    'node_modules/@scope/outer/lib/data.json': '{}',
    'node_modules/@scope/outer/node_modules/inner/index.js': 'exports.version = 2;\n',
    'node_modules/inner/index.js': 'exports.version = 1;\n',
    'node_modules/other/index.js': 'exports.version = 1;\n',
  };

  it('are found in the output, with all their files', async () => {
    const root = workspace.project(files);
    await build(root, 'src', 'node_modules/@scope/outer/lib');
    expect(runNode(root, 'out/src/app.js').stdout).toBe(
      `true ${join(root, 'out/node_modules/@scope/outer/lib/main.js')}\n`,
    );
    expect(read(root, 'out/node_modules/@scope/outer/lib/main.js')).toContain('@unblock/runtime');
    expect(read(root, 'out/node_modules/@scope/outer/node_modules/inner/index.js')).toBe('exports.version = 2;\n');
    expect(existsSync(join(root, 'out/node_modules/@scope/outer/lib/data.json'))).toBe(true);
    expect(existsSync(join(root, 'out/node_modules/other'))).toBe(false);
  });

  it('are those that other packages find, too: there is one of each', async () => {
    const root = workspace.project({
      'src/app.js': `const { isShape, all } = require('shapes');
const shape = require('through').make('a');
console.log(isShape(shape), all.size, shape.load(), typeof require('apart'), require(['late'][0]).all === all);\n`,
      'package.json': '{ "dependencies": { "late": "1" }, "devDependencies": { "unused": "1" } }',
      'node_modules/shapes/index.js': `const fs = require('fs');
exports.all = new Map();
exports.Shape = class { load() { return fs.readFileSync(__filename).length > 0; } };
exports.isShape = (x) => x instanceof exports.Shape;\n`,
      'node_modules/maker/index.js': `const { Shape, all } = require('shapes');
exports.make = (name) => { const shape = new Shape(); all.set(name, shape); return shape; };\n`,
      'node_modules/maker/package.json': '{ "peerDependencies": { "shapes": "1" } }',
      'node_modules/through/index.js': "module.exports = require('maker');\n",
      'node_modules/through/package.json': '{ "dependencies": { "maker": "1", "apart": "1" } }',
      'node_modules/late/index.js': "exports.all = require('shapes').all;\n",
      'node_modules/late/package.json': '{ "dependencies": { "shapes": "1", "late": "1" } }',
      'node_modules/apart/index.js': '',
      'node_modules/unused/package.json': '{ "dependencies": { "shapes": "1" } }',
    });
    await build(root, 'src', 'node_modules/shapes');
    expect(runNode(root, 'out/src/app.js').stdout).toBe('true 1 true object true\n');
    expect(read(root, 'out/node_modules/maker/index.js')).toBe(read(root, 'node_modules/maker/index.js'));
    for (const name of ['apart', 'unused']) expect(existsSync(join(root, 'out/node_modules', name))).toBe(false);
  });

  it('may have files that are no programs: these stay as they are, with a warning', async () => {
    const broken = 'module.exports = {{ name }};\n';
    const root = workspace.project({ ...files, 'node_modules/@scope/outer/template.js': broken });
    const built = await unblock(root, 'build', 'src', 'node_modules/@scope/outer/**/*.js', '--out-dir', 'out');
    expect(built.stderr).toMatch(
      /^unblock: warning: \S*template\.js:1:19: .*\. The file stays as it is, and what blocks in it is not known\.\n$/,
    );
    expect(read(root, 'out/node_modules/@scope/outer/template.js')).toBe(broken);
    expect(runNode(root, 'out/src/app.js').stdout).toMatch(/^true/);
    expect((await unblock(root, 'check', 'node_modules/@scope/outer')).stderr).toContain('template.js:1:19');
    const explained = await unblock(root, 'explain', 'node_modules/@scope/outer/template.js:1');
    expect([explained.status, explained.stderr]).toEqual([2, expect.stringContaining('template.js:1:19')]);
  });

  it('may be compiled by themselves, and are waited for where the option packages names them', async () => {
    const app = (name: string) => `
const { pause } = require('${name}');
let ticks = 0;
setImmediate(() => {
  const timer = setInterval(() => ticks++, 1);
  pause();
  clearInterval(timer);
  console.log(ticks > 0);
});
`;
    const lib = `exports.pause = () => { ${WAIT}; };\n`;
    const root = workspace.project({
      'package.json': '{}',
      'unblock.config.json': '{ "packages": ["@scope/slow", "fs-extra"] }',
      'src/named.js': app('@scope/slow'),
      'src/namedLikeFs.js': app('fs-extra'),
      'src/unnamed.js': app('slow'),
      'node_modules/@scope/slow/index.js': lib,
      'node_modules/slow/index.js': lib,
      'node_modules/fs-extra/index.js': lib,
    });
    const packages = ['@scope/slow', 'slow', 'fs-extra'].map((name) => `node_modules/${name}`);
    await build(root, ...packages, '--root-dir', '.');
    await build(root, 'src', '--root-dir', '.', '--whole-program');
    for (const name of ['named.js', 'namedLikeFs.js']) {
      expect(runNode(root, `out/src/${name}`)).toEqual({ status: 0, stdout: 'true\n', stderr: '' });
    }
    expect(runNode(root, 'out/src/unnamed.js')).toEqual({ status: 0, stdout: 'false\n', stderr: '' });
  });
});
