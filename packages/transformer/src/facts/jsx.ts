/** Elements of JSX: hosts write them anew, as calls of a function that is given the component, attributes and children. */
import type { JSXElement, JSXMemberExpression, JSXSpreadAttribute, Node } from '@babel/types';
import { spanOf } from '../syntax/nodes.js';
import { copy, noteAccess } from './accesses.js';
import { value } from './expressions.js';
import { addCall, type Extraction, from, load, type Place, variable, vertex } from './extraction.js';
import type { Vertex } from './facts.js';

/** Stands for the function that makes elements, whatever the options of the host say: it is none of the program's. */
const FACTORY = 'react/jsx-runtime.jsx';

export function visitElement(x: Extraction, node: JSXElement, at: Place): Vertex {
  const { name, attributes } = node.openingElement;
  const args: Vertex[] = [];
  // Other names are those of tags.
  if (name.type === 'JSXIdentifier' && /^[^a-z]/.test(name.name)) args.push(named(x, name.name, at));
  if (name.type === 'JSXMemberExpression') args.push(visitJsx(x, name, at));
  const given: (Node | null | undefined)[] = [];
  for (const attribute of attributes) {
    if (attribute.type === 'JSXSpreadAttribute') args.push(visitJsx(x, attribute, at));
    else given.push(attribute.value);
  }
  for (const part of [...given, ...node.children]) {
    const expression =
      part?.type === 'JSXExpressionContainer' || part?.type === 'JSXSpreadChild' ? part.expression : part;
    if (expression && expression.type !== 'JSXEmptyExpression' && expression.type !== 'JSXText') {
      args.push(value(x, expression, at));
    }
  }
  addCall(x, {
    ...{ span: spanOf(node), caller: at.fn, callee: from(x, { kind: 'external', path: FACTORY }), args },
    ...{ isImplicit: true, barrier: at.barrier },
  });
  // What is known of an element is not what has gone into it.
  return vertex(x);
}

/** What the names of components and spread attributes read. */
export function visitJsx(x: Extraction, node: JSXMemberExpression | JSXSpreadAttribute, at: Place): Vertex {
  if (node.type === 'JSXSpreadAttribute') {
    copy(x, node, value(x, node.argument, at), at);
    return vertex(x);
  }
  const { object: base, property } = node;
  const object = base.type === 'JSXMemberExpression' ? visitJsx(x, base, at) : named(x, base.name, at);
  noteAccess(x, { kind: 'get', span: spanOf(node), object, property: property.name }, at);
  return load(x, object, property.name, spanOf(node));
}

function named(x: Extraction, name: string, at: Place): Vertex {
  return name === 'this' ? (at.self ?? vertex(x)) : variable(x, name, at);
}
