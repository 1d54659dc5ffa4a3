/** Generators that suspend, whoever resumes them. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

const WALK = `
function* walk(n) { try { for (let i = 0; i < n; i++) { const got = yield block(i); if (got) log(['got', got]); } return block('end'); } finally { log(block('closed')); } }
`;

describe('a generator', () => {
  behaveAsBefore({
    'in loops that end, break, continue, return and throw': `${WALK}
      const find = (n) => { for (const i of walk(5)) if (block(i) === n) return i; return 'none'; };
      async function main() {
        for (const i of walk(3)) log(i);
        for (const i of walk(3)) { if (i === 0) continue; log(block(i)); break; }
        log(find(2)); log(find(9));
        try { for (const i of walk(3)) throw new Error(block('body')); } catch (error) { log(error.message); }
        outer: for (const i of walk(3)) for (const j of walk(2)) { log([i, j]); if (i === 1) break outer; if (j === 0) continue outer; }
      }`,
    'driven by hand': `${WALK}
      async function main() {
        const it = walk(3); log(it.next()); log(it.next('a')); log(it.return('early')); log(it.next());
        const thrown = walk(2); thrown.next(); try { thrown.throw(new Error('in')); } catch (error) { log(error.message); } log(thrown.next());
        const unstarted = walk(1); log(unstarted.return(4)); log([...unstarted]);
        log([walk(1) instanceof walk, Object.getPrototypeOf(walk(1)) === walk.prototype, walk.name, walk.length, String(walk(1)), walk(1)[Symbol.iterator]().next()]);
        walk.prototype.extra = 1; log(walk(1).extra); walk.prototype = null; log([...walk(1)]);
      }`,
    'that delegates': `${WALK}
      function* two() { const a = yield* walk(2); log(a); yield* [block('x'), 'y']; try { yield* walk(5); } finally { log(block('outer')); } }
      async function main() {
        log([...two()]);
        const it = two(); for (let i = 0; i < 5; i++) log(it.next(i)); log(it.return('r')); log(it.next());
        const other = two(); other.next(); try { other.throw(new Error('t')); } catch (error) { log(error.message); }
        function* stubborn() { try { yield 1; } finally { yield block('not yet'); } }
        function* around() { const r = yield* stubborn(); log(['r', r]); yield 'after'; }
        const s = around(); log(s.next()); log(s.return('v')); log(s.next()); log(s.next());
        function* none() { yield* { [Symbol.iterator]() { block(1); return { next() { return { done: false, value: block('n') }; } }; } }; }
        const t = none(); log(t.next()); try { t.throw(new Error('gone')); } catch (error) { log([error.name, error.message]); }
        try { function* no() { yield* block(undefined); } no().next(); } catch (error) { log(error.name); }
      }`,
    'in every consumer': `${WALK}
      const pairs = function* () { yield ['a', block(1)]; yield ['b', block(2)]; };
      async function main() {
        log([...walk(2), 9, ...walk(1)]); log(Math.max(...walk(4))); log(new Array(...walk(2), 7));
        const [a, , b = 5, ...rest] = [1, ...walk(3)]; log([a, b, rest]);
        const [first] = walk(4); log(first); const [x, y, ...z] = walk(4); log([x, y, z]);
        log(Array.from(walk(2))); log(Array.from(walk(2), (v) => block(v) * 2)); log(new Set(walk(2)).size); log(new Map(pairs()).get('b'));
        log(Object.fromEntries(pairs())); log(new Uint8Array(walk(3)).join()); log(await Promise.all(walk(2))); log((await Promise.allSettled(walk(2))).length);
        for (const [key, value] of pairs()) log(key + value);
        for (const { length } of (function* () { yield block('abc'); })()) log(length);
        let o = {}; for (o.p of walk(2)) log(o.p); let q; for ([q] of pairs()) log(q);
      }`,
    'whose items are refused, or that fails': `${WALK}
      const attempt = async (what) => { try { log(await what()); } catch (error) { log([error.name, error.message]); } };
      function* failing() { yield block(1); throw new Error(block('fails')); }
      async function main() {
        await attempt(() => Object.fromEntries(walk(3))); await attempt(() => new Map(walk(3))); await attempt(() => new WeakMap(walk(3)));
        await attempt(() => new WeakSet(walk(3))); await attempt(() => new Set(failing()).size); await attempt(() => new Map(failing()));
        for (const name of ['all', 'allSettled', 'any', 'race']) {
          await attempt(() => { const promise = Promise[name](failing()); log(promise instanceof Promise); return promise; });
          await attempt(() => { const promise = Promise[name](failing); log(promise instanceof Promise); return promise; });
          await attempt(() => Promise[name].call(undefined, walk(1)));
          await attempt(() => (class Own extends Promise { static resolve(x) { log(['own', x]); return super.resolve(x); } })[name](walk(2)).then(String, (error) => error.errors));
        }
      }`,
    'that passes on the results of an iterator': `
      const results = [{ done: false, value: 1, more: true }, {}, Object.create({ done: false, value: 3 }), { value: 4 }];
      const source = () => { let i = 0; return { [Symbol.iterator]() { return this; },
        next(x) { log(['next', x]); block(i); return i < results.length ? results[i++] : { done: true, value: block('end') }; },
        throw(e) { log(['thrown', e.message]); return { done: false, value: 'caught' }; }, return(v) { log(['returned', v]); return { done: true, value: 'r' }; } }; };
      function* g() { const end = yield* source(); log(end); return 'over'; }
      async function main() {
        const it = g(); for (let i = 0; i < 6; i++) { const r = it.next(i); log([results.indexOf(r), Object.keys(r)]); }
        const other = g(); log(other.next() === results[0]); log(other.throw(new Error('x'))); log(other.next('y') === results[1]); log(other.return('z')); log(other.next());
      }`,
    'that several tasks resume at once': `
      function* ids() { let n = 0; for (;;) { const before = n; block(0); n = before + 1; yield n; } }
      async function main() {
        const shared = ids();
        const take = async (who) => { const seen = []; for (let i = 0; i < 3; i++) { seen.push(shared.next().value); await later(1); } return seen; };
        const all = await Promise.all([take('a'), take('b'), take('c')]);
        log(all.flat().sort((a, b) => a - b));
      }`,
    'that resumes itself': `
      async function main() { let it; function* g() { yield 1; block(1); try { it.next(); } catch (error) { log([error.name, error.message]); } yield block(2); } it = g(); log(it.next()); log(it.next()); log(it.next()); }`,
    'of which code that is not compiled asks the items': {
      text: `${WALK}
        async function main() {
          const { collect, first } = require('lists');
          log(collect(walk(3))); log(first(walk(3)));
          const it = walk(4); log(it.next()); log(first(it)); log(it.next());
          const mixed = walk(3); log(mixed.next()); log(collect(mixed)); block(1);
        }`,
      uncompiled: {
        lists:
          'exports.collect = (items) => [...items]; exports.first = (items) => { for (const item of items) return item; };',
      },
    },
    'that iterates another one without waiting': `
      function* g(depth) { block(depth); yield depth; if (depth < 2) { let a; [a = 1] = g(depth + 1); log(a); yield block('after'); } }
      async function main() { log([...g(0)]); for (const x of g(1)) log(block(x)); }`,
    'as a method': `
      class Tree { constructor(...kids) { this.kids = kids; } *[Symbol.iterator]() { yield block(this.kids.length); for (const kid of this.kids) yield* kid; }
        *#own() { yield block('own'); } own() { return [...this.#own()]; } static *of(n) { while (n--) yield block(n); } *up() { yield 'base' + block(''); } }
      class Bush extends Tree { *up() { yield* super.up(); yield block('sub'); } }
      async function main() {
        log([...new Tree(new Tree(), new Tree(new Tree()))]); log(new Tree().own()); log([...Tree.of(2)]); log([...new Bush().up()]);
        const o = { *g(a = block('default')) { yield a; yield arguments.length; yield this === o; } }; log([...o.g(1)]); log([...o.g()]);
        log([...Reflect.apply(o.g, o, [2])]); log([...o.g.call(o, 3)]); log([...o.g.bind(o, 4)()]);
      }`,
  });
});

describe('an iterator of the program', () => {
  behaveAsBefore({
    'whose methods block': `
      class Lines { constructor(n) { this.n = n; } [Symbol.iterator]() { block(1); return this; } next() { return block({ done: this.n-- <= 0, value: this.n }); } return(v) { log(['return', v]); return block({}); } }
      async function main() {
        for (const line of new Lines(3)) log(line);
        for (const line of new Lines(3)) { log(line); break; }
        try { for (const line of new Lines(3)) throw new Error('body'); } catch (error) { log(error.message); }
        log([...new Lines(2)]); const [a, b] = new Lines(5); log([a, b]); log(Array.from(new Lines(2))); log(new Set(new Lines(2)).size);
        function* all() { yield* new Lines(2); } log([...all()]);
      }`,
    'that breaks the rules': `
      const made = (iterator) => ({ [Symbol.iterator]() { block(1); return iterator; } });
      const bad = [made(5), made({}), made({ next: 5 }), made({ next: () => block(1) }), made({ next: () => block({}), return: 1 }), made({ next: () => block({}), return: () => block(1) }),
        made({ next() { throw new Error(block('next')); }, return() { log('never'); return {}; } }), made({ next: () => block({}), return() { throw new Error(block('ret')); } }),
        made({ get next() { log('read'); return () => block({ done: true }); } }), made({ next: () => ({ get done() { log('done'); return block(true); } }) }), { [Symbol.iterator]: 1 }, {}, null, undefined, 7];
      const message = (run) => { try { return run(); } catch (error) { return error.name + ': ' + error.message; } };
      async function main() {
        for (const it of bad) {
          log(message(() => { for (const x of it) break; return 'ok'; }));
          log(message(() => { for (const x of it) throw new Error('body'); return 'ok'; }));
          log(message(() => { const [a] = it; return 'ok'; }));
        }
        log(message(() => { for (const x of bad.none) block(x); })); log(message(() => { for (const x of block(null)) block(x); }));
        log(message(() => [...bad.none])); log(message(() => Math.max(...bad.none))); log(message(() => Math.max(...block(5)))); log(message(() => Math.max(...bad.none, 1)));
      }`,
    'that is an array, and changes meanwhile': `
      async function main() { const list = [1, 2]; for (const x of list) { log(block(x)); if (list.length < 5) list.push(x * 10); }
        for (const x of 'añ😀') log(block(x)); for (const [k, v] of new Map([[1, 2]])) log(block(k + v)); for (const x of new Set([1])) log(block(x));
        for (const x of Object.assign([1], { [Symbol.iterator]: function* () { yield block('own'); } })) log(x);
        for (const x of new Proxy([4, 5], { get(t, k) { log(String(k)); return t[k]; } })) block(x); }`,
  });
});
