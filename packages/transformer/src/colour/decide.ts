/** From colours to what rewriting and reporting read: plans and verdicts. */
import { ROOT_PACKS } from '../catalogue/roots.js';
import type { ModuleFacts } from '../facts/facts.js';
import { type CompilerOptions, type ModulePlan, type SpanKey, spanKey } from '../program.js';
import { RULES } from '../report/rules.js';
import type { Reason, Verdict } from '../report/verdict.js';
import { ASYNC, type ColouredFunction, type Colouring, chainTo, modeAt } from './colour.js';
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
      message: `${api.path} ${RULES.get(rule)?.message}.`,
      chain: [...chainTo(colouring, caller.id, mode), leaf],
    });
  for (const mode of caller.arrivals.keys()) {
    const here = modeAt(site, mode);
    if (mode !== ASYNC) because(here, mode);
    else if (options.patch[api.category] === false) because('disabled', mode);
    else if (!api.twin) because('no-counterpart', mode);
    else if (here !== ASYNC) because(here, mode);
    else patchedChain = [...chainTo(colouring, caller.id, mode), leaf];
  }
  const status = patchedChain === undefined ? 'blocking' : reasons.length === 0 ? 'patched' : 'partly';
  return { fileName, span, api: api.path, category: api.category, status, reasons, patchedChain };
}
