/** Programs over what TypeScript adds. See ../cases.ts. */
export const TYPESCRIPT: Readonly<Record<string, string>> = {
  'enums inside functions': `
    export function main(block, log) {
      enum E { A = 1, B = block(5) } const enum F { X = 2 }
      return [E.A, E.B, E[5], F.X, block(1)]; }`,
};
