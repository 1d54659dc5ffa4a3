/** Parameters, seen from the body of their function: which of its names could be taken for one of theirs. */
import type { BlockStatement, Node } from '@babel/types';
import { hasInertParameters } from './classElements.js';
import { blockNames, boundNames, declaredFunctions, functionIn, hoistedNames, namesIn } from './names.js';
import { childrenOf, type FunctionNode, isFunction } from './nodes.js';

/**
 * Whether the call of a function evaluates parameters that may do something, and its body is run by those who iterate: the two are
 * functions of their own, and only the second is `async`.
 */
export function hasBodyApart(node: FunctionNode): boolean {
  return node.generator === true && node.async === true && !hasInertParameters(node);
}

/** Whether the body may stand in a block: it declares functions once, and not under the names of variables and parameters. */
export function fitsInBlock(node: FunctionNode): boolean {
  if (node.body.type !== 'BlockStatement') return true;
  const functions = node.body.body.flatMap((statement) => functionIn(statement)?.id?.name ?? []);
  // In sloppy mode a function of a block inside is one of the body, too, and would not be one of a block around.
  const inBlocks = node.body.body.filter((statement) => functionIn(statement) === undefined).flatMap(blockFunctions);
  const others = new Set([...hoistedNames(node.body), ...inBlocks, ...node.params.flatMap(boundNames), 'arguments']);
  return new Set(functions).size === functions.length && !functions.some((name) => others.has(name));
}

/**
 * How the names of a function's body meet those in its parameters.
 * - `apart`: the body declares no name that stands there, whatever it means there.
 * - `blocked`: it declares some, which a block around its statements would keep from the parameters: none of variables or functions.
 * - `hidden`: it declares one.
 * - `tangled`: likewise, and a function in one of its blocks has a parameter's name, which in sloppy mode keeps it in its block.
 */
export function meeting({ params, body }: FunctionNode): 'apart' | 'blocked' | 'hidden' | 'tangled' {
  if (body.type !== 'BlockStatement') return 'apart';
  const names = new Set(params.flatMap(namesIn));
  const parameters = new Set(params.flatMap(boundNames));
  const inBlocks = body.body.filter(({ type }) => type !== 'FunctionDeclaration').flatMap(blockFunctions);
  const declared = [
    ...hoistedNames(body),
    ...blockNames(body.body),
    ...inBlocks.filter((name) => !parameters.has(name)),
  ];
  if (!declared.some((name) => names.has(name))) return 'apart';
  if (inBlocks.some((name) => parameters.has(name))) return 'tangled';
  const variables = hoistedNames(body);
  const functions = namesOfFunctions(body);
  const ofFunction = [
    ...variables,
    ...functions,
    ...inBlocks,
    ...blockNames(body.body.filter(({ type }) => /^TS/.test(type))),
  ];
  const isBlock =
    new Set(functions).size === functions.length &&
    !functions.some((name) => [...variables, 'arguments'].includes(name));
  return isBlock && !ofFunction.some((name) => names.has(name)) ? 'blocked' : 'hidden';
}

function namesOfFunctions(body: BlockStatement): string[] {
  return declaredFunctions(body).flatMap(({ id }) => (id ? [id.name] : []));
}

/** Variables of the body that begin with the value of the parameter of the same name. */
export function sharedNames({ params, body }: FunctionNode): string[] {
  const parameters = new Set([...params.flatMap(boundNames), 'arguments']);
  return [...new Set(hoistedNames(body))].filter((name) => parameters.has(name));
}

/** Names of the functions that are declared in the statement `node`, at whatever depth of blocks. */
export function blockFunctions(node: Node): string[] {
  if (node.type === 'FunctionDeclaration') return node.id ? [node.id.name] : [];
  return isFunction(node) || /^Class|Expression$|Literal$/.test(node.type)
    ? []
    : childrenOf(node).flatMap(blockFunctions);
}
