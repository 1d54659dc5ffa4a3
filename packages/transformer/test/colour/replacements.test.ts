/** What decorators return for fields is called by code that build tools write, which waits for nothing; for accessors, by the program. */
import { expect, it } from 'vitest';
import { program } from '../report/program.js';

const LOAD = "import fs from 'node:fs'; import http from 'node:http'; const load = () => fs.readFileSync('x');";

it.each([
  ['a field', 'const d: any = () => (first: any) => load();', '@d x = 1;', 'new A();'],
  [
    'a field, as an older descriptor',
    'const d: any = () => ({ get() { return load(); } });',
    '@d x: any;',
    'new A().x;',
  ],
  ['the value of a property', 'const d: any = () => ({ init: () => load() });', '@d accessor x = 1;', 'new A();'],
  ['a static field', 'const d: any = () => () => load();', '@d static x = 1;', 'A.x;'],
])('that of %s', (_, decorator, member, use) => {
  const text = `${LOAD} ${decorator} class A { ${member} } http.createServer(() => { ${use} });`;
  const { verdicts } = program(text).compilation;
  expect(verdicts.map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)])).toEqual([
    ['blocking', 'decorator'],
  ]);
});

it.each([
  [
    'the getter of a property',
    'const d: any = () => ({ get() { return load(); } });',
    '@d accessor x = 1;',
    'new A().x;',
  ],
  ['the setter of a property', 'const d: any = () => ({ set() { load(); } });', '@d accessor x = 1;', 'new A().x = 2;'],
  ['a getter', 'const d: any = () => function () { return load(); };', '@d get x() { return 1; }', 'new A().x;'],
  ['a setter', 'const d: any = () => function () { load(); };', '@d set x(v: any) {}', 'new A().x = 1;'],
  ['a method', 'const d: any = () => function () { return load(); };', '@d x() { return 1; }', 'new A().x();'],
])('that of %s suspends where the member does', (_, decorator, member, use) => {
  const text = `${LOAD} ${decorator} class A { ${member} } http.createServer(() => { ${use} });`;
  expect(program(text).compilation.verdicts.map(({ status }) => status)).toEqual(['patched']);
});
