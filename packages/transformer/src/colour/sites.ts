/** What each call site may do: block, call, start or hand over functions. */
import { type BlockingApi, blockingAt, blockingMethod } from '../catalogue/blocking.js';
import {
  CALLING_FUNCTIONS,
  CALLING_METHODS,
  FUNCTION_METHODS,
  isDefinition,
  keepsArguments,
  SYNCHRONOUS_CONSUMERS,
  WRAPPING_FUNCTIONS,
} from '../catalogue/builtins.js';
import { LOOP_EVENTS } from '../catalogue/events.js';
import {
  isCallbackMethod,
  isCalledSetting,
  isListenerMethod,
  isRootMethod,
  registersEngine,
  registrarOf,
  rootAt,
  rootName,
} from '../catalogue/paths.js';
import {
  EMITTER_EVENTS,
  emitterMadeBy,
  FINAL_EVENTS,
  OWN_EMITTER,
  OWN_STREAM,
  STREAM_EVENTS,
} from '../catalogue/subclasses.js';
import type { AccessFact } from '../facts/facts.js';
import { STEP } from '../facts/iterations.js';
import { ASYNC_ITERATOR, ITERATOR } from '../facts/names.js';
import { FOREIGN, isOfNode, isPackage, NODE_RESULT } from '../flow/externalPaths.js';
import type { Flow, ResolvedCall } from '../flow/flow.js';
import { type Arrival, isUnknown, type Token } from '../flow/tokens.js';
import { accessSites, type Exposed, exposedBy, UNEXPOSED } from './accessSites.js';
import { type IteratorChains, iteratorChains } from './iteratorChains.js';
import type { CallbackForm } from './plan.js';
import { type Subclasses, subclassesIn } from './subclasses.js';

/** A call site, classified. Functions are program-wide ids, or those of {@link Sites.groups}. */
export interface Site {
  readonly call: ResolvedCall;
  /** Blocking APIs that the call may be a call of, or that a builtin calls for it (`names.map(readFileSync)`). */
  readonly leaves: readonly BlockingApi[];
  /** Blocking APIs that the call hands over as callbacks, for the event loop to start later. */
  readonly startedLeaves: readonly BlockingApi[];
  /** Blocking APIs that the call hands to code that is not compiled. */
  readonly foreignLeaves: readonly BlockingApi[];
  /** Functions among the values of each argument, also those that object literals hold, and among those of the receiver. */
  readonly handed: { readonly args: readonly (readonly number[])[]; readonly receiver: readonly number[] };
  /** Functions of the program that the call may run. */
  readonly targets: readonly number[];
  /** Callbacks that a builtin runs before the call returns; the builtin's twin awaits them. */
  readonly inline: readonly number[];
  /** Callbacks that the event loop or a framework starts later. */
  readonly started: readonly number[];
  readonly startedAs: string;
  /** How callbacks are handed over where no adapter of the runtime starts them. */
  readonly callbackForm: CallbackForm | undefined;
  /** Whether the callee is code that is not compiled, and may do anything with its arguments. */
  readonly isHandedOver: boolean;
  /** Callbacks handed to code that is not compiled. */
  readonly foreign: readonly number[];
  /** Callbacks that Node calls synchronously, and for whose caller the runtime has no twin. */
  readonly native: readonly number[];
  /** Accessors of objects that the call hands to code outside the program. */
  readonly exposed: Exposed;
  /** Nothing is known of the callee, or it is imported from a module that is not at hand. */
  readonly unknown: boolean;
  /** The same, also where the program is all that is compiled. */
  readonly unknownIfClosed: boolean;
  /** Some callee is not a function of the program: its adapter for callbacks may matter. */
  readonly outside: boolean;
  /** An access of a property, in the form of a call of its accessors; undefined for calls. */
  readonly access: AccessFact | undefined;
}

/** Builtins that call no function they are given. */
const INERT =
  /^(Object|Array|JSON|Number|String|Boolean|Symbol|BigInt|Math|Reflect|Date|RegExp|\w*Error|URL|console|Buffer|Intl|structuredClone|(Weak)?(Map|Set|Ref)|\w*Array)\b/;

/** They call `then`, which the language does for every value that resolves a promise. */
const SETTLING = /^Promise\.(all|allSettled|any|race|reject|resolve)$/;

/** Methods of collections that take a key, and nothing else. */
const LOOKUPS: ReadonlySet<string> = new Set(['get', 'has', 'delete']);

