/** Programs over the construction of objects. See ../cases.ts. */
export const CONSTRUCTORS: Readonly<Record<string, string>> = {
  'constructors that block, of classes with and without parent': `
    export function main(block, log) {
      class A { constructor(x, y = 2) { log(arguments.length); this.x = block(x); this.y = y; log(Object.keys(this)); } }
      class B extends A { constructor(x) { log('before'); super(block(x)); log(Object.keys(this)); this.z = block(9); } }
      class C extends B {}
      class D extends B { m() { return this.x; } }
      return [new A(1), new A(1, undefined, 3), new B(2), new C(3), new D(4), new D(4).m(), new C(3) instanceof B, new C(3).constructor.name, Object.keys(new B(1))];
    }`,
  'fields in order, blocking or not': `
    export function main(block, log) {
      const note = (x, self) => { log([x, Object.keys(self)]); return x; };
      const key = (k) => { log('key ' + k); return k; };
      class A {
        a = note(block(1), this); 'quoted key' = note(2, this); [key('c' + block(3))] = block(note(4, this)); static s = 5; 6 = note(7, this); b;
        f = () => [this.a, block(8)]; g = function () { return block(this?.a); }; [key('h')] = () => 9; k = class { x = block(1); }; [Symbol.iterator] = block(10);
        constructor(x) { log(Object.keys(this)); this.b = block(x); }
      }
      class B extends A { a = note(block([this.a, 'over']), this); own = note(super.constructor === A, this); z = block(1) }
      const a = new A(1), b = new B(2);
      return [JSON.stringify(a), a.f(), a.g(), a.h(), new a.k().x, JSON.stringify(b), Object.getOwnPropertyDescriptor(b, 'own'), Reflect.ownKeys(b)];
    }`,
  'private names': `
    export function main(block, log) {
      class A {
        #a = 1; #b = new Map([[1, this.#a]]); pub = 3; static #count = 0;
        #m(x) { return [this.#a, block(x)]; } get #g() { return this.#a; } set #g(v) { this.#a = v; }
        constructor(x, { y = block(5), ...rest } = {}, [z] = [1]) { log(Object.keys(this)); this.#a = block(x); this.#g = this.#g + 1; this.w = this.#m(x); A.#count++; this.r = [y, rest, z]; }
        all() { return [this.#a, this.#b.get(1), this.#g, this.#m(2), #a in this, A.#count]; }
        static has(o) { return #m in o; }
      }
      class B extends A { #a = 'b'; late = this.#a; constructor(x) { const o = { x }; log('pre'); super(block(o.x), o); log(this.late); this.#a += block('!'); } b() { return this.#a; } }
      class C extends B { #own = this.b(); own() { return this.#own; } }
      return [new A(1), new A(2).all(), new B(3), new B(4).all(), new B(5).b(), new C(6).own(), new C(7).all(), A.has(new C(3)), A.has({})];
    }`,
  'super() in branches, with private names': `
    export function main(block, log) {
      class A { constructor(x) { this.x = block(x); } }
      class D extends A { #d = 0; constructor(...args) { if (args.length > 1) { super(1); this.#d = 'one'; } else { super(args[0]); this.#d = block('two'); } } d() { return this.#d; } }
      class E extends D { #e = block(3); constructor() { const made = super(block(4)); log(made === this); } e() { return this.#e; } }
      return [new D(1).d(), new D(1, 2).d(), new E().e(), new E()];
    }`,
  'names of functions in fields': `
    export function main(block, log) {
      const key = () => 'computed';
      class A { a = block(1); f = () => block(1); g = function () {}; h = class {}; [key()] = () => 2; 'quoted' = () => 3; 4 = () => 4; __proto__ = () => 5; #p = () => 6; #k = class {}; #b = () => block(7); own() { return [this.#p.name, this.#k.name, this.#b.name]; } }
      class B { f = () => block(1); g = function () {}; h = class {}; [key()] = () => 2; k = class extends (block(A)) {}; }
      class C { #p = () => 6; #k = class {}; #b = () => block(7); #x = block(1); own() { return [this.#p.name, this.#k.name, this.#b.name]; } }
      const names = (o) => Object.keys(o).map((k) => [k, o[k].name]); let E; E = class { constructor() { block(1); } };
      return [names(new A()), new A().own(), names(new B()), new C().own(), E.name, new E().constructor.name];
    }`,
  'private fields that block': `
    export function main(block, log) {
      const note = (x, o) => { log([x, Object.keys(o)]); return x; };
      class A {
        before = 1; #a = block(2); #f = () => this.#a; #k = class {}; between = [this.#a, 5]; #c = block(this.#a + 1); after = note(this.#c, this); [String(block('z'))] = block(6); last = this.#f();
        all() { return [this.#a, this.#c, this.#f(), typeof this.#k]; }
      }
      class B extends A { after = 'b'; #p = block(1); q = block(2); before = note(this.#p, this); p() { return this.#p; } constructor() { super(); this.ready = true; } }
      return [new A(), new A().all(), new B(), new B().p(), new B().all(), Object.keys(new B())];
    }`,
  'a private field before its turn': `
    export function main(block, log) {
      class A { a = this.look(); b = block(1); #late = 2; look() { try { return this.#late; } catch (error) { return error.name; } } }
      class B { a = #late in this; b = block(1); #late = 2; #m() {} c = [#late in this, #m in this]; }
      return [new A().a, new B().a, new B().c, block(1)];
    }`,
  'new.target': `
    export function main(block, log) {
      class A { constructor() { log(new.target.name); block(1); const f = () => new.target; this.t = f().name; } }
      class B extends A { constructor() { log(new.target === B); super(); this.u = (() => new.target.name)(); } }
      function F(x) { if (!new.target) return new F(x); this.x = block(x); this.t = new.target.name; const f = () => new.target === F; this.same = f(); }
      const G = function G(x) { return [new.target === undefined, block(x)]; };
      const H = function () { return new.target ? { made: block(1) } : block(2); };
      class E extends F { constructor() { super(block(5)); } }
      return [new A(), new B(), new F(1), F(2), new F(3) instanceof F, new G(4), G(5), new H(), H(), new E(), new E() instanceof F];
    }`,
  'what constructors return': `
    export function main(block, log) {
      const tried = (f) => { try { return f(); } catch (error) { return [error.name, error.message]; } };
      class A { constructor(r) { block(1); return r; } }
      class B extends A { constructor(r, s) { super(r); block(2); return s; } }
      class C extends Object { constructor(r) { try { return r; } catch (error) { log(error.name); } finally { super(); this.x = block(3); } } }
      class D extends Object { constructor(early) { try { if (early) return block(early); const f = () => { return; }; f(); block(0); return; } catch (error) { log(error.name); } finally { log('finally'); } } }
      class E extends Object { constructor() { block(1); } }
      class F extends Object { constructor() { super(); block(1); super(); } }
      class G extends Object { constructor() { block(1); this.x = 1; super(); } }
      class H extends null { constructor() { block(1); super(); } }
      class I extends Object { constructor() { const f = () => this; try { f(); } catch (error) { log(error.name); } super(block(1)); log(f() === this); } }
      const o = { o: 1 }; const f = () => 1;
      return [new A(o) === o, new A(5), new A(f) === f, new A(null), new B(o, undefined) === o, new B(undefined, o) === o, tried(() => new B(1, 2)), new C(undefined),
        new C(o) === o, tried(() => new C(7)), tried(() => new D(1)), tried(() => new D(0)), tried(() => new E()), tried(() => new F()), tried(() => new G()), tried(() => new H()), new I()];
    }`,
  'thenables that are constructed': `
    export function main(block, log) {
      class A { constructor() { block(1); } then(f) { log('then'); f(2); } }
      class B extends A { x = block(1); }
      function F() { block(1); this.then = (f) => { log('then'); f(3); }; }
      const p = Promise.resolve(1); class C { constructor() { block(1); return p; } }
      return [typeof new A().then, typeof new B().then, typeof new F().then, new C() === p];
    }`,
  'super in constructors and fields': `
    export function main(block, log) {
      class A { constructor(x) { this.x = x; } m(y) { return [this.x, block(y)]; } get g() { return [this.x, 'g']; } plain(y) { return [this.x, y]; } ['k'](y) { return block(y); } }
      class B extends A {
        f = super.m(1); g2 = super.g; h = () => super.m(2); y = block(3);
        constructor(x) { super(block(x)); this.a = super.m(4); this.b = super.g; this.c = super.plain(5); this.d = super['k'](6); this.e = super.m?.(7); const arrow = (z) => super.m(z); this.arrow = arrow(8); this.none = super.none?.(9);
          try { super.none(log('argument')); } catch (error) { this.error = error.message; } this.t = typeof super.m; this.p = (super.plain)(10); this.q = [1].map((z) => super.plain(z)); }
        m() { return 'overridden'; }
      }
      const b = new B(1); return [JSON.stringify(b), b.h()];
    }`,
  'this in constructors': `
    export function main(block, log) {
      class A {
        constructor(x) { this.x = block(x); const self = this; const f = () => this.x + block(1); this.f = f(); this.m(2); this['m'](3); this?.m(4); log(this.m?.(5)); [this.a, this.b = block(6)] = [7]; ({ c: this.c } = { c: block(8) });
          this.n ??= block(9); this.n += block(1); delete this.a; for (this.i of [1, 2]) block(this.i); const o = { m() { return this === self; }, [this.x]: 1, f: () => this === self }; this.o = [o.m(), o.f(), o[x]]; class Inner { [this.x] = 1; static s = this === Inner; y = this !== self; }
          this.inner = new Inner(); this.s = Inner.s; function plain() { return this; } this.plain = plain.call(1) === self; this.tag = this.t\`\${block(1)}\`; log(\`\${this.x}\`); }
        m(y) { this.seen = [...(this.seen ?? []), block(y)]; return this === this; } t(strings, v) { return [this.x, v]; }
      }
      return new A(1);
    }`,
  'virtual methods that base constructors call': `
    export function main(block, log) {
      class A { base = 1; constructor() { this.init(); log(Object.keys(this)); } init() { block(1); } }
      class B extends A { mine = block('b'); init() { super.init(); log(['init', Object.keys(this), this.mine]); this.mine = 'early'; this.extra = block(2); } }
      class C extends B { #secret = 5; init() { super.init(); try { log(this.#secret); } catch (error) { log(error.name); } } get secret() { return this.#secret; } constructor() { super(); block(1); } }
      return [new A(), new B(), new C(), new C().secret, Object.keys(new C())];
    }`,
  'classes that extend builtins': `
    export function main(block, log) {
      class M extends Map { constructor(entries) { super(entries); this.size0 = block(this.size); } set(k, v) { log(['set', k]); return super.set(k, v); } }
      class L extends Array { constructor(...items) { super(...items); if (items.length > 1) this.first = block(items[0]); } }
      class E extends Error { name = 'E'; constructor(message, options) { super(message, options); this.code = block('code'); } }
      class T extends E { constructor() { super('t', { cause: block('why') }); Object.setPrototypeOf(this, new.target.prototype); } }
      class P extends Promise { constructor(f) { super(f); this.made = block(1); } }
      class F extends Function { constructor() { super('return 5'); block(1); } }
      class R extends RegExp { x = block(1); } class U extends Uint8Array { constructor(n) { super(n); this.fill(block(7)); } } class D extends Date { constructor() { super(0); block(1); } }
      const e = new E('bad', { cause: 1 }); const l = new L(1, 2, 3);
      return [[...new M([[1, 2]])], new M([]).size0, [...l], l.first, l.length, l.map((x) => x * 2) instanceof L, e.message, e.cause, e.code, String(e), e instanceof E, typeof e.stack, new T().cause, new P((r) => r(1)) instanceof P,
        new P(() => {}).made, new F()(), new R('a', 'g').flags, new R('a').x, [...new U(2)], new D().getTime()];
    }`,
  'Reflect.construct, bound and inherited constructors': `
    export function main(block, log) {
      class A { constructor(...args) { this.args = args.map((x) => block(x)); this.t = new.target.name; } }
      function F(x) { this.x = block(x); }
      class Other {} function Plain() {}
      const bound = A.bind(null, 1); const boundF = F.bind({ no: 1 }, 2); class Sub extends bound { y = block(3); }
      const made = Reflect.construct(A, [1, 2], Other);
      const tried = (f) => { try { return f(); } catch (error) { return error.name; } };
      return [Reflect.construct(A, [1]), made, made instanceof Other, made instanceof A, Reflect.construct(F, [1], Plain) instanceof Plain, new bound(2), new boundF(), new boundF() instanceof F, new Sub(),
        tried(() => Reflect.construct(A)), tried(() => Reflect.construct(A, [1], 5)), tried(() => Reflect.construct(() => 1, [])), Reflect.construct(A, { length: 1, 0: 9 })];
    }`,
  'functions as constructors': `
    export function main(block, log) {
      function Animal(name) { this.name = block(name); }
      Animal.prototype.speak = function () { return block(this.name) + '!'; };
      function Dog(name) { Animal.call(this, name); this.tricks = block([]); } Dog.prototype = Object.create(Animal.prototype); Dog.prototype.constructor = Dog; Object.setPrototypeOf(Dog, Animal);
      const Cat = function (name) { Animal.apply(this, arguments); }; Cat.prototype = new Animal('proto');
      function Factory(x) { if (!(this instanceof Factory)) return new Factory(x); this.x = block(x); return x > 2 ? { other: x } : x; }
      function Odd() { block(1); } Odd.prototype = 5; const o = { Animal };
      class Puppy extends Dog { constructor(name) { super(name + block('y')); this.age = 0; } speak() { return super.speak() + super.speak(); } }
      return [new Animal('a'), new Dog('d').speak(), new Cat('c').speak(), new Cat('c') instanceof Animal, new Factory(1), Factory(2), new Factory(3), Object.getPrototypeOf(new Odd()) === Object.prototype, new o.Animal('o').name, new (class extends Animal {})('x').speak(), new Puppy('p').speak(), new Puppy('p').tricks, new Animal];
    }`,
  'what is no constructor': `
    export function main(block, log) {
      const tried = (f) => { try { return f(); } catch (error) { return [error.name, error.message]; } };
      class A { constructor() { block(1); } m() { return block(1); } async am() {} } const arrow = () => block(1); async function af() { block(1); } function* g() { block(1); } const o = { m() { block(1); }, none: undefined };
      return [tried(() => A()), tried(() => A.call({})), tried(() => new arrow(log('evaluated'))), tried(() => new o.m(block(2))), tried(() => new af()), tried(() => new g()), tried(() => new o.none()), tried(() => new (block(5))()), tried(() => new A.prototype.m()), tried(() => new (class extends (arrow as any) {})())];
    }`,
  'class expressions and anonymous classes': `
    export function main(block, log) {
      const A = class { constructor(x) { this.x = block(x); } }; const B = class Named { x = block(Named.name); }; const o = { C: class { constructor() { block(1); } }, D: class extends A {} };
      const make = (Base) => class extends Base { m = block('mixin'); constructor(...args) { super(...args); this.args = args; } };
      let E; E = class { #p = block(1); get() { return this.#p; } }; const list = [1, 2].map((n) => class { x = block(n); #n = n; n() { return this.#n; } });
      const F = make(make(A)); const f = new F(3);
      return [new A(1), B.name, new B(), new o.C(), new o.D(5), new E().get(), list.map((L) => [new L(), new L().n()]), f, f instanceof A, new (class { y = block(9); })(), (() => new (class extends A { z = block(1); })(2))()];
    }`,
  'errors in constructors': `
    export function main(block, log) {
      const tried = (f) => { try { return f(); } catch (error) { return error.message; } };
      class A { x = block(1); constructor(fail) { if (fail) throw new Error('constructor ' + block(fail)); } }
      class B extends A { y = this.check(); #z = 1; check() { if (block(1)) throw new Error('field'); } }
      class C extends A { constructor() { try { super(1); } catch (error) { log(error.message); super(0); } finally { log('finally'); } this.ok = block(true); } }
      class D { constructor() { Object.freeze(this); block(1); } } class E extends D { x = block(1); } class F extends D { x = 1; }
      class G { constructor() { Object.defineProperty(this, 'x', { value: 1 }); block(1); } } class H extends G { before = log(Object.keys(this)); x = block(2); #p = 1; }
      return [tried(() => new A(1)), tried(() => new B()), tried(() => new C()), tried(() => new E()), tried(() => new F()), tried(() => new H())];
    }`,
  'objects that several classes are initialised on': `
    export function main(block, log) {
      const tried = (f) => { try { return f(); } catch (error) { return error.name; } };
      const one = {}; class Give { constructor() { block(1); return one; } } class Mark extends Give { #mark = block(1); x = 1; static has(o) { return #mark in o; } }
      const proxy = new Proxy({}, { defineProperty(t, k, d) { log(['define', k]); return Reflect.defineProperty(t, k, d); }, set(t, k, v) { log(['set', k]); t[k] = v; return true; } });
      class Wrap { constructor() { block(1); return proxy; } } class Field extends Wrap { a = block(1); b = 2; } class Own extends Wrap { before = 1; #p = block(1); after = 2; p() { return this.#p; } }
      class Setter { set s(v) { log(['setter', v]); } get s() { return 'inherited'; } constructor() { block(1); } } class Define extends Setter { #q = 1; s = block('own'); t = this.s; }
      const frozen = Object.freeze(class extends Give { #f = block(1); static has(o) { return #f in o; } }); new frozen();
      return [new Mark() === one, Mark.has(one), tried(() => new Mark()), Object.keys(new Field()), Own.prototype.p.call(new Own()), new Define().s, new Define().t, frozen.has(one), Object.keys(one)];
    }`,
  'constructors of constructors': `
    export function main(block, log) {
      class Node { #next = this.depth > 0 ? new Node(this.depth - 1) : null; depth = 0; children; constructor(n) { log(n); this.children = n > 0 ? [new Node(block(n - 1)), new Node(0)] : []; } next() { return this.#next; } }
      class List { #head = []; #tail; constructor(n) { this.#tail = n > 0 ? new List(block(n - 1)) : null; } size() { return 1 + (this.#tail ? this.#tail.size() : 0); } }
      class Tree extends List { #left = block(null); kids; constructor(n) { super(0); this.kids = Array.from({ length: n }, (_, i) => new Tree(block(i))); } count() { return this.kids.reduce((sum, kid) => sum + kid.count(), 1); } }
      return [JSON.stringify(new Node(2)), new List(3).size(), new Tree(3).count(), new Node(0).next()];
    }`,
  'parameters and fields, in order': `
    export function main(block, log) {
      const note = (x) => { log(x); return x; };
      class A { a = note('field'); constructor(x = note('parameter'), { y } = note({ y: 1 })) { block(1); this.x = x; this.y = y; } }
      class B { a = note(block('field')); #b = note('private'); constructor(x = note('parameter')) { this.x = block(x); } }
      class C { a = 1; constructor(x = this.a, y = () => this.a) { block(1); this.r = [x, y()]; } }
      class D extends A { d = note('d'); constructor(x = note('d parameter'), f = () => this) { super(block(x)); log(f() === this); } }
      return [new A(), new B(), new C(), new D(), new A(1, { y: 2 })];
    }`,
  'classes of enclosing functions, and names that initialisers see': `
    export function main(block, log) {
      const x = 'outer'; const make = (n) => { class C { x = x; n = n; a = block(n); #p = block(x); constructor(x, n) { this.inner = [x, n]; } p() { return this.#p; } } return C; };
      const A = make(1), B = make(2); return [new A('a', 'b'), new B('c', 'd'), new A(1, 2).p(), A === B];
    }`,
  'names of the constructor that initialisers do not see': `
    export function main(block, log) {
      class A { a = block('outer'); #p = block(1); constructor(log) { const block = 'shadowed'; this.b = [block, log]; } p() { return this.#p; } }
      return [new A('x'), new A('y').p()];
    }`,
  'statics and instances': `
    export function main(block, log) {
      class A { static #instances = []; static create(x) { const made = new this(x); A.#instances.push(made); return made; } static get all() { return A.#instances.length; } constructor(x) { this.x = block(x); A.last = this; } static default = new A('static'); static { log(new this('block').x); } }
      class B extends A { constructor() { super('b'); B.count = (B.count ?? 0) + block(1); } }
      A.create(1); B.create(2); return [A.all, A.last, A.default, B.count, A.last instanceof B];
    }`,
  'parents that change': `
    export function main(block, log) {
      class A { constructor() { this.a = block('a'); } } class Z { constructor() { this.z = block('z'); } } class B extends A { b = 1; #p = block(1); p() { return this.#p; } }
      class C extends A { constructor() { super((Object.setPrototypeOf(C, Z), 1)); this.c = block(1); } }
      const before = new B(); Object.setPrototypeOf(B, Z); const after = new B(); Object.setPrototypeOf(B, function () { return { plain: block(1) }; });
      return [before, after, after.p(), new B(), new C(), new C()];
    }`,
};

