/** Expressions that make an emitter. */
import type { Node } from '@babel/types';
import { RETURNING_THEMSELVES } from '../catalogue/emitters.js';
import { type SpanKey, spanKey } from '../program.js';
import { type FunctionNode, spanOf, unwrap } from './nodes.js';
import { visitOwnNodes } from './ownNodes.js';

/** Whether the value of an expression is an emitter that has just been made, or none. */
function isMade(wrapped: Node, made: ReadonlySet<SpanKey>): boolean {
  const node = unwrap(wrapped);
  switch (node.type) {
    case 'CallExpression':
      return made.has(spanKey(spanOf(node))) || isMadeReceiver(unwrap(node.callee), made);
    case 'NewExpression':
      return made.has(spanKey(spanOf(node)));
    case 'AwaitExpression':
      return isMade(node.argument, made);
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].every((branch) => isMade(branch, made) || isNothing(branch));
    case 'LogicalExpression':
      return node.operator === '&&' && isMade(node.right, made);
    default:
      return false;
  }
}

/** `spawn(tool).on('error', report)` */
function isMadeReceiver(callee: Node, made: ReadonlySet<SpanKey>): boolean {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return false;
  return RETURNING_THEMSELVES.has(callee.property.name) && isMade(callee.object, made);
}

function isNothing(node: Node): boolean {
  return node.type === 'NullLiteral' || (node.type === 'Identifier' && node.name === 'undefined');
}

/** Whether whatever a function returns has just been made in it. */
export function returnsMade(fn: FunctionNode, made: ReadonlySet<SpanKey>): boolean {
  if (fn.generator === true) return false;
  if (fn.body.type !== 'BlockStatement') return isMade(fn.body, made);
  const constants = new Set<string>();
  const returned: Node[] = [];
  visitOwnNodes(fn, (node, _, between) => {
    if (between === 'arrow') return;
    if (node.type === 'VariableDeclaration' && node.kind === 'const') {
      for (const { id, init } of node.declarations)
        if (id.type === 'Identifier' && init && isMade(init, made)) constants.add(id.name);
    }
    if (node.type === 'ReturnStatement' && node.argument) returned.push(unwrap(node.argument));
  });
  const isFresh = (node: Node) => isMade(node, made) || (node.type === 'Identifier' && constants.has(node.name));
  return returned.length > 0 && returned.every(isFresh);
}
