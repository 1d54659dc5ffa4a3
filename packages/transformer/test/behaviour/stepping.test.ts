/** A debugger that steps through compiled TypeScript visits the lines of the original, in the order of the original, through suspensions too. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { compileProject, workspace, write } from '../hosts/tsCompile.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'unblock-stepping-')));
workspace(root, createRequire(import.meta.url));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Deriving a key waits for the thread pool, whatever else happens. */
const TOP = `
declare module 'node:crypto' {
  export function scryptSync(password: string, salt: string, length: number): Uint8Array;
}
`;

const PROGRAM = `import { scryptSync } from 'node:crypto';

interface Part {
  readonly name: string;
}

class Keys {
  constructor(private readonly salt: string) {}

  of(part: Part): number {
    const key = scryptSync(
      part.name,
      this.salt,
      4,
    );
    if (key.length > 3) {
      return key.length;
    }
    return 0;
  }
}

function total(parts: readonly Part[], keys: Keys): number {
  let sum = 0;
  debugger;
  for (const part of parts) {
    try {
      const length = keys.of(part);
      sum += length;
    } finally {
      sum++;
    }
  }
  const twice = (value: number): number => {
    const more = scryptSync('more', 'salt', 2);
    return value * more.length;
  };
  return twice(sum);
}

export async function main(): Promise<number> {
  const found = total([{ name: 'a' }, { name: 'b' }], new Keys('salt'));
  return found;
}
`;

interface Stop {
  readonly line: number;
  readonly column: number;
  /** The names of the program's functions, innermost first. */
  readonly stack: readonly string[];
}

type Step = 'stepInto' | 'stepOver';

/** Compiles the program; with the plugin, its calls of functions that block can suspend. */
function compile(name: string, plugin?: Readonly<Record<string, unknown>>): string {
  const project = join(root, name);
  write(project, {
    'src/main.ts': PROGRAM,
    'src/node.d.ts': TOP,
    'package.json': { type: 'module' },
    'tsconfig.json': {
      compilerOptions: {
        ...{ target: 'ES2022', module: 'NodeNext', strict: true, rootDir: 'src', outDir: 'dist' },
        ...{ sourceMap: true, types: [], lib: ['ES2022'] },
      },
      include: ['src'],
    },
  });
  expect(compileProject(ts, project, plugin).diagnostics).toEqual([]);
  const output = join(project, 'dist/main.js');
  expect(readFileSync(output, 'utf8').includes('@unblock/runtime')).toBe(plugin !== undefined);
  return output;
}

/** Where a debugger stops, by the lines of the original: each line once in a row. */
async function walk(output: string, step: Step): Promise<Pick<Stop, 'line' | 'stack'>[]> {
  const script = fileURLToPath(new URL('stepping.cjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, output, step]);
  const map = new TraceMap(readFileSync(`${output}.map`, 'utf8'));
  return (JSON.parse(stdout) as Stop[])
    .map(({ line, column, stack }) => ({
      line: originalPositionFor(map, { line: line + 1, column }).line ?? 0,
      stack,
    }))
    .filter(({ line, stack }, i, all) => line !== all[i - 1]?.line || stack.length !== all[i - 1]?.stack.length);
}

const HEAD = /^ *(of|function|export async function|const twice)\b.*\{$/;
const CALL = /\b(of\(part\)|scryptSync\(|twice\(sum\)|total\(\[)/;

/** The stops of compiled code without those that `async` and `await` bring, as they do where people write them: at the head of a function, and once more at a call when it goes on. */
function withoutAwaits(stops: readonly { readonly line: number }[], expected: readonly number[]): number[] {
  const texts = PROGRAM.split('\n');
  const lines: number[] = [];
  for (const { line } of stops) {
    const text = texts[line - 1] ?? '';
    if (line === expected[lines.length]) lines.push(line);
    else if (!HEAD.test(text) && !CALL.test(text)) throw new Error(`a stop at line ${line} after ${lines.join(', ')}`);
  }
  return lines;
}

const original = compile('original');
const compiled = compile('compiled', {});

describe.each<Step>(['stepInto', 'stepOver'])('a debugger that uses %s', (step) => {
  it('visits the lines of the original in their order, also behind a suspension', async () => {
    const expected = (await walk(original, step)).map(({ line }) => line).filter((line, i, all) => line !== all[i - 1]);
    const stops = await walk(compiled, step);
    expect(expected.length).toBeGreaterThan(10);
    expect(withoutAwaits(stops, expected)).toEqual(expected);
    // A function that was resumed has no caller on the stack.
    expect(stops.some(({ stack }) => stack.join() === 'total')).toBe(true);
    expect(stops.some(({ stack }) => stack.join() === 'of')).toBe(step === 'stepInto');
  });
});
