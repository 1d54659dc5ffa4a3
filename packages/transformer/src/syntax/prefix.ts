/** What runs before anybody else has a turn: the statements of an `async` function before its first `await`, and the last one of a module. */
import type { CallExpression, Expression, Node, Program, Statement, TryStatement } from '@babel/types';
import type { Span } from '../program.js';
import { childrenOf, type FunctionNode, isFunction, unwrap } from './nodes.js';
import { visitOwn } from './ownNodes.js';

/** The parts of an `async` function, or of a module, that are not run before it has come to an `await`. */
export function behindAwait({ body }: FunctionNode | Program): Span[] {
  const parts: Span[] = [];
  if (Array.isArray(body)) addParts(body, Number.POSITIVE_INFINITY, parts);
  else if (body.type === 'BlockStatement') addParts(body.body, body.end as number, parts);
  return parts;
}

function addParts(statements: readonly Statement[], end: number, parts: Span[]): void {
  for (const statement of statements) {
    addWithin(statement, parts);
    const start = endIn(statement);
    if (start === undefined) continue;
    parts.push({ start, end });
    return;
  }
}

function addWithin(node: Node, parts: Span[]): void {
  if (node.type === 'BlockStatement') addParts(node.body, node.end as number, parts);
  else if (node.type === 'SwitchCase') addParts(node.consequent, node.end as number, parts);
  else if (isStatement(node) || node.type === 'CatchClause') {
    for (const child of childrenOf(node)) addWithin(child, parts);
  }
}

function isStatement({ type }: Node): boolean {
  return type.endsWith('Statement') && type !== 'ExpressionStatement';
}

