/**
 * Declarations with `using` whose disposal may suspend: the statements around are put into a `try` statement, at the end of which the runtime disposes of
 * what they have declared.
 */
import type { Node, VariableDeclaration, VariableDeclarator } from '@babel/types';
import { isDisposed } from '../syntax/lists.js';
import { spanOf, unwrap } from '../syntax/nodes.js';
import { suspended } from './calls.js';
import { asStatement, type Code, isSuspending } from './code.js';
import { type Context, callPlan, freshName, helper, note, runOf } from './context.js';
import { emit, emitArgument, emitRange } from './emit.js';
import { isAnonymousFunction, named } from './functions.js';

/** Whether a declaration is one with `using`, and what it declares may suspend where it is disposed of. */
function maySuspend(node: Node | null | undefined, cx: Context): node is VariableDeclaration {
  if (cx.mode === 'sync' || node?.type !== 'VariableDeclaration' || !isDisposed(node)) return false;
  return node.declarations.some((declarator) => callPlan(cx, declarator)?.suspends === true);
}

/** The context of a list of statements, or of the head of a loop, by what these declare. */
export function disposing(declarations: readonly (Node | null | undefined)[], cx: Context): Context {
  return { ...cx, disposes: declarations.some((declaration) => maySuspend(declaration, cx)) };
}

/** Whether a declaration is written as one that the runtime disposes of: among some of which one may suspend, all are. */
export function isRuntimes(node: Node, { disposes }: Context): boolean {
  return disposes && node.type === 'VariableDeclaration' && isDisposed(node);
}

/** A declaration with `using`, among statements of which the runtime disposes. */
export function emitDisposed(node: VariableDeclaration, cx: Context): Code {
  const { declarations } = node;
  const range = { start: declarations[0]?.start as number, end: node.end as number };
  return [
    { text: 'const ', at: node.start as number },
    emitRange(range, declarations, (declarator) => emitHeld(node, declarator, cx)),
  ];
}

/** A declarator of one. */
export function emitHeld(declaration: VariableDeclaration, declarator: VariableDeclarator, cx: Context): Code {
  note(cx, 'awaited', declarator);
  const { id, init } = declarator;
  return emitRange<Node>(spanOf(declarator), [id, ...(init ? [init] : [])], (part) => {
    if (part === id || id.type !== 'Identifier') return emit(part, cx);
    const value = emitArgument(part, cx, { name: id.name });
    return held(declaration, isAnonymousFunction(unwrap(part)) ? named({ name: id.name }, value) : value, cx);
  });
}

/** What the head of a loop declares with `using`, as a declaration of an item. */
export function declareHeld(left: VariableDeclaration, item: string, cx: Context): Code {
  return left.declarations.map((declarator) => {
    note(cx, 'awaited', declarator);
    return [{ text: 'const ', at: left.start as number }, emit(declarator.id, cx), ' = ', held(left, item, cx)];
  });
}

/** The value of a variable that is declared with `using`, of which the runtime takes note. */
export function held({ kind }: VariableDeclaration, value: Code, cx: Context): Code {
  return [`${nameIn(cx)}.${kind === 'using' ? 'use' : 'useAsync'}(`, value, ')'];
}

function nameIn(cx: Context): string {
  return freshName(cx.shared, '$using');
}

/**
 * Statements that declare with `using`, in a block of their own.
 *
 * @param declarations what they declare
 * @param node where they come from
 */
export function disposed(
  statements: Code,
  declarations: readonly (Node | null | undefined)[],
  node: Node,
  cx: Context,
): Code {
  if (!cx.disposes) return statements;
  const name = nameIn(cx);
  const error = freshName(cx.shared, '$error');
  const fails = `catch (${error}) { ${name}.fail(${error}); }`;
  const wait = (call: string) => suspended(`${name}.${call}()`, node.start as number, cx);
  const isAsync = declarations.some((it) => it?.type === 'VariableDeclaration' && it.kind === 'await using');
  const end = isAsync
    ? ['while (', wait('step'), `) try { await ${name}.value; } ${fails}`]
    : [effect(wait('end')), ';'];
  return [
    ` const ${name} = ${helper(cx, 'disposals')}(${runOf(cx) ?? ''}); try {`,
    statements,
    `} ${fails} finally { `,
    end,
    ' } ',
  ];
}

function effect(code: Code): Code {
  return isSuspending(code) ? asStatement(code) : code;
}
