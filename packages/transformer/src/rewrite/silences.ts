/**
 * Where what a function has made stays silent: at its suspensions between the call that has made an emitter, and the last place at which
 * somebody may begin to listen to it.
 *
 * See docs/decisions/0029-what-a-function-makes-stays-silent.md.
 */
import type {
  CallExpression,
  DoWhileStatement,
  ForStatement,
  LVal,
  NewExpression,
  Node,
  WhileStatement,
} from '@babel/types';
import { ADDING, ATTACHING, PARTS } from '../catalogue/emitters.js';
import type { ParsedModule } from '../parse/parse.js';
import { type ModulePlan, type Span, spanKey } from '../program.js';
import { isMade, makesMany } from '../syntax/made.js';
import { boundNames } from '../syntax/names.js';
import { childrenOf, isFunction, spanOf, unwrap } from '../syntax/nodes.js';
import { aliasesOf, ELEMENT, type Flow, flowsIn, keyOf, listAddedTo, pathOf, rootOf } from './aliases.js';

/** Suspensions that keep one emitter silent. */
export interface Silence {
  readonly made: Made;
  readonly range: Span;
  /** Functions inside, whose suspensions are their own. */
  readonly apart: readonly Span[];
}

/** What an expression makes that has to be silent. */
export interface Made {
  /** Its number, among those of the module. */
  readonly number: number;
  /** The expression is evaluated again while what it has made before has to be silent. */
  readonly isOfLoop: boolean;
  /** What is kept is a list. */
  readonly isList: boolean;
}

export interface Silences {
  readonly made: ReadonlyMap<Node, Made>;
  readonly silences: readonly Silence[];
}

export const NO_SILENCES: Silences = { made: new Map(), silences: [] };

/** A node with what is around it, up to the function. */
interface Place {
  readonly node: Node;
  readonly around: Place | undefined;
}

/** What happens in one function, or in the module outside of functions. */
interface Body {
  readonly owner: Node;
  /** Loops that wait, of functions of the module that a call may call. */
  readonly loopsOf: (call: CallExpression | NewExpression) => readonly WaitingLoop[];
  /** Its own nodes, in source order. Of functions and classes inside, only these themselves. */
  readonly places: readonly Place[];
  /** How values get from one variable or member to another. */
  readonly flows: readonly Flow[];
  readonly apart: readonly Span[];
  /** Names that it declares. */
  readonly declared: ReadonlySet<string>;
}

/** What a module keeps silent. */
export function silencesIn(module: ParsedModule, plan: ModulePlan): Silences {
  if (plan.made.size === 0 || !mayWait(plan)) return NO_SILENCES;
  const made = new Map<Node, Made>();
  const silences: Silence[] = [];
  const loopsOf = loopsByCall(module.ast.program, plan);
  for (const owner of ownersIn(module.ast.program)) {
    if (isFunction(owner) && owner.generator === true) continue;
    const body = bodyOf(owner, loopsOf);
    const waits = body.places.map(({ node }) => node).filter((node) => suspends(node, plan));
    if (waits.length === 0) continue;
    for (const place of body.places) {
      const maker = makerIn(place, plan);
      const kept = maker === undefined ? [] : silencesOf(place, maker, body, plan);
      const ranges = kept.filter(({ range }) => waits.some((wait) => isWithin(wait, range)));
      if (ranges.length === 0) continue;
      const isOfLoop = ranges.some((kept) => kept.isOfLoop);
      const entry = { number: made.size + 1, isOfLoop, isList: isOfLoop || makesMany(place.node, plan.made) };
      made.set(place.node, entry);
      for (const { range } of ranges) silences.push({ made: entry, range, apart: body.apart });
    }
  }
  return { made, silences };
}

function isCall(node: Node): node is CallExpression | NewExpression {
  return node.type === 'CallExpression' || node.type === 'NewExpression';
}

/** The emitters that are silent at a suspension. */
export function silentAt(offset: number, { silences }: Silences): Made[] {
  const silent = new Set<Made>();
  for (const { made, range, apart } of silences) {
    if (contains(range, offset) && !apart.some((span) => contains(span, offset))) silent.add(made);
  }
  return [...silent];
}

