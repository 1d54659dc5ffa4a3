/** Loops on the clock that only sleep. */
import { describe, expect, it } from 'vitest';
import { extractFacts } from '../../src/facts/extract.js';
import { parseModule } from '../../src/parse/parse.js';

function sleepLoops(text: string, kind: 'esm' | 'commonjs' = 'esm'): string[] {
  const { calls, sources } = extractFacts(parseModule({ fileName: '/module.ts', text, kind }));
  const loops = new Set(
    sources.flatMap(({ target, source }) =>
      source.kind === 'external' && source.path === 'busy loop' ? [target] : [],
    ),
  );
  return calls.filter(({ callee }) => loops.has(callee)).map(({ span: { start, end } }) => text.slice(start, end));
}

describe('a loop is a sleep', () => {
  it.each([
    ['const end = Date.now() + 5; while (Date.now() < end);', 'Date.now() < end'],
    ['const start = Date.now(); while (Date.now() - start <= 5) {}', 'Date.now() - start <= 5'],
    ['const start = performance.now(); do {} while (performance.now() - start < 5)', 'performance.now() - start < 5'],
    [
      'export function sleep(ms) { const start = new Date().getTime(); while (new Date().getTime() < start + ms) { ; } }',
      'new Date().getTime() < start + ms',
    ],
    ['const sleep = (ms) => { for (const t = Date.now(); Date.now() - t < ms; ); };', 'Date.now() - t < ms'],
    [
      'function sleep(s: number) { const end = +new Date() + s * 1000; while (end > +new Date()) {} }',
      'end > +new Date()',
    ],
    ['const end = Number(new Date()) + 9; while (end - Number(new Date()) > 0);', 'end - Number(new Date()) > 0'],
    ['const start = new Date(); while (new Date() - start < 5) {}', 'new Date() - start < 5'],
    [
      'const start = new Date(); while ((new Date() as any) - (start as any) < 5) {}',
      '(new Date() as any) - (start as any) < 5',
    ],
    [
      'function f(ms) { const t = Date.now(); let now; do { now = Date.now(); } while (now - t < ms); }',
      'now - t < ms',
    ],
    ['function f(ms) { const t = new Date(); do { var now = new Date(); } while (now - t < ms); }', 'now - t < ms'],
    ['function f(ms) { let now = Date.now(); const end = now + ms; while (now < end) now = Date.now(); }', 'now < end'],
    ['function f(ms) { const end = Date.now() + ms; for (let now = 0; now < end; now = Date.now()); }', 'now < end'],
    ['const MS = 5; export function f() { const t = Date.now(); while (Date.now() - t < MS); }', 'Date.now() - t < MS'],
    [
      'function f(ms) { ms = ms * 1000; let end = 0; end = Date.now() + ms; while (Date.now() < end); }',
      'Date.now() < end',
    ],
    ['function f(end) { g(() => end); while (Date.now() < end); } function g(end) { end++; }', 'Date.now() < end'],
  ])('%s', (text, test) => {
    expect(sleepLoops(text)).toEqual([test]);
  });
});

describe('a loop is none', () => {
  it.each([
    ['that does something else', 'const end = Date.now() + 5; while (Date.now() < end) work();'],
    ['that counts', 'let n = 0; const end = Date.now() + 5; while (Date.now() < end) n++;'],
    ['with a label to leave', 'const end = 5; while (Date.now() < end) { if (done) break; }'],
    ['that something else may end', 'let done = false; const end = 5; while (!done && Date.now() < end);'],
    ['that waits for a global', 'while (Date.now() < end);'],
    ['that waits for a variable of the module', 'let end = 5; export function f() { while (Date.now() < end); }'],
    [
      'that waits for what another function writes',
      'function f() { let end = 5; later(() => { end = 0; }); while (Date.now() < end); }',
    ],
    [
      'that waits for what a pattern writes elsewhere',
      'function f(end) { later(() => { [{ a: end }] = b; }); while (Date.now() < end); }',
    ],
    [
      'that waits for what a loop writes elsewhere',
      'function f(end) { later(() => { for (end of ends); }); while (Date.now() < end); }',
    ],
    ['that waits for an import', `import { end } from './x'; while (Date.now() < end);`],
    ['that waits for a member', 'export function f(o) { while (Date.now() < o.end); }'],
    ['that waits for the result of a call', 'while (Date.now() < end());'],
    ['on a date of the program', 'class Date { static now() {} } const end = 5; while (Date.now() < end);'],
    ['on a clock of the program', 'function f(performance, end) { while (performance.now() < end); }'],
    ['that never ends', 'const t = Date.now(); while (t - Date.now() < 5);'],
    ['that does not end by the clock', 'const t = 1; while (Date.now() - Date.now() < t);'],
    ['that waits the other way round', 'const end = Date.now(); while (Date.now() > end);'],
    ['whose time is scaled', 'const t = Date.now(); while ((Date.now() - t) * 2 < 5);'],
    ['of a given date', 'const end = 5; while (new Date(5) < end);'],
    ['that compares otherwise', 'const end = 5; while (Date.now() !== end);'],
    ['that an assignment keeps', 'const end = 5; let t; while ((t = Date.now()) < end);'],
    [
      'whose clock is seen by others',
      'function f(end) { let now = 0; later(() => now); do { now = Date.now(); } while (now < end); }',
    ],
    ['whose clock is shared', 'let now = 0; export function f(end) { do { now = Date.now(); } while (now < end); }'],
    ['with two clocks', 'function f(end) { let a, b; do { a = Date.now(); b = Date.now(); } while (a < end); }'],
    ['near eval', 'const end = 5; while (Date.now() < end); eval(text);'],
    ['that waits for something that is no number', `const end = 5; while (Date.now() < end + '0');`],
  ])('%s', (_, text) => {
    expect(sleepLoops(text)).toEqual([]);
  });

  it('whose parameters `arguments` may change', () => {
    const text = 'function f(end) { g(arguments); while (Date.now() < end); }';
    expect(sleepLoops(text, 'commonjs')).toEqual([]);
    expect(sleepLoops(`'use strict'; ${text}`, 'commonjs')).toEqual(['Date.now() < end']);
  });
});
