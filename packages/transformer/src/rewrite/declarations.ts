/** Function declarations: they are there before the statements around them run, and are linked where those begin. */
import type { FunctionDeclaration } from '@babel/types';
import type { Code } from './code.js';
import { type Context, freshName, functionPlan, helper } from './context.js';
import { asyncForm, linkCall } from './functions.js';
import { onceName } from './once.js';

/** The calls that link functions of one block, or of the cases of a `switch`. */
export function linkCalls(declarations: readonly FunctionDeclaration[], cx: Context): Code[] {
  // Of several declarations of one name the last one counts.
  const effective = new Map(declarations.map((declaration) => [declaration.id?.name, declaration]));
  const pairs: string[] = [];
  const calls = [...effective].flatMap(([name, declaration]): Code[] => {
    const form = functionPlan(cx, declaration)?.form;
    if (form === 'once') pairs.push(`${name}, ${freshName(cx.shared, onceName(declaration))}`);
    if (form !== 'twin') return [];
    const twin = asyncForm(declaration, cx, { name: name ?? 'default' });
    if (name !== undefined) return [linkCall(declaration, cx, () => [name, twin])];
    return [[`${helper(cx, 'linkNamed')}(${freshName(cx.shared, '$default')}, "default", `, twin, ')']];
  });
  return pairs.length === 0 ? calls : [`${helper(cx, 'linkOnes')}(${pairs.join(', ')})`, ...calls];
}

/** The same as statements. */
export function linkStatements(declarations: readonly FunctionDeclaration[], cx: Context): Code {
  const calls = linkCalls(declarations, cx);
  return calls.length === 0 ? [] : [' ', calls.map((call) => [call, '; '])];
}
