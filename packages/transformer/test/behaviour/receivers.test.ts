/** `this`, arguments and `new.target` in every form of a call. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

/** A program in strict mode whose `it.who` blocks and tells its receiver. */
const strict = (body: string, top = '') => `
  'use strict';
  const it = { name: 'it', who(...args) { const before = this; block(0); return [before === this, this === undefined ? 'undefined' : this?.name ?? String(this), args.length]; } };
  function who(...args) { block(0); return [this === undefined ? 'undefined' : this?.name ?? String(this), args.length]; }
  ${top}
  async function main() { ${body} }`;

describe('this is what the call says', () => {
  behaveAsBefore({
    'of a method': strict(`log(it.who(1, 2)); log((it.who)(1)); log(it['who'](1)); log(it['wh' + 'o'](...[1, 2, 3]));`),
    'of a detached function': strict(
      `const { who: own } = it; log(own()); log((0, it.who)()); log(who()); const f = it.who; log(f(1));`,
    ),
    'of a method of this': strict(
      `log(it.outer());`,
      `it.outer = function () { return [this.who(), (() => this.who(1))(), this.name]; };`,
    ),
    'by call and apply': strict(
      `log(it.who.call({ name: 'other' }, 1)); log(it.who.apply({ name: 'another' }, [1, 2])); log(who.call(null)); log(who.call(1)); log(who.apply(undefined));`,
    ),
    'by call of call and call of apply': strict(
      `log(Function.prototype.call.call(who, { name: 'deep' }, 1)); log(Function.prototype.apply.call(who, { name: 'deeper' }, [1])); log(who.call.call(it.who, { name: 'x' })); log(block(1));`,
    ),
    'by Reflect.apply': strict(
      `log(Reflect.apply(it.who, { name: 'reflected' }, [1, 2])); log(Reflect.apply(who, undefined, []));`,
    ),
    'by bind, once and twice': strict(
      `const bound = it.who.bind({ name: 'bound' }, 1); log(bound(2)); log(bound.bind({ name: 'ignored' }, 2)(3)); log([bound.name, bound.length]); log(bound.call({ name: 'ignored' }));`,
    ),
    'of optional calls': strict(
      `const none = null; log(it?.who?.(1)); log(it.who?.()); log(it?.['who'](1, 2)); log([none?.who(), none?.who.call(), it.missing?.(block(1)), it.missing?.who()]); log((it?.who)(1));`,
    ),
    'of tagged templates': strict(
      `log(it.who\`a\${block(1)}b\`); log(who\`a\`); log(it["who"]\`\${1}\${2}\`); log(it.tag\`x\${block(2)}y\`);`,
      `it.tag = function (strings, ...values) { return [this.name, strings.raw.join('|'), Object.isFrozen(strings), block(values)]; };`,
    ),
    'of the same template object each time': strict(
      `const seen = []; for (let i = 0; i < 2; i++) seen.push(it.same\`x\${i}\`); log(seen[0] === seen[1]);`,
      'it.same = function (strings) { block(0); return strings; };',
    ),
    'of super': strict(
      `log(new Derived().who(1)); log(Derived.who()); log(derived.who(2));`,
      `class Base { name = 'instance'; who(x) { block(0); return [this.name, x]; } static who() { block(0); return this.name; } }
       class Derived extends Base { who(x) { return [super.who(x), super['who'](x + 1), (() => super.who(x + 2))()]; } static who() { return [super.who(), super.who?.()]; } }
       const derived = { __proto__: it, name: 'derived', who(x) { return [super.who(x), this.name]; } };`,
    ),
    'of callbacks with a thisArg': strict(
      `log([1].map(it.who, { name: 'arg' })); log([1].map(it.who)); log([2].filter(who, 'text').length); new Map([[1, 2]]).forEach(function () { log([this.name, block(1)]); }, it); log(Array.from([1], who, it));`,
    ),
    'of arrow functions': strict(
      `log(it.arrow().call({ name: 'ignored' })); log(it.arrow()());`,
      `it.arrow = function () { return () => [this.name, block(arguments.length)]; };`,
    ),
    'of getters and of what they return': strict(
      `log(it.got(1)); log(it.got.call({ name: 'y' })); log(block(1));`,
      `Object.defineProperty(it, 'got', { get() { const outer = this.name; return function () { return [outer, this.name, block(1)]; }; } });`,
    ),
    'of private methods and fields': strict(
      `log(new Private().run()); log(Private.run());`,
      `class Private { name = 'private'; #who(x) { return [this.name, block(x)]; } #field = function (x) { return [this.name, block(x)]; }; run() { return [this.#who(1), this?.#who(2), this.#field(3), this.#who.call({ name: 'other' }, 4)]; }
         static #own() { return this.name + block('!'); } static run() { return this.#own(); } }`,
    ),
    'of constructors and new.target': strict(
      `const made = new Made(block(1)); log([made.value, made.target === Made, made instanceof Made]); log(Reflect.construct(Made, [2], Heir).target === Heir); log(plain()); log(new plain().target);`,
      `function Made(value) { this.value = value; this.target = new.target; } class Heir {} function plain() { block(0); return { target: new.target === undefined ? 'none' : new.target === plain }; }`,
    ),
    'of a call with spread, holes and trailing undefined': strict(
      `log(it.who(...[1, , 3], undefined, ...'ab')); log(who(undefined)); log(who());`,
    ),
    'of a call of a call': strict(
      `log(it.factory()(1)); log(it.factory().call({ name: 'x' }));`,
      `it.factory = function () { const { name } = this; return function () { return [name, this === undefined ? 'undefined' : this.name, block(1)]; }; };`,
    ),
    'of a receiver that is replaced while arguments are evaluated': strict(
      `let o = it; log(o.who((o = { who: () => 'replaced' }, block(1)))); log(o.who());`,
    ),
    'of a method that is replaced while arguments are evaluated': strict(
      `const o = { name: 'o', m: it.who }; log(o.m((o.m = () => 'replaced', block(1)))); log(o.m());`,
    ),
    'of primitive receivers': strict(
      `log('text'.who()); log((5).who());`,
      `for (const P of [String, Number]) Object.defineProperty(P.prototype, 'who', { configurable: true, value: function () { return [typeof this, this.valueOf(), block(1)]; } });`,
    ),
  });
});

