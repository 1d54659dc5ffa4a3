/** Array patterns that take their items one by one because what iterates may see the names that are bound already. */
import type { ArrayPattern, Node, Program } from '@babel/types';
import { boundNames } from './names.js';
import { childrenOf, isFunction } from './nodes.js';
import { isPlainArrayPattern } from './patterns.js';

/** What declares: a variable is there before its declaration, and a parameter before the functions of the body. */
type Kind = 'variable' | 'lexical' | 'parameter';

/** A pattern that declares nothing but names. */
interface Declared {
  readonly pattern: Node;
  readonly kind: Kind;
}

/** The patterns of a function, class or module, by the names that they declare. */
type Patterns = Map<string, Declared[]>;

/** Patterns of something around, and the function, class or export in it in which one stands, if any. */
interface Around {
  readonly patterns: Patterns;
  readonly inner: Node | undefined;
}

const known = new WeakMap<Program, ReadonlySet<Node>>();

/** Whether a pattern that declares takes items and does nothing else, so that all may be taken before the first is bound. */
export function isTakenAtOnce(pattern: Node, program: Program): pattern is ArrayPattern {
  if (!isPlainArrayPattern(pattern)) return false;
  let seen = known.get(program);
  if (seen === undefined) {
    seen = seenPatterns(program);
    known.set(program, seen);
  }
  return !seen.has(pattern);
}

/**
 * Patterns with a name that a function uses which may be there before the pattern ends, or another module. In heads of loops and handlers there is
 * no such function, unless they declare variables.
 */
function seenPatterns(program: Program): ReadonlySet<Node> {
  const frames = new Map<Node, Patterns>();
  gather(program, frames, framed(program, frames));
  const seen = new Set<Node>();
  if ([...frames.values()].some(({ size }) => size > 0)) notice(program, [], frames, seen);
  return seen;
}

function framed(node: Node, frames: Map<Node, Patterns>): Patterns {
  const patterns: Patterns = new Map();
  frames.set(node, patterns);
  return patterns;
}

function gather(node: Node, frames: Map<Node, Patterns>, outer: Patterns): void {
  const own = isOfItsOwn(node) ? framed(node, frames) : outer;
  if (node.type === 'VariableDeclaration') {
    const kind = node.kind === 'var' ? 'variable' : 'lexical';
    for (const { id, init } of node.declarations) if (init || kind === 'variable') add(id, kind, own);
  }
  if (isFunction(node)) for (const param of node.params) add(param, 'parameter', own);
  for (const child of childrenOf(node)) gather(child, frames, own);
}

/** What is in a class may run with it, or as a function. */
function isOfItsOwn(node: Node): boolean {
  return isFunction(node) || node.type === 'ClassBody';
}

function isExport({ type }: Node): boolean {
  return type === 'ExportNamedDeclaration';
}

function add(node: Node, kind: Kind, patterns: Patterns): void {
  if (isPlainArrayPattern(node)) {
    for (const name of boundNames(node)) {
      const others = patterns.get(name);
      if (others === undefined) patterns.set(name, [{ pattern: node, kind }]);
      else others.push({ pattern: node, kind });
    }
  } else if (/Pattern$|^(ObjectProperty|RestElement)$/.test(node.type)) {
    for (const child of childrenOf(node)) add(child, kind, patterns);
  }
}

function notice(node: Node, around: readonly Around[], frames: ReadonlyMap<Node, Patterns>, seen: Set<Node>): void {
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') {
    for (const { patterns, inner } of around) if (inner !== undefined) noticeName(node.name, inner, patterns, seen);
    return;
  }
  const last = around.at(-1);
  const isFirst = last !== undefined && last.inner === undefined && (isOfItsOwn(node) || isExport(node));
  const entered = isFirst ? [...around.slice(0, -1), { ...last, inner: node }] : around;
  const patterns = frames.get(node);
  const within = patterns === undefined || patterns.size === 0 ? entered : [...entered, { patterns, inner: undefined }];
  for (const child of childrenOf(node)) notice(child, within, frames, seen);
}

/** @param inner where the name stands */
function noticeName(name: string, inner: Node, patterns: Patterns, seen: Set<Node>): void {
  const declared = patterns.get(name);
  if (declared === undefined) return;
  const left = declared.filter((each) => !mayBeThere(inner, each));
  for (const each of declared) if (!left.includes(each)) seen.add(each.pattern);
  patterns.set(name, left);
}

/** Whether a function may have been made before a pattern ends. */
function mayBeThere(inner: Node, { pattern, kind }: Declared): boolean {
  if (kind === 'variable' || (inner.start as number) < (pattern.end as number)) return true;
  return kind === 'lexical' && (inner.type === 'FunctionDeclaration' || isExport(inner));
}
