/** Lists of statements, and whether they may be put into a block. */
import type { BlockStatement, Program, Statement, VariableDeclaration } from '@babel/types';
import { boundNames, declaredFunctions, hoistedNames } from './names.js';
import type { FunctionNode } from './nodes.js';

/** Whether a statement declares what is disposed of at the end of its block: before anything around the block is done. */
export function isDisposing(statement: Statement): boolean {
  return statement.type === 'VariableDeclaration' && isDisposed(statement);
}

/** Whether a declaration is one with `using`. */
export function isDisposed({ kind }: VariableDeclaration): boolean {
  return /using$/.test(kind);
}

/**
 * Whether the statements of a body may not stand in a block together. Those of a module may not; nor may functions whose names are declared a second
 * time, or mean something else in the block.
 */
export function isOpenBody(node: FunctionNode | Program): boolean {
  if (node.type === 'Program') return true;
  if (node.body.type !== 'BlockStatement') return false;
  if (isOpenBlock(node.body)) return true;
  const functions = declaredFunctions(node.body).flatMap(({ id }) => (id ? [id.name] : []));
  if (functions.length === 0) return false;
  const others = [...hoistedNames(node.body), ...node.params.flatMap(boundNames), 'arguments'];
  return new Set(functions).size < functions.length || functions.some((name) => others.includes(name));
}

/** Whether the statements of a block may not stand in another one inside it: what they declare would be disposed of too early. */
export function isOpenBlock({ body }: { readonly body: BlockStatement['body'] }): boolean {
  return body.some(isDisposing);
}

/** The variables that a statement declares. */
export function variablesIn(statement: Statement): VariableDeclaration | undefined {
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  return declaration?.type === 'VariableDeclaration' ? declaration : undefined;
}

/** Whether a statement of a list that may not stand in a block can be put into one of its own, or split. */
export function canStandApart(statement: Statement): boolean {
  return !/^(Class|Export|TS)/.test(statement.type) || variablesIn(statement) !== undefined;
}
