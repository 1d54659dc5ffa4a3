/** Which variable a name in a block stands for. */
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

const READ = "() => require('fs').readFileSync('x')";
const DECLARED = "function read() { return require('fs').readFileSync('x'); }";

describe('a variable of the function', () => {
  it.each([
    ['in a block', `{ var read = ${READ}; } read();`],
    ['in a case', `switch (1) { case 1: var read = ${READ}; } read();`],
    ['with a label', `{ label: var read = ${READ}; } read();`],
    ['in the head of a loop', `for (var read = ${READ}; ; ) break; read();`],
    ['in the head of a loop over items', `for (var read of [${READ}]) break; read();`],
    ['in the handler of an error', `try { throw 1; } catch { var read = ${READ}; } read();`],
  ])('%s is called behind it', (_, code) => {
    expect(statusOf(`setTimeout(() => { ${code} });`)).toEqual(['patched']);
  });
});

describe('a function declaration of sloppy-mode code', () => {
  it.each([
    ['in a block', `if (1) { ${DECLARED} } read();`],
    ['in blocks', `if (1) { { ${DECLARED} } } read();`],
    ['in a case', `switch (1) { case 1: ${DECLARED} } read();`],
    ['in a default', `switch (1) { default: ${DECLARED} } read();`],
    ['without a block', `if (1) ${DECLARED} read();`],
    ['in an else', `if (0); else ${DECLARED} read();`],
    ['with a label', `label: ${DECLARED} read();`],
    ['with labels in a block', `{ a: b: ${DECLARED} } read();`],
    ['in a loop', `for (const x of [1]) { ${DECLARED} } read();`],
    ['in the handler of an error', `try { throw 1; } catch (read) { ${DECLARED.replace('read', 'load')} } load();`],
  ])('%s is called behind it', (_, code) => {
    expect(statusOf(`setTimeout(() => { ${code} });`)).toEqual(['patched']);
  });

  it('of a module is called behind its block', () => {
    expect(statusOf(`if (1) { ${DECLARED} } setTimeout(() => read());`)).toEqual(['patched']);
  });

  it('is called inside its block alone where a block around declares its name', () => {
    const text = `setTimeout(() => { { let read = () => 1; { ${DECLARED} } read(); } });`;
    expect(statusOf(text)).toEqual(['blocking unreached']);
  });
});
