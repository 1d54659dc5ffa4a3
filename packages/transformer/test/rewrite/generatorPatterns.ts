/**
 * The forms of random programs that are about functions as values: stored in collections, wrapped by other functions, on prototypes in the
 * way of ES5; and about what is disposed of.
 */
import { inside, type Part, type Place, writeBlock, writeExpression } from './generator.js';
import { DRY, type Form, pick } from './generatorTemplates.js';

/** Functions to wrap and to store. `@9` is an arrow function of the program's own. */
const FUNCTIONS = ['f0', 'f1', 'f2', 'block', 'o0.m', 'o0.n', 'c1.a', 'C1.s', '@9', '@9', '@9', 'note'];

const WRAPPERS = [
  'memo(@8)',
  'curry(@8, @1)(@0)',
  'partial(@8, @1)',
  'partial.call(c0, @8, @1).bind(o0)',
  'compose(@8, f1, @8)',
  'once(@8)',
  'logged(@8)',
  'logged(memo(once(@8)))',
  'flushed(@8, @1)',
  '@8.bind(c1, @1)',
  '@8.bind(c1).bind(null, @1)',
  'Object.assign(@8, { x: 1 })',
  '((f) => (...u) => f(...u.reverse()))(@8)',
  '((f) => function () { return f.apply(this, arguments); })(@8)',
  '(0, @8)',
];

const STORED = [
  'registry.get(str(@0))?.(@1)',
  'handlers[num(@0) & 1](@1)',
  'table[str(@0)]?.(@1)',
  'handlers.at(-1)(@0, @1)',
  '[...registry.values()].map((f) => f(@0))',
  'Object.values(table).map((f) => f(@0))',
  '(handlers.push(@8), handlers.pop()(@0))',
  "(registry.set('k', @8), registry.get('k')(@0))",
  'new WeakMap([[o0, @8]]).get(o0)(@0)',
  '[...new Set([@8, f1])].map((f) => f(@0))',
  '(({ add, f0: f = add }) => [add(@0), f(@1)])(table)',
  '(([f, g = f]) => [f(@0), g(@1)])(handlers)',
  '(table.last = @8, table.last(@0))',
  "(table[key + 'z'] = @8, table['kz'](@0))",
  "Reflect.get(table, 'add')(@0)",
  'Object.entries(table).reduce((p, [name, f]) => [...list(p), name, f(@0)], [])',
  'registry.forEach((f, name) => note([name, f(@0)]))',
  '(({ ...u }) => u.add(@0))(table)',
  "['add', 'none'].map((name) => table[name]?.(@0))",
  '((p, f = @8) => f(p))(@0)',
  '(handlers.find((f) => f(@0)) ?? f0)(@1)',
];

const ES5 = [
  'new E5(@0).m(@1)',
  'new E6(@0, @1).m(@1)',
  'new E6(@0).n(@1)',
  'E6.prototype.m.call(obj(@0), @1)',
  'Object.create(E5.prototype).n(@0)',
  'new E6(@0).m.apply(c1, [@1])',
  'new (Mixed(C0))(@0).mx(@1)',
  'new (Mixed(E5))(@0).mx(@1)',
  'new (Mixed(Mixed(C1)))(@0).mx?.(@1)',
  'E6.of(@0).eg',
  '(E5.prototype.late = @8, new E6(@0).late(@1))',
  'new E6(@0).super_?.m(@1)',
  'Object.getPrototypeOf(E6.prototype).m.call({ p: 1 }, @0)',
  '(new E5(@0) instanceof E6, E6.super_ === E5)',
  'E5.call(obj(@0), @1)',
];

const PROMISES = [
  '(await Promise.resolve(@0).then((p) => @5))',
  '(await Promise.all([@0, a0(@1)]))',
  '(await ((u) => new Promise((p) => p(u)).finally(() => { block(1); }))(@0))',
  '(await Promise.reject(@0).catch((p) => @5))',
  '(await Promise.allSettled([a0(@0)]))',
  '(await Promise.race([@0]))',
  '(await (async (i) => [await i.next(@0), await i.next(@1), await i.return(3)])(g1(@0)))',
  '(await c0.ag?.(@0)?.next())',
];

/** Puts the parts of an expression in a template, and functions for `@8`. */
function write(template: string, part: Part, place: Place): string {
  const nested = inside(place, { own: place.own });
  // Neither `await` nor `yield` may stand in an arrow function of the template.
  const inArrow = { ...nested, params: place.params };
  const arrow = () => `((p, q) => (fuel-- <= 0 ? 'dry' : ${writeExpression(part.expressions[2], nested)}))`;
  const functions = template.replace(/@8/g, () => pick(FUNCTIONS, part.variant * 7 + (part.variant >> 3)));
  return functions.replace(/@(\d)/g, (_, digit, offset) => {
    if (digit === '9') return arrow();
    if (digit === '5') return writeExpression(part.expressions[2], nested);
    const isInArrow = functions.slice(0, offset).includes('=>');
    return writeExpression(part.expressions[Number(digit)], isInArrow ? inArrow : place);
  });
}

/** An expression of a program that has the helpers of these forms. */
function patterned(templates: readonly string[], part: Part, place: Place): string {
  return place.sections.patterns ? `(${write(pick(templates, part.variant), part, place)})` : write('@0', part, place);
}

