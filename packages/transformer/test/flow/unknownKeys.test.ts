/** Methods that are reached by keys of which nothing is known. */
import { expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

const CLASS = `class Pages { list() { return readFileSync('a'); } static list() { return readFileSync('b'); } run(name) { return this[name](); } }
  class Sub extends Pages { list() { return readFileSync('c'); } }`;

it.each([
  ['in a method', `new Pages().run(name)`, ['patched', 'blocking', 'patched']],
  ['of a subclass', `new Sub()[name]()`, ['patched', 'blocking', 'patched']],
  ['static', `Pages[name]()`, ['blocking', 'patched', 'blocking']],
  ['of a prototype', `Pages.prototype[name]()`, ['patched', 'blocking', 'patched']],
])('%s', (_, call, expected) => {
  const text = `import { readFileSync } from 'node:fs';\n${CLASS}\nexport async function main(name) { return ${call}; }\n`;
  const { verdicts } = compile({
    modules: [{ fileName: '/main.js', text, kind: 'esm' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: '@unblock/runtime/compiled' },
  });
  expect(verdicts.map(({ status }) => status)).toEqual(expected);
});
