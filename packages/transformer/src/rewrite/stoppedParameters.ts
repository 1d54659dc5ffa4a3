/** The parameters of constructors that run for nothing but their fields: see syntax/stoppedParameters.ts. */
import type { ClassMethod, Node } from '@babel/types';
import { isInert } from '../syntax/classElements.js';
import { childrenOf, spanOf, unwrap } from '../syntax/nodes.js';
import { computedKeysIn, endsItself, namesOfProperties } from '../syntax/stoppedParameters.js';
import type { Code } from './code.js';
import { type Context, helper } from './context.js';
import { emit, emitArgument, emitRange } from './emit.js';
import { isAnonymousFunction, named } from './functions.js';

/**
 * A parameter of which nothing is evaluated where the constructor runs for its fields; undefined if it stays as it is.
 *
 * @param asks what tells whether it does
 * @param emitOther writes what is not left out
 */
export function emitStoppable(
  param: Node,
  asks: string,
  cx: Context,
  emitOther: (part: Node) => Code,
): Code | undefined {
  const evaluated = new Map(computedKeysIn(param).map(([key, name]) => [key, JSON.stringify(name)]));
  const property = param.type === 'TSParameterProperty' ? param.parameter : undefined;
  if (property?.type === 'AssignmentPattern' && !isInert(property.right)) evaluated.set(property.right, 'void 0');
  if (evaluated.size === 0) return undefined;
  const holds = (node: Node): boolean => evaluated.has(node) || childrenOf(node).some(holds);
  const write = (node: Node): Code => {
    if (evaluated.has(node)) {
      const name =
        property?.type === 'AssignmentPattern' && property.left.type === 'Identifier' ? property.left.name : '';
      const value = isAnonymousFunction(unwrap(node)) ? named({ name }, emit(node, cx)) : emitArgument(node, cx);
      return [`${asks} ? ${evaluated.get(node)} : `, value];
    }
    return holds(node) ? emitRange(spanOf(node), childrenOf(node), write) : emitOther(node);
  };
  return write(param);
}

/** What parameters are given that take all items there are, by position; undefined if there are none. */
export function emitGiven({ params }: ClassMethod, cx: Context): Code | undefined {
  const given = params.map((param, position) => (endsItself(param) ? [`${position}: `, suiting(param, cx), ', '] : ''));
  return given.some((code) => code !== '') ? ['{ ', given, '}'] : undefined;
}

/** A value to which a pattern can be applied without a default being evaluated. */
function suiting(pattern: Node, cx: Context): Code {
  if (!endsItself(pattern)) return helper(cx, 'anything');
  switch (pattern.type) {
    case 'AssignmentPattern':
      return suiting(pattern.left, cx);
    case 'ArrayPattern':
      return [`${helper(cx, 'few')}(`, itemsFor(pattern.elements, cx), ')'];
    case 'ObjectPattern': {
      const names = namesOfProperties(pattern);
      return [
        '{ ',
        pattern.properties.map((property) =>
          property.type === 'RestElement'
            ? ''
            : [`[${JSON.stringify(names.get(property))}]: `, suiting(property.value, cx), ', '],
        ),
        '}',
      ];
    }
    default:
      return helper(cx, 'anything');
  }
}

function itemsFor(elements: readonly (Node | null)[], cx: Context): Code {
  return elements.map((element): Code => {
    if (element?.type !== 'RestElement') return [element === null ? 'void 0' : suiting(element, cx), ', '];
    return element.argument.type === 'ArrayPattern' ? itemsFor(element.argument.elements, cx) : '';
  });
}
