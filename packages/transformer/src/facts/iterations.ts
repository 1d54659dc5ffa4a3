/** What asks an iterable for its items: `for...of`, spread, array patterns, `yield*`. */
import type { Node } from '@babel/types';
import { spanOf } from '../syntax/nodes.js';
import { addCall, type Extraction, load, type Place, vertex } from './extraction.js';
import type { Vertex } from './facts.js';

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
  const { result } = addCall(x, {
    ...{ span: spanOf(node), caller: at.fn, callee: vertex(x) },
    ...{ iteration: { iterable, items, isAsync }, receiver: iterable, property: STEP, barrier: at.barrier },
  });
  return { items, result };
}
