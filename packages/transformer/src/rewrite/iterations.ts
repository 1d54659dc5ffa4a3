/** Iterations whose steps may suspend: loops, spread, array patterns and `yield*`. */
import type {
  ArrayPattern,
  CallExpression,
  Expression,
  ForInStatement,
  ForOfStatement,
  LabeledStatement,
  NewExpression,
  Node,
  SpreadElement,
  YieldExpression,
} from '@babel/types';
import { entangledNames } from '../syntax/loops.js';
import { childrenOf, isParenthesized, spanOf, unwrap } from '../syntax/nodes.js';
import { emitCopy, isAccessed } from './accesses.js';
import { emitLoopBody, guarded, together } from './arrayPatterns.js';
import { calleeText, UNKNOWN } from './calleeText.js';
import { awaited, suspended } from './calls.js';
import type { Code } from './code.js';
import {
  type Context,
  callPlan,
  freshName,
  helper,
  isPrintedOtherwise,
  note,
  runOf,
  uniqueTemporary,
} from './context.js';
import { declareHeld, disposed, disposing, isRuntimes } from './disposals.js';
import { emit, emitArgument, emitChildren, emitRange } from './emit.js';
import { emitItemLoop, isTakenApart, takeItem } from './patterns.js';

/** Whether an iteration waits for what it iterates. */
export function isAwaited(node: Node, cx: Context): boolean {
  return cx.mode !== 'sync' && callPlan(cx, node)?.suspends === true;
}

/** The iterable as V8 prints it in "... is not iterable". */
export function iterableText(wrapped: Node): string {
  const node = unwrap(wrapped);
  if (node.type === 'OptionalMemberExpression') return UNKNOWN;
  const text = calleeText(node, undefined, '');
  return isResultOfCall(node) ? `${text} is not a function or its return value` : text;
}

/** Whether V8 says of a value that a call has returned it. It does of what `new` makes, too, which is seldom wrong and often iterated. */
function isResultOfCall(wrapped: Node): boolean {
  const node = unwrap(wrapped);
  if (node.type === 'SequenceExpression') return isResultOfCall(node.expressions.at(-1) as Node);
  return /^(Call|OptionalCall|TaggedTemplate)Expression$/.test(node.type);
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
  if (body.type === 'ForOfStatement') return emitForOf(body, cx, labels);
  return body.type === 'ForInStatement' ? emitForIn(body, cx, labels) : emitChildren(node, cx);
}

export function emitForOf(node: ForOfStatement, cx: Context, labels: Code = []): Code {
  if (isAwaited(node, cx)) return node.await ? emitForAwait(node, labels, cx) : emitLoop(node, labels, cx);
  if (!isTakenApart(node, cx) && !disposing([node.left], cx).disposes) return [labels, emitPlainLoop(node, cx)];
  // V8 prints what cannot be iterated, which stands elsewhere then.
  if (entangledNames(node).length > 0) return emitLoop(node, labels, cx);
  if (!isTakenApart(node, cx)) return [labels, emitHeldLoop(node, cx)];
  return [labels, emitItemLoop(node, emitIn(node.right, cx), cx)];
}

export function emitForIn(node: ForInStatement, cx: Context, labels: Code = []): Code {
  if (!isTakenApart(node, cx)) return [labels, emitChildren(node, cx)];
  const { before, right } = emitIterated(node, emitIn, cx);
  const loop = [labels, emitItemLoop(node, right, cx)];
  return before === undefined ? loop : ['{ ', before, loop, ' }'];
}

interface Iterated {
  /** A statement before the loop. */
  readonly before: Code | undefined;
  /** What the loop iterates. */
  readonly right: Code;
}

/**
 * What a loop iterates. Where that uses names of the loop, it is evaluated in a block in which they are not initialised, and never will be: closures
 * may keep them.
 */
function emitIterated(
  node: ForOfStatement | ForInStatement,
  emitRight: (right: Expression, cx: Context) => Code,
  cx: Context,
): Iterated {
  const names = entangledNames(node);
  if (names.length === 0) return { before: undefined, right: emitRight(node.right, cx) };
  const right = uniqueTemporary(cx);
  const label = freshName(cx.shared, '$unborn');
  const value = emitArgument(node.right, cx);
  return { before: [`${label}: { ${right} = `, value, `; break ${label}; let ${names.join(', ')}; } `], right };
}

/** In its place, in the head of a loop. */
function emitIn(right: Expression, cx: Context): Code {
  return emit(right, cx);
}

