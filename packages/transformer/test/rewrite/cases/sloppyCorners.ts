/** Programs over places that calls are seldom in, in sloppy mode. See ../cases.ts. */
export const SLOPPY_CORNERS: Readonly<Record<string, string>> = {
  'with statements': `
    exports.main = function (block, log) { return run(block, log) + block(''); };
    function run(block, log) {
      var o = { n: 7, f() { return this && this.n; }, on(g) { return [this === o, g(1)]; } };
      var r = [], pr = new Proxy({ on(g) { return g(2); } }, { has(t, k) { log(String(k)); return k in t; } });
      function inner() { with (o) { r.push(f()); r.push(on((x) => block(x))); var late = () => f(); var asy = async () => f(); r.push((() => f())()); } return late; }
      block(1); var late = inner(); r.push(late()); r.push([1].map(late)); (function () { with (pr) { r.push(on((x) => block(x))); } with (o) { (function () { r.push(f()); })(); } })();
      return JSON.stringify(r);
    }`,
  'direct eval': `
    exports.main = function (block, log) { return run(block) + block(''); };
    function run(block, log) {
      var r = []; function e(x) { var local = 5; return eval(x) + block(1); } r.push(e('local'));
      var code = () => block('1'); r.push((0, eval)('typeof local')); block(2); r.push(eval?.('1'));
      return r.join();
    }`,
  'module eval': `
    var hidden = 3; var g = function (block) { return block(1); }; var t = eval(g) === g; var u = eval('hidden + 1');
    exports.main = function (block) { return [t, u, g(block)]; };`,
  'private method as target': `
    exports.main = function (block, log) {
      class A { #m(x) { return block(x); } set() { try { this.#m = 1; } catch (e) { log(e.name); } try { [this.#m] = [1]; } catch (e) { log(e.name); } try { ({ a: this.#m } = {}); } catch (e) { log(e.name); } try { this.#m++; } catch (e) { log(e.name); } try { for (this.#m of [1]); } catch (e) { log(e.name); } return this.#m(2); } }
      return new A().set();
    };`,
  'sloppy words': `
    exports.main = function (block, log) {
      var let_ = 1; var yield = 5; var let = block(2); var static = (x) => block(x); var async = function (x) { return block(x); }; var of = [1];
      for (let in { a: 1 }) log(let); for (var of of of) log(of); async(1); static(2);
      function f(a, b) { a = block(9); arguments[1] = block(8); return [arguments[0], b, arguments.length, a]; }
      function g(a) { 'use strict'; a = block(1); return arguments[0]; } function h(a, a) { return block(a); } <!-- html comment ( (
      var k = block
      --> another (
      (5);
      return [f(1, 2, 3), g(2), h(1, 2), yield, typeof let, k];
    };`,
  'arguments aliasing and getters': `
    exports.main = function (block, log) {
      function a(x, y) { var g = () => arguments[0]; x = block(5); arguments[1] = block(6); var r = [g(), y, arguments.length, arguments[2]]; (function () { x = 7; })(); return [...r, arguments[0]]; }
      function b(x) { var arguments = block([9]); return arguments[0]; } function c(arguments) { return [arguments, block(1)]; } function d(x = 1) { x = block(2); return arguments[0]; }
      function e() { return [].map.call(arguments, (v) => block(v)); } function f() { Object.defineProperty(arguments, '0', { get() { return block('g'); } }); return arguments[0]; }
      return [a(1, 2, 3), b(1), c(4), d(), e(1, 2), f(0)];
    };`,
  'tag with pattern': `
    exports.main = function (block, log) { let o0 = {}, v0, v1; const tag = (s, ...v) => block(v); const str = (x) => x;
      const f = () => tag\`a\${1}b\${({ [str(1)]: o0.x = 2 } = { a: 1 })}\`;
      return [f(), block(1)]; };`,
};
