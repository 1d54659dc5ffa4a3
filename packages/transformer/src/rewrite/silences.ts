/**
 * Where what a function has made stays silent: at its suspensions between the call that has made an emitter, and the last place at which
 * somebody may begin to listen to it.
 *
 * See docs/decisions/0029-what-a-function-makes-stays-silent.md.
 */
import type { CallExpression, NewExpression, Node } from '@babel/types';
import { ATTACHING, PARTS } from '../catalogue/emitters.js';
import type { ParsedModule } from '../parse/parse.js';
import { type ModulePlan, type Span, spanKey } from '../program.js';
import { isMade } from '../syntax/made.js';
import { boundNames, namesIn } from '../syntax/names.js';
import { childrenOf, isFunction, spanOf, unwrap } from '../syntax/nodes.js';

/** Suspensions that keep one emitter silent. */
export interface Silence {
  /** The number of the expression that makes it, among those of the module. */
  readonly made: number;
  readonly range: Span;
  /** Functions inside, whose suspensions are their own. */
  readonly apart: readonly Span[];
}

export interface Silences {
  /** Expressions that make an emitter, with their numbers. */
  readonly made: ReadonlyMap<Node, number>;
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
}

/** What a module keeps silent. */
export function silencesIn(module: ParsedModule, plan: ModulePlan): Silences {
  if (plan.made.size === 0 || !mayWait(plan)) return NO_SILENCES;
  const made = new Map<Node, number>();
  const silences: Silence[] = [];
  for (const owner of ownersIn(module.ast.program)) {
    if (isFunction(owner) && owner.generator === true) continue;
    const body = bodyOf(owner);
    const waits = body.places.map(({ node }) => node).filter((node) => suspends(node, plan));
    if (waits.length === 0) continue;
    const keep = (value: Node, range: Span): void => {
      made.set(value, made.size + 1);
      silences.push({ made: made.size, range, apart: body.apart });
    };
    for (const place of body.places) {
      const { node } = place;
      const maker = makerIn(place, plan);
      const range = maker === undefined ? undefined : rangeOf(place, maker, body, waits);
      if (maker !== undefined && range !== undefined && waits.some((wait) => isWithin(wait, range)))
        keep(maker.value, range);
      // Who is called may wait before it listens to what it is given.
      if (!isCall(node) || !suspends(node, plan) || pathOf(node.callee) === undefined) continue;
      for (const argument of node.arguments) if (isMade(argument, plan.made)) keep(argument, spanOf(node.callee));
    }
  }
  return { made, silences };
}

function isCall(node: Node): node is CallExpression | NewExpression {
  return node.type === 'CallExpression' || node.type === 'NewExpression';
}

