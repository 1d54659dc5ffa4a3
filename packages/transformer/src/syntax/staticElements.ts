/** What a class does when it is made: its static fields and blocks. */
import type { Class, ClassBody, ClassProperty, Node, StaticBlock } from '@babel/types';
import { hasClassDecorators, isDeclaration, isExpressible, isInert } from './classElements.js';
import { isDecorated } from './decorators.js';
import { isFixedKey } from './keys.js';
import type { FunctionNode } from './nodes.js';
import { visitOwn, visitOwnNodes } from './ownNodes.js';

export type StaticElement = StaticBlock | ClassProperty;

/** Static blocks, and static fields that are not private. */
export function staticElementsIn({ body }: ClassBody): StaticElement[] {
  return body.filter(
    (member): member is StaticElement =>
      member.type === 'StaticBlock' ||
      (member.type === 'ClassProperty' && member.static === true && !isDeclaration(member)),
  );
}

/**
 * Whether static elements can be run when the rest of the class is there: a private field would be there too early, what decorators return takes part,
 * and `super` would have to be told apart from that around.
 */
export function canRunStaticsApart(cls: Class): boolean {
  if (cls.type === 'ClassDeclaration' && !isExpressible(cls)) return false;
  if (
    hasClassDecorators(cls) ||
    cls.body.body.some((member) => isDecorated(member) || parametersOf(member).some(isDecorated))
  )
    return false;
  const isOther = (member: Node) =>
    /^Class(Private|Accessor)Property$/.test(member.type) && 'static' in member && member.static === true;
  if (cls.body.body.some(isOther)) return false;
  return staticElementsIn(cls.body).every((element) => {
    if (element.type === 'ClassProperty' && element.computed === true && !isFixedKey(element)) return false;
    let isPlain = true;
    visitOwn(element, element, ({ type }) => {
      isPlain &&= type !== 'Super';
    });
    return isPlain;
  });
}

function parametersOf(member: Node): readonly Node[] {
  return 'params' in member && Array.isArray(member.params) ? member.params : [];
}

/** Whether a function makes classes that do something as they are made. */
export function makesClassesWithStatics(fn: FunctionNode): boolean {
  let makes = false;
  visitOwnNodes(fn, (node) => {
    if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return;
    makes ||= staticElementsIn(node.body).some(
      (element) => element.type === 'StaticBlock' || Boolean(element.value && !isInert(element.value)),
    );
  });
  return makes;
}
