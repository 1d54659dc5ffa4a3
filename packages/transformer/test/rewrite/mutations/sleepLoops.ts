/** Rules of loops that sleep. */
import type { Rules } from './rules.js';

export const SLEEP_TESTS: Rules = {
  'the comparison is that of the loop': ['JSON.stringify(node.operator)', `'"<"'`],
  'a variable for the clock says nothing before it is read': ['String(isFresh)', "'true'"],
  'what is no number is not waited for': [', ...namesToCheck(node, uses)]', ']'],
};

export const SLEEP_LOOPS: Rules = {
  'less is less': ["if (operator === '<') return one < other;", "if (operator === '<') return one <= other;"],
  'less or equal is less or equal': [
    "if (operator === '<=') return one <= other;",
    "if (operator === '<=') return one < other;",
  ],
  'more is more': ["operator === '>' ? one > other : one >= other", 'one >= other'],
  'more or equal is more or equal': ["operator === '>' ? one > other : one >= other", 'one > other'],
  'what is no number may be something else each time': [
    "|| operands.some((operand) => typeof operand !== 'number')",
    '',
  ],
  'without the time that is left it asks soon': ['Math.min(isFresh ? LONGEST : POLL, rest)', 'rest'],
};