function contains({ start, end }: Span, offset: number): boolean {
  return offset >= start && offset < end;
}

function mayWait({ calls, accesses }: ModulePlan): boolean {
  return accesses.size > 0 || [...calls.values()].some(({ suspends }) => suspends);
}

function suspends(node: Node, { calls, accesses }: ModulePlan): boolean {
  const key = spanKey(spanOf(node));
  return calls.get(key)?.suspends === true || accesses.has(key);
}

function ownersIn(program: Node): Node[] {
  const found: Node[] = [program];
  const walk = (node: Node): void => {
    if (isFunction(node)) found.push(node);
    childrenOf(node).forEach(walk);
  };
  walk(program);
  return found;
}

function isApart(node: Node): boolean {
  return isFunction(node) || node.type === 'ClassBody';
}

function bodyOf(owner: Node, loopsOf: Body['loopsOf']): Body {
  const places: Place[] = [];
  const apart: Span[] = [];
  const flows: Flow[] = [];
  const declared = new Set<string>();
  const walk = (node: Node, around: Place | undefined): void => {
    const place = { node, around };
    places.push(place);
    for (const flow of flowsIn(node)) {
      const round = flow.round ?? loopThrough(flow.value, place);
      flows.push(round === undefined ? flow : { ...flow, round });
    }
    if (node.type === 'VariableDeclarator') for (const name of boundNames(node.id)) declared.add(name);
    if (isApart(node) && node !== owner) apart.push(spanOf(node));
    else for (const child of childrenOf(node)) walk(child, place);
  };
  walk(owner, undefined);
  if (isFunction(owner)) for (const param of owner.params) for (const name of boundNames(param)) declared.add(name);
  return { owner, loopsOf, places, flows, apart, declared };
}

/** What holds an emitter that an expression makes. */
interface Maker {
  /** Names, or paths such as `this.child` and `jobs.[].child`. */
  readonly paths: readonly string[];
  /** A variable of a block. */
  readonly isOfBlock: boolean;
  /** The call that is given the emitter, or the statement or function that returns it, by itself or in a literal. */
  readonly until?: Node;
}

const HANDED_ON = { paths: [], isOfBlock: false } as const;

function makerIn(place: Place, plan: ModulePlan): Maker | undefined {
  const isMany = makesMany(place.node, plan.made);
  if (!isMany && !isMade(place.node, plan.made)) return undefined;
  // It is part of a larger expression that has the same value.
  if (place.around !== undefined && isMade(place.around.node, plan.made)) return undefined;
  return holderOf(place, isMany ? `.${ELEMENT}` : '');
}

/**
 * What holds a value, by itself or in literals.
 *
 * @param inside the path from the value to the emitter
 */
function holderOf({ node: value, around }: Place, inside: string): Maker | undefined {
  if (around === undefined) return undefined;
  const { node } = around;
  switch (node.type) {
    case 'ArrayExpression':
      return holderOf(around, `.${ELEMENT}${inside}`);
    case 'ObjectProperty':
      return node.value === value ? holderOf(around, `.${keyOf(node.key, node.computed)}${inside}`) : undefined;
    case 'SpreadElement':
      return inside.startsWith(`.${ELEMENT}`) ? holderOf(around, inside.slice(ELEMENT.length + 1)) : undefined;
    case 'ConditionalExpression':
      return node.test === value ? undefined : holderOf(around, inside);
    case 'SequenceExpression':
      return node.expressions.at(-1) === value ? holderOf(around, inside) : undefined;
    case 'LogicalExpression':
    case 'ObjectExpression':
      return holderOf(around, inside);
    case 'VariableDeclarator': {
      const declaration = around.around?.node;
      const isOfBlock = declaration?.type === 'VariableDeclaration' && declaration.kind !== 'var';
      const path = pathOf(node.id);
      const paths = path === undefined ? boundNames(node.id) : [path + inside];
      return { paths, isOfBlock };
    }
    case 'AssignmentExpression': {
      const path = pathOf(node.left);
      const paths = path === undefined ? boundNames(node.left as LVal) : [path + inside];
      return node.right === value ? { paths, isOfBlock: false } : undefined;
    }
    case 'CallExpression':
    case 'NewExpression': {
      if (node.callee === value) return undefined;
      if (isNewCollection(node)) return holderOf(around, inside);
      const list = listAddedTo(node);
      if (list === undefined) return { ...HANDED_ON, until: node };
      return { paths: [`${list}.${ELEMENT}${inside}`], isOfBlock: false };
    }
    case 'ReturnStatement':
    case 'ArrowFunctionExpression':
      return { ...HANDED_ON, until: node };
    default:
      return /^(TS|TypeCast|Parenthesized)/.test(node.type) ? holderOf(around, inside) : undefined;
  }
}

