/** From colours to what rewriting and reporting read: plans and verdicts. */
import { type BlockingApi, blockingAt } from '../catalogue/blocking.js';
import { SNAPSHOT, SNAPSHOT_MAKER } from '../catalogue/builtins.js';
import { ROOT_PACKS } from '../catalogue/roots.js';
import type { ModuleFacts } from '../facts/facts.js';
import { type CompilerOptions, type ModulePlan, type SpanKey, spanKey } from '../program.js';
import { RULES, type RuleId } from '../report/rules.js';
import type { Reason, StayingCall, Verdict } from '../report/verdict.js';
import { type ColouredFunction, type Colouring, chainTo } from './colour.js';
import { blockingAmong } from './effects.js';
import { ASYNC, HANDED, type Mode, modeAt, registersNothing } from './modes.js';
import type { AccessPlan, CallPlan, FunctionPlan, Wrapper } from './plan.js';
import type { Site } from './site.js';
import { isStreamMethod } from './subclasses.js';

/** Whether a module is compiled code: it stays as it is, and what blocks in it has been told when it was compiled. */
function isCompiled({ imports }: ModuleFacts, { runtime }: CompilerOptions): boolean {
  return imports.includes(runtime);
}

const UNCHANGED: ModulePlan = {
  functions: new Map(),
  calls: new Map(),
  accesses: new Map(),
  wrapped: new Map(),
  topLevelAwait: false,
  loading: undefined,
  maxOriginals: 0,
  made: new Set(),
  tells: false,
  packs: [],
  packRequires: [],
  awaitsNext: false,
};

/** @param made the calls of each module that return an emitter which has just been made */
export function plans(
  modules: readonly ModuleFacts[],
  made: readonly ReadonlySet<SpanKey>[],
  colouring: Colouring,
  options: CompilerOptions,
): Map<string, ModulePlan> {
  const { functions, sites } = colouring;
  const calls = modules.map(() => new Map<SpanKey, CallPlan>());
  const accesses = modules.map(() => new Map<SpanKey, AccessPlan>());
  const wrapped = modules.map(() => new Map<SpanKey, Wrapper>());
  const suspending = new Set<number>();
  const awaitingNext = new Set<number>();
  const restores = sites.some(
    (site) => callsPath(site, SNAPSHOT) && site.handed.args.some((held) => held.some(colouring.isTwin)),
  );
  for (const site of sites) {
    const { call } = site;
    const suspends = colouring.suspends(site);
    if (site.access !== undefined) {
      if (!suspends) continue;
      suspending.add(call.caller);
      if (isAsynchronous(call.caller, colouring))
        accesses[call.module]?.set(spanKey(site.access.span), { sloppy: site.access.sloppy });
      continue;
    }
    const hands =
      [...site.handed.args.flat(), ...site.handed.receiver].some(colouring.isTwin) ||
      site.startedLeaves.some((api) => api.twin && colouring.patches(api)) ||
      colouring.handsUnknown(site) ||
      // `fs.readFileSync.bind(fs)`
      (call.fact.property === 'bind' &&
        blockingAmong(call.receivers).some((api) => api.twin && colouring.patches(api))) ||
      // What it returns has a twin if its adapter has made it.
      (restores && callsPath(site, SNAPSHOT_MAKER));
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
    if (suspends && site.routed.length > 0) awaitingNext.add(call.module);
    if (suspends || registers) calls[call.module]?.set(spanKey(call.fact.span), { suspends, registers });
  }
  const planned = modules.map(() => new Map<SpanKey, FunctionPlan>());
  for (const { id, module, fact, arrivals } of functions) {
    if (fact.kind === 'module') continue;
    const key = spanKey(fact.span);
    if (colouring.isTwin(id)) {
      const isOnce =
        options.compact === true && (options.forced === true || [...arrivals.keys()].every((mode) => mode === ASYNC));
      const form = isOnce ? 'once' : 'twin';
      planned[module]?.set(key, { form, streamMethod: isStreamMethod(fact), isCallee: fact.isCallee });
    } else if (fact.async && fact.barrier === undefined && suspending.has(id)) {
      planned[module]?.set(key, { form: 'inPlace', streamMethod: false, isCallee: false });
    }
  }
  keepNeeded(calls, colouring);
  return new Map(
    modules.map((facts, module): [string, ModulePlan] => {
      if (isCompiled(facts, options)) return [facts.fileName, UNCHANGED];
      const own = calls[module] as Map<SpanKey, CallPlan>;
      if (colouring.patches(WAIT) && [...own.values()].some(({ suspends }) => suspends)) {
        for (const span of facts.sleepCells) wrapped[module]?.set(spanKey(span), 'unshared');
      }
      return [
        facts.fileName,
        {
          functions: planned[module] as Map<SpanKey, FunctionPlan>,
          calls: own,
          accesses: accesses[module] as Map<SpanKey, AccessPlan>,
          wrapped: wrapped[module] as Map<SpanKey, Wrapper>,
          topLevelAwait: isAsyncModule(colouring, module, suspending),
          loading: loadingIn(module, colouring),
          maxOriginals: colouring.maxOriginals,
          made: made[module] as ReadonlySet<SpanKey>,
          tells: made.some(({ size }) => size > 0),
          packs: [...new Set(facts.imports)].filter(hasPack),
          packRequires: facts.requires.filter(({ specifier }) => hasPack(specifier)).map(({ span }) => spanKey(span)),
          awaitsNext: awaitingNext.has(module),
        },
      ];
    }),
  );
}

