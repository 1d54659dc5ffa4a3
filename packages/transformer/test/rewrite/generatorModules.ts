// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs have templates
/**
 * Random programs of several modules, of both kinds: what they export in every form that Node knows, re-exports, cycles, live bindings, imports
 * of either kind by the other, `import()`, and calls between them, also while they are loaded.
 */
import fc from 'fast-check';
import { fill, pick } from './generatorTemplates.js';

/** An expression: a template, and what stands in its places. */
export interface Expression {
  readonly variant: number;
  readonly module: number;
  readonly parts: readonly Expression[];
}

/** A module, of which all texts are written by the numbers of their templates. */
export interface ModuleShape {
  readonly isCommon: boolean;
  /** How each export is written, and how each other module is imported. */
  readonly exportForms: readonly number[];
  readonly importForms: readonly number[];
  readonly bodies: readonly Expression[];
  /** What is called while the module is loaded. */
  readonly loading: readonly Expression[];
}

export interface ModuleProgram {
  readonly modules: readonly ModuleShape[];
  readonly calls: readonly Expression[];
  readonly isAsync: boolean;
}

export interface ModuleText {
  readonly name: string;
  readonly kind: 'esm' | 'commonjs';
  readonly text: string;
}

/** A module outside the program: it exports `block`, which stands for a blocking call, `log`, and `dry`, which ends what would not end. */
export const HOST = 'host.cjs';

/** What every module exports, in this order. */
const NAMES = ['f', 'g', 'C', 'o', 'gen', 'bump', 'a'] as const;
const BODIES = 9;
const LOADING = 2;

/** `$f` is the export of some module under that name, `$m` the module itself, `@0` a part, `~` what only async functions have. */
const EXPRESSIONS = [
  '1',
  "'s'",
  'p',
  'block(@0)',
  '$f(@0, @1)',
  '$g(@0)',
  '$m.f(@0)',
  "$m['g']?.(@0)",
  '$m?.o.m(@0)',
  'new $C(@0).m(@1)',
  'new $m.C(@0, @1).own',
  '$C.s(@0)',
  'new (class extends $C { m(p) { return [super.m(p), block(this.own)]; } })(@0).m(@1)',
  '$o.m(@0)',
  '$o.h(@0)',
  '$o.a',
  '($o.a = @0)',
  '[...$gen(@0)]',
  '[$m.n, $bump(@0), $m.n]',
  '$d(@0)',
  '$m.default?.(@0)',
  '$m.default.m?.(@0)',
  '[@0, @1].map($f)',
  '[@0].map((p) => [p, $g(p)])',
  '$f.call({ x: 1 }, @0)',
  '$g.apply(null, [@0, @1])',
  'Reflect.construct($C, [@0]).m(@1)',
  '(() => { const { f, C, ...rest } = $m; return [f(@0), new C(@1).own, Object.keys(rest)]; })()',
  '[typeof $f, typeof $C, typeof $m, Object.keys($m)]',
  '[$f.name, $f.length, $C.name, $d?.name, $o.m.name]',
  '($m.reexported?.(@0) ?? $m.ns?.f?.(@0))',
  '((f = $f, q = f(@0)) => [q, block(@1)])()',
  // As text, values that hold others twice would be twice as long each time.
  '`${typeof $f(@0)}${typeof block(@1)}`',
  '(block(@0) ? $f(1) : $g(2))',
  '($m.f === $f)',
  '(() => { try { return $f(@0); } finally { log(block(@1)); } })()',
  '(() => { for (const x of $gen(@0)) log([x, $g(@1)]); })()',
  '~await $a(@0)',
  '~(await import($i)).f(@0)',
  '~(await import($i)).default?.(@0)',
  '~await import($i).then((m) => m.g(@0))',
  '~await Promise.all([$a(@0)])',
];

/** How a module writes what it is called with. */
interface Place {
  readonly program: ModuleProgram;
  readonly at: number;
  readonly isAsync: boolean;
}

const extensionOf = ({ isCommon }: ModuleShape) => (isCommon ? 'cjs' : 'mjs');

/** Modules of the older kind cannot load the newer ones while these are being loaded themselves. */
function isReachable({ program, at }: Place, other: number): boolean {
  return !program.modules[at]?.isCommon || program.modules[other]?.isCommon === true;
}

function shapeAt({ program }: Place, module: number): ModuleShape {
  return program.modules[module] as ModuleShape;
}

