/**
 * Where what a function has made stays silent: at its suspensions between the call that has made an emitter, and the last place at which
 * somebody may begin to listen to it.
 *
 * See docs/decisions/0029-what-a-function-makes-stays-silent.md.
 */
import type { CallExpression, NewExpression, Node } from '@babel/types';
import { ADDING, ATTACHING, PARTS } from '../catalogue/emitters.js';
import type { ParsedModule } from '../parse/parse.js';
import { type ModulePlan, type Span, spanKey } from '../program.js';
import { isMade, makesMany } from '../syntax/made.js';
import { boundNames, namesIn } from '../syntax/names.js';
import { childrenOf, isFunction, spanOf, unwrap } from '../syntax/nodes.js';
import { aliasesIn, ELEMENT, keyOf, listAddedTo, pathOf, rootOf } from './aliases.js';

/** Suspensions that keep one emitter silent. */
export interface Silence {
  /** The number of the expression that makes it, among those of the module. */
  readonly made: number;
  readonly range: Span;
  /** Functions inside, whose suspensions are their own. */
  readonly apart: readonly Span[];
  readonly isList: boolean;
}

/** What an expression makes that has to be silent. */
export interface Made {
  /** Its number, among those of the module. */
  readonly number: number;
  /** The expression is a list, or is evaluated again while what it has made before has to be silent. */
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
  /** Its own nodes, in source order. Of functions and classes inside, only these themselves. */
  readonly places: readonly Place[];
  readonly apart: readonly Span[];
  /** Names that it declares. */
  readonly declared: ReadonlySet<string>;
  /** Those of them that get an object of which nobody else knows. */
  readonly fresh: ReadonlySet<string>;
}

/** What a module keeps silent. */
export function silencesIn(module: ParsedModule, plan: ModulePlan): Silences {
  if (plan.made.size === 0 || !mayWait(plan)) return NO_SILENCES;
  const made = new Map<Node, Made>();
  const silences: Silence[] = [];
  for (const owner of ownersIn(module.ast.program)) {
    if (isFunction(owner) && owner.generator === true) continue;
    const body = bodyOf(owner);
    const waits = body.places.map(({ node }) => node).filter((node) => suspends(node, plan));
    if (waits.length === 0) continue;
    for (const place of body.places) {
      const maker = makerIn(place, plan);
      const kept = maker === undefined ? [] : silencesOf(place, maker, body, waits, plan);
      const ranges = kept.filter(({ range }) => waits.some((wait) => isWithin(wait, range)));
      if (ranges.length === 0) continue;
      const isList = makesMany(place.node, plan.made) || ranges.some(({ isOfLoop }) => isOfLoop);
      const number = made.size + 1;
      made.set(place.node, { number, isList });
      for (const { range } of ranges) silences.push({ made: number, range, apart: body.apart, isList });
    }
  }
  return { made, silences };
}

function isCall(node: Node): node is CallExpression | NewExpression {
  return node.type === 'CallExpression' || node.type === 'NewExpression';
}

