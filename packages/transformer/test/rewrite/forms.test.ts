// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs are text
/** Asynchronous forms in which nothing suspends: they come to their end at once, as the originals do. */
import * as helpers from '@unblock/runtime/compiled';
import { describe, expect, it } from 'vitest';
import {
  type Callable,
  constructionOf,
  linkTwin,
  SUSPENDED,
  take,
  twinOf,
  unbox,
} from '../../../runtime/src/twin/protocol.js';
import { rewriteText } from './harness.js';

/** The export `f` of a compiled CommonJS module, linked to its asynchronous form. */
function load(text: string, compact = false): Callable {
  const exports: { f?: Callable } = {};
  new Function('exports', 'require', rewriteText(text, 'commonjs', compact))(exports, () => helpers);
  return exports.f as Callable;
}

/** A function with a twin that never suspends, and says that it was the twin. */
function quick(): Callable {
  return linkTwin(
    (value: unknown) => value,
    (value: unknown) => [value],
  );
}

const FUNCTIONS: Readonly<Record<string, string>> = {
  'a declaration': 'exports.f = f; function f(call) { const x = call(1); return { x }; }',
  'an arrow function': 'exports.f = (call) => ({ x: call(1) });',
  'a section that comes after another':
    '// @unblock-atomic\nfunction s(call) { return { x: call(1) }; } exports.f = (call) => { s(call); return s(call); };',
  'a section whose lock is free': '// @unblock-atomic\nexports.f = (call) => { return { x: call(1) }; };',
  'a function that uses its `arguments`': 'exports.f = function () { return { x: arguments[0](arguments.length) }; };',
  'a function that asks for `new.target`':
    'exports.f = function (call) { return { x: call(1), [String(new.target)]: undefined }; };',
  'a function that has a name of its own':
    'exports.f = function me(call) { return typeof me === "function" ? { x: call(1) } : 0; };',
  'a function with patterns among its parameters':
    'exports.f = function (call, { y = 1 } = {}) { return { x: call(y) }; };',
  'a function with a parameter that may suspend': 'exports.f = function (call, x = call(1)) { return { x }; };',
  'a function that declares a parameter again':
    'exports.f = function (call, y) { var call = call || y; return { x: call(1) }; };',
  'a method': 'exports.f = { m(call) { return { x: call(1) }; } }.m;',
  'a method of a class': 'class C { static m(call) { return { x: call(1) }; } } exports.f = C.m;',
  'a private method':
    'class C { #m(call) { return { x: call(1) }; } static f = (call) => new C().#m(call); } exports.f = C.f;',
  'a getter': 'exports.f = (call) => { const o = { get x() { return call(1); } }; return { x: o.x }; };',
  'a setter': 'exports.f = (call) => { const o = { set x(v) { this.y = call(v); } }; o.x = 1; return { x: o.y }; };',
  'a constructor': 'exports.f = (call) => { class C { constructor() { this.x = call(1); } } return { ...new C() }; };',
  'a constructor behind another':
    'exports.f = (call) => { class A { constructor() { this.x = call(1); } } class B extends A { constructor() { super(); return; } } return { ...new B() }; };',
  'a field': 'exports.f = (call) => { class C { x = call(1); } return { ...new C() }; };',
  'a value in a `try`': 'exports.f = (call) => { try { return { x: call(1) }; } finally { call(2); } };',
  'a value that is not taken back':
    'exports.f = (call) => { for (const i of [1]) { try { return i; } finally { continue; } } return { x: call(1) }; };',
};

describe('where nothing suspends, what is returned comes at once from', () => {
  it.each(Object.entries(FUNCTIONS))('%s', (_, text) => {
    for (const compact of [false, true]) expect(twinOf(load(text, compact))?.(quick())).toMatchObject({ x: [1] });
  });
});

