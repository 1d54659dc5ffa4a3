// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of what changes without a plan. */
import type { Rules } from './rules.js';

export const TWICE: Rules = {
  'templates of functions inside functions that are written twice are written twice': [
    'walk(child, twice, early)',
    'walk(child, false, early)',
  ],
  'uses of private fields that may have no value yet change': [
    "if (early.has(privateLookup(node)[1] ?? '')) found.add(node);",
    '',
  ],
};

/** Rules of where something is written to. */
export const TARGETS: Rules = {
  'a private member that is assigned to is not read': ["    case 'AssignmentExpression':\n", ''],
  'a private member that a loop assigns to is not read': ["    case 'ForOfStatement':\n", ''],
  'a private member that counts is not read': ["    case 'UpdateExpression':\n", ''],
  'a private member that the rest goes to is not read': ["    case 'RestElement':\n", ''],
  'a private member in an array pattern is not read': ['return node.elements;', 'return [];'],
  'a private member in an object pattern is not read': [
    "return node.properties.map((property) => (property.type === 'RestElement' ? property : property.value));",
    'return [];',
  ],
};
