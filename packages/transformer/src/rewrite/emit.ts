/** The walk of the rewriting phase: one visitor a kind of node that changes; everything else is copied. */
import type { BlockStatement, ClassBody, Expression, Node, Program, Statement, TSModuleBlock } from '@babel/types';
import type { Span } from '../program.js';
import { childrenOf, isFunction, isParenthesized, spanOf, unwrap } from '../syntax/nodes.js';
import { emitCall, emitNew, emitPlainCall, emitTaggedTemplate } from './calls.js';
import { emitChain, hasPlannedCall } from './chains.js';
import { emitClassBody } from './classes.js';
import type { Code } from './code.js';
import {
  type Context,
  freshName,
  functionPlan,
  helper,
  isTouched,
  synchronous,
  uniqueTemporary,
  wrapperOf,
} from './context.js';
import { asyncForm, emitFunction, emitKey, emitObjectMethod, type NameHint, named } from './functions.js';

/**
 * The code of `node`.
 *
 * @param name the name that an anonymous function in this position gets from its context
 */
export function emit(node: Node, cx: Context, name?: NameHint): Code {
  if (!needsVisit(node, cx)) return spanOf(node);
  const wrapper = wrapperOf(cx, node);
  return wrapper === undefined ? emitNode(node, cx, name) : [`${helper(cx, wrapper)}(`, emitNode(node, cx, name), ')'];
}

