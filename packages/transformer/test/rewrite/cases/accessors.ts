/** Programs over getters and setters, and over every form of an access. See ../cases.ts. */
export const ACCESSORS: Readonly<Record<string, string>> = {
  'getters of classes, objects, static and private': `
    export function main(block, log) {
      class A { v = 1; get x() { log('get x'); return block(this.v); } set x(v) { log('set x'); this.v = block(v); }
        static get s() { return block('s'); } static set s(v) { log(block(v)); }
        get #p() { return block(this.v) + 1; } set #p(v) { this.v = block(v); } static get #ps() { return block('ps'); }
        run() { this.#p = 5; const r = [this.#p, this.#p++, ++this.#p, this.#p += 2, this?.#p, #p in this, this.#p?.toFixed(1)]; return [...r, this.#p]; }
        static reveal(o) { return [this.#ps, o.#p, o?.#p]; } }
      const a = new A(); const o = { n: 3, get x() { return block(this.n); }, set x(v) { this.n = block(v); }, get ['comp' + 1]() { return block('c'); }, get 'quoted key'() { return block('q'); }, get 7() { return block(7); } };
      const r = [a.x, a['x'], A.s, o.x, o.comp1, o['quoted key'], o[7], a.run(), A.reveal(a)];
      a.x = 10; A.s = 'assigned'; o.x = 20;
      return [...r, a.x, o.x, a.v, Object.keys(o), Object.getOwnPropertyDescriptor(A.prototype, 'x').get.name, Object.getOwnPropertyDescriptor(o, 'x').set.length];
    }`,
  'inherited accessors and super': `
    export function main(block, log) {
      class A { v = 1; get x() { return 'A' + block(this.v); } set x(v) { log('A set'); this.v = block(v); } static get s() { return 'As' + block(this.t); } static t = 1; static set s(v) { this.t = block(v); } }
      class B extends A { get x() { return 'B' + super.x + (() => super['x'])(); } set x(v) { super.x = v + 1; super.x += 'u'; } static get s() { return 'Bs' + super.s; } static set s(v) { super.s = v; }
        m() { const k = { toString() { log('key'); return 'x'; } }; return [super.x, super[k], super[k] = block(7), super.x, super.missing]; } }
      class C extends B {}
      const c = new C(); const r = [c.x, C.s]; c.x = 5; C.s = 6; r.push(c.x, C.s, c.m(), c.x);
      class Z { get x() { return 'Z' + block(1); } } Object.setPrototypeOf(B.prototype, Z.prototype);
      r.push(c.x); return r;
    }`,
  'compound assignment and update': `
    export function main(block, log) {
      const o = { n: 1, big: 5n, get x() { log('get'); return block(this.n); }, set x(v) { log('set ' + v); this.n = block(v); }, get z() { return block(this.big); }, set z(v) { this.big = block(v); } };
      const get = () => { log('object'); return o; }; const key = () => { log('key'); return { toString() { log('toString'); return 'x'; } }; };
      const r = [o.x += block(2), get().x -= 1, o.x++, ++o.x, get().x--, --get()[key()], get()[key()]++, get()[key()] += block(3), get()[key()] = block(9), o.x **= 2, o.z++, ++o.z, o.z *= 2n];
      o.x = null; r.push(o.x ??= block(4), o.x ??= log('never'), o.x ||= log('never'), o.x &&= block(0), o.x ||= (1, block(8)), get()[key()] &&= 3, o.x += o.x ? 1 : 2);
      return [...r, o.n, o.big];
    }`,
  'destructuring reads, defaults, targets and rest': `
    export function main(block, log) {
      const note = (x) => { log(typeof x === 'object' ? 'object' : x); return x; };
      const o = { get x() { log('x'); return block(undefined); }, get y() { log('y'); return block({ z: 1, get w() { log('w'); return block(2); } }); }, get f() { return block(undefined); }, plain: 5, get 'a-b'() { return block('ab'); }, get list() { return block([1, 2]); } };
      const { x = note('default'), y: { z, w }, f = () => 1, plain, 'a-b': ab, list: [l1, l2 = 3], ...rest } = o;
      let a, b, c; const t = { set s(v) { log('set s ' + v); this.v = block(v); }, get q() { return block('q'); } };
      const source = ({ x: a = note('again'), [note('y')]: { w: b }, plain: t.s, plain: t['s'], plain: note(t).s = 1, x: note(t)[note('k')] = block('kk'), ...t.rest } = note(o));
      const { q } = t, { [(note('comp'), 'q')]: q2 } = t; var { q: q3 } = t; const r = [];
      for (const { q, v = 0 } of [t, t]) r.push(q, v); for (let { w } of [o.y]) { let w2 = w; r.push(() => w + w2); } for ({ x: a = 4, plain: b } of [o]) r.push(a, b); for (t.s of [1, block(2)]) r.push(t.v); for (t.s in { k1: 1 }) r.push(t.v);
      try { throw o; } catch ({ plain, x = 'caught', y: { w } }) { r.push(plain, x, w); }
      return [x, z, w, f.name, f(), plain, ab, l1, l2, Object.keys(rest), a, b, source === o, Object.keys(t.rest), t.v, t.kk, t.k, q, q2, q3, r.map((i) => typeof i === 'function' ? i() : i)];
    }`,
  'spread and rest': `
    export function main(block, log) {
      const s = Symbol.for('s'); const o = { a: 1, get x() { log('x'); return block(2); }, get [s]() { log('s'); return block(3); }, set only(v) {}, get y() { log('y'); return block(4); }, ['__proto__']: 5 };
      Object.defineProperty(o, 'hidden', { get() { log('hidden'); return block(6); } });
      const copy = { z: block(0), ...o, a: 9, ...null, ...undefined, ...'ab', ...[7], ...1 };
      const { x, ...rest } = o; const proxy = new Proxy(o, { get(t, k, r) { log('trap ' + String(k)); return Reflect.get(t, k, r); }, ownKeys(t) { log('ownKeys'); return Reflect.ownKeys(t); } });
      return [copy, copy[s], Object.getOwnPropertyDescriptor(copy, 'x'), x, rest, { ...proxy }, Object.keys(copy)];
    }`,
  'calls of what a getter returns': `
    export function main(block, log) {
      const o = { n: 1, get f() { log('get f'); return block(function (...args) { return [this === o, block(args), new.target === undefined]; }); }, get C() { log('get C'); return block(class { constructor(x) { this.x = x; } }); }, get tag() { return block((strings, ...v) => [strings.raw.join(), block(v)]); }, get none() { return block(undefined); }, get deep() { return block({ get o() { return block(o); } }); }, get 7() { return block(() => 7); } };
      const message = (f) => { try { return f(); } catch (e) { return e.message; } };
      return [o.f(1, block(2)), o?.f(3), o.f?.(4), o['f'](5), (o.f)(6), o.f.call(null, 7)[1], o.tag\`a\${1}b\`, o?.deep.o.f(8), o.deep?.o?.n, new o.C(9).x, new (o.C)(10).x, o.none?.(log('never')), o.none?.x.y, o[7](),
        message(() => o.none(log('argument'))), message(() => new o.none()), message(() => o.none.x), message(() => o.deep.none.x(1)), [1].map(o.f, o), typeof o.none, delete o.deep.o, o.deep.o === o, (({ n }) => n)(o.deep.o)];
    }`,
  'errors keep their messages': `
    export function main(block, log) {
      const o = { get x() { return block(undefined); }, set y(v) { block(v); }, get failing() { throw new RangeError('getter ' + block(1)); }, set failing(v) { throw new RangeError('setter ' + block(v)); }, get q() { return block(null); } };
      class A { get #g() { return block(1); } set #s(v) { block(v); } static g(a) { return a.#g; } static s(a, v) { a.#s = v(); } static gg(a) { a.#g = log('value'); } static ss(a) { return a.#s; } }
      const f = () => block(undefined); let none; const w = {};
      const attempts = [() => none.x, () => none.q.x, () => o.x.x, () => { none.y = log('value'); }, () => { none[{ toString() { log('never'); } }] = log('v'); }, () => o.failing, () => { o.failing = 2; }, () => o.failing++, () => { o.x = 1; }, () => { o.x += 1; },
        () => { const { x } = none; }, () => { const { x } = f(); }, () => { const { x = 1 } = o.q; }, () => { const { x: y } = o.q; }, () => { const { x: { x } } = o; }, () => { const { q: { x } } = o; }, () => { const { x: { x } = o.q } = o; }, () => { const { x: { x = 2 } = null } = o; },
        () => { const { ['x']: x } = o.q; }, () => { let x; ({ x } = o.q); }, () => { ({ x: w.x } = o.q); }, () => { const { x, ...y } = o.q; }, () => { for (const { x } of [null]); }, () => { let x; for ({ x } of [null]); }, () => { try { throw undefined; } catch ({ x }) {} },
        () => A.g({}), () => A.s({}, () => log('value')), () => A.gg(new A()), () => A.ss(new A()), () => A.g(undefined), () => A.s(null, () => log('value')), () => { Object.freeze({ x: 1 }).x = 2; }, () => { 'text'.x = 1; }, () => { ({ get x() { return 1; } }).x = 2; }, () => { const { x: {} } = o; }, () => { const { x: { ['x']: x } } = o; }, () => { Symbol().x = 1; }, () => { none[Symbol('s')].x; }];
      return attempts.map((attempt) => { try { block(0); attempt(); return 'none'; } catch (e) { return String(e); } });
    }`,
  'defined by descriptors': `
    export function main(block, log) {
      const o = {}; Object.defineProperty(o, 'x', { enumerable: true, configurable: true, get() { return block(this.n); }, set: (v) => { o.n = block(v); } });
      Object.defineProperties(o, { y: { get: function () { return block('y'); }, enumerable: true }, z: { value: 1 } });
      const made = Object.create(o, { w: { get: () => block('w') } }); Reflect.defineProperty(o, 'v', { get: () => block('v') }); o.__defineGetter__('u', () => block('u')); o.__defineSetter__('u', (x) => { log(block(x)); });
      function Old() { this.k = 2; } Object.defineProperty(Old.prototype, 'twice', { get: function () { return block(this.k) * 2; } });
      o.x = 3; o.u = 4; const r = [o.x, o.y, made.w, made.x, o.v, o.u, new Old().twice, { ...o }, (({ y }) => y)(o)]; made.x = 8;
      Object.defineProperty(o, 'x', { value: 'plain', writable: true }); return [...r, o.x, made.x, o.n];
    }`,
  'receivers of every kind': `
    export function main(block, log) {
      'use strict'; const define = (target, name) => Object.defineProperty(target, name, { configurable: true, get() { 'use strict'; return block(typeof this + String(this)); }, set(v) { 'use strict'; log([typeof this, block(v)]); } });
      for (const target of [String.prototype, Number.prototype, Boolean.prototype, Function.prototype, Array.prototype]) define(target, 'own');
      const f = () => 1; const r = ['a'.own, (1).own, true.own, f.own.length > 0, [1, 2].own, ('b').own.length]; 'c'.own = 5; (5).own = 6; [3].own = 7; const { own } = 'd'; const { own: n } = 7;
      for (const target of [String.prototype, Number.prototype, Boolean.prototype, Function.prototype, Array.prototype]) delete target.own;
      const getter = { get own() { return block('null proto'); } }; const bare = Object.setPrototypeOf({}, Object.setPrototypeOf(getter, null)); const bytes = new Uint8Array(2); bytes.own = 1;
      const proxy = new Proxy(getter, { get(t, k) { log('trap ' + String(k)); return t[k]; }, getOwnPropertyDescriptor() { log('never'); return undefined; }, getPrototypeOf() { log('never'); return null; } }); const heir = Object.create(proxy);
      return [...r, own, n, bare.own, bytes.own, proxy.own, heir.own];
    }`,
  'accessors that are replaced, and keys that meet': `
    export function main(block, log) {
      const k = () => 'x';
      const a = { get x() { return block('first'); }, get x() { return block('second'); }, set x(v) { log(block(v)); } }; const b = { get x() { return block(1); }, x: 'value' }; const c = { x: 'value', get x() { return block('getter'); } };
      const d = { get [k()]() { return block('one'); }, get [k()]() { return 'two'; } }; const e = { get x() { return block(1); }, ...{ x: 'spread' } }; const f = { get x() { return block(1); }, x() { return 'method'; } };
      class A { get x() { return block('first'); } get x() { return 'second'; } get [k() + 'y']() { return block('xy'); } static get [k()]() { return block('sx'); } set [k() + 'y'](v) { log(v); } m() { return block('m'); } get m() { return () => block('getter m'); } }
      class B extends A { x = 'field'; get ['m']() { return () => 'B' + super.m(); } } const i = new A(); i.xy = 1; const g = { get __proto__() { return block('own proto'); } };
      a.x = 1; return [a.x, b.x, c.x, d.x, e.x, typeof f.x, i.x, i.xy, A.x, i.m(), new B().x, new B().m(), Object.keys(g)];
    }`,
  'accesses in odd places': `
    export function main(block, log) {
      const o = { n: 0, get x() { log('x' + ++this.n); return block(this.n); }, get C() { return block(class { static get y() { return block('static y'); } get z() { return block('z'); } }); } };
      const f = (a = o.x, { x } = o, [b = o.x] = []) => { block(0); return [a, x, b]; };
      class D extends o.C { [o.x] = 1; static s = o.x; f = o.x; ['m' + o.x]() { return super.z; } static { log(o.x); } get z() { return super.z + '!'; } }
      const d = new D(); label: for (let i = o.x; i < o.x + 1; i++) { switch (o.x) { case o.x - 1: log('case'); break label; default: continue label; } }
      const [p = o.x, { x: q }] = [undefined, o]; const arrow = () => o.x; const gen = function* () { yield o.x; yield* [o.x]; }; if (o.x) log('if'); while (o.x < 5) log('loop'); do log('do'); while (o.x < 1);
      const t = \`\${o.x}-\${o.x}\`; void o.x; !o.x; const list = [o.x, ...[o.x], , o.x]; const obj = { x: o.x, [o.x]: o.x, get g() { return o.x; } }; const s = (o.x, o.x); const tern = o.x ? o.x : o.x; let v = 1; v += o.x; v ??= o.x;
      const fn = function () { return typeof this.x + delete this.x; }; try { throw o.x; } catch (e) { log(['thrown', e]); } finally { o.x; }
      return [f(), d.z, Object.keys(d).length, arrow(), [...gen()], p, q, t, list, obj.g, Object.keys(obj).length, s, tern, v, fn.call(o), 'x' in o, o.x instanceof Object, o.n];
    }`,
  'no semicolons after accesses': `
    export function main(block, log) {
      const o = { get x() { return block([1]) }, set x(v) { log(block(v)) } }
      let a = o
      o.x = 1
      a = o.x
      o.x
      a = () => o
      o.x = 2
      o?.x
      a = o
      a.x
      return a.x
    }`,
  'functions that getters make and keep': `
    export function main(block, log) {
      class Lazy { get value() { const value = block(5); Object.defineProperty(this, 'value', { value, writable: true }); return value; } get thenable() { return block({ then(f) { log('then called'); f(1); } }); } get promise() { return block(Promise.resolve(1)); } set promise(p) { log(block(p) instanceof Promise); } }
      const l = new Lazy(); const r = [l.value, l.value]; l.value = 6; const th = l.thenable; l.promise = l.promise; const as = (l.promise = th);
      return [...r, l.value, typeof th.then, l.promise instanceof Promise, as === th, typeof l.thenable.then];
    }`,
  'JSON, assign and other native readers': `
    export function main(block, log) {
      const o = { get x() { log('x'); return block(1); }, set y(v) { log(['y', block(v)]); }, get then() { return undefined; } };
      const target = Object.assign({ set x(v) { log(['set', block(v)]); } }, o); class T { get [Symbol.toStringTag]() { return block('tag'); } get toString() { return () => block('text'); } get length() { return block(2); } }
      return [JSON.stringify(o), Object.values(o), Object.entries(o), Reflect.get(o, 'x'), Reflect.set(o, 'y', 3), Object.prototype.toString.call(new T()), String(new T()), Array.from(new T()).length, block(0)];
    }`,
};
