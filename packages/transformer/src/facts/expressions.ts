/** Expressions: where their values come from. */
import type { Expression, Node, ObjectExpression, YieldExpression } from '@babel/types';
import { REGEXP } from '../catalogue/builtins.js';
import { childrenOf, unwrap } from '../syntax/nodes.js';
import { isLasting, usesSuper } from '../syntax/objects.js';
import { ASSIGNMENT, copy, read, visitDeleted, visitUpdated } from './accesses.js';
import { declareAccessor } from './accessors.js';
import { call, visitCall } from './calls.js';
import { visitClass } from './classes.js';
import { type Extraction, flow, from, join, keyOf, load, type Place, variable, vertex } from './extraction.js';
import type { FunctionFact, Vertex } from './facts.js';
import { visitFunction } from './functions.js';
import { iterate } from './iterations.js';
import { visitElement, visitJsx } from './jsx.js';
import { coercion, displayName, nameOf } from './names.js';
import { bind } from './patterns.js';
import { visit } from './statements.js';

/** What `this` is where it is handed on, or constructed: in a static method it may be a class that extends the one in which that stands. */
function selfValue(x: Extraction, self: Vertex): Vertex {
  if (!x.classSelves.has(self)) return self;
  const known = x.classSelves.get(self);
  if (known !== undefined) return known;
  const made = join(x, [self, load(x, load(x, self, 'prototype'), 'constructor')]);
  x.classSelves.set(self, made);
  return made;
}

/** The vertex that holds what an expression evaluates to. */
export function value(x: Extraction, wrapped: Node, at: Place, name?: string): Vertex {
  const node = unwrap(wrapped);
  switch (node.type) {
    case 'Identifier': {
      const read = variable(x, node.name, at);
      x.cells.use(read);
      return read;
    }
    case 'ThisExpression':
      return at.self === undefined ? vertex(x) : selfValue(x, at.self);
    case 'Super':
      return at.superClass ?? vertex(x);
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const kind = node.type === 'FunctionExpression' ? 'function' : 'arrow';
      const own = node.type === 'FunctionExpression' ? node.id?.name : undefined;
      return from(x, { kind: 'function', index: visitFunction(x, node, kind, own ?? name ?? '(anonymous)', at) });
    }
    case 'ClassExpression':
      return visitClass(x, node, at, node.id?.name ?? name ?? '(anonymous class)');
    case 'ObjectExpression':
      return visitObject(x, node, at);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return read(x, node, at);
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression':
      return visitCall(x, node, at);
    case 'TaggedTemplateExpression':
      return call(x, node, node.tag, [undefined, ...node.quasi.expressions], false, at);
    case 'AssignmentExpression': {
      const result = value(x, node.right, at, nameOf(node.left));
      const isArray = unwrap(node.right).type === 'ArrayExpression';
      bind(x, node.left, result, at, { ...ASSIGNMENT, kind: node.operator === '=' ? 'set' : 'update', isArray });
      return result;
    }
    case 'UpdateExpression':
      visitUpdated(x, node.argument, at);
      return vertex(x);
    case 'UnaryExpression':
      if (node.operator === 'delete') visitDeleted(x, node.argument, at);
      else value(x, node.argument, at);
      return vertex(x);
    case 'JSXElement':
      return visitElement(x, node, at);
    case 'JSXMemberExpression':
    case 'JSXSpreadAttribute':
      return visitJsx(x, node, at);
    case 'ConditionalExpression':
      value(x, node.test, at);
      return join(x, [value(x, node.consequent, at, name), value(x, node.alternate, at, name)]);
    case 'LogicalExpression':
      return join(x, [value(x, node.left, at), value(x, node.right, at, name)]);
    case 'SequenceExpression':
      return node.expressions.map((expression) => value(x, expression, at)).at(-1) as Vertex;
    case 'AwaitExpression':
      return value(x, node.argument, at);
    case 'YieldExpression':
      return visitYield(x, node, at);
    case 'RegExpLiteral':
      return from(x, { kind: 'external', path: REGEXP });
    case 'ArrayExpression': {
      const result = vertex(x);
      const items: Vertex[] = [];
      for (const element of node.elements) {
        if (!element) continue;
        const spread = element.type === 'SpreadElement' ? value(x, element.argument, at) : undefined;
        const item = spread === undefined ? value(x, element, at) : iterate(x, element, spread, at).items;
        x.facts.stores.push({ object: result, property: undefined, value: item });
        items.push(item, ...(spread === undefined ? [] : [spread]));
      }
      x.facts.lists.push({ result, items });
      return result;
    }
    default:
      for (const child of childrenOf(node)) visit(x, child, at);
      return vertex(x);
  }
}

function visitYield(x: Extraction, node: YieldExpression, at: Place): Vertex {
  const { yields, resumed } = x.facts.functions[at.fn] as FunctionFact;
  const given = node.argument ? value(x, node.argument, at) : vertex(x);
  if (!node.delegate) {
    if (yields !== undefined) flow(x, given, yields);
    return resumed ?? vertex(x);
  }
  // An async generator asks for items by a protocol of its own.
  const { items, result } = iterate(x, node, given, at, yields === undefined);
  if (yields !== undefined) flow(x, items, yields);
  return result;
}

function visitObject(x: Extraction, node: ObjectExpression, at: Place): Vertex {
  const members: { name: string; value: Vertex }[] = [];
  const index = x.facts.objects.push(members) - 1;
  const result = from(x, { kind: 'object', index });
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = value(x, property.argument, at);
      copy(x, property, spread, at);
      flow(x, spread, result);
      continue;
    }
    if (property.computed) value(x, property.key as Expression, at);
    const name = keyOf(x, property.key, property.computed);
    let held: Vertex;
    if (property.type === 'ObjectMethod') {
      const kind = property.kind === 'get' ? 'getter' : property.kind === 'set' ? 'setter' : 'method';
      const isMethod = kind === 'method';
      const isApart = isMethod && usesSuper(property) && !isLasting(property, node);
      const barrier = isApart ? 'super-in-object-method' : coercion(property, x.spelled(property.key));
      const inner = { ...at, self: result, superClass: undefined };
      const fn = visitFunction(x, property, kind, displayName(name), inner, barrier);
      held = isMethod
        ? from(x, { kind: 'function', index: fn })
        : declareAccessor(x, fn, name, { kind: 'object', index });
    } else held = value(x, property.value as Expression, at, name);
    x.facts.stores.push({ object: undefined, property: name, value: held });
    members.push({ name: name ?? '', value: held });
  }
  return result;
}
