/** From colours to what rewriting and reporting read: plans and verdicts. */
import type { BlockingApi } from '../catalogue/blocking.js';
import { ROOT_PACKS } from '../catalogue/roots.js';
import type { ModuleFacts } from '../facts/facts.js';
import { type CompilerOptions, type ModulePlan, type SpanKey, spanKey } from '../program.js';
import { RULES } from '../report/rules.js';
import type { Reason, Verdict } from '../report/verdict.js';
import {
  ASYNC,
  type ColouredFunction,
  type Colouring,
  chainTo,
  isStreamMethod,
  modeAt,
  registersNothing,
} from './colour.js';
import type { CallPlan, FunctionPlan, Wrapper } from './plan.js';
import type { Site } from './sites.js';

export function plans(modules: readonly ModuleFacts[], colouring: Colouring): Map<string, ModulePlan> {
  const { functions, sites } = colouring;
  const calls = modules.map(() => new Map<SpanKey, CallPlan>());
  const wrapped = modules.map(() => new Map<SpanKey, Wrapper>());
  const suspending = new Set<number>();
  for (const site of sites) {
    const { call } = site;
    const suspends = colouring.suspends(site);
    const hands =
      [...site.handed.args.flat(), ...site.handed.receiver].some(colouring.isTwin) ||
      site.startedLeaves.some(({ twin, category }) => twin && colouring.patches(category)) ||
      colouring.handsUnknown(site);
    const isWritten = !registersNothing(site);
    const registers = isWritten && site.outside && hands && site.inline.length === 0 && site.callbackForm === undefined;
    if (suspends) suspending.add(call.caller);
    if (isWritten && site.callbackForm !== undefined) {
      site.handed.args.forEach((held, i) => {
        const span = call.fact.argSpans[i];
        if (span === undefined || !held.some(colouring.isTwin)) return;
        wrapped[call.module]?.set(spanKey(span), site.callbackForm as Wrapper);
      });
    }
    if (suspends || registers) calls[call.module]?.set(spanKey(call.fact.span), { suspends, registers });
  }
  return new Map(
    modules.map((facts, module): [string, ModulePlan] => {
      const planned = new Map<SpanKey, FunctionPlan>();
      for (const fn of functions) {
        if (fn.module !== module || fn.fact.kind === 'module') continue;
        if (colouring.isTwin(fn.id))
          planned.set(spanKey(fn.fact.span), {
            ...{ form: 'twin', streamMethod: isStreamMethod(fn.fact), isCallee: fn.fact.isCallee },
          });
        else if (fn.fact.async && fn.fact.barrier === undefined && suspending.has(fn.id)) {
          planned.set(spanKey(fn.fact.span), { form: 'inPlace', streamMethod: false, isCallee: false });
        }
      }
      const own = needed(calls[module] as Map<SpanKey, CallPlan>, sites, module, colouring);
      if (colouring.patches('atomics') && [...own.values()].some(({ suspends }) => suspends)) {
        for (const span of facts.sleepCells) wrapped[module]?.set(spanKey(span), 'unshared');
      }
      return [
        facts.fileName,
        {
          functions: planned,
          calls: own,
          wrapped: wrapped[module] as Map<SpanKey, Wrapper>,
          topLevelAwait: functions.some(
            (fn) => fn.module === module && fn.fact.kind === 'module' && fn.fact.async && suspending.has(fn.id),
          ),
          maxOriginals: colouring.maxOriginals,
          packs: [...new Set(facts.imports)].filter(hasPack),
          packRequires: facts.requires.filter(({ specifier }) => hasPack(specifier)).map(({ span }) => spanKey(span)),
        },
      ];
    }),
  );
}

function hasPack(specifier: string): boolean {
  return ROOT_PACKS.includes(specifier);
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
  return colouring.sites.flatMap((site) => [
    ...site.leaves.map((api) => verdict(site, api, colouring, options)),
    ...handedOver(site, colouring, options),
  ]);
}

/** Blocking functions that are callbacks themselves: `setTimeout(fs.unlinkSync, 10, file)`. */
function handedOver(site: Site, colouring: Colouring, options: CompilerOptions): Verdict[] {
  const caller = colouring.functions[site.call.caller] as ColouredFunction;
  const { fileName } = caller;
  const { span } = site.call.fact;
  const [mode = ''] = caller.arrivals.keys();
  const of = (api: BlockingApi, rule: string | undefined): Verdict => {
    const chain = [...chainTo(colouring, caller.id, mode), { fileName, span, name: api.path }];
    const reasons =
      rule === undefined
        ? []
        : [
            {
              rule,
              message:
                rule === HANDED
                  ? `${api.path} is handed to an uncompiled package, which calls it synchronously.`
                  : sentence(api, rule),
              chain,
            },
          ];
    return {
      ...{ fileName, span, api: api.path, category: api.category, reasons },
      ...(rule === undefined
        ? { status: 'patched', patchedChain: [{ fileName, span, name: `${api.path} (${site.startedAs})` }] }
        : { status: 'blocking', patchedChain: undefined }),
    };
  };
  return [
    ...site.startedLeaves.map((api) =>
      of(api, options.patch[api.category] === false ? 'disabled' : api.twin ? undefined : 'no-counterpart'),
    ),
    ...site.foreignLeaves.map((api) => of(api, HANDED)),
  ];
}

const HANDED = 'untransformed-package';

function sentence({ path }: BlockingApi, rule: string): string {
  return `${path} ${RULES.get(rule)?.message}.`;
}

function verdict(site: Site, api: BlockingApi, colouring: Colouring, options: CompilerOptions): Verdict {
  const caller = colouring.functions[site.call.caller] as ColouredFunction;
  const { fileName } = caller;
  const { span } = site.call.fact;
  const leaf = { fileName, span, name: api.path };
  const reasons: Reason[] = [];
  let patchedChain: Verdict['patchedChain'];
  const because = (rule: string, mode: string) =>
    reasons.push({
      rule,
      message: sentence(api, rule),
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
