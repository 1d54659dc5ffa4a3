/** Rules of JSX. */
import type { Rules } from './rules.js';

export const JSX: Rules = {
  'a component that an accessor gives is waited for': [
    "if (name.type !== 'JSXMemberExpression' || !isRead(name, cx)) return undefined;",
    'return undefined;',
  ],
  'a component on the way to which is an accessor is waited for': [
    "isAccessed(node, cx) || (node.object.type === 'JSXMemberExpression' && isRead(node.object, cx))",
    'isAccessed(node, cx)',
  ],
  'an element names its component where it ends': [
    'child === name || child === closingElement?.name',
    'child === name',
  ],
  'an element in another stands in braces': ["parent.type === 'JSXElement' ||", ''],
  'an element in a fragment stands in braces': ["parent.type === 'JSXFragment' ||", ''],
  'an element in an attribute stands in braces': ["|| parent.type === 'JSXAttribute'", ''],
  'an attribute that is spread may suspend': ['if (!isAccessed(node, cx)) return undefined;', 'return undefined;'],
  'a component is read of what comes before': [
    "base.type === 'JSXMemberExpression' ? emitMember(base, cx) : spanOf(base)",
    'spanOf(base)',
  ],
  'the name of a component is waited for': ['return suspended(read, property.start as number, cx);', 'return read;'],
};
