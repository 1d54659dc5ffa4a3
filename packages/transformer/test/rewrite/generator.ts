/**
 * Random programs over the constructs of the language, with calls of `block` anywhere an expression may stand.
 *
 * A program is a tree of {@link Part}s that knows nothing of where it stands; what is not possible there (`super` outside a method,
 * `await` outside an `async` function) is written as something that is. So every tree, and every shrunk tree, is a program.
 * Programs end: functions consume fuel, loops have counters.
 */
import fc from 'fast-check';
import { CLASS_PRELUDE, type ClassShape, classShapes, writeClasses } from './generatorClasses.js';
import { EXPRESSIONS as BASIC_EXPRESSIONS, STATEMENTS as BASIC_STATEMENTS } from './generatorForms.js';
import {
  ITERATION_DECLARATIONS,
  ITERATION_EXPRESSIONS,
  ITERATION_PRELUDE,
  ITERATION_STATEMENTS,
} from './generatorIterations.js';
import {
  DISPOSAL,
  PATTERN_CALLS,
  PATTERN_EXPRESSIONS,
  PATTERN_STATEMENTS,
  writePatterns,
} from './generatorPatterns.js';
import { DRY, type Form } from './generatorTemplates.js';
import {
  TYPE_EXPRESSIONS,
  TYPE_STATEMENTS,
  TYPED_BODIES,
  TYPED_CALLS,
  TYPED_DECLARATIONS,
  TYPED_VALUES,
  type TypedParts,
  writeTypedMain,
  writeTypedModule,
} from './generatorTypes.js';

/** What programs are written in: CommonJS, or an ES module of TypeScript with JSX. */
export type Dialect = 'commonjs' | 'tsx';

const EXPRESSIONS: Readonly<Record<string, Form>> = {
  ...BASIC_EXPRESSIONS,
  ...ITERATION_EXPRESSIONS,
  ...PATTERN_EXPRESSIONS,
};
const EXPRESSIONS_OF: Readonly<Record<Dialect, typeof EXPRESSIONS>> = {
  commonjs: EXPRESSIONS,
  tsx: { ...EXPRESSIONS, ...TYPE_EXPRESSIONS },
};
const STATEMENTS: Readonly<Record<string, Form>> = {
  ...BASIC_STATEMENTS,
  ...ITERATION_STATEMENTS,
  ...PATTERN_STATEMENTS,
};
const STATEMENTS_OF: Readonly<Record<Dialect, typeof STATEMENTS>> = {
  commonjs: STATEMENTS,
  tsx: { ...STATEMENTS, ...TYPE_STATEMENTS },
};

/** An expression or statement: the name of its form, its parts, and a number by which the form varies. */
export interface Part {
  readonly form: string;
  readonly variant: number;
  readonly expressions: readonly Part[];
  readonly blocks: readonly (readonly Part[])[];
}

export interface Program {
  readonly strict: boolean;
  /** Whether `main` is an `async` function, and so compiled in place. */
  readonly async: boolean;
  readonly functions: readonly (readonly Part[])[];
  readonly members: readonly (readonly Part[])[];
  readonly accessors: readonly (readonly Part[])[];
  readonly fields: readonly Part[];
  readonly classes: readonly ClassShape[];
  /** Bodies of functions on prototypes. */
  readonly patterns: readonly (readonly Part[])[];
  /** How functions and members are marked. */
  readonly marks: readonly number[];
  readonly defaults: readonly Part[];
  readonly body: readonly Part[];
  readonly sections: Sections;
  /** What it has if it is written in TypeScript. */
  readonly typed: TypedParts | undefined;
}

/** What a program has besides functions, objects and two classes. */
export interface Sections {
  /** Hierarchies of classes. */
  readonly hierarchies: boolean;
  /** Functions that wrap, store and inherit others. */
  readonly patterns: boolean;
  /** `using`. */
  readonly disposal: boolean;
}

/** What may be written where a part stands. */
export interface Place {
  readonly async: boolean;
  readonly generator: boolean;
  readonly method: boolean;
  /** Labels and loops that a jump may leave; names of enclosing labels. */
  readonly loops: number;
  readonly labels: readonly string[];
  /** Parameters `p` and `q` are visible. */
  readonly params: boolean;
  /** `return` may stand here. */
  readonly returns: boolean;
  /** `arguments` and `new.target` may stand here. */
  readonly own: boolean;
  /** Private names of the class around. */
  readonly privates: readonly string[];
  /** What stands here is part of a constructor's body itself. */
  readonly constructs: boolean;
  readonly depth: number;
  readonly sections: Sections;
}

