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
import { isPlainArrayPattern } from '../syntax/patterns.js';
import { emitCopy, isAccessed } from './accesses.js';
import { emitLoopBody, guarded, together } from './arrayPatterns.js';
import { calleeText } from './calleeText.js';
import { awaited } from './calls.js';
import type { Code } from './code.js';
import { type Context, callPlan, freshName, helper, note, runOf, uniqueTemporary } from './context.js';
import { emit, emitArgument, emitChildren, emitRange } from './emit.js';
import { emitItemLoop, takeItem } from './patterns.js';

/** Whether an iteration waits for what it iterates. */
export function isAwaited(node: Node, cx: Context): boolean {
  return cx.mode !== 'sync' && callPlan(cx, node)?.suspends === true;
}

/** The iterable as V8 prints it in "... is not iterable". */
export function iterableText(wrapped: Node): string {
  const node = unwrap(wrapped);
  if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return calleeText(node);
  return `${calleeText(node.callee)} is not a function or its return value`;
}

/** What ends the arguments of a helper that iterates: how V8 prints the iterable, and who runs the generator around. */
function ending(text: string | null | undefined, cx: Context): string {
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
  return body.type === 'ForOfStatement' && !body.await && isAwaited(body, cx)
    ? emitLoop(body, labels, cx)
    : emitChildren(node, cx);
}

export function emitForOf(node: ForOfStatement, cx: Context): Code {
  if (node.await && isAwaited(node, cx)) return emitForAwait(node, cx);
  return isAwaited(node, cx) ? emitLoop(node, [], cx) : (emitItemLoop(node, cx) ?? emitPlainLoop(node, cx));
}

/** `for await` stays, so that it takes the turns that it took, over what the runtime makes of what it iterates. */
function emitForAwait(node: ForOfStatement, outer: Context): Code {
  note(outer, 'awaited', node);
  const { left, right, body } = node;
  const item = uniqueTemporary(outer);
  const cx = together(outer);
  const taken = takeItem(left, item, '.for', cx) ?? assigned(left, item, cx);
  const printed =
    unwrap(right).type === 'CallExpression'
      ? `${calleeText(right)} is not a function or its return value`
      : calleeText(right);
  return emitRange<Node>(spanOf(node), [left, right, body], (child) => {
    if (child === left) return `${item} `;
    if (child === right)
      return [`${helper(cx, 'asyncItems')}(`, emitArgument(right, outer), `, ${JSON.stringify(printed)})`];
    const end = `{ if (${item} === ${helper(cx, 'ENDED')}) break; `;
    return [end, guarded([taken, '; ', emit(body, cx), ' '], left, cx), '}'];
  });
}

/** Gives an item to what the head of a loop declares or names. */
function assigned(left: Node, item: string, cx: Context): Code {
  const isDeclaration = left.type === 'VariableDeclaration';
  return [
    isDeclaration ? '' : '(',
    emit(left, cx),
    { text: ` = ${item}${isDeclaration ? '' : ')'}`, at: left.start as number },
  ];
}

function emitPlainLoop(node: ForOfStatement, cx: Context): Code {
  return emitRange<Node>(spanOf(node), childrenOf(node), (child) =>
    child === node.body ? emitLoopBody(node.body, cx) : emit(child, cx),
  );
}

function emitLoop(node: ForOfStatement, labels: Code, outer: Context): Code {
  const at = node.start as number;
  const iteration = `${freshName(outer.shared, '$i')}${outer.loops + 1}`;
  const cx = together({ ...outer, loops: outer.loops + 1 });
  const error = freshName(cx.shared, '$error');
  const item = `${iteration}.value`;
  const taken = takeItem(node.left, item, '.for', cx) ?? assigned(node.left, item, cx);
  return [
    { text: `{ const ${iteration} = ${helper(cx, 'iterate')}(`, at },
    emitArgument(node.right, outer),
    `${ending(iterableText(node.right), cx)}; try { `,
    labels,
    'for (; ',
    awaited(node, `${iteration}.step()`, at, cx),
    '; ) { ',
    guarded([taken, '; ', emit(node.body, cx), ' '], node.left, cx),
    `} } catch (${error}) { ${iteration}.fail(${error}); } finally { `,
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
  if (!init || !isPlainArrayPattern(id) || !isAwaited(id, cx)) return undefined;
  const range = { start: id.start as number, end: (id.typeAnnotation?.end ?? id.end) as number };
  return [range, ' = ', emitItems(id, { code: emitArgument(init, cx), at: init.start as number }, initText(init), cx)];
}

/**
 * The items that a pattern takes, and nothing else.
 *
 * @param text the iterable as V8 prints it, or null, where it says what the iterable is; without, what is none is left to V8
 */
export function emitItems(
  pattern: ArrayPattern,
  iterable: { readonly code: Code; readonly at: number },
  text: string | null | undefined,
  cx: Context,
): Code {
  const call = [`${helper(cx, 'items')}(`, iterable.code, `, ${itemCount(pattern)}`, ending(text, cx)];
  return awaited(pattern, call, iterable.at, cx);
}

/** What a declaration destructures as V8 prints it in "... is not iterable"; undefined where it says what the value is. */
export function initText(wrapped: Node): string | undefined {
  const node = unwrap(wrapped);
  const isPrinted =
    node.type === 'CallExpression'
      ? node.callee.type === 'Identifier'
      : node.type === 'Identifier' || /Literal$|^ObjectExpression$/.test(node.type);
  return isPrinted ? iterableText(node) : undefined;
}

function itemCount({ elements }: ArrayPattern): string {
  return elements.at(-1)?.type === 'RestElement' ? 'Infinity' : String(elements.length);
}

export function emitYield(node: YieldExpression, cx: Context): Code {
  const { argument } = node;
  if (!node.delegate || !argument || !isAwaited(node, cx)) return emitChildren(node, cx);
  note(cx, 'awaited', node);
  if (cx.mode !== 'generator') {
    const delegated = [`${helper(cx, 'asyncDelegated')}(`, emitArgument(argument, cx), ')'];
    return emitRange(spanOf(node), childrenOf(node), () => delegated);
  }
  return emitRange(spanOf(node), childrenOf(node), () => [
    `${helper(cx, 'delegate')}(`,
    emitArgument(argument, cx),
    `, ${runOf(cx)})`,
  ]);
}
