// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs have templates
/**
 * What random programs of TypeScript have besides: types wherever they may stand, enums, namespaces, parameter properties, abstract classes,
 * decorators of both kinds, JSX, and a module that imports itself.
 */
import { inside, type Part, type Place, writeBlock, writeExpression } from './generator.js';
import { DRY, type Form, fill, pick } from './generatorTemplates.js';

/** Decorators of the standard, where a program has this; TypeScript's older ones otherwise. */
export const STANDARD_DECORATORS = '// Decorators of the standard.';

/** Not in the program's text as it is: who compiles these tests may point imports elsewhere. */
const RUNTIME = '@unblock/runtime';

const TYPED = [
  '(@0 as any)',
  '(@0)!',
  '(@0 satisfies unknown)',
  '(f1 as any)?.(@0)!',
  'f0<number>(@0, @1)',
  'o0!.m<string, any>!(@0)',
  'o0?.m!(@0)',
  '(o0 as any)?.n!(@0 as unknown)',
  'new C0<string>(@0)',
  '(new (C1 as any)(@0)! as any).m(@1)',
  '((v0 as any) = @0)',
  '([(v0 as any), v1!] = list(@0))',
  '({ x: (o0.x as any) = @0, ...(v1 as any) } = obj(@1))',
  '((o0.x as any) += num(@0) as number)',
  '((v2 as any) ??= @0 satisfies any)',
  '((<U,>(p: U, q?: any): U => (block(p) as U) ?? q)(@0, @1))',
  '(function <U extends object>(this: any, p: U, q: any = block(5)): any { return [block(p as any), q]; }).call(o0, @0)',
  'list(@0).map<any>((p: any, q?: number): any => block([p, q] as const))',
  'tag<any>`a${@0 as any}b${(@1)!}`',
  '(@0 as any as (...u: any[]) => any)',
  'fun(@0 as any)!(@1)',
  '((x: any): x is string => block(typeof x === "string"))(@0)',
];

const ENUMS = [
  'E0.A',
  'E0[num(@0)]',
  'E0.C.length + num(@0)',
  'Const.Y + num(@0)',
  'Plain[Plain.B]',
  '(E0 as any)[str(@0)]',
];

const NAMESPACES = [
  'N0.f(@0, @1)',
  'N0.f.call(o0, @0)',
  'N0.Inner.g(@0)',
  'N0.A.g?.(@0)',
  '[...N0.items(@0, @1)]',
  'new N0.NC(@0).m(@1)',
  '(N0.count += num(@0))',
  '[N0.merged, N0.count++]',
  'self.live',
  'self.bump(@0)',
  'renamed(@0)',
  'new Exported(@0).m(@1)',
  'self.default.of(@0)',
  '(({ f, Inner: { g } }, p, q) => [f(p), g(q)])(N0, @0, @1)',
];

const CLASSES = [
  't1.m(@0)',
  't1.am(@0, @1)',
  'T1.sm?.(@0)',
  't1.g',
  '(t1.g = @0)',
  'new T1(@0, @1).m(1)',
  'new T1(@0).pq',
  '[t1.pp, t1.f, t1.pq]',
  't1.ov(@0)',
  'new (class extends (T1 as any) { declare x: any; constructor(public own: any, q?: any) { super(own, block(1)); note(this.own); } override m(p: any) { return [super.m(p), this.own]; } } as any)(@1).m(2)',
  'new (class { constructor(private a: any = note(block(2)), readonly b: any = block(a), protected c?: any) { note(Object.keys(this)); } m() { return [this.a, this.b, this.c]; } })(@0, @1).m()',
];

const ELEMENTS = [
  '<div a={@0} b="s">text {@1} <i/></div>',
  '<Comp x={@0}>{@1}</Comp>',
  '<o0.m x={@0}/>',
  '<Comp {...obj(@0)} y={@1}/>',
  '<Comp x={@0} {...obj(@1)} z>{...list(1)}</Comp>',
  '<>{@0}<Comp x={@1}/>{block(1)}</>',
  '<N0.View>{(p: any) => block(p)}{@0}</N0.View>',
  '<p>{@0 as any}{list(@1).map((x: any) => <Comp key={x} x={block(x)}/>)}</p>',
];

function chosen(templates: readonly string[]): Form['write'] {
  return ({ variant, expressions }, place) => {
    const part = (i: number) => () => writeExpression(expressions[i], place);
    return `(${fill(pick(templates, variant), part(0), part(1))})`;
  };
}

export const TYPE_EXPRESSIONS: Readonly<Record<string, Form>> = {
  typed: { expressions: 2, weight: 6, write: chosen(TYPED) },
  enumMember: { expressions: 1, weight: 2, write: chosen(ENUMS) },
  namespaceMember: { expressions: 2, weight: 4, write: chosen(NAMESPACES) },
  typedClass: { expressions: 2, weight: 4, write: chosen(CLASSES) },
  element: { expressions: 2, weight: 4, write: chosen(ELEMENTS) },
};

