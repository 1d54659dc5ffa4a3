/** What patterns are made of. */
import type { ArrayPattern, Expression, Node } from '@babel/types';
import { unwrap } from './nodes.js';

/** Whether a pattern takes items and does nothing else, so that all may be taken before the first is bound. The item at a hole is not looked at. */
export function isPlainArrayPattern(pattern: Node): pattern is ArrayPattern {
  return (
    pattern.type === 'ArrayPattern' &&
    pattern.elements.every((element) => {
      if (element === null) return false;
      if (element.type === 'Identifier') return true;
      return element.type === 'RestElement' && element.argument.type === 'Identifier';
    })
  );
}

/** What a property or element of a pattern assigns to, and its default. */
export function partsOf(value: Node): { target: Node; fallback: Expression | undefined } {
  return value.type === 'AssignmentPattern'
    ? { target: unwrap(value.left), fallback: value.right }
    : { target: unwrap(value), fallback: undefined };
}
