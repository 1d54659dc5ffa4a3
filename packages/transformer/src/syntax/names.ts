/** Names that patterns and statements declare. */
import type { BlockStatement, FunctionDeclaration, LVal, Node, Program, Statement } from '@babel/types';
import { childrenOf, isFunction, isMember } from './nodes.js';

/** Names that a pattern binds. */
export function boundNames(pattern: Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((p) => boundNames(p.type === 'RestElement' ? p.argument : (p.value as LVal)));
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? boundNames(element) : []));
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    case 'TSParameterProperty':
      return boundNames(pattern.parameter);
    default:
      return [];
  }
}

/** `var` names declared anywhere in a function body, outside nested functions. */
export function hoistedNames(node: Node): string[] {
  if (node.type === 'VariableDeclaration' && node.kind === 'var') {
    return node.declarations.flatMap((declaration) => boundNames(declaration.id));
  }
  if (isFunction(node) || /^Class|Expression$|Literal$/.test(node.type)) return [];
  return childrenOf(node).flatMap(hoistedNames);
}

/** Names that belong to a block, with which variables of its function are not confused. */
export function lexicalNames(statements: readonly Statement[]): string[] {
  return blockNames(statements.filter((statement) => !isVariable(statement)));
}

/** Whether a declaration is one of variables, which belong to the function around. */
export function isVariable(node: Node): boolean {
  return node.type === 'LabeledStatement'
    ? isVariable(node.body)
    : node.type === 'VariableDeclaration' && node.kind === 'var';
}

/** Names that the statements of a block declare. */
export function blockNames(statements: readonly Statement[]): string[] {
  return statements.flatMap((statement): string[] => {
    const inner =
      (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
      statement.declaration
        ? statement.declaration
        : statement;
    switch (inner.type) {
      case 'VariableDeclaration':
        return inner.declarations.flatMap((declaration) => boundNames(declaration.id));
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return inner.id ? [inner.id.name] : [];
      case 'TSEnumDeclaration':
        return [inner.id.name];
      case 'TSModuleDeclaration':
        return inner.id.type === 'Identifier' ? [inner.id.name] : [];
      case 'ImportDeclaration':
        return inner.specifiers.map((specifier) => specifier.local.name);
      case 'TSImportEqualsDeclaration':
        return [inner.id.name];
      case 'LabeledStatement':
        return blockNames([inner.body]);
      default:
        return [];
    }
  });
}

/**
 * Names of functions in blocks of a body that are variables of its function too, as sloppy mode has it: evaluating the declaration assigns
 * the function.
 */
export function blockFunctions(body: BlockStatement | Program): string[] {
  const own = body.body.filter((statement) => functionIn(statement) === undefined);
  return own.flatMap((statement) => functionsBelow(statement, new Set(lexicalNames(own))));
}

/** @param taken names that the blocks around declare */
function functionsBelow(node: Node, taken: ReadonlySet<string>): string[] {
  const declared = functionIn(node);
  if (declared !== undefined) {
    const name = declared.id?.name;
    return name === undefined || taken.has(name) || declared.async || declared.generator ? [] : [name];
  }
  if (isFunction(node) || /^(Class|TSModule)|Expression$|Literal$/.test(node.type)) return [];
  const statements = statementsOf(node);
  const names = [...lexicalNames(statements), ...headNames(node)];
  const inner = names.length === 0 ? taken : new Set([...taken, ...names]);
  const children = node.type === 'SwitchStatement' ? node.cases.flatMap(childrenOf) : childrenOf(node);
  return children.flatMap((child) =>
    functionsBelow(child, statements.includes(child as Statement) && functionIn(child) ? taken : inner),
  );
}

/** The function that a statement declares, behind its labels. */
export function functionIn(statement: Node): FunctionDeclaration | undefined {
  if (statement.type === 'LabeledStatement') return functionIn(statement.body);
  return statement.type === 'FunctionDeclaration' ? statement : undefined;
}

/** The functions that a block or the cases of a switch declare, exported ones included. */
export function declaredFunctions(node: Node): FunctionDeclaration[] {
  return bodyOf(node).flatMap((statement) => {
    const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
    return functionIn((isExport ? statement.declaration : statement) ?? statement) ?? [];
  });
}

function bodyOf(node: Node): readonly Statement[] {
  return node.type === 'Program' || node.type === 'StaticBlock' || node.type === 'TSModuleBlock'
    ? node.body
    : statementsOf(node);
}

function statementsOf(node: Node): readonly Statement[] {
  if (node.type === 'BlockStatement') return node.body;
  return node.type === 'SwitchStatement' ? node.cases.flatMap(({ consequent }) => consequent) : [];
}

/** Names that the head of a loop or handler declares for its body. A simple parameter of a handler is no obstacle. */
function headNames(node: Node): string[] {
  switch (node.type) {
    case 'ForStatement':
      return node.init?.type === 'VariableDeclaration' ? lexicalNames([node.init]) : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return node.left.type === 'VariableDeclaration' ? lexicalNames([node.left]) : [];
    case 'CatchClause':
      return node.param && node.param.type !== 'Identifier' ? boundNames(node.param) : [];
    default:
      return [];
  }
}

/** All names that stand in a node, apart from those of properties. */
export function namesIn(node: Node): string[] {
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') return [node.name];
  const name = 'computed' in node && node.computed === true ? undefined : nameOfMember(node);
  return childrenOf(node).flatMap((child) => (child === name ? [] : namesIn(child)));
}

/** The key or property that a node names without looking it up. */
function nameOfMember(node: Node): Node | undefined {
  if (isMember(node)) return node.property;
  return 'key' in node && typeof node.key === 'object' ? (node.key as Node) : undefined;
}
