/** From colours to what rewriting and reporting read: plans and verdicts. */
import { ROOT_PACKS } from '../catalogue/roots.js';
import type { ModuleFacts } from '../facts/facts.js';
import { type CompilerOptions, type ModulePlan, type SpanKey, spanKey } from '../program.js';
import type { Reason, Verdict } from '../report/verdict.js';
import { ASYNC, type ColouredFunction, type Colouring, chainTo } from './colour.js';
import type { CallPlan, FunctionPlan } from './plan.js';
import { functionsIn, type Site } from './sites.js';

export function plans(modules: readonly ModuleFacts[], colouring: Colouring): Map<string, ModulePlan> {
  const { functions, sites, flow } = colouring;
  const calls = modules.map(() => new Map<SpanKey, CallPlan>());
  const suspending = new Set<number>();
  for (const site of sites) {
    const { call } = site;
    const suspends = colouring.suspends(site);
    const hands = functionsIn([...call.args, call.receivers], flow).some(colouring.isTwin);
    const registers = site.outside && hands && site.inline.length === 0;
    if (suspends) suspending.add(call.caller);
    if (suspends || registers) calls[call.module]?.set(spanKey(call.fact.span), { suspends, registers });
  }
  return new Map(
    modules.map((facts, module): [string, ModulePlan] => {
      const planned = new Map<SpanKey, FunctionPlan>();
      for (const fn of functions) {
        if (fn.module !== module || fn.fact.kind === 'module') continue;
        if (colouring.isTwin(fn.id)) planned.set(spanKey(fn.fact.span), { form: 'twin' });
        else if (fn.fact.async && fn.fact.barrier === undefined && suspending.has(fn.id)) {
          planned.set(spanKey(fn.fact.span), { form: 'inPlace' });
        }
      }
      const own = needed(calls[module] as Map<SpanKey, CallPlan>, sites, module, colouring);
      return [
        facts.fileName,
        {
          functions: planned,
          calls: own,
          packs: [...new Set(facts.imports)].filter((name) => ROOT_PACKS.includes(name)),
        },
      ];
    }),
  );
}

/** Calls in functions without an asynchronous form keep only their registrations. */
function needed(calls: Map<SpanKey, CallPlan>, sites: readonly Site[], module: number, colouring: Colouring) {
  for (const site of sites) {
    if (site.call.module !== module) continue;
    const key = spanKey(site.call.fact.span);
    const plan = calls.get(key);
    const caller = colouring.functions[site.call.caller];
    if (plan === undefined || caller === undefined) continue;
    if (caller.fact.async || colouring.isTwin(caller.id)) continue;
    if (plan.registers) calls.set(key, { suspends: false, registers: true });
    else calls.delete(key);
  }
  return calls;
}

const MESSAGES: Readonly<Record<string, string>> = {
  initialisation: 'runs while the module is initialised, which stays synchronous',
  getter: 'is reached from a getter, which has to return its value at once',
  setter: 'is reached from a setter, which has to finish at once',
  constructor: 'is reached from a constructor, which has to return its object at once',
  generator: 'is reached from a generator, whose iteration is synchronous',
  'parameter-default': 'is reached from a parameter default, where awaiting is not allowed',
  'field-initialiser': 'is reached from a class field initialiser, where awaiting is not allowed',
  'static-block': 'is reached from a static block, where awaiting is not allowed',
  'computed-key': 'is reached from a computed class key, where awaiting is not allowed',
  'computed-method': 'is reached from a method whose computed key cannot be evaluated twice',
  'decorated-method': 'is reached from a decorated method, which the decorator may replace',
  'super-in-object-method': 'is reached from an object literal method that uses super',
  'sloppy-block-function': 'is reached from a function declared in a block of a sloppy-mode script',
  'stream-method': 'is reached from a stream method that Node calls synchronously',
  'untransformed-package': 'is reached from a callback that an uncompiled package calls synchronously',
  coercion: 'is reached from a method that the language calls to convert a value',
  eval: 'is reached from a function with direct eval',
  with: 'is reached from a function with a with statement',
  unreached: 'is in a function that nothing in the program calls',
  disabled: 'is switched off by the option patch',
  'no-counterpart': 'has no asynchronous counterpart',
  'nested-too-deep': 'is in a function nested too deep in other blocking functions to be written twice',
};

export function verdicts(colouring: Colouring, options: CompilerOptions): Verdict[] {
  return colouring.sites.flatMap((site) => site.leaves.map((api) => verdict(site, api, colouring, options)));
}

function verdict(site: Site, api: Site['leaves'][number], colouring: Colouring, options: CompilerOptions): Verdict {
  const caller = colouring.functions[site.call.caller] as ColouredFunction;
  const { fileName } = caller;
  const { span } = site.call.fact;
  const leaf = { fileName, span, name: api.path };
  const reasons: Reason[] = [];
  let patchedChain: Verdict['patchedChain'];
  const because = (rule: string, mode: string) =>
    reasons.push({
      rule,
      message: `${api.path} ${MESSAGES[rule] ?? `is kept synchronous (${rule})`}.`,
      chain: [...chainTo(colouring, caller.id, mode), leaf],
    });
  for (const mode of caller.arrivals.keys()) {
    if (mode !== ASYNC) because(mode, mode);
    else if (options.patch[api.category] === false) because('disabled', mode);
    else if (!api.twin) because('no-counterpart', mode);
    else if (site.call.fact.barrier !== undefined) because(site.call.fact.barrier, mode);
    else if (!caller.fact.async && !colouring.isTwin(caller.id)) because('nested-too-deep', mode);
    else patchedChain = [...chainTo(colouring, caller.id, mode), leaf];
  }
  const status = patchedChain === undefined ? 'blocking' : reasons.length === 0 ? 'patched' : 'partly';
  return { fileName, span, api: api.path, category: api.category, status, reasons, patchedChain };
}
