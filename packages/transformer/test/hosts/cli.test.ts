import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { spawnUnblock, unblock, Workspace } from './cliProjects.js';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const esm = (code: string) => `import fs from 'node:fs';\nimport http from 'node:http';\n${code}`;
const cjs = (code: string) => `const fs = require('node:fs');\nconst http = require('node:http');\n${code}`;
const getter =
  "const box = { get text() { return fs.readFileSync('a'); } };\nhttp.createServer(() => JSON.stringify(box));\n";
const patched = "http.createServer((request, response) => {\n  response.end(fs.readFileSync('a'));\n});\n";
const tsconfig = (more: object = {}, options: object = {}) =>
  JSON.stringify({ compilerOptions: { module: 'NodeNext', strict: true, ...options }, include: ['src'], ...more });
const typed = esm(getter).replace('get text()', 'get text(): Buffer');

describe('unblock check', () => {
  const where: Readonly<Record<string, { files: Record<string, string>; args: string[]; file: string }>> = {
    'a TypeScript project': {
      files: { 'tsconfig.json': tsconfig(), 'src/main.ts': typed, 'src/other.ts': 'export const a = 1;\n' },
      args: [],
      file: 'src/main.ts',
    },
    'JavaScript, ES modules': {
      files: { 'main.mjs': esm(getter) },
      args: ['main.mjs', '--whole-program'],
      file: 'main.mjs',
    },
    'JavaScript, CommonJS': {
      files: { 'lib/main.js': cjs(getter) },
      args: ['lib', '--whole-program'],
      file: 'lib/main.js',
    },
  };
  for (const [name, { files, args, file }] of Object.entries(where)) {
    it(`reports on ${name}, as text and as JSON`, async () => {
      const root = workspace.project(files, ['typescript']);
      const { status, stdout, stderr } = await unblock(root, 'check', ...args);
      expect(stderr).toBe('');
      expect(stdout).toContain(`\n${join(root, file)}\n  3:`);
      expect(stdout).toMatch(
        /3:\d+ {2}error {2}fs\.readFileSync is reached from a getter.*Chain: .* {2}unblock\/getter\n/,
      );
      expect(stdout).toMatch(
        /✖ 1 problem \(1 error, 0 warnings\)\n\n1 blocking call: 0 patched, 0 partly, 1 blocking \(getter 1\)\n$/,
      );
      expect(status).toBe(1);

      const json = await unblock(root, 'check', ...args, '--format', 'json');
      const results = JSON.parse(json.stdout) as { filePath: string; messages: { ruleId: string; line: number }[] }[];
      expect(json.status).toBe(1);
      expect(results.find(({ filePath }) => filePath === join(root, file))?.messages).toMatchObject([
        { ruleId: 'unblock/getter', severity: 2, line: 3 },
      ]);
    });
  }

  it('exits with 0 without problems, and with 1 on more warnings than allowed', async () => {
    const never = "function never() { fs.statSync('a'); }\nfunction ever() { fs.statSync('b'); }\n";
    const root = workspace.project({ 'clean.mjs': esm(patched), 'warned.mjs': esm(never) });
    const clean = await unblock(root, 'check', 'clean.mjs', '--max-warnings', '0');
    expect(clean).toEqual({ status: 0, stderr: '', stdout: '1 blocking call: 1 patched, 0 partly, 0 blocking\n' });
    expect((await unblock(root, 'check', 'warned.mjs', '--whole-program')).status).toBe(0);
    expect((await unblock(root, 'check', 'warned.mjs', '--whole-program', '--max-warnings', '2')).status).toBe(0);
    const { status, stderr } = await unblock(root, 'check', 'warned.mjs', '--whole-program', '--max-warnings', '1');
    expect([status, stderr]).toEqual([1, 'unblock: too many warnings: 2, and --max-warnings is 1.\n']);
  });

  it('reads disable comments and severities', async () => {
    const disabled = esm(getter).replace('const box', '// unblock-disable-next-line getter -- read once\nconst box');
    const root = workspace.project({ 'a.mjs': disabled, 'b/a.mjs': esm(getter) });
    writeFileSync(join(root, 'b/unblock.config.json'), '{ "rules": { "getter": "warn" } }');
    expect((await unblock(root, 'check', 'a.mjs')).status).toBe(0);
    const { status, stdout } = await unblock(join(root, 'b'), 'check', 'a.mjs');
    expect([status, stdout]).toEqual([0, expect.stringContaining('(0 errors, 1 warning)')]);
  });

  it('takes a list of files for the whole program only if told so', async () => {
    const root = workspace.project({ 'a.mjs': esm("export function read() { return fs.readFileSync('a'); }\n") });
    expect((await unblock(root, 'check', 'a.mjs')).stdout).toBe('1 blocking call: 1 patched, 0 partly, 0 blocking\n');
    expect((await unblock(root, 'check', 'a.mjs', '--whole-program')).stdout).toContain('unblock/unreached');
  });

  it("takes the kind of a .js file from the nearest package.json's type, and from its syntax", async () => {
    const root = workspace.project({
      'module/package.json': '{ "type": "module" }',
      'module/src/a.js': 'await null;\n',
      'module/inner/package.json': '{ "type": "commonjs" }',
      'module/inner/a.js': 'with ({}) { x; }\n',
      'none/looks.js': 'const text = `\nexport const a = 1;\n`;\n/*\nimport a\n*/\nwith ({}) { text; }\n',
      'none/is.js': 'export const a = 1;\nawait null;\n',
    });
    const { status, stderr } = await unblock(root, 'check', '.');
    expect([status, stderr]).toEqual([0, '']);
    expect((await unblock(root, 'check', 'module/inner/a.js')).status).toBe(0);
    writeFileSync(join(root, 'module/inner/package.json'), '{ "type": "module" }');
    expect((await unblock(root, 'check', 'module/inner/a.js')).status).toBe(2);
  });

  it('reads names that look like globs, directories and globs', async () => {
    const text = esm(patched);
    const root = workspace.project({
      '[id].mjs': text,
      'i.mjs': text,
      'lib/a.mjs': text,
      'lib/a.d.mts': 'x',
      'node_modules/m/a.mjs': text,
    });
    const calls = async (...patterns: string[]) => (await unblock(root, 'check', ...patterns)).stdout.split(' ')[0];
    expect(await calls('[id].mjs')).toBe('1');
    expect(await calls('lib')).toBe('1');
    expect(await calls('**/*.mjs')).toBe('3');
    expect(await calls('lib', 'lib/a.mjs', '[id].mjs')).toBe('2');
    expect(await calls('node_modules/m/a.mjs')).toBe('1');
    expect(await calls('node_modules/m')).toBe('1');
    expect(await calls('node_modules/*/*.mjs')).toBe('1');
    expect(await calls('**/*.mjs', '!lib/**')).toBe('2');
    expect(await calls('!lib', '!i.mjs', '**/*.mjs')).toBe('1');
    expect(await calls('**/*.mjs', '!nowhere/**')).toBe('3');
    // Longer than names are.
    const others = Array.from({ length: 60 }, (_, i) => `package${i}`);
    expect(await calls(`node_modules/{${others.join()},m}/*.mjs`)).toBe('1');
  });
});