function emitNode(node: Node, cx: Context, name?: NameHint): Code {
  if (isFunction(node)) {
    if (node.type === 'ObjectMethod') return emitObjectMethod(node, cx);
    return emitFunction(node, cx, name);
  }
  switch (node.type) {
    case 'CallExpression':
      return emitCall(node, cx);
    case 'NewExpression':
      return emitNew(node, cx);
    case 'TaggedTemplateExpression':
      return emitTaggedTemplate(node, cx);
    case 'OptionalCallExpression':
    case 'OptionalMemberExpression':
      if (hasPlannedCall(node, cx)) return emitChain(node, cx);
      return node.type === 'OptionalCallExpression' ? emitPlainCall(node, cx) : emitChildren(node, cx);
    case 'MemberExpression':
      return emitPrivateRead(node, cx) ?? emitChildren(node, cx);
    case 'ReturnStatement':
      return emitReturn(node, cx);
    case 'UnaryExpression':
      // `delete` needs the reference at the end of the chain: the calls in it stay as they are.
      if (node.operator === 'delete' && unwrap(node.argument).type === 'OptionalMemberExpression') return spanOf(node);
      return emitChildren(node, cx);
    case 'SwitchCase':
      return emitCase(node, cx);
    case 'StaticBlock':
      return emitRange(spanOf(node), node.body, statementEmitter(node.body, cx));
    case 'BlockStatement':
    case 'TSModuleBlock':
      return emitBlock(node, cx);
    case 'ClassBody':
      return emitClassBody(node as ClassBody, cx);
    case 'ClassExpression':
    case 'ClassDeclaration':
      return emitChildren(node, synchronous(cx));
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'ClassAccessorProperty':
    case 'ObjectProperty':
      return emitProperty(node, cx);
    case 'VariableDeclarator':
      return emitNamed(node, node.id, node.init, cx);
    case 'AssignmentPattern':
    case 'AssignmentExpression':
      return emitNamed(node, node.left, node.right, cx);
    case 'ExportDefaultDeclaration':
      return emitNested(node, cx, (child) => (child === node.declaration ? { name: 'default' } : undefined));
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

/** In an asynchronous form even untouched statements are visited: they may return. */
function needsVisit(node: Node, cx: Context): boolean {
  return isTouched(cx, spanOf(node)) || (cx.mode === 'twin' && mayReturn(node));
}

function mayReturn(node: Node): boolean {
  return /Statement$|^SwitchCase$|^CatchClause$/.test(node.type) && node.type !== 'ExpressionStatement';
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

/** An expression as an argument: a sequence or Flow's cast needs its parentheses, which are not part of its range. */
export function emitArgument(node: Node, cx: Context): Code {
  const code = emit(node, cx);
  return node.type === 'SequenceExpression' || node.type === 'TypeCastExpression' ? ['(', code, ')'] : code;
}

function emitNamed(node: Node, target: Node, value: Node | null | undefined, cx: Context): Code {
  const isNaming = !('operator' in node) || ['=', '&&=', '||=', '??='].includes(node.operator as string);
  const hint = target.type === 'Identifier' && !isParenthesized(target) && isNaming ? { name: target.name } : undefined;
  return emitNested(node, cx, (child) => (child === value ? hint : undefined));
}

function emitProperty(
  node: Extract<Node, { type: 'ClassProperty' | 'ClassPrivateProperty' | 'ClassAccessorProperty' | 'ObjectProperty' }>,
  cx: Context,
): Code {
  const inner = node.type === 'ObjectProperty' ? cx : synchronous(cx);
  const { key, value } = node;
  const computed = 'computed' in node && node.computed === true;
  if (node.type === 'ObjectProperty' && computed && value && isAnonymousTwin(value, cx)) {
    const temporary = uniqueTemporary(cx);
    return emitRange<Node>(spanOf(node), [key, value], (child) =>
      child === key ? emitKey(key, temporary, cx) : emit(child, inner, { temporary }),
    );
  }
  let hint: NameHint | undefined;
  if (key.type === 'PrivateName') hint = { name: `#${key.id.name}` };
  else if (!computed) {
    // `__proto__: f` is no property of that name, and gives none to the function.
    if (key.type === 'Identifier' && key.name !== '__proto__') hint = { name: key.name };
    else if (key.type === 'StringLiteral' && key.value !== '__proto__') hint = { name: key.value };
    else if (key.type === 'NumericLiteral') hint = { name: String(key.value) };
  }
  return emitNested(node, inner, (child) => (child === value ? hint : undefined));
}

function isAnonymousTwin(value: Node, cx: Context): boolean {
  if (value.type !== 'ArrowFunctionExpression' && value.type !== 'FunctionExpression') return false;
  return functionPlan(cx, value)?.form === 'twin' && !('id' in value && value.id);
}

const PRIMITIVE_RESULT: ReadonlySet<string> = new Set([
  'StringLiteral',
  'NumericLiteral',
  'BooleanLiteral',
  'NullLiteral',
  'BigIntLiteral',
  'TemplateLiteral',
  'UpdateExpression',
]);

function isPrimitive(node: Expression): boolean {
  if (PRIMITIVE_RESULT.has(node.type)) return true;
  if (node.type === 'UnaryExpression') return true;
  return node.type === 'BinaryExpression';
}

/** What an asynchronous form returns for `value`. */
export function emitResult(value: Expression, cx: Context): Code {
  if (cx.mode !== 'twin' || isPrimitive(value)) return emit(value, cx);
  return [`${helper(cx, 'box')}(`, emitArgument(value, cx), ')'];
}

function emitReturn(node: Extract<Node, { type: 'ReturnStatement' }>, cx: Context): Code {
  const { argument } = node;
  if (!argument) return spanOf(node);
  if (cx.mode !== 'twin') return emitChildren(node, cx);
  return [{ text: 'return ', at: node.start as number }, emitResult(argument, cx), ';'];
}

type Block = BlockStatement | TSModuleBlock | Program;

function emitBlock(node: BlockStatement | TSModuleBlock, cx: Context): Code {
  const directive = node.type === 'BlockStatement' ? node.directives.at(-1) : undefined;
  const opening = (directive?.end ?? (node.start as number) + 1) as number;
  return [
    { start: node.start as number, end: opening },
    emitLinks(node, cx),
    emitRange({ start: opening, end: node.end as number }, node.body, statementEmitter(node.body, cx)),
  ];
}

function emitCase(node: Extract<Node, { type: 'SwitchCase' }>, cx: Context): Code {
  const emitStatement = statementEmitter(node.consequent, cx);
  return emitRange(spanOf(node), childrenOf(node), (child) =>
    child === node.test ? emit(child, cx) : emitStatement(child as Statement),
  );
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

/**
 * Emits the statements of a list. A rewritten call begins with a parenthesis; where the statement before has no semicolon, it would
 * become the arguments of a call, so that it is put behind `void`.
 */
export function statementEmitter(statements: readonly Statement[], cx: Context): (statement: Statement) => Code {
  const { text } = cx.shared.module;
  const previous = new Map(statements.map((statement, i) => [statement, statements[i - 1]]));
  return (statement) => {
    const code = emit(statement, cx);
    if (statement.type !== 'ExpressionStatement') return code;
    const before = previous.get(statement);
    if (before === undefined || text[(before.end as number) - 1] === ';') return code;
    if (CLOSED_STATEMENTS.has(before.type) && innermostEndsClosed(before)) return code;
    if (text[statement.start as number] === '(' || firstCharacter(code, text) !== '(') return code;
    const end = statement.end as number;
    const semicolon = text[end - 1] === ';';
    return ['void (', emit(statement.expression, cx), semicolon ? ');' : ')'];
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
  const declarations = block.body.flatMap((statement) => declarationIn(statement) ?? []);
  // Of several declarations of one name the last one counts.
  const effective = new Map(declarations.map((declaration) => [declaration.id?.name, declaration]));
  const links: Code[] = [];
  for (const [name, declaration] of effective) {
    if (functionPlan(cx, declaration)?.form !== 'twin') continue;
    const form = named({ name: name ?? 'default' }, asyncForm(declaration, cx));
    if (name === undefined) {
      links.push(`${helper(cx, 'linkNamed')}(${freshName(cx.shared, '$default')}, "default", `, form, '); ');
    } else links.push(`${helper(cx, 'link')}(${name}, `, form, '); ');
  }
  return links.length === 0 ? [] : [' ', ...links];
}

function declarationIn(statement: Statement) {
  const inner =
    statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
      ? statement.declaration
      : statement;
  return inner?.type === 'FunctionDeclaration' ? inner : undefined;
}

function emitPrivateRead(node: Extract<Node, { type: 'MemberExpression' }>, cx: Context): Code | undefined {
  const { object, property } = node;
  if (property.type !== 'PrivateName' || object.type !== 'ThisExpression') return undefined;
  const twin = cx.privateTwins.get(property.id.name);
  return twin === undefined ? undefined : [`${helper(cx, 'link')}(`, spanOf(node), `, this.#${twin})`];
}
