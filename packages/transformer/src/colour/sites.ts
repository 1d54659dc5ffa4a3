/** What each call site may do: block, call, start or hand over functions. */
import { isListenerMethod, registersEngine, takesHandler } from '../catalogue/paths.js';
import { STEP } from '../facts/iterations.js';
import { ASYNC_ITERATOR, ITERATOR } from '../facts/names.js';
import type { Flow, ResolvedCall } from '../flow/flow.js';
import { isOfProgram, single } from '../flow/tokens.js';
import { accessSites } from './accessSites.js';
import { classifyCall } from './callSites.js';
import type { CallContext } from './effects.js';
import { type FunctionGroups, functionGroups } from './groups.js';
import { iteratorChains } from './iteratorChains.js';
import { type Routing, routingOf } from './routing.js';
import { NOTHING, type Site } from './site.js';
import { subclassesIn } from './subclasses.js';

export interface Sites {
  readonly sites: readonly Site[];
  readonly inner: Routing['inner'];
  /** Groups of functions that calls reach together; their ids follow those of the functions. */
  readonly groups: readonly (readonly number[])[];
  /** Functions that decorators put in the place of accessors, or let initialise fields. */
  readonly replacing: readonly number[];
  /** Functions that natives may run at any time. */
  readonly native: readonly number[];
}

/**
 * Classifies all sites of a program.
 *
 * @param functions how many functions the program has
 * @param roots paths of registering functions that the user's configuration names
 */
export function classify(flow: Flow, functions: number, closed: boolean, roots: ReadonlySet<string>): Sites {
  const groups = functionGroups(flow, functions);
  const subclasses = subclassesIn(flow);
  const context: CallContext = {
    ...{ flow, groups, subclasses, closed, roots },
    ...listenersIn(flow, groups),
    engines: enginesIn(flow, groups),
    iterators: iteratorChains(flow),
  };
  const calls = flow.calls.map((call) =>
    call.fact.iteration === undefined ? classifyCall(call, context) : classifyIteration(call, groups, closed),
  );
  const replacing = flow.modules.flatMap((facts, module) =>
    facts.replacements.flatMap((vertex) => groups.among(flow.heldAt(module, vertex))),
  );
  const { sites, inner } = routingOf(flow, calls, groups, closed);
  return {
    sites: [...sites, ...accessSites(flow, groups)],
    inner,
    groups: groups.groups,
    replacing,
    native: subclasses.always,
  };
}

/** The functions of the program that listen to events: of emitters, of event targets, and of servers that are made with them. */
function listenersIn(flow: Flow, groups: FunctionGroups): Pick<CallContext, 'ofEmitters' | 'ofTargets' | 'ofServers'> {
  const ofEmitters = new Map<string | undefined, Set<number>>();
  const ofTargets = new Set<number>();
  const ofServers = new Set<number>();
  const ofEvent = (event: string | undefined): Set<number> => {
    const known = ofEmitters.get(event) ?? new Set();
    ofEmitters.set(event, known);
    return known;
  };
  for (const { fact, args, callees } of flow.calls) {
    const makesServer = callees.some((token) => token.kind === 'external' && takesHandler(token.path));
    if (makesServer) for (const fn of groups.among(args.flat())) ofServers.add(fn);
    if (fact.property === undefined || !isListenerMethod(fact.property)) continue;
    const known = fact.property === 'addEventListener' ? ofTargets : ofEvent(fact.firstString);
    for (const fn of groups.among(args.flat())) known.add(fn);
  }
  return { ofEmitters, ofTargets, ofServers };
}

/** The view engines that Express runs where something is rendered. */
function enginesIn(flow: Flow, groups: FunctionGroups): ReadonlySet<number> {
  const engines = new Set<number>();
  for (const { fact, args, callees } of flow.calls) {
    if (fact.property !== 'engine') continue;
    if (!callees.some((token) => token.kind === 'external' && registersEngine(token.path))) continue;
    for (const fn of groups.among(args[1] ?? [])) engines.add(fn);
  }
  return engines;
}

/** An iteration runs what flow analysis has found, and nothing else. */
function classifyIteration(call: ResolvedCall, groups: FunctionGroups, closed: boolean): Site {
  const targets = call.callees.flatMap((token) => {
    const methods = call.fact.iteration?.isAsync === true ? ASYNC_ITERATION_METHODS : ITERATION_METHODS;
    if (token.kind === 'any') return methods.map((name) => groups.called(name, false));
    return token.kind === 'function' || token.kind === 'step' ? [token.fn] : [];
  });
  const isElsewhere = call.receivers.length === 0 || !single(call.receivers).every(isOfProgram);
  // Of `for await`, most are async already.
  const isAsync = call.fact.iteration?.isAsync === true;
  return { ...NOTHING, call, targets, mayRunUnknown: !closed && isElsewhere && !isAsync };
}

/** Where what iterates any value finds the functions that it runs. */
const ITERATION_METHODS = [STEP, ITERATOR, 'next', 'return'];
const ASYNC_ITERATION_METHODS = [...ITERATION_METHODS, ASYNC_ITERATOR];
