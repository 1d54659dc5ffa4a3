/**
 * Functions whose text stands once, as an `async` function that their original runs without waiting.
 *
 * See docs/decisions/0020-functions-may-be-written-once.md.
 */
import type { ClassBody, ClassMethod, FunctionDeclaration, Node } from '@babel/types';
import { type FunctionPlan, MAX_TWINS } from '../colour/plan.js';
import { isDirectEval } from '../facts/names.js';
import { pragmasOf } from '../facts/pragmas.js';
import type { ParsedModule } from '../parse/parse.js';
import { type ModulePlan, type SpanKey, spanKey } from '../program.js';
import { isDecorated } from '../syntax/decorators.js';
import { isFixedKey } from '../syntax/keys.js';
import { declaredFunctions } from '../syntax/names.js';
import { childrenOf, type FunctionNode, isFunction, isMember, spanOf, unwrap } from '../syntax/nodes.js';
import { usesSuper } from '../syntax/objects.js';
import { visitOwnNodes } from '../syntax/ownNodes.js';
import { fitsInBlock, meeting } from '../syntax/parameters.js';
import { makesClassesWithStatics } from '../syntax/staticElements.js';
import { isThis } from './parameters.js';

/** The plan for functions, in which those are written twice that cannot be written once. */
export function resolvedForms(module: ParsedModule, plan: ModulePlan): ReadonlyMap<SpanKey, FunctionPlan> {
  const { functions } = plan;
  if (![...functions.values()].some(({ form }) => form === 'once')) return functions;
  // Classes without a constructor are planned, too.
  const resolved = new Map<SpanKey, FunctionPlan>(
    [...functions].map(([key, planned]) => [key, planned.form === 'once' ? { ...planned, form: 'twin' } : planned]),
  );
  const sections = pragmasOf(module).atomic;
  const { found, declared, mayBeTaken, calls } = survey(module.ast.program);
  for (const { node, around } of found) {
    const key = spanKey(spanOf(node));
    const known = functions.get(key);
    if (known?.form !== 'once') continue;
    const isOnce =
      !known.streamMethod &&
      !known.isCallee &&
      !sections.has(node) &&
      (node.type !== 'FunctionDeclaration' || (declared.has(node) && Boolean(node.id))) &&
      (node.type !== 'ClassPrivateMethod' || !mayBeTaken(node.key.id.name)) &&
      isWritable(node, ...around);
    if (isOnce) resolved.set(key, { ...known, isTail: isTail(node, plan) });
  }
  const formOf = (node: Node) => resolved.get(spanKey(spanOf(node)))?.form;
  /** Whether a call is written in nothing but the only forms of functions. */
  const isInOnce = ({ call, within }: PrivateCall) =>
    plan.calls.get(spanKey(spanOf(call)))?.suspends === true &&
    within.length > 0 &&
    within.length < MAX_TWINS &&
    within.every((node) => formOf(node) === 'once');
  const unsure = new Set(calls.filter((call) => !isInOnce(call)).map(({ name }) => name));
  for (const { node } of found) {
    const key = spanKey(spanOf(node));
    const known = resolved.get(key);
    if (known?.form !== 'once' || node.type !== 'ClassPrivateMethod' || unsure.has(node.key.id.name)) continue;
    resolved.set(key, { ...known, isSole: true });
  }
  return resolved;
}

/** A call of a private method by its name, and what is around it. */
interface PrivateCall {
  readonly name: string;
  readonly call: Node;
  /** Functions, and parts of classes that run without one. */
  readonly within: readonly Node[];
}

function survey(program: Node) {
  /** Names of private methods that somebody takes hold of, and may call for an object of another class. */
  const taken = new Set<string>();
  /** Functions that are declared in a list of statements. */
  const declared = new Set<Node>();
  const found: { node: FunctionNode; around: readonly [Node, Node] }[] = [];
  const calls: PrivateCall[] = [];
  let hasEval = false;

  function walk(node: Node, parent: Node, grandparent: Node, within: readonly Node[]): void {
    if (isListOfStatements(node)) for (const declaration of declaredFunctions(node)) declared.add(declaration);
    hasEval ||= isDirectEval(node);
    if (isFunction(node)) found.push({ node, around: [parent, grandparent] });
    if (node.type === 'PrivateName' && !('key' in parent)) {
      const { name } = node.id;
      if (parent.type === 'MemberExpression' && grandparent.type === 'CallExpression' && isCallee(parent, grandparent))
        calls.push({ name, call: grandparent, within });
      else taken.add(name);
    }
    const inner = isFunction(node) || isInitialiser(node) ? [...within, node] : within;
    for (const child of childrenOf(node)) walk(child, node, parent, inner);
  }
  walk(program, program, program, []);
  return { mayBeTaken: (name: string) => hasEval || taken.has(name), declared, found, calls };
}

function isInitialiser({ type }: Node): boolean {
  return /^Class(Private|Accessor)?Property$|^StaticBlock$/.test(type);
}

function isListOfStatements(node: Node): boolean {
  return /^(Program|BlockStatement|StaticBlock|TSModuleBlock|SwitchStatement)$/.test(node.type);
}

