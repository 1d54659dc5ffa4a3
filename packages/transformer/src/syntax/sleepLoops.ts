/**
 * Loops that do nothing but wait until the clock says that it is time: `while (Date.now() < end);`. What they wait for must be settled when they begin,
 * because other parts of the program run while the asynchronous form waits: names that nobody assigns meanwhile, and numbers.
 */
import type { BinaryExpression, Identifier, Node, Program, VariableDeclaration } from '@babel/types';
import { boundNames } from './names.js';
import { childrenOf, isFunction, isNamed, isPropertyName, unwrap } from './nodes.js';

/** A loop that sleeps. */
export interface SleepLoop {
  readonly node: Node;
  /** The comparison that is true as long as there is time left. */
  readonly test: BinaryExpression;
  /** Names in it that have to be what they were when the loop began. */
  readonly names: readonly Identifier[];
  /** The variable that holds what the clock has said, where the loop has one. */
  readonly clock: string | undefined;
  /** At its first test that variable holds whatever it was given before. */
  readonly mayBeStale: boolean;
}

/** The loop that `node` is, if nothing in its text speaks against it; what its names mean is for the caller to see. */
export function sleepLoopOf(node: Node): SleepLoop | undefined {
  const steps = stepsOf(node);
  if (steps === undefined) return undefined;
  const test = unwrap(steps.test);
  if (test.type !== 'BinaryExpression' || !/^[<>]=?$/.test(test.operator)) return undefined;
  const assigned = steps.rest.filter((step) => !isNothing(step));
  if (assigned.length > 1) return undefined;
  const clock = assigned[0] === undefined ? undefined : readingOf(assigned[0]);
  if (assigned.length === 1 && clock === undefined) return undefined;
  const names: Identifier[] = [];
  const left = directionOf(test.left, clock, names);
  const right = directionOf(test.right, clock, names);
  if (left === undefined || right === undefined) return undefined;
  // Time must make it false: what is on the smaller side grows, or the other one shrinks.
  const growth = /^</.test(test.operator) ? left - right : right - left;
  const mayBeStale = clock !== undefined && node.type !== 'DoWhileStatement';
  return growth === 1 ? { node, test, names, clock, mayBeStale } : undefined;
}

/** The test of a loop, and what else it does again and again. */
function stepsOf(node: Node): { readonly test: Node; readonly rest: readonly Node[] } | undefined {
  if (node.type === 'WhileStatement' || node.type === 'DoWhileStatement') return { test: node.test, rest: [node.body] };
  if (node.type !== 'ForStatement' || !node.test) return undefined;
  return { test: node.test, rest: node.update ? [node.body, node.update] : [node.body] };
}

function isNothing(step: Node): boolean {
  if (step.type === 'BlockStatement') return step.directives.length === 0 && step.body.every(isNothing);
  return step.type === 'EmptyStatement';
}

/** The variable to which a step assigns what the clock says. */
function readingOf(step: Node): string | undefined {
  if (step.type === 'BlockStatement') return step.body.length === 1 ? readingOf(step.body[0] as Node) : undefined;
  if (step.type === 'VariableDeclaration') return declaredReading(step);
  const expression = step.type === 'ExpressionStatement' ? unwrap(step.expression) : step;
  if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return undefined;
  const { left, right } = expression;
  return left.type === 'Identifier' && isClock(unwrap(right)) ? left.name : undefined;
}

/** `var now = Date.now()`, which the test of the loop sees. */
function declaredReading({ kind, declarations: [declared, ...others] }: VariableDeclaration): string | undefined {
  if (kind !== 'var' || others.length > 0 || !declared?.init || declared.id.type !== 'Identifier') return undefined;
  return isClock(unwrap(declared.init)) ? declared.id.name : undefined;
}

/** `Date.now()`, `performance.now()`, `new Date()` and its numbers. Whether these names are Node's is for the caller to see. */
function isClock(node: Node): boolean {
  if (node.type === 'NewExpression') return isNamed(node.callee, 'Date') && node.arguments.length === 0;
  if (node.type === 'UnaryExpression') return node.operator === '+' && isNewDate(unwrap(node.argument));
  if (node.type !== 'CallExpression') return false;
  const callee = unwrap(node.callee);
  if (isNamed(callee, 'Number')) return node.arguments.length === 1 && isNewDate(unwrap(node.arguments[0] as Node));
  if (node.arguments.length > 0 || callee.type !== 'MemberExpression' || callee.computed) return false;
  const object = unwrap(callee.object);
  if (isNamed(callee.property, 'now')) return isNamed(object, 'Date') || isNamed(object, 'performance');
  return (isNamed(callee.property, 'getTime') || isNamed(callee.property, 'valueOf')) && isNewDate(object);
}

function isNewDate(node: Node): boolean {
  return node.type === 'NewExpression' && isClock(node);
}

/**
 * How an expression changes as time goes by, millisecond for millisecond: 1, -1, or 0 if it does not.
 *
 * @param names gets those that it consists of
 * @returns undefined for what may change otherwise, or do something
 */
function directionOf(wrapped: Node, clock: string | undefined, names: Identifier[]): number | undefined {
  const node = unwrap(wrapped);
  // A loop that reads the clock into a variable has no other clock.
  if (clock === undefined ? isClock(node) : isNamed(node, clock)) return 1;
  if (node.type === 'NumericLiteral') return 0;
  if (node.type === 'Identifier') {
    names.push(node);
    return 0;
  }
  if (node.type !== 'BinaryExpression') return undefined;
  const left = directionOf(node.left, clock, names);
  const right = directionOf(node.right, clock, names);
  if (left === undefined || right === undefined) return undefined;
  if (node.operator === '+') return left + right;
  if (node.operator === '-') return left - right;
  return node.operator === '*' && left === 0 && right === 0 ? 0 : undefined;
}

