/** The walk of the rewriting phase: one visitor a kind of node that changes; everything else is copied. */
import type {
  AwaitExpression,
  BlockStatement,
  DoWhileStatement,
  Expression,
  ForStatement,
  JSXIdentifier,
  JSXNamespacedName,
  Node,
  Program,
  Statement,
  StaticBlock,
  TSModuleBlock,
  WhileStatement,
} from '@babel/types';
import type { Span } from '../program.js';
import { isHoistedMock } from '../syntax/hoistedMocks.js';
import { isFixedKey } from '../syntax/keys.js';
import { isOpenBlock } from '../syntax/lists.js';
import { declaredFunctions } from '../syntax/names.js';
import { childrenOf, isFunction, isParenthesized, isPattern, spanOf, unwrap } from '../syntax/nodes.js';
import { scanTo } from '../syntax/scan.js';
import { emitAssignment, emitRead, emitUpdate } from './accesses.js';
import { emitApart } from './apart.js';
import { guarded, together } from './arrayPatterns.js';
import { emitIf, emitSwitch } from './branches.js';
import { emitCall, emitNew, emitPlainCall, emitTaggedTemplate, linkedPrivate } from './calls.js';
import { emitChain, emitDelete, isRewrittenChain } from './chains.js';
import { emitClass } from './classes.js';
import { asReturned, asStatement, asTail, type Code, isSuspending } from './code.js';
import { emitConstructorReturn, emitOfNew, emitSuperDeleted, emitSuperMember } from './constructors.js';
import {
  type Context,
  callOf,
  helper,
  isLinked,
  isTold,
  isTouched,
  note,
  ownFrame,
  ownThis,
  temporary,
  uniqueTemporary,
  wrapperOf,
} from './context.js';
import { linkStatements } from './declarations.js';
import { disposed, disposing } from './disposals.js';
import { emitEarly } from './earlyNames.js';
import { emitFunction, emitKey, emitObjectMethod, type NameHint } from './functions.js';
import { emitForIn, emitForOf, emitLabeled, emitSpread, emitYield } from './iterations.js';
import { emitElement, emitSpreadAttribute, emitWithin } from './jsx.js';
import { emitObject } from './objects.js';
import { emitCatch, emitDeclarator, emitDefault } from './patterns.js';
import { emitSleepTest } from './sleepLoops.js';
import { areStaticsApart } from './statics.js';

/**
 * The code of `node`.
 *
 * @param name the name that an anonymous function in this position gets from its context
 */
export function emit(node: Node, cx: Context, name?: NameHint): Code {
  if (!needsVisit(node, cx)) return spanOf(node);
  const code = emitWrapped(node, cx, name);
  return cx.shared.turns.made.has(node) ? hushed(code, cx) : code;
}

function emitWrapped(node: Node, cx: Context, name?: NameHint): Code {
  const wrapper = wrapperOf(cx, node);
  if (wrapper === undefined) return emitNode(node, cx, name);
  note(cx, 'wrapped', node);
  return [`${helper(cx, wrapper)}(`, emitNode(node, cx, name), ')'];
}