function isCallee(node: Node, parent: Node): boolean {
  return 'callee' in parent && unwrap(parent.callee) === node;
}

/** Whether one text can do what a function does. */
function isWritable(node: FunctionNode, parent: Node, grandparent: Node): boolean {
  if (
    node.generator === true ||
    makesClassesWithStatics(node) ||
    asksForItself(node) ||
    node.params.some(isThis) ||
    !fitsInBlock(node) ||
    meeting(node) !== 'apart'
  )
    return false;
  switch (node.type) {
    case 'FunctionExpression':
      return !node.id;
    case 'ObjectMethod':
      return node.kind === 'method' && !usesSuper(node);
    case 'ClassMethod':
      return (
        node.kind === 'method' && !isDecoratedClass(parent, grandparent) && isReplaceable(node, parent as ClassBody)
      );
    case 'ClassPrivateMethod':
      return node.kind === 'method' && !isDecoratedClass(parent, grandparent);
    default:
      return true;
  }
}

/**
 * Whether a function uses what its only text has otherwise: `arguments`, in front of which it gets something else, `new.target`, and accessors
 * of `super`, for which the object is asked that the method belongs to.
 */
function asksForItself(fn: FunctionNode): boolean {
  const isArrow = fn.type === 'ArrowFunctionExpression';
  let found = false;
  visitOwnNodes(fn, (node, parent) => {
    found ||=
      (node.type === 'Identifier' && node.name === 'arguments' && !isArrow) ||
      (node.type === 'MetaProperty' && node.meta.name === 'new') ||
      (isMember(node) && node.object.type === 'Super' && !isCallee(node, parent));
  });
  return found;
}

/**
 * Whether the body can tell its call what it comes to, for which it has to stand in a block.
 *
 * @param isBound whether the parameters are bound in it, in front of the statements or of a block around these
 */
export function canTell(node: FunctionNode, isBound: boolean): boolean {
  return fitsInBlock(node) && (!isBound || ['apart', 'blocked'].includes(meeting(node)));
}

/** Whether a method is found by its key once the class is there. */
function isReplaceable(method: ClassMethod, body: ClassBody): boolean {
  const name = nameOf(method);
  if (name === undefined || method.computed) return false;
  return body.body.every((other) => {
    if (other === method || other.type === 'TSDeclareMethod' || !('key' in other)) return true;
    if (other.key.type === 'PrivateName' || isOfInstances(other)) return true;
    if ('static' in other && (other.static === true) !== (method.static === true)) return true;
    return isFixedKey(other) && nameOf(other) !== name;
  });
}

function isOfInstances(member: Node): boolean {
  return /^Class(Accessor)?Property$/.test(member.type) && !(member as { static?: boolean }).static;
}

/** The name of a member that is written as one. */
function nameOf(member: Node): string | undefined {
  const { key } = member as ClassMethod;
  if (key.type === 'Identifier') return key.name;
  return 'value' in key ? String(key.value) : undefined;
}

/** Whether decorators see the members of a class before it is there. */
function isDecoratedClass(body: Node, cls: Node): boolean {
  if (isDecorated(cls)) return true;
  return (body as ClassBody).body.some(
    (member) => isDecorated(member) || ('params' in member && member.params.some(isDecorated)),
  );
}

/** Whether a function waits for nothing but what it returns, and does nothing after that. */
function isTail(node: FunctionNode, plan: ModulePlan): boolean {
  if (mayRevoke(node)) return false;
  const returned = new Set<Node>();
  if (node.body.type !== 'BlockStatement') returned.add(unwrap(node.body));
  let waits = false;
  visitOwnNodes(node, (own, _, between) => {
    if (between === 'arrow') return;
    if (own.type === 'ReturnStatement' && own.argument) returned.add(unwrap(own.argument));
    const key = spanKey(spanOf(own));
    const suspends = plan.calls.get(key)?.suspends === true || plan.accesses.has(key);
    // What is silent for a turn is so only when it has been waited for.
    const isHandedOn = own.type === 'CallExpression' && returned.has(own) && !plan.made.has(key);
    waits ||= suspends && !isHandedOn;
    waits ||= own.type === 'VariableDeclaration' && own.kind.endsWith('using');
  });
  return !waits;
}

/** Whether a function may return a value that is not what it returns in the end: another statement may take its place. */
export function mayRevoke(node: FunctionNode): boolean {
  const { body } = node;
  return body.type === 'BlockStatement' && returnsWithin(body, false);
}

function returnsWithin(node: Node, isRevocable: boolean): boolean {
  if (isFunction(node) || node.type === 'ClassBody') return false;
  if (node.type === 'ReturnStatement') return isRevocable && Boolean(node.argument);
  const inner = isRevocable || node.type === 'TryStatement' || node.type === 'ForOfStatement';
  return childrenOf(node).some((child) => returnsWithin(child, inner));
}

/** The name of the only text of a function declaration. */
export function onceName({ id }: FunctionDeclaration): string {
  return `${id?.name}$`;
}