/** `for await` stays, so that it takes the turns that it took, over what the runtime makes of what it iterates. */
function emitForAwait(node: ForOfStatement, labels: Code, outer: Context): Code {
  note(outer, 'awaited', node);
  const { left, right, body } = node;
  const item = uniqueTemporary(outer);
  const cx = disposing([left], together(outer));
  const taken = takeItem(left, item, '.for', cx) ?? assigned(left, item, cx);
  const iterated = emitIterated(node, emitArgument, outer);
  const loop = emitRange<Node>(spanOf(node), [left, right, body], (child) => {
    if (child === left) return `${item} `;
    if (child === right)
      return [`${helper(cx, 'asyncItems')}(`, iterated.right, `, ${JSON.stringify(asyncIterableText(right))})`];
    const end = `{ if (${item} === ${helper(cx, 'ENDED')}) break; `;
    return [end, emitTaking(node, taken, cx), '}'];
  });
  return iterated.before === undefined ? [labels, loop] : ['{ ', iterated.before, labels, loop, ' }'];
}

/** The iterable as V8 prints it in "... is not async iterable". */
function asyncIterableText(right: Expression): string {
  const text = calleeText(right);
  return isResultOfCall(right) ? `${text} is not a function or its return value` : text;
}

/** The body of a loop, behind what takes an item. */
function emitTaking({ left, body }: ForOfStatement, taken: Code, cx: Context): Code {
  const statements = [taken, '; ', emit(body, cx), ' '];
  return disposed(guarded(statements, left, cx), [left], left, cx);
}

/** Gives an item to what the head of a loop declares or names. */
function assigned(left: Node, item: string, cx: Context): Code {
  const isDeclaration = left.type === 'VariableDeclaration';
  if (isDeclaration && isRuntimes(left, cx)) return declareHeld(left, item, cx);
  return [
    isDeclaration ? '' : '(',
    emit(left, cx),
    { text: ` = ${item}${isDeclaration ? '' : ')'}`, at: left.start as number },
  ];
}

/** A loop whose steps are not awaited, over items of which the runtime disposes. */
function emitHeldLoop(node: ForOfStatement, outer: Context): Code {
  const { left, right, body } = node;
  const item = uniqueTemporary(outer);
  const cx = disposing([left], together(outer));
  return emitRange<Node>(spanOf(node), [left, right, body], (child) => {
    if (child === left) return `${item} `;
    return child === body ? ['{ ', emitTaking(node, assigned(left, item, cx), cx), '}'] : emit(child, outer);
  });
}

function emitPlainLoop(node: ForOfStatement, cx: Context): Code {
  return emitRange<Node>(spanOf(node), childrenOf(node), (child) => {
    if (child === node.right && node.await) return emitAsyncIterable(node.right, cx);
    return child === node.body ? emitLoopBody(node.body, cx) : emit(child, cx);
  });
}

/** What a loop iterates that waits for each item itself, with V8's message where that is no iterable, and V8 would find helpers to print. */
function emitAsyncIterable(right: Expression, cx: Context): Code {
  if (!isPrintedOtherwise(right, cx)) return emit(right, cx);
  const text = calleeText(right);
  const printed = text.endsWith('(...)') ? text : asyncIterableText(right);
  return [`${helper(cx, 'asyncIterable')}(`, emitArgument(right, cx), `, ${JSON.stringify(printed)})`];
}

function emitLoop(node: ForOfStatement, labels: Code, outer: Context): Code {
  const at = node.start as number;
  const iteration = `${freshName(outer.shared, '$i')}${outer.loops + 1}`;
  const cx = disposing([node.left], together({ ...outer, loops: outer.loops + 1 }));
  const error = freshName(cx.shared, '$error');
  const item = `${iteration}.value`;
  const given = node.left.type === 'ObjectPattern' ? `${iteration}.item` : item;
  const taken = takeItem(node.left, item, '.for', cx) ?? assigned(node.left, given, cx);
  const { before, right } = emitIterated(node, emitArgument, outer);
  const ask = (call: string): Code => (isAwaited(node, cx) ? awaited(node, call, at, cx) : suspended(call, at, cx));
  return [
    { text: '{ ', at },
    before ?? '',
    { text: `const ${iteration} = ${helper(cx, 'iterate')}(`, at },
    right,
    `${ending(iterableText(node.right), cx)}; try { `,
    labels,
    'for (; ',
    ask(`${iteration}.step()`),
    '; ) { ',
    emitTaking(node, taken, cx),
    `} } catch (${error}) { ${iteration}.fail(${error}); } finally { `,
    ask(`${iteration}.end()`),
    '; } }',
  ];
}

export function emitSpread(node: SpreadElement, cx: Context): Code {
  // What is spread into an object is not iterated.
  if (isAccessed(node, cx)) return emitCopy(node, cx);
  return spread(node, 'collect', iterableText(node.argument), cx);
}

