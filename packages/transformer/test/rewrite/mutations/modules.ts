// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of modules and contexts. */
import type { Rules } from './rules.js';

export const MODULES: Rules = {
  'the directives of a module come first': ['  if (first) return first.start as number;\n', '  return 0;\n'],
  'functions that a module declares are linked': [
    'const prologue: Code = [importHelpers(shared, runtime), temporaries, links, packs];',
    'const prologue: Code = [importHelpers(shared, runtime), temporaries, packs];',
  ],
  'functions that a module declares are linked before it runs': [
    'temporaries, links, packs];',
    'temporaries, packs];',
    'prologue, body], module.text',
    'prologue, body, links], module.text',
  ],
  'a module declares its variables': ["variables.length === 0 ? '' :", "true ? '' :"],
};

export const CONTEXT: Rules = {
  'names of the compiler are not those of the program': ['shared.module.text.includes(name)', 'false'],
  'what an arrow function calls is its own': ["found ||= between !== 'arrow' && isPlanned", 'found ||= isPlanned'],
  'a variable of its own is that of one expression': ['while (cx.temporaries.has(`${base}${i}`)) i++;', ''],
};
