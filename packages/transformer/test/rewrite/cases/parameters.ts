/** Programs over parameters that block. See ../cases.ts. */
export const PARAMETERS: Readonly<Record<string, string>> = {
  'defaults that block': `
    export function main(block, log) {
      const seq = (x) => { log(x); return block(x); };
      function f(a, b = seq('b'), c = b + seq('c'), ...rest) { return [a, b, c, rest, arguments.length]; }
      const g = (a = seq(1), b = (seq(2), a)) => [a, b]; const h = (a = seq('x')) => { return a; };
      const o = { m(a = this.n, b = seq(a)) { return [a, b, this === o]; }, n: 4, ['k'](x = block(1),) { return x; } };
      class A { m(a = block(1)) { return [a, this instanceof A]; } static s(a = block(2), b = this.name) { return [a, b]; } #p(a = block(3)) { return a; } p() { return this.#p(); } q() { return [1, undefined].map(this.#p); } }
      class B extends A { m(a = super.m(block(5))) { return [a, super.m()]; } }
      return [f(1), f(1, undefined, 3, 4, 5), f(1, null), g(), g(7), g(undefined, 8), h(), o.m(), o.m(5), o.k(), new A().m(), A.s(), new A().p(), new A().q(), new B().m(),
        f.length, g.length, o.m.length, [f, g, h, o.m].map((x) => x.name), [1, undefined].map(h), f.call(null, 1), f.apply(null, [2]), f.bind(null, 3)()];
    }`,
  'patterns that block': `
    export function main(block, log) {
      const t = (x) => { log(x); return block(x); }; const r: any[] = [];
      function f({ a = t('a'), [t('k')]: b, ...rest }, [c, , d = t('d'), ...e] = t([1, 2])) { return [a, b, rest, c, d, e]; }
      r.push(f({ k: 1, z: 2 } as any), f({ a: 5, k: 6 } as any, [7, 8, 9, 10]));
      const g = ({ x: { y = t(1) } = {} as any, z: [w = t(2)] = [] as any } = {} as any) => [y, w]; r.push(g(), g({ x: { y: 3 }, z: [4] }));
      const h = (...[a, b = t('b'), ...c]: any[]) => [a, b, c]; const i = (...{ length, 0: a = t('i') }: any[]) => [length, a]; r.push(h(1), h(1, 2, 3), i(), i(9));
      const src = { get p() { log('get p'); return undefined; }, get q() { log('get q'); return { get r() { log('get r'); return undefined; } }; } };
      const k = ({ p = t('p'), q: { r: rr = t('r') } = t({}) }, last = t([p, rr])) => [p, rr, last]; r.push(k(src as any));
      const it = { [Symbol.iterator]() { log('iterate'); let n = 0; return { next() { log('next'); return { done: n > 2, value: n++ > 0 ? n : undefined }; }, return() { log('return'); return {}; } }; } };
      const l = ([a = t('first'), b, c = t('third')]) => [a, b, c]; r.push(l(it as any));
      const m = ([a = t('only')]) => a; r.push(m(it as any)); const n = ([a = (() => { throw new Error('in default'); })(), b = block(1)]: any) => a; try { n(it); } catch (e) { r.push(e.message); }
      const s = ([a, b = block('?')] = 'xy' as any) => [a, b]; r.push(s(), s('z' as any), s('😀!' as any));
      const own = ({ toString: u = block(1), constructor: v = block(2) }) => [typeof u, typeof v]; r.push(own(5 as any), own(Object.create(null)));
      return r;
    }`,
  'what cannot be destructured': `
    export function main(block, log) {
      const r: any[] = []; const values = [undefined, null, 5, 's', true, {}, [], () => 1, Symbol('q'), 5n, { x: null }, [null], { x: { y: 1 } }, [[1]]];
      const fs: any[] = [
        ({ x = block(1) }) => x, ({ x = block(1) } = null as any) => x, ([x = block(1)]) => x, ([x = block(1)] = block([])) => x, ({}, a = block(1)) => a, ([], a = block(1)) => a, ({ ['x']: x = block(1) }) => x,
        ({ 'x': x = block(1), ...q }) => x, ({ ...x }, y = block(1)) => y, ({ x: { y = block(1) } }) => y, ([{ y = block(1) }]) => y, ([[y = block(1)]]) => y, ({ x: { y = block(1) } } = {} as any) => y, ([[y = block(1)]] = block([])) => y, ({ if: x = block(1) }) => x, (a = block(1), { x }) => x,
        function ({ x = block(1) }) { return x; }, { m({ x = block(1) }) { return x; } }.m, class { static s({ x = block(1) }) { return x; } }.s,
      ];
      for (const f of fs) for (const v of values) try { r.push(f(v)); } catch (e) { r.push(e.name + ': ' + e.message); }
      return r;
    }`,
  'the dead zone of parameters': `
    export function main(block, log) {
      const r: any[] = []; const t = (f, ...a) => { try { r.push(f(...a)); } catch (e) { r.push(e.name + ': ' + e.message); } };
      t((a = b, b = block(1)) => a); t((a = a, b = block(1)) => a); t((a = block(1), b = c, c?) => 1); t((a = block(1), { x = y, y }: any = {}) => x); t((a = () => b, b = block(2)) => [typeof a, (a as any)()]); t((a = (() => b)(), b = block(2)) => a);
      t((a = typeof b, b = block(1)) => a); t((a = block(1), b = a) => { a = 5; return [a, b]; }); t((a, b = (a = block(2)), c = a) => [a, b, c], 1);
      t((a = block(1), f = () => a, g = () => { a = block(a + 1); return a; }) => { g(); return [a, f()]; });
      return r;
    }`,
  'the scope of parameters and that of the body': `
    const y = 'outer'; function inBody() { return 'outer function'; }
    export function main(block, log) {
      const r: any[] = [];
      function a(x = block(1), get = () => x, set = (v) => { x = v; }) { var x = x; const first = x; x = 'body'; set('parameter'); return [first, x, get()]; }
      function b(f = () => y, g = block(1)) { var y = 'inner' as any; return [f(), y, g]; }
      function c(f = () => inBody(), g = block(1)) { function inBody() { return block('inner function'); } return [f(), inBody(), g]; }
      function d(x = block('p'), f = () => x) { function x() { return 'declared'; } return [typeof x, (x as any)(), f()]; }
      function e(x = block(1), f = () => typeof z) { { { var z = 2; } } return [x, f(), z]; }
      function g(f = () => typeof L, x = block(1)) { class L {} let M = block(f()); return [M, typeof L, x]; }
      function h(x = block(1), { y: z = block(x), f = () => [x, z] } = {} as any) { var x: any, z: any; const were = [x, z]; x = 5; z = 6; return [were, f(), x, z, arguments.length]; }
      const i = (x = block(1), f = () => x) => { var x = 7 as any; return [x, f(), (() => { try { return [arguments.length]; } finally { log('fin'); } })()]; };
      function j(x = block(1), f = () => q) { for (var q = 0; q < 2; q++) log(q); return [q, (() => { try { return f(); } catch (e) { return e.message; } })()]; } const q = 'outer q';
      function k(x = block(1), f = () => [this, arguments.length, new.target === undefined]) { var f2 = f; var x = block(2); return [f2(), this, arguments[0]]; }
      class S { n() { return 'super'; } } class T extends S { n(x = block(1), f = () => super.n()) { var x = block(2); return [x, f(), super.n(), this instanceof T]; } }
      r.push(a(), a('given' as any), b(), c(), d(), e(), g(), h(), h(undefined, { y: 3 }), i(), j(), k.call('this', 'one'), new T().n());
      return r;
    }`,
  'arguments of functions whose parameters block': `
    export function main(block, log) {
      function a(x, y = block(2)) { x = 'changed'; arguments[1] = 'set'; return [x, y, [...arguments]]; }
      function b({ x = block(1) }) { arguments[0] = 5; return [x, arguments.length, arguments[0]]; }
      function c(x = (arguments[1] = 'early', block(1)), y?) { return [x, y, arguments[1]]; }
      function d(x, { y = (arguments[0] = 'early', block(1)) } = {} as any) { return [x, y, arguments[0]]; }
      function e(n = arguments.length, m = block([...arguments])) { return [n, m]; }
      return [a(1), a(1, 3), b({} as any), c(), c(undefined, 2), d(1), e(), (e as any)(1, 2, 3)];
    }`,
  'names of functions in defaults': `
    export function main(block, log) {
      const key = 'computed';
      const f = (a = () => block(1), b = function () { return block(2); }, c = class { static m() { return block(3); } }, d = (() => 4), { e = () => block(5), [key]: g = () => 6 } = {} as any, [h = () => block(7)] = [] as any, i = block(8), [j] = [() => 1]) =>
        [a.name, b.name, c.name, d.name, e.name, g.name, h.name, i, j.name, a(), b(), c.m(), e(), h()];
      const p = ({ x = block(1) } = (() => ({})) as any) => x;
      return [f(), p(), ((__proto__ = block(1), f = () => 2) => [__proto__, f.name])()];
    }`,
  'types of parameters that block': `
    export function main(block: <T>(x: T) => T, log) {
      interface Options { readonly a?: number; b?: string }
      function f<T extends object>(this: any, x: T, opt?: number, { a = block(1), b }: Options = {}, [c]: [c?: number] = [block(2)], ...rest: readonly T[]): unknown { return [this, x, opt, a, b, c, rest.length]; }
      const g = <T,>(x: T = block('d' as any), y: (v: number) => string = (v) => String(block(v))): string => y(x as any); const h = async <T,>(x: T): Promise<T> => x;
      class C { private m(a: number = block(3), readonly_?: string): [number, string?] { return [a, readonly_]; } run() { return this.m(); } }
      return [f.call('t', { z: 1 }), f.call('t', { z: 1 }, 2, { a: 5 }, [6], {}, {}), g(), g(7), new C().run(), typeof h(1)];
    }`,
  'spacing of parameters that block': `
    export function main(block, log) {
      const f = ( /* a ) */ a = block(1) /* ) */ , // comment )
        { b /* } */ = block(2) , } /* { */ = {} as any , [ , c = block((3)) , ] /* ] */ = [] , ) /* ( */ => /* { */ { return [a, b, c] }
      const g = (a=block(1))=>a, h = (a = (block(1))) => ({ a }), i = function /* ( */ name /* ( */ (\\u0061\\u{62} = block(1)) { return ab }
      const j = (a = (log('s'), block(4))) => a; const k = (a = [b] = block([5]), b?) => [a, b]
      return [f(), g(), h(), i(), j(), (() => { try { return k() } catch (e) { return e.message } })()]
    }`,
};

