/** Rules of what stays silent until the turn of the event loop is over in which it has been made. */
import type { Rules } from './rules.js';

export const TURNS: Rules = {
  'what is made is silent': ['!isDropped(node, around)) made.add(node);', 'false) made.add(node);'],
  'what an `async` function returns is silent': [
    'plan.made.has(spanKey(spanOf(node.argument)))) made.add(node);',
    'false) made.add(node);',
  ],
};

export const TELLING_LOOPS: Rules = {
  'a loop that counts waits for nobody': ['if (isCounting(loop)) return false;', ''],
  'a loop that pauses waits for nobody': ['.filter((loop) => !pauses(loop))', ''],
};

export const RUNTIME_TURNS: Rules = {
  'what has been made stays silent where somebody suspends': [
    'if (isCounted || turn.held.length === 0) return turn;',
    'return turn;',
  ],
  'frames that have called each other are of one turn': ['part.whole = whole;', ''],
  'what has been made is kept until the next tick': ['turns.made.push({ value, frame, number: ++turns.count });', ''],
  'a turn is over when nothing is suspended': ['if (whole.suspended === 0) endSilences(whole);', 'endSilences(whole);'],
};
