/** `async` functions and generators, which are compiled in place and are their own asynchronous forms. */
import { describe, expect, it } from 'vitest';
import { loadCompiled, loadOriginal } from './harness.js';
import { random } from './schedules.js';

const CASES: Readonly<Record<string, string>> = {
  'async generators': `
    exports.main = async function (block, log) {
      async function* g(n) { try { for (let i = 0; i < n; i++) { const x = yield block(i); log(x); } return block('r'); } finally { log(block('fin')); } }
      class B { async *m(x) { yield* [block(x), block(x + 1)]; } }
      class A extends B { async *m(x) { yield block(0); yield* super.m(x); } static async *s() { yield block('s'); }
        #p = async function* () { yield block('p'); }; p() { return this.#p(); } async *#q() { yield block('q'); } q() { return this.#q(); } }
      const o = { async *g() { yield block(1); yield Promise.resolve(block(2)); }, v: async function* () { yield block({ then(f) { log('then'); f(7); } }); } };
      const r = []; const all = async (it) => { for await (const x of it) r.push(x); };
      const it = g(3); r.push(await it.next('a'), await it.next('b'), await it.return(block('ret')), await it.next());
      const e = g(2); await e.next(); try { await e.throw(new Error('t')); } catch (x) { r.push(x.message); }
      for (const one of [new A().m(5), A.s(), new A().p(), new A().q(), o.g(), o.v()]) await all(one);
      const two = g(2); r.push(await Promise.all([two.next(), two.next(), two.next(), two.next()]));
      for await (const x of g(5)) { if (block(x) === 1) break; }
      return [r, g.name, Object.prototype.toString.call(g(1)), 'prototype' in g];
    };`,
  'async functions where others could have no asynchronous form': `
    exports.main = async function (block, log) {
      const base = { async m(x) { return block(x); } };
      const o = { __proto__: base, async m(x) { return [await super.m(block(x)), this === o]; }, async toString() { return block('s'); } };
      class A { async x(y = async () => block(1)) { return y(); } f = async (x) => block(x); static s = async () => block(3); ['k'] = async () => block(4); async toJSON() { return block(5); } }
      const self = async function me() { block(1); try { me = 1; } catch (e) { log(e.name); } return typeof me; };
      const dflt = async (f = async (x) => block(x), g = block) => [await f(1), g(2)];
      switch (1) { case 1: async function inCase() { return block('case'); } log(await inCase()); }
      const a = new A();
      return [await o.m(1), await o.toString(), await a.x(), await a.f(2), await A.s(), await a.k(), await a.toJSON(), await self(), await dflt(), JSON.stringify(a)];
    };`,
  'parameters of async functions that block': `
    exports.main = async function (block, log) {
      const r = [], t = async (f, ...a) => { try { r.push(await f(...a)); } catch (e) { r.push(e.name + ': ' + e.message); } };
      const fail = () => { throw new RangeError(block('failed')); };
      async function f(a, b = block(2), { c = block(3), ...d } = {}, [e] = [block(4)], ...g) { log(arguments.length); arguments[0] = 'set'; return [a, b, c, d, e, g, await block(5)]; }
      const h = async (a = block(1), b = () => a) => { a = 2; return b(); }, i = async ({ a = block(1) }) => a, j = async (x, { y = block(2), },) => [x, y];
      const o = { async m(a = this.n, b = block(a)) { return [a, b]; }, n: 3, async ['k'](x = fail()) { log('never'); } };
      class A { async m(a = block(1)) { return a; } static async s(a = block(2)) { return [a, this.name]; } async #p(a = block(3)) { return a; } p() { return this.#p(); } }
      class B extends A { async m(a = super.m(block(4)), b = new.target) { return [await a, b]; } }
      async function hidden(a = block(1), b = () => a) { var a = block(2); return [a, b()]; }
      async function names(f = async () => block(1), g = async function () {}, c = class {}) { block(0); return [f.name, g.name, c.name]; }
      async function promised(p = block(Promise.resolve(1)), q = block({ then(f) { log('then'); f(2); } })) { return [p instanceof Promise, typeof q.then]; }
      const failing = o.k(); log('called'); failing.catch(() => {}); await t(() => failing);
      for (const [g, ...a] of [[f, 1], [f, 1, 2, { c: 5, z: 6 }, [7], 8, 9], [f], [h], [h, 4], [i, {}], [i, null], [i], [j, 1, {}], [o.m.bind(o)], [o.m.bind(o), 9], [A.s.bind(A)], [(x) => new A().m(x)], [() => new A().p()], [() => new B().m()], [hidden], [names], [promised]]) await t(g, ...a);
      return [r, [f, h, i, j, o.m, o.k, A.s, hidden].map((g) => [g.name, g.length, Object.prototype.toString.call(g)])];
    };`,
  'promises of functions that block': `
    exports.main = async function (block, log) {
      const promise = (x) => { block(1); return Promise.resolve(block(x)); };
      const chained = await promise(1).then((x) => promise(block(x) + 1)).then((x) => ({ then(f) { log('then'); f(x); } })).finally(() => { block(0); });
      const failing = await promise(2).then(() => { throw new Error(block('e')); }).catch((e) => e.message);
      const made = await new Promise((resolve, reject) => { block(1); resolve(promise(3)); });
      const rejected = await new Promise(() => { throw new Error(block('thrown')); }).catch((e) => e.message);
      return [chained, failing, made, rejected, await promise(await promise(4)), await (async () => promise(5))()];
    };`,
};

async function outcome(run: (log: (entry: unknown) => void) => unknown) {
  const log: unknown[] = [];
  try {
    return { value: await run((entry) => log.push(entry)), log };
  } catch (error) {
    return { error: String(error), log };
  }
}

describe.each(Object.entries(CASES))('%s', (_, text) => {
  it.each([
    ['nothing suspends', () => false],
    ['everything suspends', () => true],
    ['calls suspend at random', random(3)],
  ])('mean the same when %s', async (_, schedule) => {
    const original = await outcome(loadOriginal(text, 'commonjs'));
    expect(await outcome(loadCompiled(text, 'commonjs').inPlace(schedule))).toEqual(original);
  });
});
