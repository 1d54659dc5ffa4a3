/** Parameters and the arguments that they get. */
import type { Node } from '@babel/types';
import type { FunctionNode } from '../syntax/nodes.js';
import type { Binding } from './bindings.js';

/** The argument of a call that a parameter gets. */
export function argumentFor(parameter: Binding, { params }: FunctionNode, call: Node): Node | undefined {
  const index = params.findIndex((param) => parameterName(param) === parameter.name);
  const args = 'arguments' in call ? call.arguments : [];
  const before = args.slice(0, index + 1);
  return index === -1 || before.some(({ type }) => type === 'SpreadElement') ? undefined : before[index];
}

/** The name of a parameter that is one. */
export function parameterName(param: Node): string | undefined {
  switch (param.type) {
    case 'Identifier':
      return param.name;
    case 'AssignmentPattern':
      return parameterName(param.left);
    case 'TSParameterProperty':
      return parameterName(param.parameter);
    default:
      return undefined;
  }
}
