/** What the crash search has found in published packages, in as few words as it takes; each was invalid once, or crashed the compiler. */
import { describe, expect, it } from 'vitest';
import { inspectFile, inspectProgram } from './inspect.js';

const FOUND: Readonly<Record<string, readonly [fileName: string, text: string]>> = {
  '`new` without parentheses, of a member of an object that holds functions': [
    'new.cjs',
    `const fs = require('fs');
     const h = { Server: function () {}, f(x) { return fs.readFileSync(x); } };
     exports.a = (n) => { var a = new h.Server; return n.extend(a, h); };
     exports.b = (n) => { var a = new (h.Server); return n.extend(a, h); };`,
  ],
  'a call that begins with a parenthesis, right behind a word': [
    'words.cjs',
    'module.exports = (n, xs) => { for (const [k, v]of(0, n.entries)(xs)) n.use(k, v); return(0, n.read)(xs) };',
  ],
  'an async function with a direct `eval`': [
    'eval.cjs',
    `const { fail } = require('./errors'); exports.f = async (x) => { if (!x) throw fail(x); return eval(x); };`,
  ],
  'a `require` of its own': [
    'require.cjs',
    `const load = module.require; const fs = load('fs'); exports.f = () => fs.readFileSync(require('x'));
     function require(name) { return name; }`,
  ],
  'a cast of Flow that an arrow returns': [
    'flow.js',
    `// @flow
     exports.f = (farm, xs) => xs.map(async x => ((await farm.run('f'))({ x }): void));`,
  ],
  'a variable `require`': [
    'bundle.js',
    `var require = function (file) { return require.modules[file] }; require.modules = {};
     var fs = module.require('fs'); exports.f = () => fs.readFileSync(require('x'));`,
  ],
  'an element of JSX, whose component nothing can await': [
    'element.tsx',
    `import { Text } from './text'; export const View = ({ text }) => <Text {...text}>{text.value}</Text>;`,
  ],
  'a class without a constructor in a mock that is moved': [
    'mock.mjs',
    `import './file'; jest.mock('./file', () => { class Stub { files = new Map(); add(f) { this.files.get(f).add(() => f); } } return new Stub(); });`,
  ],
  'a class without a constructor in a `with` statement': [
    'with.cjs',
    'exports.f = (o) => { with (o) { class A { x = read(o); m(f) { o.g(() => this.x.on(f)); } } return new A(); } };',
  ],
};

describe.each(Object.entries(FOUND))('%s', (_, [name, text]) => {
  const module = { fileName: `/${name}`, text, kind: /\.c?js$/.test(name) ? 'commonjs' : 'esm' } as const;

  it('compiles on its own', () => {
    const { findings, unreadable } = inspectFile(module);
    expect([findings, unreadable]).toEqual([[], undefined]);
  });
  it('compiles as a program', () => {
    expect(inspectProgram([module]).findings).toEqual([]);
  });
});
