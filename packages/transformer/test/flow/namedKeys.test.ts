/** What is assigned by name is read by unknown keys of the object that it is assigned to, and of no other. */
import { expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

const HEAD = `const fs = require('fs'); const load = () => fs.readFileSync('x'); const other = () => 1;`;

/** The verdict on `load`, in a program whose handler runs `call` with a `key` of which nothing is known. */
function verdictOn(setup: string, call: string, exporting = ''): string {
  const main = `${HEAD} ${setup} require('http').createServer(({ method: key }) => { ${call} });`;
  const { verdicts } = compile({
    modules: [
      { fileName: '/main.cjs', text: main, kind: 'commonjs' },
      { fileName: '/other.cjs', text: exporting, kind: 'commonjs' },
    ],
    resolve: (specifier) => (specifier.startsWith('./') ? specifier.slice(1) : undefined),
    closed: true,
    options: { patch: {}, runtime: 'runtime' },
  });
  return verdicts.map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)].join(' ')).join();
}

const PROTOTYPES = `function A() {} A.prototype = { f: other }; function B() {} B.prototype = {}; B.prototype.f = load;`;
const HEIRS = `function Base() {} Base.prototype.f = other; function A() {} A.prototype = Object.create(Base.prototype);
  function B() {} B.prototype = Object.create(Base.prototype); B.prototype.f = load;`;
const CLASSES = `class A {} class B {} A.prototype.f = other; B.prototype.f = load;`;
const MANY = Array.from({ length: 40 }, (_, i) => `function F${i}() {} F${i}.prototype.f = other;`).join(' ');

it.each([
  ['another object', `const a = {}, b = {}; a.f = other; b.f = load;`, `a[key]();`, `b[key]();`],
  ['another function', `function a() {} function b() {} a.f = other; b.f = load;`, `a[key]();`, `b[key]();`],
  ['another prototype', PROTOTYPES, `new A()[key]();`, `new B()[key]();`],
  ['another class', CLASSES, `new A()[key]();`, `new B()[key]();`],
  ['another prototype that inherits from the same', HEIRS, `new A()[key]();`, `new B()[key]();`],
  [
    'the exports of another module',
    `exports.f = load; const a = require('./other.cjs');`,
    `a[key]();`,
    `exports[key]();`,
    `exports.f = () => 1;`,
  ],
  [
    'the exports of another module, which are an object',
    `module.exports.f = load; const a = require('./other.cjs');`,
    `a[key]();`,
    `module.exports[key]();`,
    `module.exports = { f: () => 1 };`,
  ],
])('of %s it is not read', (_, setup, apart, own, exporting = '') => {
  expect(verdictOn(setup, apart, exporting)).toMatch(/^blocking /);
  expect(verdictOn(setup, own, exporting)).toBe('patched');
});

it('is read of one of very many objects that functions make', () => {
  const list = Array.from({ length: 40 }, (_, i) => `F${i}`);
  const pick = `const any = key ? ${list.map((name) => `key === '${name}' ? new ${name}()`).join(' : ')} : 0 : 0;`;
  const setup = `${MANY} F39.prototype.f = load;`;
  expect(verdictOn(setup, `${pick} any[key]();`)).toBe('patched');
  expect(verdictOn(setup, `${pick} any;`)).toBe('blocking unreached');
});
