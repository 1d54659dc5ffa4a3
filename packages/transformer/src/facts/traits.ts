/** What a function's text contains that decides whether it can be written once more as an asynchronous function. One walk a module. */
import type { FunctionDeclaration, Node, Program } from '@babel/types';
import type { RuleId } from '../report/rules.js';
import { isHoistedMock } from '../syntax/hoistedMocks.js';
import { mayReadCallee } from '../syntax/itself.js';
import { declaredFunctions } from '../syntax/names.js';
import { childrenOf, type FunctionNode, isFunction, isMember, isPropertyName, unwrap } from '../syntax/nodes.js';
import { targetsIn } from '../syntax/targets.js';
import { isDirectEval } from './names.js';

/** The rules of places whose text stays as it is: whatever is named there may be something else, the runtime's helpers included. */
export const VERBATIM: ReadonlySet<RuleId | undefined> = new Set<RuleId>(['with', 'hoisted-mock']);

/** What is left of the rule of a place in the functions that stand there: where text stays as it is, theirs does. */
export function inherited(barrier: RuleId | undefined): RuleId | undefined {
  return VERBATIM.has(barrier) ? barrier : undefined;
}

export interface Traits {
  /** The rule of something in the function that an asynchronous form of it would not bear. */
  readonly barriers: ReadonlyMap<FunctionNode, RuleId>;
  /** Functions whose `arguments.callee` may be read. */
  readonly calleeReaders: ReadonlySet<FunctionNode>;
  /** Functions that name their `arguments`, by themselves or in arrow functions. */
  readonly argumentsReaders: ReadonlySet<FunctionNode>;
  /** Functions that use `this` for more than its members, by themselves or in arrow functions. */
  readonly selfReaders: ReadonlySet<FunctionNode>;
}

export function traitsOf(program: Program): Traits {
  const barriers = new Map<FunctionNode, RuleId>();
  const calleeReaders = new Set<FunctionNode>();
  const argumentsReaders = new Set<FunctionNode>();
  const selfReaders = new Set<FunctionNode>();
  /** Functions around the current node, outermost first; null for classes, whose parts have a `this` of their own. */
  const around: (FunctionNode | null)[] = [];

  function forbid(fn: FunctionNode | null | undefined, rule: RuleId | undefined): void {
    if (fn && rule !== undefined && !barriers.has(fn)) barriers.set(fn, rule);
  }
  /** The arrow functions between the current node and the function whose `super` is meant here. */
  function arrowsAround(): (FunctionNode | null)[] {
    const owner = around.findLastIndex((fn) => fn?.type !== 'ArrowFunctionExpression');
    return around.slice(owner + 1);
  }
  let withs = 0;
  let mocks = 0;
  function look(node: Node, parent: Node): void {
    for (const hidden of hiddenFunctions(node)) forbid(hidden, 'unreached');
    // A name called inside may be a method of the object, which a lookup of its twin would not call as one.
    if (withs > 0 && isFunction(node)) forbid(node, 'with');
    if (mocks > 0 && isFunction(node)) forbid(node, 'hoisted-mock');
    const rule = ruleOf(node, parent);
    if (rule !== undefined) for (const fn of around) forbid(fn, rule);
    if (targetsIn(node).some(isCalled)) forbid(around.at(-1), 'invalid-target');
    // In an arrow function, `super(...)` cannot wait: the constructor around has no asynchronous form.
    if (node.type === 'Super' && parent.type === 'CallExpression') {
      for (const fn of arrowsAround()) forbid(fn, 'constructor');
    }
    const isSelf = node.type === 'ThisExpression' && !(isMember(parent) && parent.object === node);
    if (!isSelf && (node.type !== 'Identifier' || node.name !== 'arguments')) return;
    const fn = around.findLast((other) => other?.type !== 'ArrowFunctionExpression');
    if (!fn) return;
    if (isSelf) {
      selfReaders.add(fn);
      return;
    }
    argumentsReaders.add(fn);
    if (mayReadCallee(node, parent)) calleeReaders.add(fn);
  }
  function walk(node: Node, parent: Node): void {
    look(node, parent);
    const enters = isFunction(node) || node.type === 'ClassBody';
    if (enters) around.push(isFunction(node) ? node : null);
    if (node.type === 'WithStatement') withs++;
    if (isHoistedMock(node)) mocks++;
    for (const child of childrenOf(node)) walk(child, node);
    if (node.type === 'WithStatement') withs--;
    if (isHoistedMock(node)) mocks--;
    if (enters) around.pop();
  }
  walk(program, program);
  return { barriers, calleeReaders, argumentsReaders, selfReaders };
}

/** Whether what is assigned to is a call, which sloppy code may have: the assignment fails when it is run. What a call becomes cannot stand there. */
function isCalled(target: Node | null): boolean {
  return target !== null && unwrap(target).type === 'CallExpression';
}

/** Functions declared in a block, or in the cases of a switch, that a later one of the same name replaces before anything runs. */
function hiddenFunctions(node: Node): FunctionDeclaration[] {
  const declared = declaredFunctions(node);
  const last = new Map(declared.map((fn) => [fn.id?.name, fn]));
  return declared.filter((fn) => last.get(fn.id?.name) !== fn);
}

function ruleOf(node: Node, parent: Node): RuleId | undefined {
  if (node.type === 'WithStatement') return 'with';
  if (isDirectEval(node)) return 'eval';
  if (node.type === 'Identifier' && node.name === 'await' && !isPropertyName(node, parent)) return 'await-name';
  return undefined;
}
