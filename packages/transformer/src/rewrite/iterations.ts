/** Iterations whose steps may suspend: loops, spread, array patterns and `yield*`. */
import type {
  ArrayPattern,
  ForOfStatement,
  LabeledStatement,
  Node,
  SpreadElement,
  VariableDeclarator,
  YieldExpression,
} from '@babel/types';
import { childrenOf, spanOf, unwrap } from '../syntax/nodes.js';
import { emitCopy, isAccessed } from './accesses.js';
import { calleeText } from './calleeText.js';
import { awaited } from './calls.js';
import type { Code } from './code.js';
import { type Context, callPlan, freshName, helper, note, runOf } from './context.js';
import { emit, emitArgument, emitChildren, emitRange } from './emit.js';
import { emitItemLoop, takeItem } from './patterns.js';

function isAwaited(node: Node, cx: Context): boolean {
  return cx.mode !== 'sync' && callPlan(cx, node)?.suspends === true;
}

/** The iterable as V8 prints it in "... is not iterable". */
function iterableText(wrapped: Node): string {
  const node = unwrap(wrapped);
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return calleeText(node);
  return `${calleeText(node.callee)} is not a function or its return value`;
}

/** What ends the arguments of a helper that iterates: how V8 prints the iterable, and who runs the generator around. */
function ending(text: string | undefined, cx: Context): string {
  const printed = text === undefined ? 'undefined' : JSON.stringify(text);
  const run = runOf(cx);
  if (run !== undefined) return `, ${printed}, ${run})`;
  return text === undefined ? ')' : `, ${printed})`;
}

/** A loop with its labels, which stay with it so that `continue` finds it. */
export function emitLabeled(node: LabeledStatement, cx: Context): Code {
  const labels: Code[] = [];
  let body: Node = node;
  while (body.type === 'LabeledStatement') {
    labels.push({ start: body.start as number, end: body.body.start as number });
    body = body.body;
  }
  return body.type === 'ForOfStatement' && isAwaited(body, cx) ? emitLoop(body, labels, cx) : emitChildren(node, cx);
}

export function emitForOf(node: ForOfStatement, cx: Context): Code {
  return isAwaited(node, cx) ? emitLoop(node, [], cx) : (emitItemLoop(node, cx) ?? emitChildren(node, cx));
}

function emitLoop(node: ForOfStatement, labels: Code, outer: Context): Code {
  const at = node.start as number;
  const iteration = `${freshName(outer.shared, '$i')}${outer.loops + 1}`;
  const cx = { ...outer, loops: outer.loops + 1 };
  const error = freshName(cx.shared, '$error');
  const isDeclaration = node.left.type === 'VariableDeclaration';
  const item = `${iteration}.value`;
  const taken = takeItem(node.left, item, '.for', cx) ?? [
    isDeclaration ? '' : '(',
    emit(node.left, cx),
    { text: ` = ${item}${isDeclaration ? '' : ')'}`, at: node.left.start as number },
  ];
  return [
    { text: `{ const ${iteration} = ${helper(cx, 'iterate')}(`, at },
    emitArgument(node.right, outer),
    `${ending(iterableText(node.right), cx)}; try { `,
    labels,
    'for (; ',
    awaited(node, `${iteration}.step()`, at, cx),
    '; ) { ',
    taken,
    '; ',
    emit(node.body, cx),
    ` } } catch (${error}) { ${iteration}.fail(${error}); } finally { `,
    awaited(node, `${iteration}.end()`, at, cx),
    '; } }',
  ];
}

export function emitSpread(node: SpreadElement, cx: Context): Code {
  // What is spread into an object is not iterated.
  if (isAccessed(node, cx)) return emitCopy(node, cx);
  return spread(node, 'collect', iterableText(node.argument), cx);
}

/** A spread argument. V8 prints the last one, and says of others what they are. */
export function emitSpreadArgument(node: SpreadElement, isLast: boolean, cx: Context): Code {
  return spread(node, 'collectArguments', isLast ? calleeText(node.argument) : undefined, cx);
}

function spread(
  node: SpreadElement,
  name: 'collect' | 'collectArguments',
  text: string | undefined,
  cx: Context,
): Code {
  if (!isAwaited(node, cx)) return emitChildren(node, cx);
  const { argument } = node;
  const call = [`${helper(cx, name)}(`, emitArgument(argument, cx), ending(text, cx)];
  return ['...', awaited(node, call, argument.start as number, cx)];
}

/** `[a, b] = iterable` in a declaration: the items are taken before they are bound. Undefined if that is not planned. */
export function emitArrayDeclarator({ id, init }: VariableDeclarator, cx: Context): Code | undefined {
  if (id.type !== 'ArrayPattern' || !init || !isAwaited(id, cx)) return undefined;
  const text = isPrinted(init) ? iterableText(init) : undefined;
  const call = [`${helper(cx, 'items')}(`, emitArgument(init, cx), `, ${itemCount(id)}`, ending(text, cx)];
  return [
    { start: id.start as number, end: (id.typeAnnotation?.end ?? id.end) as number },
    ' = ',
    awaited(id, call, init.start as number, cx),
  ];
}

/** Whether V8 prints what is destructured. */
function isPrinted(wrapped: Node): boolean {
  const node = unwrap(wrapped);
  if (node.type === 'CallExpression') return node.callee.type === 'Identifier';
  return node.type === 'Identifier' || /Literal$|^ObjectExpression$/.test(node.type);
}

function itemCount({ elements }: ArrayPattern): string {
  return elements.at(-1)?.type === 'RestElement' ? 'Infinity' : String(elements.length);
}

export function emitYield(node: YieldExpression, cx: Context): Code {
  const { argument } = node;
  if (!node.delegate || !argument || cx.mode !== 'generator' || !isAwaited(node, cx)) return emitChildren(node, cx);
  note(cx, 'awaited', node);
  return emitRange(spanOf(node), childrenOf(node), () => [
    `${helper(cx, 'delegate')}(`,
    emitArgument(argument, cx),
    `, ${runOf(cx)})`,
  ]);
}