const MAIN: Omit<Place, 'sections'> = {
  async: false,
  generator: false,
  method: false,
  loops: 0,
  labels: [],
  params: false,
  returns: true,
  own: true,
  privates: [],
  constructs: false,
  depth: 0,
};

/** The place inside a function that stands at `place`. */
export function inside(place: Place, changes: Partial<Place> = {}): Place {
  const none = { async: false, generator: false, loops: 0, labels: [], constructs: false };
  return { ...place, ...none, params: true, returns: true, own: true, depth: place.depth + 1, ...changes };
}

export function writeExpression(part: Part | undefined, place: Place): string {
  if (part === undefined) return 'v0';
  const form = EXPRESSIONS_OF.tsx[part.form];
  if (form === undefined) throw new Error(`unknown form ${part.form}`);
  return form.write(part, place);
}

export function writeBlock(parts: readonly Part[] | undefined, place: Place): string {
  return (parts ?? []).map((part) => `${writeStatement(part, place)}`).join('\n');
}

function writeStatement(part: Part, place: Place): string {
  const form = STATEMENTS_OF.tsx[part.form];
  if (form === undefined) throw new Error(`unknown form ${part.form}`);
  return form.write(part, place);
}

/** What may stand before a function. */
const MARKS = ['', '', '/* @unblock-atomic */ ', '/* @unblock-atomic k */ '];

const REQUIRED = `
const { atomic } = require('@unblock/runtime');
const util = require('node:util');`;

const PRELUDE = `
const num = (x) => (typeof x === 'number' ? x % 1000 : typeof x === 'string' ? x.length : 1);
const str = (x) => (typeof x === 'string' ? x.slice(0, 9) : typeof x === 'number' ? String(x) : typeof x);
const list = (x) => (Array.isArray(x) ? x.slice(0, 3) : [x]);
const obj = (x) => (typeof x === 'object' && x !== null && x !== globalThis ? x : { x });
const fun = (x) => (typeof x === 'function' ? x : () => x);
${ITERATION_PRELUDE}const seen = [];
const same = (strings, ...values) => [seen.includes(strings) ? seen.indexOf(strings) : seen.push(strings), values];
`;

/** What every program does, so that all its functions run. */
const CALLS = [
  ...[
    'f0(1, 2)',
    'f1(v0)',
    'f2.call(c1, v1)',
    'o0.m(v2, 3)',
    'o0?.k1(4)',
    'o0.n(5)',
    '[...g0(6)]',
    'c0.m(7)',
    'c1.m(8)',
    'c1.pr()(1)',
    'C0.of(c0)',
  ],
  ...['c1.r(9)', 'c1.k(10)', 'c1.a(11)', 'C1.s(12)', 'o0.g', 'C1.z', 'c1.y'],
  ...['c0.ga', 'c1.ga', 'c1.pa(1)', 'C1.sa', 'c1.ga = 1', 'o0.g -= 1', 'd0.dx'],
  ...['[...o0.gm(1)]', '[...c1]', '[...c0.gp(2)]', '[...C1.gs(3)]', 'fs.map((f) => f())'],
];

function guarded(code: string): string {
  return `try { fuel += 5; ${code} } catch (error) { note(error); }`;
}

/** Whether TypeScript moves a parameter's default into the body, where a generator comes to it too late: what it lowers there needs a variable. */
const isLowered = (value: string) => value.includes('@seen0');

