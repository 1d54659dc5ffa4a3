/** Programs over classes: keys, private members, `super`, fields. See ../cases.ts. */
export const CLASSES: Readonly<Record<string, string>> = {
  'computed method keys that change': `
    let i = 0;
      export function main(block, log) {
      let i = 0; const base = (x) => block(x);
      class C { [i](x) { return 'zero' + block(x); } [++i](x) { return 'one' + base(x); } }
      const c = new C(); return [c[0](1), c[1](2)]; }`,
  'computed key with toString': `
    export function main(block, log) {
      const key = { toString() { log('key'); return 'k'; } };
      const o = { [key](x) { return block(x); } };
      class C { [key](x) { return block(x) + 1; } static [key](x) { return block(x) + 2; } }
      return [o.k(1), new C().k(1), C.k(1), o.k.name]; }`,
  'duplicate methods': `
    export function main(block, log) {
      class C { m(x) { return 'first' + block(x); } m(x) { return 'second'; } n(x) { return 'first' + block(x);
         } get n() { return () => 'getter'; } static s() { return block(1); } static s() { return 2;
         } }
      const o = { m(x) { return block(x); }, m(x) { return 'last'; } };
      return [new C().m(1), new C().n(2), C.s(), o.m(3)]; }`,
  'duplicate methods computed': `
    export function main(block, log) {
      const n = () => 'm';
      class C { m(x) { return 'first' + block(x); } [n()](x) { return 'second'; } }
      return [new C().m(1)]; }`,
  'private shadowing': `
    export function main(block, log) {
      class A { #m(x) { return block(x); } run() { const self = this; class B { #m = 5; #n(x) { return block(x);
         } get() { return [this.#m, this.#n(1)]; } } return [this.#m(1), new B().get()]; } }
      return new A().run(); }`,
  'private of others': `
    export function main(block, log) {
      class A { #m(x) { return block(x); } static call(o) { return [o.#m(1), o?.#m(2), o.#m?.(3),
         #m in o, [1].map(o.#m, o), o['x']?.#m(4)]; } #m$async() { return 'mine'; } test() { return this.#m$async();
         } }
      const a = new A(); return [A.call(a), a.test()]; }`,
  'classes inside functions with blocking heritage, keys and fields': `
    export function main(block, log) {
      const mix = (B) => { block(1); return class extends B { m(x) { return super.m(block(x)); } }; };
      class A { m(x) { return block(x) + 1; } }
      class B extends mix(A) { [block('k')]() { return block(1); } f = block(2); static g = block(3);
         static { log(block(4)); } static [block('sk')] = block(5); #p = block(6); p() { return this.#p;
         } accessor z = block(7); }
      const b = new B(); return [b.m(1), b.k(), b.f, B.g, B.sk, b.p(), b.z]; }`,
  'super after prototype changes': `
    export function main(block, log) {
      class A { m(x) { return 'A' + block(x); } static s(x) { return 'As' + block(x); } } class Z { m(x) { return 'Z' + block(x);
         } static s(x) { return 'Zs' + block(x); } }
      class B extends A { m(x) { return super.m(x); } static s(x) { return super.s(x); } set(v) { super.v = block(v);
         return this.v; } get2() { return super['m'](2); } }
      const r = [new B().m(1), B.s(1)]; Object.setPrototypeOf(B.prototype, Z.prototype); Object.setPrototypeOf(B, Z);
      return [...r, new B().m(2), B.s(2), new B().set(3), new B().get2()]; }`,
  'object methods with super': `
    export function main(block, log) {
      const base = { m(x) { return block(x); } }; const o = { __proto__: base, m(x) { return [super.m(x),
         block(2)]; }, n(x) { return (() => super.m(block(x)))(); } };
      return [o.m(1), (o as any).n(3)]; }`,
  'object methods with super after prototype changes, replaced, copied, borrowed': `
    export function main(block, log) {
      const base = { m(x) { return ['base', this.t, block(x)]; }, get g() { return ['got', this.t]; }, set s(v) { log(['set', this.t, v]); }, t: 'base' }; const other = { m(x) { return ['other', this.t, block(x)]; } };
      const o: any = { __proto__: base, t: 'o', m(x) { return super.m(block(x)); }, 'quoted m'(x, y = super.m(block(x))) { return [y, super['m'](2)]; }, 5(x) { return [x].map((y) => super.m(y)); }, [Symbol.asyncIterator](x) { return super.m(x); }, ['lit'](x) { return super.g.concat(block(x)); },
        put(x) { super.s = block(x); super.own = block(x + 1); return Object.keys(this); }, none(x) { block(x); try { return super.nothing(block(x)); } catch (e) { return e.message; } }, __proto__(x) { return super.m(x); }, 7n(x) { return super.m(x); },
        nested(x) { const inner = { __proto__: other, t: 'inner', m(y) { return [super.m(y), block(y)]; }, [super.m(1)[0]](y) { return super.m(y); } } as any; return [inner.m(x), inner.base(x), super.m(3), class { static [super.m(4)[0]] = block(5); }['base']]; } };
      const later = { m(x) { return 'first' + super.toString() + block(x); }, m(x) { return 'last' + typeof super.m + block(x); } } as any; const spread = { m(x) { return 'mine' + typeof super.m + block(x); }, ...other } as any; const key = () => 'm'; const computed = { m(x) { return 'fixed' + typeof super.m + block(x); }, [key()](x) { return 'computed' + typeof super.m + block(x); } } as any;
      const accessor = { m(x) { return super.m(block(x)); }, get m() { return (x) => 'getter' + block(x); } } as any; const r: any[] = [o.m(1), o['quoted m'](1), o[5](2), o[Symbol.asyncIterator](3), o.lit(4), o.put(5), o.none(6), Object.getOwnPropertyDescriptor(o, '__proto__')!.value.call(o, 7), o[7](8), o.nested(9), later.m(1), spread.m(2), computed.m(3), accessor.m(4)];
      const make = (p, x) => ({ __proto__: p, t: x, m(y) { return [super.m(y), block(x)]; } }) as any; r.push(make(base, 1).m(2), make(other, 3).m(4), make(make(base, 'deep'), 'top').m(5));
      Object.setPrototypeOf(o, other); const { m } = o; r.push(o.m(1), m.call({ t: 'called' }, 2), [3].map(o.m, { t: 'mapped' }), Object.assign(Object.create(other), o, { t: 'assigned' }).m(4), o.m.bind({ t: 'bound' })(5), o.m.name, o.m.length, o['quoted m'].name, o['quoted m'].length, o[Symbol.asyncIterator].name, 'prototype' in o.m);
      return r; }`,
};