/** A spread argument. V8 prints the last one if it is the only one that is spread, calls among others, and says of others what they are. */
export function emitSpreadArgument(node: SpreadElement, all: readonly Node[], cx: Context): Code {
  const isOnly = node === all.at(-1) && all.filter(({ type }) => type === 'SpreadElement').length === 1;
  if (isOnly) return spread(node, 'collectArguments', calleeText(node.argument), cx);
  const called = calledIn(node.argument);
  if (called === undefined) return spread(node, 'collectArguments', undefined, cx);
  return spread(node, 'collectAmong', calleeText(called, undefined, ''), cx);
}

/** What is called by an expression that is a call. */
function calledIn(wrapped: Node): Node | undefined {
  const node = unwrap(wrapped);
  if (node.type === 'SequenceExpression') return calledIn(node.expressions.at(-1) as Node);
  return node.type === 'CallExpression' ? node.callee : undefined;
}

function spread(
  node: SpreadElement,
  name: 'collect' | 'collectArguments' | 'collectAmong',
  text: string | undefined,
  cx: Context,
): Code {
  if (!isAwaited(node, cx)) return emitChildren(node, cx);
  const { argument } = node;
  const call = [`${helper(cx, name)}(`, emitArgument(argument, cx), ending(text, cx)];
  return ['...', awaited(node, call, argument.start as number, cx)];
}

/**
 * The items that a pattern takes, and nothing else.
 *
 * @param text the iterable as V8 prints it, or null, where it says what the iterable is
 */
export function emitItems(
  pattern: ArrayPattern,
  iterable: { readonly code: Code; readonly at: number },
  text: string | null,
  cx: Context,
): Code {
  const call = [`${helper(cx, 'items')}(`, iterable.code, `, ${itemCount(pattern)}`, ending(text, cx)];
  return awaited(pattern, call, iterable.at, cx);
}

/**
 * What a declaration destructures as V8 prints it in "... is not iterable", or all that it says, of a call with which an expression begins; undefined
 * where it says what the value is.
 */
export function initText(wrapped: Node): string | undefined {
  const node = unwrap(wrapped);
  if (isParenthesized(node)) return undefined;
  if (/^(Identifier|UnaryExpression|ObjectExpression)$|Literal$/.test(node.type)) return iterableText(node);
  const call = firstCall(node);
  if (call === undefined) return undefined;
  const callee = calleeText(call.callee, undefined, '');
  return call === node
    ? `${callee} is not a function or its return value`
    : `${callee} is not iterable (cannot read property Symbol(Symbol.iterator))`;
}

/** The call at whose beginning an expression begins: V8 takes the one for the other. That of a method begins at the method's name. */
function firstCall(node: Node): CallExpression | NewExpression | undefined {
  if (isParenthesized(node)) return undefined;
  switch (node.type) {
    case 'NewExpression':
      return node;
    case 'CallExpression':
      return node.callee.type === 'Identifier' ? node : firstCall(node.callee);
    case 'OptionalCallExpression':
      return firstCall(node.callee);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return firstCall(node.object);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return firstCall(node.left);
    default:
      return undefined;
  }
}

function itemCount({ elements }: ArrayPattern): string {
  return elements.at(-1)?.type === 'RestElement' ? 'Infinity' : String(elements.length);
}

export function emitYield(node: YieldExpression, cx: Context): Code {
  const { argument } = node;
  if (!node.delegate || !argument || !isAwaited(node, cx)) return emitPlainYield(node, cx);
  note(cx, 'awaited', node);
  const isDescribed = isDescribedDelegate(argument);
  if (cx.mode !== 'generator') {
    const name = isDescribed ? 'asyncDelegatedTo' : 'asyncDelegated';
    const delegated = [`${helper(cx, name)}(`, emitArgument(argument, cx), ')'];
    return emitRange(spanOf(node), childrenOf(node), () => delegated);
  }
  return emitRange(spanOf(node), childrenOf(node), () => [
    `${helper(cx, isDescribed ? 'delegateTo' : 'delegate')}(`,
    emitArgument(argument, cx),
    `, ${runOf(cx)})`,
  ]);
}

/** An async generator that delegates to what a call returns: V8 says so only where it finds a call. */
function emitPlainYield(node: YieldExpression, cx: Context): Code {
  const { argument } = node;
  const isCall = argument !== null && argument !== undefined && unwrap(argument).type === 'CallExpression';
  const isPlain = !node.delegate || !isCall || cx.mode !== 'async' || callPlan(cx, unwrap(argument))?.suspends !== true;
  if (isPlain) return emitChildren(node, cx);
  return emitRange(spanOf(node), [argument], () => [
    `${helper(cx, 'asyncIterable')}(`,
    emitArgument(argument, cx),
    ')',
  ]);
}

/** Whether V8 says of what `yield*` cannot iterate what it is. */
function isDescribedDelegate(wrapped: Node): boolean {
  const { type } = unwrap(wrapped);
  return /^(Identifier|(Object|Function|ArrowFunction|Class|Logical|Conditional|OptionalMember|OptionalCall)Expression)$|Literal$/.test(
    type,
  );
}
