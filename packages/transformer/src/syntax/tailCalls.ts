/** Calls behind which their function does nothing any more. */
import type { Expression, Node, Statement } from '@babel/types';
import { isDisposing } from './lists.js';
import { childrenOf, isFunction, unwrap } from './nodes.js';

const known = new WeakMap<Node, ReadonlySet<Node>>();

/** Those of a program, by the bodies of its functions. What is returned in `try`, or in a loop over an iterator, has something behind it. */
export function tailCallsOf(program: Node): ReadonlySet<Node> {
  let found = known.get(program);
  if (found === undefined) {
    const calls = new Set<Node>();
    collect(program, calls);
    found = calls;
    known.set(program, found);
  }
  return found;
}

function collect(node: Node, calls: Set<Node>): void {
  if (isFunction(node)) {
    if (node.body.type === 'BlockStatement') ofStatements(node.body.body, true, calls);
    else ofExpression(node.body as Expression, calls);
  }
  for (const child of childrenOf(node)) collect(child, calls);
}

function ofStatements(statements: readonly Statement[], isEnd: boolean, calls: Set<Node>): void {
  // What they declare is disposed of behind them.
  if (statements.some(isDisposing)) return;
  statements.forEach((statement, i) => {
    const next = statements[i + 1];
    const isFollowedByEnd = next === undefined ? isEnd : next.type === 'ReturnStatement' && !next.argument;
    ofStatement(statement, isFollowedByEnd, calls);
  });
}

/** @param isEnd whether the function ends behind the statement */
function ofStatement(statement: Statement, isEnd: boolean, calls: Set<Node>): void {
  switch (statement.type) {
    case 'ExpressionStatement':
      if (isEnd) ofExpression(statement.expression, calls);
      break;
    case 'ReturnStatement':
      if (statement.argument) ofExpression(statement.argument, calls);
      break;
    case 'BlockStatement':
      ofStatements(statement.body, isEnd, calls);
      break;
    case 'IfStatement':
      ofStatement(statement.consequent, isEnd, calls);
      if (statement.alternate) ofStatement(statement.alternate, isEnd, calls);
      break;
    case 'TryStatement':
      if (!statement.finalizer && statement.handler) ofStatement(statement.handler.body, isEnd, calls);
      break;
    case 'SwitchStatement':
      for (const { consequent } of statement.cases) ofStatements(consequent, false, calls);
      break;
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForInStatement':
      ofStatement(statement.body, false, calls);
      break;
    default:
  }
}

function ofExpression(expression: Expression, calls: Set<Node>): void {
  const node = unwrap(expression) as Expression;
  switch (node.type) {
    case 'CallExpression':
    case 'OptionalCallExpression':
      calls.add(node);
      break;
    case 'ConditionalExpression':
      ofExpression(node.consequent, calls);
      ofExpression(node.alternate, calls);
      break;
    case 'LogicalExpression':
      ofExpression(node.right, calls);
      break;
    case 'SequenceExpression': {
      const last = node.expressions.at(-1);
      if (last !== undefined) ofExpression(last, calls);
      break;
    }
    case 'UnaryExpression':
    case 'AwaitExpression':
      ofExpression(node.argument, calls);
      break;
    default:
  }
}
