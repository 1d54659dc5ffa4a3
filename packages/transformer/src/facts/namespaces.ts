/** Namespaces of TypeScript: objects that have what their bodies export. */
import type { Identifier, Node, Statement, TSModuleDeclaration } from '@babel/types';
import { blockNames, lexicalNames } from '../syntax/names.js';
import { declare, type Extraction, flow, from, nested, type Place, variable } from './extraction.js';
import type { Vertex } from './facts.js';
import { lookup } from './scopes.js';
import { visit } from './statements.js';

/** `namespace A.B {}` is one in another. Several of one name share the object. */
export function visitNamespace(x: Extraction, node: TSModuleDeclaration, at: Place): void {
  // What is only declared is elsewhere.
  if (node.declare === true || !isNamed(node.id) || !('body' in node) || node.body === null) return;
  const [first = '', ...inner] = namesOf(node.id);
  const place = variable(x, first, at);
  flow(x, namespaceOf(x, String(place), inner, node.body, at), place);
}

/**
 * @param key the same for all declarations of the namespace
 * @param names of the namespaces between this one and the body
 */
function namespaceOf(x: Extraction, key: string, names: readonly string[], body: Node, at: Place): Vertex {
  const members: { name: string; value: Vertex }[] = [];
  const self = from(x, { kind: 'object', index: x.facts.objects.push(members) - 1 });
  const hold = (name: string, value: Vertex): void => {
    x.facts.stores.push({ object: undefined, property: name, value });
    members.push({ name, value });
  };
  const [name, ...rest] = names;
  if (name !== undefined) hold(name, namespaceOf(x, `${key}.${name}`, rest, body, at));
  else if (body.type === 'TSModuleDeclaration' && isNamed(body.id) && body.body !== null) {
    const [own = '', ...others] = namesOf(body.id);
    hold(own, namespaceOf(x, `${key}.${own}`, others, body.body, at));
  } else if (body.type === 'TSModuleBlock') {
    // The body becomes a function of its own.
    const inner: Place = { ...nested(at), barrier: 'namespace' };
    declare(x, inner.scope, lexicalNames(body.body));
    // What other declarations of the namespace export is known by its name here, too.
    const shared = x.namespaces.get(key) ?? new Map<string, Vertex>();
    x.namespaces.set(key, shared);
    for (const [name, place] of shared) if (!inner.scope.bindings.has(name)) inner.scope.bindings.set(name, place);
    for (const statement of body.body) {
      const declaration = exportedBy(statement);
      visit(x, declaration ?? statement, inner);
      if (declaration === undefined) continue;
      for (const exported of blockNames([declaration])) {
        const local = lookup(inner.scope, exported);
        if (local === undefined) continue;
        hold(exported, local);
        shared.set(exported, local);
      }
    }
  }
  return self;
}

function exportedBy(statement: Statement): Statement | undefined {
  return statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : undefined;
}

function isNamed(id: Node): boolean {
  return id.type === 'Identifier' || id.type === 'TSQualifiedName';
}

function namesOf(id: Node): string[] {
  if (id.type === 'TSQualifiedName') return [...namesOf(id.left), id.right.name];
  return [(id as Identifier).name];
}
