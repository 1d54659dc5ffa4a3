/** Programs over places that calls are seldom in. See ../cases.ts. */
export const CORNERS: Readonly<Record<string, string>> = {
  heritage: `
    export function main(block, log) {
      const B = class { m() { return block(1); } static s() { return block(2); } };
      class A extends block(B) { m() { return super.m() + block(10); } }
      const C = class extends (log('c'), block(A)) { #p(x) { return block(x); } run() { return this.#p(4); } };
      const f = () => class extends block(B) {};
      const D = class Named extends (block(0) || B) { static me = Named.name; };
      let order = []; class E extends (order.push('h'), block(B)) { [(order.push('k'), 'k')] = order.push('f'); static { order.push('s'); } }
      try { class Z extends block(5) {} } catch (e) { log(e.message); }
      try { class Y extends block(Y) {} } catch (e) { log(e.message); }
      class N extends block(null) {}
      return [new A().m(), A.s(), new C().run(), new C().m(), new (f())().m(), D.me, order, new E().k, Object.getPrototypeOf(N.prototype), block(1)];
    }`,
  'delete chains': `
    export function main(block, log) {
      const o = { a: { b: 1, c: { d: 1 } } }; const get = () => block(o); const none = () => block(undefined);
      const r = [delete get()?.a.b, delete none()?.a.b, delete get()?.a?.c?.d, delete get?.().a['c'], delete (get()?.zz), delete get()?.a!.q, delete get().a?.zz?.y, delete get()?.a.toString()];
      try { 'use strict'; delete block(Object.freeze({ x: 1 }))?.x; } catch (e) { log(e.message); }
      try { delete get()?.q.r; } catch (e) { log(e.message); }
      return [r, o];
    }`,
  'new everything': `
    export function main(block, log) {
      class K { constructor(...a) { this.a = a; } static make() { return K; } } K.n = { K }; const f = () => { block(1); return K; }; f.K = K;
      function Fn(x) { this.v = block(x); } Fn.prototype.get = function () { return block(this.v); };
      const o = { f() { block(1); return K; }, K, Fn };
      const r = [new (f())().a, new (f())(block(2)).a, new (o.f())(1).a, new o.K, new o.K().a, new K.n.K(block(3)).a, new o[block('K')](1).a, new (block(K))(1).a, new (f().make())(2).a,
        new Fn(3).get(), new o.Fn(4).v, new K, new f.K, new (o.f)().a, new (class extends K {})(block(5)).a, new K(...block([1, 2])).a, new new o.K().constructor(9).a];
      return JSON.stringify(r);
    }`,
  'new without arguments registering': `
    export function main(block, log) {
      const ns = { cb() { return block(1); }, Map, Set }; const m = new ns.Map; const s = new ns.Set
      ; (function () { log(m.size); })()
      return [m.size, s.size, ns.cb(), new (ns.Map)().size];
    }`,
  'catch params': `
    export function main(block, log) {
      const r = [];
      try { throw {}; } catch ({ x = block(1), [block('k')]: y = block(2) }) { r.push(x, y); }
      try { throw [undefined]; } catch ([a = block(3), b = (() => block(4))()]) { r.push(a, b); }
      for (const { p = block(5) } of [{}]) r.push(p);
      for (let [q = block(6)] = [], n = 0; n < block(1); n++) r.push(q);
      for (const k in block({ a: 1 })) r.push(k);
      return r;
    }`,
  'switch functions': `
    export function main(block, log) {
      const r = [];
      switch (block(1)) { case 0: function h(x) { return block(x) + 1; } case 1: r.push(h(1)); default: r.push([1].map(h)); }
      switch (block(2)) { default: r.push(typeof g); case 5: function g() { return block('g'); } r.push(g()); }
      return r;
    }`,
  'bigint keys': `
    export function main(block, log) {
      const o = { 1n: (x) => block(x), 0x10n: function () { return block(1); }, 2n(x) { return block(x); }, 1e3: () => block(3), 0b11: () => block(4) } as any;
      class C { 3n(x) { return block(x); } 4n = () => block(5); }
      return [o[1].name, o[16].name, o[2].name, o[2](3), o[1000].name, o[3].name, new C()[3].name, new C()[4].name, block(1)];
    }`,
  'private reads of others': `
    export function main(block, log) {
      class A { #m(x) { return [block(x), this === undefined]; } static #s(x) { return block(x); } static read(o) { const f = o.#m; return [f(1), [2].map(o.#m), (0, o.#m)(3), o?.#m(4), o.#m?.(5), o?.#m?.(6), [7].map(A.#s), A?.#s(8), (o).#m.call(1, 9), o.self().#m(10), o?.self()?.#m(11)]; } self() { return block(this); } }
      return A.read(new A());
    }`,
  'tags with own bind, identity of strings': `
    export function main(block, log) {
      const seen = []; const tag = function (s, ...v) { seen.push(s); block(1); return [this === o, s.raw, v]; }; (tag as any).bind = () => () => 'wrong'; (tag as any).call = 1;
      const o = { tag, f(s) { return (x) => block(s[0] + x); } };
      const one = (x) => o.tag\`a\${block(x)}\\n\${x}b\`; const r = [one(1), one(2)];
      const plain = (x) => tag\`p\${x}\`; r.push(plain(1), plain(2), [3].map(plain)[0]);
      r.push(o.f\`q\`(1), new (o.f\`C\` as any && class { x = block(1) })().x, (o?.tag)\`z\`, o['tag']\`y\${o.tag\`w\${1}\`}\`);
      return [r, seen.map((s) => seen.indexOf(s)), Object.isFrozen(seen[0])];
    }`,
  'static block functions': `
    export function main(block, log) {
      class A { static { function h() { return block(1); } this.h = h; var v = 3; this.k = () => v + block(2); } static h; static k; }
      return [A.h(), A.k(), [1].map(A.h), A.h.name];
    }`,
  'proto methods': `
    export function main(block, log) {
      const o = { __proto__(x) { return block(x); } } as any; class C { __proto__(x) { return block(x); } static '__proto__'(x) { return block(x) + 1; } }
      const f = Object.getOwnPropertyDescriptor(o, '__proto__').value;
      return [f(1), f.name, new (C as any)().__proto__(2), (C as any).__proto__(3), [4].map(f), Object.keys(o)];
    }`,
  'compound order': `
    export function main(block, log) {
      let a = 1; const setA = (v) => { a = v; return block(10); }; const arr = [1, 2, 3]; let i = 0; let b: any;
      a += setA(5); const r: any[] = [a]; arr[i++] += block(7); r.push([...arr], i); a = 2; a **= setA(100) - 8; r.push(a);
      r.push(a + setA(1) + a, \`\${a}\${setA(2)}\${a}\`); const o = { get x() { log('get'); return 1; }, set x(v) { log('set' + v); } }; o.x += block(2); o.x ??= block(3); o.x &&= block(4);
      b ??= block(1); b ||= block(2); b &&= block(3); r.push(b); let c = (a++, block(a), a--); r.push(c, a);
      const k = { toString() { log('key'); return 'kk'; } }; const p: any = {}; p[k as any] = block(1); p[k as any] += block(1); p[k as any]++; r.push(p.kk);
      r.push(void block(1), typeof block(1), !block(0), -block(2), +block('3'), ~block(1)); let z = 1; z = z + (z = block(5)) + z; r.push(z);
      [arr[block(0)], b = block(9)] = block([8]); r.push(arr, b); ({ [block('q')]: a = block(4) } = block({})); r.push(a); r.push(block(2) ** -block(1), (-block(2)) ** 2);
      return r;
    }`,
  chains: `
    export function main(block, log) {
      const o: any = { f: (g) => ({ h: { [g]: (x) => block(x + g) } }), n: null, m() { return block(this === o); }, g: { m() { return block(this === o.g); } } }; const g = () => block('k'); const h = () => block('k');
      return [o.f?.(g())?.h[h()]?.(1), o.n?.x[block(log('no'))].y(), (0, o.m)(), (o.m)(), o?.m(), (o?.g).m(), (o?.g.m)(), o.g?.['m']?.(), o.missing?.(block(1))?.x.y.z(block(2)), (o.n?.q), o?.g!.m!(), (o as any)?.g?.m(), ((o.g) as any).m()].map((x) => x);
    }`,
  'private template tags and chains': `
    export function main(block, log) {
      class A { n = 4; #t(s, ...v) { return [this.n, s.raw, v.map((x) => block(x))]; } static #s(s) { return block(s[0]); } run(o?: A) { return [this.#t\`a\${block(1)}\`, o?.#t.name, this.#t!\`b\${2}\`, (this.#t!)(['x'] as any, 5), A.#s\`st\`, [this].map((x) => x.#t\`c\`)]; } }
      return [new A().run(), new A().run(new A())];
    }`,
  'language called': `
    export function main(block, log) {
      class It { n = 2; [Symbol.iterator]() { let i = block(0); return { next: () => ({ done: i >= this.n, value: block(i++) }), return: () => { log(block('ret')); return {}; } }; } static [Symbol.hasInstance](x) { return block(x === 1); } [Symbol.toPrimitive](h) { return block(h); } }
      const d = { [Symbol.dispose || 'x']() { log(block('disposed')); } };
      return [[...new It()], 1 instanceof (It as any), \`\${new It()}\`, +(new It() as any) || 0, block(1), new It()[Symbol.iterator]().next()];
    }`,
  'asi and comments': `
    export function main(block, log) {
      const o = { f: (x) => block(x), g: 1 }
      let x = 1
      const y = block /* ( */ (/* ) */ 2 /* , */) // )
      ;[x] = block([3])
      const re = o.f(6) / 2 / o.g
      const z = block(4)
      /re/g.test('x')
      o
        .f
        // comment with ( and . and [
        (5)
      o /* . */ [/* ] */ 'f' /* [ */] /* ( */ (7)
      o // ?.
        ?.f // (
        ?.(8)
      let i = 0
      i
      ++
      x
      const fn = async () => { await o.f(1) }
      label: block(1)
      if (x) block(2); else block(3)
      do block(4); while (block(false))
      block(5)
      let async = (q) => block(q), of = 3
      async(9)
      const get = { async: async, get: 1, set: 2, static: async, await: 3 }
      get.async(1)
      \\u0062lock(3)
      return [x, y, re, z, i, get.static(2), \\u{62}lock(4), async
      (10)]
    }`,
  'returns thenables': `
    export function main(block, log) {
      const p: any = new (class P extends Promise<any> { then(a?, b?) { log('P.then'); return super.then(a, b); } })((r) => r(1)); const f = function (this: any) { block(1); return this; };
      const r = [f.call(p) === p, f.apply(p) === p, f.bind(p)() === p, [p].map((x) => (block(1), x))[0] === p];
      const t = { get then() { log('got then'); return undefined; } }; r.push((() => { block(1); return t; })() === t);
      class T { then(f) { log('T.then'); f(1); } me() { block(1); return this; } static then(f) { log('static then'); f(2); } static me() { block(2); return this; } } r.push(new T().me() instanceof T, T.me() === (T as any));
      return [r, typeof block(1)];
    }`,
  'object keys that block': `
    export function main(block, log) {
      const o: any = { [block('a')]() { return 1; }, get [block('b')]() { return 2; }, set [block('b')](v) { log(v); }, async [block('c')]() { return block(1); }, *[block('d')]() { yield 1; }, [block('e')](x) { return block(x); }, [block('f')]: block(6), [(log('k'), 'g')]: () => block(7) };
      o.b = 3;
      return [o.a(), o.b, typeof o.c, [...o.d()], o.e(5), o.f, o.g(), Object.keys(o), o.e.name, o.g.name];
    }`,
  'from and flatMap observers': `
    export function main(block, log) {
      const it = { get [Symbol.iterator]() { log('get it'); return function* () { yield 1; yield 2; }; } };
      const nested = [1, 2]; const r = [Array.from(it as any, (x) => block(x)), [0].flatMap(() => (block(0), nested))];
      try { Map.prototype.forEach.call([] as any, (x) => block(x)); } catch (e) { r.push(e.message); }
      try { Set.prototype.forEach.call(new Map() as any, (x) => block(x)); } catch (e) { r.push(e.message); }
      return r;
    }`,
  'jsx-free sequences of everything': `
    export function main(block, log) {
      const f = (...a) => block(a.length); const xs = [1, 2]; let o: any = { v: 1 };
      const r = [f(...xs, ...block([3]), ...[block(4)]), f?.(...block(xs)), (block(1), o).v, o[(block(0), 'v')], [...(block(2), xs)], \`\${(block(1), 2)}\`, ((a = 1) => block(a))(), ((...[a, b]) => block(a + b))(1, 2), (({ a: [x] }) => block(x))({ a: [9] })];
      if ((block(0), 1)) r.push('s'); for (const x of (block(1), xs)) r.push(x); while ((block(1), false)); switch ((block(1), 2)) { case (block(0), 2): r.push('c'); }
      try { throw (block(1), new Error('z')); } catch (e) { r.push(e.message); } const t = (x) => (block(x), x + 1); r.push(t(1)); o = (block(1), { w: 2 }); r.push(o.w); return (block(1), r);
    }`,
  'finally and labels': `
    export function main(block, log) {
      const r: any[] = []; const f = () => { outer: for (const x of [1, 2, 3]) { inner: for (;;) { try { if (block(x) === 2) continue outer; if (x === 3) return 'r' + x; break inner; } finally { log(block('f' + x)); if (x === 1) continue outer; } } r.push('after' + x); } return 'end'; };
      const g = () => { l: { try { throw block(1); } catch { break l; } finally { block(2); } return 'no'; } return 'yes'; };
      const h = () => { for (let i = 0; ; i++) { try { try { if (block(i) > 1) return i; } finally { if (i === 2) throw new Error('in finally'); } } catch (e) { return e.message; } finally { r.push(i); } } };
      const k = () => { try { return block({ v: 1 }).v; } finally { block(1); } }; const s = () => { switch (block(1)) { default: r.push('d'); case 2: r.push(2); break; case 3: r.push(3); } };
      s(); return [f(), g(), h(), k(), r];
    }`,
  'namespaces and enums in functions': `
    enum K { A = 1 } namespace Q { export function f(b, x) { return b(x) + K.A; } export const g = (b) => b(2); export class C { m(b) { return b(3); } } }
    export function main(block, log) {
      class P { constructor(private readonly b: any, public n = 2) {} m<T>(this: P, x: T): T { return this.b(x); } declare d: string; static s<T,>(b: any, x: T) { return b(x) as T; } abstract?: any; get [Symbol.toStringTag]() { return 'P'; } accessor acc = block(4); }
      const inst = block<string>; const over = Q.f satisfies Function; const arrow = async <T,>(x: T): Promise<T> => x; const asserts: (x: any) => asserts x is string = (x) => { block(1); };
      asserts('x'); const u: unique symbol = Symbol('u'); const o = { [u]: (x) => block(x), [u.toString()]: 1 };
      return [Q.f(block, 1), Q.g(block), new Q.C().m(block), new P(block).m<number>(5), P.s<number>(block, 6), inst('i'), over(block, 7), o[u](8), String(new P(block)), new P(block).acc, typeof arrow(1), (<T,>(x: T) => block(x))(9)];
    }`,
  'bom-like and proto tricks': `
    export function main(block, log) {
      const f: any = (x) => block(x); f.call = () => 'own call'; f.apply = () => 'own apply'; f.bind = () => () => 'own bind'; const o: any = { f, m(x) { return [this === o, block(x)]; } }; o.m.call = 5;
      const px: any = new Proxy((x) => block(x), { apply(t, s, a) { log('trap'); return Reflect.apply(t, s, a); }, get(t, k) { log('get ' + String(k)); return Reflect.get(t, k); } }); const o2: any = { px };
      const r: any[] = [f(1), o.f(2), o.m(3), f.call(4), f.bind()(), o?.f(5), o?.m?.(6)]; const logless = log; 
      r.push(Reflect.apply(o.m, o, [7]), Function.prototype.call.call(o.m, o, 8)); Object.freeze(o.m); r.push(o.m(9)); const bound = o.m.bind(o, 10); r.push(bound(), bound.name, bound.length); const b2 = bound.bind(null); r.push(b2());
      class C { static call(x) { return block(x); } static bind(x) { return block(x); } static apply(x) { return block(x); } static name = 'n' as any; } r.push(C.call(1), C.bind(2), C.apply(3), C.name);
      return r;
    }`,
  'hasInstance species and re-entrancy': `
    export function main(block, log) {
      class A extends Array { static get [Symbol.species]() { log('species'); return Array; } } const a = A.from([1, 2, 3]) as any; const r: any[] = [a.map((x) => block(x)), a.filter((x) => block(x) > 1), a instanceof A];
      const re = (n) => n > 3 ? [] : [n, ...[n].flatMap((m) => re(block(m) + 1))]; r.push(re(0)); const xs = [1, 2, 3]; r.push(xs.map((x, i) => { if (i === 0) xs.push(9); xs.length = 3; return block(x); }));
      const h = { get length() { log('len'); return 2; }, 0: 'a', 1: 'b' }; r.push(Array.prototype.map.call(h, (x) => block(x)), Array.prototype.reduce.call(h, (s, x) => s + block(x), ''));
      r.push([3, 1, 2].sort((p, q) => { block(0); return p - q; }), 'aXbX'.replace(/X/g, (m, at) => block(at)), 'ab'.replaceAll('a', () => block('$&')), [1, 2].reduceRight((s, x) => s + block(x)));
      const ws = new Set([1]); ws.forEach((x) => { if (x < 3) ws.add(block(x) + 1); }); r.push([...ws]); const m = new Map([[1, 1]]); m.forEach((v, k) => { block(1); if (k < 3) m.set(k + 1, v); m.delete(k); }); r.push([...m]);
      return r;
    }`,
};
