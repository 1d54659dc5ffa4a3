/** Nodes that share `this`, `super` and `new.target` with a function. */
import type { Class, Node } from '@babel/types';
import { childrenOf, type FunctionNode, isClass, isFunction } from './nodes.js';

/** What stands between a node and the function: nothing, an arrow function, or a class of which the node is a key or what it extends. */
export type Between = 'nothing' | 'arrow' | 'class';

export type Visit = (node: Node, parent: Node, between: Between) => void;

/** Visits all nodes of a function's parameters and body for which `this` is that of the function. */
export function visitOwnNodes(fn: FunctionNode, visit: Visit): void {
  for (const part of [...fn.params, fn.body]) visitOwn(part, fn, visit);
}

/** The same for an expression or statement. */
export function visitOwn(node: Node, parent: Node, visit: Visit, between: Between = 'nothing'): void {
  visit(node, parent, between);
  if (node.type === 'ArrowFunctionExpression') {
    for (const child of childrenOf(node)) visitOwn(child, node, visit, 'arrow');
  } else if (isClass(node)) {
    for (const child of partsAround(node)) visitOwn(child, node, visit, between === 'arrow' ? 'arrow' : 'class');
  } else if (isFunction(node)) {
    if (node.type === 'ObjectMethod' && node.computed) visitOwn(node.key, node, visit, between);
  } else for (const child of childrenOf(node)) visitOwn(child, node, visit, between);
}

/** The parts of a class that are evaluated where it stands. */
function partsAround({ superClass, decorators, body }: Class): Node[] {
  const keys = body.body.flatMap((member): Node[] => {
    if (!('key' in member)) return [];
    const isComputed = 'computed' in member && member.computed === true;
    const own = 'decorators' in member ? (member.decorators ?? []) : [];
    return isComputed ? [...own, member.key] : own;
  });
  return [...(superClass ? [superClass] : []), ...(decorators ?? []), ...keys];
}
