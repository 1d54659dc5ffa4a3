// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of what the syntax says of nodes, and of how code is put together. */
import type { Rules } from './rules.js';

export const OWN_NODES: Rules = {
  'an arrow function has the `this` around it': [
    "for (const child of childrenOf(node)) visitOwn(child, node, visit, 'arrow');",
    '{}',
  ],
  'a function has a `this` of its own': [
    '} else if (isFunction(node)) {',
    "} else if (node.type === 'ObjectMethod') {",
  ],
  'keys of methods of object literals are evaluated around them': [
    "if (node.type === 'ObjectMethod' && node.computed) visitOwn(node.key, node, visit, between);",
    '',
  ],
  'what a class extends is evaluated around it': ['...(superClass ? [superClass] : []), ', ''],
  'keys of classes are evaluated around them': ['return isComputed ? [...own, member.key] : own;', 'return own;'],
  'members of classes are not': [
    'for (const child of partsAround(node)) visitOwn',
    'for (const child of childrenOf(node)) visitOwn',
  ],
};

export const CODE: Rules = {
  'a word does not become one with the word before it': [
    "      if (isBehindWord && isWordAt(text, 0)) pieces.push(' ');\n",
    '',
  ],
  'a word of the source does not become one with the word before it': [
    "      if (isBehindWord && isWordAt(original, piece.start)) pieces.push(' ');\n",
    '',
  ],
  'what a call has been waited for is out of its box': ['${own}.got(await ${own}.p)', 'await ${own}.p'],
  'a call that is a statement is waited for': ['`) && await ${own}.p`', '`)`'],
  'a body that waits for nothing else hands on the promise': ['`${own}.tail(`', '`${own}.is(`'],
  'what a body returns at once is told so': ['await ${own}.p : ${own}.done()`', 'await ${own}.p : ${own}.it`'],
};
