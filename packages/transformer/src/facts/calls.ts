/** Calls. */
import type { Expression, Node } from '@babel/types';
import { isHoistedMock } from '../syntax/hoistedMocks.js';
import { isMember, spanOf, unwrap } from '../syntax/nodes.js';
import { tailCallsOf } from '../syntax/tailCalls.js';
import { access } from './accesses.js';
import { value } from './expressions.js';
import { addCall, type Extraction, from, keyOf, load, loadByKey, type Place, vertex } from './extraction.js';
import type { Vertex } from './facts.js';
import { iterate } from './iterations.js';
import { isDirectEval, keyName, memberPath, stringValue } from './names.js';
import { lookup } from './scopes.js';
import { isAtomicsWait, isFreshCell } from './sleepCells.js';

/** Expressions whose value comes from elsewhere. */
const REFERENCE =
  /^(Identifier|ThisExpression|(Optional)?(Member|Call)Expression|(Conditional|Logical|Await|Assignment)Expression)$/;

export function visitCall(
  x: Extraction,
  node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' | 'NewExpression' }>,
  at: Place,
): Vertex {
  const { callee } = node;
  const [first] = node.arguments;
  if (callee.type === 'Identifier' && callee.name === 'require' && first?.type === 'StringLiteral') {
    if (lookup(at.scope, 'require') === undefined) {
      x.facts.imports.push(first.value);
      x.facts.requires.push({ specifier: first.value, span: spanOf(node) });
      return from(x, { kind: 'import', specifier: first.value, name: '=' });
    }
  }
  // What compiled code has where a module declares a `require` of its own.
  if (memberPath(callee)?.join('.') === 'module.require' && lookup(at.scope, 'module') === undefined) {
    if (first?.type === 'StringLiteral') x.facts.imports.push(first.value);
  }
  if (callee.type === 'Import') {
    for (const argument of node.arguments) value(x, argument as Expression, at);
    if (first?.type !== 'StringLiteral') return from(x, { kind: 'some module' });
    x.facts.imports.push(first.value);
    return from(x, { kind: 'import', specifier: first.value, name: '*' });
  }
  if (isDirectEval(node)) {
    for (const argument of node.arguments) value(x, argument as Expression, at);
    return vertex(x);
  }
  const place: Place = isHoistedMock(node) ? { ...at, barrier: 'hoisted-mock' } : at;
  return call(x, node, callee, node.arguments, node.type === 'NewExpression', place);
}

/**
 * @param nodes the arguments; undefined for one that is not written, such as the strings of a template
 * @returns the vertex that holds the result
 */
export function call(
  x: Extraction,
  node: Node,
  wrapped: Node,
  nodes: readonly (Node | undefined)[],
  construct: boolean,
  at: Place,
): Vertex {
  const callee = unwrap(wrapped);
  const isSuper = callee.type === 'Super';
  let receiver: Vertex | undefined;
  let property: string | undefined;
  let target: Vertex;
  if (isMember(callee)) {
    const { object, isKeyed, ...found } = access(x, callee, 'get', at);
    receiver = object;
    property = found.property;
    target = isKeyed ? loadByKey(x, object) : load(x, object, property);
  } else target = value(x, callee, at);
  const [first, second] = nodes;
  if (first !== undefined && isAtomicsWait(callee, at)) noteWait(x, unwrap(first), at);
  const args = nodes.map((argument) => {
    if (argument === undefined) return vertex(x);
    return argument.type === 'SpreadElement'
      ? iterate(x, argument, value(x, argument.argument, at), at).items
      : value(x, argument, at);
  });
  const firstSpread = nodes.findIndex((argument) => argument?.type === 'SpreadElement');
  const fact = addCall(x, {
    ...{ span: spanOf(node), caller: at.fn, callee: target },
    receiver,
    property,
    calleeName: property ?? (callee.type === 'Identifier' ? callee.name : undefined),
    args,
    firstSpread: firstSpread < 0 ? undefined : firstSpread,
    borrowed: borrowedMethod(callee),
    firstString: first && stringValue(first),
    secondKey: second && keyOf(x, second, true),
    argsFromElsewhere: nodes.map((argument) => argument !== undefined && REFERENCE.test(unwrap(argument).type)),
    argSpans: nodes.map((argument) => {
      const isArgument = node.type !== 'TaggedTemplateExpression' && argument?.type !== 'SpreadElement';
      return argument !== undefined && isArgument ? spanOf(argument) : undefined;
    }),
    construct: construct || isSuper,
    isSuper,
    isLast: callee.type === 'Identifier' && tailCallsOf(x.module.ast.program).has(node),
    // An `async` arrow function cannot wait for what it makes, either.
    barrier: at.barrier ?? (isSuper && x.facts.functions[at.fn]?.async === true ? 'constructor' : undefined),
  });
  return fact.result;
}

/** `map` of `[].map.call` and `Array.prototype.map.apply`. */
function borrowedMethod(callee: Node): string | undefined {
  if (!isMember(callee) || callee.computed || !/^(call|apply)$/.test(keyName(callee.property) ?? '')) return undefined;
  const method = unwrap(callee.object);
  if (!isMember(method) || method.computed) return undefined;
  const owner = unwrap(method.object);
  const isPrototype = /^[A-Z]\w*\.prototype$/.test(memberPath(owner)?.join('.') ?? '');
  const isLiteral = owner.type === 'ArrayExpression' && owner.elements.length === 0;
  return isPrototype || isLiteral ? keyName(method.property) : undefined;
}

function noteWait(x: Extraction, cell: Node, at: Place): void {
  const bound = cell.type === 'Identifier' ? lookup(at.scope, cell.name) : undefined;
  if (bound !== undefined) x.cells.waitOn(bound);
  else if (isFreshCell(cell, at)) x.facts.sleepCells.push(spanOf(cell));
}