export function writeProgram(program: Program): string {
  const { sections, typed } = program;
  const main: Place = { ...MAIN, async: program.async, sections };
  const body = (i: number, place: Place) => `{ ${DRY} log(typeof this);\n${writeBlock(program.functions[i], place)}\n}`;
  const arrowBody = (i: number, place: Place) => `{ ${DRY}\n${writeBlock(program.functions[i], place)}\n}`;
  const member = (i: number, place: Place) => `{ ${DRY}\n${writeBlock(program.members[i], place)}\n}`;
  const mark = (i: number) => MARKS[program.marks[i] ?? 0];
  const inMethod = inside(main, { method: true });
  const accessor = (i: number, place: Place) =>
    `{ ${DRY}\n${writeBlock(program.accessors[i], { ...place, params: false })}\n}`;
  const setter = (i: number, place: Place) => `{ const q = 1; ${accessor(i, { ...place, params: true }).slice(1)}`;
  const field = (i: number) =>
    writeExpression(program.fields[i], inside(main, { method: true, params: false, own: false }));
  const dflt = (i: number, changes: Partial<Place> = {}) => writeExpression(program.defaults[i], inside(main, changes));
  const isAsync = program.async ? 'async ' : '';
  const head = typed
    ? `${writeTypedModule(typed, main)}${PRELUDE}\nexport ${isAsync}function main(block: any, log: any): any {\nfuel = 10; live = 0; N0.count = 0;`
    : `${program.strict ? "'use strict';" : ''}${REQUIRED}${PRELUDE}\nexports.main = ${isAsync}function main(block, log) {\nlet fuel = 10;`;
  // TypeScript has no `?.#x`.
  const optional = typed ? '.' : '?.';
  const calls = [...CALLS, ...(sections.patterns ? PATTERN_CALLS : []), ...(typed ? TYPED_CALLS : [])];
  return `${head}
seen.length = 0; fs.length = 0;
let v0 = 1, v1 = 'b', v2 = [1, 2, 3];
const note = (x) => { log(x); return x; };
const tag = (strings, ...values) => [strings.raw.join('|'), block(values)];${CLASS_PRELUDE}${ITERATION_DECLARATIONS}${sections.disposal ? DISPOSAL : ''}${typed ? TYPED_DECLARATIONS : ''}${mark(0)}function f0(p, q = ${dflt(0)}) ${body(0, inside(main))}
${mark(1)}const f1 = (p, q = block(p)) => ${arrowBody(1, inside(main, { own: true }))};
const f2 = ${mark(2)}function self(p, { x: q = ${dflt(1)}, ...r } = obj(${dflt(2)}), ...u) ${body(2, inside(main))};
function* g0(p, q = ${isLowered(dflt(3)) ? 'block(p)' : dflt(3)}) ${body(3, inside(main, { generator: true }))}
${mark(3)}const a0 = async (p, [q = ${dflt(4)}] = list(${dflt(5)})) => ${arrowBody(4, inside(main, { async: true })).replace('{', '{ let v2 = [q];')};
async function* g1(p, q = ${isLowered(dflt(9)) ? 'block(p)' : dflt(9)}) ${body(5, inside(main, { async: true, generator: true }))}
let C0 = class {}, C1 = class {}, c0 = {}, c1 = {}, o0 = {}, d0 = {}, key = note('k');
${sections.patterns ? writePatterns(program.patterns, main) : ''}
${guarded(`o0 = { x: 1, f0, f1, f2, ${mark(4)}m(p, q) ${member(0, { ...inMethod, method: false })}, [key + 1](p, q) ${member(1, { ...inMethod, method: false })},
get g() { ${DRY} return [block(this.x), ${field(0)}]; }, set g(v) { this.x = block(v); },
get [key + 3]() ${accessor(0, { ...inMethod, method: false })}, set [key + 3](p) ${setter(1, { ...inMethod, method: false })},
n: (p, q) => ${arrowBody(6, inside(main))}, *gm(p, q) ${member(8, { ...inMethod, method: false, generator: true })} };`)}
C0 = class C0 { constructor(p, q) { this.p = block(p); note(new.target === C0); }
${mark(5)}m(p, q = ${dflt(6, { method: false })}) ${member(2, { ...inMethod, method: false })}
${mark(6)}#r([p = ${dflt(7, { method: false })}] = [], q) ${member(3, { ...inMethod, method: false })}
r(p, q) { ${DRY} return [this.#r(p, q), list([p, q]).map(this.#r, this)]; }
${mark(7)}static s(p, q) ${member(4, { ...inMethod, method: false })}
pr() { return this.#r; } static of(o) { return [list(o).map(o.#r), o${optional}#r(1), o.#r\`t\`]; }
async *ag(p, q = block(p)) { yield block(p); return block(q); }
get ga() ${accessor(2, { ...inMethod, method: false })} set ga(p) ${setter(3, { ...inMethod, method: false })}
get #pg() ${accessor(4, { ...inMethod, method: false })} set #pg(p) { this.w = block(p); } static get sa() { return block('sa'); } static set sa(v) { this.sv = block(v); }
pa(p) { ${DRY} return [this.#pg, this.#pg = p, this${optional}#pg, this.#pg ??= p, list([this]).map((o) => o.#pg)]; }
*#gp(p, q) ${member(9, { ...inMethod, method: false, generator: true })}
gp(p, q) { return this.#gp(p, q); } };
${guarded(`C1 = class C1 extends C0 { y = fuel-- <= 0 ? 'dry' : ${field(1)};
m(p, q = ${dflt(8, { method: true })}) ${member(5, inMethod)}
[key](p, q) ${member(6, inMethod)}
static s(p, q) ${member(7, inMethod)}
get ga() { ${DRY} return [super.ga, block(this.y), super[key]]; } set ga(v) { super.ga = [v]; }
static get sa() ${accessor(5, inMethod)}
*gm(p, q) ${member(10, { ...inMethod, generator: true })}
static *gs(p, q) ${member(11, { ...inMethod, generator: true })}
*[Symbol.iterator]() { yield block(this.x); yield* this.gm(1); }
static z = ${field(2)};
${mark(0)}a = (p, q) => ${arrowBody(7, inside(main, { method: true, own: false }))}; };`)}
${guarded(`d0 = Object.create(o0, { dx: { get() ${accessor(6, { ...inMethod, method: false })}, set(p) ${setter(7, { ...inMethod, method: false })} }, dw: { value: 1 } });`)}
${guarded('c0 = new C0(1);')}
${guarded('c1 = new C1(2);')}
${typed ? writeTypedMain(typed, main, guarded) : ''}
${sections.hierarchies ? writeClasses(program.classes, main, guarded) : ''}
${program.body.map((part) => guarded(writeBlock([part], main))).join('\n')}
${calls.map((call) => guarded(`note(${call});`)).join('\n')}
return [v0, v1, v2, o0.x, fuel];
}${typed ? '' : ';'}
`;
}

