/** Which variable each name of a module denotes, and what is written to it. */
import type { Node, Program, Statement } from '@babel/types';
import { keyName } from '../facts/names.js';
import { blockNames, boundNames, hoistedNames } from '../syntax/names.js';
import { childrenOf, type FunctionNode, isFunction, unwrap } from '../syntax/nodes.js';
import type { Binding, Given } from './bindings.js';
import { isEvaluated } from './evaluated.js';
import { createDeclarations, lookup, type Scope, scopeIn } from './scopes.js';

export interface Names {
  /** The variable that an identifier denotes; undefined for globals and for what is no reference. */
  of(identifier: Node): Binding | undefined;
  /** The innermost function around a function; undefined: the module. */
  parentOf(fn: FunctionNode): FunctionNode | undefined;
  /** All functions, outer before inner. */
  readonly functions: readonly FunctionNode[];
  /** The class or object literal in which a method or field stands, or what the value of an expression is assigned to. */
  holderOf(value: Node): Node | undefined;
  /** The function in which an object literal stands, where that is one. */
  readonly literals: ReadonlyMap<Node, FunctionNode | undefined>;
  /** Calls of every kind, by the function in which they stand. */
  readonly calls: ReadonlyMap<Node, FunctionNode | undefined>;
  /** Calls whose result is awaited, or handed on to who awaits it, before anything else happens. */
  readonly awaited: ReadonlySet<Node>;
  /** Calls and functions that stand in a loop of their function. */
  readonly repeated: ReadonlySet<Node>;
  /** The variables that a module exports, by their exported names. */
  readonly exported: ReadonlyMap<string, Binding>;
  /** The class in which a class member's initialiser stands, by the initialiser; static ones apart. */
  readonly fields: readonly { readonly cls: Node; readonly value: Node; readonly isStatic: boolean }[];
}

interface At {
  readonly scope: Scope;
  readonly fn: FunctionNode | undefined;
  readonly looping: boolean;
}

