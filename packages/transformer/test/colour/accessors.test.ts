/** Getters and setters are patched where asynchronous forms access them, and block where anything else may. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import type { Verdict } from '../../src/report/verdict.js';

const LOAD = "const fs = require('fs'), http = require('http'); const load = () => fs.readFileSync('x');";
const READ = 'get x() { return load(); }';
const WRITE = 'set x(v) { load(); }';

function serve(code: string): string {
  return `http.createServer(function handler(req, res) { ${code} });`;
}

function verdictOf(text: string, closed = true): Verdict {
  const { verdicts } = compile({
    modules: [{ fileName: '/app/module.js', text: `${LOAD} ${text}`, kind: 'commonjs' }],
    resolve: () => undefined,
    closed,
    options: { patch: {}, runtime: 'runtime' },
  });
  expect(verdicts).toHaveLength(1);
  return verdicts[0] as Verdict;
}

function statusOf(text: string, closed = true): string {
  const { status, reasons } = verdictOf(text, closed);
  return [status, ...reasons.map(({ rule }) => rule)].join(' ');
}

const PATCHED: Readonly<Record<string, string>> = {
  'of a class': `class A { ${READ} } ${serve('new A().x;')}`,
  'of a class whose instances are sent as text': `class A { ${READ} } ${serve('const a = new A(); a.x; res.end(JSON.stringify(a));')}`,
  inherited: `class A { ${READ} } class B extends A {} ${serve('new B().x;')}`,
  static: `class A { static ${READ} } ${serve('A.x;')}`,
  private: `class A { get #x() { return load(); } m() { return this.#x; } } ${serve('new A().m();')}`,
  'of an object literal': `const o = { ${READ} }; ${serve('o.x;')}`,
  'that is set': `class A { ${WRITE} } ${serve('new A().x = 1;')}`,
  'that is updated': `class A { ${WRITE} } ${serve('const a = new A(); a.x ??= 1;')}`,
  'of super': `class A { ${READ} } class B extends A { get x() { return super.x; } m() { return super.x; } } ${serve('const b = new B(); b.x; b.m();')}`,
  'that is destructured': `const o = { ${READ} }; ${serve('const { x } = o; const f = ({ x: y = 1 }) => y; f(o); for (const { x } of [o]); try { throw o; } catch ({ x }) {}')}`,
  'in an array pattern': `const o = { ${READ} }; ${serve('const [{ x }] = [o];')}`,
  'assigned by an array pattern': `const o = { ${WRITE} }; ${serve('[o.x] = [1];')}`,
  'that is spread': `const o = { ${READ} }; ${serve('({ ...o }); const { y, ...rest } = o;')}`,
  'that is called': `const o = { get x() { return load; } }; ${serve('o.x(); o?.x?.();')}`,
  'by a computed key': `const o = { ${READ} }; const key = String(process.argv); ${serve('o[key];')}`,
  'of a parameter': `class A { ${READ} } const f = (a) => a.x; ${serve('f(new A());')}`,
  decorated: `const d = (x) => x; class A { @d ${READ} } ${serve('new A().x;')}`,
  'in a function that a decorator returns': `const d = (f) => function () { return f.call(this); }; class A { @d ${READ} } ${serve('new A().x;')}`,
  'that a decorator makes of another': `const d = () => function () { return load(); }; class A { @d get x() { return 1; } } ${serve('new A().x;')}`,
  'in a descriptor of a decorator': `const d = (o, key, { get, set }) => ({ get() { return get.call(this); }, set(v) { set.call(this, v); } }); class A { @d get x() { return load(); } set x(v) { load(); } } ${serve('new A().x += 1;')}`,
  'that a decorator changes': `const d = (o, key, descriptor) => { descriptor.get = () => load(); }; class A { @d get x() { return 1; } } ${serve('new A().x;')}`,
  'that a decorator makes of a field': `const d = () => ({ get() { return load(); } }); class A { @d accessor x = 1; } ${serve('new A().x;')}`,
  'that is defined': `const o = {}; Object.defineProperty(o, 'x', { get() { return load(); } }); ${serve('o.x;')}`,
  'that is defined with others': `const o = {}; Object.defineProperties(o, { x: { get: () => load() } }); ${serve('o.x;')}`,
  'of a made object': `const o = Object.create(null, { x: { get: () => load() } }); ${serve('o.x;')}`,
  'that is defined the old way': `const o = {}; o.__defineGetter__('x', () => load()); ${serve('o.x;')}`,
  'where a loop assigns': `const o = { ${WRITE} }; ${serve('for (o.x of [1]); for (o.x in {}); ({ a: o.x } = {});')}`,
  'in a generator': `const o = { ${READ} }; function* all() { yield o.x; } ${serve('for (const x of all());')}`,
  'in static elements': `const o = { ${READ} }; ${serve('class A { static y = o.x; static { o.x; } }')}`,
  'in a constructor and its fields': `const o = { ${READ} }; class A { f = o.x; constructor() { this.y = o.x; } } ${serve('new A();')}`,
};

const BLOCKING: Readonly<Record<string, readonly [text: string, expected: string]>> = {
  'read while the module is initialised': [`class A { ${READ} } new A().x;`, 'blocking initialisation'],
  'read in a place that cannot wait': [
    `const o = { ${READ} }; ${serve('class A { static #y = o.x; }')}`,
    'blocking static-block',
  ],
  'of super in an arrow function': [
    `class A { ${READ} } class B extends A { m() { return (() => super.x)(); } } ${serve('new B().m();')}`,
    'blocking getter',
  ],
  'turned into JSON': [`const o = { ${READ} }; ${serve('JSON.stringify({ inner: o });')}`, 'blocking getter'],
  'copied by a builtin': [`const o = { ${READ} }; ${serve('Object.assign({}, o);')}`, 'blocking getter'],
  'written by a builtin': [`class A { ${WRITE} } ${serve('Object.assign(new A(), req);')}`, 'blocking setter'],
  'handed to a package': [
    `class A { ${READ} } ${serve("require('ejs').render('x', { a: new A() }); new A().x;")}`,
    'partly getter',
  ],
  'returned to a package': [
    `class A { ${READ} } require('pkg')(() => new A()); ${serve('new A().x;')}`,
    'partly getter',
  ],
  'behind a Proxy': [`const o = { ${READ} }; ${serve('new Proxy(o, {}).x;')}`, 'partly getter'],
  'in a with statement': [`const o = { ${READ} }; ${serve('with (o) { x; }')}`, 'blocking with'],
  'of no known name': [
    `const key = String(process.argv); class A { get [key]() { return load(); } } ${serve('new A().x;')}`,
    'partly getter',
  ],
  'defined for an object that is not known': [
    `function A() {} Object.defineProperty(A.prototype, 'x', { get: () => load() }); ${serve('new A().x;')}`,
    'partly getter',
  ],
  'that the language reads': [`class A { get then() { return load(); } } ${serve('new A().then;')}`, 'partly getter'],
  'that the language calls': [
    `class A { get toString() { return load(); } } ${serve('new A().toString();')}`,
    'blocking coercion',
  ],
  'decorated by a package': [
    `const d = require('decorators'); class A { @d ${READ} } ${serve('new A().x;')}`,
    'partly untransformed-package getter',
  ],
  'decorated beside a name that is not known': [
    `const d = (x) => x; class A { @d get [String(d)]() { return load(); } } ${serve('new A().x;')}`,
    'blocking getter decorated-method',
  ],
  'private and decorated': [
    `const d = (x) => x; class A { @d get #x() { return load(); } m() { return this.#x; } } ${serve('new A().m();')}`,
    'blocking decorated-method',
  ],
  'that nothing reads': [`const o = { ${READ} };`, 'blocking getter'],
};

describe('a call in an accessor is patched', () => {
  it.each(Object.entries(PATCHED))('%s', (_, text) => {
    expect(statusOf(text)).toBe('patched');
  });
});

describe('a call in an accessor blocks', () => {
  it.each(Object.entries(BLOCKING))('%s', (_, [text, expected]) => {
    expect(statusOf(text)).toBe(expected);
  });
});

describe('chains', () => {
  const names = (chain: Verdict['patchedChain']) => chain?.map(({ name }) => name);

  it('lead through the accesses of accessors', () => {
    expect(names(verdictOf(`class A { ${READ} } ${serve('new A().x;')}`).patchedChain)).toEqual([
      ...['handler (http createServer)', 'A#x', 'load', 'fs.readFileSync'],
    ]);
  });

  it('begin where the object is handed to code that reads it', () => {
    const { reasons } = verdictOf(`const o = { ${READ} }; ${serve('JSON.stringify(o);')}`);
    expect(names(reasons[0]?.chain)).toEqual(['handed to stringify', 'x', 'load', 'fs.readFileSync']);
  });

  it('begin with the accessor where it is not known who reads it', () => {
    const { reasons } = verdictOf(`const o = { ${READ} };`);
    expect(names(reasons[0]?.chain)).toEqual(['x', 'load', 'fs.readFileSync']);
  });
});

describe('a module on its own', () => {
  it('may be read by modules that are not at hand', () => {
    expect(statusOf(`class A { ${READ} } exports.A = A;`, false)).toBe('partly getter');
  });

  it('keeps its private names to itself', () => {
    const text = `class A { get #x() { return load(); } m() { return this.#x; } } ${serve('new A().m();')}`;
    expect(statusOf(text, false)).toBe('patched');
  });

  it('tells private names of classes apart', () => {
    const other = 'class B { #x = 1; static of(o) { return o.#x; } }';
    expect(statusOf(`class A { get #x() { return load(); } } ${other} ${serve('B.of(req);')}`)).toBe('blocking getter');
  });
});

describe('modules that seem to export themselves', () => {
  // mongoose has this: `module.exports = require('mongodb').BulkWriteResult` beside `exports.BulkWriteResult = require('./result')`.
  it('are looked at once', () => {
    const texts = {
      './result': "module.exports = require('driver').Result;",
      './index': `${LOAD} class A { ${READ} } exports.A = A; exports.Result = require('./result'); ${serve("require('./result').x; new A().x;")}`,
    };
    const { verdicts } = compile({
      modules: Object.entries(texts).map(([fileName, text]) => ({ fileName, text, kind: 'commonjs' })),
      resolve: (specifier) => (specifier in texts ? specifier : undefined),
      closed: true,
      options: { patch: {}, runtime: 'runtime' },
    });
    expect(verdicts.map(({ status }) => status)).toEqual(['patched']);
  });
});
