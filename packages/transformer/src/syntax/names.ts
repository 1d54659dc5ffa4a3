/** Names that patterns and statements declare. */
import type { LVal, Node, Statement } from '@babel/types';
import { childrenOf, isFunction } from './nodes.js';

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

/** Names that the statements of a block declare in it. */
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
      default:
        return [];
    }
  });
}