function write(expression: Expression | undefined, place: Place): string {
  if (expression === undefined) return '1';
  const { variant, parts, module } = expression;
  let template = pick(EXPRESSIONS, variant);
  if (template.startsWith('~')) template = place.isAsync ? template.slice(1) : 'block(@0)';
  const wanted = module % place.program.modules.length;
  const other = isReachable(place, wanted) ? wanted : place.at;
  const specifier = `'./m${wanted}.${extensionOf(shapeAt(place, wanted))}'`;
  const text = template.replace(/\$([a-zA-Z]+)/g, (_, name) =>
    name === 'i' ? specifier : reference(name, other, place),
  );
  const inner = { ...place, isAsync: false };
  // Parts in functions of a template must not await.
  const isOwn = /=>|class /.test(template);
  return fill(text, ...[0, 1].map((i) => () => write(parts[i], isOwn ? inner : place)));
}

/** How the code of a module names an export of another, or of itself. */
function reference(name: string, other: number, place: Place): string {
  if (other === place.at) return name === 'm' ? 'self' : name === 'd' ? 'dflt' : name;
  const form = importForm(other, place);
  if (form === 'lazy') {
    const loaded = `require('./m${other}.cjs')`;
    return name === 'm' ? loaded : `${loaded}.${name === 'd' ? 'default' : name}`;
  }
  if (name === 'm') return `m${other}`;
  return form === 'named' ? `${name}${other}` : `m${other}.${name === 'd' ? 'default' : name}`;
}

type ImportForm = 'named' | 'namespace' | 'lazy';

function importForm(other: number, place: Place): ImportForm {
  const shape = shapeAt(place, place.at);
  const form = shape.importForms[other] ?? 0;
  if (shape.isCommon) return (['named', 'namespace', 'lazy'] as const)[form % 3] as ImportForm;
  // The names that a module of the older kind exports are known where its text tells them.
  return form % 2 === 0 && isTold(shapeAt(place, other)) ? 'named' : 'namespace';
}

/** Whether Node finds the names of what a module exports in its text, which it looks for before it is run. */
function isTold({ isCommon, exportForms }: ModuleShape): boolean {
  return !isCommon || COMMON_EXPORTS[(exportForms[0] ?? 0) % COMMON_EXPORTS.length]?.isTold === true;
}

function writeImport(other: number, place: Place): string {
  const shape = shapeAt(place, place.at);
  const target = shapeAt(place, other);
  const file = `'./m${other}.${extensionOf(target)}'`;
  const form = importForm(other, place);
  const names = (colon: string) => [...NAMES, 'n'].map((name) => `${name}${colon}${name}${other}`).join(', ');
  if (shape.isCommon) {
    if (form === 'lazy') return '';
    const whole = `const m${other} = require(${file});`;
    return form === 'named' ? `${whole} const { ${names(': ')}, default: d${other} } = m${other};` : whole;
  }
  const variant = shape.importForms[other] ?? 0;
  // What a module of the older kind is as a whole has the name `default`.
  const isWhole = target.isCommon && variant % 3 === 0;
  if (form === 'named') {
    const whole = `import * as m${other} from ${file};`;
    const dflt = variant % 5 === 0 ? `{ default as d${other} }` : `d${other}`;
    return `${whole} import ${dflt} from ${file}; import { ${names(' as ')} } from ${file};`;
  }
  return isWhole || !isTold(target) ? `import m${other} from ${file};` : `import * as m${other} from ${file};`;
}

/** How modules of the older kind export. */
const COMMON_EXPORTS: readonly { readonly isTold: boolean; readonly text: string }[] = [
  { isTold: true, text: [...NAMES, 'n'].map((name) => `exports.${name} = ${name};`).join(' ') },
  { isTold: true, text: `module.exports = { ${NAMES.join(', ')}, n, default: dflt };` },
  { isTold: false, text: `Object.assign(exports, { ${NAMES.join(', ')}, n, default: dflt });` },
  {
    isTold: true,
    text: `module.exports = dflt; ${NAMES.map((name) => `module.exports.${name} = ${name};`).join(' ')} module.exports.n = n;`,
  },
  {
    isTold: true,
    text: `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = void 0; ${[...NAMES, 'n']
      .map((name) => `exports.${name} = ${name};`)
      .join(' ')} exports.default = dflt;`,
  },
  {
    isTold: true,
    text: `${[...NAMES, 'n']
      .map(
        (name) =>
          `Object.defineProperty(exports, '${name}', { enumerable: true, get: function () { return ${name}; } });`,
      )
      .join(' ')} exports.default = dflt;`,
  },
  {
    isTold: false,
    text: `for (const [key, value] of Object.entries({ ${NAMES.join(', ')}, n })) exports[key] = value;`,
  },
];

