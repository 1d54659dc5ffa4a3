/** Finds shared memory that a module only sleeps on. */
import type { NewExpression, Node } from '@babel/types';
import type { Span } from '../program.js';
import type { Place } from './extraction.js';
import type { Vertex } from './facts.js';
import { memberPath } from './names.js';
import { lookup } from './scopes.js';

/** Counts how constants that hold fresh memory are used: if every use is that of a wait, nobody else can reach it. */
export class SleepCells {
  readonly #declared = new Map<Vertex, Span>();
  readonly #uses = new Map<Vertex, number>();
  readonly #waits = new Map<Vertex, number>();

  /** `const variable = new Int32Array(new SharedArrayBuffer(n))`, with the initialiser at `span`. */
  declare(variable: Vertex, span: Span): void {
    this.#declared.set(variable, span);
  }

  use(variable: Vertex): void {
    this.#uses.set(variable, (this.#uses.get(variable) ?? 0) + 1);
  }

  /** A use as the first argument of Atomics.wait; it is also reported as a use. */
  waitOn(variable: Vertex): void {
    this.#waits.set(variable, (this.#waits.get(variable) ?? 0) + 1);
  }

  found(): Span[] {
    return [...this.#declared]
      .filter(([variable]) => this.#uses.get(variable) === this.#waits.get(variable))
      .map(([, span]) => span);
  }
}

/** `new Int32Array(new SharedArrayBuffer(n))` */
export function isFreshCell(node: Node, at: Place): boolean {
  const isNew = (made: Node | undefined, name: string): made is NewExpression =>
    made?.type === 'NewExpression' &&
    made.callee.type === 'Identifier' &&
    made.callee.name === name &&
    lookup(at.scope, name) === undefined;
  if (!isNew(node, 'Int32Array') || node.arguments.length !== 1) return false;
  return isNew(node.arguments[0], 'SharedArrayBuffer');
}

export function isAtomicsWait(callee: Node, at: Place): boolean {
  return memberPath(callee)?.join('.') === 'Atomics.wait' && lookup(at.scope, 'Atomics') === undefined;
}