/** `new Set([spawn(tool)])` */
function isNewCollection({ type, callee }: CallExpression | NewExpression): boolean {
  return type === 'NewExpression' && callee.type === 'Identifier' && (callee.name === 'Set' || callee.name === 'Map');
}

/** Where an emitter is silent. */
interface Kept {
  readonly range: Span;
  /** So is what the same expression has made in other rounds of a loop. */
  readonly isOfLoop: boolean;
}

function silencesOf(place: Place, maker: Maker, body: Body, plan: ModulePlan): Kept[] {
  const start = place.node.end as number;
  const { until } = maker;
  if (until !== undefined) {
    const kept: Span[] = [{ start, end: until.end as number }];
    // Who is called may wait before it listens to what it is given.
    if (isCall(until) && suspends(until, plan) && pathOf(until.callee) !== undefined) kept.push(spanOf(until.callee));
    return kept.map((range) => ({ range, isOfLoop: false }));
  }
  const found: Kept[] = [];
  const scope = scopeOf(place, maker.isOfBlock, body.owner);
  const range = scope && rangeIn(scope, place.node, undefined, maker, body, plan);
  if (range !== undefined) found.push({ range, isOfLoop: false });
  const around = loopAround(place, maker, body);
  const wider = around && rangeIn(around.scope, place.node, around.loop, maker, body, plan);
  if (wider !== undefined) found.push({ range: wider, isOfLoop: true });
  return found;
}

/**
 * From where an emitter has been made to where the last may begin to listen to it.
 *
 * @param scope in which the emitter that `maker` holds is the one that is meant, or one of those that are
 * @param value what makes it
 * @param around the loop that makes all of them, where there are several
 */
function rangeIn(
  scope: Node,
  value: Node,
  around: Node | undefined,
  maker: Maker,
  body: Body,
  plan: ModulePlan,
): Span | undefined {
  const making = spanOf(around ?? value);
  const start = around === undefined ? making.end : making.start;
  const limit = scope.end as number;
  const within = body.places.filter(({ node }) => (node.start as number) >= start && (node.end as number) <= limit);
  const { paths, moved, rounds } = aliasesOf(maker.paths, body.flows);
  const listeners = new Set(paths);
  for (const { node } of body.places) {
    const name = nameOfFunction(node);
    if (name !== undefined && mentions(node, paths)) listeners.add(name);
  }
  const poll = within.find(({ node }) => polls(node))?.node;
  // Where the loop itself waits for what it has made, the rest is what comes.
  if (poll !== undefined && isWithin(poll, making)) return undefined;
  const uses = within.filter(
    (at) => (at.node.start as number) >= making.end && !moved.has(at.node) && isUse(at, paths, listeners),
  );
  // What an object or a list holds can be had by whoever knows that.
  const isVisible = paths.every((path) => body.declared.has(path));
  if (uses.length === 0 && isVisible) return undefined;
  const end = uses.length === 0 ? limit : Math.max(...uses.map((use) => endOf(use, scope, making.end, rounds, paths)));
  return { start, end: Math.min(end, (poll?.start as number | undefined) ?? end) };

  /** Whether a loop, or a function that is called, waits for what listeners hear. */
  function polls(node: Node): boolean {
    if (isWaitingLoop(node, plan)) return isPoll(node, heardBefore(node));
    const loops = isCall(node) && suspends(node, plan) ? body.loopsOf(node) : [];
    if (loops.length === 0) return false;
    const heard = heardBefore(node);
    return loops.some((loop) => isPoll(loop, heard));
  }

  /** Names of which callbacks may know that are handed over before a place, or in a round before, and those of what calls them. */
  function heardBefore(node: Node): ReadonlySet<string> {
    const limit = Math.max(node.start as number, making.end);
    const isBefore = (span: Span) => span.start >= making.start && span.end <= limit;
    const before = body.places.filter((one) => isApart(one.node) && isBefore(spanOf(one.node)));
    return new Set([...before.flatMap((one) => mentionedIn(one.node)), ...paths.map(rootOf)]);
  }
}