function emitNode(node: Node, cx: Context, name?: NameHint): Code {
  if (isFunction(node)) {
    if (node.type === 'ObjectMethod') return emitObjectMethod(node, cx);
    return emitFunction(node, cx, name);
  }
  switch (node.type) {
    case 'CallExpression':
      return isHoistedMock(node) ? spanOf(node) : emitCall(node, cx);
    case 'NewExpression':
      return emitNew(node, cx);
    case 'TaggedTemplateExpression':
      return emitTaggedTemplate(node, cx);
    case 'OptionalCallExpression':
    case 'OptionalMemberExpression':
      if (isRewrittenChain(node, cx)) return emitChain(node, cx);
      return node.type === 'OptionalCallExpression' ? emitPlainCall(node, cx) : emitParts(node, cx);
    case 'MemberExpression':
      return emitSuperMember(node, cx) ?? emitRead(node, cx) ?? emitPrivateRead(node, cx) ?? emitParts(node, cx);
    case 'ThisExpression':
    case 'MetaProperty':
      return emitOfNew(node, cx) ?? spanOf(node);
    case 'ObjectExpression':
      return emitObject(node, cx);
    case 'ExpressionStatement':
      return emitExpressionStatement(node, cx);
    case 'ReturnStatement':
      return emitReturn(node, cx);
    case 'UnaryExpression':
      return emitSuperDeleted(node, cx) ?? emitDelete(node, cx) ?? emitChildren(node, cx);
    case 'SwitchStatement':
      return emitSwitch(node, cx);
    case 'IfStatement':
      return emitIf(node, cx);
    case 'WithStatement':
      return spanOf(node);
    case 'StaticBlock':
      return emitBlock(node, ownThis(cx));
    case 'BlockStatement':
    case 'TSModuleBlock':
      return emitBlock(node, cx);
    case 'ClassExpression':
    case 'ClassDeclaration':
      return emitClass(node, cx, name);
    case 'ObjectProperty':
      return emitProperty(node, cx);
    case 'ForOfStatement':
      return emitForOf(node, cx);
    case 'LabeledStatement':
      return emitLabeled(node, cx);
    case 'SpreadElement':
      return emitSpread(node, cx);
    case 'YieldExpression':
      return emitYield(node, cx);
    case 'VariableDeclarator':
      return emitDeclarator(node, cx) ?? emitNamed(node, node.id, node.init, cx);
    case 'AssignmentExpression':
      return emitAssignment(node, cx) ?? emitNamed(node, node.left, node.right, cx);
    case 'AssignmentPattern':
      return emitDefault(node, cx) ?? emitNamed(node, node.left, node.right, cx);
    case 'BinaryExpression':
      return emitSleepTest(node, cx) ?? emitParts(node, cx);
    case 'UpdateExpression':
      return emitUpdate(node, cx) ?? emitChildren(node, cx);
    case 'ForInStatement':
      return emitForIn(node, cx);
    case 'AwaitExpression':
      return emitAwait(node, cx);
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
      return emitLoop(node, cx);
    case 'CatchClause':
      return emitCatch(node, cx) ?? emitChildren(node, cx);
    case 'ExportDefaultDeclaration':
      return emitNested(node, cx, (child) => (child === node.declaration ? { name: 'default' } : undefined));
    case 'JSXElement':
      return emitElement(node, cx) ?? emitElementParts(node, cx);
    case 'JSXFragment':
      return emitElementParts(node, cx);
    case 'JSXSpreadAttribute':
      return emitSpreadAttribute(node, cx) ?? emitChildren(node, cx);
    case 'JSXAttribute': {
      // It becomes a property.
      const hint = { name: attributeName(node.name) };
      return emitRange(spanOf(node), childrenOf(node), (child) =>
        child.type === 'JSXElement'
          ? emitWithin(child, node, cx)
          : emit(child, cx, child === node.value ? hint : undefined),
      );
    }
    case 'JSXExpressionContainer':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TypeCastExpression':
      return emitNested(node, cx, (child) => (child === node.expression ? name : undefined));
    default:
      return emitChildren(node, cx);
  }
}

/** A loop that waits for what others hear lets them hear it, each time round. */
function emitLoop(node: DoWhileStatement | ForStatement | WhileStatement, cx: Context): Code {
  if (cx.mode === 'sync' || !cx.shared.turns.telling.has(node)) return emitChildren(node, cx);
  return emitRange(spanOf(node), childrenOf(node), (child) =>
    child === node.body ? [`{ ${helper(cx, 'tell')}(${ownFrame(cx)}); `, emit(child, cx), ' }'] : emit(child, cx),
  );
}

/** A frame that has suspended says so where it awaits something itself: what runs behind is of another turn. */
function emitAwait(node: AwaitExpression, cx: Context): Code {
  if (cx.mode !== 'async' || !cx.shared.turns.ends.has(node)) return emitChildren(node, cx);
  const left = `, ${temporary(cx, 'frame')})`;
  return emitRange(spanOf(node), [node.argument], (argument) => [
    `${helper(cx, 'leave')}(`,
    emitArgument(argument, cx),
    left,
  ]);
}

/** What has been made stays silent, in the turn of the frame that has made it where that may suspend itself. */
function hushed(code: Code, cx: Context): Code {
  return [`${helper(cx, 'hush')}(`, code, cx.mode === 'sync' ? ')' : `, ${ownFrame(cx)})`];
}

/** In an asynchronous form even untouched statements are visited: they may return. */
function needsVisit(node: Node, cx: Context): boolean {
  return isTouched(cx, spanOf(node)) || (callOf(cx) !== undefined && mayReturn(node));
}

function mayReturn(node: Node): boolean {
  return /Statement$|^CatchClause$/.test(node.type) && node.type !== 'ExpressionStatement';
}

/** An access of a member, or a test for one, with its parts rewritten. */
export function emitParts(node: Node, cx: Context): Code {
  return emitEarly(node, cx) ?? emitChildren(node, cx);
}

/** `node` with its children rewritten. */
export function emitChildren(node: Node, cx: Context): Code {
  return emitNested(node, cx, () => undefined);
}

function emitNested(node: Node, cx: Context, nameOf: (child: Node) => NameHint | undefined): Code {
  return emitRange(spanOf(node), childrenOf(node), (child) => emit(child, cx, nameOf(child)));
}