/** Functions of Node, and methods, that forget what they are given. */
const FORGETTING = /(^|\.)(clearTimeout|clearInterval|clearImmediate|off|removeListener|removeEventListener)$/;

function isInert(path: string): boolean {
  if (SETTLING.test(path) || FORGETTING.test(path)) return true;
  return isDefinition(path) || (INERT.test(path) && !CALLING_FUNCTIONS.has(path) && rootAt(path) === undefined);
}

/** Modules of Node whose functions take callbacks that the event loop calls, and functions that do. */
const CALLBACK_MODULES = /^(fs|dns|zlib|crypto|child_process|http|https|http2|net|tls|dgram|readline|stream|timers)\b/;

/** What the calls of the program mean for each other. */
interface Context {
  /** The functions of the program that listen to events. */
  readonly ofEmitters: ReadonlySet<number>;
  readonly ofTargets: ReadonlySet<number>;
  /** The view engines that Express runs where something is rendered. */
  readonly engines: ReadonlySet<number>;
  readonly iterators: IteratorChains;
  readonly subclasses: Subclasses;
  readonly groups: FunctionGroups;
}

export interface Sites {
  readonly sites: readonly Site[];
  /** Groups of functions that calls reach together; their ids follow those of the functions. */
  readonly groups: readonly (readonly number[])[];
  /** Functions that decorators put in the place of accessors, or let initialise fields. */
  readonly replacing: readonly number[];
  /** Functions that natives may run at any time. */
  readonly native: readonly number[];
}

/** Ids for the groups of functions that calls of any value reach. */
function functionGroups(flow: Flow, functions: number) {
  const groups: (readonly number[])[] = [];
  const ids = new Map<string, number>();
  function id(key: string, members: () => readonly number[]): number {
    let found = ids.get(key);
    if (found === undefined) {
      found = functions + groups.length;
      ids.set(key, found);
      groups.push([]);
      groups[found - functions] = members();
    }
    return found;
  }
  /** The functions that a call of any value runs, or of any that a property of this name holds. */
  function called(property: string | undefined, construct: boolean): number {
    return id(`${construct ? 'construct' : 'call'} ${property ?? '*'}`, () =>
      flow.anyOf(property).flatMap((token) => {
        if (token.kind === 'function' || token.kind === 'step') return [token.fn];
        if (token.kind === 'any') return [called(undefined, construct)];
        const isBuilt = token.kind === 'class' || (token.kind === 'instance' && construct);
        return isBuilt ? [flow.constructionOf(token.cls)] : [];
      }),
    );
  }
  /** The functions among values, also those that object literals hold (option objects with callbacks). */
  function among(values: readonly Arrival[]): number[] {
    const found = new Set<number>();
    const seen = new Set<number>();
    const visit = (token: Arrival): void => {
      // Who gets a generator's object may run the generator.
      if (token.kind === 'function' || token.kind === 'generator' || token.kind === 'step') found.add(token.fn);
      else if (token.kind === 'any') found.add(id('held', () => among(flow.anyOf(undefined))));
      else if (token.kind === 'object' && !seen.has(token.obj)) {
        seen.add(token.obj);
        flow.membersOf(token.obj).forEach(visit);
      }
    };
    values.forEach(visit);
    return [...found];
  }
  const isEmpty = (group: number): boolean => groups[group - functions]?.length === 0;
  const isGroup = (node: number): boolean => node >= functions;
  return { groups, id, isEmpty, isGroup, called, among };
}

export type FunctionGroups = ReturnType<typeof functionGroups>;

/**
 * @param functions how many functions the program has
 * @param roots paths of registering functions that the user's configuration names
 */
export function classify(flow: Flow, functions: number, closed: boolean, roots: ReadonlySet<string>): Sites {
  const groups = functionGroups(flow, functions);
  const listeners = { ofEmitters: new Set<number>(), ofTargets: new Set<number>() };
  const engines = new Set<number>();
  for (const { fact, args, callees } of flow.calls) {
    if (
      fact.property === 'engine' &&
      callees.some((token) => token.kind === 'external' && registersEngine(token.path))
    ) {
      for (const fn of groups.among(args[1] ?? [])) engines.add(fn);
    }
    if (fact.property === undefined || !isListenerMethod(fact.property)) continue;
    const known = fact.property === 'addEventListener' ? listeners.ofTargets : listeners.ofEmitters;
    for (const fn of groups.among(args.flat())) known.add(fn);
  }
  const iterators = iteratorChains(flow);
  const subclasses = subclassesIn(flow);
  const calls = flow.calls.map((call) =>
    call.fact.iteration === undefined
      ? classifyCall(call, flow, { ...listeners, engines, iterators, subclasses, groups }, closed, roots)
      : classifyIteration(call, groups, closed),
  );
  const replacing = flow.modules.flatMap((facts, module) =>
    facts.replacements.flatMap((vertex) => groups.among(flow.heldAt(module, vertex))),
  );
  return {
    sites: [...calls, ...accessSites(flow, groups)],
    groups: groups.groups,
    replacing,
    native: subclasses.always,
  };
}

