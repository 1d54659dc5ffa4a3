/** Programs of a workspace that are compiled apart, and call each other: none may take itself for all that is compiled. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import typescript from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compileProject, NODE_DECLARATIONS, workspace, write } from './tsCompile.js';

const require = createRequire(import.meta.url);
let directory: string;
beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'unblock-tspc-workspace-')));
  workspace(directory, require);
});
afterAll(() => rmSync(directory, { recursive: true }));

const DECLARATIONS = `${NODE_DECLARATIONS}
declare module 'node:module' {
  export function createRequire(file: string): (name: string) => any;
}
declare const process: { argv: string[] };
`;

const LIBRARY = `const cell = new Int32Array(new SharedArrayBuffer(4));
export class Pages {
  sleep(): void {
    Atomics.wait(cell, 0, 0, 20);
  }
}
export function sleep(): void {
  Atomics.wait(cell, 0, 0, 20);
}
export function each<T>(items: readonly T[], callback: (item: T) => void): void {
  for (const item of items) callback(item);
}
export function wake(sleeper: { rest(): void }): void {
  sleeper.rest();
}
`;

/** Tells which ways of sleeping let a timer fire. */
const PROGRAM = `
const own = new Int32Array(new SharedArrayBuffer(4));
export async function main(): Promise<string[]> {
  const free: string[] = [];
  const check = async (name: string, sleeping: () => void) => {
    let later = false;
    setTimeout(() => { later = true; }, 0);
    await sleeping();
    if (later) free.push(name);
  };
  await check('a class', () => new library.Pages().sleep());
  await check('a function', () => library.sleep());
  await check('a callback', () => library.each([1], () => { Atomics.wait(own, 0, 0, 20); }));
  await check('a method', () => library.wake({ rest: () => { Atomics.wait(own, 0, 0, 20); } }));
  return free;
}
`;

const OPTIONS = {
  strict: true,
  target: 'ES2022',
  module: 'NodeNext',
  lib: ['ES2022'],
  types: [],
  rootDir: 'src',
  outDir: 'out',
} as const;

const LINKED = `import * as library from '@workspace/library';`;

interface Case {
  readonly imports: string;
  readonly options?: object;
  readonly library?: object;
}

const CASES: Readonly<Record<string, Case>> = {
  'a composite library': { imports: LINKED, library: { composite: true } },
  'a library that emits declarations': { imports: LINKED },
  'links that are not followed': { imports: LINKED, options: { preserveSymlinks: true } },
  'a relative import': { imports: `import * as library from '../../library/out/index.js';` },
  'a dynamic import': { imports: `const library = await import('@workspace/library');` },
  'a dynamic import of any name': { imports: `const library: any = await import(String('@workspace/library'));` },
  'a loader of CommonJS': {
    imports: `import { createRequire } from 'node:module';
const library: any = createRequire(process.argv[1] as string)('@workspace/library');`,
  },
};

function run(root: string): unknown {
  // A loader looks for packages from the program's own place.
  write(root, {
    'application/run.cjs': `import('./out/main.js').then((m) => m.main()).then((free) => console.log(JSON.stringify(free)));`,
  });
  return JSON.parse(execFileSync(process.execPath, [join(root, 'application/run.cjs')], { encoding: 'utf8' }));
}

/** What blocks where a library that is compiled apart calls what it is given. */
const OF_THE_APPLICATION = ['a callback', 'a method'];

const RUNS = Object.entries(CASES).flatMap(([name, given]) =>
  (['suspend', 'block'] as const).map((unknownCalls) => ({ name, unknownCalls, ...given })),
);

it.each(RUNS)('$name, unknown calls $unknownCalls', ({ name, unknownCalls, imports, options, library }) => {
  const root = join(directory, `${name.replaceAll(' ', '-')}-${unknownCalls}`);
  const type = name === 'a loader of CommonJS' ? 'commonjs' : 'module';
  write(root, {
    'library/package.json': {
      name: '@workspace/library',
      type,
      exports: { types: './out/index.d.ts', default: './out/index.js' },
    },
    'library/tsconfig.json': {
      compilerOptions: { ...OPTIONS, declaration: true, ...library },
      include: ['src', 'node.d.ts'],
    },
    'library/node.d.ts': DECLARATIONS,
    'library/src/index.ts': LIBRARY,
    'application/package.json': { type: 'module' },
    'application/tsconfig.json': { compilerOptions: { ...OPTIONS, ...options }, include: ['src', 'node.d.ts'] },
    'application/node.d.ts': DECLARATIONS,
    'application/src/main.ts': `${imports}\n${PROGRAM}`,
  });
  mkdirSync(join(root, 'application/node_modules/@workspace'), { recursive: true });
  symlinkSync(join(root, 'library'), join(root, 'application/node_modules/@workspace/library'));
  for (const project of ['library', 'application']) {
    const { diagnostics } = compileProject(typescript, join(root, project), {
      transform: '@unblock/transformer/tspc',
      unknownCalls,
    });
    expect(diagnostics).toEqual([]);
  }
  expect(run(root)).toEqual(['a class', 'a function', ...(unknownCalls === 'suspend' ? OF_THE_APPLICATION : [])]);
});
