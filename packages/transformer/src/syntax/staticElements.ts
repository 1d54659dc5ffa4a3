/** What a class does when it is made: its static fields and blocks. */
import type { Class, ClassBody, ClassProperty, Node, StaticBlock } from '@babel/types';
import { hasClassDecorators, isDeclaration, isInert } from './classElements.js';
import { isDecorated } from './decorators.js';
import { childrenOf, type FunctionNode, isFunction } from './nodes.js';
import { visitOwnNodes } from './ownNodes.js';

export type StaticElement = StaticBlock | ClassProperty;

/** Static blocks, and static fields that are not private. */
export function staticElementsIn({ body }: ClassBody): StaticElement[] {
  return body.filter(
    (member): member is StaticElement =>
      member.type === 'StaticBlock' ||
      (member.type === 'ClassProperty' && member.static === true && !isDeclaration(member)),
  );
}

/** Whether static elements can be run when the rest of the class is there: a private field would be there too early, and what decorators return takes part. */
export function canRunStaticsApart(cls: Class): boolean {
  if (
    hasClassDecorators(cls) ||
    cls.body.body.some((member) => isDecorated(member) || parametersOf(member).some(isDecorated))
  )
    return false;
  const isOther = (member: Node) =>
    /^Class(Private|Accessor)Property$/.test(member.type) && 'static' in member && member.static === true;
  return !cls.body.body.some(isOther);
}

function parametersOf(member: Node): readonly Node[] {
  return 'params' in member && Array.isArray(member.params) ? member.params : [];
}

function isInertElement(element: StaticElement): boolean {
  return element.type === 'ClassProperty' && (!element.value || isInert(element.value));
}

/**
 * The classes that are declared where static elements could see that: by the name of the class, which is not to be used before these have been run, in
 * functions that may have been made by then.
 *
 * @param program a whole module
 */
export function seenDeclarations(program: Node): ReadonlySet<Class> {
  const seen = new Set<Class>();
  const visit = (node: Node): void => {
    for (const child of childrenOf(node)) {
      const id =
        child.type === 'ClassDeclaration' && !staticElementsIn(child.body).every(isInertElement) ? child.id : null;
      if (id && isUsedByFunctions(node, id.name, child, false)) seen.add(child as Class);
      visit(child);
    }
  };
  visit(program);
  return seen;
}

/** Whether a function that may be there before `cls` is declared uses its name. */
function isUsedByFunctions(node: Node, name: string, cls: Node, isWithin: boolean): boolean {
  if (node === cls) return false;
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') return isWithin && node.name === name;
  const isEarly = (fn: Node) => fn.type === 'FunctionDeclaration' || (fn.start as number) < (cls.start as number);
  const within = isWithin || ((isFunction(node) || node.type === 'ClassBody') && isEarly(node));
  return childrenOf(node).some((child) => isUsedByFunctions(child, name, cls, within));
}

/** Whether a function makes classes that do something as they are made. */
export function makesClassesWithStatics(fn: FunctionNode): boolean {
  let makes = false;
  visitOwnNodes(fn, (node) => {
    if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return;
    makes ||= staticElementsIn(node.body).some((element) => !isInertElement(element));
  });
  return makes;
}
