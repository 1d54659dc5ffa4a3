/** The forms of expressions and statements that random programs are made of. */
import { inside, type Place, writeBlock, writeExpression } from './generator.js';
import { DRY, type Form, fill, pick } from './generatorTemplates.js';

type Sub = (index: number, place?: Place) => string;

/** A form whose parts stand where it stands. */
function simple(expressions: number, write: (e: Sub, variant: number, place: Place) => string, weight = 1): Form {
  return {
    expressions,
    weight,
    write: (part, place) => write((i, at = place) => writeExpression(part.expressions[i], at), part.variant, place),
  };
}

/** A form with blocks. */
function compound(
  expressions: number,
  blocks: number,
  write: (e: Sub, b: Sub, variant: number, place: Place) => string,
  weight = 1,
): Form {
  return {
    expressions,
    blocks,
    weight,
    write: (part, place) =>
      write(
        (i, at = place) => writeExpression(part.expressions[i], at),
        (i, at = place) => writeBlock(part.blocks[i], at),
        part.variant,
        place,
      ),
  };
}

function awaitedItems(variant: number): string {
  return pick(['g1(@)', 'list(@)', 'g0(@, 2)', 'iterable(@, Promise.resolve(3))', '[@]'], variant);
}

function choose(templates: readonly string[], variant: number, ...parts: readonly (() => string)[]): string {
  return fill(pick(templates, variant), ...parts);
}

const VARIABLES = ['v0', 'v1', 'v2'];

/** Names that may be read here. */
function names(place: Place): string[] {
  return [...(place.params ? ['p', 'q'] : []), ...VARIABLES, 'o0', 'c1', 'f0', 'f1'];
}

/** Callees with their receivers. */
const CALLEES = [
  ...['f0', 'f1', 'f2', 'o0.m', 'o0.f0', 'o0.n', "o0['f' + 2]", 'o0[key + 1]', 'c0.m', 'c1.m', 'c1.k', 'c1.a', 'C0.s'],
  ...['C1.s', 'c1.r', '(0, o0.m)', '(o0.m)', 'o0?.m', 'c1?.r', '(o0?.f2)', 'f0.call', 'note', 'block', 'c1[key]'],
  ...["o0[note('m')]", "o0[(block(0), 'm')]", "c1[key + block('')]", '(note(0), o0).m', 'note(o0).m', 'note(c1)[key]'],
  ...["note(o0)[block('n')]", '(block(0) || c1).r'],
];

/** Functions that may not be put into a block with what stands around them. */
const TWICE = 'function dup() { return block(1); } function dup() { return block(p); } note(dup());';