/** The text of `range` in which each of `children`, nodes inside it, is replaced by what `emitChild` makes of it. */
export function emitRange<N extends Node>(range: Span, children: readonly N[], emitChild: (child: N) => Code): Code {
  const code: Code[] = [];
  let position = range.start;
  for (const child of children) {
    const span = spanOf(child);
    if (span.start < position || span.end > range.end) continue;
    code.push({ start: position, end: span.start }, emitChild(child));
    position = span.end;
  }
  code.push({ start: position, end: range.end });
  return code;
}

/**
 * An expression as an argument. A sequence and Flow's cast need their parentheses, which are not part of their range. So does a destructuring assignment:
 * V8 takes it for a mistake where another argument is a literal, as in `f([1], [a] = b)`.
 */
export function emitArgument(node: Node, cx: Context, name?: NameHint): Code {
  const code = emit(node, cx, name);
  return needsParentheses(node) ? ['(', code, ')'] : code;
}

function needsParentheses(node: Node): boolean {
  if (node.type === 'AssignmentExpression') return isPattern(node.left);
  return node.type === 'SequenceExpression' || node.type === 'TypeCastExpression';
}

function emitNamed(node: Node, target: Node, value: Node | null | undefined, cx: Context): Code {
  const isNaming = !('operator' in node) || ['=', '&&=', '||=', '??='].includes(node.operator as string);
  const hint = target.type === 'Identifier' && !isParenthesized(target) && isNaming ? { name: target.name } : undefined;
  return emitNested(node, cx, (child) => (child === value ? hint : undefined));
}

function emitProperty(node: Extract<Node, { type: 'ObjectProperty' }>, cx: Context): Code {
  const { key, value } = node;
  if (node.computed && value && losesName(value, cx)) {
    const temporary = uniqueTemporary(cx);
    return emitRange<Node>(spanOf(node), [key, value], (child) =>
      child === key ? emitKey(key, temporary, cx) : emit(child, cx, { key: temporary }),
    );
  }
  const hint = hintOf(node, cx);
  return emitNested(node, cx, (child) => (child === value ? hint : undefined));
}

function emitElementParts(node: Node, cx: Context): Code {
  return emitRange(spanOf(node), childrenOf(node), (child) => emitWithin(child, node, cx));
}

function attributeName(node: JSXIdentifier | JSXNamespacedName): string {
  return node.type === 'JSXIdentifier' ? node.name : `${node.namespace.name}:${node.name.name}`;
}

type Property = Extract<
  Node,
  { type: 'ClassProperty' | 'ClassPrivateProperty' | 'ClassAccessorProperty' | 'ObjectProperty' }
>;

/** The name that a property or field gives to an anonymous function. */
export function hintOf(node: Property, cx: Context): NameHint | undefined {
  const { key } = node;
  if (key.type === 'PrivateName') return { name: `#${key.id.name}` };
  if ('computed' in node && node.computed === true) {
    const kept = cx.keys.get(key);
    if (kept !== undefined) return { key: kept.temporary };
    return isFixedKey(node) ? { key: spanOf(key) } : undefined;
  }
  // `__proto__: f` is no property of that name, and gives none to the function.
  if (key.type === 'Identifier' && key.name !== '__proto__') return { name: key.name };
  if (key.type === 'StringLiteral' && key.value !== '__proto__') return { name: key.value };
  if (key.type === 'NumericLiteral') return { name: String(key.value) };
  return key.type === 'BigIntLiteral' ? { name: String(BigInt(key.value)) } : undefined;
}

/** Whether a function or class without a name is written in a way in which a computed key gives it none. */
function losesName(wrapped: Node, cx: Context): boolean {
  const value = unwrap(wrapped);
  if (value.type === 'ClassExpression') return !value.id && areStaticsApart(value, cx);
  if (value.type !== 'ArrowFunctionExpression' && value.type !== 'FunctionExpression') return false;
  return isLinked(cx, value) && !('id' in value && value.id);
}

/** What an asynchronous form returns for `value`. */
export function emitResult(value: Expression, cx: Context): Code {
  const own = callOf(cx);
  if (own === undefined) return emitArgument(value, cx);
  const call = unwrap(value);
  // A cast around a call would hide it.
  const code = emitArgument(call.type === 'CallExpression' ? call : value, cx);
  const isTail = cx.mode === 'tail';
  if (isSuspending(code)) return isTail ? asTail(code) : asReturned(code);
  return [`${own}.${isTail ? 'tail' : 'box'}(`, code, ')'];
}

function emitReturn(node: Extract<Node, { type: 'ReturnStatement' }>, cx: Context): Code {
  const { argument } = node;
  const constructed = emitConstructorReturn(argument, cx);
  if (constructed !== undefined) return constructed;
  const own = callOf(cx);
  if (own === undefined) return emitChildren(node, cx);
  if (!argument) return isTold(cx) ? `return ${own}.box();` : spanOf(node);
  return [{ text: 'return ', at: node.start as number }, emitResult(argument, cx), ';'];
}