const TYPED_STATEMENTS = [
  'let x: any = @0, y!: any; note([x, y]);',
  'const [x = @0, ...y]: any[] = list(@1); note([x, y]);',
  'type Local = typeof v0; interface Shape { x: Local; } const x: Shape = @0 as any; note(x);',
  'for (const x of list(@0) as any[]) { note(x!); @2 }',
  'for (const { x = block(1) } of [obj(@0)] as any) { note(x); @2 }',
  'function over(p: string): any; function over(p: any, q?: any): any; function over(p: any, q: any = @3): any { if (fuel-- <= 0) return; return [block(p), q]; } note(over(@1));',
  'function sure(x: unknown): asserts x is string { if (typeof block(x) !== "string") throw new TypeError(); } sure(@0); @2',
  'enum Local { A = num(@3), B = Local.A * 2, C = "c" as any, D = num(block(1)) } note([Local.A, Local[Local.B], Local]);',
  'const enum Local { A = 1, B = A << 2 } note(Local.B + num(@0));',
  'try { note(@0); @2 } catch (error: unknown) { note(error as any); } finally { note((@1)!); }',
  'abstract class Local { abstract a(): any; b(p?: any): any { if (fuel-- <= 0) return; return [this.a(), block(p)]; } } note(new (class extends Local { a() { return block(1); } })().b(@0));',
  'class Local<T = any> { [index: string]: any; static s: any = @3; x!: T; y?: any; readonly z: any = block(3); declare w: any; } note([Local.s, new Local() as any]);',
  '@seen0(note(1)) class Local { constructor(public p: any) {} @wrap(2) m(q: any): any { if (fuel-- <= 0) return; return [block(this.p), q]; } static s = block(1); } note([(new Local(1) as any).m(@0), Local.s]);',
  'switch (@0 as any) { case Plain.A: note(@1); default: @2 }',
  'do { @2 if (num(@0)! as any) break; note(@1); } while (false as boolean);',
  '{ let x: any = @0; using: x = x satisfies any; note(x); }',
];

export const TYPE_STATEMENTS: Readonly<Record<string, Form>> = {
  typedStatement: {
    expressions: 2,
    blocks: 1,
    weight: 5,
    write: ({ variant, expressions, blocks }, place) => {
      const part = (i: number) => () => writeExpression(expressions[i], place);
      // In a function of its own, whatever it looks like: a default, an enum, a field.
      const own = () =>
        `(fuel-- <= 0 ? 'dry' : ${writeExpression(expressions[0], bare({ ...place, method: false, privates: [] }))})`;
      const block = () => writeBlock(blocks[0], place);
      return `{ ${fill(pick(TYPED_STATEMENTS, variant), part(0), part(1), block, own)} }`;
    },
  },
};

/** What a program of TypeScript is made of besides. */
export interface TypedParts {
  readonly standard: boolean;
  readonly bodies: readonly (readonly Part[])[];
  readonly values: readonly Part[];
  readonly variant: number;
}

/** How many bodies and values {@link TypedParts} have. */
export const TYPED_BODIES = 8;
export const TYPED_VALUES = 6;

/** Variables of `main` that functions outside it use, too. */
const SHARED =
  'v0, v1, v2, C0, C1, c0, c1, o0, d0, key, note, tag, block, f0, f1, f2, g0, a0, g1, watch, iterable, Comp, T1, t1, E0, Plain, wrap, seen0';

/** What stands outside `main`. */
export function writeTypedModule({ bodies, values, standard, variant }: TypedParts, main: Place): string {
  const shared = `let { ${SHARED} } = env;`;
  const body = (i: number, changes: Partial<Place> = {}) =>
    `{ ${DRY} ${shared}\n${writeBlock(bodies[i], inside(main, changes))}\n}`;
  const value = (i: number) => `((): any => { ${DRY} ${shared} return ${writeExpression(values[i], bare(main))}; })()`;
  return `${standard ? STANDARD_DECORATORS : ''}
import { atomic } from '${RUNTIME}';
import * as util from 'node:util';
import type { Absent } from './absent';
import * as self from './input';
import { exported as renamed, default as Exported } from './input';
let fuel = 0;
let env: any = {};
const h = (type: any, props: any, ...children: any[]): any => [typeof type === 'function' ? type.call(env, { ...props, children }) : type, props, children];
const Frag = ({ children }: any): any => ['fragment', children.length];
const enum Const { X = 2, Y = X * 3, Z = 'z' }
export let live = 0;
export const bump = (p: any): any => { ${DRY} live += 1; return [live, env.block(p), self.live]; };
export function exported(p: any, q: any = ${value(0)}): any ${body(0)}
${variant % 2 ? 'export default class Default' : 'export default class'} { static made: any; constructor(protected readonly p: any, public q?: any) { if (fuel-- > 0) this.q = env.block(p); }
m(p: any, q?: any): any ${body(1, { method: true })} static of<T>(this: any, p: T): any { return [new this(p), renamed(p)]; } }
namespace N0 { export let count = 0; let hidden: any = 1;
export function f(p?: any, q: any = ${value(1)}): any ${body(2).replace('{', '{ count++; hidden = p;')}
export const items = function* (p: any, q?: any): any ${body(3, { generator: true })};
export class NC<T = any> { constructor(public readonly p: T, private q: any = ${value(2)}) {} m(p?: any): any ${body(4, { method: true })} }
export const View = ({ children }: any): any => children.map((child: any) => (typeof child === 'function' ? child(hidden) : child));
export namespace Inner { export const g = (p?: any): any => { ${DRY} return [env.block(p), count, f(p)]; }; }
export import A = Inner; export declare const absent: Absent; }
namespace N0 { export const merged = count; export interface Only { x: number } }
declare global { interface Unseen { y: number } }
`;
}

