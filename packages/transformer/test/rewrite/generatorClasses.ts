// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs have templates
/** Hierarchies of classes in random programs: fields of every kind, and blocking calls at every point of a construction. */
import fc from 'fast-check';
import { inside, type Part, type Place, writeBlock, writeExpression } from './generator.js';

export interface Field {
  /** How it is declared, and what is initialised. */
  readonly kind: number;
  readonly value: Part;
}

export interface ClassShape {
  readonly fields: readonly Field[];
  /** What the class extends, and where its constructor calls `super(...)`. */
  readonly variant: number;
  readonly before: readonly Part[];
  readonly after: readonly Part[];
  /** A method that constructors call, and subclasses override. */
  readonly virtual: readonly Part[];
  readonly argument: Part;
  /** Static fields and blocks. */
  readonly statics: readonly Part[];
}

/** How many classes a program has: each but the first may extend the one before. */
const CLASSES = 3;

export function classShapes(expression: fc.Arbitrary<Part>, block: fc.Arbitrary<readonly Part[]>) {
  const field = fc.record({ kind: fc.nat(47), value: expression });
  const shape = fc.record({
    fields: fc.array(field, { maxLength: 4 }),
    variant: fc.nat(719),
    before: block,
    after: block,
    virtual: block,
    argument: expression,
    statics: fc.array(expression, { maxLength: 3 }),
  });
  return fc.array(shape, { minLength: CLASSES, maxLength: CLASSES });
}

const DRY = 'fuel-- <= 0';

export function writeClasses(shapes: readonly ClassShape[], main: Place, guarded: (code: string) => string): string {
  const classes = shapes.map((shape, i) => writeClass(shape, i, main));
  const uses = shapes.flatMap((_, i) => [
    guarded(`k${i} = note(new K${i}(${i}, block('q')));`),
    guarded(
      `note(k${i}.all?.()); note(K${i}.has?.(k${i})); note([K${i}.s0, K${i}.s1, K${i}.s2, K${i}.s?.(), K${i}.f?.()]);`,
    ),
    guarded(`note(Reflect.construct(K${i}, ['r'], C0)); note(new K${i});`),
  ]);
  return [
    ...classes.map(guarded),
    ...uses,
    guarded('note(new F3(1)); note(F3(2)); note(new (class extends F3 {})(3));'),
  ].join('\n');
}

export const CLASS_PRELUDE = `
let K0 = Object, K1 = Object, K2 = Object, k0 = {}, k1 = {}, k2 = {};
const given = new (class { x = 'given'; m() { return 'm'; } })();
function F3(p, q) { if (fuel-- <= 0) return; if (!new.target) return [block(p), new.target === undefined]; this.p = block(p); this.t = new.target === F3; return fuel % 5 === 0 ? given : q; }
`;

function writeClass(
  { fields, variant, before, after, virtual, argument, statics }: ClassShape,
  i: number,
  main: Place,
): string {
  const parents =
    i === 0
      ? ['', '', 'C0', 'Map']
      : [`K${i - 1}`, `K${i - 1}`, `(note('heritage'), K${i - 1})`, 'F3', 'Array', 'Error'];
  const parent = parents[variant % parents.length] as string;
  const names = [...new Set(fields.map(({ kind }, n) => privateName(kind, n)).filter((name) => name !== undefined))];
  const place = inside(main, { method: true, privates: names });
  const field = ({ kind, value }: Field, n: number) =>
    writeField(kind, n, value, { ...place, params: false, own: false, returns: false });
  const all = names.map((name) => `this.${name}`).join(', ');
  return `K${i} = class ${variant % 2 ? `K${i}` : ''} ${parent === '' ? '' : `extends ${parent}`} {
${fields.map(field).join('\n')}
${statics.map((value, n) => writeStatic(value, n, variant, place)).join('\n')}
${writeConstructor(variant >> 2, parent !== '', before, after, argument, place)}
virtual(p, q) { if (${DRY}) return 'dry'; note(['virtual', Object.keys(this)]); ${parent.startsWith('K') && variant % 3 === 0 ? 'note(super.virtual(p));' : ''}
${writeBlock(virtual, place)} }
all() { return [${all}]; } ${names.length > 0 ? `static has(o) { return ${names[0]} in o; }` : ''} get g${i}() { return ${i}; } };`;
}

