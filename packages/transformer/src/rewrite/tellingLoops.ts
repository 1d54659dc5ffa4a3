/** Loops that a synchronous program never leaves, and a compiled one does: they wait for what listeners hear, or have no end. */
import type { DoWhileStatement, ForStatement, Node, Program, WhileStatement } from '@babel/types';
import { ATTACHING } from '../catalogue/emitters.js';
import { type ModulePlan, spanKey } from '../program.js';
import { boundNames } from '../syntax/names.js';
import { childrenOf, isFunction, spanOf } from '../syntax/nodes.js';

type Loop = WhileStatement | DoWhileStatement | ForStatement;

/** Such loops of a module. What its turn has made has to tell in them what there is. */
export function tellingLoops(program: Program, plan: ModulePlan): ReadonlySet<Node> {
  const loops = loopsIn(program).filter((loop) => !pauses(loop));
  if (loops.length === 0) return new Set();
  const heard = new Set(heardIn(program));
  return new Set(loops.filter((loop) => isEndless(loop) || isPoll(loop, heard, plan)));
}

function loopsIn(node: Node): Loop[] {
  return [...(isLoop(node) ? [node] : []), ...childrenOf(node).flatMap(loopsIn)];
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

/** Whether others have their turn in a loop without a compiler, too. */
function pauses(node: Node): boolean {
  if (isFunction(node)) return false;
  const isPause = /^(Await|Yield)Expression$/.test(node.type) || (node.type === 'ForOfStatement' && node.await);
  return isPause || childrenOf(node).some(pauses);
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
 * @param heard what callbacks of the module change
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

function attaches(property: Node): boolean {
  return property.type === 'Identifier' && ATTACHING.has(property.name);
}
