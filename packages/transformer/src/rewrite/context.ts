/** What the visitors of the rewriting phase know while they walk. */
import type { Node } from '@babel/types';
import {
  type AccessPlan,
  type CallPlan,
  type FunctionPlan,
  MAX_TWINS,
  originalsWithin,
  type Wrapper,
} from '../colour/plan.js';
import type { AtomicPragma } from '../facts/pragmas.js';
import type { ParsedModule } from '../parse/parse.js';
import { wordsOf } from '../parse/words.js';
import { type ModulePlan, type Span, type SpanKey, spanKey } from '../program.js';
import type { Constants } from '../syntax/constants.js';
import { namesIn } from '../syntax/names.js';
import { childrenOf, type FunctionNode, isFunction, spanOf } from '../syntax/nodes.js';
import { visitOwn } from '../syntax/ownNodes.js';
import { hasBodyApart } from '../syntax/parameters.js';
import { canRunStaticsApart, staticElementsIn } from '../syntax/staticElements.js';
import type { DecoratedClass } from './decorators.js';
import type { Turns } from './turns.js';

/** Names exported by the runtime for compiled code. */
export type Helper =
  | Wrapper
  | 'Adopted'
  | 'ENDED'
  | 'SUSPENDED'
  | 'anything'
  | 'apart'
  | 'asyncDelegated'
  | 'asyncDelegatedTo'
  | 'asyncItems'
  | 'asyncIterable'
  | 'atomicBody'
  | 'begin'
  | 'callee'
  | 'caller'
  | 'coercible'
  | 'collect'
  | 'collectAmong'
  | 'collectArguments'
  | 'constructorRegistrar'
  | 'copy'
  | 'creator'
  | 'decorations'
  | 'delegate'
  | 'delegateTo'
  | 'destructured'
  | 'destructuring'
  | 'disposals'
  | 'enter'
  | 'entered'
  | 'few'
  | 'get'
  | 'getPrivate'
  | 'hasTimeLeft'
  | 'hush'
  | 'hushing'
  | 'initialised'
  | 'items'
  | 'iterable'
  | 'iterate'
  | 'keyHolder'
  | 'leave'
  | 'link'
  | 'linkOnes'
  | 'linkClass'
  | 'linkGetters'
  | 'linkMethods'
  | 'linkNamed'
  | 'linkOnce'
  | 'linkSelf'
  | 'linkSetters'
  | 'loaded'
  | 'loading'
  | 'member'
  | 'method'
  | 'methodRegistrar'
  | 'namesOnly'
  | 'now'
  | 'once'
  | 'onceFunction'
  | 'onlyFields'
  | 'others'
  | 'awaitNext'
  | 'pack'
  | 'prepares'
  | 'propertyKey'
  | 'registrar'
  | 'set'
  | 'setPrivate'
  | 'setSloppy'
  | 'split'
  | 'startStreamMethods'
  | 'starting'
  | 'statics'
  | 'superGetter'
  | 'superSetter'
  | 'take'
  | 'targeted'
  | 'tell'
  | 'unbox'
  | 'written';

/** What has been written of what was planned, for tests that hold the one against the other. */
export interface Emitted {
  /** Calls in an asynchronous form, with the wait for their suspension. */
  readonly awaited: Set<SpanKey>;
  /** Accesses of properties in an asynchronous form, likewise. */
  readonly accesses: Set<SpanKey>;
  /** Calls with the lookup of a root adapter. */
  readonly registered: Set<SpanKey>;
  /** Functions with their asynchronous form. */
  readonly functions: Set<SpanKey>;
  readonly wrapped: Set<SpanKey>;
}

/** State of one module. */
export interface ModuleContext {
  readonly module: ParsedModule;
  readonly plan: ModulePlan;
  /** Starts of all planned and implied nodes, ascending: tells whether a range has anything to rewrite. */
  readonly planned: readonly number[];
  readonly emitted: Emitted;
  /** Nodes that change although they are not planned. */
  readonly implied: ReadonlySet<Node>;
  readonly turns: Turns;
  /** Functions that are sections. */
  readonly atomic: ReadonlyMap<FunctionNode, AtomicPragma>;
  /** Variables of the module that hold locks. */
  readonly locks: Map<Node, string>;
  /** Variables of the module that hold the strings of templates. */
  readonly templates: Map<Node, string>;
  /** Once somebody has asked. */
  constants: Constants | undefined;
  /** Helpers used so far, with their local names. */
  readonly helpers: Map<Helper, string>;
  /** Names chosen so far, by the name that was asked for. */
  readonly names: Map<string, string>;
}