/** The emitters that are silent at a suspension. */
export function silentAt(offset: number, { silences }: Silences): number[] {
  return silences.flatMap(({ made, range, apart }) => {
    const isHere = contains(range, offset) && !apart.some((span) => contains(span, offset));
    return isHere ? made : [];
  });
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

function bodyOf(owner: Node): Body {
  const places: Place[] = [];
  const apart: Span[] = [];
  const declared = new Set<string>();
  const walk = (node: Node, around: Place | undefined): void => {
    const place = { node, around };
    places.push(place);
    if (node.type === 'VariableDeclarator') for (const name of boundNames(node.id)) declared.add(name);
    if (isApart(node) && node !== owner) apart.push(spanOf(node));
    else for (const child of childrenOf(node)) walk(child, place);
  };
  walk(owner, undefined);
  if (isFunction(owner)) for (const param of owner.params) for (const name of boundNames(param)) declared.add(name);
  return { owner, places, apart, declared };
}

/** An expression that makes an emitter, and what holds that. */
interface Maker {
  readonly value: Node;
  /** Names, or paths such as `this.child`. */
  readonly paths: readonly string[];
  /** Nobody else can reach the variable. */
  readonly isOwn: boolean;
  /** A variable of a block. */
  readonly isOfBlock: boolean;
}

function makerIn({ node, around }: Place, plan: ModulePlan): Maker | undefined {
  if (node.type === 'VariableDeclarator' && node.init && isMade(node.init, plan.made)) {
    const declaration = around?.node;
    const isOfBlock = declaration?.type === 'VariableDeclaration' && declaration.kind !== 'var';
    return { value: node.init, paths: boundNames(node.id), isOwn: true, isOfBlock };
  }
  if (node.type === 'AssignmentExpression' && isMade(node.right, plan.made)) {
    const path = pathOf(node.left);
    return path === undefined
      ? undefined
      : { value: node.right, paths: [path], isOwn: node.left.type === 'Identifier', isOfBlock: false };
  }
  return undefined;
}

/** `child`, `this.child`. */
function pathOf(wrapped: Node): string | undefined {
  const node = unwrap(wrapped);
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'ThisExpression') return 'this';
  if ((node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') || node.computed) return undefined;
  const object = pathOf(node.object);
  const { property } = node;
  const name = property.type === 'PrivateName' ? `#${property.id.name}` : (property as { name?: string }).name;
  return object === undefined || name === undefined ? undefined : `${object}.${name}`;
}

function rangeOf(
  place: Place,
  { value, paths, isOwn, isOfBlock }: Maker,
  body: Body,
  waits: readonly Node[],
): Span | undefined {
  const scope = scopeOf(place, isOfBlock, body.owner);
  if (scope === undefined) return undefined;
  const start = value.end as number;
  const limit = scope.end as number;
  const behind = body.places.filter(({ node }) => (node.start as number) >= start && (node.end as number) <= limit);
  const listeners = new Set(paths);
  for (const { node } of body.places) {
    const name = nameOfFunction(node);
    if (name !== undefined && mentions(node, paths)) listeners.add(name);
  }
  const uses = behind.filter((at) => isUse(at, paths, listeners));
  const isVisible = isOwn && paths.every((path) => body.declared.has(path));
  if (uses.length === 0) return isVisible ? undefined : { start, end: limit };
  const end = Math.max(...uses.map((use) => endOf(use, scope, start)));
  const poll = behind.find(({ node }) => isPoll(node, waits, heardIn(node)));
  return { start, end: Math.min(end, (poll?.node.start as number | undefined) ?? end) };

  /** Names of which callbacks may know that are handed over before a loop, and those of what calls them. */
  function heardIn(loop: Node): ReadonlySet<string> {
    const isBefore = ({ start, end }: Span) => start >= (value.start as number) && end <= (loop.start as number);
    const before = body.places.filter(({ node }) => isApart(node) && isBefore(spanOf(node)));
    return new Set([...before.flatMap(({ node }) => namesIn(node)), ...paths.map((path) => path.replace(/\..*/, ''))]);
  }
}

/** A loop that waits for what listeners hear: without a compiler it would have no end. */
function isPoll(node: Node, waits: readonly Node[], heard: ReadonlySet<string>): boolean {
  if (node.type !== 'WhileStatement' && node.type !== 'DoWhileStatement' && node.type !== 'ForStatement') return false;
  if (!waits.some((wait) => isWithin(wait, spanOf(node)))) return false;
  const isEndless = !node.test || node.test.type === 'BooleanLiteral';
  return namesIn(isEndless ? node.body : (node.test as Node)).some((name) => heard.has(name));
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

/** Whether a node is a place at which somebody may begin to listen to what one of `paths` holds. */
function isUse(place: Place, paths: readonly string[], listeners: ReadonlySet<string>): boolean {
  const { node } = place;
  if (isApart(node)) return nameOfFunction(node) === undefined && mentions(node, paths);
  const path = pathOf(node);
  if (path === undefined || !isWhole(place)) return false;
  if (paths.includes(path)) return attaches(place);
  return listeners.has(path) || paths.some((one) => one.startsWith(`${path}.`) && attaches(place, true));
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
    if (isCalled) return isOwner || name === undefined || ATTACHING.has(name);
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
    if (path !== undefined && paths.includes(path) && isWhole(place) && attaches(place)) return true;
    return childrenOf(node).some((child) => walk(child, place));
  };
  return walk(root, undefined);
}

/** Where what a use does has been done: behind the whole expression, but before a loop that may do it again and again. */
function endOf(use: Place, scope: Node, start: number): number {
  let end = use.node.end as number;
  let isOutermost = false;
  for (let at = use.around; at !== undefined && at.node !== scope; at = at.around) {
    const { node } = at;
    isOutermost ||= /Statement$|^(VariableDeclaration|SwitchCase|Program)$/.test(node.type);
    if (!isOutermost || /^(Return|Throw|Expression)Statement$|^VariableDeclaration$/.test(node.type))
      end = node.end as number;
    if (LOOP.test(node.type) && (node.start as number) >= start) end = node.start as number;
  }
  return end;
}
