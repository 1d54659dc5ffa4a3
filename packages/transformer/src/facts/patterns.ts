/** What is assigned: patterns, members and exports of CommonJS. */
import type { ArrayPattern, Expression, Node } from '@babel/types';
import { unwrap } from '../syntax/nodes.js';
import { value } from './expressions.js';
import { type Extraction, flow, join, load, type Place, variable } from './extraction.js';
import type { Vertex } from './facts.js';
import { iterate } from './iterations.js';
import { keyName, literalKey, memberPath, nameOf } from './names.js';
import { lookup } from './scopes.js';

type Member = Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>;

/** Binds what `source` holds to the names of a pattern. */
export function bind(x: Extraction, pattern: Node, source: Vertex, at: Place): void {
  switch (pattern.type) {
    case 'Identifier':
      assigned(x, pattern.name, at);
      flow(x, source, variable(x, pattern.name, at));
      break;
    case 'AssignmentPattern':
      bind(x, pattern.left, join(x, [source, value(x, pattern.right, at, nameOf(pattern.left))]), at);
      break;
    case 'RestElement':
      bind(x, pattern.argument, source, at);
      break;
    case 'ArrayPattern':
      bindItems(x, pattern, iterate(x, pattern, source, { ...at, barrier: at.barrier ?? 'iteration' }).items, at);
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') bind(x, property.argument, source, at);
        else {
          if (property.computed) value(x, property.key as Expression, at);
          const { value: inner } = property;
          const bound = inner.type === 'AssignmentPattern' ? inner.left : inner;
          bind(x, inner, load(x, source, property.computed ? undefined : keyName(property.key), bound), at);
        }
      }
      break;
    default: {
      const target = unwrap(pattern);
      if (target.type === 'MemberExpression' || target.type === 'OptionalMemberExpression')
        store(x, target, source, at);
      else if (target !== pattern) bind(x, target, source, at);
    }
  }
}

/** Binds the items of an iterable to the names of a pattern. */
export function bindItems(x: Extraction, { elements }: ArrayPattern, items: Vertex, at: Place): void {
  for (const element of elements) if (element) bind(x, element, items, at);
}

/** The name of a function expression cannot be assigned to: that fails, or does nothing in sloppy mode, as with no other name. */
export function assigned(x: Extraction, name: string, at: Place): void {
  if (at.strict) return;
  const fact = x.selfNames.get(lookup(at.scope, name) ?? -1);
  if (fact !== undefined && !fact.async) fact.barrier ??= 'self-assignment';
}

function store(x: Extraction, target: Member, source: Vertex, at: Place): void {
  const object = value(x, target.object, at);
  if (target.computed) value(x, target.property as Expression, at);
  const property = target.computed ? literalKey(target.property) : keyName(target.property);
  x.facts.stores.push({ object, property, value: source });
  const exported = exportedName(target, at);
  if (exported !== undefined) x.facts.exports.push({ name: exported, value: source });
}

/** `exports.f = `, `module.exports = `, `module.exports.f = ` in CommonJS. */
function exportedName(target: Member, at: Place): string | undefined {
  const path = memberPath(target);
  if (path === undefined || lookup(at.scope, path[0] as string) !== undefined) return undefined;
  if (path[0] === 'exports' && path.length === 2) return path[1];
  if (path[0] !== 'module' || path[1] !== 'exports') return undefined;
  return path.length === 2 ? '=' : path.length === 3 ? path[2] : undefined;
}
