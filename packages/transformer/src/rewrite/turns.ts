/**
 * What a module has to say of turns of the event loop: which emitters it makes, which stay silent until the turn is over, and where it waits for what
 * they tell.
 *
 * See docs/decisions/0029-what-a-turn-makes-stays-silent.md.
 */
import type { DoWhileStatement, ForStatement, Node, WhileStatement } from '@babel/types';
import { ATTACHING, RETURNING_THEMSELVES } from '../catalogue/emitters.js';
import type { ParsedModule } from '../parse/parse.js';
import { type ModulePlan, spanKey } from '../program.js';
import { boundNames } from '../syntax/names.js';
import { childrenOf, isFunction, spanOf } from '../syntax/nodes.js';

export interface Turns {
  /** Calls that make an emitter which somebody may listen to later. */
  readonly made: ReadonlySet<Node>;
  /** What `async` functions await themselves, where a turn ends. */
  readonly ends: ReadonlySet<Node>;
  /** Loops that wait for what listeners hear, or have no end: a synchronous program would never hear anything. */
  readonly telling: ReadonlySet<Node>;
}

type Loop = WhileStatement | DoWhileStatement | ForStatement;

export function turnsIn({ ast }: ParsedModule, plan: ModulePlan): Turns {
  const made = new Set<Node>();
  const ends = new Set<Node>();
  const loops: Loop[] = [];
  const walk = (node: Node, around: readonly Node[]): void => {
    if (isCall(node) && plan.made.has(spanKey(spanOf(node))) && !isDropped(node, around)) made.add(node);
    if (node.type === 'AwaitExpression') {
      ends.add(node);
      // What an `async` function returns has been made before.
      if (isCall(node.argument) && plan.made.has(spanKey(spanOf(node.argument)))) made.add(node);
    }
    if (isLoop(node)) loops.push(node);
    const inner = [node, ...around];
    for (const child of childrenOf(node)) walk(child, inner);
  };
  if (plan.tells) walk(ast.program, []);
  if (loops.length === 0) return { made, ends, telling: new Set() };
  const heard = new Set(heardIn(ast.program));
  return { made, ends, telling: new Set(loops.filter((loop) => isEndless(loop) || isPoll(loop, heard, plan))) };
}

function isCall(node: Node): boolean {
  return node.type === 'CallExpression' || node.type === 'OptionalCallExpression' || node.type === 'NewExpression';
}

/** Whether nobody has what a call makes when the statement has ended: `createReadStream(name).pipe(response);` */
function isDropped(node: Node, around: readonly Node[]): boolean {
  let value = node;
  for (const [i, parent] of around.entries()) {
    if (parent.type === 'ExpressionStatement') return true;
    const isMember = parent.type === 'MemberExpression' && parent.object === value && !parent.computed;
    const call = around[i + 1];
    const isCalled = parent.type === 'CallExpression' && parent.callee === value && parent.arguments.every(isAtOnce);
    const isAttaching =
      isMember && call?.type === 'CallExpression' && call.callee === parent && attaches(parent.property);
    if (!isAttaching && !isCalled) return false;
    value = parent;
  }
  return false;
}

function attaches(property: Node): boolean {
  if (property.type !== 'Identifier') return false;
  return ATTACHING.has(property.name) || RETURNING_THEMSELVES.has(property.name);
}

/** Whether nothing can suspend while an argument is evaluated. */
function isAtOnce(argument: Node): boolean {
  return isFunction(argument) || /^Identifier$|Literal$/.test(argument.type);
}

function isLoop(node: Node): node is Loop {
  return node.type === 'WhileStatement' || node.type === 'DoWhileStatement' || node.type === 'ForStatement';
}

function isAlways(test: Node | null | undefined): boolean {
  return !test || (test.type === 'BooleanLiteral' && test.value);
}

/** `for (;;) serve(sleep(1000));` */
function isEndless(loop: Loop): boolean {
  return isAlways(loop.test) && exitsIn(loop.body).length === 0;
}

/** Statements that leave a loop, or another one inside. */
function exitsIn(node: Node): Node[] {
  if (isFunction(node)) return [];
  return /^(Break|Return|Throw)Statement$/.test(node.type) ? [node] : childrenOf(node).flatMap(exitsIn);
}

