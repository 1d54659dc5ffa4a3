/** Callees as V8 prints them in "... is not a function" (its CallPrinter). */
import type { ArrayExpression, MemberExpression, Node, OptionalMemberExpression } from '@babel/types';
import { isParenthesized, isPattern, unwrap } from '../syntax/nodes.js';

/** What V8 prints of whatever it does not print. */
export const UNKNOWN = '(intermediate value)';

/** V8 prints the whole of a chain. A chain has a text for each of its calls, which would take the square of its length. */
const LONGEST = 400;

/** How long the text of a list or an object may be. */
const LONGEST_LITERAL = 24;

/** What V8 prints behind what is called: `f(...)`, and `f` alone in "... is not iterable". */
type Calls = '(...)' | '';

/**
 * @param room how many characters the text may have; the beginning of a longer one is not told
 * @param calls how calls are printed
 */
export function calleeText(wrapped: Node, room = LONGEST, calls: Calls = '(...)'): string {
  const text = (part: Node, left = room) => calleeText(part, left, calls);
  const node = unwrap(wrapped);
  if (room <= 0 || (isParenthesized(node) && /^Optional/.test(node.type))) return UNKNOWN;
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
      const string = stringOf(node);
      return string === undefined ? node.expressions.map((value) => text(value)).join('') : JSON.stringify(string);
    }
    case 'UnaryExpression': {
      const value = foldedValue(node);
      if (value !== undefined) return String(value);
      const blank = /\w$/.test(node.operator) ? ' ' : '';
      return `(${node.operator}${blank}${text(node.argument)})`;
    }
    case 'SequenceExpression':
      return sequenceText(node.expressions, room, text);
    case 'LogicalExpression':
    case 'BinaryExpression': {
      const right = ` ${node.operator} ${text(node.right)})`;
      return `(${text(node.left, room - right.length)}${right}`;
    }
    case 'CallExpression':
    case 'OptionalCallExpression':
      return `${text(node.callee, room - calls.length)}${calls}`;
    case 'NewExpression':
      return calls === '' ? text(node.callee) : UNKNOWN;
    case 'TaggedTemplateExpression':
      return `${text(node.tag, room - calls.length)}${calls}`;
    case 'AssignmentExpression':
      return isPattern(node.left) ? UNKNOWN : text(node.left);
    case 'UpdateExpression':
      return node.prefix ? `(${node.operator}${text(node.argument)})` : `(${text(node.argument)}${node.operator})`;
    case 'ConditionalExpression':
      return UNKNOWN.repeat(3);
    case 'MetaProperty':
      return node.meta.name === 'new' ? '.new.target' : UNKNOWN;
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      const access = accessText(node, text);
      const literal = literalText(node, text);
      return `${literal ?? text(node.object, room - access.length)}${access}`;
    }
    default:
      return UNKNOWN;
  }
}

type Text = (part: Node, room?: number) => string;

function sequenceText(expressions: readonly Node[], room: number, textOf: Text): string {
  let left = room;
  const texts = expressions.map((expression) => {
    const text = textOf(expression, left);
    left -= text.length;
    return text;
  });
  return `(${texts.join(' , ')})`;
}

/** A list or an object whose member is called, if it is a short one. The methods of lists are there: no message is made of them. */
function literalText({ object, property, computed }: MemberExpression | OptionalMemberExpression, textOf: Text) {
  const node = unwrap(object);
  let text: string | undefined;
  if (node.type === 'ObjectExpression') text = `{${UNKNOWN.repeat(node.properties.length)}}`;
  if (node.type === 'ArrayExpression' && (computed || !((property as { name: string }).name in Array.prototype)))
    text = listText(node, textOf);
  return text !== undefined && text.length <= LONGEST_LITERAL ? text : undefined;
}

function listText({ elements }: ArrayExpression, textOf: Text): string {
  const texts = elements.map((element) => {
    if (element?.type === 'SpreadElement') return `(...${textOf(element.argument)})`;
    return element === null ? UNKNOWN : textOf(element);
  });
  return `[${texts.join(',')}]`;
}

function accessText(node: MemberExpression | OptionalMemberExpression, textOf: Text): string {
  const chain = node.optional === true ? '?.' : '';
  const dot = chain === '' ? '.' : chain;
  if (node.property.type === 'PrivateName') return `${chain}[#${node.property.id.name}]`;
  if (!node.computed) return `${dot}${(node.property as { name: string }).name}`;
  const name = stringOf(node.property);
  if (name !== undefined) return `${dot}${name}`;
  return `${chain}[${textOf(node.property)}]`;
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
