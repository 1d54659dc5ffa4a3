/** In which modes functions run: forwards from where execution begins, along the calls that they make. */
import { VERBATIM } from '../facts/traits.js';
import type { RuleId } from '../report/rules.js';
import type { ColouredFunction } from './colour.js';
import type { Loading } from './loading.js';
import type { Reach } from './reach.js';
import type { Site } from './site.js';

/** `async`, or the rule that keeps execution synchronous. */
export type Mode = 'async' | RuleId;
export const ASYNC = 'async';
/** Modules are loaded synchronously: nothing else is running yet. */
export const INITIALISATION = 'initialisation';
/** What code outside the program calls. */
export const HANDED = 'untransformed-package';

/** How a function came to be run in a mode: from which function, in which mode, at which site. */
export interface Way {
  readonly from: { readonly fn: number; readonly mode: Mode } | undefined;
  readonly site: Site | undefined;
  /** What begins here, where nothing of the program calls: `Express handler`, `async function`. */
  readonly entry: string | undefined;
  /** Whether the way leads through a call of any value, which runs one function of many. */
  readonly isGuess: boolean;
}

/** The last step of a way. */
export type Step = Omit<Way, 'isGuess'>;

/** @param entry what begins, where that has a name */
export function beginning(entry?: string): Step {
  return { from: undefined, site: undefined, entry };
}

/** @param entry what begins, where that has a name */
export function handedAt(site: Site | undefined, entry?: string): Step {
  return { from: undefined, site, entry };
}

function calledFrom(from: Way['from'], site: Site): Step {
  return { from, site, entry: undefined };
}

/** The mode in which a call runs whose function runs in `mode`. */
export function modeAt(site: Site, mode: Mode): Mode {
  return mode === ASYNC ? (site.call.fact.barrier ?? mode) : mode;
}

/** Whether a call stays as it is, because its text does, or is not written as one, as those of decorators are not. */
export function registersNothing({ call: { fact } }: Site): boolean {
  return VERBATIM.has(fact.barrier) || fact.isImplicit;
}

/** A function of which the modes are still being found. */
export interface ColourableFunction extends ColouredFunction {
  readonly arrivals: Map<Mode, Way>;
}

export interface Propagation {
  /** Lets a function run in a mode, unless nothing that it runs blocks. */
  arrive(fn: number, wanted: Mode, step: Step, isGuess?: boolean): void;
  /** Lets the functions of a node run in a mode; `async` functions begin by themselves. */
  enter(node: number, mode: Mode, step: Step): void;
  /** Goes on from all functions that have been reached. */
  spread(): void;
  /** Goes on to what groups hold, which is only guessed to run, now that all ways without a guess have been gone. */
  spreadGuesses(): void;
}

/** What modes spread through. */
export interface PropagationContext {
  readonly functions: readonly ColourableFunction[];
  readonly sites: readonly Site[];
  readonly reach: Reach;
  readonly loading: Loading;
  /** The nodes that a call may run. */
  readonly reachable: (site: Site) => readonly number[];
  /** Whether a site runs in a mode of its function. */
  readonly runsIn: (site: Site, mode: Mode) => boolean;
  /** Whether a function may block: the modes of others do not matter. */
  readonly mayBlock: (fn: number) => boolean;
}

export function propagationIn(context: PropagationContext): Propagation {
  const { functions, sites, reach, loading, reachable, runsIn, mayBlock } = context;
  const sitesOf = new Map<number, Site[]>();
  for (const site of sites) {
    const list = sitesOf.get(site.call.caller);
    if (list) list.push(site);
    else sitesOf.set(site.call.caller, [site]);
  }
  const queue: { fn: number; mode: Mode; isGuess: boolean }[] = [];
  const reached = new Set<string>();
  /** Guesses, for as long as there may be ways without any. */
  let guesses: (() => void)[] | undefined = [];
  let next = 0;

  function arrive(fn: number, wanted: Mode, step: Step, isGuess = false): void {
    const found = functions[fn];
    if (found === undefined || !mayBlock(fn)) return;
    const mode = wanted === ASYNC ? (found.fact.barrier ?? wanted) : wanted;
    if (found.arrivals.has(mode)) return;
    found.arrivals.set(mode, { ...step, isGuess });
    queue.push({ fn, mode, isGuess });
  }
  function enter(node: number, mode: Mode, step: Step, isGuess = false): void {
    if (node < functions.length) {
      const isAsync = functions[node]?.fact.async === true;
      const isRun = !isAsync || (mode === INITIALISATION && !(step.site && loading.isOver(step.site)));
      if (isRun) arrive(node, mode, step, isGuess);
      return;
    }
    const key = `${node} ${mode}`;
    if (reached.has(key)) return;
    reached.add(key);
    const enterMembers = () => {
      for (const member of reach.membersOf(node)) enter(member, mode, step, true);
    };
    if (guesses !== undefined) guesses.push(enterMembers);
    else enterMembers();
  }
  function spread(): void {
    for (; next < queue.length; next++) {
      const { isGuess, ...from } = queue[next] as (typeof queue)[number];
      for (const site of sitesOf.get(from.fn) ?? []) {
        if (!runsIn(site, from.mode)) continue;
        const mode = modeAt(site, from.mode);
        for (const node of reachable(site)) enter(node, mode, calledFrom(from, site), isGuess);
      }
    }
  }

  return {
    arrive,
    enter,
    spread,
    spreadGuesses() {
      const made = guesses ?? [];
      guesses = undefined;
      for (const guess of made) guess();
      spread();
    },
  };
}
