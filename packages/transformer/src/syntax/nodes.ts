/** Looking at Babel nodes without regard to the type-only wrappers of TypeScript and Flow. */
import type {
  ArrayPattern,
  ArrowFunctionExpression,
  Class,
  ClassMethod,
  ClassPrivateMethod,
  FunctionDeclaration,
  FunctionExpression,
  MemberExpression,
  Node,
  ObjectMethod,
  ObjectPattern,
  OptionalMemberExpression,
} from '@babel/types';
import type { Span } from '../program.js';

export type FunctionNode =
  | FunctionDeclaration
  | FunctionExpression
  | ArrowFunctionExpression
  | ObjectMethod
  | ClassMethod
  | ClassPrivateMethod;

const FUNCTION_TYPES: ReadonlySet<string> = new Set<FunctionNode['type']>([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
]);

export function isFunction(node: Node): node is FunctionNode {
  return FUNCTION_TYPES.has(node.type);
}

export function isClass(node: Node): node is Class {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

export type MemberNode = MemberExpression | OptionalMemberExpression;

/** Whether a node is an access of a member: `o.x`, `o?.x`, `o[x]`, `o.#x`. */
export function isMember(node: Node): node is MemberNode {
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
}

/** Whether it is one of a private member: `o.#x`. */
export function isPrivateMember(node: Node): node is MemberNode {
  return isMember(node) && node.property.type === 'PrivateName';
}

export type PatternNode = ObjectPattern | ArrayPattern;

export function isPattern(node: Node): node is PatternNode {
  return node.type === 'ObjectPattern' || node.type === 'ArrayPattern';
}

/** Whether a node is a variable of this name. */
export function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

/** `now` of `Date.now`, which names no variable. */
export function isPropertyName(node: Node, parent: Node): boolean {
  if ('computed' in parent && parent.computed === true) return false;
  if (isMember(parent)) return parent.property === node;
  return 'key' in parent && parent.key === node && !('shorthand' in parent && parent.shorthand === true);
}

/** The node's range. Every node that the parser makes has one. */
export function spanOf(node: Node): Span {
  return { start: node.start as number, end: node.end as number };
}

const SKIPPED_KEYS: ReadonlySet<string> = new Set(['loc', 'extra', 'errors', 'comments', 'tokens']);

/** The children of a node in source order, without those that lie inside an earlier one (shorthand properties). */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  const isShorthand = node.type === 'ObjectProperty' && node.shorthand;
  let isInOrder = true;
  let last = -1;
  function add(item: unknown): void {
    if (!isNode(item)) return;
    const start = item.start as number;
    if (start < last) isInOrder = false;
    last = start;
    children.push(item);
  }
  for (const key of Object.keys(node)) {
    const value: unknown = node[key as keyof Node];
    if (typeof value !== 'object' || value === null || SKIPPED_KEYS.has(key)) continue;
    if (key === 'key' && isShorthand) continue;
    if (Array.isArray(value)) value.forEach(add);
    else add(value);
  }
  return isInOrder ? children : children.sort((a, b) => (a.start as number) - (b.start as number));
}

/** Whether a tree has more than so many levels. Does not recurse. */
export function isDeeperThan(root: Node, levels: number): boolean {
  let level: object[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    const next: object[] = [];
    for (const node of level) {
      for (const key of Object.keys(node)) {
        const value: unknown = node[key as keyof typeof node];
        if (typeof value !== 'object' || value === null || SKIPPED_KEYS.has(key)) continue;
        for (const item of Array.isArray(value) ? value : [value]) if (isNode(item)) next.push(item);
      }
    }
    level = next;
  }
  return false;
}

function isNode(value: unknown): value is Node {
  return typeof (value as Node | null)?.type === 'string' && typeof (value as Node).start === 'number';
}

/** Whether the source puts the node into parentheses, which are not part of its range. */
export function isParenthesized(node: Node): boolean {
  return node.extra?.parenthesized === true;
}

/** The expression inside `as`, `satisfies`, `!`, type assertions and Flow's type casts. */
export function unwrap<T extends Node>(node: T): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'TypeCastExpression':
    case 'ParenthesizedExpression':
      return unwrap(node.expression);
    default:
      return node;
  }
}
