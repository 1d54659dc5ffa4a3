// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of how callees are printed. */
import type { Rules } from './rules.js';

export const CALLEE_TEXT: Rules = {
  'a chain in parentheses is not printed': [
    'if (room <= 0 || (isParenthesized(node) && /^Optional/.test(node.type))) return UNKNOWN;',
    'if (room <= 0) return UNKNOWN;',
  ],
  '`this` is printed': ["return 'this';", 'return UNKNOWN;'],
  'numbers are printed': [
    "    case 'NumericLiteral':\n      return String(node.value);",
    "    case 'NumericLiteral':\n      return UNKNOWN;",
  ],
  'strings are printed with quotes': ['return JSON.stringify(node.value);', 'return node.value;'],
  'null is printed': ["return 'null';", 'return UNKNOWN;'],
  'booleans are printed': [
    "    case 'BooleanLiteral':\n      return String(node.value);",
    "    case 'BooleanLiteral':\n      return UNKNOWN;",
  ],
  'regular expressions are printed': ['return `/${node.pattern}/${node.flags}`;', 'return UNKNOWN;'],
  'sequences are printed': ["join(' , ')", "join(', ')"],
  'operators are printed': ['return `(${text(node.left, room - right.length)}${right}`;', 'return UNKNOWN;'],
  'calls are printed': ['return `${text(node.callee, room - calls.length)}${calls}`;', 'return UNKNOWN;'],
  'optional members are printed': ["const dot = chain === '' ? '.' : chain;", "const dot = '.';"],
  'private members are printed': ['${chain}[#${node.property.id.name}]', '${dot}#${node.property.id.name}'],
  'computed members are printed': ['[${textOf(node.property)}]`;', '.${textOf(node.property)}`;'],
  'members by a string are printed like others': ['if (name !== undefined) return `${dot}${name}`;', ''],
  'a template without values is a string': ['&& node.expressions.length === 0', '&& node.quasis.length === 0'],
  'templates are printed as their values': ["node.expressions.map((value) => text(value)).join('')", 'UNKNOWN'],
  'operators before a value are printed': [
    'return `(${node.operator}${blank}${text(node.argument)})`;',
    'return UNKNOWN;',
  ],
  'operators that are words are apart': ["/\\w$/.test(node.operator) ? ' ' : ''", "''"],
  'signs of numbers are printed': ["if (node.operator === '-') return -value;", ''],
  'negations of literals are printed': [
    "if (node.operator === '!') return value === undefined ? undefined : !value;",
    '',
  ],
  'optional computed members are printed': ['`${chain}[${textOf', '`[${textOf'],
  'what is constructed is printed where that is no iterable': [
    "calls === '' ? text(node.callee)",
    "calls === '.' ? text(node.callee)",
  ],
  'calls of tags are printed': ['return `${text(node.tag, room - calls.length)}${calls}`;', 'return UNKNOWN;'],
  'what is assigned is printed as what it is assigned to': [
    'return isPattern(node.left) ? UNKNOWN : text(node.left);',
    'return UNKNOWN;',
  ],
  'a condition is printed as three values': ['return UNKNOWN.repeat(3);', 'return UNKNOWN;'],
  '`new.target` is printed with a dot': ["'.new.target'", "'new.target'"],
  'lists whose members are called are printed': ['text = listText(node, textOf);', 'text = undefined;'],
  'objects whose members are called are printed': [
    'text = `{${UNKNOWN.repeat(node.properties.length)}}`;',
    'text = undefined;',
  ],
};
