/** Objects whose making blocks: with classes of Node, across the border between compiled and uncompiled code, several at a time. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/engine.js';
import { behaveAsBefore, run } from './harness.js';

/** A program with an uncompiled module that is given a compiled class, or gives one. */
const beside = (uncompiled: string, text: string) => ({ text, uncompiled: { beside: uncompiled } });

describe('classes that extend those of Node', () => {
  behaveAsBefore({
    'an emitter, whose constructor reads, registers and emits': `
      const { EventEmitter } = require('events');
      class Config extends EventEmitter {
        #listeners = 0; path = FILE;
        constructor(options) {
          super({ captureRejections: true }); log(Object.keys(this).includes('path')); this.on('loaded', (x) => { this.#listeners++; log(['heard', x, this instanceof Config]); });
          this.text = fs.readFileSync(this.path, 'utf8').slice(0, 2); this.emit('loaded', block(options));
        }
        get heard() { return this.#listeners; }
      }
      async function main() { const one = new Config('a'); log([one.text, one.heard, one.listenerCount('loaded'), one instanceof EventEmitter]); one.emit('loaded', 'b'); log(one.heard); }`,
    'a stream, whose constructor reads what it then writes': `
      const { Transform, Readable } = require('stream'); const { once } = require('events');
      class Prefix extends Transform {
        seen = 0;
        constructor(prefix) { super({ decodeStrings: false }); this.prefix = block(prefix); this.size = fs.statSync(FILE).size > 0; }
        _transform(chunk, encoding, done) { this.seen++; done(null, this.prefix + chunk); }
      }
      async function main() {
        const stream = new Prefix('> '); const parts = []; stream.on('data', (x) => parts.push(String(x)));
        Readable.from(['a', 'b']).pipe(stream); await once(stream, 'end'); log([parts, stream.seen, stream.size]);
      }`,
    'an error, whose stack begins where it was made': `
      class Failure extends Error { name = 'Failure'; code = block('E' + this.message); constructor(message, options) { super(message, options); Error.captureStackTrace(this, this.constructor); this.file = fs.existsSync(FILE); } }
      function fail() { block(0); throw new Failure('bad', { cause: 1 }); }
      async function main() { try { fail(); } catch (error) { log([String(error), error.code, error.cause, error.file, error.stack.split('\\n')[0], frames(error).map((name) => name.replace('async ', '')).slice(0, 2)]); } }`,
    'a constructor that returns before `super()`, which Node 20 notices earlier than others': `
      class C extends Object { constructor(r) { try { return r; } catch (error) { log(error.name); } finally { super(); this.x = block(3); } } } class D extends Object { constructor(early) { try { if (early) return block(early); const f = () => { return; }; f(); block(0); return; } catch (error) { log(error.name); } finally { log('finally'); } } }
      const tried = (f) => { try { return Object.keys(f()); } catch (error) { return [error.name, error.message]; } };
      async function main() { for (const r of [undefined, { o: 1 }, 7]) log(tried(() => new C(r))); for (const early of [1, 0]) log(tried(() => new D(early))); }`,
    'a map, an array, a promise': `
      class Table extends Map { constructor(rows) { super(rows.map((row) => [row.id, row])); this.first = block(this.keys().next().value); } }
      class List extends Array { constructor(n) { super(n); if (n > 1) this.label = block('list'); } static get [Symbol.species]() { return Array; } }
      class Task extends Promise { constructor(executor) { super(executor); this.name = block('task'); } static get [Symbol.species]() { return Promise; } }
      async function main() {
        const table = new Table([{ id: 1 }, { id: 2 }]); log([table.first, table.size, table.get(2).id]);
        const list = new List(2).fill(0); log([list.length, list.label, list.map((x) => x) instanceof List]);
        const task = new Task((resolve) => resolve('done')); log([task.name, task instanceof Task, await task]);
      }`,
  });
});