/** What a body is, as a block. */
function body(i: number, place: Place, isAsync = false): string {
  const expression = write(shapeAt(place, place.at).bodies[i], { ...place, isAsync });
  return `{ if (dry()) return 'dry'; log('m${place.at} ${i}'); return [p, block(${i}), ${expression}]; }`;
}

/** The declarations of the exports, none of which is exported yet; `isExport` is whether they may be exported where they are declared. */
function declarations(place: Place): Record<string, { readonly text: string; readonly canExport: boolean }> {
  const { exportForms } = shapeAt(place, place.at);
  const chosen = (i: number, forms: readonly string[]) => {
    const text = pick(forms, exportForms[i + 1] ?? 0);
    return { text, canExport: /^(async function|function|class|const|let)\b/.test(text) };
  };
  const value = (i: number) =>
    `(() => { if (dry()) return 'dry'; const p = 0; return ${write(shapeAt(place, place.at).bodies[i], place)}; })()`;
  const parent = reference(
    'C',
    place.program.modules.findIndex((_, i) => i !== place.at && isReachable(place, i)),
    place,
  );
  const members = `m(p) ${body(2, place)} static s(p) ${body(3, place)} get own() { return [this.p, block(1)]; }`;
  const inherits =
    parent === 'C' || place.program.modules.length < 2
      ? 'Object'
      : `(() => { try { return ${parent} ?? Object; } catch { return Object; } })()`;
  return {
    f: chosen(0, [
      `function f(p, q) ${body(0, place)}`,
      `const f = function (p, q) ${body(0, place)};`,
      `let f = (p, q) => ${body(0, place)};`,
      `const f = function own(p, q = ${value(6)}) ${body(0, place)};`,
      `var f; f = { f(p, q) ${body(0, place)} }.f;`,
    ]),
    g: chosen(1, [
      `const g = (p) => ${body(1, place)};`,
      `const { g } = { g(p) ${body(1, place)} };`,
      `const [g] = [function (p) ${body(1, place)}];`,
      `let g = ((h) => (p) => h(p))((p) => ${body(1, place)});`,
      `function g(p) ${body(1, place)}`,
    ]),
    C: chosen(2, [
      `class C { constructor(p) { this.p = block(p); } ${members} }`,
      `const C = class { p = block('field'); ${members} };`,
      `class C extends ${inherits} { constructor(p, q) { super(p, q); this.p = [p, block(q)]; } ${members} }`,
      `let C = class Named { constructor(p) { this.p = p; } static made = block('static'); ${members} };`,
      `function C(p) { this.p = block(p); } C.prototype.m = function (p) ${body(2, place)}; C.s = (p) => ${body(3, place)};`,
    ]),
    o: chosen(3, [
      `const o = { m(p) ${body(4, place)}, get a() { return block(this.x); }, set a(v) { this.x = block(v); }, h: (p) => block(p) };`,
      `const o = Object.freeze({ m: function (p) ${body(4, place)}, a: 1, h: f });`,
      `const o = {}; o.m = (p) => ${body(4, place)}; o['h'] = g; o.a = 2;`,
    ]),
    gen: chosen(4, [
      `function* gen(p) { yield block(p); yield* [1, 2]; return f(p); }`,
      `const gen = function* (p = block(5)) { try { yield p; } finally { log(block('closed')); } };`,
      `const gen = (p) => [p, block(p)];`,
    ]),
    bump: chosen(5, [
      `const bump = (p) => { n += 1; return [n, block(p), self.n]; };`,
      `function bump(p) { return [n++, block(p), self.n]; }`,
    ]),
    a: chosen(6, [
      `async function a(p) ${body(5, place, true)}`,
      `const a = async (p) => ${body(5, place, true)};`,
      `const a = async function (p, q = block(p)) ${body(5, place, true)};`,
    ]),
  };
}

const DEFAULTS = [
  'function dflt(p) @B',
  'const dflt = (p) => @B;',
  'class dflt { constructor(p) { this.p = block(p); } static m(p) @B }',
  'const dflt = { m(p) @B };',
];

