/** What is assigned: patterns, members and exports of CommonJS. */
import type { ArrayPattern, Expression, Node, ObjectProperty } from '@babel/types';
import { isMember, type MemberNode, spanOf, unwrap } from '../syntax/nodes.js';
import { isTakenAtOnce } from '../syntax/seenPatterns.js';
import { ASSIGNMENT, type Assignment, access, copy, noteAccess } from './accesses.js';
import { value } from './expressions.js';
import { type Extraction, flow, join, keyOf, load, loadByKey, type Place, variable } from './extraction.js';
import type { Vertex } from './facts.js';
import { iterate } from './iterations.js';
import { keyName, memberPath, nameOf, SOME_NAME } from './names.js';
import { lookup } from './scopes.js';

/** Binds what `source` holds to the names of a pattern. */
export function bind(x: Extraction, pattern: Node, source: Vertex, at: Place, how = ASSIGNMENT): void {
  switch (pattern.type) {
    case 'Identifier':
      assigned(x, pattern.name, at);
      flow(x, source, variable(x, pattern.name, at));
      break;
    case 'AssignmentPattern':
      bind(x, pattern.left, join(x, [source, value(x, pattern.right, at, nameOf(pattern.left))]), at, how);
      break;
    case 'RestElement':
      bind(x, pattern.argument, source, at, { ...how, isArray: true });
      break;
    case 'ArrayPattern':
      bindArray(x, pattern, source, at, how);
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          copy(x, property, source, at, how.isKept);
          bind(x, property.argument, source, at, how);
        } else bindProperty(x, property, source, at, how);
      }
      break;
    default: {
      const target = unwrap(pattern);
      if (isMember(target)) store(x, target, source, at, how);
      else if (target !== pattern) bind(x, target, source, at, how);
      // It fails when it has been called.
      else if (target.type === 'CallExpression') value(x, target, at);
    }
  }
}

function bindProperty(x: Extraction, property: ObjectProperty, source: Vertex, at: Place, how: Assignment): void {
  if (property.computed) value(x, property.key as Expression, at);
  const key = keyOf(x, property.key, property.computed);
  noteAccess(x, { kind: 'get', span: spanOf(property), object: source, property: key }, at, how.isKept);
  const { value: inner } = property;
  const bound = inner.type === 'AssignmentPattern' ? inner.left : inner;
  const held = property.computed
    ? loadByKey(x, source, spanOf(bound))
    : load(x, source, keyName(property.key), spanOf(bound));
  bind(x, inner, held, at, how);
}

/** Binds the items of an iterable to the names of a pattern. */
function bindArray(x: Extraction, pattern: ArrayPattern, source: Vertex, at: Place, how: Assignment): void {
  const isKept =
    how.isKept || (at.keepsArrayPatterns && !(how.declares === true && isTakenAtOnce(pattern, x.module.ast.program)));
  const barrier = at.barrier ?? (isKept || how.isArray === true ? 'iteration' : undefined);
  const { items } = iterate(x, pattern, source, { ...at, barrier });
  for (const element of pattern.elements) if (element) bind(x, element, items, at, { ...how, isKept, isArray: false });
}

/** The name of a function expression cannot be assigned to: that fails, or does nothing in sloppy mode, as with no other name. */
export function assigned(x: Extraction, name: string, at: Place): void {
  if (at.strict) return;
  const fact = x.selfNames.get(lookup(at.scope, name) ?? -1);
  if (fact !== undefined && !fact.async) fact.barrier ??= 'self-assignment';
}

function store(x: Extraction, target: MemberNode, source: Vertex, at: Place, { kind, isKept }: Assignment): void {
  const { object, property, isKeyed } = access(x, target, kind, at, isKept);
  x.facts.stores.push({ object, property, value: source });
  if (isKeyed) x.facts.keyedStores.push({ object, value: source });
  // `list[i] = arguments[i]`
  if (property === undefined && x.items.has(source) && target.object.type === 'Identifier') {
    flow(x, source, object);
    x.itemHolders.add(object);
  }
  const exported = exportedName(x, target, at);
  if (exported !== undefined) x.facts.exports.push({ name: exported, value: source });
}

/** `exports.f = `, `exports[name] = `, `module.exports = `, `module.exports.f = ` in CommonJS. */
function exportedName(x: Extraction, { object, property, computed }: MemberNode, at: Place): string | undefined {
  const path = memberPath(object);
  if (path === undefined || lookup(at.scope, path[0] as string) !== undefined) return undefined;
  const holder = path.join('.');
  const name = keyOf(x, property, computed);
  if (holder === 'module' && name === 'exports') return '=';
  return /^(module\.)?exports$/.test(holder) ? (name ?? SOME_NAME) : undefined;
}
