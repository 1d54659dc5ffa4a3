/**
 * Phase 4: the one place where verdicts are made. Backwards from blocking calls: which functions may block. Forwards from the
 * places where execution begins: which of them run asynchronously, which synchronously, and why.
 */
import { type BlockingApi, isSwitchedOn } from '../catalogue/blocking.js';
import { STREAM_METHODS } from '../catalogue/builtins.js';
import type { FunctionFact, ModuleFacts } from '../facts/facts.js';
import { VERBATIM } from '../facts/traits.js';
import type { Flow } from '../flow/flow.js';
import { solve } from '../flow/solve.js';
import type { ProgramInput } from '../program.js';
import type { Frame } from '../report/verdict.js';
import { functionsHanded } from './handed.js';
import { type Loading, loadingOf } from './loading.js';
import { MAX_ORIGINALS, MAX_TWINS, originalsWithin } from './plan.js';
import { reachThrough } from './reach.js';
import { classify, isApartCall, isOfProgram, isUnknownCall, type Site, single } from './sites.js';
import { startingModules } from './starting.js';
import { isStreamMethod } from './subclasses.js';

/** `async`, or the rule that keeps execution synchronous. */
export type Mode = string;
export const ASYNC: Mode = 'async';
/** Modules are loaded synchronously: nothing else is running yet. */
export const INITIALISATION: Mode = 'initialisation';
/** What code outside the program calls. */
export const HANDED: Mode = 'untransformed-package';

/** How a function came to be run in a mode: from which function, in which mode, at which site. */
export interface Arrival {
  readonly from: { readonly fn: number; readonly mode: Mode } | undefined;
  readonly site: Site | undefined;
  /** What begins here, where nothing of the program calls: `Express handler`, `async function`. */
  readonly entry: string | undefined;
  /** Whether the way leads through a call of any value, which runs one function of many. */
  readonly isGuess: boolean;
}

/** The beginning of a way. */
type Entry = Omit<Arrival, 'isGuess'>;

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
  readonly arrivals: ReadonlyMap<Mode, Arrival>;
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

/** Functions that would have an asynchronous form within as many others as may nest. */
function nestedTooDeep({ flow, functions, isTwin }: Colouring): number[] {
  const depths = new Map<number, number>();
  /** How many asynchronous forms a function lies in, its own included. */
  const depthOf = (fn: ColouredFunction): number => {
    const known = depths.get(fn.id);
    if (known !== undefined) return known;
    const outer = functions[flow.functionOf(fn.module, fn.fact.parent)];
    const around = fn.fact.kind === 'module' || outer === undefined || outer === fn ? 0 : depthOf(outer);
    const depth = around + (isTwin(fn.id) && !fn.fact.async ? 1 : 0);
    depths.set(fn.id, depth);
    return depth;
  };
  return functions.filter((fn) => isTwin(fn.id) && depthOf(fn) > MAX_TWINS).map(({ id }) => id);
}

