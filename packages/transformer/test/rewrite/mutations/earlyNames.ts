// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of private fields that may be looked for before their turn. */
import type { Rules } from './rules.js';

export const EARLY_NAMES: Rules = {
  'a private field without value yet is not there': [
    'if (!cx.earlyNames.has(name)) return object;',
    'if (cx.earlyNames.size < 99) return object;',
  ],
  'the object of a private field is evaluated once': [
    "[`${helper(cx, 'initialised')}(`, object, `, (",
    "[`${helper(cx, 'initialised')}(`, object, ' && ', object, `, (",
  ],
};
