/** Programs over calls: chains, receivers, constructors, what V8 says where they fail. See ../cases.ts. */
export const CALLS: Readonly<Record<string, string>> = {
  'parenthesised chains': `
    export function main(block, log) {
      const none = undefined; const o = { a: { v: 1, f(x) { return [this === o.a, block(x)]; } },
         f(x) { return [this === o, block(x)]; } };
      const r = [];
      const t = (g) => { try { r.push(g()); } catch (e) { r.push(e.message); } };
      t(() => (none?.a).b?.c(block(1)));
      t(() => (o?.f)(1)); t(() => (o?.a.f)(1)); t(() => (o.f)?.(2)); t(() => (o?.f)?.(3)); t(() => (none?.f)?.(log('never')));
      t(() => (none?.f)(log('arg')));
      t(() => (o || none).a?.f(1)); t(() => (none, o).a?.f(1)); t(() => (new (class { c = o })).c?.f(3));
         t(() => (none ?? o)?.a.f(4));
      t(() => (o.a ? o : none).a?.f(1)); t(() => ((x) => x).name?.toString(block(1)));
      t(() => o.a?.['f'](block(5))); t(() => o?.[block('a')]?.[block('f')](6));
      t(() => o.a!.f!(7)); t(() => (o?.a)!.f(8)); t(() => o?.a!.f(9)); t(() => none?.a!.f(log('never')));
      t(() => o.nope?.f(1).g.h()); t(() => o.a.nope(1)); t(() => o?.a.nope(1)); t(() => o?.nope(1));
         t(() => (o?.a).nope.x(1)); t(() => none?.x === undefined && block(1));
      return r; }`,
  'chain in await-less expression arrows registering': `
    export function main(block, log) {
      const em = { on(e, f) { return [e, f(1)]; }, get e() { return em; } };
      const reg = (o) => o?.on('x', (v) => block(v));
      const reg2 = (o) => o.on?.('x', (v) => block(v));
      const reg3 = (o, r = o?.on('y', (v) => block(v))) => r;
      function reg4(o, r = o?.on('y', (v) => block(v))) { return r; }
      class F { x = em?.on('z', (v) => block(v)); static y = em?.on('w', (v) => block(v)); [em?.on('k',
         (v) => block(v)).join()] = 1; }
      return [reg(em), reg2(em), reg3(em), reg4(em), { ...new F() }, F.y]; }`,
  'private member registering': `
    export function main(block, log) {
      class E { #on(f) { return f(2); } static r = (o) => o.#on((v) => block(v)); static d(o, x = o.#on((v) => block(v) + 1)) { return x;
         } y = ((o) => o.#on((v) => block(v)))(this); }
      return [E.r(new E()), E.d(new E()), new E().y]; }`,
  'super with callback': `
    export function main(block, log) {
      class A { constructor(f) { this.v = f(1); } } class B extends A { constructor() { super((x) => block(x)); } }
      class P extends Promise { constructor(f) { super((a, b) => { f?.(a, b); }); } }
      class M extends Map { constructor() { super([[1, (x) => block(x)]]); } }
      return [new B().v, new P((r) => { block(1); r(1); }) instanceof P, new M().get(1)(5)]; }`,
  'getters, setters and proxies along the way': `
    export function main(block, log) {
      const o = { _v: 1, get a() { log('get a'); return { get f() { log('get f'); return (x) => block(x);
         } }; }, set b(v) { log('set ' + v); } }; const p = new Proxy({}, { get(_, k) { log(String(k)); return (x) => k === 'call' ? x : block(x); } });
      o.b = block(2); o.b = o.a.f(block(3)); [o.b] = [block(4)]; ({ x: o.b = block(5) } = {} as any);
      return [o.a.f(1), (p as any).q(2), typeof (p as any).z]; }`,
  'new with callbacks and errors': `
    export function main(block, log) {
      const r = []; const t = (g) => { try { r.push(g()); } catch (e) { r.push(e.message); } };
         const foo: any = { bar: 1 }; class C { v; constructor(f) { this.v = f(2); } } const ns = { C };
      t(() => new C((x) => block(x)).v); t(() => new ns.C((x) => block(x)).v); t(() => new foo((x) => block(x)));
         t(() => new foo.bar((x) => block(x))); t(() => new (block(C))((x) => block(x)).v); t(() => new (class { static x = block(1) })().constructor.x);
         t(() => new C); t(() => new (foo.baz)((x) => block(x))); t(() => C((x) => block(x)));
      t(() => new Map([[1, (x) => block(x)]]).get(1)(3)); t(() => new Array((x) => block(x))[0](1));
         t(() => new foo.bar.baz.q(() => block(1)));
      return r; }`,
  'error messages of calls': `
    export function main(block, log) {
      const r = []; const t = (g) => { try { r.push(g()); } catch (e) { r.push(e.name + ': ' + e.message);
         } }; const o: any = { n: null, 'a b': 1, f: { } }; const u: any = undefined; const arr: any = [];
         const s = Symbol('q');
      t(() => o.x(block(1))); t(() => o.n(1)); t(() => o['a b'](1)); t(() => o[1](1)); t(() => o.f.g.h(1));
         t(() => u(1)); t(() => u.x(1)); t(() => u?.x.y(1)); t(() => o.x\`a\`); t(() => u\`a\`); t(() => arr[0](1));
         t(() => o[s](1)); t(() => o[\`x\`](1)); t(() => (1 as any)(2)); t(() => ('s' as any)()); t(() => o.f()());
         t(() => (() => 1)()()); t(() => block(1)()); t(() => (o as any).x.y.z()); t(() => o?.x()); t(() => o.x?.y());
         t(() => o.f?.()); t(() => (o.x)(1)); t(() => (0, o.x)(1)); t(() => (o.a || o.b)(1)); t(() => this.x());
         t(() => notDefined(block(1))); t(() => o.f(...u)); t(() => o.f(...block(5))); t(() => block(...u));
         t(() => tdz(1)); const tdz = (x) => block(x); t(() => { const { q } = u; }); t(() => null.foo(block(1)));
         t(() => o[null as any](1)); t(() => o[-1](1)); t(() => o[true as any](1)); t(() => Symbol()());
         t(() => JSON.parse('{')(1)); t(() => (class {} as any)()); t(() => o.f.g.h?.i()); t(() => new o.x());
         t(() => (block as any).foo.bar()); t(() => (async () => 1)().x()); t(() => (function(){})().x());
         t(() => super_()); function super_() { return (block(1) as any)(); } t(() => (x => x)(1)(2));
         t(() => typeof o()); t(() => (o + 1)()); t(() => o.f[0][1]()); t(() => o[u]()); t(() => o['b-c']());
         t(() => o['1']()); 
      return r; }`,
};
