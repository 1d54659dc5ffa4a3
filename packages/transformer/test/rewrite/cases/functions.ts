/** Programs over functions: names, parameters, recursion, closures. See ../cases.ts. */
export const FUNCTIONS: Readonly<Record<string, string>> = {
  'duplicate functions in blocks': `
    export function main(block, log) { return [f(1), block(2)]; function f(x) { return 'a' + block(x); } function f(x) { return 'b' + x; } }`,
  'named function expression assigning its name': `
    export function main(block, log) {
      const g = function f(x) { try { f = 1; } catch (e) { log(e.message); } block(x); return typeof f; };
      const h = function f(x) { try { f++; } catch (e) { log(e.message); } try { [f] = [block(x)]; } catch (e) { log(e.message); } try { for (f of [1]); } catch (e) { log(e.message); } try { ({ f } = { f: 1 }); } catch (e) { log(e.message); } try { f ??= 1; f ||= 2; log('kept'); } catch (e) { log(e.message); } const inner = () => { f = block(2); }; try { inner(); } catch (e) { log(e.message); } return [f === h, f.name, x > 0 ? f(x - 1) : 0]; };
      const k = function f(f) { f = block(f); return f; }; const m = function f() { { let f = block(1); f = 2; log(f); } return typeof f; }; const n = function f(x = (() => { try { f = 1; } catch (e) { return e.message; } })(), y = block(1)) { return [x, y, typeof f]; };
      return [g(1), block(1), h(1), k(3), m(), n()]; }`,
  'functions in fields with fixed keys': `
    export function main(block, log) {
      const s = Symbol('s'); const computed = 'c' as const;
      class A { n = 1; ['lit'] = (x) => [this.n, block(x), new.target === undefined]; [Symbol.toStringTag as any] = 'A'; [Symbol.asyncIterator] = function (x) { return block(x); }; [5] = (x) => block(x); ['__proto__'] = (x) => block(x); [computed] = (x) => block(x); [s] = function own(x) { return block(x); };
        static ['st'] = (x) => [this === A, block(x)]; static [Symbol.asyncIterator] = (x) => block(x); accessor ['acc'] = (x) => block(x); ['as'] = ((x) => block(x)) as any; ['cls'] = class { static m(x) { return block(x); } }; }
      const a: any = new A(); const own = Object.getOwnPropertyDescriptor(a, '__proto__')!.value;
      return [a.lit(1), a[Symbol.asyncIterator](2), a[5](3), own(4), a.c(5), a[s](6), (A as any).st(7), (A as any)[Symbol.asyncIterator](8), a.acc(9), a.as(10), a.cls.m(11), block(12), [a.lit, a[Symbol.asyncIterator], a[5], own, a.c, a[s], (A as any).st, (A as any)[Symbol.asyncIterator], a.as, a.cls].map((f) => f.name)]; }`,
  'named function expression shadowed': `
    export function main(block, log) {
      const g = function f(f) { block(1); return f; }; const h = function f() { var f = block(2); return f; };
      const k = function f(n) { { let f = block(n); log(f); } return f === k; };
      return [g(7), h(), k(3)]; }`,
  '__proto__ keys': `
    export function main(block, log) {
      const o = { '__proto__'(x) { return block(x); }, a: 1 }; const p = { __proto__(x) { return block(x);
         } }; const q = { __proto__: function (x) { return block(x); } }; const r = { ['__proto__'](x) { return block(x);
         } };
      class C { __proto__(x) { return block(x); } } class D { '__proto__'(x) { return block(x) + 1; } }
      return [Object.keys(o), o.__proto__(1), Object.keys(p), Object.keys(q), typeof q, Object.getPrototypeOf(q)(3),
         Object.getPrototypeOf(q).name, Object.keys(r), new C().__proto__(2), new D().__proto__(2)];
         }`,
  'names of functions': `
    export function main(block, log) {
      const k = 'key', s = Symbol('sym'); let a; let b; (a) = function () { return block(1); };
         b = (function () { return block(2); }); let c = 1; try { c += (() => block(1)) as any; } catch {}
      const o = { [k]: () => block(1), [s]: function () { return block(2); }, ['x' + 1]: (y) => block(y),
         async: () => block(3), 1: () => block(4), 'a b': () => block(5), [k + 2](x) { return block(x);
         }, get: () => block(1) };
      class C { [k] = () => block(1); static [s] = () => block(1); #p = () => block(1); pn() { return this.#p.name;
         } static ['q' + 1](x) { return block(x); } 'm n'() { return block(1); } }
      let { d = () => block(1) } = {} as any; let [e = function () { return block(2); }] = [] as any;
         const f = ((g = () => block(1)) => g.name)(); let h = null; h ??= () => block(1); let i; i ||= () => block(1);
         let j = 1; j &&= (() => block(2)) as any; const n = c ? () => block(1) : null; const z = (0,
         () => block(1));
      return [block(0), a.name, b.name, Object.keys(o).map((x) => o[x].name), o[s].name, new C()[k].name,
         C[s].name, new C().pn(), C.q1.name, d.name, e.name, f, h.name, i.name, j.name, n.name, z.name,
         String(c), C.prototype['m n'].name, (() => block(1)).name, (class { static m() { return block(1); } }).m.name];
         }`,
  'functions with properties, own call, apply and bind': `
    export function main(block, log) {
      const f: any = (x) => block(x); f.call = () => 'own call'; f.bind = () => 'own bind'; f.apply = () => 'own apply';
         const o = { f }; const g: any = function (s) { return [this?.n, s[0], block(1)]; }; g.bind = null;
         const t = { n: 1, g };
      return [f(1), o.f(2), f.call(1), f.bind(), f.apply(), t.g\`x\`, o?.f(5), Reflect.apply(f, null,
         [3]), Function.prototype.call.call(f, null, 4)]; }`,
  'await as property, async names': `
    export function main(block, log) { const o = { await: (x) => block(x), async: (x) => block(x),
      async get() { return 1; } }; const async = (x) => block(x); const of = [1]; for (const async of [2]) log(async);
      return [o.await(1), o.async(2), async(3), async
      (4)]; }`,
};
