/** `if` and `switch`: where the functions that they declare are linked. */
import type { IfStatement, Statement, SwitchCase, SwitchStatement } from '@babel/types';
import { declaredFunctions } from '../syntax/names.js';
import { childrenOf, spanOf } from '../syntax/nodes.js';
import { scanTo } from '../syntax/scan.js';
import type { Code } from './code.js';
import { type Context, functionPlan } from './context.js';
import { linkCalls, linkStatements } from './declarations.js';
import { emit, emitArgument, emitRange, statementEmitter } from './emit.js';

/** A function as a branch, as sloppy mode allows, stands in a block of its own. */
export function emitIf(node: IfStatement, cx: Context): Code {
  return emitRange(spanOf(node), childrenOf(node), (child) => {
    const code = emit(child, cx);
    if (child.type !== 'FunctionDeclaration' || functionPlan(cx, child)?.form !== 'twin') return code;
    return ['{', linkStatements([child], cx), code, ' }'];
  });
}

/** The cases are one block, whose functions are there before the first test is made. */
export function emitSwitch(node: SwitchStatement, cx: Context): Code {
  const first = node.cases.find(({ test }) => test) ?? node.cases[0];
  return emitRange(spanOf(node), childrenOf(node), (child) => {
    if (child.type !== 'SwitchCase') return emit(child, cx);
    return child === first ? emitFirstCase(child, node, cx) : emitCase(child, cx);
  });
}

function emitFirstCase(node: SwitchCase, around: SwitchStatement, cx: Context): Code {
  const calls = linkCalls(declaredFunctions(around), cx);
  const { test } = node;
  if (calls.length === 0) return emitCase(node, cx);
  if (test) return emitCase(node, cx, ['(', calls.map((call) => [call, ', ']), emitArgument(test, cx), ')']);
  const colon = scanTo(cx.shared.module.text, (node.start as number) + 'default'.length, ':') + 1;
  return [
    { start: node.start as number, end: colon },
    calls.map((call) => [' ', call, ';']),
    emitRange({ start: colon, end: node.end as number }, node.consequent, statementEmitter(node.consequent, cx)),
  ];
}

function emitCase(node: SwitchCase, cx: Context, test?: Code): Code {
  const emitStatement = statementEmitter(node.consequent, cx);
  return emitRange(spanOf(node), childrenOf(node), (child) =>
    child === node.test ? (test ?? emit(child, cx)) : emitStatement(child as Statement),
  );
}