/** @param tooDeep functions that have no asynchronous form because of where they lie */
function colourFlow(
  flow: Flow,
  tooDeep: ReadonlySet<number>,
  { closed, options, resolve }: Omit<ProgramInput, 'modules'>,
): Colouring {
  const { forced = false, maxOriginals = MAX_ORIGINALS } = options;
  const { modules } = flow;
  const barrierOf = (id: number) => {
    if (tooDeep.has(id)) return 'nested-too-deep';
    // The runtime makes errors at once: their stack begins behind their own constructor.
    return flow.errorConstructions.has(id) ? 'constructor' : undefined;
  };
  const functions = modules.flatMap((facts, module) =>
    facts.functions.map((fact, i) => {
      const id = flow.functionOf(module, i);
      const barrier = barrierOf(id);
      return {
        ...{ id, module, fileName: facts.fileName, maySuspend: false, arrivals: new Map<Mode, Arrival>() },
        fact: barrier === undefined ? fact : { ...fact, barrier: fact.barrier ?? barrier },
      };
    }),
  );
  const { sites, groups, replacing, native } = classify(flow, functions.length, closed, new Set(options.roots));
  // A call of something unknown may run any function that is handed to unknown code.
  const escaping = functions.length + groups.length;
  const awaitsUnknown = options.unknownCalls === 'suspend';
  const mayRunAny = (site: Site) => (awaitsUnknown ? isUnknownCall(site) : site.unknownIfClosed);
  const reachable = (site: Site) => [...site.targets, ...site.inline, ...(mayRunAny(site) ? [escaping] : [])];
  const handedOver = [...new Set(sites.flatMap((site) => site.foreign))];
  const reach = reachThrough(sites, functions.length, [...groups, handedOver], reachable);
  const sitesOf = new Map<number, Site[]>();
  for (const site of sites) {
    const list = sitesOf.get(site.call.caller);
    if (list) list.push(site);
    else sitesOf.set(site.call.caller, [site]);
  }
  const colours = awaitsUnknown ? isUnknownCall : isApartCall;
  const isPatched = (site: Site) => site.leaves.some((api) => api.twin && isSwitchedOn(api, options.patch));
  const isOpen = (node: number) => {
    const fact = functions[node]?.fact;
    return fact === undefined || (!fact.async && fact.barrier === undefined);
  };
  const suspending = reach.backwards(
    sites
      .filter((site) => site.call.fact.barrier === undefined && (isPatched(site) || (!closed && colours(site))))
      .map((site) => site.call.caller),
    (site) => site.call.fact.barrier === undefined,
    isOpen,
  );
  for (const fn of functions) fn.maySuspend = forced || suspending.has(fn.id);
  const canSuspend = (fn: number) => functions[fn]?.maySuspend === true && isOpen(fn);

  const blocks = reach.backwards(
    sites.filter((site) => site.leaves.length > 0 || isUnknownCall(site)).map((site) => site.call.caller),
    () => true,
    () => true,
  );
  /** The rule of an accessor that runs where nobody can wait for it. */
  const accessorRule = ({ id }: ColouredFunction): Mode | undefined => {
    const kind = flow.accessors.kindOf(id);
    return kind && (kind === 'get' ? 'getter' : 'setter');
  };
  /** Accesses in modules that are not at hand stay as they are, since any name may be one of an accessor. */
  const isReadUnseen = ({ id, fact }: ColouredFunction): boolean =>
    fact.barrier !== 'coercion' &&
    (flow.accessors.unseen.has(id) ||
      (!closed && flow.accessors.kindOf(id) !== undefined && !flow.accessors.isPrivate(id)));
  const isAsync = (fn: number) => functions[fn]?.fact.async === true;
  const loading = loadingOf(modules, resolve, sites, (fn) => functions[fn]?.fact);
  const { isAtStart } = loading;
  const runsIn = (site: Site, mode: Mode) => mode !== INITIALISATION || isAtStart(site);
  const queue: { fn: number; mode: Mode; isGuess: boolean }[] = [];
  function arrive(fn: number, wanted: Mode, entry: Entry, isGuess = false): void {
    const found = functions[fn];
    if (found === undefined || (!blocks.has(fn) && !forced)) return;
    const { fact } = found;
    const mode = wanted === ASYNC ? (fact.barrier ?? wanted) : wanted;
    if (found.arrivals.has(mode)) return;
    found.arrivals.set(mode, { ...entry, isGuess });
    queue.push({ fn, mode, isGuess });
  }
  const reached = new Set<string>();
  /** Guesses, for as long as there may be ways without any. */
  let guesses: (() => void)[] | undefined = [];
  /** Lets the functions of a node run in a mode; `async` functions begin by themselves. */
  function enter(node: number, mode: Mode, entry: Entry, isGuess = false): void {
    if (node < functions.length) {
      const isRun = !isAsync(node) || (mode === INITIALISATION && !(entry.site && loading.isOver(entry.site)));
      if (isRun) arrive(node, mode, entry, isGuess);
      return;
    }
    const key = `${node} ${mode}`;
    if (reached.has(key)) return;
    reached.add(key);
    const enterMembers = () => {
      for (const member of reach.membersOf(node)) enter(member, mode, entry, true);
    };
    if (guesses !== undefined) guesses.push(enterMembers);
    else enterMembers();
  }
  let next = 0;
  function spread(): void {
    for (; next < queue.length; next++) {
      const { isGuess, ...from } = queue[next] as (typeof queue)[number];
      for (const site of sitesOf.get(from.fn) ?? []) {
        if (!runsIn(site, from.mode)) continue;
        const mode = modeAt(site, from.mode);
        for (const node of reachable(site)) enter(node, mode, { from, site, entry: undefined }, isGuess);
      }
    }
  }

  for (const fn of functions) {
    if (fn.fact.kind === 'module' && !fn.fact.async) {
      arrive(fn.id, INITIALISATION, { from: undefined, site: undefined, entry: undefined });
    }
    if (fn.fact.async && fn.fact.barrier === undefined) {
      const entry = fn.fact.kind === 'module' ? 'top-level await' : 'async function';
      arrive(fn.id, ASYNC, { from: undefined, site: undefined, entry });
    }
    if (fn.fact.barrier === 'coercion') {
      arrive(fn.id, fn.fact.barrier, { from: undefined, site: undefined, entry: undefined });
    }
    if (isReadUnseen(fn))
      arrive(fn.id, accessorRule(fn) as Mode, { from: undefined, site: undefined, entry: undefined });
    if (isStreamMethod(fn.fact)) arrive(fn.id, ASYNC, { from: undefined, site: undefined, entry: 'stream method' });
    else if (STREAM_METHODS.has(fn.fact.name)) {
      arrive(fn.id, 'stream-method', { from: undefined, site: undefined, entry: undefined });
    }
  }
  for (const site of sites) {
    for (const node of site.started) {
      const mode = registersNothing(site) ? (site.call.fact.barrier ?? ASYNC) : ASYNC;
      enter(node, mode, { from: undefined, site, entry: site.startedAs });
    }
    const foreign = site.call.fact.barrier === 'hoisted-mock' ? 'hoisted-mock' : HANDED;
    for (const node of site.foreign) enter(node, foreign, { from: undefined, site, entry: undefined });
    for (const node of site.native) enter(node, 'native-callback', { from: undefined, site, entry: undefined });
    for (const node of site.exposed.getters) enter(node, 'getter', { from: undefined, site, entry: undefined });
    for (const node of site.exposed.setters) enter(node, 'setter', { from: undefined, site, entry: undefined });
  }
  for (const fn of flow.calledByLanguage) enter(fn, 'coercion', { from: undefined, site: undefined, entry: undefined });
  for (const fn of native) enter(fn, 'native-callback', { from: undefined, site: undefined, entry: undefined });
  for (const node of replacing) enter(node, 'decorator', { from: undefined, site: undefined, entry: undefined });
  if (forced) {
    for (const { id, fact } of functions) {
      if (fact.kind !== 'module') arrive(id, ASYNC, { from: undefined, site: undefined, entry: 'forced' });
    }
  }
  if (!closed) {
    modules.forEach((_, module) => {
      for (const token of flow.exportsOf(module).flatMap((it) => (it.kind === 'any' ? flow.anyOf(undefined) : [it]))) {
        if (token.kind === 'function') arrive(token.fn, ASYNC, { from: undefined, site: undefined, entry: 'export' });
      }
    });
  }
  spread();
  const made = guesses;
  guesses = undefined;
  for (const guess of made) guess();
  spread();
  // What nothing is seen to reach. What can be told apart is looked for first: what it calls is then reached from it.
  const unreached = (fn: ColouredFunction): void => {
    if (closed ? fn.arrivals.size > 0 : fn.arrivals.has(ASYNC)) return;
    // What uncompiled code calls, compiled code that is not at hand may call too.
    if (fn.arrivals.size > 0 && (fn.fact.barrier !== undefined || fn.fact.kind === 'module')) return;
    const entry = closed || fn.fact.barrier !== undefined ? undefined : 'export';
    const unseen = flow.strays.has(fn.id) ? 'unknown-key' : 'unreached';
    const mode = entry === undefined ? (fn.fact.barrier ?? accessorRule(fn) ?? unseen) : ASYNC;
    arrive(fn.id, mode, { from: undefined, site: undefined, entry });
    spread();
  };
  for (const fn of functions) if (accessorRule(fn) !== undefined) unreached(fn);
  for (const fn of functions) if (flow.strays.has(fn.id)) unreached(fn);
  // What code outside the program has, it may call. A class of a file may be used by others that are not at hand.
  const outside: (readonly [fn: number, mode: Mode, site: Site | undefined])[] = [
    ...[...functionsHanded(flow, sites, closed)].map(([fn, site]) => [fn, HANDED, site] as const),
    ...[...flow.assignedOutside].map(([fn, isNode]) => [fn, isNode ? 'native-callback' : HANDED, undefined] as const),
  ];
  for (const [fn, mode, site] of outside) {
    const found = functions[fn];
    if (found?.arrivals.size !== 0) continue;
    arrive(fn, found.fact.barrier ?? mode, { from: undefined, site, entry: undefined });
    spread();
  }
  functions.forEach(unreached);

  const isTwin = (fn: number) => canSuspend(fn) && functions[fn]?.arrivals.has(ASYNC) === true;
  /** Functions that enclose `fn`, innermost first, without the module. */
  function* enclosing(fn: number): Generator<ColouredFunction> {
    for (let at = functions[fn]; at !== undefined; ) {
      at = functions[flow.functionOf(at.module, at.fact.parent)];
      if (at === undefined || at.fact.kind === 'module') return;
      yield at;
    }
  }
  /**
   * Whether copies of `fn` without an asynchronous form may run: those nested too deep in originals that run synchronously.
   *
   * @param guesses whether those count that are only guessed to run so
   */
  function hasPlainCopies(fn: number, guesses: boolean): boolean {
    const outer = [...enclosing(fn)].reverse().filter(({ id, fact }) => isTwin(id) && !fact.async);
    // In how many originals a copy lies at most: one that lies in nothing else, and one that lies in an asynchronous form, too.
    let [alone, within] = [0, Number.NEGATIVE_INFINITY];
    outer.forEach(({ arrivals }, twins) => {
      const isRun = [...arrivals].some(([mode, { isGuess }]) => mode !== ASYNC && (guesses || !isGuess));
      const deeper = isRun && twins > 0 ? originalsWithin(within, twins) : Number.NEGATIVE_INFINITY;
      within = Math.max(within, alone, deeper);
      alone = isRun ? originalsWithin(alone, 0) : Number.NEGATIVE_INFINITY;
    });
    return Math.max(alone, within) >= maxOriginals;
  }
  for (const isGuess of [false, true]) {
    fixpoint(() => {
      const found = functions.filter(
        (fn) => isTwin(fn.id) && !fn.arrivals.has('nested-too-deep') && hasPlainCopies(fn.id, isGuess),
      );
      const entry = { from: undefined, site: undefined, entry: undefined };
      for (const fn of found) arrive(fn.id, 'nested-too-deep', entry, isGuess);
      spread();
      return found.length > 0;
    });
  }

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
    isAsync(site.call.caller) &&
    functions[site.call.caller]?.arrivals.has(INITIALISATION) === true &&
    isAtStart(site);
  const suspends = (site: Site) =>
    site.call.fact.barrier === undefined &&
    !site.call.fact.isImplicit &&
    !isPrivateAtStart(site) &&
    (forced || isPatched(site) || reachable(site).some(hasTwin) || (!closed && site.unknown));
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

/** The mode in which a call runs whose function runs in `mode`. */
export function modeAt(site: Site, mode: Mode): Mode {
  return mode === ASYNC ? (site.call.fact.barrier ?? mode) : mode;
}

/** Whether a call stays as it is, because its text does, or is not written as one, as those of decorators are not. */
export function registersNothing({ call: { fact } }: Site): boolean {
  return VERBATIM.has(fact.barrier) || fact.isImplicit;
}

function fixpoint(step: () => boolean): void {
  while (step());
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
    const arrival: Arrival | undefined = found.arrivals.get(at.mode);
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
  const name = fact.calleeName === undefined ? 'handed over' : `handed to ${fact.calleeName}`;
  return { fileName: functions[caller]?.fileName ?? '', span: fact.span, name };
}