/** What stands at the beginning of `main`. */
export const TYPED_DECLARATIONS = `
const Comp = (props: any): any => { ${DRY} return [block(props.x), props.children?.length]; };
enum Plain { A = 1, B = A << 1, C = 'c', D = \`\${'d'}\`.length }
const wrap = (p: any): any => (target: any, key: any, descriptor?: any): any => { const name = typeof key === 'object' ? key.name : key; note(['wrap', p, String(name)]);
const f = typeof key === 'object' ? target : descriptor.value; const g = function (this: any, ...u: any[]): any { note(['wrapped', p]); return ['w', f.apply(this, u), block('after')]; };
return typeof key === 'object' ? g : { ...descriptor, value: g }; };
const seen0 = (p: any): any => (target: any, key?: any): void => { note(['seen', p, typeof target, typeof key]); };
let E0: any = {}, T1: any = class {}, t1: any = {};
`;

/** What stands inside it, behind its other classes. */
export function writeTypedMain(
  { bodies, values, variant }: TypedParts,
  main: Place,
  guarded: (code: string) => string,
): string {
  const body = (i: number, changes: Partial<Place> = {}) =>
    `{ ${DRY}\n${writeBlock(bodies[i], inside(main, changes))}\n}`;
  const value = (i: number) => `(fuel-- <= 0 ? 'dry' : ${writeExpression(values[i], bare(main))})`;
  const decorated = (n: number) => pick(['', `@wrap(${n})`, `@wrap(block(${n}))`, '@seen0(1)'], variant >> n);
  return `env = { ${SHARED} };
${guarded(`enum Made { A = num(${value(3)}), B = 7, C = 'c', D = num(block(4)), E = B + 1 } env.E0 = E0 = Made;`)}
${guarded(`abstract class T0<X = any> { declare ghost: X; x!: any; [index: string]: any; protected static st: any = ${value(4)};
constructor(private readonly pp: any = block(1), public pq?: any, q: any = [pp]) { note(['T0', Object.keys(this), q]); ${pick(['', "note(block('late'));"], variant)} }
abstract am(p: any): any; m<U>(this: any, p: U): any; m(p: any, q: any = block('d')): any ${body(5, { method: true })} ov(p: any): any; ov(p: any, q?: any): any { return [block(p), q, this.pp]; } }
${decorated(0).replace('@wrap', '@seen0')} class Made extends T0 implements Absent { ${decorated(3).replace('@wrap', '@seen0')} f: any = ${value(5)}; constructor(p: any, readonly own?: any) { ${pick(['super(p, block(2));', 'note(1); super(...list(p));', 'super(p); note(this.own);'], variant >> 2)} }
${decorated(1)} override am(p: any, q?: any): any ${body(6, { method: true })}
${pick(['', 'm(p: any): any { return [super.m(p), block(this.own)]; }'], variant >> 4)} ${pick(['', '@seen0(2) '], variant)}get g(): any { return block(this.f); } set g(p: any) { this.f = [block(p)]; }
${decorated(2)} static sm(p?: any): any ${body(7, { method: true })} } env.T1 = T1 = Made; env.t1 = t1 = new T1(1);`)}
`;
}

/** What these programs do of it in any case. */
export const TYPED_CALLS = [
  ...[
    'N0.f(1, 2)',
    '[...N0.items(1)]',
    'new N0.NC(1).m(2)',
    'N0.A.g(3)',
    'exported(1)',
    'new Exported(4).m(5)',
    'bump(6)',
  ],
  ...['t1.m(7)', 't1.am(8)', 'T1.sm(9)', '(t1.g = 10)', 't1.g', 'E0', '<Comp x={1}><i/></Comp>', 'Exported.of(11)'],
];

function bare(place: Place): Place {
  return inside(place, { params: false, own: false, returns: false });
}
