/** Programs over statements and operators. See ../cases.ts. */
export const STATEMENTS: Readonly<Record<string, string>> = {
  'returns of every kind': `
    export function main(block, log) {
      const a = () => { return; }; const b = () => { block(1); return /* c */ 5 // trailing
      }; const c = () => { block(1); if (block(0)) return 1
      else return 2 }; const d = () => { block(1); return (log(1), block(2)); }; const e = () => { block(1);
         return { then: 1 } }; const f = () => { block(1); return (
         // comment
         block(3)
      ) }; const g = () => { do return block(4); while (0) }; const h = () => { try { return block(1); } finally { return block(2); } };
      const i = () => { for (const x of [1, 2]) { try { block(x); continue; } finally { if (x === 2) return 'f';
         } } }; const j = () => { l: { try { return block(1); } finally { break l; } } return 'after';
         };
      const k = () => { try { throw block('t'); } catch (e) { return e; } finally { log('fin');
         } }; const m = () => { try { block(1); throw { then: 1 }; } catch ({ then }) { return then;
         } };
      const n = () => { switch (block(1)) { case 1: { return block('one'); } default: return 'd';
         } }; const o = () => { block(1); return async () => 1; }; const p = () => { block(1); return class { x = 1 };
         }; const q = () => { block(1); return -1 }; const s = () => { block(1); return \`a\${block(2)}\`;
         }; const t = () => { block(1); return block(1) as any as string; }; const u = () => { block(1);
         return void 0 }
      return [a(), b(), c(), d(), e(), f(), g(), h(), i(), j(), k(), m(), n(), typeof o(), typeof p(), q(), s(), t(), u()]; }`,
  'for loops with per-iteration bindings': `
    export function main(block, log) {
      const fs = []; for (let i = 0, n = block(3); i < n; i++) { fs.push(() => block(i)); i += block(0);
         } for (const [k, v] of Object.entries(block({ a: 1, b: 2 }))) fs.push(() => k + block(v)); for (const k in block({ x: 1, y: 2 })) fs.push(() => block(k));
      for (let i = block(0), g = () => block(i); i < 2; i++) fs.push(g); let o: any = {}; for (o[block('p')] of block([1, 2])) log(o.p);
         for (o.q in block({ z: 1 })) log(o.q); for (const x of block([1])) fs.push(function () { return block(x); });
         for (var v = block(0); v < block(2); v += block(1)) fs.push(() => v);
      const it = { [Symbol.iterator]() { let n = 0; return { next() { log('next'); return { done: n > 2,
         value: n++ }; }, return() { log('return'); return {}; } }; } }; for (const x of it as any) if (block(x) === 1) break;
         const [y] = it as any; log(y);
      return fs.map((f) => f()); }`,
  'statements of every kind': `
    export function main(block, log) {
      const r: any[] = []; var i = 0;
      a: while (block(true)) { b: do { i++; if (block(i) === 2) continue b; if (i === 3) continue a;
         if (i > 4) break a; } while (block(i < 10)); }
      r.push(i);
      try { try { throw block(new Error('x')); } finally { r.push('f1'); block(1); } } catch { r.push('c'); }
      const ft = () => { try { return block('t'); } finally { log(block('fin')); } }; const fo = () => { for (const x of [1,
         2, 3]) try { if (block(x) === 2) return x; } finally { if (block(x) === 2) continue; } return 'end';
         }; const fb = () => { l: try { return block(1); } finally { break l; } return 'broke'; }; const fth = () => { try { throw block(1);
         } catch (e) { throw block(2); } finally { return block(3); } };
      r.push(ft(), fo(), fb(), fth());
      switch (block(2)) { case 1: let q = 1; case 2: q = block(5) as any; const z = () => block(q!);
         r.push(q, z()); case block(3): { let q = 9; r.push(q); } break; default: r.push('no'); }
      switch (block('x')) { default: r.push('d'); case 'y': r.push('y'); break; case block('z'): r.push('z'); }
      if (block(0)) r.push('a'); else if (block(1)) r.push('b'); else r.push('c');
      for (const k in block({ a: 1 })) r.push(k); for (var v in block([1])) r.push(v); for (const [x,
         y = block(3)] of block([[1], [2, 2]])) r.push(x, y); for (;block(i--) > 2;); r.push(i);
      { let s = block(1); { let s = block(2); r.push(s); } r.push(s); } ; block(1), block(2); debugger;
         lbl: { if (block(1)) break lbl; r.push('no'); }
      for (const f of [() => block(1), function () { return block(2); }]) r.push(f()); do var w = block(1);
         while (w++ < 0); r.push(w); if (block(1)); else; r.push(((x) => { if (x) return; r.push('p'); })(block(1)));
      return r; }`,
  'operators of every kind': `
    export function main(block, log) {
      let a: any = 1, o: any = { n: 1, s: 'x', u: undefined, arr: [1, 2], f() { return this; } }; const seq = (x) => (log(x), x);
      a += block(a) + a++ + block(a); a **= block(2); a <<= block(1); a ||= block('no'); a &&= block(6);
         a ??= block('no'); o.u ??= block('u'); o.n ||= log('no'); o.z ||= block('z'); o[seq('k')] += block('v');
         o[block('n')] -= block(3); o.arr[block(0)]++; ++o.arr[block(1)]; o.f().n = block(9); o.f()[block('q')] = o.f().s + block('y');
         o.f().n **= block(2); delete o.f().s; delete o[block('z')];
      const { n: nn, ['q']: qq, missing = block('def'), arr: [first, ...others], ...left } = block(o);
         const [p = block(1), , [t] = block([2])] = block([undefined]); let m: any, nn2: any; [m, o.deep = block(3),
         [nn2] = [block(4)]] = block([1]) as any; ({ m, x: o.xx = block(7), ...o.rest } = block({ m: 5, l: 1 }) as any);
      const obj = { a: block(1), ...block({ b: 2 }), [block('c')]: block(3), get d() { return block(4);
         }, ['e' + block('')]: 5, f: block, async: 1, g: (block(1), 2) };
      return [a, o.n, o.k, o.arr, o.q, Object.keys(o), nn, qq, missing, first, others, Object.keys(left),
         p, t, m, nn2, o.deep, o.xx, o.rest, obj.d, Object.keys(obj), obj.f(8), typeof block, typeof block(1),
         void block(1), -block(1), ~block(1), !block(1), block('a') in block({ a: 1 }), block([]) instanceof block(Array),
         block(1) < block(2) ? block('lt') : block('ge'), block(null) ?? block('nn'), block(0) || block(0) || block('or'),
         block(1) && block(0) && log('never'), (block(1), block(2)), [...block([1]), , ...block('ab')],
         block(...block([1]), ...block([2])), \`\${block(1)}\${\`\${block(2)}\`}\`, block(2) ** block(3), (-block(2)) ** 2,
         block(1) === block(1), new (block(Array))(block(3)).length, new Date(block(0)).getTime(), block(o).f().n,
         block({ x: { y: () => block(5) } }).x.y(), block(block)(1), block((x) => block(x))(3), (block(0) ? block : block)(4),
         (block(0) || block)(5), (() => block(6))(), (function () { return block(7); })(), new.target,
         block(1)?.x?.y.z, block(undefined)?.[log('never')], block?.(block(1)), 1 + block(2) * 3 - block(4) / 2 % 3,
         seq(1) + block(2) + seq(3), block('x')[0], block([5]).at(0), block(/r/).test('r'), block(5n) + 1n,
         (block(1) as number)!, <any>block(2)]; }`,
  'closures, recursion, callbacks and stored functions': `
    export function main(block, log) {
      const make = () => { let n = 0; return { inc: () => (n = block(n) + 1), get: () => n, self() { return this;
         } }; }; const c = make(), d = make(); c.inc(); c.inc(); d.inc();
      const tree = (n) => n === 0 ? null : { l: tree(n - 1), v: block(n), r: tree(block(n - 1)) };
         const hanoi = (n, a, b, c) => n ? hanoi(n - 1, a, c, b) + block(1) + hanoi(n - 1, c, b, a) : 0;
         const ack = (m, n) => m === 0 ? block(n + 1) : n === 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1));
         const Y = (f) => ((x) => x(x))((x) => f((y) => x(x)(y)));
      const table = new Map<any, any>([['a', (x) => block(x)], ['b', function (this: any) { return [this === undefined,
         block(1)]; }]]); const ws = new WeakMap(); ws.set(table, (x) => block(x)); const arr = [(x) => block(x),
         block]; const cps = (x, k) => k(block(x)); const ev: any = { l: [], on(f) { this.l.push(f);
         return this; }, emit(...a) { return this.l.map((f) => f.apply(this, a)); } }; const pipeline = [(x) => block(x) + 1,
         (x) => x * block(2)].reduce((f, g) => (x) => g(f(x))); const visitor = { num: (n) => block(n.v),
         add(n) { return this.visit(n.l) + this.visit(n.r); }, visit(n) { return this[n.t](n); } }; 
      return [c.get(), d.get(), c.self() === c, tree(3), hanoi(3, 1, 2, 3), ack(1, 2), Y((f) => (n) => n ? n * f(block(n - 1)) : 1)(4),
         table.get('a')(1), table.get('b')(), ws.get(table)(2), arr[0](3), arr.map((f) => f(4)), cps(5,
         (x) => cps(x, (y) => block(y))), ev.on((x) => block(x)).on(function (x) { return this === ev && x; }).emit(6),
         pipeline(3), visitor.visit({ t: 'add', l: { t: 'num', v: 1 }, r: { t: 'num', v: 2 } })]; }`,
};