export const EXPRESSIONS: Readonly<Record<string, Form>> = {
  literal: simple(0, (_, v) =>
    pick(
      ['1', "'s'", 'null', 'undefined', 'true', '0', "''", '[1, 2]', '{ x: 2 }'].map((x) =>
        x.startsWith('{') ? `(${x})` : x,
      ),
      v,
    ),
  ),
  name: simple(0, (_, v, place) => pick(names(place), v), 2),
  block: simple(1, (e) => `block(${e(0)})`, 8),
  note: simple(1, (e) => `note(${e(0)})`, 3),
  call: simple(2, (e, v) => `${pick(CALLEES, v)}(${e(0)}, ${e(1)})`, 6),
  spreadCall: simple(2, (e, v) => `${pick(CALLEES, v)}(...list(${e(0)}), ${e(1)})`),
  optionalCall: simple(1, (e, v) =>
    choose(
      [
        'o0?.m?.(@0)',
        'o0.none?.(@0)',
        '@1?.m(@0)',
        'o0?.[key + 1](@0)',
        '(@1?.m)?.(@0)',
        'c1?.r?.(@0).length',
        'f1?.(@0)?.x',
        '(@1?.x).y?.z(@0)',
        '(o0 || v0).n?.(@0)',
        '(o0?.m)(@0)',
        'note(o0).m?.(@0)',
        "note(c1)?.[block('r')]?.(@0)",
        '(note(o0)?.m)(@0)',
      ],
      v,
      () => e(0),
      () => '(block(0) || undefined)',
    ),
  ),
  valueCall: simple(2, (e) => `fun(${e(0)})(${e(1)})`),
  methodOfValue: simple(
    2,
    (e, v) => `(${e(0)})${choose(["?.['m']?.(@0)", '?.toString?.name', '?.m?.(@0)', '?.x'], v, () => e(1))}`,
  ),
  apply: simple(2, (e, v) =>
    choose(
      [
        'f0.call(@0, @1)',
        'f2.apply(@0, list(@1))',
        'f2.bind(@0)(@1)',
        'f1.bind(null, @0, @1)()',
        'Reflect.apply(f0, @0, [@1])',
        'o0.m.call(obj(@0), @1)',
      ],
      v,
      () => e(0),
      () => e(1),
    ),
  ),
  tagged: simple(2, (e, v) => `${pick(['tag', 'o0.f2', 'f0', 'c1.m'], v)}\`a\${${e(0)}}b\${${e(1)}}\``),
  sameStrings: simple(1, (e) => `same\`s${'${'}${e(0)}}\``),
  ordered: simple(
    2,
    (e, v) =>
      choose(
        [
          '(v2 = list(v2), v2[num(@0) % 3] += str(@1))',
          '(v0 = num(v0) + num(@0) + num(v0) + num(@1))',
          "(o0.x = 1, o0.x += num(@0), o0['x'] **= num(@1) % 3)",
          '({ [str(@0)]: o0.x = @1 } = obj(v1))',
          '[obj(@0).x, v1 = @1] = []',
          '(v1 = obj(@0), v1.x ??= @1)',
          '(num(@0), v0)?.x?.[str(@1)]',
        ].map((s) => `(${s})`),
        v,
        () => e(0),
        () => e(1),
      ),
    2,
  ),
  keys: compound(
    2,
    1,
    (e, b, v, place) =>
      `({ [str(${e(0)})](p, q) { ${DRY}${b(0, inside(place, { method: false }))} }, get [str(${e(1)})]() { return block(2); }, ${pick(['async *ag() { yield block(1); }', 'async [str(1)]() { return block(3); }', '*[str(2)]() { yield block(4); }'], v)} })`,
  ),
  aliased: simple(1, (e, v, place) =>
    place.own && place.params && place.depth > 0
      ? choose(['(p = @0, arguments[0])', '(arguments[1] = @0, q)', '(arguments[0] = @0, (() => p)())'], v, () => e(0))
      : e(0),
  ),
  constructed: simple(2, (e, v) =>
    choose(
      [
        'new (fun(@0))(@1)',
        'new (class extends (note(@0), C1) {})(@1).p',
        'new o0.f0(@0)',
        'new (class extends fun(@0) {})(@1)',
        'new (class { [str(@0)] = 1; static [str(@1)]() {} })()',
        'Reflect.construct(f0, [@0, @1])',
      ].map((s) => `(${s})`),
      v,
      () => e(0),
      () => e(1),
    ),
  ),
  iterated: simple(2, (e, v) =>
    fill(
      `[${pick(['...', '(([w]) => w)(', '(([...w]) => w)('], v)}({ [Symbol.iterator]() { let n = 0; return { next: () => ({ done: n > 1, value: [n++, block(@0)] }), return: () => (note('ret'), {}) }; } })${v % 3 === 0 ? '' : ')'}, @1]`,
      () => "'i'",
      () => `${e(0)}, ${e(1)}`,
    ),
  ),
  template: simple(2, (e) => `\`\${str(${e(0)})}-\${str(${e(1)})}\``),
  arithmetic: simple(
    2,
    (e, v) => `(num(${e(0)}) ${pick(['+', '-', '*', '<', '>=', '&', '**', '>>>'], v)} num(${e(1)}))`,
  ),
  compare: simple(2, (e, v) => `(${e(0)} ${pick(['===', '!==', '&&', '||', '??', ','], v)} ${e(1)})`, 2),
  conditional: simple(3, (e) => `(${e(0)} ? ${e(1)} : ${e(2)})`, 2),
  unary: simple(1, (e, v) => `(${pick(['!', 'typeof ', 'void '], v)}${e(0)})`),
  assign: simple(1, (e, v) => `(${pick(VARIABLES, v)} ${pick(['=', '??=', '||=', '&&='], v >> 1)} ${e(0)})`),
  add: simple(1, (e, v) => `(v0 = num(v0), v0 ${pick(['+=', '-=', '*='], v)} num(${e(0)}))`),
  assignMember: simple(
    2,
    (e, v) =>
      `(${choose(['o0.x', 'c1.p', "o0['x']", 'o0[str(@0)]', 'obj(@0).x', 'o0.g', 'obj(@0)[str(@0)]'], v, () => e(0))} = ${e(1)})`,
  ),
  update: simple(1, (e, v) =>
    choose(['(v0 = 1, v0++)', '++o0.x', "o0['x']--", 'obj(@0).y++', '--list(@0)[0]'], v, () => e(0)),
  ),
  destructure: simple(2, (e, v) =>
    choose(
      [
        '([v0, v1 = @0] = list(@1))',
        '({ x: v0 = @0, ...v1 } = obj(@1))',
        '([o0.x, ...v2] = list(@1))',
        '({ [str(@0)]: v1 } = obj(@1))',
        '[v0, [v1 = @0] = []] = [@1]',
      ].map((s) => `(${s})`),
      v,
      () => e(0),
      () => e(1),
    ),
  ),
  array: simple(3, (e, v) =>
    choose(
      [`[@0, @1, @2]`, '[...list(@0), @1, , @2]', '[@0, ...list(@1), ...list(@2)]'],
      v,
      () => e(0),
      () => e(1),
      () => e(2),
    ),
  ),
  object: simple(3, (e) => `({ x: ${e(0)}, [str(${e(1)})]: 1, ...obj(${e(2)}) })`),
  objectMethods: compound(
    1,
    1,
    (e, b, _, place) =>
      `({ x: 1, m(p, q) { ${DRY}${b(0, inside(place, { method: false }))} }, [str(${e(0)})]: (p) => block(p), get y() { return block(1); } })`,
  ),
  arrow: simple(1, (e, v, place) => {
    const async = v % 5 === 4 && place.async;
    const body = arrowBody(e(0, inside(place, { async, own: place.own })));
    return async ? `(await (async (p, q) => ${body})(1, 2))` : `((p, q) => ${body})(1, 2)`;
  }),
  arrowValue: simple(1, (e, _, place) => `((p, q) => ${arrowBody(e(0, inside(place, { own: place.own })))})`),
  functionValue: compound(
    0,
    1,
    (_, b, v, place) =>
      `(function ${pick(['', 'self', 'p', ''], v)}(p, q) { ${DRY}${v % 5 === 1 ? TWICE : ''}${b(0, inside(place, { method: false }))} })`,
  ),
  parameters: compound(
    3,
    1,
    (e, b, v, place) => {
      const at = inside(place, { method: false });
      const body = `{ ${DRY}${v % 3 === 0 ? 'var u = p;' : ''}${v % 5 === 0 ? 'function w() { return block(u); }' : v % 7 === 0 ? 'const w = block(p);' : ''}${v % 6 === 1 ? 'let v0 = block(9);' : ''}${b(0, at)} }`;
      const list = choose(
        [
          'p = @0, q = @1',
          '{ x: p = @0, [str(@1)]: q, ...u } = {}',
          '[p = @0, ...u] = list(@1), q',
          'p = () => [typeof u, q], q = @0',
          'u = @0, p = () => u, { q = @1 } = {}',
          'p, q = typeof w, u = @0',
          '...[p, q = @0]',
          '{ x: p }, [q] = @0',
          'p = q, q = @0',
          '{ x: { y: p = @0 } = obj(@1), q = () => arguments.length }',
        ],
        v,
        () => e(0, at),
        () => e(1, at),
      );
      const call = pick(['()', '(undefined, 2)', '.call(o0, undefined, undefined, 3)'], v >> 1);
      return `${pick([`(function (${list}) ${body})`, `(function me(${list}) ${body})`, `({ m(${list}) ${body} }).m`], v)}${v % 4 === 3 ? `(${e(2)})` : call}`;
    },
    3,
  ),
  superMethods: compound(
    2,
    1,
    (e, b, v, place) => {
      const at = inside(place, { method: true });
      const more = pick(['', ', ...obj(1)', ', [str(1)]: 2', ", 'm2'() { return super.m2; }", ', m2: (p) => p'], v);
      return `(({ __proto__: ${pick(['o0', 'c1', 'obj(@0)'], v)}, m(p, q) { ${DRY}${b(0, at)} }, m2(p = super.m?.(1)) { return [p, typeof super.r]; }${more} }).${pick(['m', 'm2'], v >> 1)}(${e(1)}))`.replace(
        '@0',
        () => e(0),
      );
    },
    2,
  ),
  immediate: compound(
    1,
    1,
    (e, b, v, place) =>
      `(function ${pick(['', 'me'], v)}(p, q) { ${DRY}${v % 3 === 1 ? TWICE : ''}${b(0, inside(place, { method: false }))} })${choose(['(@0)', '.call(o0, @0)', '.apply(c1, list(@0))', '?.(@0)'], v, () => e(0))}`,
  ),
  classValue: compound(
    2,
    1,
    (e, b, v, place) =>
      `(new (class ${pick(['', 'K'], v)} extends ${pick(['C0', 'C1', `(note(${e(0)}), C0)`], v)} { ${pick(['m', "'m'", "['m']", '[key + 2]', 'static s'], v)}(p, q) { ${DRY}${b(0, inside(place, { method: true }))} } })(${e(1)}))${pick(['.m(1)', '?.r(2)', '.p', '.constructor.s(1)'], v)}`,
  ),
  callbacks: simple(
    2,
    (e, v, place) => {
      const body = arrowBody(e(1, inside(place, { own: place.own })));
      const method = pick(
        [
          'map(@0)',
          'filter(@0)',
          'forEach(@0)',
          'some(@0)',
          'find(@0)',
          'flatMap(@0)',
          'reduce(@0, 0)',
          'sort((p, q) => num@0)',
          'findLastIndex(@0)',
          'every(@0)',
        ],
        v,
      );
      return `list(${e(0)}).${fill(method, () => (method.includes('=>') ? body : `(p, q) => ${body}`))}`;
    },
    3,
  ),
  passed: simple(1, (e, v) => `list(${e(0)}).map(${pick(['f0', 'f1', 'block', 'o0.m', 'c1.a', 'f2, o0', 'note'], v)})`),
  from: simple(1, (e, v, place) =>
    choose(
      [
        'Array.from(list(@0), f1)',
        'new Map([[1, @0]]).get(1)',
        "'ab'.replace(/a/, () => str(@1))",
        'JSON.parse("[1]", (k, w) => (note(k), w)).concat(@0)',
        'new Set(list(@0)).size',
      ],
      v,
      () => e(0),
      () => e(0, inside(place, { own: place.own })),
    ),
  ),
  construct: simple(1, (e, v) => `new ${pick(['C0', 'C1', '(class { x = 1 })', 'f0', 'Array'], v)}(str(${e(0)}))`),
  iterate: simple(1, (e, v) =>
    choose(['[...g0(@0)]', 'Math.max(...g0(@0, 1))', 'Array.from(g0(@0))', '[...g0(1, @0)].length'], v, () => e(0)),
  ),
  thenable: simple(1, (e) => `({ x: ${e(0)}, then: (resolve) => { note('then'); resolve(1); } })`),
  section: simple(1, (e, v, place) => {
    const key = pick(['', "'k', ", 'c0, '], v);
    const async = v % 5 === 4 && place.async;
    const body = arrowBody(e(0, inside(place, { async, params: place.params, own: place.own })));
    return async ? `(await atomic(${key}async () => ${body}))` : `atomic(${key}() => ${body})`;
  }),
  promise: simple(1, (e, _, place) => (place.async ? `(await a0(${e(0)}))` : `(a0.length, ${e(0)})`), 2),
  awaited: simple(1, (e, _, place) => (place.async ? `(await (${e(0)}))` : e(0))),
  yielded: simple(
    1,
    (e, v, place) => (place.generator ? `(yield${v % 7 === 0 && !place.async ? '* list' : ' '}(${e(0)}))` : e(0)),
    2,
  ),
  superCall: simple(
    1,
    (e, v, place) =>
      place.method ? `super${pick(['.m', "['m']", '.r', '.m?.', "[note('m')]"], v)}(${e(0)})` : `f1(${e(0)})`,
    2,
  ),
  self: simple(1, (e, v, place) =>
    place.depth > 0
      ? pick(
          ['this?.x', 'typeof this', 'this?.m?.name', 'this === o0', 'this === c1'].map((s) => `(${s})`),
          v,
        )
      : e(0),
  ),
  own: simple(0, (_, v, place) =>
    place.own && place.depth > 0
      ? pick(
          [
            'arguments.length',
            'new.target === undefined',
            'arguments[0]',
            'typeof arguments',
            '(new.target && new.target.name)',
          ],
          place.method || v % 5 !== 1 ? v : 0,
        )
      : 'v0',
  ),
  private: simple(1, (e, v, place) => {
    const name = place.privates[v % Math.max(place.privates.length, 1)];
    if (name === undefined) return e(0);
    return choose(
      [`this.${name}`, `(this.${name} = @0)`, `this.${name}?.(@0)`, `(${name} in obj(@0))`, `k1.${name}`],
      v,
      () => e(0),
    );
  }),
  hierarchy: simple(
    1,
    (e, v, place) =>
      choose(
        [
          'new K0(@0)',
          'new K1(@0, 1)',
          'new K2(@0)',
          'k2.virtual(@0)',
          'new (class extends K1 { y = @1; })(2)',
          'new F3(@0)',
          'k1.f1?.(@0)',
          'Reflect.construct(K1, list(@0), K2)',
          'new (K0.bind(null, @0))()',
        ].map((s) => `(${s})`),
        v,
        () => e(0),
        () => e(0, inside(place, { method: true, own: false, params: place.params })),
      ),
    2,
  ),
  removed: simple(
    1,
    (e, v) =>
      `(delete ${choose(['obj(@0).x', 'o0.zz', 'obj(@0)?.y', 'obj(@0)[str(@0)]', 'block(o0)?.zz.y', 'f0?.(@0)?.x[str(@0)]'], v, () => e(0))})`,
  ),
  accessed: simple(
    1,
    (e, v) =>
      choose(
        [
          ...[
            'o0.g',
            'o0[key + 3]',
            'c0.ga',
            'c1.ga',
            'C1.sa',
            'd0.dx',
            'd0.g',
            'd0?.g',
            'c1?.ga?.[0]',
            '(@0)?.ga',
            'obj(@0).dx',
          ],
          ...[
            'c1.ga.length',
            'o0?.g.map?.name',
            "o0['g']",
            'typeof c1.ga',
            '(delete o0.g.x)',
            "('ga' in c1)",
            'obj(@0)?.g',
            'c1[str(@0)]',
          ],
          ...['({ ...o0 })', '({ ...d0, ...obj(@0) })', '(({ g }) => g)(o0)', '[o0.g, ...list(c1.ga)]'],
        ],
        v,
        () => e(0),
      ),
    6,
  ),
  assignedAccess: simple(
    2,
    (e, v) =>
      `(${choose(
        [
          ...[
            'o0.g = @0',
            'c1.ga = @0',
            'o0[key + 3] = @0',
            'd0.dx = @0',
            'C1.sa = @0',
            'obj(@0).g = @1',
            'obj(@0)[str(@1)] = 1',
          ],
          ...[
            'o0.g -= num(@0)',
            'c1.ga |= num(@0)',
            'd0.dx -= num(@0)',
            'o0[note(key + 3)] *= num(@0)',
            'obj(@0).ga **= num(@1) % 3',
          ],
          ...['o0.g ??= @0', 'c1.ga ||= @0', 'd0.dx &&= @0', 'o0.g++', '--c1.ga', 'd0.dx--', 'C1.sa ??= @0'],
          ...[
            '[o0.g, v1 = @1] = list(@0)',
            '({ x: c1.ga = @0, y: o0.g } = obj(@1))',
            '({ x: v0 = @0, ...v1 } = d0)',
            '({ [str(@0)]: d0.dx, ga: [v1] = [@1] } = c1)',
            '({ g: { length: v0 = @0 }, x: v1 } = o0)',
          ],
        ],
        v,
        () => e(0),
        () => e(1),
      )})`,
    4,
  ),
  calledAccess: simple(2, (e, v) =>
    choose(
      [
        'fun(o0.g)(@0)',
        'c1.ga.m(@0)',
        'd0.dx(@0, @1)',
        'o0.g?.(@0)',
        'c1.ga?.map?.(() => @0)',
        'new c1.ga(@0)',
        'C1.sa`a`',
        'o0.g.call?.(@0)',
      ].map((s) => `(${s})`),
      v,
      () => e(0),
      () => e(1),
    ),
  ),
  madeAccess: compound(
    1,
    1,
    (e, b, v, place) => {
      const body = `{ ${DRY}${b(0, inside(place, { method: false, params: false }))} }`;
      return choose(
        [
          `({ get g() ${body} }).g`,
          `Object.defineProperty(obj(@0), 'g', { configurable: true, get() ${body} }).g`,
          `({ get [str(@0)]() ${body}, get g() { return block(1); } })`,
          `new (class { get ga() ${body} })().ga`,
          `({ g: @0, get g() ${body}, ...obj(@0) }).g`,
          `(class { static get sa() ${body} static set sa(v) { note(v); } }).sa`,
        ],
        v,
        () => e(0),
      );
    },
    3,
  ),
  properties: simple(
    1,
    (e, v) =>
      choose(
        [
          'o0.g',
          'c1.y',
          'C1.z',
          'f0.name',
          'f1.length',
          'c1.a.name',
          'C1.prototype.m.name',
          'obj(@0).x',
          'list(@0)[0]',
          '(@0)?.length',
          'o0[key + 1].name',
        ],
        v,
        () => e(0),
      ),
    2,
  ),
};