/** Finds the variable of each name. */
export function resolveNames(program: Program): Names {
  const { declare, declareBlock } = createDeclarations();
  const denoted = new Map<Node, Binding>();
  const parents = new Map<FunctionNode, FunctionNode | undefined>();
  const holders = new Map<Node, Node>();
  const literals = new Map<Node, FunctionNode | undefined>();
  const calls = new Map<Node, FunctionNode | undefined>();
  const awaited = new Set<Node>();
  const repeated = new Set<Node>();
  const exported = new Map<string, Binding>();
  const fields: { cls: Node; value: Node; isStatic: boolean }[] = [];
  function refer(node: Node, at: At): Binding | undefined {
    if (node.type !== 'Identifier') return undefined;
    const binding = lookup(at.scope, node.name);
    if (binding !== undefined) denoted.set(node, binding);
    return binding;
  }
  /** Notes what the names of a pattern are given. */
  function give(pattern: Node, given: Given | undefined, at: At, declares: boolean): void {
    switch (pattern.type) {
      case 'Identifier': {
        const binding = refer(pattern, at);
        if (binding === undefined) return;
        if (!declares || binding.given.length > 0 || binding.owner !== at.fn) {
          binding.rewritten = true;
          binding.writers.add(at.fn);
        }
        binding.given.push(given);
        return;
      }
      case 'AssignmentPattern':
        walk(pattern.right, at);
        give(pattern.left, given, at, declares);
        return;
      case 'RestElement':
        give(pattern.argument, undefined, at, declares);
        return;
      case 'TSParameterProperty':
        give(pattern.parameter, given, at, declares);
        return;
      case 'ArrayPattern':
        pattern.elements.forEach((element) => {
          if (element) give(element, undefined, at, declares);
        });
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') {
            give(property.argument, undefined, at, declares);
            continue;
          }
          if (property.computed) walk(property.key, at);
          const isNamed = !property.computed && property.key.type === 'Identifier';
          const step = isNamed ? (property.key as { name: string }).name : undefined;
          const inner = given && step !== undefined ? { ...given, steps: [...given.steps, `.${step}`] } : undefined;
          give(property.value, inner, at, declares);
        }
        return;
      default:
        walk(pattern, at);
    }
  }
  function block(statements: readonly Statement[], at: At): void {
    const scope = scopeIn(at.scope);
    declareBlock(scope, statements, at.fn);
    for (const statement of statements) walk(statement, { ...at, scope });
  }
  function visitFunction(node: FunctionNode, at: At): void {
    parents.set(node, at.fn);
    if (at.looping) repeated.add(node);
    for (const decorator of ('decorators' in node && node.decorators) || []) walk(decorator, at);
    if ('key' in node && 'computed' in node && node.computed) walk(node.key, at);
    const scope = scopeIn(at.scope);
    const inner: At = { scope, fn: node, looping: false };
    if (node.type === 'FunctionExpression' && node.id) declare(scope, [node.id.name], node, 'definition');
    for (const param of node.params) declare(scope, boundNames(param), node, 'parameter');
    for (const param of node.params) give(param, undefined, inner, true);
    if (node.type !== 'ArrowFunctionExpression') declare(scope, ['arguments'], node, 'parameter');
    if (node.body.type === 'BlockStatement') {
      declare(scope, hoistedNames(node.body), node);
      block(node.body.body, inner);
    } else {
      awaitCalls(node.body);
      walk(node.body, inner);
    }
  }
  function loop(node: Node, at: At, left: Node | null | undefined): void {
    const scope = scopeIn(at.scope);
    const inner = { ...at, scope };
    if (left?.type === 'VariableDeclaration') {
      declare(scope, left.kind === 'var' ? [] : left.declarations.flatMap(({ id }) => boundNames(id)), at.fn);
    }
    for (const child of childrenOf(node)) {
      if (child === left && (node.type === 'ForOfStatement' || node.type === 'ForInStatement')) {
        if (left.type === 'VariableDeclaration')
          for (const { id } of left.declarations) give(id, undefined, inner, true);
        else give(left, undefined, inner, false);
      } else walk(child, child === left ? inner : { ...inner, looping: true });
    }
  }
  /** The calls that a value comes from. */
  function awaitCalls(wrapped: Node): void {
    const node = unwrap(wrapped);
    awaited.add(node);
    switch (node.type) {
      case 'CallExpression':
        // `await f().catch(g)`
        if (node.callee.type === 'MemberExpression' && CHAINING.has(keyName(node.callee.property) ?? ''))
          awaitCalls(node.callee.object);
        break;
      case 'ConditionalExpression':
        awaitCalls(node.consequent);
        awaitCalls(node.alternate);
        break;
      case 'LogicalExpression':
        awaitCalls(node.right);
        break;
      default:
    }
  }
  function hold(value: Node | null | undefined, holder: Node): void {
    const inner = value && unwrap(value);
    if (inner && (isFunction(inner) || /^(Object|New|Call)Expression$/.test(inner.type))) holders.set(inner, holder);
  }

  function walk(node: Node, at: At): void {
    if (isFunction(node)) {
      visitFunction(node, at);
      return;
    }
    switch (node.type) {
      case 'Identifier':
        refer(node, at);
        return;
      case 'BlockStatement':
      case 'StaticBlock':
      case 'TSModuleBlock':
        block(node.body, at);
        return;
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          if (init) {
            walk(init, at);
            hold(init, id);
          }
          if (init || node.kind !== 'var') give(id, init ? { from: init, steps: [] } : undefined, at, true);
        }
        return;
      case 'AssignmentExpression':
        walk(node.right, at);
        hold(node.right, node.left);
        if (node.left.type === 'MemberExpression') walk(node.left, at);
        else
          give(
            node.left,
            /^(\|\||\?\?|&&)?=$/.test(node.operator) ? { from: node.right, steps: [] } : undefined,
            at,
            false,
          );
        return;
      case 'UpdateExpression':
        give(node.argument, undefined, at, false);
        return;
      case 'ForStatement':
        loop(node, at, node.init);
        return;
      case 'ForOfStatement':
      case 'ForInStatement':
        loop(node, at, node.left);
        return;
      case 'WhileStatement':
      case 'DoWhileStatement':
        loop(node, at, undefined);
        return;
      case 'SwitchStatement': {
        walk(node.discriminant, at);
        const scope = scopeIn(at.scope);
        declareBlock(
          scope,
          node.cases.flatMap((c) => c.consequent),
          at.fn,
        );
        for (const child of node.cases) for (const part of childrenOf(child)) walk(part, { ...at, scope });
        return;
      }
      case 'CatchClause': {
        const scope = scopeIn(at.scope);
        if (node.param) {
          declare(scope, boundNames(node.param), at.fn);
          give(node.param, undefined, { ...at, scope }, true);
        }
        walk(node.body, { ...at, scope });
        return;
      }
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const scope = scopeIn(at.scope);
        if (node.id) {
          if (node.type === 'ClassExpression') declare(scope, [node.id.name], at.fn, 'definition');
          refer(node.id, { ...at, scope });
        }
        for (const member of node.body.body) {
          if (isFunction(member)) holders.set(member, node);
          else if ('value' in member && member.value) {
            hold(member.value as Node, node);
            fields.push({
              cls: node,
              value: member.value as Node,
              isStatic: 'static' in member && member.static === true,
            });
          }
        }
        for (const child of childrenOf(node)) if (child !== node.id) walk(child, { ...at, scope });
        return;
      }
      case 'ObjectExpression':
        literals.set(node, at.fn);
        for (const property of node.properties) {
          if (isFunction(property)) holders.set(property, node);
          else if (property.type === 'ObjectProperty') hold(property.value, node);
        }
        break;
      case 'AwaitExpression':
        awaitCalls(node.argument);
        break;
      case 'ReturnStatement':
        if (node.argument) awaitCalls(node.argument);
        break;
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
      case 'TaggedTemplateExpression':
        calls.set(node, at.fn);
        if (at.looping) repeated.add(node);
        break;
      case 'ExportNamedDeclaration':
        for (const item of node.specifiers) {
          if (node.source || item.type !== 'ExportSpecifier') continue;
          const binding = refer(item.local, at);
          if (binding) exported.set(keyName(item.exported) ?? '', binding);
        }
        if (node.source) return;
        if (node.declaration) {
          walk(node.declaration, at);
          for (const name of blockNames([node.declaration])) {
            const binding = lookup(at.scope, name);
            if (binding) exported.set(name, binding);
          }
        }
        return;
      case 'ExportDefaultDeclaration': {
        const binding = refer(node.declaration, at);
        if (binding) exported.set('default', binding);
        break;
      }
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'TSImportEqualsDeclaration':
        return;
      default:
    }
    for (const child of childrenOf(node)) if (isEvaluated(node, child)) walk(child, at);
  }

  const scope = scopeIn(undefined);
  declare(scope, hoistedNames(program), undefined);
  declareBlock(scope, program.body, undefined);
  for (const statement of program.body) walk(statement, { scope, fn: undefined, looping: false });
  return {
    of: (identifier) => denoted.get(identifier),
    parentOf: (fn) => parents.get(fn),
    functions: [...parents.keys()],
    holderOf: (value) => holders.get(value),
    literals,
    calls,
    awaited,
    repeated,
    exported,
    fields,
  };
}

const CHAINING: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);
