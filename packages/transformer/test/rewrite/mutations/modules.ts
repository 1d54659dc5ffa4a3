// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of modules and contexts. */
import type { Rules } from './rules.js';

export const MODULES: Rules = {
  'the directives of a module come first': ['  if (first) return first.start as number;\n', '  return 0;\n'],
  'functions that a module declares are linked': [
    'const prologue: Code = [importHelpers(shared, runtime), temporaries, hushing, links, packs, awaits, loads];',
    'const prologue: Code = [importHelpers(shared, runtime), temporaries, hushing, packs, awaits, loads];',
  ],
  'functions that a module declares are linked before it runs': [
    'hushing, links, packs, awaits, loads];',
    'hushing, packs, awaits, loads];',
    'prologue, body], module.text',
    'prologue, body, links], module.text',
  ],
  'a module declares its variables': ["variables.length === 0 ? '' :", "true ? '' :"],
};

export const CONTEXT: Rules = {
  'who resumes a generator in the midst of a call makes it': [
    "cx.mode === 'generator' && mayYieldWithin(call) ? LATE_LOOKUPS : LOOKUPS;",
    'LOOKUPS;',
  ],
  'names of the compiler are not those of the program': ['wordsOf(shared.module).includes(name)', 'false'],
  'classes in fields may suspend as they are made': [
    'isPlannedToSuspend(cx, own) || staticsSuspend(own, cx)',
    'isPlannedToSuspend(cx, own)',
  ],
  'a variable of its own is that of one expression': ['while (cx.temporaries.has(`${base}${i}`)) i++;', ''],
  'an access in code that stays synchronous does not suspend': [
    "return cx.mode === 'sync' ? undefined : cx.shared.plan.accesses.get(keyOf(node));",
    'return cx.shared.plan.accesses.get(keyOf(node));',
  ],
  'accesses among parameters are seen': [
    'return callPlan(cx, node)?.suspends === true || cx.shared.plan.accesses.has(keyOf(node));',
    'return callPlan(cx, node)?.suspends === true;',
  ],
  'calls among parameters are seen': [
    'return callPlan(cx, node)?.suspends === true || cx.shared.plan.accesses.has(keyOf(node));',
    'return cx.shared.plan.accesses.has(keyOf(node));',
  ],
  'an arrow function in a constructor returns what it returns': ['{ ...cx.made, isDerived: false }', 'cx.made'],
  'functions in a constructor have a `this` of their own': [
    'made: isArrow && cx.made ? { ...cx.made, isDerived: false } : undefined',
    'made: cx.made',
  ],
  'code that nothing is planned in stays as it is': [
    'if ((planned[middle] as number) < start) low',
    'if ((planned[middle] as number) <= start) low',
  ],
};
