/** Where private names are looked for, and which class they belong to. */
import type { Class, Node, PrivateName, Program } from '@babel/types';
import { childrenOf, isClass } from './nodes.js';

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

/** The class that declares each private name of a program, but for names that no class around them declares. */
export function classesOfPrivateNames(program: Program): ReadonlyMap<PrivateName, Class> {
  const classes = new Map<PrivateName, Class>();
  const visit = (node: Node, around: readonly (readonly [Class, ReadonlySet<string>])[]): void => {
    if (node.type === 'PrivateName') {
      const found = around.findLast(([, declared]) => declared.has(node.id.name));
      if (found !== undefined) classes.set(node, found[0]);
      return;
    }
    const inner = isClass(node) ? [...around, [node, declaredBy(node)] as const] : around;
    for (const child of childrenOf(node)) visit(child, inner);
  };
  visit(program, []);
  return classes;
}

function declaredBy({ body }: Class): ReadonlySet<string> {
  return new Set(
    body.body.flatMap((member) => ('key' in member && member.key.type === 'PrivateName' ? [member.key.id.name] : [])),
  );
}
