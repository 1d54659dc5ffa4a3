/** CommonJS programs: sloppy mode, `arguments`, exports of every form. See ../cases.ts. */
export const SLOPPY: Readonly<Record<string, string>> = {
  'await as a name in sloppy code': `
    function usesAwait(block) { var await = block(1); return await; }
      function param(await, block) { return block(await); }
      function label(block) { await: for (;;) { block(1); break await; } return 1; }
      exports.main = (block, log) => [usesAwait(block), param(2, block), label(block), { await: block(3) }.await,
        block({ await: 4 }).await];`,
  'arguments: aliasing, callee, strict and sloppy': `
    exports.main = function main(block, log) {
        function alias(a) { block(0); a = 2; arguments[1] = 5; return [arguments[0], arguments.length, a]; }
        function back(a) { arguments[0] = block(9); return a; }
        function strict(a) { 'use strict'; a = block(2); return [arguments[0], this === undefined]; }
        function fact(n) { return n < 2 ? block(1) : n * arguments.callee(n - 1); }
        function callee2(n) { return n < 2 ? block(1) : n * arguments['callee'](n - 1); }
        function inner() { return (() => [block(arguments[0]), arguments.length])(); }
        function pass() { return alias.apply(this, arguments); }
        function dup(a, a) { return block(a); }
        function del(a) { delete arguments[0]; a = 3; block(1); return [arguments[0], arguments.length]; }
        function shadow(arguments) { return block(arguments); }
        function shadow2() { var arguments = block(3); return arguments; }
        function shadow3() { function arguments() { return block(4); } return arguments(); }
        function named(x) { return [named === arguments.callee, block(x)]; }
        function slice() { return [block(1), ...Array.prototype.slice.call(arguments)]; }
        return [alias(1, 2), back(1), strict(1), fact(4), callee2(3), inner(7, 8), pass(1), dup(1,
          2), del(1), shadow(5), shadow2(), shadow3(), named(1), slice(1, 2)];
      };`,
  'arguments.callee': `
    exports.main = function main(block, log) {
      var r = []; var callee = (args) => args.callee; var last = (args) => args[args.length - 1]; var t = (f) => { try { return f(); } catch (e) { return e.name; } };
      function declared(n) { return n < 2 ? block(1) : n * arguments.callee(n - 1); }
      var anonymous = function (n) { return n < 2 ? block(1) : n * arguments['callee'](n - 1); };
      var named = function me(n) { return [arguments.callee === me, arguments.callee === named, n ? arguments.callee(block(n) - 1) : 0]; };
      function handed(x) { var self = callee(arguments); return [self === handed, x ? self(block(x) - 1) : 0]; }
      function kept(x) { var args = arguments; return [args.callee === kept, block(x), args.length, last(arguments)]; }
      function inArrow(x) { return (() => [arguments.callee === inArrow, block(x)])(); }
      function descriptor(x) { block(x); return [Object.getOwnPropertyDescriptor(arguments, 'callee').enumerable, Object.keys(arguments), arguments.callee.name, Object.getOwnPropertyNames(arguments).sort()]; }
      function replaced(x) { arguments.callee = block(x); return arguments.callee; } function removed(x) { block(x); delete arguments.callee; return typeof callee(arguments); }
      function strict(x) { 'use strict'; block(x); return t(() => callee(arguments)); } function withDefault(x = block(1)) { return t(() => callee(arguments)); } function pattern({ x }) { return [block(x), t(() => callee(arguments))]; }
      function shadowed(arguments) { return [block(arguments.callee), callee(arguments)]; } function variable(x) { var arguments = { callee: block(x) }; return callee(arguments); } function declares(x) { function arguments() {} block(x); return callee(arguments); }
      var o = { m(x) { return [arguments.callee === o.m, block(x)]; }, ['k' + 1](x) { return [callee(arguments) === o.k1, block(x)]; }, s(x) { return [super.toString === callee(arguments), arguments.callee === o.s, block(x)]; }, f: function (x) { return [arguments.callee === o.f, arguments.callee.name, block(x)]; }, callee: function callee(x) { return [arguments.callee === callee, block(x)]; } };
      function spread() { return block([...arguments]); } function applied() { return declared.apply(this, arguments); } function sliced() { return [].slice.call(arguments).concat(block(1)); } function listed() { return Array.from(arguments).map((x) => block(x)); }
      function nested(n) { return [arguments.callee === nested, (function (x) { return [arguments.callee.length, block(x)]; })(n, 2)]; } function assigned(x) { assigned = 5; block(x); return arguments.callee.name; }
      { function inBlock(x) { return [arguments.callee === inBlock, block(x)]; } r.push(inBlock(1)); } switch (1) { case 1: function inCase(x) { return [arguments.callee === inCase, block(x)]; } r.push(inCase(1)); }
      function Made(x) { this.made = arguments.callee === Made; this.x = block(x); } async function asynchronous() { return arguments.callee === asynchronous; }
      return [r, declared(4), anonymous(3), named(1), handed(2), kept(1, 2), inArrow(1), descriptor(1, 2), replaced(3), removed(1), strict(1), withDefault(), pattern({ x: 1 }), shadowed({ callee: 7 }), variable(8), declares(1), o.m(1), o.k1(2), o.s(3), o.f(2), o.callee(3), spread(1, 2), applied(3), sliced(1, 2), listed(1, 2), nested(1), assigned(1), new Made(1).made, Made.call({}, 1), [2].map(declared), typeof asynchronous()];
    };`,
  'this in sloppy and strict functions': `
    function sloppy(x) { return [typeof this, this === globalThis, block_(x)]; }
      function strict(x) { 'use strict'; return [typeof this, this === undefined, block_(x)]; }
      var block_;
      exports.main = function (block, log) {
        block_ = block; var o = { sloppy: sloppy, strict: strict };
        return [sloppy(1), strict(2), sloppy.call(5, 1), strict.call(5, 1), sloppy.call(null, 1),
          strict.call(null, 1), o.sloppy(1)[1], o.strict(1)[1], (0, o.sloppy)(1), (0, o.strict)(1), (o.sloppy)(3)[1],
          (1, block)(2), [1].map(sloppy), [1].map(strict, 'x'), sloppy.call('s', 1), ((f) => f(1))(o.sloppy),
          typeof (function () { block(1); return this; })(), (function () { 'use strict'; block(1); return this; })()];
      };`,
  'eval and with': `
    var blk;
      function ev(x) { var y = 5; blk(1); return eval('x + y + blk(1)'); }
      function dec(x) { blk(1); eval('var z = 7'); return z; }
      function wi(o) { with (o) { return blk(p) + f(1); } }
      function indirect() { return blk((0, eval)('typeof blk')); }
      function par(x, y = eval('x')) { return blk(y); }
      exports.main = function (block, log) {
        blk = block; return [block(0), ev(1), dec(1), wi({ p: 1, f: function (x) { return [this.p,
          block(x)]; } }), indirect(), par(3), new Function('b', 'return b(3)')(block)];
      };`,
  'hoisting and sloppy block functions': `
    exports.main = function (block, log) {
        var r = []; r.push(typeof inBlock, typeof f, f(1)); { function inBlock() { return block('b'); } } r.push(inBlock());
        function f(x) { return 'first' + block(x); } function f(x) { return 'last' + block(x); } var f; r.push(f(2));
        if (true) function g() { return block('g'); } r.push(g()); lab: function h() { return block('h'); } r.push(h());
        switch (1) { case 0: function sw() { return block('sw'); } case 1: r.push(sw()); } r.push(typeof sw);
        var v = 1; function v() { return block(1); } r.push(v); function w() { return block('w'); } r.push(w()); w = 3; r.push(w);
        (function () { r.push(typeof late, late()); return; function late() { return block('late'); } })();
        try { throw 1; } catch (e) { var e = block(2); r.push(e); } r.push(typeof e); for (var i = 0; i < 1; i++) { function loop() { return block(i);
          } r.push(loop()); }
        undeclared = block(5); r.push(undeclared); delete globalThis.undeclared; return r;
      };`,
  'functions in blocks of sloppy mode': `
    exports.main = function (block, log) {
      var r = []; var t = (f) => { try { r.push(f()); } catch (e) { r.push(e.name); } };
      function hoisted() { var before = typeof f; { r.push(f(1)); f = () => 'assigned'; function f(x) { return 'f' + block(x); } r.push(typeof f); } return [before, f(2)]; }
      function twice() { { function f(x) { return 'first' + block(x); } var one = f; function f(x) { return 'second' + block(x); } } return [one(1), f(2), one === f]; }
      function never() { if (block(0)) { function f() { return block(1); } } return typeof f; }
      function branches(x) { if (x) function f() { return block('then'); } else function f() { return block('else'); } return f(); }
      function kept() { let f = 'let'; { function f() { return block('inner'); } r.push(f()); } return f; }
      function nested() { { let f = 'let'; { function f() { return block('inner'); } r.push(f()); } r.push(f); } return typeof f; }
      function param(f) { { function f() { return block('inner'); } r.push(f()); } return f; }
      function loops() { var fs = []; for (var i = 0; i < 3; i++) { function f() { return block(i); } fs.push(f); } return [fs.map((g) => g()), new Set(fs).size, f === fs[2]]; }
      function perIteration() { var fs = []; for (let i = 0; i < 3; i++) { fs.push(f); function f() { return block(i); } } return [fs.map((g) => g()), f()]; }
      function labels() { r.push(l(1)); l: function l(x) { return block(x); } { a: b: function m(x) { return block(x); } } return m(2); }
      function caught() { try { throw 'e'; } catch (e) { { function e() { return block('in catch'); } } r.push(typeof e); } return typeof e; }
      function kinds() { { async function a() { return block(1); } function* g() { yield block(2); } r.push([typeof a, ...g()]); } return [typeof a, typeof g]; }
      function closure() { var get = () => f; { function f(x) { return x ? f(x - 1) + block(x) : 0; } } return [get()(2), get().name, get().length]; }
      function strict() { 'use strict'; { function f() { return block('strict'); } r.push(f()); } return typeof f; }
      function deleted() { { function f() { return block(1); } f = 5; } return [typeof f]; }
      function shared() { { function f() { return block('a'); } } var one = f; { function f() { return block('b'); } } return [one(), f(), one === f]; }
      { function top(x) { return block(x); } } r.push(top(7), [8].map(top)); switch (block(1)) { case 1: r.push(inCase(1)); function inCase(x) { return block(x); } } r.push(inCase(2));
      for (var g of [hoisted, twice, never, () => branches(1), () => branches(0), kept, nested, () => param('given'), loops, perIteration, labels, caught, kinds, closure, strict, deleted, shared]) t(g);
      return r;
    };`,
  'functions in cases': `
    exports.main = function (block, log) {
      var r = []; var note = (x) => { log(x); return x; };
      function all(x) { switch (note(x)) { case note(1): r.push(typeof f, f(1)); case note(2): function f(y) { return [x, block(y)]; } r.push(f(2)); break; default: r.push(f(3)); } return typeof f; }
      function onlyDefault() { switch (block(1)) { default: r.push(f()); function f() { return block('only'); } } return f(); }
      function defaultFirst(x) { switch (x) { default: r.push(f('d')); break; case block(1): function f(y) { return block(y); } r.push(f('c')); } }
      function twice(x) { switch (x) { case 1: function f() { return block('first'); } case 2: function f() { return block('second'); } r.push(f()); } }
      function inTests(x) { switch (x) { case f(1): r.push('one'); case f(2): r.push('two'); break; case g(x): function f(y) { return block(y); } function g(y) { return f(y); } r.push('three'); } }
      function empty(x) { switch (block(x)) { } switch (x) { case 1: } switch (x) { default: } return 'empty'; }
      function nested(x) { switch (x) { case 1: { function f() { return block('in block'); } r.push(f()); } case 2: switch (2) { case 2: function g() { return block('inner'); } r.push(g()); } } return [typeof f, typeof g]; }
      function closures() { var fs = []; for (let i = 0; i < 2; i++) switch (i) { case 0: fs.push(h); default: function h() { return block(i); } fs.push(h); } return [fs.map((f) => f()), new Set(fs).size]; }
      function sequence(x) { switch (x) { case (note('s'), 1): function f() { return block(1); } return f(); case l: l: function l() { return block(2); } return l(); } return l; }
      function lexical(x) { 'use strict'; switch (x) { case 1: let y = block(1); case 2: function f() { return y; } try { r.push(f()); } catch (e) { r.push(e.message); } } return typeof f; }
      return [all(1), all(2), all(3), onlyDefault(), defaultFirst(1), defaultFirst(2), twice(1), twice(2), inTests(1), inTests(2), inTests(3), empty(1), nested(1), nested(2), closures(), sequence(1), typeof sequence(2), lexical(1), lexical(2), r];
    };`,
  'exports of every form': `
    exports.f = function (x) { return exports.block(x); }; exports.g = (x) => exports.f(x) + 1;
      module_ = { exports: {} }; module_.exports = class { m(x) { return exports.block(x); } };
      function Ctor(b) { if (!(this instanceof Ctor)) return new Ctor(b); this.b = b; } Ctor.prototype.m = function (x) { return this.b(x);
        }; Ctor.prototype.n = function n(x) { return this.m(x) + 1; }; Ctor.make = function (b) { return new this(b);
        };
      function Sub(b) { Ctor.call(this, b); this.early = b(1); } require_util(); function require_util() { Object.setPrototypeOf(Sub.prototype,
        Ctor.prototype); Object.setPrototypeOf(Sub, Ctor); } Sub.prototype.m = function (x) { return 's' + Ctor.prototype.m.call(this,
        x); };
      Ctor.prototype = Object.assign(Object.create(Ctor.prototype), { extra: function (x) { return this.m(x); } });
      Object.defineProperty(exports, 'h', { enumerable: true, value: function (x) { return exports.block(x); } });
        Object.defineProperty(exports, 'i', { get: function () { return exports.f; } });
      exports.main = function (block, log) { exports.block = block; delete globalThis.module_x;
        var s = new Sub(block); return [exports.f(1), exports.g(2), new (module_.exports)().m(3), Ctor(block).m(4),
        Ctor.make(block).n(5), s.m(6), s.n(7), s.early, Sub.make(block).n(8), Ctor(block).extra(9),
        exports.h(1), exports.i(2), (0, exports.f)(3), Sub.name, Sub.length, exports.f.name, exports.f.length,
        Ctor.prototype.m.name]; };`,
  'monkey-patching before and after': `
    exports.main = function (block, log) {
        var o = { f: function (x) { return block(x); } }; var orig = o.f; o.f = function () { log('patched');
          return orig.apply(this, arguments) + 1; }; var r = [o.f(1)]; o.f = orig; r.push(o.f(2)); o.f = Object.assign(function (x) { return 'mock' + x; },
          orig); r.push(o.f(3));
        var wrapped = Object.defineProperties(function (x) { return 'copied' + x; }, Object.getOwnPropertyDescriptors(orig));
          r.push(wrapped(4)); var push = Array.prototype.map; Array.prototype.map = function (f) { log('map');
          return push.call(this, f); }; try { r.push([1].map(function (x) { return block(x); })); } finally { Array.prototype.map = push;
          }
        class A { m(x) { return block(x); } } var am = A.prototype.m; A.prototype.m = function (x) { return 'over' + am.call(this,
          x); }; r.push(new A().m(5)); A.prototype.m = (x) => 'sync' + x; r.push(new A().m(6)); r.push(new Proxy(orig, {})(7),
          new Proxy(orig, { apply: (t, s, a) => 'trap' + t(...a) })(8), orig.bind(null, 9)(), orig.bind().bind()(10));
        class U extends Function {} ; var debounced = (function (fn) { var last; return function () { last = fn.apply(this, arguments); return last; }; })(orig);
          r.push(debounced(11)); var curry = (f) => (...a) => a.length >= f.length ? f(...a) : (...b) => curry(f)(...a,
          ...b); r.push(curry((a, b, c) => block(a) + block(b) + c)(1)(2)(3)); var once = (f) => { var d,
          v; return () => d ? v : (d = 1, v = f()); }; var on = once(() => { log('once'); return block(1); });
          r.push(on(), on()); var compose = (...fs) => (x) => fs.reduceRight((v, f) => f(v), x); r.push(compose((x) => block(x) + 1, (x) => x * 2)(5));
        return r; };`,
  'hashbang-like comments, odd whitespace and line separators': `
    'use strict'
      exports.main=function(block,log){'use strict'
      const/*a*/f=/*(*/x/*)*/=>/*=>*/block/*(*/(/*)*/x/*,*/)/*;*/;const o={/*(*/m/*(*/(/*)*/x/*)*/)/*{*/{return/**/block(x)}/*}*/,/*,*/async/**/a(){return 1},get/*g*/g(){return block(1)}}
      const s='\\u2028  ',t=\` \${block(' ')}\`
      ;[f(1),o.m(2)].forEach(log)
      const g=async/*x*/(x)=>x, h = function/*(*/name/*(*/(/*)*/x/*)*/)/*{*/{return(block)(x)}
      let a=block
      ;(a)(1),(function(){return(block)(3)})()
      var i=1,j
      i
      ++
      j
      ;/re\\(/.test(block('re('))
      const k=x=>({v:block(x)}), l=x=>[block(x)]
      if(block(1))log('x');else log('y')
      for(;;)if(block(1))break
      do block(1);while(block(0))log('z')
      a:b:{block(1);break a}
      return[s,t,h(4),k(5),l(6),typeof block(1)in{number:1},void block(1),-block(1),+block('2'),- -block(3),!block(0)instanceof Object,(block)\`x\`[0],block?.(1),block ?. (2)
      ,o . m ( 3 ) , o
      .m(4),o[ 'm' ](5),block(block)(block(6)),(yield_=>block(yield_))(7),((a,b=block(a))=>[a,b])(8),(([a,b=1])=>block(a+b))([1]),(({a})=>block(a))({a:9}),((...a)=>block(a.length))(1,2),x=>x]
      .slice(0,-1)}`,
  'generators, iterators and their users': `
    exports.main = function (block, log) {
        function* gen(n) { try { for (var i = 0; i < n; i++) { var got = yield block(i); if (got) log(got);
          } return block('r'); } finally { log(block('fin')); } } function* del() { var r = yield* gen(2);
          log(r); yield* [block(1)]; }
        class It { constructor(n) { this.n = n; } *[Symbol.iterator]() { for (var i = 0; i < this.n; i++) yield block(i);
          } next() { return { done: this.n-- <= 0, value: block(this.n) }; } }
        var g = gen(2); var r = [g.next(), g.next('sent'), g.return(5), [...del()], [...new It(3)],
          Math.max(...new It(3)), Array.from(new It(2), (x) => block(x)), new Map([...gen(2)].map((x) => [x, block(x)])).size];
          for (var x of gen(5)) { if (block(x) === 1) break; } var [a, ...b] = gen(3); r.push(a, b); function* m() { yield (() => block(1))();
          yield [1].map((x) => block(x)); } r.push([...m()]); block(1); var fns = { *g() { yield block(7);
          }, async *ag() { yield 1; } }; r.push([...fns.g()]); r.push(Object.fromEntries([...new It(2)].entries()));
          return r; };`,
  'coercions, symbols and operators that call': `
    exports.main = function (block, log) {
        var o = { valueOf() { log('v'); return block(2); }, toString() { log('s'); return block('str');
          } }; var p = { [Symbol.toPrimitive](h) { log(h); return block(h === 'string' ? 's' : 3); } };
          class H { static [Symbol.hasInstance](x) { return block(x === 1); } }
        block(0); return [o + 1, \`\${o}\`, o > 1, [o] + '', p * 2, p + '', \`\${p}\`, 1 instanceof H,
          JSON.stringify({ toJSON() { return block(9); } }), o == 2, { [p]: 1 }, +p, [3, 1, 2].sort((a, b) => block(a) - block(b)),
          'abc'.replace(/b/, (m) => block(m) + '!'), 'abc'.replace('c', function () { return block(arguments.length); }),
          JSON.parse('[1,2]', (k, v) => (Array.isArray(v) ? v : block(v) * 2)), JSON.stringify({ a: 1 },
          (k, v) => (k === 'a' ? block(5) : v)), Object.groupBy ? Object.keys(Object.groupBy([1, 2], (x) => block(x % 2))) : ['0',
          '1'], [1, 2, 3].findLast((x) => block(x) < 3), [[1], [2]].flatMap((x) => block(x)), [1, 2].reduceRight((a, x) => a + block(x),
          ''), new Set([1]).forEach((x) => log(block(x))), Array.prototype.map.call('ab', (x) => block(x)),
          Array.from({ length: 2 }, (_, i) => block(i)), [3, 2].toSorted ? [3, 2].toSorted((a, b) => block(a - b)) : 0,
          new Array(3).fill(0).map((_, i) => block(i)), Reflect.apply(block, null, [1]), Reflect.construct(function () { this.a = block(1); },
          []).a, [1, , 2].forEach((x) => log(block(x)))];
      };`,
};
