/** Time, memory and output grow with the size of a file, and not faster. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { GROWING, NESTING } from './growing.js';
import { cpuTime } from './inspect.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const TIMES = 4;
/** What the larger program may take of time and memory, in proportion. Were it the square, that would be 4. */
const LIMIT = 2.5;
/** The same for what is written, which is the same each time. */
const LIMIT_OF_OUTPUT = 1.3;

function compiled(text: string) {
  const module = { fileName: '/a.js', text, kind: 'commonjs' } as const;
  const options = { patch: {}, runtime: '@unblock/runtime/compiled' };
  const compilation = compile({ modules: [module], resolve: () => undefined, closed: false, options });
  return { compilation, rewritten: compilation.rewrite('/a.js') };
}

/** Milliseconds of processor time. */
function timeOf(text: string): number {
  const start = cpuTime();
  compiled(text);
  return cpuTime() - start;
}

/** Bytes that compilations hold. */
function heapOf(text: string): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const held = [compiled(text), compiled(text)];
  collectGarbage();
  const bytes = process.memoryUsage().heapUsed - before;
  return held.every(({ compilation }) => compilation.unreadable.size === 0) ? bytes : Number.NaN;
}

/** The least of several ratios: others use the machine, too, and what is too much by chance is not so each time. */
function leastRatio(measure: (text: string) => number, large: string, small: string): number {
  let least = Number.POSITIVE_INFINITY;
  measure(small);
  for (let i = 0; i < 5 && !(least < LIMIT * (large.length / small.length)); i++) {
    const less = measure(small);
    if (less > 0) least = Math.min(least, measure(large) / less);
  }
  return least / (large.length / small.length);
}

describe.each(Object.entries({ ...GROWING, ...NESTING }))('%s', (name, program) => {
  // Enough for the names of callees, which are written up to some length.
  const count = name in NESTING ? 80 : 60;
  const small = program(count);
  const large = program(TIMES * count);
  const size = large.length / small.length;

  it('take time in proportion', () => {
    expect(leastRatio(timeOf, large, small)).toBeLessThan(LIMIT);
  });
  it('take memory in proportion', () => {
    expect(leastRatio(heapOf, large, small)).toBeLessThan(LIMIT);
  });
  it('are written in proportion', () => {
    const [one, many] = [small, large].map((text) => compiled(text).rewritten?.code.length ?? text.length);
    expect((many as number) / (one as number) / size).toBeLessThan(LIMIT_OF_OUTPUT);
  });
});

describe('callbacks without semicolons', () => {
  it('take no twice the time at each depth', () => {
    const nested = (depth: number) =>
      compiled(
        `const fs = require('fs')\nexports.f = ${'() => { g()\n h(() => { '.repeat(depth)}fs.readFileSync('x')${'})\n}'.repeat(depth)}
         function g() { return fs.readFileSync('y') }\nfunction h(f) { return f() }`,
      ).rewritten?.code.length as number;
    expect(nested(16) / nested(8)).toBeLessThan(8);
  });
});

describe.each(Object.entries(NESTING))('too many %s', (_, program) => {
  it('leave the file as it is, with a message', () => {
    const { compilation, rewritten } = compiled(program(20_000));
    expect(rewritten).toBeUndefined();
    expect(compilation.findings().map(({ rule }) => rule)).toEqual(['too-deep']);
  });
  it('leave others as they would be next to a file that is not compiled', () => {
    const deep = { fileName: '/deep.js', text: program(20_000), kind: 'commonjs' } as const;
    const text = `const fs = require('fs'); const { f } = require('./deep.js');
                  exports.g = async () => [f(), fs.readFileSync('x')];`;
    const options = { patch: {}, runtime: '@unblock/runtime/compiled' };
    const modules = [deep, { fileName: '/a.js', text, kind: 'commonjs' } as const];
    const resolve = (specifier: string) => (specifier === './deep.js' ? '/deep.js' : undefined);
    const compilation = compile({ modules, resolve, closed: true, options });
    expect(compilation.rewrite('/a.js')?.code).toMatch(/callee\(f, "f"\).*method\(.*readFileSync/);
    expect(compilation.verdicts).toMatchObject([{ fileName: '/a.js', status: 'patched' }]);
  });
});
