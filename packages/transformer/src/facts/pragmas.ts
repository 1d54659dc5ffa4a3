/**
 * Comments that mark functions: `@unblock-atomic`, or `@unblock-atomic name` for a lock that several functions share. The comment stands
 * directly before the function, or before the statement, member or property that holds it.
 */
import type { Comment, Node } from '@babel/types';
import type { ParsedModule } from '../parse/parse.js';
import type { Span } from '../program.js';
import { boundNames, hoistedNames } from '../syntax/names.js';
import { childrenOf, type FunctionNode, isFunction, unwrap } from '../syntax/nodes.js';
import { isStrict } from './names.js';

export interface AtomicPragma {
  /** The comment. */
  readonly span: Span;
  /** The name of the lock; undefined: the function has a lock of its own. */
  readonly lock: string | undefined;
}

/** A comment that has no effect, and why. */
export interface PragmaRemark {
  readonly message: string;
  readonly span: Span;
}

export interface Pragmas {
  readonly atomic: ReadonlyMap<FunctionNode, AtomicPragma>;
  readonly remarks: readonly PragmaRemark[];
}

const WORD = '@unblock-atomic';
const PRAGMA = new RegExp(`^[\\s*]*${WORD}(?![\\w-])[ \\t]*(.*?)[\\s*]*$`, 'm');

const NONE: Pragmas = { atomic: new Map(), remarks: [] };

export function pragmasOf({ text, ast, kind }: ParsedModule): Pragmas {
  if (!text.includes(WORD)) return NONE;
  const comments = ast.comments ?? [];
  const atomic = new Map<FunctionNode, AtomicPragma>();
  const remarks: PragmaRemark[] = [];
  const found = comments.flatMap((comment) => {
    const name = PRAGMA.exec(comment.value)?.[1];
    return name === undefined ? [] : [{ span: commentSpan(comment), name, next: startBehind(comment, comments, text) }];
  });
  if (found.length === 0) return NONE;
  const owners = ownersAt(ast.program, new Set(found.map(({ next }) => next)), kind === 'esm');
  for (const { span, name, next } of found) {
    const owner = owners.get(next);
    const mistake = mistakeIn(name) ?? (owner === undefined ? NO_FUNCTION : hindrance(owner, text));
    if (mistake !== undefined) remarks.push({ message: mistake, span });
    else if (owner !== undefined) atomic.set(owner.fn, { span, lock: name === '' ? undefined : name });
  }
  return { atomic, remarks };
}

const NO_FUNCTION = `This ${WORD} has no effect: it belongs directly before a function, or what holds one.`;

function mistakeIn(name: string): string | undefined {
  return /\s/.test(name) ? `This ${WORD} has no effect: the name of a lock is one word.` : undefined;
}

interface Owner {
  readonly fn: FunctionNode;
  readonly strict: boolean;
}

/** Why a function cannot be a section. */
function hindrance({ fn, strict }: Owner, text: string): string | undefined {
  const kind =
    'kind' in fn && fn.kind !== 'method' ? ARTICLES[fn.kind] : fn.generator === true ? 'a generator' : undefined;
  if (kind !== undefined) return `This ${WORD} has no effect: ${kind} cannot be atomic.`;
  // The body becomes a function within the function, where `arguments` no longer follows the parameters.
  const followed = !strict && redeclared(fn).length > 0 && /\barguments\b/.test(text.slice(fn.start ?? 0, fn.end ?? 0));
  return followed
    ? `This ${WORD} has no effect: the function declares a parameter again and uses arguments.`
    : undefined;
}

const ARTICLES: Readonly<Record<string, string>> = {
  get: 'a getter',
  set: 'a setter',
  constructor: 'a constructor',
};

/** Parameters, or `arguments`, that a function declares again with `var`: such a variable begins with the value that it had before. */
export function redeclared(fn: FunctionNode): string[] {
  if (fn.body.type !== 'BlockStatement') return [];
  const names = [...fn.params.flatMap(boundNames), ...(fn.type === 'ArrowFunctionExpression' ? [] : ['arguments'])];
  const variables = new Set(hoistedNames(fn.body));
  return [...new Set(names)].filter((name) => variables.has(name));
}

/** The functions that stand, or are held by something that stands, at the given offsets. */
function ownersAt(program: Node, offsets: ReadonlySet<number>, strict: boolean): Map<number, Owner> {
  const owners = new Map<number, Owner>();
  function walk(node: Node, isStrictHere: boolean): void {
    const start = node.start as number;
    if (offsets.has(start) && !owners.has(start)) {
      const fn = functionIn(node);
      if (fn !== undefined) owners.set(start, { fn, strict: isStrictHere || isStrict(fn.body) });
    }
    const inner = isStrictHere || /^Class/.test(node.type) || (isFunction(node) ? isStrict(node.body) : isStrict(node));
    for (const child of childrenOf(node)) walk(child, inner);
  }
  walk(program, strict);
  return owners;
}

function functionIn(node: Node | null | undefined): FunctionNode | undefined {
  if (!node) return undefined;
  if (isFunction(node)) return node;
  switch (node.type) {
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return functionIn(node.declaration);
    case 'VariableDeclaration':
      return node.declarations.length === 1 ? functionIn(node.declarations[0]?.init) : undefined;
    case 'ExpressionStatement':
      return node.expression.type === 'AssignmentExpression' ? functionIn(node.expression.right) : undefined;
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassPrivateProperty':
      return functionIn(node.value as Node | null);
    default: {
      const inner = unwrap(node);
      return inner === node ? undefined : functionIn(inner);
    }
  }
}

/** Where the code behind a comment begins. */
function startBehind(comment: Comment, comments: readonly Comment[], text: string): number {
  let at = commentSpan(comment).end;
  for (;;) {
    at += (/^\s*/.exec(text.slice(at))?.[0] ?? '').length;
    const next = comments.find(({ start }) => start === at);
    if (next === undefined) return at;
    at = commentSpan(next).end;
  }
}

function commentSpan({ start, end }: Comment): Span {
  return { start: start ?? 0, end: end ?? 0 };
}
