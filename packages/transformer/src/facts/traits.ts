/** What a function's text contains that decides whether it can be written once more as an asynchronous function. One walk a module. */
import type { FunctionDeclaration, Node, Program } from '@babel/types';
import { childrenOf, type FunctionNode, isFunction } from '../syntax/nodes.js';
import { isDirectEval } from './names.js';

export interface Traits {
  /** The rule of something in the function that an asynchronous form of it would not bear. */
  readonly barriers: ReadonlyMap<FunctionNode, string>;
  /** Functions that use `super` themselves or in arrow functions. */
  readonly superUsers: ReadonlySet<FunctionNode>;
}

export function traitsOf(program: Program): Traits {
  const barriers = new Map<FunctionNode, string>();
  const superUsers = new Set<FunctionNode>();
  /** Functions around the current node, outermost first; null for classes, whose parts have a `this` of their own. */
  const around: (FunctionNode | null)[] = [];

  function forbid(fn: FunctionNode | null | undefined, rule: string | undefined): void {
    if (fn && rule !== undefined && !barriers.has(fn)) barriers.set(fn, rule);
  }
  /** The function whose `arguments` and `super` are meant here. */
  function owner(): FunctionNode | null | undefined {
    return around.findLast((fn) => fn?.type !== 'ArrowFunctionExpression');
  }
  let withs = 0;
  function look(node: Node, parent: Node): void {
    if (node.type === 'FunctionDeclaration') forbid(node, declarationRule(node, parent));
    // A name called inside may be a method of the object, which a lookup of its twin would not call as one.
    if (withs > 0 && isFunction(node)) forbid(node, 'with');
    const rule = ruleOf(node, parent);
    if (rule === 'arguments-callee') forbid(owner(), rule);
    else if (rule !== undefined) for (const fn of around) forbid(fn, rule);
    if (node.type === 'Super') {
      const fn = owner();
      if (fn) superUsers.add(fn);
      // `super(...)` in an arrow function: the constructor around has no asynchronous form, in which alone it could wait.
      if (parent.type === 'CallExpression') {
        const isArrow = (one: FunctionNode | null) => one?.type === 'ArrowFunctionExpression';
        for (let i = around.length - 1; isArrow(around[i] ?? null); i--) forbid(around[i], 'constructor');
      }
    }
  }
  function walk(node: Node, parent: Node): void {
    look(node, parent);
    const enters = isFunction(node) || node.type === 'ClassBody';
    if (enters) around.push(isFunction(node) ? node : null);
    if (node.type === 'WithStatement') withs++;
    for (const child of childrenOf(node)) walk(child, node);
    if (node.type === 'WithStatement') withs--;
    if (enters) around.pop();
  }
  walk(program, program);
  return { barriers, superUsers };
}

/** Declarations are linked where their block begins. */
function declarationRule(node: FunctionDeclaration, parent: Node): string | undefined {
  switch (parent.type) {
    case 'SwitchCase':
      return 'switch-function';
    case 'IfStatement':
    case 'LabeledStatement':
      return 'sloppy-block-function';
    case 'BlockStatement':
    case 'Program':
    case 'StaticBlock':
    case 'TSModuleBlock': {
      const last = parent.body.findLast(
        (other) => other.type === 'FunctionDeclaration' && other.id?.name === node.id?.name,
      );
      return last === node || parent.body.every((other) => other !== node) ? undefined : 'unreached';
    }
    default:
      return undefined;
  }
}

function ruleOf(node: Node, parent: Node): string | undefined {
  if (node.type === 'WithStatement') return 'with';
  if (isDirectEval(node)) return 'eval';
  if (node.type === 'Identifier' && node.name === 'await' && !isPropertyName(node, parent)) return 'await-name';
  if (node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === 'arguments') {
    const { property } = node;
    if (node.computed ? property.type === 'StringLiteral' && property.value === 'callee' : isNamed(property, 'callee'))
      return 'arguments-callee';
  }
  return undefined;
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

function isPropertyName(node: Node, parent: Node): boolean {
  if ('computed' in parent && parent.computed === true) return false;
  if (parent.type === 'MemberExpression' || parent.type === 'OptionalMemberExpression') return parent.property === node;
  return 'key' in parent && parent.key === node;
}