function callsPath({ call }: Site, path: string): boolean {
  return call.callees.some((token) => token.kind === 'external' && token.path === path);
}

function hasPack(specifier: string): boolean {
  return ROOT_PACKS.includes(specifier);
}

function isAsyncModule({ flow, functions }: Colouring, module: number, suspending: ReadonlySet<number>): boolean {
  const initialisation = functions[flow.functionOf(module, 0)];
  return initialisation?.fact.async === true && suspending.has(initialisation.id);
}

function loadingIn(module: number, { flow, functions, starting, loading }: Colouring): ModulePlan['loading'] {
  const isAsync = functions[flow.functionOf(module, 0)]?.fact.async === true;
  return isAsync || !starting.has(module) ? undefined : { end: loading.endIn(module) };
}

/** Calls in functions without an asynchronous form keep only their registrations. */
function keepNeeded(calls: readonly Map<SpanKey, CallPlan>[], colouring: Colouring): void {
  for (const { call } of colouring.sites) {
    const own = calls[call.module];
    const key = spanKey(call.fact.span);
    const plan = own?.get(key);
    if (own === undefined || plan === undefined || isAsynchronous(call.caller, colouring)) continue;
    if (plan.registers) own.set(key, { suspends: false, registers: true });
    else own.delete(key);
  }
}

/** Whether a function has a form in which it may await. */
function isAsynchronous(fn: number, { functions, isTwin }: Colouring): boolean {
  const fact = functions[fn]?.fact;
  return (fact?.async === true && fact.barrier === undefined) || isTwin(fn);
}

export function verdicts(modules: readonly ModuleFacts[], colouring: Colouring, options: CompilerOptions): Verdict[] {
  const compiled = modules.map((facts) => isCompiled(facts, options));
  return colouring.sites.flatMap((site) => {
    if (compiled[site.call.module]) return [];
    const own = site.leaves.map((api) => verdict(site, api, colouring));
    return [...own, ...handedOver(site, colouring)];
  });
}

/** Calls that are not blocking themselves, but lead to blocking calls, and have no plan to suspend. */
export function staying(
  modules: readonly ModuleFacts[],
  colouring: Colouring,
  options: CompilerOptions,
): StayingCall[] {
  const { functions, isTwin, suspends, runsIn } = colouring;
  const compiled = modules.map((facts) => isCompiled(facts, options));
  const blocks = (node: number) => isTwin(node) || (functions[node]?.arrivals.size ?? 0) > 0;
  return colouring.sites.flatMap((site) => {
    const { call, leaves, targets, inline } = site;
    if (compiled[call.module] || leaves.length > 0 || ![...targets, ...inline].some(blocks)) return [];
    if (suspends(site) && isAsynchronous(call.caller, colouring)) return [];
    const { fileName, arrivals, id } = functions[call.caller] as ColouredFunction;
    const reasons = [...arrivals.keys()].flatMap((mode) => {
      const rule = modeAt(site, mode);
      if (rule === ASYNC || !runsIn(site, mode)) return [];
      const message = `What it calls ${RULES.get(rule)?.message}.`;
      return { rule, message, chain: chainTo(colouring, id, mode) };
    });
    return { fileName, span: call.fact.span, reasons };
  });
}

/** Blocking functions that are callbacks themselves: `setTimeout(fs.unlinkSync, 10, file)`. */
function handedOver(site: Site, colouring: Colouring): Verdict[] {
  const caller = colouring.functions[site.call.caller] as ColouredFunction;
  const { fileName } = caller;
  const { span } = site.call.fact;
  const [mode = ASYNC] = caller.arrivals.keys();
  const of = (api: BlockingApi, rule: RuleId | undefined): Verdict => {
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
      of(api, !colouring.patches(api) ? 'disabled' : api.twin ? undefined : 'no-counterpart'),
    ),
    ...site.foreignLeaves.map((api) => of(api, HANDED)),
  ];
}

const WAIT = blockingAt('Atomics.wait') as BlockingApi;

function sentence({ path }: BlockingApi, rule: RuleId): string {
  return `${path} ${RULES.get(rule)?.message}.`;
}

function verdict(site: Site, api: BlockingApi, colouring: Colouring): Verdict {
  const caller = colouring.functions[site.call.caller] as ColouredFunction;
  const { fileName } = caller;
  const { span } = site.call.fact;
  const leaf = { fileName, span, name: api.path };
  const reasons: Reason[] = [];
  let patchedChain: Verdict['patchedChain'];
  const because = (rule: RuleId, mode: Mode) =>
    reasons.push({
      rule,
      message: sentence(api, rule),
      chain: [...chainTo(colouring, caller.id, mode), leaf],
    });
  // What a call of any value may run is many functions: as a reason it counts where there is no other way.
  const isExact = [...caller.arrivals.values()].some(({ isGuess }) => !isGuess);
  for (const [mode, { isGuess }] of caller.arrivals) {
    if (!colouring.runsIn(site, mode) || (mode !== ASYNC && isGuess && isExact)) continue;
    const here = modeAt(site, mode);
    if (mode !== ASYNC) because(mode, mode);
    else if (!colouring.patches(api)) because('disabled', mode);
    else if (!api.twin) because('no-counterpart', mode);
    else if (here !== ASYNC) because(here, mode);
    else {
      patchedChain = [...chainTo(colouring, caller.id, mode), leaf];
      if (api.roundTrip) because('round-trip', mode);
    }
  }
  const status = patchedChain === undefined ? 'blocking' : reasons.length === 0 ? 'patched' : 'partly';
  return { fileName, span, api: api.path, category: api.category, status, reasons, patchedChain };
}