describe('constructors on both sides', () => {
  behaveAsBefore({
    'a compiled class of an uncompiled parent': beside(
      `module.exports = class Base { #own = 'own'; constructor(x) { this.x = x; this.init?.(); this.target = new.target.name; } own() { return this.#own; } };`,
      `const Base = require('beside');
       class Sub extends Base { #value = block('value'); late = 'late'; constructor(x) { super(block(x)); this.y = block(this.own()); } init() { log(['init', Object.keys(this)]); } value() { return this.#value; } }
       class Plain extends Base { z = block('z'); }
       async function main() { const sub = new Sub(1); log([{ ...sub }, sub.value()]); log({ ...new Plain(2) }); }`,
    ),
    'an uncompiled class of a compiled parent, and a compiled one of that': beside(
      `module.exports = (Base) => class Middle extends Base { m = 'm'; constructor(x) { super(x); this.after = Object.keys(this).length; } };`,
      `class Base { b = block('b'); #p = 1; constructor(x) { this.x = block(x); } p() { return this.#p; } }
       const Middle = require('beside')(Base);
       class Leaf extends Middle { #q = block(2); constructor(x) { super(x); this.leaf = block([this.#q, this.p()]); } }
       async function main() { log({ ...new Middle(1) }); log({ ...new Leaf(2) }); log(new Leaf(3) instanceof Middle); log({ ...new Base(4) }); }`,
    ),
    'a compiled class that uncompiled code constructs': beside(
      `module.exports = (Class) => { const one = new Class('sync'); return [{ ...one }, one.value()]; };`,
      `class Store { #value = block('private'); constructor(x) { this.x = block(x); } value() { return this.#value; } }
       async function main() { log(require('beside')(Store)); const store = new Store('async'); log([{ ...store }, store.value()]); }`,
    ),
    'a class that is mocked, and one that is replaced': `
      const services = { Client: class Client { constructor(x) { this.x = block(x); } }, Other: class Other { y = block('other'); } };
      const make = (x) => [new services.Client(x), new services.Other()];
      async function main() {
        log(make(1).map((o) => ({ ...o })));
        const spy = vi.spyOn(services, 'Client').mockImplementation(function (x) { this.mocked = x; }); log(make(2).map((o) => ({ ...o }))); log(spy.mock.calls); spy.mockRestore();
        services.Other = class { z = 1; }; log(make(3).map((o) => ({ ...o }))); log(block(1));
      }`,
    'functions that are classes of old': `
      const util = require('util'); const { EventEmitter } = require('events');
      function Connection(url) { if (!(this instanceof Connection)) return new Connection(url); EventEmitter.call(this); this.url = block(url); this.key = fs.readFileSync(FILE, 'utf8').length > 0; this.emit('ready'); }
      util.inherits(Connection, EventEmitter); Connection.prototype.send = function (x) { return [this.url, block(x)]; };
      function Pool(size) { Connection.call(this, 'pool'); this.all = Array.from({ length: size }, (_, i) => new Connection('c' + i)); } util.inherits(Pool, Connection);
      class Modern extends Pool { name = block('modern'); constructor() { super(2); } }
      async function main() {
        const pool = new Pool(2); log([pool.url, pool.key, pool.all.map((c) => c.send(1)), pool instanceof EventEmitter, pool.constructor === Pool]); log(Connection('plain').send(2));
        const modern = new Modern(); log([modern.name, modern.all.length, modern.send('m'), modern instanceof Pool]);
      }`,
  });
});

describe('several objects in the making', () => {
  behaveAsBefore({
    'of one class with private names, each with its own': `
      class Base { constructor(id) { this.id = block(id); } }
      class Item extends Base { #id; #twice = block(this.id) + this.id; constructor(id) { super(id); this.#id = block(id); } all() { return [this.id, this.#id, this.#twice]; } }
      async function make(id) { return new Item(id).all(); }
      async function main() { log(await Promise.all([1, 2, 3, 4].map(make))); log(Object.getPrototypeOf(Item) === Base); }`,
    'in handlers, and in constructors': `
      class Part { #n = block(1); constructor(n) { this.n = n; } sum() { return this.n + this.#n; } }
      class Whole { parts = [new Part(1), new Part(2)]; more = [3, 4].map((n) => new Part(block(n))); sum() { return [...this.parts, ...this.more].reduce((sum, part) => sum + part.sum(), 0); } }
      async function main() { setTimeout(() => log(new Whole().sum()), 1); await later(20); setImmediate(() => log(typeof new Part(1).sum())); await later(20); log(new Whole().sum()); }`,
  });
});

