/** Classes that are compiled in part: overriding, `super` and mixins across the border between compiled and uncompiled code. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

const STORE = `
  class Store {
    constructor(name) { this.name = name; }
    load(key) { return [this.name, this.decode(fs.readFileSync(FILE, 'utf8').slice(0, 2)), key]; }
    decode(text) { return 'decoded ' + text; }
    both() { return [this.load('a'), this.load('b')]; }
    static open(name) { block(0); return new this(name); }
    static get kind() { return 'store'; }
  }
`;

/** A program with a compiled class `Store` and an uncompiled module that extends it. */
const extended = (uncompiled: string, body: string) => ({
  text: `${STORE} const Sub = require('sub')(Store); async function main() { ${body} }`,
  uncompiled: { sub: `module.exports = (Store) => ${uncompiled};` },
});

describe('an uncompiled subclass of a compiled class', () => {
  behaveAsBefore({
    'inherits methods': extended('class Sub extends Store {}', `log(new Sub('sub').both()); log(Sub.open('x').name);`),
    'overrides a method that compiled code calls': extended(
      `class Sub extends Store { load(key) { return ['sub', this.name, key]; } }`,
      `log(new Sub('sub').both()); log(new Store('base').both());`,
    ),
    'overrides a method and calls super': extended(
      `class Sub extends Store { load(key) { const found = super.load(key + '!'); return ['sub', ...found, Array.isArray(found)]; } }`,
      `log(new Sub('sub').both()); log(new Sub('x').load('y')); log(block(1));`,
    ),
    'overrides what a compiled method calls after it suspended': extended(
      `class Sub extends Store { decode(text) { return ['sub', this.name, super.decode(text)]; } }`,
      `log(new Sub('sub').both());`,
    ),
    'overrides a static method and calls super': extended(
      `class Sub extends Store { static open(name) { const made = super.open('sub ' + name); return [made instanceof Sub, made.name]; } }`,
      `log(Sub.open('x')); log(Store.open('y').name); log(Sub.kind);`,
    ),
    'overrides by an async method': extended(
      `class Sub extends Store { async load(key) { return [key, super.load(key)]; } }`,
      `const loads = new Sub('sub').both(); log(loads.map((x) => x instanceof Promise)); log(await Promise.all(loads)); log(block(1));`,
    ),
    'overrides by an accessor': extended(
      `class Sub extends Store { get decode() { return (text) => ['got', this.name, text]; } }`,
      `log(new Sub('sub').both());`,
    ),
    'throws from an override': extended(
      `class Sub extends Store { decode() { throw new RangeError('of ' + this.name); } }`,
      `try { new Sub('sub').both(); } catch (error) { log([error.name, error.message, error instanceof RangeError]); }`,
    ),
    'is one by prototypes': extended(
      `{ function Sub(name) { this.name = name; } Object.setPrototypeOf(Sub.prototype, Store.prototype);
         Sub.prototype.decode = function (text) { return ['sub', Store.prototype.decode.call(this, text)]; }; return Sub; }`,
      `log(new Sub('sub').both()); log(new Sub('x') instanceof Store);`,
    ),
    'has its method replaced on the instance': extended(
      'class Sub extends Store {}',
      `const one = new Sub('sub'); one.load = (key) => ['own', key, one instanceof Sub]; log(one.both()); log(new Sub('x').both());`,
    ),
  });
});

/** A program with a compiled subclass of a class that an uncompiled module exports. */
const extending = (uncompiled: string, classes: string, body: string) => ({
  text: `const Base = require('base'); ${classes} async function main() { ${body} }`,
  uncompiled: { base: `module.exports = ${uncompiled};` },
});

describe('a compiled subclass of an uncompiled class', () => {
  behaveAsBefore({
    'overrides what the base calls synchronously': extending(
      `class Base { run() { const text = this.read(); return [typeof text, text.length]; } read() { return ''; } }`,
      `class Sub extends Base { read() { return fs.readFileSync(FILE, 'utf8').slice(0, 3); } }`,
      `const one = new Sub(); log(one.run()); log(one.read().length); log(block(1));`,
    ),
    'calls super after it suspended, and before': extending(
      `class Base { greet(name) { return ['hello', name, this.tag, new.target]; } static make() { return new this(); } }`,
      `class Sub extends Base { tag = 'sub'; greet(name) { const first = super.greet(name); return [first, super.greet(block(name + '!'))]; }
         static make() { block(0); return super.make(); } }`,
      `log(new Sub().greet('x')); log(Sub.make() instanceof Sub);`,
    ),
    'extends Map and is called by its iteration': extending(
      `Map`,
      `class Table extends Map { get(key) { return this.has(key) ? super.get(block(key)) : fs.existsSync(FILE); } }`,
      `const table = new Table([['a', 1]]); log([table.get('a'), table.get('b'), [...table], table.size]);`,
    ),
    'extends Error': extending(
      `class Base extends Error { get name() { return this.constructor.name; } }`,
      `class Failure extends Base { describe() { return [block(this.message), this.name, String(this)]; } }`,
      `try { throw new Failure('bad', { cause: 'x' }); } catch (error) { log([error.describe(), error.cause, error instanceof Base]); }`,
    ),
    'extends EventEmitter': extending(
      `require('events')`,
      `class Bus extends Base { publish(x) { return this.emit('message', block(x)); } }`,
      `const bus = new Bus(); bus.on('message', function (x) { log([x, this === bus, block('listened')]); }); log(bus.publish(1)); log(bus.listenerCount('message'));`,
    ),
    'extends Array, whose methods make it anew': extending(
      `Array`,
      `class List extends Base { load() { return this.map((x) => block(x * 2)); } }`,
      `const doubled = List.of(1, 2).load(); log([doubled instanceof List, doubled.length, [...doubled]]);`,
    ),
    'is extended by an uncompiled class again': {
      text: `class Middle extends require('base') { step(x) { return ['middle', super.step(block(x))]; } }
        const Leaf = require('leaf')(Middle);
        async function main() { log(new Leaf().step(1)); log(new Leaf().twice(2)); log(block(1)); }`,
      uncompiled: {
        base: `module.exports = class Base { step(x) { return ['base', x]; } twice(x) { return [this.step(x), this.step(x)]; } };`,
        leaf: `module.exports = (Middle) => class Leaf extends Middle { step(x) { return ['leaf', super.step(x)]; } };`,
      },
    },
  });
});

