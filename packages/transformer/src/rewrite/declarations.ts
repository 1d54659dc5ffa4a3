/** Function declarations: they are there before the statements around them run, and are linked where those begin. */
import type { FunctionDeclaration } from '@babel/types';
import type { Code } from './code.js';
import { type Context, freshName, functionPlan, helper } from './context.js';
import { asyncForm, linkCall } from './functions.js';

/** The calls that link functions of one block, or of the cases of a `switch`. */
export function linkCalls(declarations: readonly FunctionDeclaration[], cx: Context): Code[] {
  // Of several declarations of one name the last one counts.
  const effective = new Map(declarations.map((declaration) => [declaration.id?.name, declaration]));
  return [...effective].flatMap(([name, declaration]): Code[] => {
    if (functionPlan(cx, declaration)?.form !== 'twin') return [];
    const form = asyncForm(declaration, cx, { name: name ?? 'default' });
    if (name !== undefined) return [linkCall(declaration, cx, () => [name, form])];
    return [[`${helper(cx, 'linkNamed')}(${freshName(cx.shared, '$default')}, "default", `, form, ')']];
  });
}

/** The same as statements. */
export function linkStatements(declarations: readonly FunctionDeclaration[], cx: Context): Code {
  const calls = linkCalls(declarations, cx);
  return calls.length === 0 ? [] : [' ', calls.map((call) => [call, '; '])];
}