/** What decides whether a loop goes on. */
function testsOf(loop: Loop): Node[] {
  return isAlways(loop.test) ? testsOfExits(loop.body) : [loop.test as Node];
}

function testsOfExits(node: Node): Node[] {
  if (isFunction(node)) return [];
  const own = node.type === 'IfStatement' && exitsIn(node).length > 0 ? [node.test] : [];
  return [...own, ...childrenOf(node).flatMap(testsOfExits)];
}

/**
 * Whether a loop waits until callbacks have changed what it tests: `while (!isReady) sleep(10);`. It does not change that itself.
 *
 * @param heard what callbacks of the module mention
 */
function isPoll(loop: Loop, heard: ReadonlySet<string>, plan: ModulePlan): boolean {
  if (isCounting(loop)) return false;
  const tested = testsOf(loop).flatMap(mentionedIn);
  if (!tested.some((name) => heard.has(name)) || !suspends(loop, plan)) return false;
  const changed = new Set(changedIn(loop));
  return tested.some((name) => heard.has(name) && !changed.has(name));
}

/** A loop that comes to its end by itself: `for (let i = 0; i < count; i++)`. */
function isCounting(loop: Loop): boolean {
  if (loop.type !== 'ForStatement' || !loop.test || !loop.update) return false;
  const counters = writtenIn(loop.update);
  return mentionedIn(loop.test).some((name) => counters.includes(name));
}

function suspends(node: Node, plan: ModulePlan): boolean {
  const key = spanKey(spanOf(node));
  return (
    plan.calls.get(key)?.suspends === true ||
    plan.accesses.has(key) ||
    childrenOf(node).some((one) => suspends(one, plan))
  );
}

/** What the functions change that a module hands over to others. Their own variables are theirs. */
function heardIn(node: Node): string[] {
  const own = argumentsOf(node)
    .filter(isFunction)
    .flatMap((fn) => {
      const declared = new Set(declaredIn(fn));
      return writtenIn(fn).filter((name) => !declared.has(name));
    });
  return [...own, ...childrenOf(node).flatMap(heardIn)];
}

/** What code assigns, and calls the methods of. */
function writtenIn(node: Node): string[] {
  return [...targetsOf(node).flatMap(mentionedIn), ...childrenOf(node).flatMap(writtenIn)];
}

function targetsOf(node: Node): Node[] {
  if (node.type === 'AssignmentExpression' || node.type === 'ForOfStatement' || node.type === 'ForInStatement')
    return [node.left];
  if (node.type === 'UpdateExpression') return [node.argument];
  if (node.type === 'VariableDeclarator') return [node.id];
  return node.type === 'CallExpression' && node.callee.type === 'MemberExpression' ? [node.callee.object] : [];
}

function declaredIn(node: Node): string[] {
  const own =
    node.type === 'VariableDeclarator'
      ? boundNames(node.id)
      : isFunction(node)
        ? node.params.flatMap((param) => boundNames(param))
        : [];
  return [...own, ...childrenOf(node).flatMap(declaredIn)];
}

/** What a loop may change itself: what it assigns, and hands over. What listeners do that it attaches is theirs. */
function changedIn(node: Node): string[] {
  const { callee } = node as { callee?: Node };
  const isAttached = callee?.type === 'MemberExpression' && attaches(callee.property);
  const given = argumentsOf(node);
  const inner = childrenOf(node).filter((child) => !(isAttached && isFunction(child) && given.includes(child)));
  const handed = given.filter((argument) => !isFunction(argument));
  return [...[...targetsOf(node), ...handed].flatMap(mentionedIn), ...inner.flatMap(changedIn)];
}

function argumentsOf(node: Node): readonly Node[] {
  return node.type === 'CallExpression' || node.type === 'NewExpression' ? node.arguments : [];
}

/** Names, and fields such as `this.running`. */
function mentionedIn(node: Node): string[] {
  if (node.type === 'Identifier') return [node.name];
  if (node.type === 'MemberExpression' && !node.computed) {
    const { object, property } = node;
    if (object.type === 'ThisExpression') return [`this.${(property as { name?: string }).name}`];
    return mentionedIn(object);
  }
  return childrenOf(node).flatMap(mentionedIn);
}
