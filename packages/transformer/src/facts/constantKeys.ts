/** Keys that constants of a module hold: `const KEY = 'toJSON'`, `const { toPrimitive } = Symbol`. They are known as if they stood where the constant does. */
import type { Identifier, MemberExpression, Node, Program } from '@babel/types';
import type { ParsedModule } from '../parse/parse.js';
import { wordsOf } from '../parse/words.js';
import { namesBoundBy } from '../syntax/constants.js';
import { childrenOf, unwrap } from '../syntax/nodes.js';
import { isUtil, literalKey } from './names.js';

/** Constants that are given each other hold nothing. */
const MAX_CONSTANTS = 8;

/**
 * What may stand in the place of a key.
 *
 * @returns what a constant holds, the key itself for any other
 */
export function spellingIn(module: ParsedModule): (key: Node) => Node {
  let constants: ReadonlyMap<string, Node> | undefined;
  const spelled = (key: Node, depth: number): Node => {
    const node = unwrap(key);
    if (depth > MAX_CONSTANTS || literalKey(node) !== undefined) return node;
    if (node.type === 'Identifier') {
      constants ??= constantsIn(module);
      const held = constants.get(node.name);
      return held === undefined ? node : spelled(held, depth + 1);
    }
    if (node.type !== 'MemberExpression' || node.computed) return node;
    return memberOf(spelled(node.object, depth + 1), node.property);
  };
  return (key) => spelled(key, 0);
}

/** What constants of the module's own scope hold, by names that nothing else in the module has: wherever one of them stands, it is that constant. */
function constantsIn(module: ParsedModule): ReadonlyMap<string, Node> {
  const constants = new Map<string, Node>();
  // A name inside may be one that only running declares.
  if (/\beval\b|\bwith\s*\(/.test(wordsOf(module))) return constants;
  const { program } = module.ast;
  for (const [name, held] of topLevelConstants(program)) constants.set(name, held);
  const seen = new Set<string>();
  const visit = (node: Node): void => {
    for (const name of declaredBy(node)) {
      if (seen.has(name)) constants.delete(name);
      seen.add(name);
    }
    childrenOf(node).forEach(visit);
  };
  if (constants.size > 0) visit(program);
  return constants;
}

function declaredBy(node: Node): string[] {
  if (node.type === 'TSImportEqualsDeclaration') return [node.id.name];
  if (node.type === 'TSModuleDeclaration') return node.id.type === 'Identifier' ? [node.id.name] : [];
  return namesBoundBy(node);
}

function topLevelConstants({ body }: Program): [name: string, held: Node][] {
  return body.flatMap((statement) => {
    if (statement.type === 'ImportDeclaration') {
      const names = isUtil(statement.source.value) ? statement.specifiers : [];
      return names.flatMap((item): [string, Node][] =>
        item.type === 'ImportSpecifier' ? [[item.local.name, item.imported]] : [],
      );
    }
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const') return [];
    return declaration.declarations.flatMap(({ id, init }) => (init ? heldBy(id, init) : []));
  });
}

/** What the names of a pattern hold, where it is a member that has a name. */
function heldBy(pattern: Node, from: Node): [name: string, held: Node][] {
  if (pattern.type === 'Identifier') return [[pattern.name, from]];
  if (pattern.type !== 'ObjectPattern') return [];
  return pattern.properties.flatMap((property) =>
    property.type === 'ObjectProperty' && !property.computed
      ? heldBy(property.value, memberOf(from, property.key as Identifier))
      : [],
  );
}

function memberOf(object: Node, property: Node): MemberExpression {
  return { type: 'MemberExpression', object, property, computed: false } as MemberExpression;
}
