/** What elements of JSX read of objects: the members that name their components, and attributes that are spread. */
import type { JSXElement, JSXMemberExpression, JSXSpreadAttribute, Node } from '@babel/types';
import { childrenOf, spanOf } from '../syntax/nodes.js';
import { emitCopied, ending, isAccessed } from './accesses.js';
import { suspended } from './calls.js';
import type { Code } from './code.js';
import { type Context, helper, note, uniqueTemporary } from './context.js';
import { emit, emitRange } from './emit.js';

/** `<o.Component />` becomes `($t = COMPONENT, <$t />)`; undefined if the name stays as it is. */
export function emitElement(node: JSXElement, cx: Context): Code | undefined {
  const { openingElement, closingElement } = node;
  const { name } = openingElement;
  if (name.type !== 'JSXMemberExpression' || !isRead(name, cx)) return undefined;
  const component = uniqueTemporary(cx);
  const read = emitMember(name, cx);
  const inner = (part: Node, child: Node): Code =>
    child === name || child === closingElement?.name ? component : emitWithin(child, part, cx);
  const element = emitRange<Node>(spanOf(node), childrenOf(node), (child) =>
    child === openingElement || child === closingElement
      ? emitRange<Node>(spanOf(child), childrenOf(child), (part) => inner(child, part))
      : inner(node, child),
  );
  return [`(${component} = `, read, ', ', element, ')'];
}

/** A child of an element, or the value of an attribute: an expression stands in braces. */
export function emitWithin(child: Node, parent: Node, cx: Context): Code {
  const isElement = child.type === 'JSXElement' && isRewritten(child, cx);
  const isInText = parent.type === 'JSXElement' || parent.type === 'JSXFragment' || parent.type === 'JSXAttribute';
  return isElement && isInText ? ['{', emit(child, cx), '}'] : emit(child, cx);
}

export function emitSpreadAttribute(node: JSXSpreadAttribute, cx: Context): Code | undefined {
  if (!isAccessed(node, cx)) return undefined;
  return emitRange<Node>(spanOf(node), [node.argument], () => emitCopied(node, cx));
}

function isRewritten({ openingElement: { name } }: JSXElement, cx: Context): boolean {
  return name.type === 'JSXMemberExpression' && isRead(name, cx);
}

/** Whether a member, or one on the way to it, may be an accessor that suspends. */
function isRead(node: JSXMemberExpression, cx: Context): boolean {
  return isAccessed(node, cx) || (node.object.type === 'JSXMemberExpression' && isRead(node.object, cx));
}

/** Where it begins with `this`, that is so in the asynchronous form, too: a constructor with such a name has none. */
function emitMember(node: JSXMemberExpression, cx: Context): Code {
  const { object: base, property } = node;
  const object = base.type === 'JSXMemberExpression' ? emitMember(base, cx) : spanOf(base);
  if (!isAccessed(node, cx)) return [object, '.', spanOf(property)];
  note(cx, 'accesses', node);
  const read = [`${helper(cx, 'get')}(`, object, `, ${JSON.stringify(property.name)}${ending(cx)}`];
  return suspended(read, property.start as number, cx);
}