function writeModule(place: Place): string {
  const { program, at } = place;
  const shape = shapeAt(place, at);
  const others = program.modules.flatMap((_, i) => (i !== at && isReachable(place, i) ? [i] : []));
  const made = declarations(place);
  const dflt = pick(DEFAULTS, shape.exportForms[8] ?? 0).replace('@B', () => body(7, place));
  const host = shape.isCommon
    ? `const { block, log, dry } = require('./${HOST}');`
    : `import { block, log, dry } from './${HOST}';`;
  const loading = shape.loading
    .map(
      (expression) =>
        `try { const p = 'load'; log(['m${at}', ${write(expression, place)}]); } catch (error) { log(error); }`,
    )
    .join('\n');
  const imports = others.map((other) => writeImport(other, place));
  const calls = at === 0 ? writeMain(place) : '';
  if (shape.isCommon) {
    const isEarly = (shape.exportForms[9] ?? 0) % 3 === 0;
    const exported = COMMON_EXPORTS[(shape.exportForms[0] ?? 0) % COMMON_EXPORTS.length]?.text;
    const strict = (shape.exportForms[10] ?? 0) % 2 === 0 ? "'use strict';" : '';
    const own = Object.values(made).map(({ text }) => text);
    const parts = [
      host,
      ...(isEarly ? [] : imports),
      'let n = 0;',
      ...own,
      dflt,
      exported,
      'const self = module.exports;',
    ];
    return [strict, ...parts, ...(isEarly ? imports : []), loading].join('\n');
  }
  const reexport = others.find((other) => isTold(shapeAt(place, other)));
  const file = reexport === undefined ? '' : `'./m${reexport}.${extensionOf(shapeAt(place, reexport))}'`;
  const reexports = [
    '',
    `export { f as reexported } from ${file};`,
    `export * as ns from ${file};`,
    `export * from ${file};`,
    `export { default as reexported, C as other } from ${file};`,
  ];
  const isApart = (i: number) => (shape.exportForms[i] ?? 0) % 4 === 3;
  const own = Object.values(made).map(({ text, canExport }, i) => (canExport && !isApart(i) ? `export ${text}` : text));
  const apart = Object.entries(made).flatMap(([name, { canExport }], i) => (canExport && !isApart(i) ? [] : [name]));
  const isDirect = (shape.exportForms[8] ?? 0) % 3 === 0 && dflt.startsWith('function');
  return [
    host,
    ...imports,
    `import * as self from './m${at}.mjs';`,
    reexport === undefined ? '' : pick(reexports, shape.exportForms[9] ?? 0),
    'export let n = 0;',
    ...own,
    isDirect ? `export default ${dflt}` : `${dflt} export { dflt as default };`,
    apart.length > 0 ? `export { ${apart.join(', ')} };` : '',
    loading,
    calls,
  ].join('\n');
}

function writeMain({ program, ...place }: Place): string {
  const { isAsync } = program;
  const calls = program.calls.map(
    (call) =>
      `try { const p = 'main'; log(${write(call, { ...place, program, isAsync })}); } catch (error) { log(error); }`,
  );
  return `export ${isAsync ? 'async ' : ''}function main() {\n${calls.join('\n')}\nreturn [n, self.n, block('end')];\n}`;
}

/** The modules of a program; the first exports `main`. */
export function writeModules(program: ModuleProgram): ModuleText[] {
  return program.modules.map((shape, at) => ({
    name: `m${at}.${extensionOf(shape)}`,
    kind: shape.isCommon ? 'commonjs' : 'esm',
    text: writeModule({ program, at, isAsync: false }),
  }));
}

export function modulePrograms(): fc.Arbitrary<ModuleProgram> {
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.record({
      variant: fc.noBias(fc.nat(EXPRESSIONS.length - 1)),
      module: fc.nat(3),
      parts: fc.oneof(
        { maxDepth: 2, depthIdentifier: 'part' },
        fc.constant<Expression[]>([]),
        fc.array(tie('expression'), { minLength: 2, maxLength: 2, depthIdentifier: 'part' }),
      ),
    }),
  }));
  const forms = (length: number) => fc.array(fc.noBias(fc.nat(59)), { minLength: length, maxLength: length });
  const expressions = (length: number) => fc.array(expression, { minLength: length, maxLength: length });
  const shape = (isCommon: fc.Arbitrary<boolean>) =>
    fc.record({
      isCommon,
      exportForms: forms(11),
      importForms: forms(4),
      bodies: expressions(BODIES),
      loading: expressions(LOADING),
    });
  return fc.record({
    modules: fc
      .tuple(shape(fc.constant(false)), fc.array(shape(fc.boolean()), { minLength: 1, maxLength: 3 }))
      .map(([first, rest]) => [first, ...rest]),
    calls: fc.array(expression, { minLength: 4, maxLength: 10 }),
    isAsync: fc.boolean(),
  });
}
