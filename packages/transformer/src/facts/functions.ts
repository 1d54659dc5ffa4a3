/** Functions of every form: their parameters, bodies and results. */
import type { Program } from '@babel/types';
import { ATOMIC } from '../catalogue/builtins.js';
import type { Span } from '../program.js';
import type { RuleId } from '../report/rules.js';
import { hasCallee } from '../syntax/itself.js';
import { isOpenBody } from '../syntax/lists.js';
import { blockFunctions, boundNames, hoistedNames } from '../syntax/names.js';
import { type FunctionNode, spanOf } from '../syntax/nodes.js';
import { usesSuper } from '../syntax/objects.js';
import { fitsInBlock, hasBodyApart, meeting } from '../syntax/parameters.js';
import { behindAwait } from '../syntax/prefix.js';
import { ASSIGNMENT } from './accesses.js';
import { decorate, visitDecorators } from './decorators.js';
import { value } from './expressions.js';
import { addCall, declare, type Extraction, flow, from, type Mutable, type Place, vertex } from './extraction.js';
import type { FunctionFact, FunctionKind, Vertex } from './facts.js';
import { isStrict } from './names.js';
import { bind } from './patterns.js';
import { lookup, type Scope } from './scopes.js';
import { block } from './statements.js';
import { inherited, VERBATIM } from './traits.js';

/**
 * Adds a function, whose parameters and body are to be visited in the place that is returned.
 *
 * @param part of an async generator: its `call`, which evaluates the parameters and is not `async`, or its `body`; see {@link hasBodyApart}
 */
export function addFunction(
  x: Extraction,
  node: FunctionNode | Program,
  kind: FunctionKind,
  name: string,
  at: Place | undefined,
  barrier?: RuleId,
  part: 'whole' | 'call' | 'body' = 'whole',
) {
  const isFn = node.type !== 'Program';
  const isAsync = part !== 'call' && (isFn ? node.async === true : x.module.topLevelAwait === true);
  const index = x.facts.functions.length;
  const scope: Scope = { parent: at?.scope, bindings: new Map() };
  const inherits = kind === 'arrow' || (kind !== 'function' && kind !== 'module');
  const self = inherits && at?.self !== undefined ? at.self : vertex(x);
  const fact: Mutable<FunctionFact> = {
    kind,
    name,
    span: isFn ? spanOf(part === 'body' ? node.body : node) : { start: 0, end: x.module.text.length },
    async: isAsync,
    behindAwait: !isFn || isAsync ? behindAwait(node) : [],
    parent: at?.fn ?? 0,
    params: [],
    self,
    result: vertex(x),
    ...(isFn && node.generator === true && node.async !== true
      ? { yields: vertex(x), resumed: vertex(x) }
      : { yields: undefined, resumed: undefined }),
    inheritedKey: undefined,
    isCallee: false,
    hasRest: false,
    given: undefined,
    usesSelf: false,
    barrier,
  };
  x.facts.functions.push(fact);
  const place: Place = {
    scope,
    body: scope,
    strict: at?.strict === true || x.module.kind === 'esm' || isStrict(isFn ? node.body : node),
    fn: index,
    self,
    superClass: isFn && node.type === 'FunctionExpression' ? undefined : at?.superClass,
    barrier: inherited(at?.barrier),
    keepsArrayPatterns: false,
  };
  return { index, fact, place };
}

/**
 * The rule that keeps a function from awaiting. One that is `async`, generators included, is its own asynchronous form.
 *
 * @param isCall whether it is about the call of an async generator, which evaluates the parameters
 */
function hindrance(
  { traits }: Extraction,
  node: FunctionNode,
  barrier: RuleId | undefined,
  isCall: boolean,
): RuleId | undefined {
  const own = traits.barriers.get(node);
  if (node.async === true && !isCall) return own === 'eval' || VERBATIM.has(own) ? own : undefined;
  return barrier ?? own;
}

