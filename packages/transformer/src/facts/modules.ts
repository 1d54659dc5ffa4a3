/** Imports and exports of ES modules. */
import type { ExportDefaultDeclaration, Node } from '@babel/types';
import { blockNames } from '../syntax/names.js';
import { value } from './expressions.js';
import { type Extraction, flow, from, type Place, vertex } from './extraction.js';
import type { Vertex } from './facts.js';
import { keyName } from './names.js';
import { lookup } from './scopes.js';
import { declareClass, declareFunction, visit } from './statements.js';

export function visitImport(x: Extraction, node: Extract<Node, { type: 'ImportDeclaration' }>, at: Place): void {
  // `type`, or Flow's `typeof`.
  if (/^type/.test(node.importKind ?? '')) return;
  const specifier = node.source.value;
  x.facts.imports.push(specifier);
  for (const item of node.specifiers) {
    const name =
      item.type === 'ImportSpecifier'
        ? keyName(item.imported)
        : item.type === 'ImportDefaultSpecifier'
          ? 'default'
          : '*';
    flow(x, from(x, { kind: 'import', specifier, name: name ?? '*' }), lookup(at.scope, item.local.name) as Vertex);
  }
}

export function visitExport(
  x: Extraction,
  node: Extract<Node, { type: 'ExportNamedDeclaration' | 'ExportDefaultDeclaration' | 'ExportAllDeclaration' }>,
  at: Place,
): void {
  if (node.type === 'ExportAllDeclaration') {
    x.facts.imports.push(node.source.value);
    x.facts.exportAll.push(node.source.value);
    return;
  }
  if (node.type === 'ExportDefaultDeclaration') {
    x.facts.exports.push({ name: 'default', value: defaultExport(x, node.declaration, at) });
    return;
  }
  if (node.declaration) {
    visit(x, node.declaration, at);
    for (const name of blockNames([node.declaration])) {
      const local = lookup(at.scope, name) as Vertex;
      x.cells.use(local);
      x.facts.exports.push({ name, value: local });
    }
  }
  if (node.source) x.facts.imports.push(node.source.value);
  for (const item of node.specifiers) {
    const name = keyName(item.exported) ?? 'default';
    if (item.type !== 'ExportSpecifier') {
      x.facts.exports.push({
        name,
        value: from(x, { kind: 'import', specifier: (node.source as { value: string }).value, name: '*' }),
      });
    } else if (node.source) {
      const imported = keyName(item.local) ?? 'default';
      x.facts.exports.push({ name, value: from(x, { kind: 'import', specifier: node.source.value, name: imported }) });
    } else {
      const local = lookup(at.scope, item.local.name);
      if (local !== undefined) {
        x.cells.use(local);
        x.facts.exports.push({ name, value: local });
      }
    }
  }
}

function defaultExport(x: Extraction, node: ExportDefaultDeclaration['declaration'], at: Place): Vertex {
  switch (node.type) {
    case 'FunctionDeclaration':
      return declareFunction(x, node, at);
    case 'ClassDeclaration':
      return declareClass(x, node, at);
    case 'TSDeclareFunction':
      return vertex(x);
    default:
      return value(x, node, at, 'default');
  }
}