describe('uncompiled code', () => {
  behaveAsBefore({
    'calls a compiled method synchronously': {
      text: `${STORE} const use = require('use'); async function main() { log(use(new Store('s'))); log(new Store('t').both()); }`,
      uncompiled: {
        use: `module.exports = (store) => { const [name, , key] = store.load('k'); return [name, key, store.both().length]; };`,
      },
    },
    'calls a compiled function that it was given as callback, and uses the result': {
      text: `const sum = require('sum'); async function main() { log(sum([1, 2], (x) => block(x * 10))); log(block(1)); }`,
      uncompiled: { sum: `module.exports = (list, fn) => list.map((x) => fn(x) + 1);` },
    },
    'keeps a compiled callback for compiled code to call': {
      text: `const registry = require('registry');
        registry.set('read', (path) => fs.readFileSync(path, 'utf8').length > 0);
        async function main() { log(registry.get('read')(FILE)); log(registry.call('read', FILE)); log(block(1)); }`,
      uncompiled: {
        registry: `const all = {}; module.exports = { set: (k, fn) => { all[k] = fn; }, get: (k) => all[k], call: (k, x) => all[k](x) };`,
      },
    },
    'binds a compiled method': {
      text: `${STORE} const bind = require('bind'); async function main() { const load = bind(new Store('s')); log(load('k')); log(block(1)); }`,
      uncompiled: { bind: `module.exports = (store) => store.load.bind(store);` },
    },
    'replaces a method of a compiled class': {
      text: `${STORE} require('patch')(Store); async function main() { log(new Store('s').both()); log(new Store('t').decode('x')); log(block(1)); }`,
      uncompiled: {
        patch: `module.exports = (Store) => { const { load } = Store.prototype; Store.prototype.load = function (key) { return ['patched', ...load.call(this, key)]; }; };`,
      },
    },
    'replaces a method for one call only': {
      text: `${STORE} const once = require('once');
        async function main() { once(Store.prototype, 'decode', () => 'once'); const s = new Store('s'); log(s.both()); log(s.both()); }`,
      uncompiled: {
        once: `module.exports = (target, key, fn) => { const genuine = target[key]; target[key] = (...args) => { target[key] = genuine; return fn(...args); }; };`,
      },
    },
  });
});

describe('mixins', () => {
  behaveAsBefore({
    'compiled, over compiled and uncompiled bases': {
      text: `
        const Base = require('base');
        const Loading = (Super) => class extends Super { load(x) { return ['loading', block(x), super.load?.(x)]; } };
        const Caching = (Super) => class Caching extends Super {
          #known = new Map();
          load(x) { if (!this.#known.has(x)) this.#known.set(x, super.load(x)); return ['caching', this.#known.get(x)]; }
        };
        class Own { load(x) { return ['own', block(x)]; } }
        const A = Caching(Loading(Own)); const B = Loading(Base); const C = Caching(Base);
        async function main() { const a = new A(); log([a.load(1), a.load(1)[1] === a.load(1)[1]]); log(new B().load(2)); log(new C().load(3)); log([A.name, B.name]); }`,
      uncompiled: { base: `module.exports = class Base { load(x) { return ['base', x]; } };` },
    },
    'uncompiled, over a compiled class': {
      text: `class Own { load(x) { return ['own', block(x)]; } twice(x) { return [this.load(x), this.load(x)]; } }
        const Logging = require('logging');
        class Logged extends Logging(Own) { load(x) { return ['logged', super.load(x)]; } }
        async function main() { const one = new Logged(); log(one.twice(1)); log(one.calls); log(block(1)); }`,
      uncompiled: {
        logging: `module.exports = (Super) => class extends Super { calls = []; load(x) { this.calls.push(x); return ['logging', super.load(x)]; } };`,
      },
    },
    'by copying methods to a prototype': `
      const Loads = { load(x) { return [this.name, block(x), this.decorate(x)]; } };
      class Target { name = 'target'; decorate(x) { return '<' + block(x) + '>'; } }
      Object.assign(Target.prototype, Loads);
      async function main() { log(new Target().load(1)); log(Loads.load === Target.prototype.load); log(Object.keys(Target.prototype)); }`,
    'by copying descriptors to a prototype': `
      class Loads { load(x) { return [this.name, block(x), super.toString()]; } }
      class Target { name = 'target'; }
      Object.defineProperties(Target.prototype, Object.getOwnPropertyDescriptors(Loads.prototype));
      async function main() { log(new Target().load(1)); log(new Target().constructor === Loads); }`,
    'by changing the prototype of a class later': `
      class A { load(x) { return ['A', block(x)]; } }
      class B { load(x) { return ['B', block(x)]; } }
      class C extends A { load(x) { return ['C', super.load(x)]; } }
      async function main() { const c = new C(); log(c.load(1)); Object.setPrototypeOf(C.prototype, B.prototype); log(c.load(2)); log([c instanceof A, c instanceof B]); }`,
  });
});
