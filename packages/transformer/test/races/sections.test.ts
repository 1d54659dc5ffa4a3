import { describe, expect, it } from 'vitest';
import { marks, report, serve } from './programs.js';

const COUNT = 'let count = 0;';

/** Programs whose sections exclude all that could come in between. */
const EXCLUDED: Readonly<Record<string, string>> = {
  'a section': `${COUNT} ${serve("atomic(() => { count += size('a'); });")}`,
  'a section with a name': `${COUNT} ${serve("atomic('count', () => { count += size('a'); }); atomic('count', () => { count = 0; });")}`,
  'a section of an object': `class Store { n = 0; add() { atomic(this, () => { this.n += size('a'); }); } } const store = new Store(); ${serve('store.add();')}`,
  'a function that is marked': `${COUNT} /* @unblock-atomic */ function add() { count += size('a'); } ${serve('add();')}`,
  'a method that is marked': `class Store { n = 0;
    // @unblock-atomic
    add() { this.n += size('a'); } } const store = new Store(); ${serve('store.add();')}`,
  'an arrow function that is marked': `${COUNT} /** @unblock-atomic */ const add = () => { count += size('a'); }; ${serve('add();')}`,
  'an async function that is marked': `${COUNT} /* @unblock-atomic */ async function add() { count += size('a'); await work(); } ${serve('add();')}`,
  'functions with one lock': `${COUNT} /* @unblock-atomic count */ function add() { count += size('a'); } /* @unblock-atomic count */ function reset() { count = 0; }
    ${serve('add(); reset();')}`,
  'what only sections call': `${COUNT} function add() { count += size('a'); } ${serve('atomic(() => add()); atomic(() => { size("b"); add(); });')}`,
  'a section and a marked function': `${COUNT} /* @unblock-atomic count */ function add() { count += size('a'); } ${serve("add(); atomic('count', () => { count = 0; });")}`,
};

/** Programs in which something else comes in between all the same. */
const OPEN: Readonly<Record<string, readonly [text: string, expected: string]>> = {
  'another lock': [
    `${COUNT} ${serve("atomic('a', () => { count += size('a'); }); atomic('b', () => { count = 0; });")}`,
    "race-hazard: count += size('a')",
  ],
  'a write without a lock': [
    `${COUNT} /* @unblock-atomic */ function add() { count += size('a'); } ${serve('add(); count = 0;')}`,
    "race-hazard: count += size('a')",
  ],
  'locks of their own': [
    `${COUNT} /* @unblock-atomic */ function add() { count += size('a'); } /* @unblock-atomic */ function reset() { count = 0; } ${serve('add(); reset();')}`,
    "race-hazard: count += size('a')",
  ],
  'a call from outside': [
    `${COUNT} function add() { count += size('a'); } ${serve('atomic(() => add()); add();')}`,
    "race-hazard: count += size('a')",
  ],
  'a read before the section': [
    `${COUNT} ${serve("const before = count; atomic(() => { count = before + size('a'); });")}`,
    "race-hazard: atomic(() => { count = before + size('a'); })",
  ],
};

describe('sections exclude', () => {
  it.each(Object.entries(EXCLUDED))('%s', (_, text) => {
    expect(report(text)).toEqual([]);
  });
});

describe('sections do not exclude', () => {
  it.each(Object.entries(OPEN))('%s', (_, [text, expected]) => {
    expect(marks(text)).toEqual([expected]);
  });
});

describe('comments that mark nothing', () => {
  it.each([
    ['/* @unblock-atomic */ let x = 1;', 'it belongs directly before a function'],
    ['class A { /* @unblock-atomic */ x = 1; }', 'it belongs directly before a function'],
    ['/* @unblock-atomic */ let f = () => 1, g = 2;', 'it belongs directly before a function'],
    ['function f() {} // @unblock-atomic', 'it belongs directly before a function'],
    ['/* @unblock-atomic two words */ function f() {}', 'the name of a lock is one word'],
    ['/* @unblock-atomic */ function* f() { yield 1; }', 'a generator cannot be atomic'],
    ['class A { /* @unblock-atomic */ get x() { return 1; } }', 'a getter cannot be atomic'],
    ['class A { /* @unblock-atomic */ set x(v) {} }', 'a setter cannot be atomic'],
    ['class A { /* @unblock-atomic */ constructor() {} }', 'a constructor cannot be atomic'],
  ])('%s', (text, expected) => {
    const [line = '', ...others] = report(text);
    expect(others).toEqual([]);
    expect(line).toContain('misplaced-atomic | ');
    expect(line).toContain(`This @unblock-atomic has no effect: ${expected}`);
  });

  it.each([
    '/* @unblock-atomic */ export function f() {}',
    '/* @unblock-atomic */ export default function () {}',
    'export /* @unblock-atomic */ const f = async () => 1;',
    'const o = { /* @unblock-atomic */ f() {}, /* @unblock-atomic */ g: () => 1, /* @unblock-atomic */ async h() {} }; use(o);',
    'class A { /* @unblock-atomic */ static f() {} /* @unblock-atomic */ #g() {} /* @unblock-atomic x */ h = () => this.#g(); }',
    '/** Adds.\n * @unblock-atomic\n */\nfunction f() {}',
    '/* @unblock-atomic */ // and more\nfunction f() {}',
    'const o: any = {}; /* @unblock-atomic */ o.f = function () {};',
    '// Not every mention of @unblock-atomic is one.\nlet x = 1;',
    '/* @unblock-atomically */ let x = 1;',
  ])('%s marks one', (text) => {
    expect(report(text)).toEqual([]);
  });
});