describe('unblock explain', () => {
  const store = "import fs from 'node:fs';\nexport function read(name) {\n  return fs.readFileSync(name);\n}\n";
  const app =
    "import http from 'node:http';\nimport { read } from './store.js';\nhttp.createServer((request, response) => {\n  response.end(read(request.url));\n});\n";

  it('shows the chain from the entry point and what a patched call became, without a tsconfig', async () => {
    const root = workspace.project({ 'store.js': store, 'app.js': app });
    const { status, stdout, stderr } = await unblock(root, 'explain', 'store.js:3', 'app.js', '--whole-program');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').slice(0, 6)).toEqual([
      'store.js:3:10  fs.readFileSync: patched',
      '  suspends when reached by',
      '    (anonymous) (http createServer)  app.js:3:19',
      '      read  store.js:2:8',
      '        fs.readFileSync  store.js:3:10',
      '  it became',
    ]);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^ {4}.*return .*readFileSync.*await \$\.p/);
  });

  it('takes the file alone if nothing else is named', async () => {
    const root = workspace.project({ 'store.js': store });
    expect((await unblock(root, 'explain', 'store.js:3')).stdout).toContain('    read (export)  store.js:2:8\n');
  });

  it('shows why a call blocks', async () => {
    const root = workspace.project({ 'tsconfig.json': tsconfig(), 'src/main.ts': typed }, ['typescript']);
    const { status, stdout } = await unblock(root, 'explain', 'src/main.ts:3');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^src\/main\.ts:3:\d+ {2}fs\.readFileSync: blocking\n {2}blocks: .*getter.*\(unblock\/getter\)\n/,
    );
    expect(stdout).toMatch(/\n {6}text {2}src\/main\.ts:3:\d+\n {8}fs\.readFileSync {2}src\/main\.ts:3:\d+\n$/);
  });

  it('shows what a call became that leads to a blocking call', async () => {
    const root = workspace.project({ 'store.js': store, 'app.js': app });
    const { stdout } = await unblock(root, 'explain', 'app.js:4', 'store.js', '--whole-program');
    expect(stdout).toMatch(
      /^app\.js:4:16 {2}may suspend.*\n {2}it became\n.*read.*\n {2}blocking calls.*\n {4}store\.js:3:10 {2}fs\.readFileSync: patched\n$/,
    );
    expect((await unblock(root, 'explain', 'app.js:1', 'store.js')).stdout).toBe(
      'app.js:1: no blocking call, and none that is seen to lead to one.\n',
    );
  });

  it('shows why a call stays that leads to a blocking call', async () => {
    const root = workspace.project({
      'store.js': store,
      'app.js': `${app}const text = read('a');\nclass Page {\n  toString() {\n    return read('b') + this.name;\n  }\n}\n`,
    });
    const explain = async (line: number) =>
      (await unblock(root, 'explain', `app.js:${line}`, 'store.js', '--whole-program')).stdout;
    const below = '  blocking calls that the function around it leads to\n    store.js:3:10  fs.readFileSync: partly\n';
    expect(await explain(6)).toBe(
      'app.js:6:14  stays as it is, and blocks as far as what it calls does\n' +
        '  blocks: What it calls runs while the module is initialised, which stays synchronous. (unblock/initialisation)\n' +
        `    module initialisation  app.js:1:1\n${below}`,
    );
    expect(await explain(9)).toBe(
      'app.js:9:12  stays as it is, and blocks as far as what it calls does\n' +
        '  blocks: What it calls is reached from a method that the language itself calls. (unblock/coercion)\n' +
        `    Page#toString  app.js:8:3\n${below}`,
    );
  });

  it('picks the call by column', async () => {
    const two = esm("http.createServer(() => { fs.statSync('a'); fs.rmSync('b'); });\n");
    const root = workspace.project({ 'a.mjs': two });
    const line = two.split('\n')[2] as string;
    const at = async (what: string) =>
      (await unblock(root, 'explain', `a.mjs:3:${line.indexOf(what) + 1}`)).stdout.split('\n')[0];
    expect(await at('fs.rmSync')).toMatch(/fs\.rmSync: patched$/);
    expect(await at("'a'")).toMatch(/fs\.statSync: patched$/);
    expect((await unblock(root, 'explain', 'a.mjs:3')).stdout).toMatch(/statSync: [\s\S]*rmSync: /);
  });
});