/** A loop that waits for what listeners hear: without a compiler it would have no end. */
function isPoll(loop: WaitingLoop, heard: ReadonlySet<string>): boolean {
  return mentionedIn(isEndless(loop) ? loop.body : (loop.test as Node)).some((name) => heard.has(name));
}

/** Names, and fields such as `this.running`. */
function mentionedIn(node: Node): string[] {
  const path = node.type === 'MemberExpression' ? pathOf(node) : undefined;
  if (path !== undefined) return path.startsWith('this.') ? [path] : [path, rootOf(path)];
  if (node.type === 'Identifier') return [node.name];
  return childrenOf(node).flatMap(mentionedIn);
}

type WaitingLoop = WhileStatement | DoWhileStatement | ForStatement;

function isWaitingLoop(node: Node, plan: ModulePlan): node is WaitingLoop {
  if (node.type !== 'WhileStatement' && node.type !== 'DoWhileStatement' && node.type !== 'ForStatement') return false;
  return !isCounting(node) && some(node, (one) => suspends(one, plan));
}

/** A loop that comes to its end by itself: `for (let i = 0; i < count; i++)`. */
function isCounting(loop: Node): boolean {
  if (loop.type !== 'ForStatement' || !loop.test || loop.update?.type !== 'UpdateExpression') return false;
  const counter = pathOf(loop.update.argument);
  return counter !== undefined && mentionedIn(loop.test).includes(counter);
}

function some(root: Node, test: (node: Node) => boolean): boolean {
  return test(root) || childrenOf(root).some((child) => some(child, test));
}

/** Finds the loops that wait in the functions of a module that a call may call, by their names, and in those that these call. */
function loopsByCall(
  program: Node,
  plan: ModulePlan,
): (call: CallExpression | NewExpression) => readonly WaitingLoop[] {
  const functions = new Map<string, Node[]>();
  const walk = (node: Node): void => {
    const name = nameOfFunction(node) ?? nameOfMethod(node);
    if (name !== undefined) functions.set(name, [...(functions.get(name) ?? []), node]);
    childrenOf(node).forEach(walk);
  };
  walk(program);
  const known = new Map<string, readonly WaitingLoop[]>();
  const loopsOf = (name: string): readonly WaitingLoop[] => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, []);
    const found: WaitingLoop[] = [];
    const collect = (node: Node): void => {
      if (isWaitingLoop(node, plan)) found.push(node);
      const called = isCall(node) && suspends(node, plan) ? nameOfCallee(node) : undefined;
      if (called !== undefined) found.push(...loopsOf(called));
      childrenOf(node).forEach(collect);
    };
    (functions.get(name) ?? []).forEach(collect);
    known.set(name, found);
    return found;
  };
  return (call) => {
    const name = nameOfCallee(call);
    return name === undefined ? [] : loopsOf(name);
  };
}

function nameOfCallee({ callee }: CallExpression | NewExpression): string | undefined {
  const path = pathOf(callee);
  return path?.slice(path.lastIndexOf('.') + 1);
}

/** The name of a method, or of a property that is a function. */
function nameOfMethod(node: Node): string | undefined {
  if (!('key' in node) || node.key === null || typeof node.key !== 'object') return undefined;
  return keyOf(node.key as Node, (node as { computed?: boolean }).computed === true);
}

function isEndless(loop: Node): boolean {
  return 'test' in loop && (!loop.test || (loop.test as Node).type === 'BooleanLiteral');
}