const NOTHING: Omit<Site, 'call' | 'targets' | 'unknown'> = {
  unknownIfClosed: false,
  ...{ leaves: [], startedLeaves: [], foreignLeaves: [], handed: { args: [], receiver: [] }, inline: [], started: [] },
  ...{
    startedAs: '',
    callbackForm: undefined,
    isHandedOver: false,
    foreign: [],
    native: [],
    outside: false,
    access: undefined,
  },
  exposed: UNEXPOSED,
};

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
  return { ...NOTHING, call, targets, unknown: !closed && isElsewhere && !isAsync };
}

/** Where what iterates any value finds the functions that it runs. */
const ITERATION_METHODS = [STEP, ITERATOR, 'next', 'return'];
const ASYNC_ITERATION_METHODS = [...ITERATION_METHODS, ASYNC_ITERATOR];

function classifyCall(
  call: ResolvedCall,
  flow: Flow,
  { ofEmitters, ofTargets, engines, iterators, subclasses, groups }: Context,
  closed: boolean,
  roots: ReadonlySet<string>,
): Site {
  const leaves = new Set<BlockingApi>();
  // Only arguments that can be nothing else: flow of values through collections is not exact.
  const handedApis = call.args.flatMap((tokens) => {
    const known = tokens.filter((token) => !isUnknown(token));
    return (known.length === 1 ? single(known) : []).flatMap((token) => blockingApi(token, []) ?? []);
  });
  const startedLeaves = new Set<BlockingApi>();
  const foreignLeaves = new Set<BlockingApi>();
  const targets = new Set<number>();
  const inline = new Set<number>();
  const started = new Set<number>();
  const foreign = new Set<number>();
  const native = new Set(subclasses.runBy(call));
  let startedAs = '';
  let callbackForm: CallbackForm | undefined;
  const callees = single([...call.callees, ...heldByProperty(call, flow)]);
  const receivers = single(call.receivers);
  // Frameworks look into arrays of handlers, also into those that options hold.
  const mayList = callees.some((token) => {
    const root = token.kind === 'external' ? rootAt(token.path) : undefined;
    return root?.callbacks === 'all' || root?.optionLists === true;
  });
  const handed = {
    args: call.args.map((tokens, i) => groups.among(mayList ? [...tokens, ...flow.listedIn(call, i)] : tokens)),
    receiver: groups.among(call.receivers),
  };
  const callbacks = [...new Set(handed.args.flat())];
  const apiArguments = single(call.args.flat()).flatMap((token) => blockingApi(token, []) ?? []);
  const isAwaited = !callees.some((token) => token.kind === 'external' && SYNCHRONOUS_CONSUMERS.has(token.path));
  for (const token of single(call.iterated)) {
    // Nothing waits for what a builtin calls while an object of a class that extends it is made.
    const isInline = isAwaited && !call.fact.isSuper;
    if (token.kind === 'function' || token.kind === 'step') (isInline ? inline : native).add(token.fn);
  }
  const { property } = call.fact;
  const isBuiltin = (name: string) => isBuiltinMethod(name) || iterators.isLazy(call);
  let outside = callees.length === 0;
  let unknown = false;
  let unknownIfClosed = false;

  // A generator's object is no callback: what Node does with it, it does synchronously.
  const iterated = new Set(single(call.args.flat()).flatMap((token) => (token.kind === 'generator' ? [token.fn] : [])));
  // The arguments themselves, without what options hold.
  const direct = new Set(call.args.flat().flatMap((token) => (token.kind === 'function' ? [token.fn] : [])));
  const isOption = (fn: number) => !direct.has(fn) && !groups.isGroup(fn);
  /** @param options what Node does with functions in options: it starts them later, runs them before it goes on, or takes them for data */
  const start = (as: string, options: 'start' | 'run' | 'keep' = 'start') => {
    startedAs = as;
    for (const fn of callbacks) {
      const ofOptions = options !== 'start' && isOption(fn);
      if (ofOptions && options === 'keep') continue;
      (call.fact.isSuper || iterated.has(fn) || ofOptions ? native : started).add(fn);
    }
    for (const api of handedApis) startedLeaves.add(api);
  };
  let isHandedOver = false;
  const handOver = () => {
    isHandedOver = true;
    for (const fn of callbacks) foreign.add(fn);
    for (const api of handedApis) foreignLeaves.add(api);
  };
  const callInline = () => {
    for (const fn of callbacks) (call.fact.isSuper ? native : inline).add(fn);
    for (const { args } of iterators.lazyBefore(call)) for (const fn of groups.among(args.flat())) inline.add(fn);
    for (const api of apiArguments) leaves.add(api);
  };

  const isConfigured = (path: string | undefined) =>
    (path !== undefined && roots.has(path)) || (property !== undefined && roots.has(`.${property}`));
  const startConfigured = (path: string | undefined) => {
    start(path !== undefined && roots.has(path) ? path : `.${property}`);
    callbackForm = 'asyncCallback';
  };

  // Collections have no use for a function behind the key that they look for: `app.get('/', show)` of a framework.
  const isRoute =
    property !== undefined && LOOKUPS.has(property) && handed.args.slice(1).some(({ length }) => length > 0);
  /** A collection that comes from outside takes its arguments in; a function of a package only has such a name. */
  const isKept = () =>
    property !== undefined &&
    keepsArguments(property) &&
    !receivers.some(isWholePackage) &&
    !isRoute &&
    !callees.some((token) => token.kind === 'external' && isCalledSetting(token.path, call.fact.firstString));

  let known = false;
  for (const token of call.callees) {
    if (token.kind !== 'any') continue;
    targets.add(groups.called(property, call.fact.construct));
    known = true;
  }
  for (const token of callees) {
    if (token.kind === 'function' || token.kind === 'step') {
      targets.add(token.fn);
      known = true;
    } else if (token.kind === 'class' || (token.kind === 'instance' && call.fact.construct)) {
      targets.add(flow.constructionOf(token.cls));
      known = true;
    } else if (token.kind === 'external') {
      known = true;
      const { path } = token;
      const api =
        path === NODE_RESULT && property !== undefined
          ? blockingMethod(property)
          : blockingApi(token, call.args.at(-1) ?? []);
      const root = rootAt(path);
      if (api?.callsBack && callbacks.length > 0) {
        leaves.add({ ...api, twin: false });
        for (const fn of callbacks) native.add(fn);
      } else if (api !== undefined) {
        leaves.add(api);
        if (CALLING_FUNCTIONS.has(path)) callInline();
      } else if (isConfigured(path)) startConfigured(path);
      else if (root !== undefined && !isListenerMethod(root.path.slice(root.path.lastIndexOf('.') + 1))) {
        start(rootName(root), root.callbacks === 'all' || root.callbacks === 'options' ? 'start' : 'run');
        callbackForm = root.callbackForm;
      } else if (CALLING_FUNCTIONS.has(path)) {
        callInline();
        if (path === 'Reflect.construct') for (const fn of constructionsIn(call.args[0] ?? [], flow)) inline.add(fn);
        // `new Promise(executor)`, with an executor that a module that is not at hand has made.
        unknown ||= !closed && call.fact.construct && callbacks.length === 0;
      } else if (path.startsWith('.')) {
        unknownIfClosed = true;
        if (property !== undefined && isBuiltin(property)) builtinMethod(property);
      } else if (property !== undefined && path !== property && isBuiltin(property)) {
        // `_.map(names, callback)`: a function of the package, which only has a builtin's name.
        const hasPackage = CALLING_METHODS.has(property) && receivers.some(isWholePackage);
        if (hasPackage) handOver();
        if (!hasPackage || !call.receivers.every(isWholePackage)) builtinMethod(property);
      } else if (WRAPPING_FUNCTIONS.has(path)) {
        for (const fn of callbacks) native.add(fn);
        for (const api of handedApis) leaves.add({ ...api, twin: false });
      } else if (registrarOf(path) !== undefined) {
        // `app[method](path, show)`: it may take handlers.
        start(registrarOf(path) as string);
        handOver();
      } else if (call.fact.construct && isOfNode(path)) {
        // `new PerformanceObserver(callback)`: what starts such callbacks is in the table of roots.
        for (const fn of callbacks) native.add(fn);
      } else if (path === NODE_RESULT || path === 'process.send') start('callback', 'keep');
      else if (CALLBACK_MODULES.test(path)) start('callback', 'run');
      else if (!INERT.test(path) && !SETTLING.test(path) && !FORGETTING.test(path) && !isKept()) handOver();
      if (SYNCHRONOUS_CONSUMERS.has(path)) for (const fn of iterated) native.add(fn);
      if (isInert(path)) continue;
      outside = true;
    }
  }
  if (!known || (property !== undefined && isBuiltin(property) && !callees.some((t) => t.kind === 'external'))) {
    if (property !== undefined && isBuiltin(property)) {
      outside = true;
      builtinMethod(property);
      // `repository.find(id)` of an object that is not the program's, or `names.map(callback)` with a callback that is not.
      unknown ||= !closed && !known && callbacks.length === 0 && property !== 'bind' && !isRootMethod(property);
    } else if (!known && isConfigured(undefined)) {
      outside = true;
      startConfigured(undefined);
    } else if (!known) {
      // No function of the program was ever written to a property of this name: the method is a builtin's or a package's.
      unknownIfClosed = property === undefined;
      unknown ||= !closed;
      if (property === undefined || !keepsArguments(property) || isRoute) handOver();
      // `response.end(text, callback)`: Node's objects reach functions by their parameters.
      if (property !== undefined && isCallbackMethod(property)) for (const fn of callbacks) started.add(fn);
    }
  }

  // Responses come to handlers from Express, so that nothing is known of them.
  if (property === 'render' && receivers.every(({ kind }) => kind === 'external')) {
    for (const fn of engines) inline.add(fn);
  }

  // The property may be another one, that a module has assigned that is not at hand.
  if (!closed && call.isByKey) {
    unknown = true;
    outside = true;
  }
  // A receiver of which nothing is known may be an object of a module that is not at hand.
  if (!closed && property !== undefined && !receivers.some(isOfProgram)) unknown = true;

  function builtinMethod(name: string): void {
    if (isListenerMethod(name)) listen();
    else if (isRootMethod(name)) start('promise callback');
    else if (iterators.isLazy(call) && !iterators.isConsumed(call)) for (const fn of callbacks) native.add(fn);
    else if (iterators.isLazy(call)) callInline();
    else if (CALLING_METHODS.has(name)) callInline();
    else if (name === 'emit') for (const fn of ofEmitters) inline.add(fn);
    else if (name === 'dispatchEvent') for (const fn of ofTargets) native.add(fn);
    else if (name !== 'bind') {
      for (const token of call.receivers) if (token.kind === 'any') inline.add(groups.called(undefined, false));
      for (const token of receivers) {
        if (token.kind === 'function') inline.add(token.fn);
        const api = blockingApi(token, []);
        if (api !== undefined) leaves.add(api);
      }
    }
  }

  /** Listeners run asynchronously where the event loop emits; `emit` of compiled code awaits those of all other events. */
  function listen(): void {
    const emitters = emittersOf(call.fact, receivers, flow);
    if (emitters.loop) start('event listener');
    if (emitters.foreign) handOver();
    if (emitters.native) for (const fn of callbacks) native.add(fn);
  }

  const isHanded = (api: BlockingApi) => api.assumed === undefined && !leaves.has(api);
  const isCertain = targets.size > 0 || [...leaves].some((api) => api.assumed !== 'name');
  return {
    call,
    handed,
    leaves: [...leaves].filter((api) => !(api.assumed === 'name' && isCertain)),
    startedLeaves: [...startedLeaves].filter(isHanded),
    foreignLeaves: [...foreignLeaves].filter(isHanded),
    targets: [...targets],
    inline: [...inline],
    started: [...started],
    startedAs,
    callbackForm,
    isHandedOver,
    foreign: [...foreign],
    native: [...native],
    exposed: exposedBy(call, isHandedOver, [...foreign], flow, groups),
    unknown: unknown || unknownIfClosed,
    unknownIfClosed,
    outside: outside && !call.fact.isSuper,
    access: undefined,
  };
}

