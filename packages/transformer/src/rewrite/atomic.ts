/** Functions that are marked as atomic: the body of the asynchronous form becomes a section. */
import { type AtomicPragma, redeclared } from '../facts/pragmas.js';
import { spanKey } from '../program.js';
import type { FunctionNode } from '../syntax/nodes.js';
import type { Code } from './code.js';
import { type Context, freshName, helper } from './context.js';

/**
 * `{ return atomicBody(lock, async () => BODY); }`: the arrow function leaves `this`, `arguments`, `super` and `new.target` as they are.
 *
 * @param body the body of the asynchronous form, with its braces
 * @param isBound whether the body itself binds the parameters
 * @returns `body` itself, where the function is no section
 */
export function asSection(node: FunctionNode, body: Code, cx: Context, isBound: boolean): Code {
  const pragma = cx.shared.atomic.get(node);
  if (pragma === undefined || !isSection(node, cx)) return body;
  cx.shared.emitted.awaited.add(spanKey(pragma.span));
  const names = redeclared(node).filter((name) => !isBound || name === 'arguments');
  return [
    '{',
    directives(node),
    ` return ${helper(cx, 'atomicBody')}(${lockOf(node, pragma, cx)}, async (${names.join(', ')}) => `,
    body,
    names.map((name) => `, ${name}`),
    '); }',
  ];
}

/** Whether the body of a function's asynchronous form is a section. */
function isSection(node: FunctionNode, cx: Context): boolean {
  const pragma = cx.shared.atomic.get(node);
  return pragma !== undefined && cx.shared.plan.calls.get(spanKey(pragma.span))?.suspends === true;
}

/** What a function may say of itself concerns its parameters too. */
function directives({ body }: FunctionNode): Code {
  const last = body.type === 'BlockStatement' ? body.directives.at(-1) : undefined;
  return last === undefined ? '' : [{ start: (body.start as number) + 1, end: last.end as number }, ';'];
}

/** The lock of a function without a name for it is an object of its own, made when it is first needed. */
function lockOf(node: FunctionNode, { lock }: AtomicPragma, cx: Context): string {
  if (lock !== undefined) return JSON.stringify(lock);
  const { locks } = cx.shared;
  const name = locks.get(node) ?? `${freshName(cx.shared, '$lock')}${locks.size + 1}`;
  locks.set(node, name);
  return `${name} ??= {}`;
}
