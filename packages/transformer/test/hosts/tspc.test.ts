import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));
const packages = resolve(here, '../../..');
const require = createRequire(import.meta.url);
const tspc = require.resolve('ts-patch/bin/tspc.js');

const SOURCES: Readonly<Record<string, string>> = {
  'pages.ts': `import fs from 'node:fs';
export interface Page { readonly name: string; readonly size: number }
export abstract class Store {
  constructor(protected readonly dir: string) {}
  read(name: string): string {
    return fs.readFileSync(\`\${this.dir}/\${name}\`, 'utf8');
  }
}
export class Pages extends Store {
  list(): Page[] {
    return fs.readdirSync(this.dir).map((name) => ({ name, size: fs.statSync(\`\${this.dir}/\${name}\`).size }));
  }
  first(): string | undefined {
    const [page] = this.list();
    return page && super.read(page.name);
  }
}
`,
  'plain.ts': `export const add = (a: number, b: number): number => a + b;\n`,
  'main.ts': `import { add } from './plain.js';
import { Pages } from './pages.js';
export async function main(dir: string): Promise<string> {
  const pages = new Pages(dir);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  clearInterval(timer);
  return JSON.stringify([pages.list().length, pages.first(), add(1, 2), ticks > 0]);
}
export async function fails(): Promise<string> {
  return new Pages('/missing').read('x');
}
`,
};

let dir: string;

function project(name: string, options: object, plugins: boolean): string {
  const root = join(dir, name);
  mkdirSync(join(root, 'src'), { recursive: true });
  for (const [file, text] of Object.entries(SOURCES)) writeFileSync(join(root, 'src', file), text);
  const plugin = { transform: '@unblock/transformer/tspc', transformProgram: true };
  const compilerOptions = {
    ...{
      target: 'ES2022',
      module: 'NodeNext',
      strict: true,
      rootDir: 'src',
      outDir: 'out',
      sourceMap: true,
      declaration: true,
    },
    ...{ skipLibCheck: true, types: ['node'] },
    ...options,
    ...(plugins && { plugins: [plugin] }),
  };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  return root;
}

