// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of static elements that may suspend, but for those that only save time: which elements stay, and that one that has not suspended is not awaited. */
import type { Rules } from './rules.js';

export const STATICS: Rules = {
  'static elements that may suspend are run apart': [
    'return canRunStaticsApart(cls) && staticElementsIn',
    'return !canRunStaticsApart(cls) && staticElementsIn',
  ],
  'temporaries of static elements do not hide those of keys': [
    'temporaries: new Set(keys) }',
    'temporaries: new Set<string>() }',
  ],
  'what stands before an element that is run apart ends': ["return ';';", "return '';"],
  'patterns of a static field are closed where it fails': [
    "return guarded([`const ${value} = `, initial, '; ', define(value)], field, cx);",
    "return [`const ${value} = `, initial, '; ', define(value)];",
  ],
  'a static field without a value is defined as it stands': [
    'if (!field.value) return [\'if ("field" in class { static field; }) \', define(undefined)];',
    'if (!field.value) return [];',
  ],
  'static elements are waited for': [
    "suspended(`${helper(cx, 'statics')}(${temporary})`, cls.start as number, cx)",
    "`${helper(cx, 'statics')}(${temporary})`",
  ],
};

/** Rules of what runs them. */
export const STATIC_HELPERS: Rules = {
  'elements behind one that suspends are run': ['elements.slice(i + 1)', '[]'],
  'an element that suspends is waited for': [
    'if (pending !== undefined) return suspend(',
    'if (elements.length > 99) return suspend(',
  ],
  'elements behind one that suspends are waited for': ['if (next !== undefined) await next;', 'next?.catch(() => {});'],
  'what an element throws is thrown': ['  throw thrown[0];\n', '  return undefined;\n'],
};