/** @param size how deep expressions and statements nest */
export function programs(size: number, dialect: Dialect): fc.Arbitrary<Program> {
  const { block, expression } = fc.letrec<{ expression: Part; statement: Part; block: Part[] }>((tie) => {
    const parts = (forms: typeof EXPRESSIONS) =>
      Object.entries(forms).map(([form, { expressions, blocks, weight }]) => ({
        weight: weight ?? 1,
        arbitrary: fc.record({
          form: fc.constant(form),
          variant: fc.nat(119),
          expressions: fc.tuple(...Array.from({ length: expressions }, () => tie('expression'))),
          blocks: fc.tuple(...Array.from({ length: blocks ?? 0 }, () => tie('block'))),
        }),
      }));
    const leafFirst = (forms: typeof EXPRESSIONS, depthIdentifier: string) =>
      fc.oneof({ maxDepth: size, depthIdentifier, depthSize: 'large', withCrossShrink: true }, ...parts(forms));
    return {
      expression: leafFirst(EXPRESSIONS_OF[dialect], 'part'),
      statement: leafFirst(STATEMENTS_OF[dialect], 'part'),
      block: fc.array(tie('statement'), { maxLength: 3 }),
    };
  });
  const one = (of: number) => fc.nat(of - 1).map((n) => n === 0);
  const blocks = (length: number) => fc.array(block, { minLength: length, maxLength: length });
  const expressions = (length: number) => fc.array(expression, { minLength: length, maxLength: length });
  const typed = fc.record({
    standard: fc.boolean(),
    bodies: blocks(TYPED_BODIES),
    values: expressions(TYPED_VALUES),
    variant: fc.nat(999),
  });
  return fc.record({
    strict: fc.boolean(),
    async: fc.boolean(),
    functions: blocks(8),
    members: blocks(12),
    accessors: blocks(8),
    marks: fc.array(fc.nat(MARKS.length - 1), { minLength: 8, maxLength: 8 }),
    fields: expressions(3),
    classes: classShapes(expression, block),
    patterns: blocks(4),
    defaults: expressions(10),
    body: fc.array(block, { minLength: 1, maxLength: 5 }).map((several) => several.flat()),
    sections: fc.record({ hierarchies: one(2), patterns: one(2), disposal: one(20) }),
    typed: dialect === 'tsx' ? typed : fc.constant(undefined),
  });
}
