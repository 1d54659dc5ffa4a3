/** Functions of namespaces are called by the names of these. */
import { expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

it.each([
  ['in a script', `namespace Util {\n  export function read() { return fs.readFileSync('a'); }\n}`, 'Util.read()'],
  [
    'in others',
    `namespace A.B { export namespace C { export const read = () => fs.readFileSync('a'); } }`,
    'A.B.C.read()',
  ],
  [
    'by another declaration',
    `namespace A { export const read = () => fs.readFileSync('a'); } namespace A { export const again = () => read(); }`,
    'A.again()',
  ],
  ['beside a class', `class A {} namespace A { export const read = () => fs.readFileSync('a'); }`, 'A.read()'],
])('%s', (_, declaration, call) => {
  const text = `const fs = require('fs'); declare namespace Elsewhere { function f(): void; } ${declaration} setTimeout(() => { ${call}; }, 1);`;
  const modules = [{ fileName: '/a.ts', text, kind: 'commonjs' }] as const;
  const { verdicts } = compile({
    modules,
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: 'runtime' },
  });
  expect(verdicts.map(({ status }) => status)).toEqual(['patched']);
});
