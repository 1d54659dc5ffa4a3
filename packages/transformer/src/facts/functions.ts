/** Functions of every form: their parameters, bodies and results. */
import type { Program } from '@babel/types';
import { ATOMIC } from '../catalogue/builtins.js';
import { hasCallee } from '../syntax/itself.js';
import { isOpenBody } from '../syntax/lists.js';
import { blockFunctions, boundNames, hoistedNames } from '../syntax/names.js';
import { type FunctionNode, spanOf } from '../syntax/nodes.js';
import { usesSuper } from '../syntax/objects.js';
import { meeting } from '../syntax/parameters.js';
import { behindAwait } from '../syntax/prefix.js';
import { ASSIGNMENT } from './accesses.js';
import { decorate, visitDecorators } from './decorators.js';
import { value } from './expressions.js';
import { declare, type Extraction, flow, from, type Mutable, type Place, vertex } from './extraction.js';
import type { FunctionFact, FunctionKind, Vertex } from './facts.js';
import { isStrict } from './names.js';
import { bind } from './patterns.js';
import { lookup, type Scope } from './scopes.js';
import { block } from './statements.js';
import { inherited, VERBATIM } from './traits.js';

export function addFunction(
  x: Extraction,
  node: FunctionNode | Program,
  kind: FunctionKind,
  name: string,
  at: Place | undefined,
  barrier?: string,
) {
  const isFn = node.type !== 'Program';
  const index = x.facts.functions.length;
  const scope: Scope = { parent: at?.scope, bindings: new Map() };
  const inherits = kind === 'arrow' || (kind !== 'function' && kind !== 'module');
  const self = inherits && at?.self !== undefined ? at.self : vertex(x);
  const fact: Mutable<FunctionFact> = {
    kind,
    name,
    span: isFn ? spanOf(node) : { start: 0, end: x.module.text.length },
    async: isFn ? node.async === true : x.module.topLevelAwait === true,
    behindAwait: !isFn || node.async === true ? behindAwait(node) : [],
    parent: at?.fn ?? 0,
    params: [],
    self,
    result: vertex(x),
    ...(isFn && node.generator === true && node.async !== true
      ? { yields: vertex(x), resumed: vertex(x) }
      : { yields: undefined, resumed: undefined }),
    inheritedKey: undefined,
    isCallee: false,
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

/** The rule that keeps a function from awaiting. One that is `async`, generators included, is its own asynchronous form. */
function hindrance({ traits }: Extraction, node: FunctionNode, barrier: string | undefined): string | undefined {
  const own = traits.barriers.get(node);
  if (node.async === true) return own === 'eval' || VERBATIM.has(own) ? own : undefined;
  return barrier ?? own;
}

/** The rule of parameters that stay synchronous in every form of their function. */
function parameterRule(node: FunctionNode): string | undefined {
  // Those of an async generator are evaluated by its call, for which nobody waits.
  if (node.generator === true && node.async === true) return 'parameter-default';
  const names = meeting(node);
  // A body in a function takes a turn more, which an `async` function must not; nothing that is an expression can yield for a generator.
  const isBound =
    names === 'apart' || names === 'blocked' || (names === 'hidden' && node.async !== true && node.generator !== true);
  return isBound && !node.params.flatMap(boundNames).includes('let') ? undefined : 'parameter-default';
}

/** A function that is marked as atomic waits for its lock before it does anything: a call that the comment stands for. */
function waitForLock(x: Extraction, node: FunctionNode, at: Place): void {
  const pragma = x.pragmas.atomic.get(node);
  if (pragma === undefined) return;
  x.facts.calls.push({
    span: pragma.span,
    caller: at.fn,
    callee: from(x, { kind: 'external', path: ATOMIC }),
    iteration: undefined,
    receiver: undefined,
    property: undefined,
    calleeName: undefined,
    args: [],
    firstString: undefined,
    secondString: undefined,
    argsFromElsewhere: [],
    argSpans: [],
    result: vertex(x),
    construct: false,
    isSuper: false,
    isImplicit: false,
    barrier: undefined,
  });
}

export function visitFunction(
  x: Extraction,
  node: FunctionNode,
  kind: FunctionKind,
  name: string,
  at: Place,
  barrier?: string,
): number {
  const reason = hindrance(x, node, barrier);
  const { index, fact, place } = addFunction(x, node, kind, name, at, reason);
  waitForLock(x, node, place);
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
    if (param.type === 'TSParameterProperty') {
      for (const bound of boundNames(param)) {
        x.facts.stores.push({ object: undefined, property: bound, value: lookup(place.scope, bound) as Vertex });
      }
    }
  }
  if (!bindings.has('arguments') && node.type !== 'ArrowFunctionExpression') bindings.set('arguments', vertex(x));
  if (node.body.type === 'BlockStatement') {
    declare(x, place.scope, hoistedNames(node.body));
    if (!place.strict) declare(x, place.scope, blockFunctions(node.body));
    block(x, node.body.body, place, isOpenBody(node));
  } else flow(x, value(x, node.body, place), fact.result);
  return index;
}
