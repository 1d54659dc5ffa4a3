/** Constructors: what keeps them from waiting, and the ones that are not written. */
import type { Class, ClassBody, ClassMethod, Node } from '@babel/types';
import type { RuleId } from '../report/rules.js';
import {
  canInitialiseApart,
  fieldsIn,
  hasOwnElements,
  isExpressible,
  isLostToDecorators,
  isSuperCall,
  propertiesOf,
  setsPropertiesApart,
  superStatement,
} from '../syntax/classElements.js';
import { childrenOf, spanOf } from '../syntax/nodes.js';
import { type Between, visitOwn } from '../syntax/ownNodes.js';
import { canBeIgnored } from '../syntax/stoppedParameters.js';
import { addCall, type Extraction, type Mutable, type Place, vertex } from './extraction.js';
import type { FunctionFact, Vertex } from './facts.js';
import { isDirectEval } from './names.js';
import { inherited } from './traits.js';

/** A constructor that is not written: it calls `super(...)` where there is one, and initialises fields. */
export function addImplicitConstructor(x: Extraction, node: Class, name: string, at: Place, parent: Vertex): number {
  const index = x.facts.functions.length;
  const span = spanOf(node.body);
  // What TypeScript is only told of is written elsewhere.
  const isDeclared = 'declare' in node && node.declare === true;
  const given = vertex(x);
  const fact: Mutable<FunctionFact> = {
    kind: 'constructor',
    name: `new ${name}`,
    span,
    async: false,
    behindAwait: [],
    parent: at.fn,
    params: [given],
    self: at.self ?? vertex(x),
    result: vertex(x),
    yields: undefined,
    resumed: undefined,
    inheritedKey: undefined,
    isCallee: false,
    hasRest: true,
    given: undefined,
    usesSelf: false,
    barrier: inherited(at.barrier) ?? implicitBarrier(node, isDeclared),
  };
  x.facts.functions.push(fact);
  if (!node.superClass || isDeclared) return index;
  addCall(x, {
    ...{ span, caller: index, callee: parent, args: [given], firstSpread: 0 },
    ...{ construct: true, isSuper: true, barrier: undefined },
  });
  return index;
}

function implicitBarrier(cls: Class, isDeclared: boolean): RuleId | undefined {
  if (isDeclared) return 'constructor';
  return isLostToDecorators(cls) ? 'decorated-method' : barrierOfFields(cls.body);
}

/** The rule of what keeps a class from being constructed asynchronously; undefined if nothing does. */
export function constructorBarrier(cls: Class, ctor: ClassMethod): RuleId | undefined {
  if (isLostToDecorators(cls)) return 'decorated-method';
  const { body, superClass } = cls;
  const isDerived = Boolean(superClass);
  const isPossible =
    hasOnlyPlainUsesOfSuper(ctor) &&
    (!hasOwnElements(body) || canRunForFields(ctor, isDerived)) &&
    (!setsPropertiesApart(cls) || canInitialiseApart(body));
  return isPossible ? barrierOfFields(body) : 'constructor';
}

/** Initialisers are written twice. */
function barrierOfFields(body: ClassBody): RuleId | undefined {
  for (const field of fieldsIn(body)) {
    let rule: RuleId | undefined;
    const look = (node: Node): void => {
      if (isDirectEval(node)) rule = 'eval';
      else if (node.type === 'Identifier' && node.name === 'await') rule ??= 'await-name';
      childrenOf(node).forEach(look);
    };
    if (field.value) look(field.value);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

/** Whether `super` stands where the asynchronous form can express it. */
function hasOnlyPlainUsesOfSuper(ctor: ClassMethod): boolean {
  let isPlain = true;
  const look = (isBody: boolean) => (node: Node, _: Node, between: Between) => {
    if (node.type === 'JSXIdentifier' && node.name === 'this') isPlain = false;
    // Properties made of parameters would be set by a call that stands before some of them.
    if (isSuperCall(node) && (between !== 'nothing' || (!isBody && propertiesOf(ctor).size > 0))) isPlain = false;
  };
  for (const param of ctor.params) visitOwn(param, ctor, look(false));
  visitOwn(ctor.body, ctor, look(true));
  return isPlain;
}

/** Whether the constructor can be run for nothing but the fields: what it does before has to be left out. */
function canRunForFields(ctor: ClassMethod, isDerived: boolean): boolean {
  if (!ctor.params.every(canBeIgnored)) return false;
  if (!isDerived) return true;
  const { body } = ctor.body;
  const statement = superStatement(ctor);
  const before = statement === undefined ? [] : body.slice(0, body.indexOf(statement));
  return before.every(
    (other) =>
      !(other.type === 'ClassDeclaration' && !isExpressible(other)) &&
      !(other.type === 'VariableDeclaration' && !/^(var|let|const)$/.test(other.kind)),
  );
}
