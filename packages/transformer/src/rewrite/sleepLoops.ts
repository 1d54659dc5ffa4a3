/** The test of a loop that only waits for the time: a call of the runtime's function that compares, and whose twin waits. */
import type { BinaryExpression, Node } from '@babel/types';
import { spanOf } from '../syntax/nodes.js';
import { namesToCheck, nameUses } from '../syntax/sleepLoops.js';
import { awaited } from './calls.js';
import type { Code } from './code.js';
import { type Context, callPlan, helper, lookup } from './context.js';
import { emitArgument } from './emit.js';

/** Undefined where `node` is no such test, or may not wait. */
export function emitSleepTest(node: BinaryExpression, cx: Context): Code | undefined {
  if (cx.mode === 'sync' || callPlan(cx, node)?.suspends !== true) return undefined;
  const { program } = cx.shared.module.ast;
  const uses = nameUses(program);
  const isFresh = uses.loops.get(node)?.mayBeStale !== true;
  const { start } = spanOf(node);
  const operands = (['left', 'right'] as const).flatMap((side): Code[] => [emitArgument(node[side] as Node, cx), ', ']);
  const call: Code = [
    { text: `${lookup(cx, 'callee', node)}${helper(cx, 'hasTimeLeft')})(`, at: start },
    ...operands,
    [JSON.stringify(node.operator), String(isFresh), ...namesToCheck(node, uses)].join(', '),
    ')',
  ];
  return awaited(node, call, start, cx);
}
