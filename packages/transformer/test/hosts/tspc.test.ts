/** `tspc` itself: one run, incremental builds, project references, watch mode. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { NODE_DECLARATIONS, workspace, write } from './tsCompile.js';

const require = createRequire(import.meta.url);
const TSPC = require.resolve('ts-patch/bin/tspc.js');
const VERSIONS = [
  ['5.9', dirname(require.resolve('typescript-5.9/package.json'))],
  ['6.0', dirname(require.resolve('typescript/package.json'))],
] as const;
const PLUGIN = { transform: '@unblock/transformer/tspc', transformProgram: true };
const RUNTIME = '@unblock/runtime/compiled';

const QUIET =
  'export class Pages { constructor(readonly dir: string) {} read(name: string, _mode?: string): string { return this.dir + name; } }\n';
const BLOCKING = `import { readFileSync } from 'node:fs';
export class Pages {
  constructor(readonly dir: string) {}
  read(name: string, _mode?: string): string {
    return readFileSync(this.dir + '/' + name, 'utf8');
  }
}
`;
const MAIN = `import { Pages } from './pages.js';
export async function main(dir: string): Promise<string> {
  return new Pages(dir).read('tsconfig.json', 'LITERAL');
}
`;
/** Another transformer, of syntax trees. */
const LITERALS = `module.exports = (program, config, { ts }) => (context) => (file) => {
  const visit = (node) => ts.isStringLiteral(node) && node.text === 'LITERAL'
    ? ts.factory.createStringLiteral('replaced') : ts.visitEachChild(node, visit, context);
  return ts.visitNode(file, visit);
};
`;
/** Whether the loop turned while \`main\` read a file again and again. */
const TURNS = `let turned = false;
setTimeout(() => { turned = true; }, 0);
for (let i = 0; i < 50; i++) await main('.').catch((error) => console.log(error.stack));
console.log(turned);`;

/** Each test runs `tspc` several times, which takes its time on a machine that is busy. */
vi.setConfig({ testTimeout: 180_000 });

let directory: string;
const children = new Set<ChildProcess>();

beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'unblock-tspc-')));
  workspace(directory, require);
});
afterEach(() => {
  for (const child of children) child.kill();
  children.clear();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function tsconfig(options: object = {}, rest: object = {}): object {
  const compilerOptions = {
    ...{ target: 'ES2022', module: 'NodeNext', strict: true, rootDir: 'src', outDir: 'out', declaration: true },
    ...{ sourceMap: true, types: [], lib: ['ES2015'], skipLibCheck: true, plugins: [PLUGIN] },
  };
  return { compilerOptions: { ...compilerOptions, ...options }, include: ['src'], ...rest };
}

function project(name: string, files: Readonly<Record<string, string | object>>): string {
  const root = join(directory, name);
  write(root, { 'package.json': { type: 'module' }, 'src/node.d.ts': NODE_DECLARATIONS, ...files });
  return root;
}

describe.each(VERSIONS)('tspc with TypeScript %s', (version, typescript) => {
  const env = { ...process.env, TSP_COMPILER_TS_PATH: typescript };

  function tspc(root: string, ...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [TSPC, ...args], {
      cwd: root,
      encoding: 'utf8',
      env,
    });
    return { status, output: stdout + stderr };
  }

  /** Starts `tspc` in watch mode; the function returned waits until it has built once more, and gives what it printed. */
  function watching(root: string, ...args: string[]): () => Promise<string> {
    const child = spawn(process.execPath, [TSPC, ...args, '--watch', '--preserveWatchOutput'], { cwd: root, env });
    children.add(child);
    let output = '';
    let read = () => {};
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        read();
      });
    }
    return () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`tspc has not built: ${output}`)), 90_000);
        read = () => {
          if (!/Watching for file changes\./.test(output)) return;
          clearTimeout(timer);
          resolve(output);
          output = '';
        };
        read();
      });
  }

  it('emits code that does not block, with the stack of the calling code at its original lines', () => {
    const root = project(`run-${version}`, {
      'src/pages.ts': BLOCKING,
      'src/main.ts': MAIN,
      'tsconfig.json': tsconfig({ plugins: [PLUGIN, { transform: './literals.cjs' }] }),
      'literals.cjs': LITERALS,
    });
    expect(tspc(root, '-p', '.')).toEqual({ status: 0, output: '' });
    expect(emitted(root)).toMatch(/\$method.*"replaced"/);
    expect(node(root, TURNS)).toBe('true\n');
    const stack = node(root, `main('/missing').catch((error) => console.log(error.stack));`);
    expect(stack).toMatch(/^Error: ENOENT: no such file or directory, open '\/missing\/tsconfig.json'\n/);
    expect(stack).toMatch(/at async Pages\.read .*src\/pages\.ts:5:/);
    expect(stack).toMatch(/at async (Module\.)?main .*src\/main\.ts:3:/);
  });

  it('re-emits in incremental builds what another file, or an option, has changed', () => {
    const root = project(`incremental-${version}`, {
      'src/pages.ts': QUIET,
      'src/main.ts': MAIN,
      'tsconfig.json': tsconfig({ incremental: true, tsBuildInfoFile: 'out/info' }),
    });
    expect(tspc(root)).toEqual({ status: 0, output: '' });
    expect(emitted(root)).not.toContain(RUNTIME);
    write(root, { 'src/pages.ts': BLOCKING });
    expect(tspc(root)).toEqual({ status: 0, output: '' });
    expect(emitted(root)).toContain(RUNTIME);
    const written = statSync(join(root, 'out/main.js')).mtimeMs;
    expect(tspc(root)).toEqual({ status: 0, output: '' });
    expect(statSync(join(root, 'out/main.js')).mtimeMs).toBe(written);

    write(root, { 'unblock.config.json': { pach: {} }, 'src/added.ts': 'export const added = 1;\n' });
    const refused = `error TS770001: unblock: ${root}/unblock.config.json: unknown option: pach. Did you mean patch?\n`;
    for (let i = 0; i < 2; i++) expect(tspc(root)).toEqual({ status: 2, output: refused });
    expect(() => emitted(root, 'out/added.js')).toThrow('ENOENT');
    expect(() => emitted(root, 'out/added.d.ts')).toThrow('ENOENT');
    write(root, { 'unblock.config.json': { patch: { fs: false } } });
    expect(tspc(root)).toEqual({ status: 0, output: '' });
    expect(emitted(root)).not.toContain(RUNTIME);
    expect(emitted(root, 'out/added.js')).toContain('added = 1');
  });

  it.each<
    [string, string, Readonly<Record<string, string | object>>, Readonly<Record<string, string | object>>, RegExp]
  >([
    [
      'a syntax error',
      'syntax',
      { 'src/broken.ts': 'export const broken = ;\n' },
      { 'src/broken.ts': 'export const broken = 1;\n' },
      /^src\/broken\.ts\(1,23\): error TS1109: .*\n$/,
    ],
    [
      'a file outside rootDir',
      'outside',
      { 'other/far.ts': 'export const far = 1;\n', 'src/broken.ts': `export { far } from '../other/far.js';\n` },
      { 'src/broken.ts': 'export const far = 1;\n' },
      /error TS6059: .*other\/far\.ts' is not under 'rootDir'/,
    ],
    [
      'a missing runtime',
      'runtime',
      { 'unblock.config.json': { runtime: 'not-installed/compiled' }, 'src/broken.ts': 'export {};\n' },
      { 'unblock.config.json': {} },
      /^error TS770001: unblock: .*: not-installed\/compiled, which compiled code imports, cannot be found .*\n$/,
    ],
  ])('exits with 2 for %s, writes nothing, and writes all once it is corrected', (_, name, wrong, right, message) => {
    // A second run of an incremental build knows that the first one failed. One version has to do for builds that are not.
    const incremental = { options: { incremental: true, tsBuildInfoFile: 'info' }, runs: 2 };
    for (const { options, runs } of version === '6.0' ? [{ options: {}, runs: 1 }, incremental] : [incremental]) {
      const root = project(`${name}-${Object.keys(options).length}-${version}`, {
        'src/pages.ts': BLOCKING,
        'src/main.ts': MAIN,
        'tsconfig.json': tsconfig(options),
        ...wrong,
      });
      for (let i = 0; i < runs; i++) {
        const { status, output } = tspc(root);
        expect(output).toMatch(message);
        expect(status).toBe(2);
        expect(existsSync(join(root, 'out'))).toBe(false);
      }
      write(root, right);
      expect(tspc(root)).toEqual({ status: 0, output: '' });
      expect(emitted(root)).toContain(RUNTIME);
      for (const file of ['main.d.ts', 'pages.js', 'broken.js']) expect(emitted(root, `out/${file}`)).not.toBe('');
    }
  });

  it('refuses a file outside the list of files of a composite project', () => {
    const root = project(`unlisted-${version}`, {
      'src/pages.ts': BLOCKING,
      'src/main.ts': MAIN,
      'tsconfig.json': tsconfig({ composite: true }, { include: ['src/main.ts', 'src/node.d.ts'] }),
    });
    for (const args of [['-p', '.'], ['-b']]) {
      const { status, output } = tspc(root, ...args);
      expect(output).toMatch(/error TS6307: .*src\/pages\.ts' is not listed/);
      // Build mode exits with 1 where no project could be built; see docs/decisions/0012.
      expect(status).toBe(args[0] === '-b' ? 1 : 2);
      expect(existsSync(join(root, 'out'))).toBe(false);
    }
    write(root, { 'tsconfig.json': tsconfig({ composite: true }) });
    expect(tspc(root, '-b')).toEqual({ status: 0, output: '' });
    expect(emitted(root)).toContain(RUNTIME);
  });

  it('emits nothing on errors where noEmitOnError says so', () => {
    const root = project(`errors-${version}`, {
      'src/pages.ts': BLOCKING,
      'src/main.ts': `${MAIN}export const n: number = 'text';\n`,
      'tsconfig.json': tsconfig({ noEmitOnError: true }),
    });
    const { status, output } = tspc(root);
    expect(status).toBe(1);
    expect(output).toMatch(/^src\/main\.ts\(5,14\): error TS2322: .*\n$/);
    expect(() => emitted(root)).toThrow('ENOENT');
  });

  it('builds project references: calls of a referenced project never rest on its old colour', async () => {
    const options = { composite: true };
    const root = project(`references-${version}`, {
      'tsconfig.json': { files: [], references: [{ path: './lib' }, { path: './app' }] },
      'lib/package.json': {
        ...{ name: 'lib', type: 'module' },
        exports: { types: './out/pages.d.ts', default: './out/pages.js' },
      },
      'lib/tsconfig.json': tsconfig(options),
      'lib/src/node.d.ts': NODE_DECLARATIONS,
      'lib/src/pages.ts': QUIET,
      'app/package.json': { type: 'module' },
      'app/tsconfig.json': tsconfig(options, { references: [{ path: '../lib' }] }),
      'app/src/node.d.ts': NODE_DECLARATIONS,
      'app/src/main.ts': MAIN.replace('./pages.js', 'lib'),
    });
    write(root, { 'node_modules/.keep': '' });
    symlinkSync('../lib', join(root, 'node_modules/lib'));
    expect(tspc(root, '-b')).toEqual({ status: 0, output: '' });
    expect(node(join(root, 'app'), TURNS)).toBe('false\n');
    const app = emitted(root, 'app/out/main.js');

    write(root, { 'lib/src/pages.ts': BLOCKING });
    const { output } = tspc(root, '-b', '--verbose');
    expect(output).toContain(`Project 'app/tsconfig.json' is up to date with .d.ts files from its dependencies`);
    expect(emitted(root, 'app/out/main.js')).toBe(app);
    expect(node(join(root, 'app'), TURNS)).toBe('true\n');

    const built = watching(root, '-b');
    await built();
    // A build of several projects says that it watches a moment before it does.
    const writing = setInterval(() => write(root, { 'lib/src/pages.ts': QUIET }), 500);
    await built().finally(() => clearInterval(writing));
    expect(node(join(root, 'app'), TURNS)).toBe('false\n');
  });

  it('re-emits in watch mode what another file has changed, and goes on after mistakes', async () => {
    const root = project(`watch-${version}`, {
      'src/pages.ts': QUIET,
      'src/main.ts': MAIN,
      'tsconfig.json': tsconfig(),
    });
    const built = watching(root, '-p', '.');
    expect(await built()).toContain('Found 0 errors');
    expect(emitted(root)).not.toContain(RUNTIME);

    write(root, { 'src/pages.ts': BLOCKING });
    expect(await built()).toContain('Found 0 errors');
    expect(emitted(root)).toContain(RUNTIME);
    expect(node(root, TURNS)).toBe('true\n');

    write(root, { 'src/pages.ts': `${BLOCKING}export const broken = ;\n` });
    expect(await built()).toMatch(/pages\.ts\(8,23\): error TS1109.*Found 1 error/s);
    expect(emitted(root, 'out/pages.js')).not.toContain('broken');

    write(root, {
      'unblock.config.json': { patch: { fs: 'no' } },
      'src/pages.ts': `${BLOCKING}export const fine = 1;\n`,
    });
    expect(await built()).toMatch(/error TS770001: unblock: .*unblock\.config\.json: the option patch\.fs has to be/);

    write(root, { 'unblock.config.json': {}, 'src/pages.ts': `${BLOCKING}export const fine = 2;\n` });
    expect(await built()).toContain('Found 0 errors');
    expect(emitted(root, 'out/pages.js')).toContain('fine = 2');
    expect(emitted(root)).toContain(RUNTIME);

    write(root, { 'src/pages.ts': QUIET });
    expect(await built()).toContain('Found 0 errors');
    expect(emitted(root)).not.toContain(RUNTIME);
  });
});

function emitted(root: string, file = 'out/main.js'): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Runs code with `main` of the project. */
function node(root: string, code: string): string {
  const args = ['--enable-source-maps', '--input-type=module', '-e', `import { main } from './out/main.js';\n${code}`];
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
}