function compile(root: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tspc, '-p', '.', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

function run(root: string, code: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
}

beforeAll(() => {
  dir = realpathSync(mkdtempSync(join(here, '.tmp-')));
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(dir, 'node_modules/@unblock'), { recursive: true });
  for (const name of ['runtime', 'transformer'])
    symlinkSync(join(packages, name), join(dir, 'node_modules/@unblock', name));
  mkdirSync(join(dir, 'node_modules/@types'));
  for (const name of ['typescript', '@types/node']) {
    symlinkSync(dirname(require.resolve(`${name}/package.json`)), join(dir, 'node_modules', name));
  }
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('tspc', () => {
  it('emits code that does not block, declarations as tsc does, and untouched files byte for byte', () => {
    const compiled = project('compiled', {}, true);
    const plain = project('plain', {}, false);
    expect(compile(compiled)).toEqual({ status: 0, output: '' });
    expect(compile(plain)).toEqual({ status: 0, output: '' });
    for (const file of readdirSync(join(plain, 'out'))) {
      if (!file.endsWith('.d.ts') && !file.startsWith('plain.')) continue;
      expect(readFileSync(join(compiled, 'out', file), 'utf8'), file).toBe(
        readFileSync(join(plain, 'out', file), 'utf8'),
      );
    }
    const call = `import { main } from './out/main.js'; console.log(await main('src'))`;
    const [length, text, sum, ticked] = JSON.parse(run(compiled, call)) as unknown[];
    expect([length, text, sum]).toEqual([3, SOURCES['main.ts'], 3]);
    expect(ticked).toBe(true);
    expect(JSON.parse(run(plain, call))).toEqual([3, SOURCES['main.ts'], 3, false]);
  });

  it('reports the same diagnostics as tsc, and honours noEmitOnError', () => {
    const outputs = [true, false].map((plugins) => {
      const root = project(`wrong-${plugins}`, { noEmitOnError: true }, plugins);
      writeFileSync(join(root, 'src/wrong.ts'), 'export const n: number = "text";\n');
      const result = compile(root);
      expect(() => readdirSync(join(root, 'out'))).toThrow('ENOENT');
      return result;
    });
    expect(outputs[0]).toEqual(outputs[1]);
    expect(outputs[0]?.output).toContain('TS2322');
  });

  it('re-emits a caller whose colour changed because of another file, in incremental builds', () => {
    const root = project('incremental', { incremental: true }, true);
    const quiet =
      'export class Pages { constructor(readonly dir: string) {} read(name: string) { return this.dir + name; } }';
    writeFileSync(join(root, 'src/pages.ts'), quiet);
    writeFileSync(
      join(root, 'src/main.ts'),
      `import { Pages } from './pages.js';\nexport async function main(dir: string) { return new Pages(dir).read('x'); }\n`,
    );
    expect(compile(root)).toEqual({ status: 0, output: '' });
    expect(readFileSync(join(root, 'out/main.js'), 'utf8')).not.toContain('@unblock/runtime');
    writeFileSync(join(root, 'src/pages.ts'), SOURCES['pages.ts'] ?? '');
    expect(compile(root)).toEqual({ status: 0, output: '' });
    expect(readFileSync(join(root, 'out/main.js'), 'utf8')).toContain('@unblock/runtime');
  });

  it.each([{}, { sourceMap: false, inlineSourceMap: true, inlineSources: true }])(
    'writes source maps that lead every rewritten call to its original place (%o)',
    (options) => {
      const root = project(`maps-${Object.keys(options).length}`, options, true);
      expect(compile(root)).toEqual({ status: 0, output: '' });
      const checked = ['pages', 'main'].map((name) => checkMap(root, name));
      expect(Math.min(...checked)).toBeGreaterThanOrEqual(3);
    },
  );

  it('gives errors the stack of the calling code, at its original lines', () => {
    const root = project('stacks', {}, true);
    compile(root);
    const code = `import { fails } from './out/main.js'; fails().catch((e) => console.log(e.stack))`;
    const stack = execFileSync(process.execPath, ['--enable-source-maps', '--input-type=module', '-e', code], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stack).toMatch(/^Error: ENOENT: no such file or directory, open '\/missing\/x'\n/);
    expect(stack).toMatch(/at async (Pages|Store)\.read .*src\/pages\.ts:6:/);
    expect(stack).toMatch(/at async (Module\.)?fails .*src\/main\.ts:12:/);
  });
});

/** Checks each rewritten call of a module; returns how many there were. */
function checkMap(root: string, name: string): number {
  const code = readFileSync(join(root, `out/${name}.js`), 'utf8');
  const source = readFileSync(join(root, `src/${name}.ts`), 'utf8').split('\n');
  const inline = /sourceMappingURL=data:application\/json;base64,(.*)$/m.exec(code)?.[1];
  const json =
    inline === undefined
      ? readFileSync(join(root, `out/${name}.js.map`), 'utf8')
      : Buffer.from(inline, 'base64').toString();
  const map = new TraceMap(json);
  expect(map.sources).toEqual([`../src/${name}.ts`]);
  let count = 0;
  code.split('\n').forEach((line, row) => {
    for (const match of line.matchAll(/\$(?:method|callee)\(.*?, "([^"]+)"\)/g)) {
      const awaited = code.split('\n')[row]?.indexOf('await $take', match.index) ?? -1;
      if (awaited < 0) continue;
      const method = (match[1] ?? '').split('.').at(-1) ?? '';
      const found = originalPositionFor(map, { line: row + 1, column: match.index });
      expect(found.line, line).not.toBeNull();
      expect(source.slice((found.line ?? 1) - 1, (found.line ?? 1) + 1).join('\n'), `${name}: ${match[1]}`).toContain(
        method,
      );
      count++;
    }
  });
  return count;
}
