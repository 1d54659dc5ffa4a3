/**
 * What a module has to say of turns of the event loop: which emitters it makes, which stay silent until the turn is over, and where it waits for what
 * they tell.
 *
 * See docs/decisions/0029-what-a-turn-makes-stays-silent.md.
 */
import type { Node } from '@babel/types';
import { ATTACHING, RETURNING_THEMSELVES } from '../catalogue/emitters.js';
import type { ParsedModule } from '../parse/parse.js';
import { type ModulePlan, spanKey } from '../program.js';
import { childrenOf, isFunction, spanOf } from '../syntax/nodes.js';
import { tellingLoops } from './tellingLoops.js';

export interface Turns {
  /** Calls that make an emitter which somebody may listen to later. */
  readonly made: ReadonlySet<Node>;
  /** What `async` functions await themselves, where a turn ends. */
  readonly ends: ReadonlySet<Node>;
  /** Loops that wait for what listeners hear, or have no end: a synchronous program would never hear anything. */
  readonly telling: ReadonlySet<Node>;
}

export function turnsIn({ ast }: ParsedModule, plan: ModulePlan): Turns {
  const made = new Set<Node>();
  const ends = new Set<Node>();
  const walk = (node: Node, around: readonly Node[]): void => {
    if (isCall(node) && plan.made.has(spanKey(spanOf(node))) && !isDropped(node, around)) made.add(node);
    if (node.type === 'AwaitExpression') {
      ends.add(node);
      // What an `async` function returns has been made before.
      if (isCall(node.argument) && plan.made.has(spanKey(spanOf(node.argument)))) made.add(node);
    }
    const inner = [node, ...around];
    for (const child of childrenOf(node)) walk(child, inner);
  };
  if (!plan.tells) return { made, ends, telling: new Set() };
  walk(ast.program, []);
  return { made, ends, telling: tellingLoops(ast.program, plan) };
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

/** Whether a method of an emitter attaches a listener, or returns the emitter. */
function attaches(property: Node): boolean {
  if (property.type !== 'Identifier') return false;
  return ATTACHING.has(property.name) || RETURNING_THEMSELVES.has(property.name);
}

/** Whether nothing can suspend while an argument is evaluated. */
function isAtOnce(argument: Node): boolean {
  return isFunction(argument) || /^Identifier$|Literal$/.test(argument.type);
}