/** The same in sloppy mode. */
export const SLOPPY_PARAMETERS: Readonly<Record<string, string>> = {
  'parameters that block, in sloppy mode': `
    exports.main = function (block, log) {
      function a(x, { y = block(1) }) { arguments[0] = 'set'; x = 'changed'; return [x, y, arguments[0], typeof this]; }
      function b(x = block(1), arguments) { return [x, arguments]; }
      function c(x = arguments[1], y = block(2)) { var arguments; return [x, typeof arguments, arguments.length]; }
      function d(x = block(1), f = () => typeof arguments) { function arguments() {} return [x, typeof arguments, f()]; }
      function e(x = block(1), f = () => x) { { function x() {} } return [x, f()]; }
      function g(f = () => typeof h, x = block(1)) { var before = typeof h; { function h() { return block('h'); } } return [before, typeof h, f(), h()]; }
      function i(static = block(1), yield = static) { return [static, yield]; } function j(let = block(1)) { return let; }
      function k(x = (undeclared = block(3), undeclared)) { var r = undeclared; delete globalThis.undeclared; return r; }
      function l(x = block(1), f = () => x, g = () => late) { { function x() {} } var late = 2; x = 3; return [x, f(), (() => { try { return g(); } catch (e) { return e.name; } })()]; }
      return [l(), a(1, {}), b(undefined, 5), c(1, 2), c(), d(), e(), g(), i(), j(), k()];
    };`,
};
