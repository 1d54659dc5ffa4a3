/** What runs before anybody else has a turn: the statements of an `async` function before its first `await`, and the last one of a module. */
import type { CallExpression, Expression, Node, Program, Statement } from '@babel/types';
import { childrenOf, type FunctionNode, isFunction, unwrap } from './nodes.js';
import { visitOwn } from './ownNodes.js';

/**
 * The offset from which on an `async` function cannot run before it has come to an `await`; infinite if there is none that it has to come to. The
 * body of an async generator is not run by a call.
 */
export function prefixEnd({ body, generator }: FunctionNode): number {
  if (generator === true) return 0;
  if (body.type === 'BlockStatement') return endWithin(body.body) ?? Number.POSITIVE_INFINITY;
  return awaits(body) ? (body.end as number) : Number.POSITIVE_INFINITY;
}

function endWithin(statements: readonly Statement[]): number | undefined {
  for (const statement of statements) {
    const end = endIn(statement);
    if (end !== undefined) return end;
  }
  return undefined;
}

function endIn(statement: Statement): number | undefined {
  switch (statement.type) {
    case 'BlockStatement':
      return endWithin(statement.body);
    case 'TryStatement':
      return endWithin(statement.block.body);
    case 'LabeledStatement':
      return endIn(statement.body);
    case 'IfStatement':
    case 'WhileStatement':
      return endOf(statement.test);
    case 'SwitchStatement':
      return endOf(statement.discriminant);
    case 'DoWhileStatement':
      return endIn(statement.body);
    case 'ForOfStatement':
      return endOf(statement.right) ?? (statement.await ? (statement.body.start as number) : undefined);
    case 'ForInStatement':
      return endOf(statement.right);
    case 'VariableDeclaration':
      return statement.declarations.some(({ init }) => init && awaits(init)) ? (statement.end as number) : undefined;
    case 'ExpressionStatement':
      return endOf(statement.expression);
    case 'ReturnStatement':
    case 'ThrowStatement':
      return statement.argument ? endOf(statement.argument) : undefined;
    default:
      return undefined;
  }
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

/** Where the first statement of a module begins that may await; undefined if there is none. */
export function firstAwait(program: Program): number | undefined {
  const waits = (statement: Statement): boolean => {
    let found = false;
    visitOwn(statement, program, (node, _, between) => {
      const isAwait = node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await);
      found ||= isAwait && between !== 'arrow';
    });
    return found;
  };
  return program.body.find(waits)?.start as number | undefined;
}

/**
 * The call with which a module ends, if it does: `main();`, `void main();`, `main().catch(report);`, all of them also after `if (require.main === module)`.
 * Nothing of the module runs between what that call does and the event loop.
 */
export function lastCall({
  body,
}: Program): { readonly call: CallExpression; readonly statement: Statement } | undefined {
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
  return call && { call, statement };
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