/**
 * How a function's body, or the module's, is written:
 * - `sync`: as it was; only nested functions and registrations of callbacks change.
 * - `async`: an `async` function in place; calls that may suspend are awaited.
 * - `twin`: likewise, and what the body comes to is told to its call, the variable `$`.
 * - `generator`: the asynchronous form of a generator, which waits by yielding. Whether it may wait depends on who runs it.
 * - `once`: the only form of a function, an `async` function. Whether it may wait depends on who runs it.
 * - `tail`: the only form of a function that waits for nothing but what it returns: it leaves that to who has called it.
 */
export type Mode = 'sync' | 'async' | 'twin' | 'generator' | 'once' | 'tail';

/** The asynchronous form of a private method, which is one itself. */
export interface PrivateTwin {
  /** Without `#`. */
  readonly name: string;
  /** What links it. */
  readonly link: 'link' | 'linkOnce';
  /** It takes the place of the method, which has no original. */
  readonly isSole: boolean;
}

export interface KeptKey {
  readonly temporary: string;
  /** It has been evaluated by the time that the key is written. */
  readonly evaluated: boolean;
}

/** Statements that stand or fall together, and whether there are array patterns among them that have to be ended where they fail. */
export interface Patterns {
  isUsed: boolean;
  /** The variable that knows of them, where it is not one of a block of their own. */
  readonly name?: string;
}

/** A name for the object with a class's members, and whether it has been used. */
export interface Home {
  readonly name: string;
  isUsed: boolean;
}

/** Code that runs for `new` and in which the runtime's object `$new` stands for `new.target`. */
export interface New {
  /** In constructors of classes it stands for `this` and `super` too. */
  readonly inClass: boolean;
  /** It is the constructor of a class that extends another, and not an arrow function in it: `return` means more than elsewhere. */
  readonly isDerived: boolean;
  /** The call that initialises fields, where there are any, and whether it may suspend. */
  readonly fields: { readonly call: string; readonly suspends: boolean } | undefined;
  /** `super.name` that is written to. */
  readonly written: ReadonlySet<Node>;
}

/** State of one function body, or of the module's. */
export interface Context {
  readonly shared: ModuleContext;
  readonly mode: Mode;
  /** Temporaries that the body has to declare. */
  readonly temporaries: Set<string>;
  /** Private methods of the enclosing classes that have an asynchronous form, by their name without `#`. */
  readonly privateTwins: ReadonlyMap<string, PrivateTwin>;
  /** Private fields of the enclosing classes that may have no value yet where they are looked for, by their name without `#`. */
  readonly earlyNames: ReadonlySet<string>;
  /** Temporaries that keep what computed keys evaluate to. */
  readonly keys: ReadonlyMap<Node, KeptKey>;
  /** The class around, where decorators may replace what is linked in it. */
  readonly decorated: DecoratedClass | undefined;
  /** The variables that hold the objects to which the members of the class around belong; undefined where there are none. */
  readonly home: Home | undefined;
  /** Enclosing functions of which this is the original and not the asynchronous form, though they have one. */
  readonly originals: number;
  /** Enclosing functions of which this is the asynchronous form. */
  readonly twins: number;
  /** The innermost statements around, in the same function, which are in a block. */
  readonly patterns: Patterns;
  /** Whether what the innermost statements around declare with `using` is disposed of by the runtime. */
  readonly disposes: boolean;
  /** Loops around, in the same function, that have a variable for their iteration. */
  readonly loops: number;
  /** The asynchronous form of what `new` calls in which this stands, without another function between but arrow functions. */
  readonly made: New | undefined;
  /** For members of a class: what is around the class, to which computed keys belong. */
  readonly around: Context | undefined;
}

export function enter(cx: Context, mode: Mode): Context {
  const twins = mode === 'sync' || mode === 'async' ? cx.twins : cx.twins + 1;
  return { ...cx, mode, twins, temporaries: new Set(), patterns: { isUsed: false }, disposes: false, loops: 0 };
}