/** An expression of which only the effect counts. */
function asEffect(code: Code): Code {
  return isSuspending(code) ? asStatement(code) : code;
}

function emitExpressionStatement(node: Extract<Node, { type: 'ExpressionStatement' }>, cx: Context): Code {
  return emitRange(spanOf(node), [node.expression], (expression) => asEffect(emit(expression, cx)));
}

type Block = BlockStatement | StaticBlock | TSModuleBlock | Program;

/** @param start where its text begins: what stands before is left out */
export function emitBlock(node: Exclude<Block, Program>, outer: Context, start = node.start as number): Code {
  const cx = disposing(node.body, together(outer));
  const opening = scanTo(cx.shared.module.text, node.start as number, '{') + 1;
  const closing = (node.end as number) - 1;
  const statements = [
    emitLinks(node, cx),
    emitRange({ start: opening, end: closing }, node.body, listEmitter(node.body, isOpenBlock(node), cx)),
  ];
  const code = disposed(guarded(statements, node, cx), node.body, node, cx);
  return [{ start, end: opening }, code, { start: closing, end: node.end as number }];
}

/** Statements after which a line may begin with a parenthesis: they end by themselves. */
const CLOSED_STATEMENTS: ReadonlySet<string> = new Set([
  ...[
    'BlockStatement',
    'IfStatement',
    'ForStatement',
    'ForInStatement',
    'ForOfStatement',
    'WhileStatement',
    'SwitchStatement',
  ],
  ...['TryStatement', 'FunctionDeclaration', 'ClassDeclaration', 'LabeledStatement', 'EmptyStatement'],
]);

/** @param isOpen whether the statements may not be put into a block together */
export function listEmitter(
  statements: readonly Statement[],
  isOpen: boolean,
  cx: Context,
): (statement: Statement) => Code {
  const emitStatement = statementEmitter(statements, cx);
  return isOpen ? (statement) => emitApart(statement, cx, emitStatement) : emitStatement;
}

/**
 * Emits the statements of a list. A rewritten call begins with a parenthesis; where the statement before has no semicolon, it would
 * become the arguments of a call, so that it is put behind `void`.
 */
export function statementEmitter(
  statements: readonly Statement[],
  around: Context,
): (statement: Statement, cx?: Context) => Code {
  const { text } = around.shared.module;
  const previous = new Map(statements.map((statement, i) => [statement, statements[i - 1]]));
  return (statement, cx = around) => {
    if (statement.type !== 'ExpressionStatement' || !needsVisit(statement, cx)) return emit(statement, cx);
    const start = statement.start as number;
    const { expression } = statement;
    // Once: what is nested in it would be emitted twice as often at each depth.
    const code = asEffect(emit(expression, cx));
    const range = spanOf(expression);
    const whole = [{ start, end: range.start }, code, { start: range.end, end: statement.end as number }];
    const before = previous.get(statement);
    if (before === undefined || text[(before.end as number) - 1] === ';') return whole;
    if (CLOSED_STATEMENTS.has(before.type) && innermostEndsClosed(before)) return whole;
    if (text[start] === '(' || firstCharacter(code, text) !== '(') return whole;
    const semicolon = text[(statement.end as number) - 1] === ';';
    return ['void (', code, semicolon ? ');' : ')'];
  };
}

/** Whether the last statement inside a compound one is closed as well: `if (a) b()` is not. */
function innermostEndsClosed(statement: Statement): boolean {
  switch (statement.type) {
    case 'IfStatement':
      return endsClosed(statement.alternate ?? statement.consequent);
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'LabeledStatement':
      return endsClosed(statement.body);
    default:
      return true;
  }
}

function endsClosed(statement: Statement): boolean {
  return CLOSED_STATEMENTS.has(statement.type) && innermostEndsClosed(statement);
}

function firstCharacter(code: Code, text: string): string | undefined {
  if (typeof code === 'string') return code[0];
  if (isSuspending(code)) return '(';
  if ('text' in code) return code.text[0];
  if ('start' in code) return code.end > code.start ? text[code.start] : undefined;
  for (const piece of code) {
    const first = firstCharacter(piece, text);
    if (first !== undefined) return first;
  }
  return undefined;
}

/** The statements that link the function declarations of a block, for its very start, because declarations are hoisted. */
export function emitLinks(block: Block, cx: Context): Code {
  return linkStatements(declaredFunctions(block), cx);
}

function emitPrivateRead(node: Extract<Node, { type: 'MemberExpression' }>, cx: Context): Code | undefined {
  const { object, property } = node;
  if (property.type !== 'PrivateName' || !cx.shared.implied.has(node)) return undefined;
  return linkedPrivate(property.id.name, emitArgument(object, cx), cx)?.code;
}
