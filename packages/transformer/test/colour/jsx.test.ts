/** Components and what elements are given: the program does not call them, but what makes the elements. */
import { expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

function verdictsOf(text: string): unknown[] {
  const { verdicts } = compile({
    modules: [{ fileName: '/app.jsx', text: `import { readFileSync } from 'node:fs'; ${text}`, kind: 'esm' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: '@unblock/runtime/compiled' },
  });
  return verdicts.map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)]);
}

const START = 'setTimeout(() => render(page()), 1);';
const HANDED = ['blocking', 'untransformed-package'];

it.each([
  ['a component', `const Item = () => <li>{readFileSync('f')}</li>; const page = () => <Item />; ${START}`],
  ['a member', `const ui = { Item: () => <li>{readFileSync('f')}</li> }; const page = () => <ui.Item />; ${START}`],
  ['a component of a child', `const Item = () => readFileSync('f'); const page = () => <ul><Item /></ul>; ${START}`],
  ['an attribute', `const page = () => <ul render={() => readFileSync('f')} />; ${START}`],
  ['a child that is a function', `const page = () => <ul>{() => readFileSync('f')}</ul>; ${START}`],
])('%s is called by what is not compiled', (_, text) => {
  expect(verdictsOf(text)).toEqual([HANDED]);
});

it('what elements are made of is evaluated by the program', () => {
  expect(verdictsOf(`const page = () => <ul title={readFileSync('f')}>{readFileSync('g')}</ul>; ${START}`)).toEqual([
    ['patched'],
    ['patched'],
  ]);
});
