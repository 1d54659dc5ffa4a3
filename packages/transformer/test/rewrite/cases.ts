/** Programs over the constructs of the language: name, and the body of `main(block, log)` with what stands before it. */
export const CASES: Readonly<Record<string, string>> = {
  'plain calls': 'export function main(block, log) { log(1); const x = block(2); log(x); return x + block(3); }',
  'executors of promises': `
    export function main(block, log) {
      const load = (x) => new Promise(function executor(resolve, reject) {
        log([x, arguments.length, this === undefined, executor.name, executor.length]);
        if (block(x) > 2) throw new Error('large'); resolve(block(x)); log('resolved');
      });
      const made = [load(block(1)), new Promise((resolve) => { resolve(load(2)); log('outer'); }), load(3)]; log('made');
      made[2].catch(() => {});
      const Other = class { constructor(executor) { this.x = executor(block); } }; log(new Other((f) => f(1)).x);
      const local = ((Promise) => new Promise((f) => f(2)))(Other); log(local.x);
      let none = 'nothing'; try { new Promise(block(4)); } catch (error) { none = error.message; }
      return [none, made.every((one) => Object.getPrototypeOf(one) === Promise.prototype), new Promise(() => { block(5); }) instanceof Promise];
    }`,
  'order of evaluation': `
    export function main(block, log) {
      const note = (x) => { log(x); return x; };
      let a = 1;
      const change = () => { a = block(5); return a; };
      return [note(1) + block(2) * note(3), a + change() + a, { x: note(4), y: block(5), z: note(6) }, \`\${note(7)}\${block(8)}\`];
    }`,
  'arrows, closures and recursion': `
    export function main(block, log) {
      const add = (x) => (y) => block(x) + y;
      const fact = function self(n) { return n < 2 ? 1 : n * self(block(n) - 1); };
      function even(n) { return n === 0 ? true : odd(block(n) - 1); }
      function odd(n) { return n === 0 ? false : even(n - 1); }
      return [add(1)(2), fact(5), fact.name, add.name, even(6)];
    }`,
  'hoisted function called before its declaration': `
    export function main(block, log) { return later(1); function later(x) { return block(x) + 1; } }`,
  'classes: inheritance, super, static, private, computed': `
    class Base { read(x) { return this.block(x) + 1; } static make(block) { const o = new this(); o.block = block; return o; } }
    const key = 'computed';
    class Derived extends Base {
      read(x) { return super.read(x) * 10; }
      #secret(x) { return this.block(x) + 0.5; }
      secret(x) { return this.#secret(x) + this?.read(x); }
      static #hidden(block) { return block(9); }
      static reveal(block) { return this.#hidden(block); }
      [key](x) { return this.block(x); }
      field = (x) => this.block(x) + this.read(x);
      asValue(x) { return [x].map(this.#secret, this); }
    }
    export function main(block, log) {
      const d = Derived.make(block);
      return [d.read(1), d.secret(2), Derived.reveal(block), d.computed(3), d.field(4), d.read.name, d.field.name, d.asValue(5)];
    }`,
  'object methods and this': `
    export function main(block, log) {
      const o = { n: 3, get(x) { return block(x) + this.n; }, arrow: (x) => block(x), 'quoted key'(x) { return block(x); } };
      const { arrow } = o;
      return [o.get(1), o['get'](2), arrow(3), o['quoted key'](4), o.get.name, o.get.length, 'prototype' in o.get];
    }`,
  'optional calls and chains': `
    export function main(block, log) {
      const o = { a: { f(x) { return { g: (y) => block(x + y), z: this.tag }; }, tag: 't' } };
      const none = undefined;
      return [o?.a.f(1).g(2), o.a?.f?.(3)?.g(4), none?.a.f(log('never')), o.missing?.(log('never')), o.a?.f(1)?.z, (o?.a).f(5).g(6)];
    }`,
  'tagged templates': `
    export function main(block, log) {
      const tag = (strings, ...values) => strings.raw.join('|') + values.map((v) => block(v)).join();
      const o = { n: 1, tag(strings, v) { return this.n + strings[0] + block(v); } };
      return [tag\`a\${1}b\${2}\`, o.tag\`x\${3}\`];
    }`,
  'array callbacks': `
    export function main(block, log) {
      const xs = [3, 1, 2];
      return [
        xs.map((x) => block(x) * 2), xs.filter((x) => block(x) > 1), xs.reduce((a, x) => a + block(x), 0),
        [...xs].sort((a, b) => block(a) - block(b)), xs.find((x) => block(x) === 2), xs.some((x) => block(x) === 9),
        xs.every((x) => block(x) > 0), xs.flatMap((x) => [block(x), x]), xs.findLastIndex((x) => block(x) === 3),
        Array.from('ab', (c, i) => block(c) + i), 'a-b'.replace(/[ab]/g, (c) => block(c).toUpperCase()),
        [1, , 3].map((x) => block(x)).length,
      ];
    }`,
  'errors: thrown, caught, finally, messages': `
    export function main(block, log) {
      const fail = (x) => { block(0); throw new RangeError('bad ' + x); };
      const r = [];
      try { fail(1); } catch (e) { r.push(e.message, e instanceof RangeError); } finally { r.push(block('f')); }
      const f = () => { try { return block(1); } finally { log('cleanup'); } };
      r.push(f());
      try { block.missing(log('argument')); } catch (e) { r.push(e.message); }
      try { const o = {}; o.a.b(1); } catch (e) { r.push(e.message); }
      try { const u = undefined; u(block(1)); } catch (e) { r.push(e.message); }
      try { const o = { p: { q: 1 } }; o.p.q(block(1)); } catch (e) { r.push(e.message); }
      return r;
    }`,
  'uncaught error': `export function main(block, log) { log('before'); block(1); throw new TypeError('out'); }`,
  'loops, labels, switch': `
    export function main(block, log) {
      const out = [];
      outer: for (let i = 0; block(i) < 4; i++) {
        for (const x of [1, 2, 3]) { if (block(x) === 2) continue outer; if (i === 2) break outer; out.push(i * 10 + x); }
      }
      let n = 0;
      while (block(n) < 3) n++;
      do { n--; } while (block(n) > 0);
      for (const k in { a: 1, b: 2 }) out.push(block(k));
      switch (block('b')) { case block('a'): out.push('A'); case block('b'): out.push('B'); default: out.push('D'); }
      const fns = []; for (let i = 0; i < 3; i++) fns.push(() => block(i));
      return [...out, n, fns.map((f) => f())];
    }`,
  'operators: logical, conditional, compound, comma, destructuring': `
    export function main(block, log) {
      let a = 1; a += block(2); a &&= block(7); let b = null; b ??= block(4);
      const o = { c: 1 }; o.c *= block(3); o[block('k')] = block('v');
      const { p = 5, ...rest } = block({ q: 1, s: 2 }); const [x, , y = 9] = block([1, 2]);
      return [a, b, o, p, rest, x, y, block(0) || block('or'), block(0) && log('never'), (log(1), block(2)), block(1) ? 'y' : 'n', typeof block(1), !block(0), [...block([1]), ...block([2])]];
    }`,
  'arguments, defaults, rest, spread': `
    export function main(block, log) {
      function f(a, b = 2, ...rest) { block(0); return [arguments.length, a, b, rest]; }
      return [f(1), f(1, undefined, 3, 4), f(...block([7, 8, 9])), f.length];
    }`,
  'promises stay values': `
    export function main(block, log) {
      const promise = () => { block(1); return Promise.resolve(5); };
      const thenable = () => { block(1); return { then(f) { log('then called'); f(1); } }; };
      const a = promise(), b = thenable();
      return [a instanceof Promise, typeof b.then, [1].map(() => promise())[0] instanceof Promise];
    }`,
  'call, apply, bind and stored functions': `
    export function main(block, log) {
      function f(x, y) { return [this && this.n, block(x), y]; }
      const o = { n: 1 }; const table = { f }; const list = [f]; const map = new Map([['f', f]]); const name = 'f';
      return [f.call(o, 1, 2), f.apply(o, [3, 4]), f.bind(o, 5)(6), table[name](1, 2), list[0](1, 2)[1], map.get('f')(8, 9)];
    }`,
  'no semicolons': `
    export function main(block, log) {
      'use strict'
      const o = { n: 1, f(x) { return block(x) } }
      let a = o
      block(1)
      a = []
      o.f(2)
      const g = () => {}
      o?.f(3)?.toString()
      if (a) log('if')
      block(4)
      if (a) { log('block') }
      block(5)
      switch (1) { case 1: a = 7
        block(6) }
      return a
    }`,
  'delete and assignment through calls': `
    export function main(block, log) {
      const o = { p: 1, q: 2, r: 3, s: { t: 1 } };
      const get = () => block(o);
      delete get().p; delete get()?.q; get().r = 4; get().s.t += block(2); [get().u] = [5]; get().r++;
      return [o, 'p' in o, 'q' in o];
    }`,
  'functions that replace themselves, and getters that change the callee': `
    export function main(block, log) {
      let f = (x) => { f = (y) => 'second ' + block(y); return 'first ' + block(x); };
      const o = { get m() { log('get m'); return (x) => block(x); } };
      let g = block; const swap = () => { g = () => 'swapped'; return 1; };
      return [f(1), f(2), o.m(3), g(swap()), g(4)];
    }`,
  'memoised and curried functions': `
    const memo = (fn) => { const cache = new Map(); return (k) => { if (!cache.has(k)) cache.set(k, fn(k)); return cache.get(k); }; };
    export function main(block, log) {
      const load = memo((k) => { log('load ' + k); return block(k); });
      return [load('a'), load('a'), load('b')];
    }`,
  'nested functions of three levels': `
    export function main(block, log) {
      const one = (a) => { block(a); const two = (b) => { block(b); const three = (c) => a + b + block(c); return three(3); }; return two(2); };
      return one(1);
    }`,
  'boundaries: getters, constructors, generators keep their values': `
    export function main(block, log) {
      const o = { get g() { return block(1); } };
      class C { constructor(x) { this.x = block(x); } toString() { return 'C' + block(this.x); } }
      function* gen() { yield block(1); yield block(2); }
      return [block(0), o.g, new C(4).x, String(new C(5)), [...gen()]];
    }`,
  'TypeScript: types, overloads, enums, as, non-null, parameter properties': `
    enum Kind { A = 'a', B = 'b' }
    interface Reader { read(x: number): number }
    abstract class Impl implements Reader { constructor(private readonly block: (v: any) => any) {} abstract n(): number; public read(x: number): number { return this.block(x)! + this.n(); } }
    class Real extends Impl { override n() { return 1; } }
    function over(block: any, x: string): string; function over(block: any, x: number): number;
    function over(block: any, x: any): any { return block(x); }
    export function main(block: (v: any) => any, log: (x: any) => void): unknown {
      const r = new Real(block) as Reader;
      return [(r as Impl).read(1), over(block, 'x'), (block as any)<number>(Kind.A), block(<any>2), r!.read!(5) satisfies number];
    }`,
  'closures nested six deep': `
    export function main(block, log) {
      return [1].map((a) => [block(a), 2].map((b) => [block(b), 3].map((c) => [block(c), 4].map((d) => [block(d), 5].map((e) => block(e) + a)))));
    }`,
};