function isWithin(node: Node, span: Span): boolean {
  return (node.start as number) >= span.start && (node.start as number) < span.end;
}

const LOOP = /^(While|DoWhile|For|ForIn|ForOf)Statement$/;
const BLOCK = /^(Program|BlockStatement|SwitchCase|StaticBlock)$/;
const CHOICE = /^(Conditional|Logical)Expression$|^(If|Switch|Try|Labeled)Statement$|^AssignmentPattern$/;

/**
 * In which node an emitter that has been made is the one that is meant: in a loop, the next time round another one is, or none. Undefined where
 * that cannot be told.
 */
function scopeOf(place: Place, isOfBlock: boolean, owner: Node): Node | undefined {
  let block: Node | undefined;
  let isChosen = false;
  for (let at = place.around; at !== undefined; at = at.around) {
    const { node } = at;
    if (block === undefined && BLOCK.test(node.type)) block = node;
    else if (block === undefined && CHOICE.test(node.type)) isChosen = true;
    if (block !== undefined && isOfBlock) return block;
    if (LOOP.test(node.type)) return isChosen ? undefined : block;
  }
  return owner;
}

/**
 * The outermost loop that adds to a list of before, and where that list is. None that may have no end, or that is within another one with a list for
 * each round: what it has made would be kept, more and more of it.
 */
function loopAround(place: Place, maker: Maker, body: Body): { loop: Node; scope: Node } | undefined {
  const path = aliasesOf(maker.paths, body.flows).paths.find((one) => one.includes(ELEMENT));
  if (path === undefined) return undefined;
  const root = rootOf(path);
  let loop: Node | undefined;
  let scope: Node | undefined;
  for (let at = place.around; at !== undefined; at = at.around) {
    const { node } = at;
    if (LOOP.test(node.type)) {
      if (scope !== undefined || !isLimited(node)) return undefined;
      loop = node;
    }
    if (scope === undefined && BLOCK.test(node.type) && declares(node, root)) scope = node;
  }
  return loop && { loop, scope: scope ?? body.owner };
}

function isLimited(loop: Node): boolean {
  if (loop.type === 'ForOfStatement') return !loop.await;
  return loop.type === 'ForInStatement' || (loop.type === 'ForStatement' && Boolean(loop.test) && Boolean(loop.update));
}

function declares(block: Node, name: string): boolean {
  return childrenOf(block).some(
    (child) =>
      child.type === 'VariableDeclaration' &&
      child.kind !== 'var' &&
      child.declarations.some(({ id }) => boundNames(id).includes(name)),
  );
}

/** Whether a node is a place at which somebody may begin to listen to what one of `paths` holds. */
function isUse(place: Place, paths: readonly string[], listeners: ReadonlySet<string>): boolean {
  const { node } = place;
  if (isApart(node)) return nameOfFunction(node) === undefined && mentions(node, paths);
  const path = pathOf(node);
  if (path === undefined || !isWhole(place)) return false;
  return listensBy(path, place, paths) || (listeners.has(path) && !paths.includes(path));
}

/** Whether somebody may listen behind a mention of an emitter, or of what holds it. */
function listensBy(path: string, place: Place, paths: readonly string[]): boolean {
  if (paths.includes(path)) return attaches(place);
  return paths.some((one) => one.startsWith(`${path}.`)) && attaches(place, true);
}

/** Whether a name or member is not the property or key of something else. */
function isWhole({ node, around }: Place): boolean {
  const parent = around?.node;
  if (parent === undefined) return true;
  const isKey = ('property' in parent && parent.property === node) || ('key' in parent && parent.key === node);
  return !isKey || ('computed' in parent && parent.computed === true);
}

/**
 * Whether somebody may listen behind a mention of an emitter: it is handed on, or one of its methods attaches a listener.
 *
 * @param isOwner it is the object that holds the emitter: any of its methods may
 */