describe('the stack of an error in a constructor', () => {
  test('names the classes that are being made', async () => {
    const text = `
      class Inner { constructor() { this.x = block(0); throw new Error('x'); } } class Outer extends Inner { constructor() { super(); } }
      function make() { return new Outer(); } async function main() { try { make(); } catch (error) { log(frames(error)); } }`;
    const plain = async (form: 'original' | 'whole' | 'alone') =>
      ((await run({ text }, form)).log[0] as string[]).map((name) => name.replace(/^async /, ''));
    const original = await plain('original');
    expect(original).toEqual(['new Inner', 'new Outer', 'make', 'main']);
    expect(await plain('whole')).toEqual(original);
    expect(await plain('alone')).toEqual(original);
  });
});

describe('the report on constructors', () => {
  const verdicts = (text: string) =>
    compile({
      modules: [{ fileName: '/app/main.js', text: `const fs = require('fs'); ${text}`, kind: 'commonjs' }],
      resolve: () => undefined,
      closed: true,
      options: { patch: {}, runtime: 'runtime' },
    }).verdicts;
  const told = (text: string) =>
    verdicts(text).map(({ status, reasons, patchedChain }) => [
      status,
      ...reasons.map(({ rule }) => rule),
      ...(patchedChain ?? reasons[0]?.chain ?? []).map(({ name }) => name),
    ]);
  const rules = (text: string) =>
    verdicts(text).map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)]);
  const handler = (code: string) => `setTimeout(function handler() { ${code} }, 1);`;

  test('leads through what is made', () => {
    const store = "class Store { constructor() { this.text = fs.readFileSync('x'); } }";
    const chain = ['handler (setTimeout)', 'new Store', 'fs.readFileSync'];
    expect(told(`${store} ${handler('new Store();')}`)).toEqual([['patched', ...chain]]);
    expect(told(`class Store { text = fs.readFileSync('x'); } ${handler('new Store();')}`)).toEqual([
      ['patched', ...chain],
    ]);
    expect(told(`${store} class Sub extends Store {} ${handler('new Sub();')}`)).toEqual([
      ['patched', 'handler (setTimeout)', 'new Sub', 'new Store', 'fs.readFileSync'],
    ]);
    expect(told(`function Store() { this.text = fs.readFileSync('x'); } ${handler('new Store();')}`)).toEqual([
      ['patched', 'handler (setTimeout)', 'Store', 'fs.readFileSync'],
    ]);
    expect(told(`${store} ${handler('Reflect.construct(Store, []);')}`)).toEqual([['patched', ...chain]]);
    expect(told(`${handler("class A { [fs.readFileSync('x')]() {} }")}`)).toEqual([
      ['patched', 'handler (setTimeout)', 'fs.readFileSync'],
    ]);
  });

  test('tells what stays synchronous', () => {
    const store = "class Store { constructor() { this.text = fs.readFileSync('x'); } }";
    expect(told(`${store} const store = new Store();`)).toEqual([
      ['blocking', 'initialisation', 'module initialisation', 'new Store', 'fs.readFileSync'],
    ]);
    expect(rules(`${store} const store = new Store(); ${handler('new Store();')}`)).toEqual([
      ['partly', 'initialisation'],
    ]);
    const wraps = 'constructor() { const late = () => super(); late(); }';
    expect(
      rules(
        `${store} class Failure extends Error { constructor() { super(); new Store(); } } ${handler('new Failure();')}`,
      ),
    ).toEqual([['blocking', 'constructor']]);
    expect(rules(`${store} class Sub extends Store { ${wraps} } ${handler('new Sub();')}`)).toEqual([
      ['blocking', 'constructor'],
    ]);
    expect(
      rules(`class Task extends Promise {} ${handler("new Task((done) => done(fs.readFileSync('x')));")}`),
    ).toEqual([['blocking', 'native-callback']]);
    expect(
      rules(
        `class Task extends Promise { constructor() { super((done) => done(fs.readFileSync('x'))); } } ${handler('new Task();')}`,
      ),
    ).toEqual([['blocking', 'native-callback']]);
  });
});