/** An expression as the body of an arrow function, which consumes fuel. */
function arrowBody(code: string): string {
  return `(fuel-- <= 0 ? 'dry' : ${code})`;
}

function looping(place: Place): Place {
  return { ...place, loops: place.loops + 1 };
}

export const STATEMENTS: Readonly<Record<string, Form>> = {
  expression: simple(1, (e) => `${guarded(e(0))};`, 5),
  noted: simple(1, (e) => `note(${e(0)});`, 4),
  unterminated: simple(2, (e) => `v0 = ${e(0)}\nblock(${e(1)})\n`),
  returned: simple(
    1,
    (e, v, place) =>
      place.returns && place.depth > 0 ? `${v % 3 === 0 ? 'if (num(v0) % 2) ' : ''}return ${e(0)};` : `note(${e(0)});`,
    4,
  ),
  conditional: compound(
    1,
    2,
    (e, b, v) => (v % 2 === 0 ? `if (${e(0)}) {\n${b(0)}\n} else {\n${b(1)}\n}` : `if (${e(0)}) { ${b(0)} }`),
    2,
  ),
  declared: compound(
    2,
    1,
    (e, b, v, place) => {
      const at = { ...place, params: true };
      return `{ ${pick(['let', 'const', 'var'].slice(0, 2), v)} ${choose(
        [
          ...['p = @0, q = @1', '[p, q = @1] = list(@0)', '{ x: p = @1, ...q } = obj(@0)', '{ x: p, ...q } = o0'],
          ...[
            '{ ga: p = @0, x: q } = c1',
            '{ g: [p], dx: q = @1 } = d0',
            '{ [str(@0)]: p, ga: { length: q } = @1 } = c0',
          ],
        ],
        v,
        () => outer(e, 0, place),
        () => outer(e, 1, place),
      )};\n${b(0, at)}\n}`;
    },
    2,
  ),
  loop: compound(
    2,
    1,
    (e, b, v, place) => {
      const at = looping(place);
      return choose(
        [
          `for (let i = 0; i < 2; i++, note(@0)) {\n@2\n}`,
          `for (let i = 0, h = () => block(i); i < 2; i++) { v2.length = 1; v2.push(h, () => i);\n@2\n}`,
          `for (const w of list(@0)) {\n@2\n}`,
          `for (const w in obj(@0)) {\n@2\n}`,
          `for (v0 of list(@0)) {\n@2\n}`,
          `for (const [w, z = @1] of [list(@0)]) {\n@2\n}`,
          `{ let n = 2; while (n-- > 0 && @0) {\n@2\n} }`,
          `{ let n = 2; do {\n@2\n} while (n-- > 0 && @0); }`,
          `for (o0.x of list(@0)) {\n@2\n}`,
          `for (const w of g0(@0)) {\n@2\n}`,
          `for (const { g: w = @1, x: z } of [o0, d0, obj(@0)]) {\n@2\n}`,
          `for (o0.g of list(@0)) {\n@2\n}`,
          `for ({ ga: v0 = @1 } of [c1, obj(@0)]) {\n@2\n}`,
          `for (c1.ga in obj(@0)) {\n@2\n}`,
        ],
        v,
        () => e(0),
        () => e(1),
        () => b(0, at),
      );
    },
    3,
  ),
  asyncLoop: compound(1, 1, (e, b, v, place) =>
    place.async
      ? `for await (const ${v % 3 ? 'w' : '[w = block(1)]'} of ${awaitedItems(v).replace('@', () => e(0))}) {\n${b(0, looping(place))}\n}`
      : b(0),
  ),
  jump: simple(
    0,
    (_, v, place) => {
      if (place.labels.length > 0 && v % 2 === 0) return `break ${place.labels.at(-1)};`;
      return place.loops > 0 ? `${v % 3 === 0 ? 'if (block(v0)) ' : ''}${pick(['break', 'continue'], v)};` : ';';
    },
    2,
  ),
  labelledLoop: compound(1, 3, (e, b, v, place) => {
    const label = `l${place.labels.length}`;
    const at = { ...looping(place), labels: [...place.labels, label] };
    return `${label}: for (const w of [1, 2]) { for (let i = 0; i < 2; i++) { try { ${b(0, at)} if (block(w) === ${1 + (v % 2)}) ${pick(['continue', 'break'], v >> 1)} ${label}; } catch ({ message = ${e(0)} }) { note(typeof message); ${b(1, at)} } finally { note('fin'); ${b(2, at)} } } }`;
  }),
  caseFunction: compound(
    2,
    1,
    (e, b, v, place) =>
      `switch (num(${e(0)}) % 2) { case 0: note(typeof h); default: ${v % 2 ? 'function h(p, q)' : 'const h = function (p, q)'} { ${DRY}${b(0, inside(place, { method: false }))} }; note(h(${e(1)})); }`,
  ),
  blockFunction: compound(
    2,
    1,
    (e, b, v, place) => {
      const body = `{ ${DRY}${b(0, inside(place, { method: false }))} }`;
      return choose(
        [
          '{ note(typeof h); @2 { function h(p, q) @0 note(h(@1)); } note(typeof h === "function" ? h(@3) : h); }',
          '{ let h = 1; { function h(p) @0 note(h(@1)); @2 } note(h); }',
          '{ for (let i = 0; i < 2; i++) { function h(p) @0 v1 = h; } note(fun(v1)(@1)); }',
          '{ for (const i of [1, 2]) switch (i) { case num(@3): note(typeof h); break; case 2: function h(p = block(i)) @0 default: note(h(@1)); } }',
          '{ switch (num(@1)) { default: function h(p, q) @0 note(h(@3)); } }',
          '{ note(h(@1)); function h(p, q) @0 @2 }',
        ],
        v,
        () => body,
        () => e(0),
        () => `if (${e(1)}) note(typeof h);`,
        () => e(1),
      );
    },
    2,
  ),
  labelled: compound(0, 1, (_, b, __, place) => {
    const label = `l${place.labels.length}`;
    return `${label}: {\n${b(0, { ...place, labels: [...place.labels, label] })}\n}`;
  }),
  switched: compound(
    3,
    3,
    (e, b, v, place) => {
      const at = { ...place, loops: place.loops };
      return `switch (str(${e(0)})) { case str(${e(1)}): let w = block(1); ${b(0, at)} ${v % 2 ? 'break;' : ''} ${v % 3 ? `default: ${b(1, at)}` : ''}\ncase str(${e(2)}): { ${b(2, at)} } }`;
    },
    2,
  ),
  tried: compound(
    1,
    3,
    (e, b, v) =>
      choose(
        [
          `try {\n@0\n} catch (error) { note(error);\n@1\n} finally {\n@2\n}`,
          `try {\n@0\nthrow ${e(0)};\n} catch ({ x, message = block('none') }) { note(x);\n@1\n}`,
          `try {\n@0\n} finally {\n@2\n}`,
          `try {\n@0\nthrow d0;\n} catch ({ g = ${e(0)}, dx }) { note(g); note(dx);\n@1\n}`,
          `try {\n@0\nthrow new RangeError(str(${e(0)}));\n} catch {\n@1\n} finally {\n@2\n}`,
        ],
        v,
        () => b(0),
        () => b(1),
        () => b(2),
      ),
    3,
  ),
  hoisted: simple(1, (e, v) => `var u${v % 2 ? ` = ${e(0)}` : ''}; note(u);`),
  thrown: simple(1, (e, v) => `${v % 3 ? 'if (num(v0) % 2 === 0) ' : ''}throw ${e(0)};`),
  localFunction: compound(
    2,
    1,
    (e, b, v, place) => {
      const body = `{ ${DRY}${b(0, inside(place, { method: false }))} }`;
      return pick(
        [
          `{ note(typeof h); function h(p, q) ${body} v0 = h(${e(0)}, ${e(1)}); }`,
          `{ const h = (p, q = ${e(0, inside(place, { own: place.own }))}) => { ${DRY}${b(0, inside(place, { own: place.own }))} }; note(h(1)); note(h.name); }`,
          `{ const h = new Map([['h', function (p, q) ${body}]]); note(h.get('h')(${e(0)}, ${e(1)})); }`,
          `{ let h = function h(p, q) ${body}; const old = h; h = (p, q) => old(p, q); note(h(${e(0)})); }`,
        ],
        v,
      );
    },
    2,
  ),
  localClass: compound(
    2,
    2,
    (e, b, v, place) =>
      `{ class L extends C1 { ${choose(['x = @0;', 'static x = @0;', '#x = () => block(1); rx() { return this.#x(); }', 'static { note(@0); }', '[str(1)] = @0;'], v, () => e(0, inside(place, { method: true, own: false, params: place.params })))}\nm(p, q) { ${DRY}${b(0, inside(place, { method: true }))} }\nstatic s(p, q) { ${DRY}${b(1, inside(place, { method: true }))} } }\nnote(new L(${e(1)}).m(1)); note(L.s(2)); }`,
  ),
};

/** An initialiser may not read what it initialises: names of the enclosing function are out of reach there. */
function outer(e: Sub, index: number, place: Place): string {
  return e(index, { ...place, params: false });
}

/** An expression that may stand as a statement. */
function guarded(code: string): string {
  return /^(?:[{[]|function|class|let)/.test(code) ? `(${code})` : code;
}