describe('imports between the files given', () => {
  it('are followed into packages of the workspace, by #imports and by missing extensions', async () => {
    const root = workspace.project({
      'packages/store/package.json':
        '{ "name": "store", "type": "module", "exports": { "./read": "./src/index.js" }, "imports": { "#inner": "./src/inner/index.js" } }',
      'packages/store/src/index.js': "export { read } from '#inner';\n",
      'packages/store/src/inner/index.js': "export * from './file';\n",
      'packages/store/src/inner/file.js':
        "import fs from 'node:fs';\nexport const read = () => fs.readFileSync('a');\n",
      'packages/app/main.mjs':
        "import http from 'node:http';\nimport { read } from 'store/read';\nhttp.createServer(() => read());\n",
    });
    mkdirSync(join(root, 'packages/app/node_modules'));
    symlinkSync(join(root, 'packages/store'), join(root, 'packages/app/node_modules/store'));
    const { stdout } = await unblock(
      root,
      'explain',
      'packages/store/src/inner/file.js:2',
      'packages',
      '--whole-program',
    );
    expect(stdout).toContain('(http createServer)  packages/app/main.mjs:3:19');
  });
});

describe('a TypeScript without a compiler API', () => {
  const files = {
    'tsconfig.base.json':
      '{ "compilerOptions": { "module": "NodeNext", "strict": true, "paths": { "@lib/*": ["./lib/*"] } } }',
    'tsconfig.json':
      '{ // As tsc reads it.\n "extends": "./tsconfig.base.json", "include": ["src/**/*"], "exclude": ["src/left"], }',
    'src/main.ts':
      "import { text } from '@lib/box.js';\nimport http from 'node:http';\nhttp.createServer(() => text());\n",
    'src/types.d.ts': 'declare const x: 1;',
    'src/left/out.ts': 'syntax error',
    'src/plain.js': 'syntax error',
    'lib/box.ts': "import fs from 'node:fs';\nexport const text = (): Buffer => fs.readFileSync('a');\n",
  };
  it('gives the same results: TypeScript 7, and none', async () => {
    const roots = {
      six: workspace.project(files, ['runtime', 'typescript']),
      seven: workspace.project(files, ['runtime', 'typescript-7']),
      none: workspace.project(files),
    };
    const run = async (root: string) => [
      await unblock(root, 'check', '-p', '.'),
      await unblock(root, 'explain', 'lib/box.ts:2'),
      await unblock(root, 'build', '-p', 'tsconfig.json', '--out-dir', 'out'),
      readdirSync(join(root, 'out'), { recursive: true }).sort(),
      readFileSync(join(root, 'out/src/main.ts'), 'utf8'),
      readFileSync(join(root, 'out/lib/box.ts.map'), 'utf8'),
    ];
    const expected = await run(roots.six);
    expect(expected[0]).toMatchObject({ status: 0, stdout: '1 blocking call: 1 patched, 0 partly, 0 blocking\n' });
    expect(expected[3]).toEqual(['lib', 'lib/box.ts', 'lib/box.ts.map', 'src', 'src/main.ts', 'src/main.ts.map']);
    expect(await run(roots.seven)).toEqual(expected);
    // As a process: here TypeScript may be found by NODE_PATH.
    expect(spawnUnblock(roots.none, {}, 'check', '-p', '.')).toEqual(expected[0]);
  });
});