describe('where nothing suspends, what is thrown comes at once from', () => {
  it.each([
    ['a function', 'exports.f = (call) => { call(1); throw new RangeError("no"); };'],
    [
      'a function that it calls',
      'function g() { throw new RangeError("no"); } exports.f = (call) => { call(1); return g(); };',
    ],
    [
      'a constructor',
      'exports.f = (call) => { class C { constructor() { call(1); throw new RangeError("no"); } } return new C(); };',
    ],
    ['a field', 'exports.f = (call) => { class C { x = call(1)[9].no; } return new C(); };'],
    ['a `finally`', 'exports.f = (call) => { try { return call(1); } finally { throw new RangeError("no"); } };'],
  ])('%s', (_, text) => {
    for (const compact of [false, true])
      expect(() => twinOf(load(text, compact))?.(quick())).toThrow(/^(no|.*'no'.*)$/);
  });
  it('a function that throws undefined', () => {
    let caught: unknown = 'nothing';
    try {
      twinOf(load('exports.f = (call) => { call(1); throw undefined; };'))?.(quick());
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(undefined);
  });
});

describe('a body that cannot tell what it comes to is waited for', () => {
  it.each([
    [
      'one that declares a function twice',
      'exports.f = function (call) { var g = call(1); function g() {} return { x: g }; };',
    ],
    [
      'one that declares the name of a parameter',
      'exports.f = function (call, g) { function g() {} return { x: call(1) }; };',
    ],
  ])('%s', async (_, text) => {
    const result = twinOf(load(text))?.(quick());
    expect(result).toBe(SUSPENDED);
    expect(unbox(await take())).toEqual({ x: [1] });
  });
  it('also where it throws', async () => {
    const f = load('exports.f = function (call) { var g = call(1); function g() {} throw new RangeError("no"); };');
    expect(twinOf(f)?.(quick())).toBe(SUSPENDED);
    await expect(take()).rejects.toThrow(new RangeError('no'));
  });
});

it('the body of an async generator waits although nobody waits for its call', async () => {
  const list = load('exports.f = async function* (call, x = call(1)) { yield [x, call(2)]; };');
  const { value } = await list(quick()).next();
  expect(value).toEqual([1, [2]]);
});

it('a constructor that suspends in nothing makes its object at once', () => {
  const f = load('exports.f = class { constructor(call) { this.x = call(1); } };');
  expect(constructionOf(f)?.(f, [quick()])).toEqual({ x: [1] });
});

describe('parameters that call functions leave the call to the body', () => {
  const ready = 'function touch(b) { if (b) call(1); } async function ready() { touch(false); }';
  it.each([
    ['of a function', `${ready} function g(p = ready()) { return { x: call(1) }; } return g();`],
    ['of a constructor', `${ready} class C { constructor(p = ready()) { this.x = call(1); } } return { ...new C() };`],
    [
      'that make fields',
      `class A {} class B extends A { y = 1; constructor(p = super()) { this.x = call(1); } } return { ...new B() };`,
    ],
    [
      'whose names the body has',
      `const d = 1; function g(p = call(d)) { const d = p; return { x: call(1), d }; } return g();`,
    ],
  ])('%s', (_, body) => {
    for (const compact of [false, true]) {
      expect(twinOf(load(`exports.f = (call) => { ${body} };`, compact))?.(quick())).toMatchObject({ x: [1] });
    }
  });
});

it('promise callbacks do not come in between', async () => {
  const f = load(`
    exports.f = async (call) => {
      let last = 0;
      const check = (id) => { if (id < 0) call(id); };
      const next = () => { const id = last + 1; check(id); last = id; return id; };
      return Promise.all([1, 2, 3].map(async () => { await null; return next(); }));
    };`);
  expect(await f(quick())).toEqual([1, 2, 3]);
});

describe('a program that has a `$` of its own keeps it', () => {
  it.each([
    [
      'in front of a brace',
      'class ${ x() { return [1]; } } exports.f = (call) => { call(1); return { x: new (class extends ${})().x() }; };',
    ],
    ['as an escape', 'const \\u0024 = [1]; exports.f = (call) => { call(1); return { x: \\u0024 }; };'],
    ['in a template', 'const $ = [1]; exports.f = (call) => { call(1); `${$}`; return { x: $ }; };'],
  ])('%s', (_, text) => {
    for (const compact of [false, true]) expect(twinOf(load(text, compact))?.(quick())).toMatchObject({ x: [1] });
  });
});

it('setters that a program puts on Object.prototype are not asked', () => {
  const names = ['e', 'isAwaited', 'isTold', 'it', 'p', 'returned', 'turn'];
  const asked: string[] = [];
  const f =
    'function g() { call(1); throw new RangeError("no"); } try { g(); } catch (error) { return { x: call(1), m: error.message }; }';
  const forms = [false, true].map((compact) => twinOf(load(`exports.f = (call) => { ${f} };`, compact)) as Callable);
  const call = quick();
  const results: unknown[] = [];
  try {
    for (const name of names) {
      const set = () => asked.push(name);
      Object.defineProperty(Object.prototype, name, { configurable: true, get: () => undefined, set });
    }
    for (const form of forms) results.push(form(call));
  } finally {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
  }
  expect(results).toEqual([
    { x: [1], m: 'no' },
    { x: [1], m: 'no' },
  ]);
  expect(asked).toEqual([]);
});

describe('where the stack is full', () => {
  it.each([false, true])('a RangeError is thrown, and no promise is left rejected (compact: %s)', (compact) => {
    const f = load('exports.f = (call, n) => { call(n); return n === 0 ? 0 : 1 + exports.f(call, n - 1); };', compact);
    const form = twinOf(f) as Callable;
    const call = quick();
    let failed = 0;
    // How much room is left where it fails is another each time; vitest fails where a rejection is unhandled.
    for (let i = 0; i < 200; i++) {
      const pad = (depth: number): unknown => (depth === 0 ? form(call, 1e6) : pad(depth - 1));
      try {
        pad(i);
      } catch (error) {
        if (error instanceof RangeError) failed++;
      }
    }
    expect(failed).toBe(200);
    expect(form(call, 10)).toBe(10);
  });
});
