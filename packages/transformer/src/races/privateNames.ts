/** Which class a private name belongs to. */
import type { Class, Node, PrivateName, Program } from '@babel/types';
import { childrenOf, isClass } from '../syntax/nodes.js';

export type { PrivateName };

/** Finds the class that declares a private name: undefined for a name that no class around it declares. */
export function privateNamesIn(program: Program): (name: PrivateName) => Class | undefined {
  let classes: Map<PrivateName, Class> | undefined;
  return (name) => {
    classes ??= classesIn(program);
    return classes.get(name);
  };
}

function classesIn(program: Program): Map<PrivateName, Class> {
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