/** Programs with TypeScript's own ways to write classes. */
export const TYPESCRIPT_CONSTRUCTORS: Readonly<Record<string, string>> = {
  'parameter properties': `
    export function main(block, log) {
      class A { constructor(public a, private readonly b = 2, c?, protected d = block(4)) { log(Object.keys(this)); this.e = [a, b, c, d, block(5)]; } e; }
      class B extends A { f = log(Object.keys(this)); constructor(public g, private h = block(1)) { super(block(g), undefined, 3); log(Object.keys(this)); this.i = block(6); } i; }
      class C extends B { private j = 'j'; #k = 1; constructor(readonly l: number, { m = 2 } = {}, public n = 'n') { super(l); this.j += block(m); log(Object.keys(this)); } k() { return this.#k; } }
      return [new A(1), new B(2), new C(3), new C(4, { m: 5 }).k(), Object.keys(new C(6))];
    }`,
  'parameter properties and fields that block': `
    export function main(block, log) {
      const note = (x, o) => { log([x, Object.keys(o), (o as any).path]); return x; };
      class A { first = note(1, this); data = block(note('data', this)); last = note(3, this); constructor(readonly path: string, public other = 'o') { log(Object.keys(this)); block(1); this.path2 = this.path; } path2; }
      class B extends A { more = block(note('more', this)); constructor(readonly extra = 'x') { super('p'); } }
      class C { #data = block(1); before = note(2, this); #more = 3; constructor(public path: string, y?, protected z = 'z') { log(Object.keys(this)); } get() { return [this.#data, this.#more]; } }
      class D extends C { #own = block(4); path = 'd'; constructor(public w = 5) { super('c'); } own() { return this.#own; } }
      return [new A('a'), new B(), new C('c'), new C('c').get(), new D(), new D().own(), Object.keys(new D())];
    }`,
  'declared, abstract and typed fields': `
    export function main(block, log) {
      abstract class A { abstract x: number; declare y: string; z!: number; w?: string; v: number = block(1); readonly u: () => number = () => block(this.v); constructor() { log(Object.keys(this)); } }
      class B extends A { override x = block(2); declare z: number; private readonly list: string[] = [block('l')] as string[]; static s: number; }
      return [JSON.stringify(new B()), new B().u(), Object.keys(new B())];
    }`,
  'private names and parameters of every kind': `
    export function main(block, log) {
      class A { #a = 1; constructor(private x: number, [y, [z = block(1)] = [5]] = [block(2)] as any, { p: { q } = { q: block(3) } }: any = {}, ...rest: number[]) { this.r = [x, y, z, q, rest, this.#a]; } r; }
      class B extends A { #b: number; constructor(x: number, readonly opts = { n: 1 }) { const n = block(x); let m = n + 1; function twice(k) { return k * 2; } if (n > 5) { log('large'); } for (const i of [1]) m += i; super(twice(m), [block(1)], undefined, ...[n, block(2)]); this.#b = n; } b() { return this.#b; } }
      return [new A(1), new B(6), new B(6).b(), new B(1, { n: 2 }).opts];
    }`,
};