function attaches({ node, around }: Place, isOwner = false): boolean {
  const parent = around?.node;
  if (around === undefined || parent === undefined) return false;
  if (/^(TS|TypeCast|Parenthesized)/.test(parent.type)) return attaches(around, isOwner);
  if (parent.type === 'MemberExpression' || parent.type === 'OptionalMemberExpression') {
    const name = parent.property.type === 'Identifier' && !parent.computed ? parent.property.name : undefined;
    const outer = around.around?.node;
    const isCalled = outer !== undefined && 'callee' in outer && unwrap(outer.callee as Node) === parent;
    if (isCalled && isOwner) return name === undefined || !ADDING.has(name);
    if (isCalled) return name === undefined || ATTACHING.has(name);
    if (outer?.type === 'AssignmentExpression' && outer.left === parent) return !isOwner && /^on/.test(name ?? 'on');
    return !isOwner && (name === undefined || PARTS.has(name)) && attaches(around);
  }
  if (parent.type === 'AssignmentExpression') return parent.right === node;
  return !/^(Unary|Binary|Update)Expression$|^(If|While|DoWhile|For|Expression)Statement$/.test(parent.type);
}

/** The name by which a function that is declared or kept in a variable is called. */
function nameOfFunction(node: Node): string | undefined {
  if (node.type === 'FunctionDeclaration') return node.id?.name;
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return undefined;
  return isFunction(unwrap(node.init)) ? node.id.name : undefined;
}

/** Whether a function or class inside mentions one of `paths` so that it may attach listeners. */
function mentions(root: Node, paths: readonly string[]): boolean {
  return mentionsIn(root, paths).length > 0;
}

function mentionsIn(root: Node, paths: readonly string[]): Node[] {
  const found: Node[] = [];
  const walk = (node: Node, around: Place | undefined): void => {
    const place = { node, around };
    const path = pathOf(node);
    if (path !== undefined && isWhole(place) && listensBy(path, place, paths)) found.push(node);
    else for (const child of childrenOf(node)) walk(child, place);
  };
  walk(root, undefined);
  return found;
}

/**
 * Where what a use does has been done: behind the whole expression, but before a loop that may do it again and again.
 *
 * @param rounds loops that do it to one emitter after the other
 * @param paths of the emitters, by which a function inside mentions them
 */
function endOf(use: Place, scope: Node, start: number, rounds: ReadonlySet<Node>, paths: readonly string[]): number {
  const elements = isApart(use.node) ? mentionsIn(use.node, paths) : [use.node];
  const through = new Set(elements.map((element) => loopThrough(element, use.around)));
  let end = use.node.end as number;
  let isOutermost = false;
  for (let at = use.around; at !== undefined && at.node !== scope; at = at.around) {
    const { node } = at;
    isOutermost ||= /Statement$|^(VariableDeclaration|SwitchCase|Program)$/.test(node.type);
    if (!isOutermost || /^(Return|Throw|Expression)Statement$|^VariableDeclaration$/.test(node.type))
      end = node.end as number;
    if (rounds.has(node) || through.has(node)) end = node.end as number;
    else if (LOOP.test(node.type) && (node.start as number) >= start) end = node.start as number;
  }
  return end;
}

/** The loop that gets from one element to the next: that of `i` for `list[i]`. */
function loopThrough(element: Node, around: Place | undefined): Node | undefined {
  const keys = keysIn(element);
  if (keys.length === 0) return undefined;
  for (let at = around; at !== undefined; at = at.around) {
    if (countersOf(at.node).some((name) => keys.includes(name))) return at.node;
  }
  return undefined;
}

function keysIn(wrapped: Node): string[] {
  const node = unwrap(wrapped);
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return [];
  return [...(node.computed ? mentionedIn(node.property) : []), ...keysIn(node.object)];
}

/** The variables that have another value in each round of a loop that comes to its end by itself. */
function countersOf(loop: Node): string[] {
  if (loop.type === 'ForInStatement' || loop.type === 'ForOfStatement') {
    const { left } = loop;
    return left.type === 'VariableDeclaration'
      ? left.declarations.flatMap(({ id }) => boundNames(id))
      : mentionedIn(left);
  }
  return loop.type === 'ForStatement' && isCounting(loop) ? mentionedIn(loop.update as Node) : [];
}