/** What is written inside the original of something that has an asynchronous form, too. */
export function inOriginal(cx: Context): Context {
  return { ...cx, originals: originalsWithin(cx.originals, cx.twins) };
}

/** What is written inside a function that has a `this` and a `new.target` of its own. */
export function ownThis(cx: Context, fn?: Node): Context {
  if (cx.made === undefined && cx.around === undefined) return cx;
  const isArrow = fn?.type === 'ArrowFunctionExpression';
  return { ...cx, made: isArrow && cx.made ? { ...cx.made, isDerived: false } : undefined, around: undefined };
}

/** The same body in synchronous mode: for positions that forbid awaiting. */
export function synchronous(cx: Context): Context {
  return cx.mode === 'sync' ? cx : { ...cx, mode: 'sync' };
}

/** The local name of a helper, which no identifier of the module equals. */
export function helper(cx: Context, name: Helper): string {
  const { helpers } = cx.shared;
  let local = helpers.get(name);
  if (local === undefined) {
    local = freshName(cx.shared, `$${name}`);
    helpers.set(name, local);
  }
  return local;
}

/** `base`, or `base` with a number, so that the module's text does not contain it. The same for every call with `base`. */
export function freshName(shared: ModuleContext, base: string): string {
  let name = shared.names.get(base);
  if (name === undefined) {
    name = base;
    for (let i = 1; wordsOf(shared.module).includes(name); i++) name = `${base}${i}`;
    shared.names.set(base, name);
  }
  return name;
}

/** Whether what is written is the only form of a function. */
export function isOnce({ mode }: Context): boolean {
  return mode === 'once' || mode === 'tail';
}

/** The variable that knows who runs the body, where there is one: only for some may it wait. */
export function runOf(cx: Context): string | undefined {
  if (isOnce(cx)) return callName(cx.shared);
  return cx.mode === 'generator' ? freshName(cx.shared, '$run') : undefined;
}

/** The variable for the call of the function, where there is one. */
export function callOf(cx: Context): string | undefined {
  return cx.mode === 'twin' || isOnce(cx) ? callName(cx.shared) : undefined;
}

/** Whether the call is told what the body comes to. */
export function isTold({ mode }: Context): boolean {
  return mode === 'twin' || mode === 'once';
}

/** What stands so often has to be short. */
function callName(shared: ModuleContext): string {
  const { names, module } = shared;
  let name = names.get('$');
  if (name === undefined) {
    const mayBeTaken = /(?<![\w$])\$(?![\w$])/.test(wordsOf(module));
    name = mayBeTaken && namesIn(module.ast.program).includes('$') ? freshName(shared, '$run') : '$';
    names.set('$', name);
  }
  return name;
}

/** The methods of a run that do as the helpers, and those that do so only when what they return is called. */
const LOOKUPS = { callee: 'fn', creator: 'make', method: 'on' } as const;
const LATE_LOOKUPS = { callee: 'fnLater', creator: 'makeLater', method: 'onLater' } as const;

/** What looks up the callee of `call` in an asynchronous form, up to its opening parenthesis. */
export function lookup(cx: Context, name: 'callee' | 'creator' | 'method', call: Node): string {
  const run = runOf(cx);
  if (run === undefined) return `${helper(cx, name)}(`;
  const lookups = cx.mode === 'generator' && mayYieldWithin(call) ? LATE_LOOKUPS : LOOKUPS;
  return `${run}.${lookups[name]}(`;
}

const yielding = new WeakMap<Node, boolean>();

/**
 * Whether a generator may yield to the program while a call is evaluated: by then another caller may have resumed it, who can wait or cannot. True also for some
 * yields of methods inside.
 */
function mayYieldWithin(node: Node): boolean {
  let found = yielding.get(node);
  if (found === undefined) {
    const isApart = isFunction(node) && !('key' in node);
    found = node.type === 'YieldExpression' || (!isApart && childrenOf(node).some(mayYieldWithin));
    yielding.set(node, found);
  }
  return found;
}

/** A temporary of the current body that may be shared: it is read before anything else can run, or always the same. */
export function temporary(cx: Context, base: 'result' | 'self' | 'frame'): string {
  const name = freshName(cx.shared, `$${base}`);
  cx.temporaries.add(name);
  return name;
}

