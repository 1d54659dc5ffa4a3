/** Rules of keys that constants hold. */
import type { Rules } from './rules.js';

export const CONSTANT_KEYS: Rules = {
  'a constant is what it holds': ['held === undefined ? node : spelled(held, depth + 1)', 'node'],
  'a member of a constant is one of what it holds': [
    'memberOf(spelled(node.object, depth + 1), node.property)',
    'node',
  ],
  'a name of a pattern holds a member': [
    'heldBy(property.value, memberOf(from, property.key as Identifier))',
    'heldBy(property.value, from)',
  ],
};
