/**
 * Which variables and members hold the same value, within one function: `const { child } = job`, `jobs.push(child)`, `for (const job of jobs)`.
 *
 * Paths name them: `child`, `this.child`, `jobs.[].child`.
 */
import type { CallExpression, LVal, NewExpression, Node } from '@babel/types';
import { ADDING, PARTS } from '../catalogue/emitters.js';
import { boundNames } from '../syntax/names.js';
import { unwrap } from '../syntax/nodes.js';

/** Stands in paths for an element: `jobs[0]`, what `jobs.push(job)` adds. */
export const ELEMENT = '[]';

/** `child`, `this.child`, `jobs.[]` for `jobs[0]`. */
export function pathOf(wrapped: Node): string | undefined {
  const node = unwrap(wrapped);
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'ThisExpression') return 'this';
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return undefined;
  const object = pathOf(node.object);
  const name = keyOf(node.property, node.computed);
  return object === undefined || name === undefined ? undefined : `${object}.${name}`;
}

export function keyOf(key: Node, computed: boolean): string | undefined {
  if (key.type === 'StringLiteral') return key.value;
  if (computed || key.type === 'NumericLiteral') return ELEMENT;
  return key.type === 'PrivateName' ? `#${key.id.name}` : (key as { name?: string }).name;
}

/** The path of `jobs` in `jobs.push(job)`. */
export function listAddedTo({ callee }: CallExpression | NewExpression): string | undefined {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return undefined;
  return ADDING.has(callee.property.name) ? pathOf(callee.object) : undefined;
}

/** Paths that are followed, and the members of one: objects that know each other have paths without end. */
const MOST = 40;
const DEEPEST = 4;

function depthOf(path: string): number {
  return path.split('.').length - 1;
}

/** The variable of a path. */
export function rootOf(path: string): string {
  return path.replace(/\..*/, '');
}

export interface Aliases {
  readonly paths: readonly string[];
  /** Expressions by which values get from one to another. */
  readonly moved: ReadonlySet<Node>;
  /** Loops that go through them. */
  readonly rounds: ReadonlySet<Node>;
}

/**
 * `paths`, and those that get the same values or hold them.
 *
 * @param flows in source order
 */
export function aliasesOf(paths: readonly string[], flows: readonly Flow[]): Aliases {
  const found = new Set(paths);
  const moved = new Set<Node>();
  const rounds = new Set<Node>();
  for (const { value, from, inside, to, round } of flows) {
    for (const path of [...found]) {
      const rest = restOf(path, from);
      if (rest === undefined) continue;
      moved.add(value);
      if (round !== undefined) rounds.add(round);
      const aliases = typeof to === 'string' ? [to + inside + rest] : boundNames(to);
      for (const alias of aliases) if (found.size < MOST && depthOf(alias) <= DEEPEST) found.add(alias);
    }
  }
  return { paths: [...found], moved, rounds };
}

/** The path to an emitter, at `path`, from what is at `from`; undefined where it is not in there. */
function restOf(path: string, from: string): string | undefined {
  if (path === from || isPartOf(from, path)) return '';
  return path.startsWith(`${from}.`) ? path.slice(from.length) : undefined;
}

/** A value that gets somewhere: what is at `from` is at `inside` of `to`, a path or the variables of a pattern. */
export interface Flow {
  readonly value: Node;
  readonly from: string;
  readonly inside: string;
  readonly to: string | LVal;
  /** The loop that gives one value after the other. */
  readonly round?: Node;
}

/** What `node` by itself lets get where. */
export function flowsIn(node: Node): Flow[] {
  const flows = (value: Node | null | undefined, to: string | LVal, around = ''): Flow[] =>
    valuesIn(value).map((found) => ({ ...found, inside: around + found.inside, to }));
  switch (node.type) {
    case 'VariableDeclarator':
      return flows(node.init, pathOf(node.id) ?? (node.id as LVal));
    case 'AssignmentExpression':
      return flows(node.right, pathOf(node.left) ?? (node.left as LVal));
    case 'CallExpression': {
      const list = listAddedTo(node);
      return list === undefined ? [] : node.arguments.flatMap((argument) => flows(argument, list, `.${ELEMENT}`));
    }
    case 'ForOfStatement': {
      const value = listGoneThrough(node.right);
      const list = pathOf(value);
      if (list === undefined) return [];
      const id = (node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left) as LVal;
      return [{ value, from: `${list}.${ELEMENT}`, inside: '', to: pathOf(id) ?? id, round: node }];
    }
    default:
      return [];
  }
}

/** `jobs` of `jobs.values()` and `Object.values(jobs)`. */
function listGoneThrough(wrapped: Node): Node {
  const node = unwrap(wrapped);
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return node;
  const { object, property } = node.callee;
  if (property.type !== 'Identifier' || !/^(values|entries)$/.test(property.name)) return node;
  return node.arguments[0] ?? object;
}

/** What a value is, or holds as a literal. */
function valuesIn(wrapped: Node | null | undefined, inside = ''): Omit<Flow, 'to'>[] {
  if (wrapped === null || wrapped === undefined) return [];
  const node = unwrap(wrapped);
  const from = pathOf(node);
  if (from !== undefined) return [{ value: node, from, inside }];
  if (node.type === 'ArrayExpression')
    return node.elements.flatMap((element) => valuesIn(element, `${inside}.${ELEMENT}`));
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((property) =>
    property.type === 'ObjectProperty'
      ? valuesIn(property.value, `${inside}.${keyOf(property.key, property.computed)}`)
      : [],
  );
}

/** `child.stdout` is part of `child`. */
function isPartOf(path: string, whole: string): boolean {
  return path.startsWith(`${whole}.`) && PARTS.has(path.slice(whole.length + 1));
}
