/** What runs before anybody else has a turn: the statements of an `async` function before its first `await`, and the last one of a module. */
import type { CallExpression, Expression, Node, Program, Statement, TryStatement } from '@babel/types';
import type { Span } from '../program.js';
import { childrenOf, type FunctionNode, isFunction, spanOf, unwrap } from './nodes.js';
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
  return firstOf(statements, endIn);
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
    case 'ReturnStatement':
    case 'ThrowStatement':
      return statement.argument ? endOf(statement.argument) : undefined;
    default:
      return evaluatedBy(statement).some(awaits) ? (statement.end as number) : undefined;
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

function awaits(node: Node): boolean {
  return awaitIn(node) !== undefined;
}

/** The first `await` to which evaluating an expression comes in any case. */
function awaitIn(wrapped: Node): Node | undefined {
  const node = unwrap(wrapped);
  if (isFunction(node) || node.type === 'ClassExpression') return undefined;
  switch (node.type) {
    case 'AwaitExpression':
      return awaitIn(node.argument) ?? node;
    // Where an `await` is meant, the function is an async generator.
    case 'YieldExpression':
      return (node.argument && awaitIn(node.argument)) ?? node;
    case 'LogicalExpression':
      return awaitIn(node.left);
    case 'ConditionalExpression':
      return awaitIn(node.test);
    case 'OptionalCallExpression':
      return awaitIn(node.callee);
    case 'OptionalMemberExpression':
      return awaitIn(node.object);
    case 'AssignmentExpression':
      return /^(=|[^&|?]+=)$/.test(node.operator) ? awaitIn(node.right) : undefined;
    default:
      return firstOf(childrenOf(node), awaitIn);
  }
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A call that starts something, in a statement of a module that starts nothing else before others have their turn. */
export interface StartingCall {
  readonly call: CallExpression;
  readonly statement: Statement;
  /** What is evaluated until then, the call included. */
  readonly part: Span;
}

/** The call whose promise a module awaits first: `await main();`, `const app = await start();`, `try { console.log(await main()); } catch ...`. */
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
  const first = statement.type === 'TryStatement' ? statement.block.body[0] : statement;
  const found = first && firstOf(evaluatedBy(first), awaitIn);
  const call = found?.type === 'AwaitExpression' ? startedBy(found.argument) : undefined;
  return found && call && { call, statement, part: { start: statement.start as number, end: found.end as number } };
}

/** The expressions to whose end a statement comes in any case. */
function evaluatedBy(statement: Statement): Node[] {
  switch (statement.type) {
    case 'ExpressionStatement':
      return [statement.expression];
    case 'ExportDefaultDeclaration':
      return [statement.declaration];
    case 'ExportNamedDeclaration':
      return statement.declaration ? evaluatedBy(statement.declaration) : [];
    case 'VariableDeclaration':
      return statement.declarations.flatMap(({ init }) => init ?? []);
    default:
      return [];
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
  return call && { call, statement, part: spanOf(statement) };
}

function isInertStatement(type: Statement['type']): boolean {
  return /^(FunctionDeclaration|EmptyStatement|TS(Interface|TypeAlias)Declaration|TSDeclareFunction)$/.test(type);
}

/** Whether the statements of a module only say what there is. */
export function onlyDeclares({ body }: Program): boolean {
  return body.every(declares);
}

function declares(statement: Statement): boolean {
  switch (statement.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return true;
    case 'ExportNamedDeclaration':
      return !statement.declaration || declares(statement.declaration);
    case 'ExportDefaultDeclaration':
      return isFunction(statement.declaration);
    case 'ExpressionStatement': {
      const { expression } = statement;
      return expression.type === 'AssignmentExpression' && isExport(expression.left) && isFunction(expression.right);
    }
    case 'VariableDeclaration':
      return statement.declarations.every(
        ({ id, init }) =>
          id.type === 'Identifier' &&
          (!init || isFunction(init) || /^(String|Numeric|BigInt|Boolean|Null)Literal$/.test(init.type)),
      );
    default:
      return isInertStatement(statement.type);
  }
}

/** `exports.name`, `module.exports`. */
function isExport(node: Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    !node.computed &&
    node.object.type === 'Identifier' &&
    /^(exports|module)$/.test(node.object.name)
  );
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
