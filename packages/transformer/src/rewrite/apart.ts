/**
 * Statements that may not be put into a block together: those of a module, those beside `using`, and functions that are declared twice. Each in which
 * array patterns are written out is put into a block of its own. What it declares has to stay outside: a declaration is split into one for each name.
 */
import type { Node, Statement, VariableDeclaration, VariableDeclarator } from '@babel/types';
import { variablesIn } from '../syntax/lists.js';
import { spanOf } from '../syntax/nodes.js';
import { visitOwn } from '../syntax/ownNodes.js';
import { isTakenAtOnce } from '../syntax/seenPatterns.js';
import { begin, guarded, together, tried } from './arrayPatterns.js';
import type { Code } from './code.js';
import { type Context, note, uniqueTemporary } from './context.js';
import { emitDisposed, emitHeld, held, isRuntimes } from './disposals.js';
import { emit } from './emit.js';
import { isWrittenOut, type Step, stepsOf } from './patterns.js';

/** @param emitStatement what writes a statement of the list */
export function emitApart(
  statement: Statement,
  outer: Context,
  emitStatement: (statement: Statement, cx: Context) => Code,
): Code {
  const declaration = variablesIn(statement);
  if (declaration !== undefined) {
    if (declaration.declarations.some((declarator) => writesOutItems(declarator, outer)))
      return split(statement, declaration, outer);
    return isRuntimes(declaration, outer) ? emitDisposed(declaration, outer) : emitStatement(statement, outer);
  }
  const cx = together(outer);
  const code = emitStatement(statement, cx);
  return cx.patterns.isUsed ? [{ text: '{', at: statement.start as number }, guarded(code, statement, cx), '}'] : code;
}

/** Whether array patterns of a declarator, or of expressions in it, are written out as the steps of their iterators. */
function writesOutItems(declarator: VariableDeclarator, cx: Context): boolean {
  let found = false;
  visitOwn(declarator, declarator, (node, parent, between) => {
    if (between === 'arrow' || node.type !== 'ArrayPattern') return;
    const isDeclared = /^(VariableDeclarator|ObjectProperty|RestElement)$|Pattern$/.test(parent.type);
    found ||= !(isDeclared && isTakenAtOnce(node, cx.shared.module.ast.program)) && isWrittenOut(node, cx);
  });
  return found;
}

function split(statement: Statement, declaration: VariableDeclaration, cx: Context): Code {
  const { kind, declarations } = declaration;
  const isHeld = isRuntimes(declaration, cx);
  const head = isHeld ? 'const ' : statement.type === 'ExportNamedDeclaration' ? `export ${kind} ` : `${kind} `;
  return declarations.map((declarator) => {
    if (!writesOutItems(declarator, cx)) {
      const code = isHeld ? emitHeld(declaration, declarator, cx) : emit(declarator, cx);
      return [{ text: head, at: declarator.start as number }, code, '; '];
    }
    const stepsIn = (inner: Context) => {
      const steps = stepsOf(declarator, inner);
      if (!isHeld) return steps;
      note(inner, 'awaited', declarator);
      return steps.map(({ target, value }) => ({ target, value: held(declaration, value, inner) }));
    };
    return declareApart(head, stepsIn, declarator, cx);
  });
}

/**
 * Declares what a pattern binds, name by name. Between two of them patterns stay open.
 *
 * @param head what stands before a name
 * @param node where the pattern comes from
 */
export function declareApart(
  head: string,
  stepsIn: (cx: Context) => readonly Step[],
  node: Node,
  outer: Context,
): Code {
  const name = uniqueTemporary(outer);
  const held = uniqueTemporary(outer);
  const cx: Context = { ...outer, patterns: { isUsed: false, name } };
  const code: Code[] = [{ text: `${name} = ${begin(cx)}; `, at: spanOf(node).start }];
  let before: Code[] = [];
  for (const { target, value } of stepsIn(cx)) {
    if (target === undefined) before.push(value, '; ');
    else {
      code.push(tried([' ', before, `${held} = `, value, `; ${name}.keep(); `], name, node, cx));
      code.push(head, target, ` = ${held}; `);
      before = [];
    }
  }
  if (before.length > 0) code.push(tried([' ', before], name, node, cx));
  return code;
}