/** The rule of parameters that stay synchronous in every form of their function. */
function parameterRule(node: FunctionNode): RuleId | undefined {
  const names = meeting(node);
  // A body in a function takes a turn more, which an `async` function must not; nothing that is an expression can yield for a generator.
  const isBound =
    names === 'apart' || names === 'blocked' || (names === 'hidden' && node.async !== true && node.generator !== true);
  return isBound && !node.params.flatMap(boundNames).includes('let') ? undefined : 'parameter-default';
}

/** The body of an async generator as a function of its own, which its call starts. */
function bodyApart(x: Extraction, node: FunctionNode, name: string, at: Place): Place {
  const { index, place } = addFunction(x, node, 'arrow', name, at, hindrance(x, node, undefined, false), 'body');
  callUnwritten(x, spanOf(node.body), at, from(x, { kind: 'function', index }));
  return { ...place, scope: at.scope, body: at.scope };
}

/** A function that is marked as atomic waits for its lock before it does anything: a call that the comment stands for. */
function waitForLock(x: Extraction, node: FunctionNode, at: Place): void {
  const pragma = x.pragmas.atomic.get(node);
  if (pragma !== undefined) callUnwritten(x, pragma.span, at, from(x, { kind: 'external', path: ATOMIC }));
}

/** A call that is not written, without arguments. */
function callUnwritten(x: Extraction, span: Span, at: Place, callee: Vertex): void {
  addCall(x, { span, caller: at.fn, callee, barrier: undefined });
}

export function visitFunction(
  x: Extraction,
  node: FunctionNode,
  kind: FunctionKind,
  name: string,
  at: Place,
  barrier?: RuleId,
): number {
  const isApart = hasBodyApart(node);
  const reason = hindrance(x, node, barrier, isApart);
  const { index, fact, place } = addFunction(x, node, kind, name, at, reason, isApart ? 'call' : 'whole');
  waitForLock(x, node, place);
  fact.usesSelf = x.traits.selfReaders.has(node);
  const { bindings } = place.scope;
  if (!fact.async && !place.strict && x.traits.calleeReaders.has(node) && hasCallee(node)) {
    fact.isCallee = true;
    if (node.type === 'ObjectMethod' && usesSuper(node)) fact.barrier ??= 'arguments-callee';
  }
  if (node.type === 'FunctionExpression' && node.id) {
    const self = from(x, { kind: 'function', index });
    bindings.set(node.id.name, self);
    x.selfNames.set(self, fact);
  }
  const rule = parameterRule(node);
  for (const param of node.params) {
    decorate(x, visitDecorators(x, param, at), at);
    declare(x, place.scope, boundNames(param));
    const received = vertex(x);
    fact.params.push(received);
    const pattern = param.type === 'TSParameterProperty' ? param.parameter : param;
    bind(x, pattern, received, { ...place, barrier: rule }, { ...ASSIGNMENT, declares: true });
    if (param.type === 'RestElement') {
      fact.hasRest = true;
      for (const rest of boundNames(param)) x.itemHolders.add(lookup(place.scope, rest) as Vertex);
    }
    if (param.type === 'TSParameterProperty') {
      for (const bound of boundNames(param)) {
        x.facts.stores.push({ object: undefined, property: bound, value: lookup(place.scope, bound) as Vertex });
      }
    }
  }
  if (!bindings.has('arguments') && node.type !== 'ArrowFunctionExpression') {
    const given = vertex(x);
    bindings.set('arguments', given);
    if (x.traits.argumentsReaders.has(node)) {
      fact.given = given;
      x.itemHolders.add(given);
    }
  }
  if (node.body.type === 'BlockStatement') {
    declare(x, place.scope, hoistedNames(node.body));
    if (!place.strict) declare(x, place.scope, blockFunctions(node.body));
    const inBody = isApart ? bodyApart(x, node, name, place) : place;
    const keepsDisposals = kind === 'constructor' || !fitsInBlock(node) ? inBody.scope : undefined;
    block(x, node.body.body, { ...inBody, keepsDisposals }, isOpenBody(node));
  } else flow(x, value(x, node.body, place), fact.result);
  return index;
}
