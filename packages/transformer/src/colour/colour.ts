/**
 * Phase 4: the one place where verdicts are made. Backwards from blocking calls: which functions may block. Forwards from the
 * places where execution begins: which of them run asynchronously, which synchronously, and why.
 */
import { type BlockingApi, isSwitchedOn } from '../catalogue/blocking.js';
import type { FunctionFact, ModuleFacts } from '../facts/facts.js';
import { displayName } from '../facts/names.js';
import type { Flow } from '../flow/flow.js';
import { solve } from '../flow/solve.js';
import { isOfProgram, single } from '../flow/tokens.js';
import type { ProgramInput } from '../program.js';
import type { RuleId } from '../report/rules.js';
import type { Frame } from '../report/verdict.js';
import { enterBeginnings, enterUnreached } from './beginnings.js';
import { functionsHanded } from './handed.js';
import { type Loading, loadingOf } from './loading.js';
import { ASYNC, INITIALISATION, type Mode, propagationIn, type Way } from './modes.js';
import { enterNested, nestedTooDeep } from './nesting.js';
import { MAX_ORIGINALS } from './plan.js';
import { reachThrough } from './reach.js';
import { isApartCall, isUnknownCall, type Site } from './site.js';
import { classify } from './sites.js';
import { startingModules } from './starting.js';

export interface Colouring {
  readonly flow: Flow;
  readonly sites: readonly Site[];
  readonly functions: readonly ColouredFunction[];
  /** What a group of functions holds: functions, and other groups. None for a function. */
  membersOf(node: number): readonly number[];
  /** Functions nested in this many originals have no asynchronous form there. */
  readonly maxOriginals: number;
  /** Whether a function, or one of a group, keeps its original and gets an asynchronous form. */
  isTwin(node: number): boolean;
  /** Whether an argument of a registering call may be a function of a module that is not at hand. */
  handsUnknown(site: Site): boolean;
  /** Whether calls of a category of the catalogue are patched. */
  patches(api: BlockingApi): boolean;
  /** Whether a call may suspend where it is made from an asynchronous form. */
  suspends(site: Site): boolean;
  /** Modules that run `async` functions while they are loaded, up to their first `await`, and go on. */
  readonly starting: ReadonlySet<number>;
  readonly loading: Loading;
  /** Whether a site runs in a mode of its function: of an `async` function that is called while a module is loaded, only the beginning does. */
  runsIn(site: Site, mode: Mode): boolean;
}

export interface ColouredFunction {
  readonly id: number;
  readonly module: number;
  readonly fileName: string;
  readonly fact: FunctionFact;
  /** May reach a blocking call that is patched, through functions that can all suspend. */
  readonly maySuspend: boolean;
  /** The modes in which it runs, each with the way by which it was first reached. */
  readonly arrivals: ReadonlyMap<Mode, Way>;
}

export function colour(modules: readonly ModuleFacts[], input: Omit<ProgramInput, 'modules'>): Colouring {
  const flow = solve(modules, input.resolve, input.types, input.options.roots);
  const barred = new Set<number>();
  for (;;) {
    const colouring = colourFlow(flow, barred, input);
    const found = nestedTooDeep(colouring);
    if (found.length === 0) return colouring;
    for (const fn of found) barred.add(fn);
  }
}

