/** The forms of random programs that are about generators, iterators and what asks them for items. */
import { inside, type Part, type Place, writeBlock, writeExpression } from './generator.js';
import { DRY, type Form, fill, pick } from './generatorTemplates.js';

/** Generators of every kind, and iterables that are none. */
const ITERABLES = [
  ...[
    'g0(@0, @1)',
    'o0.gm(@0)',
    'c1.gm(@0, @1)',
    'C1.gs(@0)',
    'c1',
    'iterable(@0, @1)',
    'list(@0)',
    'new Set(list(@0))',
  ],
  ...[
    'g0.call(c1, @0)',
    'c0.gp(@0)',
    'str(@0)',
    '(@0, g0(@1))',
    'o0.gm?.(@0)',
    'g0(@0)[Symbol.iterator]()',
    'c1.gm(@0)',
  ],
];

/** What takes all of an iterable, or some of it. */
const CONSUMERS = [
  ...['[...@0]', '[block(1), ...@0, @1]', 'Math.max(...@0)', 'note(@1, ...@0)', 'Array.from(@0)', 'Array.from(@0, f1)'],
  ...[
    'new Set(@0).size',
    'new Uint8Array(@0).length',
    '[new Map([...@0].map((w) => [w, 1])).size, @1]',
    '(([w]) => w)(@0)',
  ],
  ...[
    '([o0.x, [v0 = @1] = [7], ...v1] = @0)',
    '([, v0, { x: v1 } = { x: @1 }] = @0)',
    '([c1[str(@1)], ...[o0.x]] = @0)',
  ],
  ...['(([w, ...[u = w]] = [1]) => [w, u])(@0)', '({ x: [v0, v1 = @1] } = { x: @0 })', '([v0, v1 = [v0] = @0] = @0)'],
  ...['(([, w, ...u]) => [w, u])(@0)', '([v0, v1] = @0)', '([v1 = @1] = @0)', 'o0.m(...@0)', 'new C0(...@0).p'],
  ...['Object.fromEntries([...@0].map((w, i) => [i, w]))', 'note`a$' + '{[...@0]}b`', '{ let [w, u] = @0; v0 = w; }'],
  ...[
    '{ const [, ...w] = @0; note(w); }',
    '{ const [w = @1, [u] = [1]] = @0; note([w, u]); }',
    '{ var [x1] = @0; note(x1); }',
    '{ watch = () => attempt(() => [w, u]); let [w, ...u] = @0; note(w); }',
    '{ watch = () => attempt(() => vw); var [vw, vu] = @0; note([vw, vu]); }',
    '{ let [w, u = w, [z, , y = @1] = [u]] = @0; note([w, u, z, y]); }',
    '{ try { [v0, v1 = (() => { throw block([7]); })()] = @0; } catch ([w, u = @1]) { note([w, u]); } }',
    '{ try { for (const w of [1, 2]) [v0 = @1, o0.x] = @0; } finally { note(block(6)); } }',
    '{ for (let [w, u = block(w)] = @0, i = 0; i < 2; i++) note([w, u, @1]); }',
    '{ switch (block(1)) { case 1: let { x: [w = @1, u] } = { x: @0 }; note([w, u]); } }',
  ],
  ...['Object.groupBy?.(@0, str)', '[...@0].concat(@1)', '(f0?.(...@0))', 'Promise.all(@0) && 1'],
];

/** Orders in which somebody drives an iterator by hand. */
const DRIVES = [
  'i.next(), i.next(@1), i.next(@1)',
  'i.next(), i.return(@1), i.next()',
  'i.return(@1), i.next()',
  'i.next(), attempt(() => i.throw(@1)), i.next()',
  'attempt(() => i.throw(@1)), i.next()',
  'i.next(), attempt(() => i.next.call({}, @1)), attempt(() => i.throw(new RangeError(str(@1)))), i.return(2), i.next()',
  'i.next(), i.next(), [...i]',
  'i.next(), (() => { for (const w of i) { if (block(w)) break; } })(), i.next()',
  '[i[Symbol.iterator]() === i, typeof i.next, Object.prototype.toString.call(i), i instanceof g0]',
];

function parts(part: Part, place: Place) {
  return {
    e: (i: number, at = place) => writeExpression(part.expressions[i], at),
    b: (i: number, at = place) => writeBlock(part.blocks[i], at),
  };
}

function iterable(part: Part, place: Place, variant: number): string {
  const { e } = parts(part, place);
  return fill(
    pick(ITERABLES, variant),
    () => e(0),
    () => e(1),
  );
}

/** A variant of its own for each of several choices. */
function spread(variant: number, by: number): number {
  return variant * 31 + by * 17 + (variant >> 2);
}

