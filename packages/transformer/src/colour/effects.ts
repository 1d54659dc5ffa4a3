/** What a call may do, by what may be its callee: one value that arrives there, or a builtin of the method's name. */
import { type BlockingApi, blockingAt, blockingMethod, isDisposedLater } from '../catalogue/blocking.js';
import {
  CALLING_FUNCTIONS,
  CALLING_METHODS,
  FUNCTION_METHODS,
  isDefinition,
  keepsArguments,
  SYNCHRONOUS_CONSUMERS,
  WRAPPING_FUNCTIONS,
} from '../catalogue/builtins.js';
import {
  isCallbackMethod,
  isCalledSetting,
  isListenerMethod,
  isRootMethod,
  registrarOf,
  rootAt,
  rootName,
} from '../catalogue/paths.js';
import { ASYNC_DISPOSE } from '../facts/names.js';
import { EMIT, isOfNode, isPackage, NODE_RESULT } from '../flow/externalPaths.js';
import type { Flow, ResolvedCall } from '../flow/flow.js';
import { type Arrival, isUnknown, single, type Token } from '../flow/tokens.js';
import { emittersOf } from './emitters.js';
import type { FunctionGroups } from './groups.js';
import type { IteratorChains } from './iteratorChains.js';
import type { CallbackForm } from './plan.js';
import type { Site } from './site.js';
import type { Subclasses } from './subclasses.js';

export type Effect =
  /** The call is one of a function of the program, or of a group. */
  | { readonly kind: 'call'; readonly fn: number }
  | { readonly kind: 'block'; readonly api: BlockingApi }
  /** Functions run: before the call returns, where a twin awaits them or nobody can, or later. */
  | { readonly kind: 'run'; readonly as: 'inline' | 'native' | 'started'; readonly functions: Iterable<number> }
  /** Something starts what it is given, under a name. */
  | {
      readonly kind: 'start';
      readonly by: string;
      readonly functions: readonly number[];
      readonly apis: readonly BlockingApi[];
    }
  /** Callbacks are put into a helper of the runtime, or are not. */
  | { readonly kind: 'wrap'; readonly form: CallbackForm | undefined }
  /** Code that is not compiled gets the callbacks. */
  | { readonly kind: 'hand over' }
  /** It may run something of which nothing is known; `evenIfClosed`: also where the program is all that is compiled. */
  | { readonly kind: 'run unknown'; readonly evenIfClosed: boolean }
  /** The callee is not a function of the program, and its adapter for callbacks may matter. */
  | { readonly kind: 'leave program' };

/** What the calls of the program mean for each other. */
export interface CallContext {
  readonly flow: Flow;
  /** The functions of the program that listen to events, by the event; undefined where only running tells its name. */
  readonly ofEmitters: ReadonlyMap<string | undefined, ReadonlySet<number>>;
  readonly ofTargets: ReadonlySet<number>;
  /** Those that servers are made with. */
  readonly ofServers: ReadonlySet<number>;
  /** The view engines that Express runs where something is rendered. */
  readonly engines: ReadonlySet<number>;
  readonly iterators: IteratorChains;
  readonly subclasses: Subclasses;
  readonly groups: FunctionGroups;
  readonly closed: boolean;
  /** Paths of registering functions that the user's configuration names. */
  readonly roots: ReadonlySet<string>;
}

