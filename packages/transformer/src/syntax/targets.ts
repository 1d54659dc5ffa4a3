/** Where something is written to. */
import type { Node } from '@babel/types';

/** The expressions and patterns directly in `node` that are assigned to. */
export function targetsIn(node: Node): readonly (Node | null)[] {
  switch (node.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForInStatement':
    case 'ForOfStatement':
      return [node.left];
    case 'UpdateExpression':
    case 'RestElement':
      return [node.argument];
    case 'ArrayPattern':
      return node.elements;
    case 'ObjectPattern':
      return node.properties.map((property) => (property.type === 'RestElement' ? property : property.value));
    default:
      return [];
  }
}