/** The frame of the body that is written, which says when it suspends of which turn of the event loop it is. */
export function ownFrame(cx: Context): string {
  const call = callOf(cx);
  if (call !== undefined) return call;
  return cx.mode === 'generator' ? `${runOf(cx)}.frame` : `${temporary(cx, 'frame')} ??= {}`;
}

/** The declarations of temporaries of a function. */
export function declaredTemporaries(cx: Context): string {
  const frame = freshName(cx.shared, '$frame');
  const declared = [...cx.temporaries].map((name) =>
    name === frame && cx.mode === 'async' ? `${name} = ${helper(cx, 'entered')}()` : name,
  );
  return `let ${declared.join(', ')};`;
}

/** A temporary of its own, for values that live while other expressions of the body are evaluated. */
export function uniqueTemporary(cx: Context): string {
  const base = freshName(cx.shared, '$t');
  let i = 1;
  while (cx.temporaries.has(`${base}${i}`)) i++;
  const name = `${base}${i}`;
  cx.temporaries.add(name);
  return name;
}

export function callPlan(cx: Context, node: Node): CallPlan | undefined {
  return cx.shared.plan.calls.get(keyOf(node));
}

/** The plan for an access, if it may suspend in this context. */
export function accessPlan(cx: Context, node: Node): AccessPlan | undefined {
  return cx.mode === 'sync' ? undefined : cx.shared.plan.accesses.get(keyOf(node));
}

/** Whether a node is a call or an access that is planned to suspend, in whichever form of its function it stands. */
export function isPlannedToSuspend(cx: Context, node: Node): boolean {
  return callPlan(cx, node)?.suspends === true || cx.shared.plan.accesses.has(keyOf(node));
}

/** Whether a call or an access that is part of `node` itself, or of a key in it or of what a class in it extends, is planned to suspend. */
export function maySuspend(node: Node, cx: Context): boolean {
  let found = false;
  visitOwn(node, node, (own, _, between) => {
    found ||= between !== 'arrow' && (isPlannedToSuspend(cx, own) || staticsSuspend(own, cx));
  });
  return found;
}

/** Whether V8 would find helpers in the place of calls where it prints an expression in the message of an error. */
export function isPrintedOtherwise(node: Node, cx: Context): boolean {
  let found = false;
  visitOwn(node, node, (own) => {
    found ||= callPlan(cx, own)?.registers === true || (cx.mode !== 'sync' && isPlannedToSuspend(cx, own));
  });
  return found;
}

/** Whether a node is a class of which a static element may suspend. */
function staticsSuspend(node: Node, cx: Context): boolean {
  if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return false;
  return canRunStaticsApart(node) && staticElementsIn(node.body).some((element) => maySuspend(element, cx));
}

export function functionPlan(cx: Context, node: Node): FunctionPlan | undefined {
  const plan = cx.shared.plan.functions.get(keyOf(node));
  const isTooDeep = cx.originals >= cx.shared.plan.maxOriginals || cx.twins >= MAX_TWINS;
  return plan === undefined || (plan.form !== 'inPlace' && isTooDeep) ? bodyPlan(cx, node) : plan;
}

/** The plan for the body of an async generator that is a function of its own. */
export function bodyPlan(cx: Context, node: Node): FunctionPlan | undefined {
  return isFunction(node) && hasBodyApart(node) ? cx.shared.plan.functions.get(keyOf(node.body)) : undefined;
}

/** Whether a function keeps an original and has an asynchronous form linked to it. */
export function isLinked(cx: Context, node: Node): boolean {
  const form = functionPlan(cx, node)?.form;
  return form === 'twin' || form === 'once';
}

/** The helper that an expression is put into, if that is planned. */
export function wrapperOf(cx: Context, node: Node): Wrapper | undefined {
  return cx.shared.plan.wrapped.get(keyOf(node));
}

export function note(cx: Context, kind: keyof Emitted, node: Node): void {
  cx.shared.emitted[kind].add(keyOf(node));
}

function keyOf(node: Node): SpanKey {
  return spanKey(spanOf(node));
}

/** Whether anything inside the range is planned. */
export function isTouched(cx: Context, { start, end }: Span): boolean {
  const { planned } = cx.shared;
  let low = 0;
  let high = planned.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((planned[middle] as number) < start) low = middle + 1;
    else high = middle;
  }
  return low < planned.length && (planned[low] as number) < end;
}
