/** Programs over what TypeScript adds. See ../cases.ts. */
export const TYPESCRIPT: Readonly<Record<string, string>> = {
  'enums inside functions': `
    export function main(block, log) {
      enum E { A = 1, B = block(5) } const enum F { X = 2 }
      return [E.A, E.B, E[5], F.X, block(1)]; }`,
  decorators: `
    export function main(block, log) {
      const dec = (t, k, d?) => { log('dec ' + String(k)); return d; }; const wrap = (t, k, d) => ({ ...d,
         value(...a) { return 'w' + d.value.apply(this, a); } }); const cls = (c) => { log('class ' + c.name);
         return c; }; const par = (t, k, i) => { log('param ' + i); };
      @cls class A { @dec f = 1; @wrap m(x) { return block(x); } n(@par x) { return block(x); } @dec static s(x) { return block(x);
         } @dec get g() { return block(1); } o(x) { return block(x); } constructor(@par readonly x?) {} }
      const a = new A(); return [a.m(1), a.n(2), A.s(3), a.g, a.o(4)]; }`,
  'namespaces, overloads, generics, abstract, this parameters': `
    namespace N { export const v = 1; export function f(b, x) { return b(x); } export namespace M { export const g = (b,
      x) => f(b, x) + v; } } import al = N.M; declare const nothing: number; type T<X> = X extends (...a: any) => infer R ? R : never;
      interface I { (x: number): string; new (x: any): I; m?(): void } declare module 'x' { function f(): void } declare function amb(): void;
      abstract class Abs<T extends { a: number } = { a: 1 }> { abstract am(x: T): T; declare d: string;
      protected readonly r?: number; private p!: string; static readonly st: string = 's'; [key: string]: any;
      over(x: string): string; over(x: number): number; over<U extends any>(this: Abs, x: U, ...rest: U[]): U { return this.b(x) as U;
      } constructor(protected b: <T>(x: T) => T, public override_?: number) {} opt?(x?: number): void;
      *gen(): Generator<number> { yield this.b(1); } get acc(): number { return this.b(2); } async as(): Promise<void> {} }
      class Con extends Abs { override am(x) { return this.b(x); } } function assertIs(b, x: any): asserts x is string { b(1);
      if (typeof x !== 'string') throw new Error('no'); } function is(b, x: unknown): x is string { return b(typeof x === 'string');
      } function gen<T, const U extends readonly T[]>(b: (x: any) => any, x: T, ...u: U): [T, U] { return b([x,
      u]); } const garrow = <T,>(b: any, x: T): T => b(x); const opt = (b: any, x?: number, y: string = b('d')): any => b([x,
      y]); enum St { A = 'a', B = A + 'b' as any } export enum Ex { X = 1 << 2, Y } export type { T };
      export default function (b, x) { return b(x); }
      export function main(block: <T>(x: T) => T, log: (x: any) => void): unknown {
      const c = new Con(block); const sat = { a: block(1), f: (x: number): number => block(x) } satisfies { a: number;
         f: any }; let x: unknown = block('s'); assertIs(block, x); const y = x satisfies string; const tup: [a: number,
         b?: string] = [block(1)]; const ctor: new (b: any) => Con = Con; const fnT: (this: void, x: number) => number = function (this: void,
         x) { return block(x); };
      return [N.f(block, 1), al.g(block, 2), c.am({ a: 1 }), c.over('x'), c.over<number>(5, 6),
         [...c.gen()], c.acc, is(block, 1), gen<number, [2]>(block, 1, 2), garrow<number>(block, 3),
         opt(block), opt(block, 1, 'x'), St.B, Ex.Y, sat.f(4), y, tup, new ctor(block).am({ a: 2 }),
         fnT(6), (block as any as Function)(7), block!(8), (<any>block)(9), (block satisfies Function)(10),
         c!.am!({ a: 3 }), c?.am!({ a: 4 }), (c as Con).over(1 as any), (c as any)['am'](5), block<string>('g'),
         block<Array<() => void>>([]), new Map<string, () => number>([['k', () => block(1)]]).get('k')!()];
         }`,
};
