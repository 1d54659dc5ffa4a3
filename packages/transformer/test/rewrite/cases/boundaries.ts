/** Programs in which functions must stay synchronous, and whose values must still be right. See ../cases.ts. */
export const BOUNDARIES: Readonly<Record<string, string>> = {
  'constructors, accessors, defaults and fields keep their values': `
    export function main(block, log) {
      class A { f = block(1); static s = block(2); static { this.t = block(3); } static t; constructor(public x = block(4),
         y = block(x)) { this.y = y; block(5); } y; get g() { return block(this.f); } set g(v) { this.f = block(v);
         } m(a = block(1), { b = block(2) } = {} as any, [c] = block([3])) { return [a, b, c, block(4)];
         } }
      class B extends A { z = block(6); constructor() { log(block(0)); super(block(7)); this.w = block(8);
         const t = new.target === B; log(t); const arrow = () => super.m(block(9)); log(arrow()[0]);
         } w; get g() { return super.g + block(1); } set g(v) { super.g = block(v); } m() { return [super.m(block(5)),
         super['m']()]; } static create(...a) { return new this(...(a as [])); } }
      const b = B.create(); b.g = block(10); const o = { _v: 1, get v() { return block(this._v);
         }, set v(x) { this._v = block(x); } }; o.v += block(5); o.v++; const def = (x, f = () => block(x),
         y = f()) => { block(1); return [x, y]; }; const late = (a, b = a + c, c?) => 1; let msg; try { late(1);
         block(1); } catch (e) { msg = e.message; } const m2 = (a, { b = block(a), ...r } = { c: block(2) } as any) => { var a = a ?? block(3);
         return [a, b, r]; };
      return [{ ...b }, b.g, b.m(), A.s, (A as any).t, b instanceof A, o.v, def(1), def(2, () => 5),
         typeof msg, m2(1), m2(undefined), new (class extends Array { constructor() { super(); this.push(block(1)); } })().length,
         b.constructor.name, new A().m(9).length]; }`,
  'thenables and promises as values everywhere': `
    export function main(block, log) {
      const th = () => ({ then(f) { log('then called'); f('wrong'); } }); const f = () => { block(1);
         return th(); }; const g = (x) => { block(1); return x; }; const o = { m() { block(1); return this;
         }, then: (f) => { log('o.then'); f(1); } }; const thrower = () => { block(1); throw th(); };
         function thenFn() { return block(1); } thenFn.then = (f) => { log('fn.then'); f(); }; const getter = { get then() { log('then got');
         return undefined; } };
      let caught; try { thrower(); } catch (e) { caught = typeof e.then; } const [d] = g([th()]);
         const { e } = g({ e: th() }); const arr = [th()].map((x) => g(x)); const cond = block(1) ? g(th()) : 0;
         const log2 = g(th()) || 0; const sp = [...g([th()])]; let asg; asg = g(th()); asg = block(th());
         const red = [1].reduce((a) => g(a), th()); const found = [th()].find((x) => block(true)); const fm = [1].flatMap(() => [g(th())]);
         const it = [...(function* () { yield th(); })()].map((x) => g(x)); const gb = g(thenFn); const sorted = [th(),
         th()].sort(() => block(0)); const def = ((x = g(th())) => { block(1); return x; })(); const fin = (() => { try { return f(); } finally { block(1); } })();
         const sw = (() => { switch (block(1)) { case 1: return th(); } })(); const nested = (() => { block(1); return (() => th())(); })();
         const comma = (() => { block(1); return (0, th()); })(); const m = new Map([[1, th()]]); g(getter);
         const p = Promise.resolve(1); const same = g(p) === p; const rejected = Promise.reject(new Error('x'));
         rejected.catch(() => {}); const rej = g(rejected); const cls = g(class { static then(f) { log('class then'); } });
         const call = g.call(null, th()), app = g.apply(null, [th()]), bnd = g.bind(null, th())(), ra = Reflect.apply(g,
         null, [th()]); const self = o.m() === o && o.m().m() === o; const as = (async () => 1)(); const gas = g(as) === as;
         const tag = ((s, v) => { block(1); return v; })\`\${th()}\`; const opt = g?.(th())?.then; const deflt = (({ x = g(th()) }) => { block(1); return x; })({});
      return [typeof f().then, caught, typeof d.then, typeof e.then, typeof arr[0].then, typeof cond.then,
         typeof log2.then, typeof sp[0].then, typeof asg.then, typeof red.then, typeof found!.then, typeof fm[0].then,
         typeof it[0].then, typeof gb, typeof sorted[1].then, typeof def.then, typeof fin.then, typeof sw!.then,
         typeof nested.then, typeof comma.then, typeof g(m).get(1)!.then, same, rej instanceof Promise,
         typeof cls, typeof call.then, typeof app.then, typeof bnd.then, typeof ra.then, self, gas, typeof tag.then,
         typeof opt, typeof deflt.then]; }`,
};
