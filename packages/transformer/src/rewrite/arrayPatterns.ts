/**
 * Where array patterns are written out as the steps of their iterators, the statements around are put into a `try` statement: iterators are closed
 * where something between their items fails.
 */
import type { Node, Statement } from '@babel/types';
import { spanOf } from '../syntax/nodes.js';
import { suspended } from './calls.js';
import type { Code } from './code.js';
import { type Context, freshName, helper, runOf } from './context.js';
import { emit } from './emit.js';

/** The context of statements that stand or fall together. */
export function together(cx: Context): Context {
  return { ...cx, patterns: { isUsed: false } };
}

/** The variable of the patterns among the innermost statements around. */
export function patternsName(cx: Context): string {
  cx.patterns.isUsed = true;
  return cx.patterns.name ?? nameIn(cx);
}

function nameIn(cx: Context): string {
  return freshName(cx.shared, '$patterns');
}

/**
 * Statements that stand or fall together, in a block of their own.
 *
 * @param statements with all that has been emitted in the context
 * @param node where they come from
 */
export function guarded(statements: Code, node: Node, cx: Context): Code {
  if (!cx.patterns.isUsed) return statements;
  const name = nameIn(cx);
  return [` const ${name} = ${begin(cx)}; `, tried(statements, name, node, cx)];
}

/** What knows of the patterns among some statements. */
export function begin(cx: Context): string {
  return `${helper(cx, 'destructuring')}(${runOf(cx) ?? ''})`;
}

/** Statements behind which, and where they fail, the patterns end of which `name` knows. */
export function tried(statements: Code, name: string, node: Node, cx: Context): Code {
  const error = freshName(cx.shared, '$error');
  return [
    'try {',
    statements,
    `} catch (${error}) { ${name}.fail(${error}); } finally { `,
    suspended(`${name}.end()`, node.start as number, cx),
    '; } ',
  ];
}

/** The body of a loop. Where it is no block, what it leaves open is closed before the iterator of the loop. */
export function emitLoopBody(body: Statement, outer: Context): Code {
  if (body.type === 'BlockStatement') return emit(body, outer);
  const cx = together(outer);
  const code = emit(body, cx);
  return cx.patterns.isUsed ? [{ text: '{', at: spanOf(body).start }, guarded(code, body, cx), '}'] : code;
}
