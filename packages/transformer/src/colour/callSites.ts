/** What a call may do: the effects of all that its callee may be, taken together. */
import type { BlockingApi } from '../catalogue/blocking.js';
import { SYNCHRONOUS_CONSUMERS } from '../catalogue/builtins.js';
import { rootAt } from '../catalogue/paths.js';
import { EMIT } from '../flow/externalPaths.js';
import type { Flow, ResolvedCall } from '../flow/flow.js';
import { type Arrival, isOfProgram, single } from '../flow/tokens.js';
import { exposedBy } from './accessSites.js';
import {
  blockingAmong,
  type CallContext,
  type Effect,
  effectsByName,
  effectsOf,
  type GivenCall,
  onlyBlocking,
} from './effects.js';
import type { CallbackForm } from './plan.js';
import type { Site } from './site.js';

/** What a call does by all of its possible callees. */
export function classifyCall(call: ResolvedCall, context: CallContext): Site {
  const { flow, groups, subclasses, closed } = context;
  const { property, isSuper } = call.fact;
  const possible = [...call.callees, ...heldByProperty(call, flow)];
  const given = givenCall(call, single(possible), context);
  const leaves = new Set<BlockingApi>();
  const startedLeaves = new Set<BlockingApi>();
  const foreignLeaves = new Set<BlockingApi>();
  const targets = new Set<number>();
  const run = { inline: new Set<number>(), native: new Set(subclasses.runBy(call)), started: new Set<number>() };
  const foreign = new Set<number>();
  let startedAs = '';
  let callbackForm: CallbackForm | undefined;
  let isHandedOver = false;
  let mayRunUnknown = false;
  let mayRunUnknownEvenIfClosed = false;
  let outside = given.callees.length === 0;

  function apply(effect: Effect): void {
    switch (effect.kind) {
      case 'call':
        targets.add(effect.fn);
        break;
      case 'block':
        leaves.add(effect.api);
        break;
      case 'run':
        for (const fn of effect.functions) run[effect.as].add(fn);
        break;
      case 'start':
        startedAs = effect.by;
        for (const fn of effect.functions) run.started.add(fn);
        for (const api of effect.apis) startedLeaves.add(api);
        break;
      case 'wrap':
        callbackForm = effect.form;
        break;
      case 'hand over':
        isHandedOver = true;
        for (const fn of given.callbacks) foreign.add(fn);
        for (const api of given.exactApis) foreignLeaves.add(api);
        break;
      case 'run unknown':
        mayRunUnknown = true;
        mayRunUnknownEvenIfClosed ||= effect.evenIfClosed;
        break;
      case 'leave program':
        outside = true;
    }
  }

  apply(iterating(given));
  let isKnown = false;
  for (const token of possible) {
    const effects = effectsOf(token, given, context);
    isKnown ||= effects !== undefined;
    effects?.forEach(apply);
  }
  effectsByName(isKnown, given, context).forEach(apply);
  // Responses come to handlers from Express, so that nothing is known of them.
  if (property === 'render' && given.receivers.every(({ kind }) => kind === 'external'))
    apply({ kind: 'run', as: 'inline', functions: context.engines });
  if (!closed && call.isByKey) {
    // The property may be another one, that a module has assigned that is not at hand.
    mayRunUnknown = true;
    outside = true;
  }
  // A receiver of which nothing is known may be an object of a module that is not at hand.
  if (!closed && property !== undefined && !given.receivers.some(isOfProgram)) mayRunUnknown = true;

  const isHanded = (api: BlockingApi) => api.assumed === undefined && !leaves.has(api);
  const isCertain = targets.size > 0 || [...leaves].some((api) => api.assumed !== 'name');
  return {
    call,
    handed: given.handed,
    leaves: [...leaves].filter((api) => !(api.assumed === 'name' && isCertain)),
    startedLeaves: [...startedLeaves].filter(isHanded),
    foreignLeaves: [...foreignLeaves].filter(isHanded),
    targets: [...targets],
    inline: [...run.inline],
    routed: [],
    started: [...run.started],
    startedAs,
    callbackForm,
    isHandedOver,
    foreign: [...foreign],
    native: [...run.native],
    exposed: exposedBy(call, isHandedOver, [...foreign], flow, groups),
    mayRunUnknown,
    mayRunUnknownEvenIfClosed,
    outside: outside && !isSuper,
    access: undefined,
  };
}

/** @param callees what may be called, without any values */
function givenCall(call: ResolvedCall, callees: GivenCall['callees'], context: CallContext): GivenCall {
  const { flow, groups, ofEmitters } = context;
  // Frameworks look into arrays of handlers, also into those that options hold.
  const mayList = callees.some((token) => {
    const root = token.kind === 'external' ? rootAt(token.path) : undefined;
    return root?.callbacks === 'all' || root?.optionLists === true;
  });
  const handed = {
    args: call.args.map((tokens, i) => groups.among(mayList ? [...tokens, ...flow.listedIn(call, i)] : tokens)),
    // A bound `emit` runs the listeners.
    receiver: call.receivers.some(isEmit)
      ? [groups.id('listeners', () => [...ofEmitters.values()].flatMap((fns) => [...fns]))]
      : groups.among(call.receivers),
  };
  const values = call.args.flat();
  return {
    ...{ call, callees, handed },
    receivers: single(call.receivers),
    callbacks: [...new Set(handed.args.flat())],
    generators: new Set(values.flatMap((token) => (token.kind === 'generator' ? [token.fn] : []))),
    apis: blockingAmong(values),
    exactApis: call.args.flatMap(onlyBlocking),
  };
}

function isEmit(token: Arrival): boolean {
  return token.kind === 'external' && token.path === EMIT;
}

/** What runs because a builtin iterates an argument. */
function iterating({ call, callees }: GivenCall): Effect {
  const isAwaited = !callees.some((token) => token.kind === 'external' && SYNCHRONOUS_CONSUMERS.has(token.path));
  const functions = call.iterated.flatMap((token) =>
    token.kind === 'function' || token.kind === 'step' ? [token.fn] : [],
  );
  // Nothing waits for what a builtin calls while an object of a class that extends it is made.
  return { kind: 'run', as: isAwaited && !call.fact.isSuper ? 'inline' : 'native', functions };
}

/** What comes from outside the program among the values of a property, where the callee may be any of them. */
function heldByProperty({ fact, callees }: ResolvedCall, flow: Flow): readonly Arrival[] {
  if (fact.property === undefined || !callees.some(({ kind }) => kind === 'any')) return [];
  return flow.anyOf(fact.property).filter(({ kind }) => kind === 'external');
}