/** How the names of a module are used, without regard to scopes. */
export interface NameUses {
  /** The functions, or the program, that assign to a name outside of its declarations. */
  readonly writers: ReadonlyMap<string, ReadonlySet<Node>>;
  /** Those that mention it. */
  readonly users: ReadonlyMap<string, ReadonlySet<Node>>;
  /** Names that `var` and `let` declare somewhere: they may change without being assigned to. */
  readonly variable: ReadonlySet<string>;
  /** Names of what other modules may change. */
  readonly imported: ReadonlySet<string>;
  /** The innermost function around each loop, or the program. */
  readonly ownerOf: ReadonlyMap<Node, Node>;
  /** Whether a function is one of those inside of another, or of the program. */
  isInside(inner: Node, outer: Node): boolean;
  /** What {@link sleepLoopOf} finds, by the test. */
  readonly loops: ReadonlyMap<Node, SleepLoop>;
  /** Whether a name in a loop only ever stands for a new date that is calculated with: nobody else gets at the date. */
  isPrivateDate(name: string, loop: Node): boolean;
}

/** The names in the test of a loop that have to hold numbers, which the text does not say. */
export function namesToCheck(test: BinaryExpression, uses: NameUses): ReadonlySet<string> {
  const loop = uses.loops.get(test);
  const names = loop?.names.map(({ name }) => name) ?? [];
  return new Set(names.filter((name) => !uses.isPrivateDate(name, loop?.node as Node)));
}

const known = new WeakMap<Program, NameUses>();

export function nameUses(program: Program): NameUses {
  let found = known.get(program);
  if (found === undefined) {
    found = findUses(program);
    known.set(program, found);
  }
  return found;
}

const LOOP = /^(While|DoWhile|For)Statement$/;

function findUses(program: Program): NameUses {
  const writers = new Map<string, Set<Node>>();
  const users = new Map<string, Set<Node>>();
  const ownerOf = new Map<Node, Node>();
  const outerOf = new Map<Node, Node>();
  const loops = new Map<Node, SleepLoop>();
  const dates = new Map<string, Set<Node>>();
  const passedOn = new Map<string, Set<Node>>();
  const variable = new Set<string>();
  const imported = new Set<string>();
  const add = (to: Map<string, Set<Node>>, name: string, owner: Node): void => {
    const owners = to.get(name);
    if (owners) owners.add(owner);
    else to.set(name, new Set([owner]));
  };
  const walk = (node: Node, parent: Node, owner: Node): void => {
    const target = writtenBy(node);
    if (target !== undefined) for (const name of targetNames(target)) add(writers, name, owner);
    for (const name of variablesOf(node)) variable.add(name);
    if (node.type === 'ImportDeclaration') for (const { local } of node.specifiers) imported.add(local.name);
    if (LOOP.test(node.type)) {
      ownerOf.set(node, owner);
      const loop = sleepLoopOf(node);
      if (loop !== undefined) loops.set(loop.test, loop);
    }
    if (node.type === 'Identifier' && !isPropertyName(node, parent)) {
      add(users, node.name, owner);
      const isDate =
        parent.type === 'VariableDeclarator' && parent.id === node && isNewDate(unwrap(parent.init ?? node));
      if (isDate) add(dates, node.name, owner);
      else if (parent.type !== 'BinaryExpression') add(passedOn, node.name, owner);
    }
    const inner = isFunction(node) || node.type === 'ClassBody' ? node : owner;
    if (inner !== owner) outerOf.set(inner, owner);
    for (const child of childrenOf(node)) walk(child, node, inner);
  };
  walk(program, program, program);
  const isInside = (inner: Node, outer: Node): boolean => {
    const around = outerOf.get(inner);
    return around !== undefined && (around === outer || isInside(around, outer));
  };
  const isPrivateDate = (name: string, loop: Node): boolean => {
    const owner = ownerOf.get(loop) as Node;
    const others = [...(passedOn.get(name) ?? [])];
    // A variable of the function itself is none of those with its name in other functions.
    if (!dates.get(name)?.has(owner)) return dates.has(name) && others.length === 0;
    return !others.some((other) => other === owner || isInside(other, owner));
  };
  return { writers, users, variable, imported, ownerOf, isInside, loops, isPrivateDate };
}

/** The variables that a node declares, and that are not constant. */
function variablesOf(node: Node): string[] {
  const isVariable = node.type === 'VariableDeclaration' && node.kind !== 'const';
  return isVariable ? node.declarations.flatMap(({ id }) => boundNames(id)) : [];
}

/** What a node assigns to, other than a declaration. */
function writtenBy(node: Node): Node | undefined {
  if (node.type === 'AssignmentExpression') return node.left;
  if (node.type === 'UpdateExpression') return node.argument;
  const isLoop = node.type === 'ForOfStatement' || node.type === 'ForInStatement';
  return isLoop && node.left.type !== 'VariableDeclaration' ? node.left : undefined;
}

/** All names in it, those of objects whose members are assigned to included. */
function targetNames(target: Node): string[] {
  return target.type === 'Identifier' ? [target.name] : childrenOf(target).flatMap(targetNames);
}