describe('this in sloppy mode', () => {
  behaveAsBefore({
    'is the global object, or an object of a primitive': `
      function who() { const before = this; block(0); return [this === globalThis, typeof this, before === this]; }
      async function main() { log(who()); log(who.call(null)); log(who.call('text')); log(who.call(5)[1]); log([1].map(who)); const o = { who }; log((0, o.who)()); log(o.who()[0]); }`,
    'of a comparator, a replacer and a reducer': `
      async function main() {
        log([2, 1].sort(function (a, b) { block(0); log(this === globalThis); return a - b; }));
        log('ab'.replace(/b/, function (m) { return m + block(this === globalThis); }));
        log([1, 2].reduce(function (a, b) { return a + block(b) + (this === globalThis ? 10 : 0); }));
      }`,
    'arguments keep their aliases, length and callee': `
      function f(a, b) { block(0); a = 'changed'; return [arguments[0], arguments.length, b]; }
      async function main() { log(f(1, 2)); log(f(1)); log(f()); log(f(1, 2, 3, 4)); }`,
  });
});

describe('what is not callable', () => {
  behaveAsBefore({
    'says so as before, after the arguments were evaluated': `
      const o = { name: 'o', text: 'x', nested: {} };
      let none;
      function attempt(run) { try { run(); } catch (error) { log([error.constructor === TypeError, error.message]); } }
      async function main() {
        const steps = [];
        const step = (x) => { steps.push(block(x)); };
        attempt(() => { o.text(step(1)); });
        attempt(() => { o.missing(step(2)); });
        attempt(() => { none(step(3)); });
        attempt(() => { none.method(step(4)); });
        attempt(() => { o.nested.deep.er(step(5)); });
        attempt(() => { o['text'](step(6)); });
        attempt(() => { new o.text(step(7)); });
        attempt(() => { [1].map(o.text); });
        attempt(() => { (() => 1)()(step(8)); });
        log(steps);
      }`,
  });
});

describe('functions that are walked over as objects', () => {
  behaveAsBefore({
    'are frozen deeply, and block as before': `
      function freeze(object) {
        for (const key of Reflect.ownKeys(object)) {
          const value = object[key];
          if (value !== null && /object|function/.test(typeof value)) freeze(value);
        }
        return Object.freeze(object);
      }
      const api = freeze({ arrow: (x) => block(x), method(x) { return block(x); }, nested: { inner: (x) => [block(x)] } });
      async function main() { log(api.arrow(1), api.method(2), api.nested.inner(3), Object.isFrozen(api.arrow)); }`,
  });
});