/** What comes from outside the program among the values of a property, where the callee may be any of them. */
function heldByProperty({ fact, callees }: ResolvedCall, flow: Flow): readonly Arrival[] {
  if (fact.property === undefined || !callees.some(({ kind }) => kind === 'any')) return [];
  return flow.anyOf(fact.property).filter(({ kind }) => kind === 'external');
}

/** Who may emit the event that a call registers listeners for, apart from the program. */
function emittersOf(
  fact: ResolvedCall['fact'],
  receivers: readonly Token[],
  flow: Flow,
): { loop: boolean; foreign: boolean; native: boolean } {
  const { firstString: event } = fact;
  if (fact.property === 'addEventListener') {
    const loop = event === undefined || LOOP_EVENTS.targets.has(event);
    return { loop, foreign: false, native: !loop };
  }
  if (event !== undefined && EMITTER_EVENTS.has(event)) return { loop: false, foreign: false, native: true };
  const paths = receivers.map((token) => pathOf(token, flow));
  const isProcess = paths.some((path) => path !== undefined && /^(global\.)?process$/.test(path));
  const isMadeHere = paths.length > 0 && paths.every((path) => path === OWN_STREAM || path === OWN_EMITTER);
  const isOfLoop = event === undefined || (isProcess ? LOOP_EVENTS.process : LOOP_EVENTS.emitters).has(event);
  const hasStream = paths.includes(OWN_STREAM);
  const loop = isOfLoop && (!isMadeHere || (hasStream && event !== undefined && FINAL_EVENTS.has(event)));
  const isStream = hasStream && (event === undefined || STREAM_EVENTS.has(event));
  const isOwn = receivers.length > 0 && receivers.every((token) => token.kind !== 'external' || isOfNode(token.path));
  const isOfPackage =
    receivers.length > 0 && receivers.every((token) => token.kind === 'external' && token.path === FOREIGN);
  // Elsewhere an event with the name of one of Node's is taken to be Node's: handlers get requests and sockets from packages.
  return { loop, foreign: isOfPackage || (!loop && !isOwn), native: isStream || (isProcess && !loop) };
}

