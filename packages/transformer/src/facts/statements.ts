/** Statements and declarations. */
import type { ClassDeclaration, FunctionDeclaration, Node, Statement } from '@babel/types';
import { canStandApart, isDisposed, isOpenBlock } from '../syntax/lists.js';
import { entangledNames } from '../syntax/loops.js';
import { boundNames, lexicalNames } from '../syntax/names.js';
import { childrenOf, spanOf, unwrap } from '../syntax/nodes.js';
import { ASSIGNMENT, noteCounters, visitScope } from './accesses.js';
import { visitClass } from './classes.js';
import { dispose } from './disposals.js';
import { value } from './expressions.js';
import { declare, type Extraction, flow, from, load, nested, type Place, variable, vertex } from './extraction.js';
import type { FunctionFact, Vertex } from './facts.js';
import { visitFunction } from './functions.js';
import { iterate } from './iterations.js';
import { visitExport, visitImport } from './modules.js';
import { isExpression, nameOf } from './names.js';
import { visitNamespace } from './namespaces.js';
import { bind } from './patterns.js';
import { lookup } from './scopes.js';
import { isFreshCell } from './sleepCells.js';
import { noteSleepLoop } from './sleepLoops.js';

/** @param isOpen whether the statements may not be put into a block together */
export function block(x: Extraction, statements: readonly Statement[], at: Place, isOpen = false): void {
  declare(x, at.scope, lexicalNames(statements));
  for (const statement of statements) {
    const isKept = isOpen && !canStandApart(statement);
    visit(x, statement, isKept ? { ...at, keepsArrayPatterns: true } : at);
  }
}

/** A node whose value does not matter. */
export function visit(x: Extraction, node: Node, at: Place): void {
  switch (node.type) {
    case 'BlockStatement':
      block(x, node.body, { ...nested(at), keepsArrayPatterns: false }, isOpenBlock(node));
      break;
    case 'TSModuleDeclaration':
      visitNamespace(x, node, at);
      break;
    // It becomes a function of its own.
    case 'TSEnumDeclaration':
      for (const child of childrenOf(node)) visit(x, child, { ...at, barrier: 'enum-initialiser' });
      break;
    case 'WithStatement':
      visitScope(x, node, at);
      visit(x, node.body, { ...at, barrier: 'with' });
      break;
    case 'FunctionDeclaration':
      declareFunction(x, node, at);
      break;
    case 'ClassDeclaration':
      declareClass(x, node, at);
      break;
    case 'VariableDeclaration':
      for (const declarator of node.declarations) {
        const { id, init } = declarator;
        if (!init) continue;
        if (node.kind === 'const' && id.type === 'Identifier' && isFreshCell(unwrap(init), at)) {
          x.cells.declare(lookup(at.scope, id.name) as Vertex, spanOf(unwrap(init)));
        }
        const source = value(x, init, at, nameOf(id));
        bind(x, id, source, at, { ...ASSIGNMENT, declares: true, isArray: unwrap(init).type === 'ArrayExpression' });
        if (isDisposed(node)) dispose(x, node, declarator, source, at);
      }
      break;
    case 'ReturnStatement':
      if (node.argument) flow(x, value(x, node.argument, at), (x.facts.functions[at.fn] as FunctionFact).result);
      break;
    case 'ForOfStatement':
    case 'ForInStatement': {
      const outer = nested(at);
      const right = value(x, node.right, outer);
      const inner = { ...outer, keepsArrayPatterns: outer.keepsArrayPatterns && node.type === 'ForInStatement' };
      const items =
        node.type === 'ForOfStatement' ? iterate(x, node, right, inner, node.await).items : load(x, right, undefined);
      if (node.left.type === 'VariableDeclaration') {
        declare(x, inner.scope, lexicalNames([node.left]));
        for (const declarator of node.left.declarations) {
          const { id, init } = declarator;
          // `for (var key = f() in o)`, of sloppy mode.
          if (init) value(x, init, inner);
          const isKept = node.type === 'ForOfStatement' && node.await && entangledNames(node).length > 0;
          bind(x, id, items, inner, { kind: 'set', isKept, declares: true });
          if (isDisposed(node.left))
            dispose(x, node.left, declarator, items, isKept ? { ...inner, keepsDisposals: inner.scope } : inner);
        }
      } else bind(x, node.left, items, inner);
      visit(x, node.body, inner);
      break;
    }
    case 'WhileStatement':
    case 'DoWhileStatement':
      for (const child of childrenOf(node)) visit(x, child, at);
      noteSleepLoop(x, node, at);
      break;
    case 'ForStatement': {
      const { init } = node;
      // What the head declares is disposed of before anything around the loop is done.
      const isKept = init?.type === 'VariableDeclaration' && isDisposed(init);
      const own = nested(at);
      // V8 (Node 26, too) disposes of it more than once, and what build tools write in its place does not.
      const inner = isKept ? { ...own, keepsArrayPatterns: true, keepsDisposals: own.scope } : own;
      if (init?.type === 'VariableDeclaration') {
        declare(x, inner.scope, lexicalNames([init]));
        noteCounters(x, init, inner);
      }
      for (const child of childrenOf(node)) visit(x, child, inner);
      noteSleepLoop(x, node, inner);
      break;
    }
    case 'SwitchStatement': {
      value(x, node.discriminant, at);
      const inner = nested(at);
      declare(x, inner.scope, lexicalNames(node.cases.flatMap((c) => c.consequent)));
      for (const child of node.cases) for (const part of childrenOf(child)) visit(x, part, inner);
      break;
    }
    case 'CatchClause': {
      const inner = nested(at);
      if (node.param) {
        declare(x, inner.scope, boundNames(node.param));
        bind(x, node.param, vertex(x), { ...inner, keepsArrayPatterns: false }, { ...ASSIGNMENT, declares: true });
      }
      visit(x, node.body, inner);
      break;
    }
    case 'ImportDeclaration':
      visitImport(x, node, at);
      break;
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportAllDeclaration':
      visitExport(x, node, at);
      break;
    case 'TSImportEqualsDeclaration':
      if (node.moduleReference.type === 'TSExternalModuleReference') {
        const specifier = node.moduleReference.expression.value;
        x.facts.imports.push(specifier);
        flow(x, from(x, { kind: 'import', specifier, name: '*' }), lookup(at.scope, node.id.name) as Vertex);
      }
      break;
    case 'TSExportAssignment':
      x.facts.exports.push({ name: '=', value: value(x, node.expression, at) });
      break;
    // It repeats the name of a component.
    case 'JSXClosingElement':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSDeclareFunction':
      break;
    default:
      if (isExpression(node)) value(x, node, at);
      else for (const child of childrenOf(node)) visit(x, child, at);
  }
}

/** The vertex that holds the function. */
export function declareFunction(x: Extraction, node: FunctionDeclaration, at: Place): Vertex {
  const name = node.id?.name ?? 'default';
  const fn = from(x, { kind: 'function', index: visitFunction(x, node, 'function', name, at) });
  if (!node.id) return fn;
  flow(x, fn, variable(x, name, at));
  const hoisted = at.strict ? undefined : at.body.bindings.get(name);
  if (hoisted !== undefined) flow(x, fn, hoisted);
  return fn;
}

/** The vertex that holds the class. */
export function declareClass(x: Extraction, node: ClassDeclaration, at: Place): Vertex {
  const cls = visitClass(x, node, at, node.id?.name ?? 'default');
  if (node.id) flow(x, cls, variable(x, node.id.name, at));
  return cls;
}