export const PATTERN_EXPRESSIONS: Readonly<Record<string, Form>> = {
  wrapped: {
    expressions: 3,
    weight: 3,
    write: (part, place) =>
      patterned(
        WRAPPERS.map((wrapper) => `${wrapper}(@0)`),
        part,
        place,
      ),
  },
  stored: { expressions: 3, weight: 3, write: (part, place) => patterned(STORED, part, place) },
  es5: { expressions: 3, weight: 2, write: (part, place) => patterned(ES5, part, place) },
  settled: {
    expressions: 3,
    weight: 2,
    write: (part, place) => (place.async ? write(pick(PROMISES, part.variant), part, place) : write('@0', part, place)),
  },
};

export const PATTERN_STATEMENTS: Readonly<Record<string, Form>> = {
  disposed: {
    expressions: 2,
    blocks: 1,
    write(part, place) {
      const body = writeBlock(part.blocks[0], place);
      if (!place.sections.disposal) return write(`try { note(@0); ${body} } finally { note(@1); }`, part, place);
      const inLoop = writeBlock(part.blocks[0], { ...place, loops: place.loops + 1 });
      const forms = [
        `{ using w = disposable(@0); ${body} }`,
        `{ using w = disposable(@0), z = block(null); ${body} }`,
        `for (using w of [disposable(@0), null]) { ${inLoop} }`,
        `for (using w = disposable(@0), z = { i: 0, [Symbol.dispose]() {} }; z.i < 2; z.i++) { ${inLoop} }`,
        `try { using w = disposable(@0); throw @1; } catch (error) { note(error?.error ?? error); ${body} }`,
        `{ using w = { [Symbol.dispose]() { note('gone'); throw block(@1); } }; ${body} }`,
      ];
      const asynchronous = [
        `{ await using w = disposable(@0); ${body} }`,
        `{ await using w = { async [Symbol.asyncDispose]() { await block(@1); note('gone'); } }; ${body} }`,
        `for (await using w of [disposable(@0), null]) { ${inLoop} }`,
      ];
      return write(pick(place.async ? [...forms, ...asynchronous] : forms, part.variant), part, place);
    },
  },
};

/** The helper of all programs with these forms, inside `main`. */
export const DISPOSAL = `
const disposable = (x) => ({ x, [Symbol.dispose]() { note(['disposed', x]); block('dispose'); } });
`;

/** Helpers of programs with patterns, inside `main`; `bodies` are written as functions at `place`. */
export function writePatterns(bodies: readonly (readonly Part[])[], place: Place): string {
  const body = (i: number, changes: Partial<Place> = {}) =>
    `{ ${DRY}\n${writeBlock(bodies[i], inside(place, changes))}\n}`;
  return `
const memo = (f) => { const known = new Map(); return function (p, ...u) { if (!known.has(p)) { known.set(p, 0); known.set(p, f.call(this, p, ...u)); } return known.get(p); }; };
function curry(f, p) { return (q) => (u) => f(p, q, u); }
const partial = (f, ...u) => function (...w) { return f.apply(this, [...u, ...w]); };
const compose = (...all) => (p) => all.reduceRight((q, f) => f(q), p);
const once = (f) => { let isDone = false, q; return function () { if (!isDone) { isDone = true; q = f.apply(this, arguments); } return q; }; };
const logged = (f) => function logged(...u) { note('before'); try { return f.call(this, ...u); } finally { note(block('after')); } };
const later = (f) => { let u = []; return Object.assign((...w) => { u = w; }, { flush: () => f(...u) }); };
const flushed = (f, p) => (q) => { const g = later(f); g(p, q); g(q, p); return g.flush(); };
const Mixed = (B) => class extends B { mx(p, q) { return [block(p), super.m?.(p), this.p]; } m(p, q) ${body(0, { method: true })} };
function E5(p, q) { if (fuel-- <= 0) return; this.p = block(p); }
E5.prototype.m = function (p, q) ${body(1)};
Object.assign(E5.prototype, { n(p, q) ${body(2)}, mm: (p) => block(p) });
function E6(p, q) { E5.call(this, p, q); this.q = q; }
util.inherits(E6, E5);
E6.prototype.m = function m(p, q) { ${DRY} return [E5.prototype.m.call(this, p, q), block(p)]; };
E6.of = (p) => new E6(p);
Object.defineProperty(E6.prototype, 'eg', { get() ${body(3)} });
const table = { add: (p, q) => [block(p), q], f0, [key + 'x']: f1, m(p) { ${DRY} return f2.call(this, p); } };
const registry = new Map([['f0', f0], ['s', (p) => block(p)]]);
const handlers = [f0, (p) => note(block(p)), f1];
`;
}

/** What these programs do of it in any case. */
export const PATTERN_CALLS = [
  ...['new E6(1, 2).m(3)', 'new E5(1).n(2)', "memo(table.add)('m')", 'handlers.map((f) => f(4))', 'E6.of(5).eg'],
  ...['new (Mixed(C0))(6).mx(7)', "registry.get('s')(8)", 'logged(f0).call(c0, 9)'],
];
