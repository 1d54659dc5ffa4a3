/** What an expression says by how it is written. */
import type { Node } from '@babel/types';
import { keyName } from '../facts/names.js';
import { unwrap } from '../syntax/nodes.js';
import type { Binding } from './bindings.js';
import type { Shape } from './events.js';
import type { Names } from './names.js';

/** The last name of `a.b.c`. */
export function lastName(node: Node): string {
  if (node.type === 'MemberExpression') return keyName(node.property) ?? '';
  return node.type === 'Identifier' ? node.name : '';
}

/** `Object.assign` */
export function isAssign(callee: Node): boolean {
  return callee.type === 'MemberExpression' && lastName(callee) === 'assign' && lastName(callee.object) === 'Object';
}

const PRESENCE: ReadonlySet<string> = new Set(['has', 'hasOwn', 'hasOwnProperty', 'call', 'get']);

/** Whether a condition only asks if something is there: `x`, `x === undefined`, `key in x`, `x.has(key)`. */
export function asksForPresence(node: Node): boolean {
  switch (node.type) {
    case 'Identifier':
    case 'ThisExpression':
    case 'AssignmentExpression':
      return true;
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return lastName(node) !== 'length' && lastName(node) !== 'size';
    case 'CallExpression':
    case 'OptionalCallExpression':
      return PRESENCE.has(lastName(node.callee));
    case 'BinaryExpression':
      return (
        node.operator === 'in' || (/^[!=]==?$/.test(node.operator) && (isNothing(node.left) || isNothing(node.right)))
      );
    default:
      return false;
  }
}

/** `null`, `undefined`, and what `typeof` says of the latter. */
function isNothing(node: Node): boolean {
  return (
    node.type === 'NullLiteral' ||
    (node.type === 'Identifier' && node.name === 'undefined') ||
    (node.type === 'StringLiteral' && node.value === 'undefined') ||
    (node.type === 'UnaryExpression' && node.operator === 'void')
  );
}

const TEXTS = /^(StringLiteral|TemplateLiteral)$/;

const COLLECTIONS = /^(Map|Set|WeakMap|WeakSet|WeakRef|Array|Date|RegExp|URL|Promise|Buffer|\w*Array|\w*Error)$/;

/**
 * What is written where an expression is.
 *
 * @param wrapped undefined: no expression tells
 */
export function shapeOf(wrapped: Node | undefined, names: Names, seen: ReadonlySet<Binding> = new Set()): Shape {
  if (wrapped === undefined) return 'other';
  const node = unwrap(wrapped);
  switch (node.type) {
    case 'NullLiteral':
      return 'empty';
    case 'NumericLiteral':
      return node.value === 0 ? 'empty' : 'literal';
    case 'StringLiteral':
      return node.value === '' ? 'empty' : 'literal';
    case 'BooleanLiteral':
      return node.value ? 'literal' : 'empty';
    case 'ArrayExpression':
      return node.elements.length === 0 ? 'empty' : 'other';
    case 'ObjectExpression':
      return node.properties.length === 0 ? 'empty' : 'other';
    case 'UnaryExpression':
      return node.operator === 'void' ? 'empty' : 'other';
    case 'NewExpression': {
      const name = lastName(node.callee);
      if (!COLLECTIONS.test(name)) return 'instance';
      return node.arguments.length === 0 && name !== 'Date' ? 'empty' : 'other';
    }
    case 'UpdateExpression':
      return 'step';
    case 'BinaryExpression':
      return /^[+-]$/.test(node.operator) && node.right.type === 'NumericLiteral' ? 'step' : 'other';
    case 'AssignmentExpression':
      if (/^[+-]=$/.test(node.operator)) return TEXTS.test(node.right.type) ? 'other' : 'step';
      return /^(\|\||\?\?|&&)?=$/.test(node.operator) ? shapeOf(node.right, names, seen) : 'other';
    case 'Identifier': {
      if (node.name === 'undefined') return 'empty';
      const binding = names.of(node);
      if (binding === undefined || binding.given.length !== 1 || seen.has(binding)) return 'other';
      const [given] = binding.given;
      if (given === undefined || given.steps.length > 0) return 'other';
      const shape = shapeOf(given.from, names, new Set([...seen, binding]));
      // An object that was empty when it was made has been filled by now.
      return shape === 'empty' && /^(Array|Object|New)Expression$/.test(unwrap(given.from).type) ? 'other' : shape;
    }
    default:
      return 'other';
  }
}
