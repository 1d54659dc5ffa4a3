/** Callees as V8 prints them in "... is not a function" (its CallPrinter). */
import type { Node } from '@babel/types';
import { isParenthesized, unwrap } from '../syntax/nodes.js';

const UNKNOWN = '(intermediate value)';

export function calleeText(wrapped: Node): string {
  const node = unwrap(wrapped);
  if (isParenthesized(node) && /^Optional/.test(node.type)) return UNKNOWN;
  switch (node.type) {
    case 'Identifier':
      return node.name;
    case 'ThisExpression':
      return 'this';
    case 'Super':
      return UNKNOWN;
    case 'NumericLiteral':
      return String(node.value);
    case 'StringLiteral':
      return JSON.stringify(node.value);
    case 'NullLiteral':
      return 'null';
    case 'BooleanLiteral':
      return String(node.value);
    case 'RegExpLiteral':
      return `/${node.pattern}/${node.flags}`;
    case 'SequenceExpression':
      return `(${node.expressions.map(calleeText).join(' , ')})`;
    case 'LogicalExpression':
    case 'BinaryExpression':
      return `(${calleeText(node.left)} ${node.operator} ${calleeText(node.right)})`;
    case 'CallExpression':
    case 'OptionalCallExpression':
      return `${calleeText(node.callee)}(...)`;
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      const object = calleeText(node.object);
      const chain = node.optional === true ? '?.' : '';
      const dot = chain === '' ? '.' : chain;
      if (node.property.type === 'PrivateName') return `${object}${chain}[#${node.property.id.name}]`;
      if (!node.computed) return `${object}${dot}${(node.property as { name: string }).name}`;
      if (node.property.type === 'StringLiteral') return `${object}${dot}${node.property.value}`;
      return `${object}${chain}[${calleeText(node.property)}]`;
    }
    default:
      return UNKNOWN;
  }
}
