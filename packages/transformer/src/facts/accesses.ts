/** Reads and writes of properties, which may run accessors. */
import type { Node, WithStatement } from '@babel/types';
import type { Span } from '../program.js';
import type { RuleId } from '../report/rules.js';
import { isMember, type MemberNode, spanOf, unwrap } from '../syntax/nodes.js';
import { value } from './expressions.js';
import { type Extraction, keyOf, load, loadByKey, type Place } from './extraction.js';
import type { AccessKind, Vertex } from './facts.js';
import { assigned } from './patterns.js';
import { lookup } from './scopes.js';

export interface Access {
  readonly kind: AccessKind;
  readonly span: Span;
  readonly object: Vertex;
  readonly property: string | undefined;
}

/** Where something is assigned, and how. */
export interface Assignment {
  readonly kind: 'set' | 'update';
  /** Whether patterns stay as they are. */
  readonly isKept: boolean;
  /** Whether variables are declared. */
  readonly declares?: boolean;
  /** Whether it is an array literal that is assigned: its items are at hand. */
  readonly isArray?: boolean;
}

export const ASSIGNMENT: Assignment = { kind: 'set', isKept: false };

/** @param isKept whether the place forbids awaiting, so that accessors have to be done at once */
export function noteAccess(x: Extraction, access: Access, at: Place, isKept = false): void {
  const barrier = at.barrier ?? (isKept ? ruleOf(access.kind) : undefined);
  x.facts.accesses.push({ ...access, caller: at.fn, sloppy: !at.strict, barrier });
}

function ruleOf(kind: AccessKind): RuleId {
  return kind === 'set' ? 'setter' : 'getter';
}

/** Visits the object and the key of a member expression that is accessed. */
export function access(
  x: Extraction,
  node: MemberNode,
  kind: AccessKind,
  at: Place,
  isKept = false,
): { object: Vertex; property: string | undefined; isKeyed: boolean; span: Span } {
  // Of a class, members of those that extend it are found by itself.
  const isThis = unwrap(node.object).type === 'ThisExpression';
  const object = (isThis ? at.self : undefined) ?? value(x, node.object, at);
  if (node.computed) value(x, node.property, at);
  const property = keyOf(x, node.property, node.computed);
  const span = spanOf(node);
  const isKeyed = property === undefined && !isNumber(x, node.property, at);
  // No accessor of which the compiler takes note has a number as its name.
  if (property !== undefined || isKeyed) {
    const isHomeless = node.object.type === 'Super' && (at.inStatics === true || !x.homed.has(at.fn));
    noteAccess(x, { kind, span, object, property }, at, isKept || isHomeless);
  }
  return { object, property, isKeyed, span };
}

/** A member expression as a value. */
export function read(x: Extraction, node: MemberNode, at: Place): Vertex {
  const { object, property, isKeyed, span } = access(x, node, 'get', at);
  return isKeyed ? loadByKey(x, object, span) : load(x, object, property, span);
}

/** The operand of `++` and `--`. */
export function visitUpdated(x: Extraction, operand: Node, at: Place): void {
  const node = unwrap(operand);
  if (node.type === 'Identifier') assigned(x, node.name, at);
  if (isMember(node)) access(x, node, 'update', at);
  else value(x, node, at);
}

/** The object of a `with` statement: any name in it may be a property of the object. */
export function visitScope(x: Extraction, node: WithStatement, at: Place): void {
  const object = value(x, node.object, at);
  noteAccess(x, { kind: 'update', span: spanOf(node), object, property: undefined }, { ...at, barrier: 'with' });
}

/** The operand of `delete`: the property is not read. */
export function visitDeleted(x: Extraction, operand: Node, at: Place): void {
  const node = unwrap(operand);
  if (!isMember(node)) value(x, node, at);
  else {
    value(x, node.object, at);
    if (node.computed) value(x, node.property, at);
  }
}

/** Spread and rest read all properties that an object has of its own. */
export function copy(x: Extraction, node: Node, object: Vertex, at: Place, isKept = false): void {
  noteAccess(x, { kind: 'copy', span: spanOf(node), object, property: undefined }, at, isKept);
}

const ARITHMETIC: ReadonlySet<string> = new Set(['-', '*', '/', '%', '**', '&', '|', '^', '<<', '>>', '>>>']);

/** Whether an expression can be nothing but a number, or a variable that counts. */
export function isNumber(x: Extraction, wrapped: Node, at: Place): boolean {
  const node = unwrap(wrapped);
  switch (node.type) {
    case 'NumericLiteral':
    case 'UpdateExpression':
      return true;
    case 'UnaryExpression':
      return node.operator === '-' || node.operator === '+' || node.operator === '~';
    case 'BinaryExpression':
      if (ARITHMETIC.has(node.operator)) return true;
      return node.operator === '+' && isNumber(x, node.left, at) && isNumber(x, node.right, at);
    case 'Identifier': {
      const bound = lookup(at.scope, node.name);
      return bound !== undefined && x.counters.has(bound);
    }
    default:
      return false;
  }
}

/** Takes note of the variables that a loop counts with: `for (let i = 0; ...)`. */
export function noteCounters(x: Extraction, init: Node, at: Place): void {
  if (init.type !== 'VariableDeclaration') return;
  for (const { id, init: first } of init.declarations) {
    if (id.type !== 'Identifier' || !first || !isNumber(x, first, at)) continue;
    x.counters.add(lookup(at.scope, id.name) as Vertex);
  }
}