export const ITERATION_EXPRESSIONS: Readonly<Record<string, Form>> = {
  consumed: {
    expressions: 2,
    weight: 3,
    write(part, place) {
      const { e } = parts(part, place);
      const template = pick(
        CONSUMERS.filter((consumer) => !consumer.startsWith('{')),
        spread(part.variant, 1),
      );
      return `(${fill(
        template,
        () => iterable(part, place, part.variant),
        () => e(1),
      )})`;
    },
  },
  driven: {
    expressions: 2,
    weight: 2,
    write(part, place) {
      const { e } = parts(part, inside(place, { own: place.own }));
      const drives = fill(
        pick(DRIVES, spread(part.variant, 2)),
        () => '0',
        () => e(1),
      );
      return `((i) => (fuel-- <= 0 ? 'dry' : [${drives}]))(iterator(${iterable(part, place, part.variant)}))`;
    },
  },
  delegated: {
    expressions: 2,
    weight: 2,
    write: (part, place) =>
      place.generator
        ? `(yield* ${iterable(part, place, part.variant)})`
        : `[...${iterable(part, place, part.variant)}]`,
  },
  generatorValue: {
    expressions: 1,
    blocks: 1,
    write(part, place) {
      const { e, b } = parts(part, place);
      const body = `{ ${DRY} ${b(0, inside(place, { method: false, generator: true }))} }`;
      const parameter = inside(place, { method: false, params: false });
      return pick(
        [
          `[...(function* (p, q) ${body})(${e(0)})]`,
          `[...(function* self(p, q) ${body}).call(o0, ${e(0)}, 2)]`,
          `[...({ *m(p, q) ${body} }).m(${e(0)})]`,
          `[...new (class { *m(p, q) ${body} })().m(${e(0)})]`,
          `[...{ *[Symbol.iterator](p, q) ${body} }]`,
          `[...(function* (p = ${e(0, parameter)}, [q] = [p]) ${body})(undefined)]`,
          `[...({ *m({ p, q = ${e(0, parameter)} } = {}) ${body} }).m()]`,
          `[...new (class { *m([p, q = ${e(0, parameter)}], ...[]) ${body} })().m([3])]`,
          `[...(function* (...p) ${body.replace('{', '{ const q = p[1];')})(${e(0)}, 3)]`,
        ],
        part.variant,
      );
    },
  },
};

export const ITERATION_STATEMENTS: Readonly<Record<string, Form>> = {
  consumption: {
    expressions: 2,
    write(part, place) {
      const { e } = parts(part, place);
      const at = { ...place, params: place.params };
      return `${fill(
        pick(
          CONSUMERS.filter((consumer) => consumer.startsWith('{')),
          spread(part.variant, 1),
        ),
        () => iterable(part, at, part.variant),
        () => e(1),
      )}`;
    },
  },
  iteration: {
    expressions: 2,
    blocks: 1,
    weight: 4,
    write(part, place) {
      const { e, b } = parts(part, place);
      const label = `l${place.labels.length}`;
      const at = { ...place, loops: place.loops + 1, labels: [...place.labels, label] };
      const head = pick(
        [
          'const w',
          'let w',
          'var x1',
          'v0',
          'o0.x',
          '[v1 = @1]',
          '{ x: v1 }',
          'const [w = @1]',
          'let { x: w = @1 }',
          'const w',
        ],
        spread(part.variant, 3),
      );
      const body = `{ ${part.variant % 3 ? 'fs.push(() => block(typeof w));' : ''}\n${b(0, at)}\n}`;
      const items = iterable(part, place, part.variant);
      const kept = part.variant % 5 === 2 ? `(fs.push(() => attempt(() => block(typeof w))), ${items})` : items;
      return `${label}: for (${fill(
        head,
        () => '',
        () => e(1),
      )} of ${kept}) ${body}`;
    },
  },
  resumed: {
    expressions: 2,
    blocks: 2,
    weight: 2,
    write(part, place) {
      const { e, b } = parts(part, place);
      if (!place.generator) return `note(${e(0)});`;
      return pick(
        [
          `try { v0 = yield ${e(0)};\n${b(0)} } finally { note(block('end'));\n${b(1)} }`,
          `try { yield ${e(0)};\n${b(0)} } catch (error) { note(yield block(error));\n${b(1)} }`,
          `for (let i = 0; i < 3; i++) { try { if (block(i)) yield i; else continue;\n${b(0)} } finally { if (block(i) > 1) break; yield ${e(1)}; } }`,
          `try { return yield ${e(0)}; } finally { yield block('last'); }`,
        ],
        part.variant,
      );
    },
  },
};

/** Helpers of programs with these forms. */
export const ITERATION_PRELUDE = `
const fs = [];
const attempt = (f) => { try { return f(); } catch (error) { return [error]; } };
const iterator = (x) => (typeof x?.next === 'function' ? x : [x][Symbol.iterator]());
`;

/** Likewise, inside \`main\`: what blocks. */
export const ITERATION_DECLARATIONS = `
let watch = () => 0;
const iterable = (x, y) => ({ i: 0, [Symbol.iterator]() { block('start'); return this; },
next(w) { note(watch()); return { done: this.i++ >= block(2), value: [x, y][this.i - 1] }; }, return(w) { note(block('return')); return {}; } });
`;
