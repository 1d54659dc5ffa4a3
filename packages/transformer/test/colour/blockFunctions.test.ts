/** Functions declared in blocks have asynchronous forms, in sloppy mode too. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

function statusOf(text: string): string[] {
  const compilation = compile({
    modules: [{ fileName: '/app/module.js', text, kind: 'commonjs' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: '@unblock/runtime/compiled', roots: [] },
  });
  return compilation.verdicts.map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)].join(' '));
}

const READ = "function read() { return require('fs').readFileSync('x'); }";

describe('a function declaration in CommonJS', () => {
  it.each([
    ['in an arrow function', `setTimeout(() => { ${READ} read(); });`],
    ['in a function', `setTimeout(function () { ${READ} read(); });`],
    ['in a block of a strict module', `"use strict"; setTimeout(() => { { ${READ} read(); } });`],
    ['in a block of a strict function', `setTimeout(() => { "use strict"; if (1) { ${READ} read(); } });`],
    ['in a block of sloppy-mode code', `setTimeout(() => { if (1) { ${READ} } read(); });`],
    ['in a block of a method', `class C { m() { if (1) { ${READ} read(); } } } setTimeout(() => new C().m());`],
  ])('%s is patched', (_, text) => {
    expect(statusOf(text)).toEqual(['patched']);
  });
});