describe('a tsconfig with references', () => {
  it('is not taken for the whole program, with and without the API of a compiler', async () => {
    const main = "import fs from 'node:fs';\nexport const read = (): Buffer => fs.readFileSync('a');\n";
    const files = {
      'tsconfig.json': tsconfig({ references: [{ path: 'lib' }] }),
      'src/main.ts': main,
      'lib/tsconfig.json': '{ "compilerOptions": { "composite": true } }',
      'lib/a.ts': 'export {};\n',
    };
    const whole = { 'tsconfig.json': tsconfig(), 'src/main.ts': main };
    const seven = { 'node_modules/typescript/index.js': "exports.version = '7.0.2';" };
    for (const project of [
      (given: Record<string, string>) => workspace.project(given, ['typescript']),
      (given: Record<string, string>) => workspace.project({ ...given, ...seven }),
    ]) {
      expect((await unblock(project(files), 'check')).stdout).toBe(
        '1 blocking call: 1 patched, 0 partly, 0 blocking\n',
      );
      expect((await unblock(project(whole), 'check')).stdout).toContain('unblock/unreached');
    }
  });
});

describe('the program', () => {
  it('exits with 0, 1 or 2, and prints to standard output and standard error', () => {
    const root = workspace.project({ 'a.mjs': esm(patched), 'b.mjs': esm(getter) });
    const summary = '1 blocking call: 1 patched, 0 partly, 0 blocking\n';
    expect(spawnUnblock(root, {}, 'check', 'a.mjs')).toEqual({ status: 0, stdout: summary, stderr: '' });
    expect(spawnUnblock(root, {}, 'check', 'b.mjs')).toMatchObject({ status: 1, stderr: '' });
    expect(spawnUnblock(root, {}, 'check', 'c.mjs')).toEqual({
      status: 2,
      stdout: '',
      stderr: `unblock: c.mjs: no source file in ${root} matches. Name JavaScript or TypeScript files.\n`,
    });
    expect(spawnUnblock(root, {}, '--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('names a runtime that is not installed', () => {
    const root = workspace.project({ 'a.mjs': esm(patched) }, []);
    const { status, stdout, stderr } = spawnUnblock(root, {}, 'build', 'a.mjs', '--out-dir', 'out');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^unblock: .*: @unblock\/runtime\/compiled, which .* Install @unblock\/runtime, .*\.\n$/);
    expect(existsSync(join(root, 'out'))).toBe(false);
  });

  it('prints the stack of a defect if DEBUG says so', () => {
    const parser = JSON.stringify(createRequire(import.meta.url).resolve('@babel/parser'));
    const broken = `require(${parser}).parse = () => { throw new RangeError('a defect'); };`;
    const root = workspace.project({ 'a.mjs': '1;', 'broken.cjs': broken });
    const NODE_OPTIONS = `--require=${JSON.stringify(join(root, 'broken.cjs'))}`;
    const lines = (env: NodeJS.ProcessEnv) =>
      spawnUnblock(root, { NODE_OPTIONS, ...env }, 'check', 'a.mjs')
        .stderr.trim()
        .split('\n');
    const [message, ...more] = lines({});
    expect([message, more]).toEqual([expect.stringMatching(/^unblock: .*a defect/), []]);
    expect(lines({ DEBUG: 'unblock' }).slice(0, 3)).toEqual([
      message,
      'RangeError: a defect',
      expect.stringMatching(/^ {4}at /),
    ]);
  });
});