/** The emitters that are silent at a suspension. */
export function silentAt(offset: number, { silences }: Silences): Made[] {
  const silent = new Map<number, Made>();
  for (const { made, range, apart, isList } of silences) {
    if (contains(range, offset) && !apart.some((span) => contains(span, offset)))
      silent.set(made, { number: made, isList });
  }
  return [...silent.values()];
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

const LITERAL = /^(Array|Object|New)Expression$/;

function isApart(node: Node): boolean {
  return isFunction(node) || node.type === 'ClassBody';
}

function bodyOf(owner: Node): Body {
  const places: Place[] = [];
  const apart: Span[] = [];
  const declared = new Set<string>();
  const fresh = new Set<string>();
  const walk = (node: Node, around: Place | undefined): void => {
    const place = { node, around };
    places.push(place);
    if (node.type === 'VariableDeclarator') {
      for (const name of boundNames(node.id)) declared.add(name);
      if (node.id.type === 'Identifier' && node.init && LITERAL.test(node.init.type)) fresh.add(node.id.name);
    }
    if (isApart(node) && node !== owner) apart.push(spanOf(node));
    else for (const child of childrenOf(node)) walk(child, place);
  };
  walk(owner, undefined);
  if (isFunction(owner)) for (const param of owner.params) for (const name of boundNames(param)) declared.add(name);
  return { owner, places, apart, declared, fresh };
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
      if (path === undefined || node.right !== value) return undefined;
      return { paths: [path + inside], isOfBlock: false };
    }
    case 'CallExpression':
    case 'NewExpression': {
      if (node.callee === value) return undefined;
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

/** Where an emitter is silent. */
interface Kept {
  readonly range: Span;
  /** So is what the same expression has made in other rounds of a loop. */
  readonly isOfLoop: boolean;
}

function silencesOf(place: Place, maker: Maker, body: Body, waits: readonly Node[], plan: ModulePlan): Kept[] {
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
  const range = scope && rangeIn(scope, spanOf(place.node), start, maker, body, waits);
  if (range !== undefined) found.push({ range, isOfLoop: false });
  const around = loopAround(place, maker, body);
  const loop = around && spanOf(around.loop);
  const wider = loop && rangeIn(around.scope, loop, loop.start, maker, body, waits);
  if (wider !== undefined) found.push({ range: wider, isOfLoop: true });
  return found;
}

/**
 * To where the last may begin to listen to an emitter.
 *
 * @param scope in which the emitter that `maker` holds is the one that is meant, or one of those that are
 * @param making where that is made
 * @param start from where it has been made, or may have been in another round
 */
function rangeIn(
  scope: Node,
  making: Span,
  start: number,
  maker: Maker,
  body: Body,
  waits: readonly Node[],
): Span | undefined {
  const limit = scope.end as number;
  const within = body.places.filter(({ node }) => (node.start as number) >= start && (node.end as number) <= limit);
  const { paths, moved, rounds } = aliasesIn(
    maker.paths,
    within.map(({ node }) => node),
  );
  const listeners = new Set(paths);
  for (const { node } of body.places) {
    const name = nameOfFunction(node);
    if (name !== undefined && mentions(node, paths)) listeners.add(name);
  }
  const poll = within.find(({ node }) => isPoll(node, waits, heardIn(node)))?.node;
  // Where the loop itself waits for what it has made, the rest is what comes.
  if (poll !== undefined && isWithin(poll, making)) return undefined;
  const uses = within.filter(
    (at) => (at.node.start as number) >= making.end && !moved.has(at.node) && isUse(at, paths, listeners),
  );
  const isVisible = paths.every((path) => (path.includes('.') ? body.fresh : body.declared).has(rootOf(path)));
  if (uses.length === 0 && isVisible) return undefined;
  const end = uses.length === 0 ? limit : Math.max(...uses.map((use) => endOf(use, scope, making.end, rounds)));
  return { start, end: Math.min(end, (poll?.start as number | undefined) ?? end) };

  /** Names of which callbacks may know that are handed over before a loop, or in a round before, and those of what calls them. */
  function heardIn(loop: Node): ReadonlySet<string> {
    const limit = Math.max(loop.start as number, making.end);
    const isBefore = (span: Span) => span.start >= making.start && span.end <= limit;
    const before = body.places.filter(({ node }) => isApart(node) && isBefore(spanOf(node)));
    return new Set([...before.flatMap(({ node }) => namesIn(node)), ...paths.map(rootOf)]);
  }
}

/** A loop that waits for what listeners hear: without a compiler it would have no end. */
function isPoll(node: Node, waits: readonly Node[], heard: ReadonlySet<string>): boolean {
  if (node.type !== 'WhileStatement' && node.type !== 'DoWhileStatement' && node.type !== 'ForStatement') return false;
  if (!waits.some((wait) => isWithin(wait, spanOf(node)))) return false;
  return namesIn(isEndless(node) ? node.body : (node.test as Node)).some((name) => heard.has(name));
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

/** The outermost loop that adds to a list of before, and where that list is. None that has no end, which makes more and more. */
function loopAround(place: Place, maker: Maker, body: Body): { loop: Node; scope: Node } | undefined {
  const behind = body.places
    .map(({ node }) => node)
    .filter(({ start }) => (start as number) >= (place.node.end as number));
  const path = aliasesIn(maker.paths, behind).paths.find((one) => one.includes(ELEMENT));
  if (path === undefined) return undefined;
  const root = rootOf(path);
  let loop: Node | undefined;
  let scope: Node = body.owner;
  for (let at = place.around; at !== undefined; at = at.around) {
    const { node } = at;
    if (LOOP.test(node.type)) {
      if (isEndless(node)) return undefined;
      loop = node;
    }
    if (BLOCK.test(node.type) && declares(node, root)) {
      scope = node;
      break;
    }
  }
  return loop && { loop, scope };
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
  return path !== undefined && isWhole(place) && (listensBy(path, place, paths) || listeners.has(path));
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
  const walk = (node: Node, around: Place | undefined): boolean => {
    const place = { node, around };
    const path = pathOf(node);
    if (path !== undefined && isWhole(place) && listensBy(path, place, paths)) return true;
    return childrenOf(node).some((child) => walk(child, place));
  };
  return walk(root, undefined);
}

/**
 * Where what a use does has been done: behind the whole expression, but before a loop that may do it again and again.
 *
 * @param rounds loops that do it to one emitter after the other
 */
function endOf(use: Place, scope: Node, start: number, rounds: ReadonlySet<Node>): number {
  let end = use.node.end as number;
  let isOutermost = false;
  for (let at = use.around; at !== undefined && at.node !== scope; at = at.around) {
    const { node } = at;
    isOutermost ||= /Statement$|^(VariableDeclaration|SwitchCase|Program)$/.test(node.type);
    if (!isOutermost || /^(Return|Throw|Expression)Statement$|^VariableDeclaration$/.test(node.type))
      end = node.end as number;
    if (rounds.has(node)) end = node.end as number;
    else if (LOOP.test(node.type) && (node.start as number) >= start) end = node.start as number;
  }
  return end;
}