function endWithin(statements: readonly Statement[]): number | undefined {
  for (const statement of statements) {
    const end = endIn(statement);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** From where on a statement, and what follows it in its block, is run behind an `await` only; undefined where that is not sure. */
function endIn(statement: Statement): number | undefined {
  switch (statement.type) {
    case 'BlockStatement':
      return endWithin(statement.body);
    case 'TryStatement':
      return waitsInTry(statement) ? (statement.end as number) : undefined;
    case 'LabeledStatement':
      // Only of loops nothing is left before the `await`, which comes before the first `break`.
      return /^(While|For\w*)Statement$/.test(statement.body.type) ? endIn(statement.body) : undefined;
    case 'IfStatement':
    case 'WhileStatement':
      return endOf(statement.test);
    case 'SwitchStatement':
      return endOf(statement.discriminant);
    case 'ForOfStatement':
      return endOf(statement.right) ?? (statement.await ? (statement.body.start as number) : undefined);
    case 'ForInStatement':
      return endOf(statement.right);
    case 'VariableDeclaration':
      return statement.declarations.some(({ init }) => init && awaits(init)) ? (statement.end as number) : undefined;
    case 'ExportNamedDeclaration':
      return statement.declaration ? endIn(statement.declaration) : undefined;
    case 'ExportDefaultDeclaration':
      return awaits(statement.declaration) ? (statement.end as number) : undefined;
    case 'ExpressionStatement':
      return endOf(statement.expression);
    case 'ReturnStatement':
    case 'ThrowStatement':
      return statement.argument ? endOf(statement.argument) : undefined;
    default:
      return undefined;
  }
}

/** Whether what follows a `try` follows an `await`: an error may come before that of the block. */
function waitsInTry({ block, handler, finalizer }: TryStatement): boolean {
  if (finalizer && endWithin(finalizer.body) !== undefined) return true;
  if (endWithin(block.body) === undefined) return false;
  return !handler || endWithin(handler.body.body) !== undefined || leaves(handler.body.body);
}

function leaves(statements: readonly Statement[]): boolean {
  return statements.some(({ type }) => type === 'ReturnStatement' || type === 'ThrowStatement');
}

function endOf(expression: Expression): number | undefined {
  return awaits(expression) ? (expression.end as number) : undefined;
}

/** Whether evaluating an expression to its end takes an `await`. */
function awaits(wrapped: Node): boolean {
  const node = unwrap(wrapped);
  if (isFunction(node) || node.type === 'ClassExpression') return false;
  switch (node.type) {
    case 'AwaitExpression':
    // Where an `await` is meant, the function is an async generator.
    case 'YieldExpression':
      return true;
    case 'LogicalExpression':
      return awaits(node.left);
    case 'ConditionalExpression':
      return awaits(node.test);
    case 'OptionalCallExpression':
      return awaits(node.callee);
    case 'OptionalMemberExpression':
      return awaits(node.object);
    case 'AssignmentExpression':
      return /^(=|[^&|?]+=)$/.test(node.operator) && awaits(node.right);
    default:
      return childrenOf(node).some((child) => awaits(child));
  }
}

/** A call that starts something, and the statement of a module that does nothing else. */
export interface StartingCall {
  readonly call: CallExpression;
  /** The statement as a whole, which stands in no other. */
  readonly statement: Statement;
  /** The part of it that is evaluated up to where others have their turn. */
  readonly part: Statement;
}

/** The call whose promise the first statement of a module awaits that may await, if that is all that it does: `await main();`, `const app = await start();`. */
export function firstAwaited(program: Program): StartingCall | undefined {
  const waits = (statement: Statement): boolean => {
    let found = false;
    visitOwn(statement, program, (node, _, between) => {
      const isAwait = node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await);
      found ||= isAwait && between !== 'arrow';
    });
    return found;
  };
  const statement = program.body.find(waits);
  if (statement === undefined) return undefined;
  const part = statement.type === 'TryStatement' ? statement.block.body[0] : statement;
  const awaited = part && awaitedBy(part);
  const call = awaited?.type === 'AwaitExpression' ? startedBy(awaited.argument) : undefined;
  return part && call && { call, statement, part };
}

/** What a statement evaluates and keeps. */
function awaitedBy(statement: Statement): Node | undefined {
  switch (statement.type) {
    case 'ExpressionStatement':
      return unwrap(statement.expression);
    case 'ExportDefaultDeclaration':
      return unwrap(statement.declaration);
    case 'ExportNamedDeclaration':
      return statement.declaration ? awaitedBy(statement.declaration) : undefined;
    case 'VariableDeclaration': {
      const [first] = statement.declarations;
      return first?.init ? unwrap(first.init) : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * The call with which a module ends, if it does: `main();`, `void main();`, `main().catch(report);`, all of them also after `if (require.main === module)`.
 * Nothing of the module runs between what that call does and the event loop.
 */
export function lastCall({ body }: Program): StartingCall | undefined {
  const statement = body.findLast(({ type }) => !isInertStatement(type));
  if (statement === undefined) return undefined;
  const { consequent } =
    statement.type === 'IfStatement' && !statement.alternate ? statement : { consequent: statement };
  const [only = consequent] =
    consequent.type === 'BlockStatement' && consequent.body.length === 1 ? consequent.body : [];
  if (only.type !== 'ExpressionStatement') return undefined;
  const expression = unwrap(only.expression);
  const started =
    expression.type === 'UnaryExpression' && expression.operator === 'void' ? expression.argument : expression;
  const call = startedBy(started);
  return call && { call, statement, part: statement };
}

function isInertStatement(type: Statement['type']): boolean {
  return /^(FunctionDeclaration|EmptyStatement|TS(Interface|TypeAlias)Declaration|TSDeclareFunction)$/.test(type);
}

/** The call that makes the promise to which a chain of handlers is attached. */
function startedBy(wrapped: Node): CallExpression | undefined {
  const node = unwrap(wrapped);
  if (node.type !== 'CallExpression') return undefined;
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return node;
  if (!/^(then|catch|finally)$/.test(callee.property.name)) return node;
  return startedBy(callee.object);
}
