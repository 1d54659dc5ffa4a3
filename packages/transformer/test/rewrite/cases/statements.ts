/** Programs over statements and operators. See ../cases.ts. */
export const STATEMENTS: Readonly<Record<string, string>> = {
  'returns of every kind': `
    export function main(block, log) {
      const a = () => { return; }; const b = () => { block(1); return /* c */ 5 // trailing
      }; const c = () => { block(1); if (block(0)) return 1
      else return 2 }; const d = () => { block(1); return (log(1), block(2)); }; const e = () => { block(1); return { then: 1 } }; const f = () => { block(1); return (
         // comment
         block(3)
      ) }; const g = () => { do return block(4); while (0) }; const h = () => { try { return block(1); } finally { return block(2); } };
      const i = () => { for (const x of [1, 2]) { try { block(x); continue; } finally { if (x === 2) return 'f'; } } }; const j = () => { l: { try { return block(1); } finally { break l; } } return 'after'; };
      const k = () => { try { throw block('t'); } catch (e) { return e; } finally { log('fin'); } }; const m = () => { try { block(1); throw { then: 1 }; } catch ({ then }) { return then; } };
      const n = () => { switch (block(1)) { case 1: { return block('one'); } default: return 'd'; } }; const o = () => { block(1); return async () => 1; }; const p = () => { block(1); return class { x = 1 }; }; const q = () => { block(1); return -1 }; const s = () => { block(1); return \`a\${block(2)}\`; }; const t = () => { block(1); return block(1) as any as string; }; const u = () => { block(1); return void 0 }
      return [a(), b(), c(), d(), e(), f(), g(), h(), i(), j(), k(), m(), n(), typeof o(), typeof p(), q(), s(), t(), u()]; }`,
  'for loops with per-iteration bindings': `
    export function main(block, log) {
      const fs = []; for (let i = 0, n = block(3); i < n; i++) { fs.push(() => block(i)); i += block(0); } for (const [k, v] of Object.entries(block({ a: 1, b: 2 }))) fs.push(() => k + block(v)); for (const k in block({ x: 1, y: 2 })) fs.push(() => block(k));
      for (let i = block(0), g = () => block(i); i < 2; i++) fs.push(g); let o: any = {}; for (o[block('p')] of block([1, 2])) log(o.p); for (o.q in block({ z: 1 })) log(o.q); for (const x of block([1])) fs.push(function () { return block(x); }); for (var v = block(0); v < block(2); v += block(1)) fs.push(() => v);
      const it = { [Symbol.iterator]() { let n = 0; return { next() { log('next'); return { done: n > 2, value: n++ }; }, return() { log('return'); return {}; } }; } }; for (const x of it as any) if (block(x) === 1) break; const [y] = it as any; log(y);
      return fs.map((f) => f()); }`,
};
