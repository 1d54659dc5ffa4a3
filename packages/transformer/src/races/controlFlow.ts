/** What a function does to shared state, in the order in which it does it: blocks of events, and where control goes from each. */
import type { Program } from '@babel/types';
import type { FunctionNode } from '../syntax/nodes.js';
import { accessesIn } from './accesses.js';
import { createBasicBlocks } from './basicBlocks.js';
import type { ControlFlow } from './events.js';
import { expressionsIn } from './expressions.js';
import type { Knowledge } from './knowledge.js';
import { NONE } from './sources.js';
import { statementsIn } from './statements.js';

/** @param node a function, or a module's program */
export function controlFlowOf(node: FunctionNode | Program, knowledge: Knowledge): ControlFlow {
  const blocks = createBasicBlocks();
  const context = { fn: node.type === 'Program' ? undefined : node, knowledge, blocks };
  const accesses = accessesIn(context);
  const expressions = expressionsIn({ ...context, accesses });
  const statements = statementsIn({ blocks, accesses, expressions });
  if (node.type === 'Program') statements(node.body);
  else {
    for (const param of node.params) {
      const pattern = param.type === 'TSParameterProperty' ? param.parameter : param;
      expressions.assign(pattern, NONE, undefined, pattern);
    }
    if (node.body.type === 'BlockStatement') statements(node.body.body);
    else blocks.emit({ kind: 'return', value: expressions.value(node.body) });
  }
  return blocks.finish();
}