/** The path of a value, or of what the objects of its class are that the program does not write itself. */
function pathOf(token: Token, flow: Flow): string | undefined {
  if (token.kind === 'external') return token.path;
  if (token.kind !== 'instance') return undefined;
  const made = flow.parentsOf(token.cls).map(emitterMadeBy);
  return made.every((path) => path === made[0]) ? made[0] : undefined;
}

/** Whether a value is one of the program's own, or of Node. */
export function isOfProgram(token: Token): boolean {
  return token.kind !== 'external' || !(token.path === FOREIGN || token.path.startsWith('.'));
}

function isWholePackage(token: Arrival): boolean {
  return token.kind === 'external' && isPackage(token.path);
}

/** What makes the instances of the classes among values. */
function constructionsIn(values: readonly Arrival[], flow: Flow): number[] {
  return values.flatMap((token) => (token.kind === 'class' ? [flow.constructionOf(token.cls)] : []));
}

/** Methods that run listeners before they return. */
const DISPATCHING: ReadonlySet<string> = new Set(['emit', 'dispatchEvent']);

function isBuiltinMethod(name: string): boolean {
  return CALLING_METHODS.has(name) || isRootMethod(name) || FUNCTION_METHODS.has(name) || DISPATCHING.has(name);
}

/** @param last what arrives at the last argument */
function blockingApi(token: Token, last: readonly Arrival[]): BlockingApi | undefined {
  if (token.kind !== 'external') return undefined;
  const api = blockingAt(token.path.replace(/^fs\.default\./, 'fs.'));
  if (api?.unlessCallback === true && last.some(({ kind }) => kind === 'function')) return undefined;
  return api;
}

/** Without any values, of which nothing is known but that they are the program's. */
export function single(values: readonly Arrival[]): Token[] {
  return values.filter((token) => token.kind !== 'any');
}

/**
 * Whether nothing is known of what a call runs. That an iterable comes from a module that is not at hand colours nothing: most are arrays, and
 * a function that does nothing else that may block would pay for that. Where it is coloured anyway, its loops wait for what they iterate.
 */
export function isUnknownCall({ unknown, call }: Site): boolean {
  return unknown && call.fact.iteration === undefined;
}

/**
 * Whether what a call runs, or what it is called on, comes from project code that is not at hand. What else is not known colours nothing: where it
 * never blocks, all that leads to it would wait for nothing, and what was one step to everybody else would be several.
 */
export function isApartCall(site: Site): boolean {
  const isApart = (token: Arrival) => token.kind === 'external' && token.path.startsWith('.');
  return isUnknownCall(site) && [...site.call.callees, ...site.call.receivers].some(isApart);
}