/** @param tooDeep functions that have no asynchronous form because of where they lie */
function colourFlow(
  flow: Flow,
  tooDeep: ReadonlySet<number>,
  { closed, options, resolve }: Omit<ProgramInput, 'modules'>,
): Colouring {
  const { forced = false, maxOriginals = MAX_ORIGINALS } = options;
  const { modules } = flow;
  const barrierOf = (id: number): RuleId | undefined => {
    if (tooDeep.has(id)) return 'nested-too-deep';
    // The runtime makes errors at once: their stack begins behind their own constructor.
    return flow.errorConstructions.has(id) ? 'constructor' : undefined;
  };
  const functions = modules.flatMap((facts, module) =>
    facts.functions.map((fact, i) => {
      const id = flow.functionOf(module, i);
      const barrier = barrierOf(id);
      return {
        ...{ id, module, fileName: facts.fileName, maySuspend: false, arrivals: new Map<Mode, Way>() },
        fact: barrier === undefined ? fact : { ...fact, barrier: fact.barrier ?? barrier },
      };
    }),
  );
  const { sites, inner, groups, replacing, native } = classify(flow, functions.length, closed, new Set(options.roots));
  // A call of something unknown may run any function that is handed to unknown code.
  const escaping = functions.length + groups.length;
  const awaitsUnknown = options.unknownCalls === 'suspend';
  const mayRunAny = (site: Site) => (awaitsUnknown ? isUnknownCall(site) : site.mayRunUnknownEvenIfClosed);
  const reachable = (site: Site) => [...site.targets, ...site.inline, ...(mayRunAny(site) ? [escaping] : [])];
  const handedOver = [...new Set(sites.flatMap((site) => site.foreign))];
  // What a router starts runs as it does for any other caller: who waits for it is no reason against it.
  const awaited = (site: Site) => (site.routed.length === 0 ? reachable(site) : [...reachable(site), ...site.routed]);
  const reach = reachThrough(sites, functions.length, [...groups, handedOver], awaited, inner);
  const colours = awaitsUnknown ? isUnknownCall : isApartCall;
  /** The handlers that a router starts may be in other files. */
  const mayStartOthers = (site: Site) => !closed && site.routed.length > 0;
  const isPatched = (site: Site) => site.leaves.some((api) => api.twin && isSwitchedOn(api, options.patch));
  const isOpen = (node: number) => {
    const fact = functions[node]?.fact;
    return fact === undefined || (!fact.async && fact.barrier === undefined);
  };
  const suspending = reach.backwards(
    sites
      .filter(
        (site) =>
          site.call.fact.barrier === undefined &&
          (isPatched(site) || (!closed && colours(site)) || mayStartOthers(site)),
      )
      .map((site) => site.call.caller),
    (site) => site.call.fact.barrier === undefined,
    isOpen,
  );
  for (const fn of functions) fn.maySuspend = forced || suspending.has(fn.id);
  const canSuspend = (fn: number) => functions[fn]?.maySuspend === true && isOpen(fn);

  const blocks = reach.backwards(
    sites
      .filter((site) => site.leaves.length > 0 || isUnknownCall(site) || mayStartOthers(site))
      .map((site) => site.call.caller),
    () => true,
    () => true,
  );
  const loading = loadingOf(modules, resolve, sites, (fn) => functions[fn]?.fact);
  const { isAtStart } = loading;
  const runsIn = (site: Site, mode: Mode) => mode !== INITIALISATION || isAtStart(site);
  const mayBlock = (fn: number) => blocks.has(fn) || forced;
  const propagation = propagationIn({ functions, sites, reach, loading, reachable, runsIn, mayBlock });
  // A class of a file may be used by others that are not at hand.
  const handed = functionsHanded(flow, sites, closed);
  const program = { flow, functions, sites, replacing, native, handed, closed, forced };
  enterBeginnings(program, propagation);
  propagation.spread();
  propagation.spreadGuesses();
  enterUnreached(program, propagation);
  const isTwin = (fn: number) => canSuspend(fn) && functions[fn]?.arrivals.has(ASYNC) === true;
  enterNested({ flow, functions, maxOriginals, isTwin }, propagation);

  let withTwins: ReadonlySet<number> | undefined;
  function hasTwin(node: number): boolean {
    if (node < functions.length) return isTwin(node);
    const twins = () => functions.flatMap(({ id }) => (isTwin(id) ? [id] : []));
    // By what groups hold alone: some hold each other.
    withTwins ??= reach.backwards(
      twins(),
      () => false,
      () => true,
    );
    return withTwins.has(node);
  }
  /** Private accessors have no form that is there and does not suspend. */
  const isPrivateAtStart = (site: Site) =>
    site.access?.property?.startsWith('#') === true &&
    functions[site.call.caller]?.fact.async === true &&
    functions[site.call.caller]?.arrivals.has(INITIALISATION) === true &&
    isAtStart(site);
  const suspends = (site: Site) =>
    site.call.fact.barrier === undefined &&
    !site.call.fact.isImplicit &&
    !isPrivateAtStart(site) &&
    (forced ||
      isPatched(site) ||
      awaited(site).some(hasTwin) ||
      mayStartOthers(site) ||
      (!closed && site.mayRunUnknown));
  return {
    flow,
    sites,
    functions,
    runsIn,
    loading,
    starting: startingModules({ flow, functions, sites, reach, loading, closed, resolve, isTwin: hasTwin, suspends }),
    membersOf: reach.membersOf,
    maxOriginals,
    isTwin: hasTwin,
    handsUnknown: ({ call, startedAs }) =>
      !closed &&
      startedAs !== '' &&
      call.args.some(
        (tokens, i) =>
          call.fact.argsFromElsewhere[i] === true && (tokens.length === 0 || !single(tokens).every(isOfProgram)),
      ),
    patches: (api) => isSwitchedOn(api, options.patch),
    suspends,
  };
}

/** The chain from where execution begins down to `fn` in `mode`, which then reaches the blocking call. */
export function chainTo(colouring: Colouring, fn: number, mode: Mode): Frame[] {
  const frames: Frame[] = [];
  const seen = new Set<string>();
  let at: { fn: number; mode: Mode } | undefined = { fn, mode };
  while (at !== undefined && !seen.has(`${at.fn} ${at.mode}`)) {
    seen.add(`${at.fn} ${at.mode}`);
    const found: ColouredFunction | undefined = colouring.functions[at.fn];
    if (found === undefined) break;
    const arrival: Way | undefined = found.arrivals.get(at.mode);
    const label = arrival?.entry === undefined || arrival.entry === '' ? '' : ` (${arrival.entry})`;
    frames.unshift({ fileName: found.fileName, span: found.fact.span, name: found.fact.name + label });
    at = arrival?.from;
    if (at === undefined && arrival?.site !== undefined && label === '')
      frames.unshift(handing(colouring, arrival.site));
  }
  return frames;
}

/** The call that hands a function to code outside the program, where the chain of those calls begins. */
function handing({ functions }: Colouring, { call: { caller, fact } }: Site): Frame {
  const name = fact.calleeName === undefined ? 'handed over' : `handed to ${displayName(fact.calleeName)}`;
  return { fileName: functions[caller]?.fileName ?? '', span: fact.span, name };
}
