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
    case 'TemplateLiteral': {
      const text = stringOf(node);
      return text === undefined ? node.expressions.map(calleeText).join('') : JSON.stringify(text);
    }
    case 'UnaryExpression': {
      const value = foldedValue(node);
      if (value !== undefined) return String(value);
      const blank = /\w$/.test(node.operator) ? ' ' : '';
      return `(${node.operator}${blank}${calleeText(node.argument)})`;
    }
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
      const name = stringOf(node.property);
      if (name !== undefined) return `${object}${dot}${name}`;
      return `${object}${chain}[${calleeText(node.property)}]`;
    }
    default:
      return UNKNOWN;
  }
}

/** The text of a string, for which V8 takes a template without values, too. */
function stringOf(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return node.value;
  return node.type === 'TemplateLiteral' && node.expressions.length === 0
    ? (node.quasis[0]?.value.cooked ?? undefined)
    : undefined;
}

/** What V8 makes of an operator and a literal as it parses them. */
function foldedValue(wrapped: Node): number | boolean | undefined {
  const node = unwrap(wrapped);
  if (node.type === 'NumericLiteral' || node.type === 'BooleanLiteral') return node.value;
  if (node.type !== 'UnaryExpression') return undefined;
  const value = foldedValue(node.argument);
  if (node.operator === '!') return value === undefined ? undefined : !value;
  if (typeof value !== 'number') return undefined;
  if (node.operator === '-') return -value;
  if (node.operator === '+') return value;
  return node.operator === '~' ? ~value : undefined;
}
