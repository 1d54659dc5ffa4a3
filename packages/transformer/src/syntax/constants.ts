/** Names of a module whose value nothing changes, as far as its text tells. Scopes are not looked at: a name that two things have counts as neither. */
import type { Node } from '@babel/types';
import { targetsOf } from './itself.js';
import { boundNames, declaredFunctions, namesIn } from './names.js';
import { childrenOf, isFunction, unwrap } from './nodes.js';

export interface Constants {
  /** Names of variables, parameters, functions and classes to which nothing is assigned. They may be evaluated twice. */
  readonly unassigned: ReadonlySet<string>;
  /** Those among them that can be nothing but functions. */
  readonly functions: ReadonlySet<string>;
}

/** What other modules export may change there, parameters by way of `arguments`, and anything by way of `eval`. */
export function constantsOf(program: Node, words: string): Constants {
  const declared = new Map<string, Node[]>();
  const assigned = new Set<string>();
  /** Declarations whose names have their value wherever they can be evaluated. */
  const certain = new Set<Node>();
  function visit(node: Node): void {
    for (const declaration of certainIn(node)) certain.add(declaration);
    for (const name of namesBoundBy(node)) declared.set(name, [...(declared.get(name) ?? []), node]);
    for (const target of targetsOf(node)) for (const name of namesIn(target)) assigned.add(name);
    childrenOf(node).forEach(visit);
  }
  visit(program);
  const isKept = (name: string) => !assigned.has(name) && !(declared.get(name) as Node[]).some(isImport);
  const kept = /\b(arguments|eval)\b/.test(words) ? [] : [...declared.keys()].filter(isKept);
  const isFunctionAlways = (node: Node, name: string) => certain.has(node) && isFunctionNamed(node, name);
  const functions = kept.filter((name) => (declared.get(name) as Node[]).every((node) => isFunctionAlways(node, name)));
  return { unassigned: new Set(kept), functions: new Set(functions) };
}

/** Unlike these, variables that are declared with `var` are undefined at first, and so are functions in blocks of sloppy code. */
function certainIn(node: Node): readonly Node[] {
  if (node.type === 'VariableDeclaration') return node.kind === 'var' ? [] : node.declarations;
  if (node.type === 'Program' || node.type === 'TSModuleBlock') return declaredFunctions(node);
  return isFunction(node) && node.body.type === 'BlockStatement' ? declaredFunctions(node.body) : [];
}

/** Names that a node declares by itself. */
export function namesBoundBy(node: Node): string[] {
  switch (node.type) {
    case 'VariableDeclarator':
      return boundNames(node.id);
    case 'CatchClause':
      return node.param ? boundNames(node.param) : [];
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
      return [node.local.name];
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'TSEnumDeclaration':
      return node.id ? [node.id.name] : [];
    default:
      if (!isFunction(node)) return [];
      return [...('id' in node && node.id ? [node.id.name] : []), ...node.params.flatMap(boundNames)];
  }
}

function isImport({ type }: Node): boolean {
  return /^Import/.test(type);
}

/** Whether a declaration gives `name` to a function, and not to a parameter of it. */
function isFunctionNamed(node: Node, name: string): boolean {
  if (node.type === 'FunctionDeclaration')
    return node.id?.name === name && !node.params.flatMap(boundNames).includes(name);
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return false;
  return isFunction(unwrap(node.init));
}