/** A call, and what it is given. */
export interface GivenCall {
  readonly call: ResolvedCall;
  readonly callees: readonly Token[];
  readonly receivers: readonly Token[];
  readonly handed: Site['handed'];
  /** The functions among its arguments, and in what these hold. */
  readonly callbacks: readonly number[];
  /** Those whose generators' objects are arguments. */
  readonly generators: ReadonlySet<number>;
  /** Blocking functions that arguments may be. */
  readonly apis: readonly BlockingApi[];
  /** Those that arguments can only be: flow of values through collections is not exact. */
  readonly exactApis: readonly BlockingApi[];
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

/** Modules of Node whose functions take callbacks that the event loop calls, and functions that do. */
const CALLBACK_MODULES = /^(fs|dns|zlib|crypto|child_process|http|https|http2|net|tls|dgram|readline|stream|timers)\b/;

/** Events whose listener a server is made with. */
const SERVER_EVENTS: ReadonlySet<string> = new Set(['connection', 'request', 'secureConnection']);

/** Methods that run listeners before they return. */
const DISPATCHING: ReadonlySet<string> = new Set(['emit', 'dispatchEvent']);

const LEAVE_PROGRAM: Effect = { kind: 'leave program' };
const HAND_OVER: Effect = { kind: 'hand over' };

function block(api: BlockingApi): Effect {
  return { kind: 'block', api };
}

function run(functions: Iterable<number>, as: 'inline' | 'native' | 'started'): Effect {
  return { kind: 'run', as, functions };
}

/** What a call does if a value is its callee; undefined if that is nothing that can be called. */
export function effectsOf(token: Arrival, given: GivenCall, context: CallContext): readonly Effect[] | undefined {
  const { property, construct } = given.call.fact;
  switch (token.kind) {
    case 'any':
      return [{ kind: 'call', fn: context.groups.called(property, construct) }];
    case 'function':
    case 'step':
      return [{ kind: 'call', fn: token.fn }];
    case 'class':
      return [{ kind: 'call', fn: context.flow.constructionOf(token.cls) }];
    case 'instance':
      return construct ? [{ kind: 'call', fn: context.flow.constructionOf(token.cls) }] : undefined;
    case 'external': {
      const effects = [...externalEffects(token, given, context)];
      if (SYNCHRONOUS_CONSUMERS.has(token.path)) effects.push(run(given.generators, 'native'));
      // What JSON calls, it calls before it returns.
      if (!isInert(token.path) && !token.path.startsWith('JSON.')) effects.push(LEAVE_PROGRAM);
      return effects;
    }
    default:
      return undefined;
  }
}

/** @param token the callee, which comes from outside the program */
function externalEffects(
  token: Extract<Token, { readonly kind: 'external' }>,
  given: GivenCall,
  context: CallContext,
): readonly Effect[] {
  const { path } = token;
  const { call, callbacks, receivers } = given;
  const { property } = call.fact;
  if (property === ASYNC_DISPOSE && isDisposedLater(path)) return [];
  const api =
    path === NODE_RESULT && property !== undefined
      ? blockingMethod(property)
      : blockingApi(token, call.args.at(-1) ?? []);
  if (api?.callsBack && callbacks.length > 0) return [block({ ...api, twin: false }), run(callbacks, 'native')];
  if (api !== undefined)
    return CALLING_FUNCTIONS.has(path) ? [block(api), ...callInline(given, context)] : [block(api)];
  if (isConfigured(path, property, context)) return startConfigured(path, given, context);
  if (path === EMIT) return emissionOf(undefined, context);
  const root = rootAt(path);
  if (root !== undefined && !isListenerMethod(root.path.slice(root.path.lastIndexOf('.') + 1))) {
    const options = root.callbacks === 'all' || root.callbacks === 'options' ? 'start' : 'run';
    return [...start(rootName(root), given, context, options), { kind: 'wrap', form: root.callbackForm }];
  }
  if (CALLING_FUNCTIONS.has(path)) {
    const effects = callInline(given, context);
    if (path === 'Reflect.construct') effects.push(run(constructionsIn(call.args[0] ?? [], context.flow), 'inline'));
    // `new Promise(executor)`, with an executor that a module that is not at hand has made.
    if (!context.closed && call.fact.construct && callbacks.length === 0)
      effects.push({ kind: 'run unknown', evenIfClosed: false });
    return effects;
  }
  const builtin = builtinName(given, context);
  if (path.startsWith('.')) {
    const builtins = builtin === undefined ? [] : builtinEffects(builtin, given, context);
    return [{ kind: 'run unknown', evenIfClosed: true }, ...builtins];
  }
  if (builtin !== undefined && path !== builtin) {
    // `_.map(names, callback)`: a function of the package, which only has a builtin's name.
    const hasPackage = CALLING_METHODS.has(builtin) && receivers.some(isWholePackage);
    const isOnlyPackage = hasPackage && call.receivers.every(isWholePackage);
    return [...(hasPackage ? [HAND_OVER] : []), ...(isOnlyPackage ? [] : builtinEffects(builtin, given, context))];
  }
  if (WRAPPING_FUNCTIONS.has(path))
    return [run(callbacks, 'native'), ...given.exactApis.map((own) => block({ ...own, twin: false }))];
  const registrar = registrarOf(path);
  // `app[method](path, show)`: it may take handlers.
  if (registrar !== undefined) return [...start(registrar, given, context), HAND_OVER];
  // `new PerformanceObserver(callback)`: what starts such callbacks is in the table of roots.
  if (call.fact.construct && isOfNode(path)) return [run(callbacks, 'native')];
  if (path === NODE_RESULT || path === 'process.send') return start('callback', given, context, 'keep');
  if (CALLBACK_MODULES.test(path)) return start('callback', given, context, 'run');
  const isHarmless = INERT.test(path) || SETTLING.test(path) || FORGETTING.test(path) || isKept(given);
  return isHarmless ? [] : [HAND_OVER];
}

/**
 * What a call does besides: where nothing is known of its callee, or nothing from outside the program arrives there and the method has a builtin's name.
 *
 * @param isKnown whether something arrives at the callee that can be called
 */
export function effectsByName(isKnown: boolean, given: GivenCall, context: CallContext): readonly Effect[] {
  const { call, callees, callbacks } = given;
  const { property } = call.fact;
  const builtin = builtinName(given, context);
  if (builtin !== undefined) {
    if (callees.some(({ kind }) => kind === 'external')) return [];
    // `repository.find(id)` of an object that is not the program's, or `names.map(callback)` with a callback that is not.
    const isOpen = !context.closed && !isKnown && callbacks.length === 0;
    const mayRunUnknown = isOpen && builtin !== 'bind' && !isRootMethod(builtin);
    return [
      LEAVE_PROGRAM,
      ...builtinEffects(builtin, given, context),
      ...(mayRunUnknown ? [{ kind: 'run unknown', evenIfClosed: false } as const] : []),
    ];
  }
  if (isKnown) return [];
  if (isConfigured(undefined, property, context)) return [LEAVE_PROGRAM, ...startConfigured(undefined, given, context)];
  // No function of the program was ever written to a property of this name: the method is a builtin's or a package's.
  const effects: Effect[] = [];
  if (property === undefined) effects.push({ kind: 'run unknown', evenIfClosed: true });
  else if (!context.closed) effects.push({ kind: 'run unknown', evenIfClosed: false });
  if (property === undefined || !keepsArguments(property) || isRoute(given)) effects.push(HAND_OVER);
  // `response.end(text, callback)`: Node's objects reach functions by their parameters.
  if (property !== undefined && isCallbackMethod(property)) effects.push(run(callbacks, 'started'));
  return effects;
}

/** The name of a method that may be a builtin's, which calls what it is given. */
function builtinName({ call }: GivenCall, { iterators }: CallContext): string | undefined {
  const { property } = call.fact;
  return property !== undefined && (isBuiltinMethod(property) || iterators.isLazy(call)) ? property : undefined;
}

function builtinEffects(name: string, given: GivenCall, context: CallContext): readonly Effect[] {
  const { call, callbacks, receivers } = given;
  const { iterators, groups, ofTargets } = context;
  if (isListenerMethod(name)) return listen(given, context);
  if (isRootMethod(name)) return start('promise callback', given, context);
  if (iterators.isLazy(call) && !iterators.isConsumed(call)) return [run(callbacks, 'native')];
  if (iterators.isLazy(call) || CALLING_METHODS.has(name)) return callInline(given, context);
  if (name === 'emit') return emissionOf(call.fact.firstString, context);
  if (name === 'dispatchEvent') return [run(ofTargets, 'native')];
  if (name === 'bind') return [];
  const isAny = call.receivers.some(({ kind }) => kind === 'any');
  const { borrowed } = call.fact;
  return [
    ...(borrowed !== undefined && CALLING_METHODS.has(borrowed) ? callInline(given, context) : []),
    ...(isAny ? [run([groups.called(undefined, false)], 'inline')] : []),
    ...receivers.flatMap((token): Effect[] => {
      if (token.kind === 'function') return [run([token.fn], 'inline')];
      if (token.kind === 'external' && token.path === EMIT) return [...emissionOf(undefined, context)];
      const api = blockingApi(token, []);
      return api === undefined ? [] : [block(api)];
    }),
  ];
}

/** The listeners of an event, or of any. */
function emissionOf(event: string | undefined, { ofEmitters, ofServers }: CallContext): readonly Effect[] {
  const told = [...ofEmitters].filter(([name]) => name === undefined || event === undefined || name === event);
  const effects = told.map(([, functions]) => run(functions, 'inline'));
  return event !== undefined && SERVER_EVENTS.has(event) ? [...effects, run(ofServers, 'inline')] : effects;
}

/** Listeners run asynchronously where the event loop emits; `emit` of compiled code awaits those of all other events. */
function listen(given: GivenCall, context: CallContext): readonly Effect[] {
  const emitters = emittersOf(given.call.fact, given.receivers, context.flow);
  return [
    ...(emitters.loop ? start('event listener', given, context) : []),
    ...(emitters.foreign ? [HAND_OVER] : []),
    ...(emitters.native ? [run(given.callbacks, 'native')] : []),
  ];
}

/** A builtin calls its callbacks before it returns. */
function callInline({ call, callees, callbacks, handed, receivers, apis }: GivenCall, context: CallContext): Effect[] {
  const { flow, iterators, groups } = context;
  // What it calls of the value itself, nothing waits for.
  const isStringifying = callees.some((token) => token.kind === 'external' && token.path === 'JSON.stringify');
  const isCoercion = (fn: number) => flow.calledByLanguage.has(fn) && handed.args[1]?.includes(fn) !== true;
  const used = isStringifying ? callbacks.filter((fn) => !isCoercion(fn)) : callbacks;
  // What a reducer begins with may be a function, too: the reducer is the first argument.
  const isReduced = /^reduce(Right)?$/.test(call.fact.property ?? '') && !receivers.some(isWholePackage);
  return [
    run(isReduced ? (handed.args[0] ?? []) : used, call.fact.isSuper ? 'native' : 'inline'),
    ...iterators.lazyBefore(call).map(({ args }) => run(groups.among(args.flat()), 'inline')),
    ...apis.map(block),
  ];
}

/** @param options what Node does with functions in options: it starts them later, runs them before it goes on, or takes them for data */
function start(
  by: string,
  { call, callbacks, generators, exactApis }: GivenCall,
  { groups }: CallContext,
  options: 'start' | 'run' | 'keep' = 'start',
): readonly Effect[] {
  // The arguments themselves, without what options hold.
  const direct = new Set(call.args.flat().flatMap((token) => (token.kind === 'function' ? [token.fn] : [])));
  const isOption = (fn: number) => options !== 'start' && !direct.has(fn) && !groups.isGroup(fn);
  const used = options === 'keep' ? callbacks.filter((fn) => !isOption(fn)) : callbacks;
  // A generator's object is no callback: what Node does with it, it does synchronously.
  const isNative = (fn: number) => call.fact.isSuper || generators.has(fn) || isOption(fn);
  return [
    { kind: 'start', by, functions: used.filter((fn) => !isNative(fn)), apis: exactApis },
    run(used.filter(isNative), 'native'),
  ];
}

function isConfigured(path: string | undefined, property: string | undefined, { roots }: CallContext): boolean {
  return (path !== undefined && roots.has(path)) || (property !== undefined && roots.has(`.${property}`));
}

function startConfigured(path: string | undefined, given: GivenCall, context: CallContext): readonly Effect[] {
  const by = path !== undefined && context.roots.has(path) ? path : `.${given.call.fact.property}`;
  return [...start(by, given, context), { kind: 'wrap', form: 'asyncCallback' }];
}

/** Collections have no use for a function behind the key that they look for: `app.get('/', show)` of a framework. */
function isRoute({ call, handed }: GivenCall): boolean {
  const { property } = call.fact;
  return property !== undefined && LOOKUPS.has(property) && handed.args.slice(1).some(({ length }) => length > 0);
}

/** A collection that comes from outside takes its arguments in; a function of a package only has such a name. */
function isKept(given: GivenCall): boolean {
  const { call, callees, receivers } = given;
  const { property, firstString } = call.fact;
  return (
    property !== undefined &&
    keepsArguments(property) &&
    !receivers.some(isWholePackage) &&
    !isRoute(given) &&
    !callees.some((token) => token.kind === 'external' && isCalledSetting(token.path, firstString))
  );
}

function isInert(path: string): boolean {
  if (SETTLING.test(path) || FORGETTING.test(path)) return true;
  return isDefinition(path) || (INERT.test(path) && !CALLING_FUNCTIONS.has(path) && rootAt(path) === undefined);
}

function isBuiltinMethod(name: string): boolean {
  return CALLING_METHODS.has(name) || isRootMethod(name) || FUNCTION_METHODS.has(name) || DISPATCHING.has(name);
}

function isWholePackage(token: Arrival): boolean {
  return token.kind === 'external' && isPackage(token.path);
}

/** What makes the instances of the classes among values. */
function constructionsIn(values: readonly Arrival[], flow: Flow): number[] {
  return values.flatMap((token) => (token.kind === 'class' ? [flow.constructionOf(token.cls)] : []));
}

/** The blocking functions that an argument may be. */
export function blockingAmong(values: readonly Arrival[]): BlockingApi[] {
  return single(values).flatMap((token) => blockingApi(token, []) ?? []);
}

/** The blocking function that an argument is, if nothing else is known that it may be. */
export function onlyBlocking(values: readonly Arrival[]): BlockingApi[] {
  const known = values.filter((token) => !isUnknown(token));
  return known.length === 1 ? blockingAmong(known) : [];
}

/** @param last what arrives at the last argument */
function blockingApi(token: Token, last: readonly Arrival[]): BlockingApi | undefined {
  if (token.kind !== 'external') return undefined;
  const api = blockingAt(token.path.replace(/^fs\.default\./, 'fs.'));
  if (api?.unlessCallback === true && last.some(({ kind }) => kind === 'function')) return undefined;
  return api;
}
