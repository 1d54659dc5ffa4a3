/** Where private names are looked for. */
import type { Node } from '@babel/types';

/** The object in which an access or a test (`#x in o`) looks for a private name, and the name without `#`. */
export function privateLookup(node: Node): readonly [Node, string] | readonly [] {
  switch (node.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return node.property.type === 'PrivateName' ? [node.object, node.property.id.name] : [];
    case 'BinaryExpression':
      return node.left.type === 'PrivateName' ? [node.right, node.left.id.name] : [];
    default:
      return [];
  }
}