function writeStatic(value: Part, n: number, variant: number, at: Place): string {
  const place = { ...at, method: variant % 7 === 0, params: false, own: false, returns: false };
  const code = `${DRY} ? 'dry' : ${writeExpression(value, place)}`;
  const forms = [
    `static s${n} = ${code};`,
    `static { var p = note(${code}); for (const q of list(p)) this.s = () => [block(q), p]; }`,
    `static s${n} = [this.name, this.s0, ${code}];`,
    'static f = () => [this.s0, block(1)]',
    variant % 5 === 0 ? `static #s${n} = ${code};` : `static 's' = class { static x = ${code} };`,
  ];
  return forms[(variant + n) % forms.length] as string;
}

function privateName(kind: number, n: number): string | undefined {
  return kind % 3 === 1 ? `#f${n}` : undefined;
}

function writeField(kind: number, n: number, value: Part, place: Place): string {
  const initial = (kind >> 4) % 4 === 0 ? '' : ` = ${initialiser(kind >> 4, value, place)}`;
  if (kind % 3 === 1) {
    if ((kind >> 2) % 4 === 3) return `#f${n}(p, q) { return [block(p), this.g0]; }`;
    return `#f${n}${initial};`;
  }
  if (kind % 3 === 2)
    return `${['x', "'quoted key'", '7', '[key]', "[note('key') + block(1)]", '[Symbol.iterator]'][(kind >> 2) % 4]}${initial};`;
  return `f${(kind >> 2) % 4}${initial};`;
}

function initialiser(kind: number, value: Part, place: Place): string {
  if (kind === 1) return `${DRY} ? 'dry' : ${writeExpression(value, place)}`;
  return kind === 2
    ? 'note(block(Object.keys(this).join()))'
    : `(p, q) => (${DRY} ? 'dry' : ${writeExpression(value, { ...place, params: true })})`;
}

/** What a constructor does with `super` besides. */
const SUPER_PLACES: readonly string[] = [
  ...['', '', 'note(super.f0++);', "super['f1'] += block(2);", "super[note('f2')] ??= block(3);"],
  ...['[super.f3, super[key] = block(4)] = list(v2);', '({ x: super.x, ...super.rest } = obj(v0));'],
  ...[
    'for (super.x of list(v2)) note(this.x);',
    'note(super.toString`a${block(5)}`);',
    'note(super.virtual?.(block(6)));',
  ],
  ...['list(1).forEach((p) => (super.f1 -= block(p)));'],
];

function writeConstructor(
  variant: number,
  isDerived: boolean,
  before: readonly Part[],
  after: readonly Part[],
  argument: Part,
  at: Place,
): string {
  if (variant % 5 === 4) return '';
  const place: Place = { ...at, constructs: true };
  const parameters = [
    'p, q',
    'p = block(5), q',
    '{ x = block(6), ...rest } = {}, q = note(7)',
    'p, ...q',
    '[p, [q] = [note(1)]] = [1]',
    'p, q = () => this',
    '[p, ...q] = [1, block(2)]',
    "{ [note('pk')]: p, ...q } = {}",
    '{ x: [p, ...[q, ...z]] = [block(3)] } = {}',
  ];
  const params = parameters[(variant >> 3) % parameters.length] as string;
  const seen: Place = { ...place, params: params.startsWith('p') };
  const body = (parts: readonly Part[]) => writeBlock(parts, seen);
  const value = writeExpression(argument, seen);
  const virtual = 'this.virtual(1);';
  if (!isDerived) return `constructor(${params}) { if (${DRY}) return; ${body(before)}\n${virtual}\n${body(after)} }`;
  const call = `${virtual} ${SUPER_PLACES[variant % SUPER_PLACES.length]}`;
  const superCall = `super(${['', '1', value, `...list(${value})`, `${value}, block('second')`][(variant >> 5) % 5]})`;
  const shapes = [
    `{ ${superCall}; if (${DRY}) return; ${body(before)}\n${call}\n${body(after)} }`,
    `{ const pre = ${DRY}; if (!pre) { ${body(before)} }\n${superCall}; if (pre) return; ${call}\n${body(after)} }`,
    `{ if (${DRY}) super(); else { ${body(before)}\nconst made = ${superCall}; note(made === this); ${body(after)} } }`,
    `{ let early; try { early = () => this; ${DRY} ? super(2) : note(${superCall} === this); } catch (error) { note(error); ${body(before)} } finally { note('finally'); } note(early() === this); ${body(after)} }`,
    `{ if (${DRY}) return new Object(super()); ${body(before)} ${superCall}; note([new.target.name, arguments.length]); ${body(after)} }`,
    `{ ${superCall}; const twice = ${DRY}; if (twice) return; ${body(after)} if (num(v0) % 4 === 0) super(9); }`,
    `{ const late = () => super(3); ${DRY} ? super() : late(); ${body(after)} }`,
  ];
  return `constructor(${params}) ${shapes[variant % shapes.length]}`;
}
