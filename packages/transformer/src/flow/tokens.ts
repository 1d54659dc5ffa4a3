/** What flow analysis lets arrive at places. */
import { FOREIGN, saysNothing } from './externalPaths.js';
import type { Any } from './graph.js';

/** What may arrive at a place. `fn`, `cls` and `obj` are program-wide ids. */
export type Token =
  | { readonly kind: 'function'; readonly fn: number }
  | { readonly kind: 'class'; readonly cls: number }
  | { readonly kind: 'instance'; readonly cls: number }
  | { readonly kind: 'object'; readonly obj: number }
  | { readonly kind: 'namespace'; readonly module: number }
  | { readonly kind: 'external'; readonly path: string }
  /** An object that a generator of the program has made. */
  | { readonly kind: 'generator'; readonly fn: number }
  /** A method that resumes one. */
  | { readonly kind: 'step'; readonly fn: number };

/** What a place holds: single tokens, or any. */
export type Arrival = Token | Any;

/** Identifies a token. */
export function keyOf(token: Token): string {
  switch (token.kind) {
    case 'function':
      return `f${token.fn}`;
    case 'class':
      return `c${token.cls}`;
    case 'instance':
      return `i${token.cls}`;
    case 'object':
      return `o${token.obj}`;
    case 'namespace':
      return `n${token.module}`;
    case 'external':
      return `x${token.path}`;
    case 'generator':
      return `g${token.fn}`;
    case 'step':
      return `s${token.fn}`;
  }
}

/** Whether a value comes from outside the program, and is not known to be anything. */
export function isUnknown(token: Arrival): boolean {
  return token.kind === 'external' && saysNothing(token.path);
}

/** Whether a value is one of the program's own, or of Node. */
export function isOfProgram(token: Token): boolean {
  return token.kind !== 'external' || !(token.path === FOREIGN || token.path.startsWith('.'));
}

/** Without any values, of which nothing is known but that they are the program's. */
export function single(values: readonly Arrival[]): Token[] {
  return values.filter((token) => token.kind !== 'any');
}

/** The functions of the program among values. */
export function functionsAmong(values: readonly Arrival[]): number[] {
  return values.flatMap((token) => (token.kind === 'function' ? [token.fn] : []));
}
