/** What asks an iterable for its items: `for...of`, spread, array patterns, `yield*`. */
import type { ForInStatement, ForOfStatement, Node } from '@babel/types';
import { boundNames } from '../syntax/names.js';
import { childrenOf, spanOf } from '../syntax/nodes.js';
import { type Extraction, load, type Place, vertex } from './extraction.js';
import type { CallFact, Vertex } from './facts.js';

/** The name under which flow analysis keeps what an iteration runs: no property has it. */
export const STEP = '@@step';

export interface Iterated {
  /** Holds the items. */
  readonly items: Vertex;
  /** Holds what the iterator returns at its end. */
  readonly result: Vertex;
}

/**
 * @param node what is planned and rewritten: the statement, spread element, pattern or `yield*`
 * @param isAsync whether it awaits items
 */
export function iterate(x: Extraction, node: Node, iterable: Vertex, at: Place, isAsync = false): Iterated {
  const items = load(x, iterable, undefined);
  const fact: CallFact = {
    span: spanOf(node),
    caller: at.fn,
    callee: vertex(x),
    iteration: { iterable, items, isAsync },
    receiver: iterable,
    property: STEP,
    args: [],
    firstString: undefined,
    secondString: undefined,
    argsFromElsewhere: [],
    argSpans: [],
    result: vertex(x),
    construct: false,
    isSuper: false,
    isImplicit: false,
    barrier: at.barrier,
  };
  x.facts.calls.push(fact);
  return { items, result: fact.result };
}

/** The rule of loops whose steps cannot be awaited one by one. */
export function loopBarrier({ left, right }: ForOfStatement): string | undefined {
  if (left.type !== 'VariableDeclaration') return undefined;
  if (left.kind === 'using' || left.kind === 'await using') return 'iteration';
  return isEntangled({ left, right }) ? 'iteration' : undefined;
}

/** Whether what a loop iterates mentions names of the loop: it is evaluated where these are not initialised yet. */
export function isEntangled({ left, right }: Pick<ForOfStatement | ForInStatement, 'left' | 'right'>): boolean {
  if (left.type !== 'VariableDeclaration' || left.kind === 'var') return false;
  return left.declarations.flatMap(({ id }) => boundNames(id)).some((name) => mentions(right, name));
}

function mentions(node: Node, name: string): boolean {
  return (node.type === 'Identifier' && node.name === name) || childrenOf(node).some((child) => mentions(child, name));
}
