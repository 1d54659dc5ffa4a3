/** Scopes, by which names denote variables. */
import type { ImportDeclaration, Statement } from '@babel/types';
import { keyName } from '../facts/names.js';
import { blockNames } from '../syntax/names.js';
import type { FunctionNode } from '../syntax/nodes.js';
import type { Binding } from './bindings.js';

export interface Scope {
  readonly parent: Scope | undefined;
  readonly bindings: Map<string, Binding>;
}

/** Declares variables, each of which gets a number of its own. */
export interface Declarations {
  /** @param owner the function whose call makes the variables; undefined: the module */
  declare(scope: Scope, names: readonly string[], owner: FunctionNode | undefined, kind?: Binding['kind']): void;
  /** Declares what the statements of a block do. */
  declareBlock(scope: Scope, statements: readonly Statement[], owner: FunctionNode | undefined): void;
}

export function scopeIn(parent: Scope | undefined): Scope {
  return { parent, bindings: new Map() };
}

/** The variable that a name denotes in a scope. */
export function lookup(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.bindings.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** For one module. */
export function createDeclarations(): Declarations {
  let next = 0;

  function add(scope: Scope, name: string, part: Pick<Binding, 'owner' | 'kind' | 'imported'>): void {
    if (scope.bindings.has(name)) return;
    scope.bindings.set(name, { name, id: next++, given: [], rewritten: false, writers: new Set(), ...part });
  }
  function declare(
    scope: Scope,
    names: readonly string[],
    owner: FunctionNode | undefined,
    kind: Binding['kind'] = 'variable',
  ): void {
    for (const name of names) add(scope, name, { owner, kind, imported: undefined });
  }
  function declareImports(scope: Scope, node: ImportDeclaration, owner: FunctionNode | undefined): void {
    for (const item of node.specifiers) {
      const named = item.type === 'ImportSpecifier' ? (keyName(item.imported) ?? '') : undefined;
      const name = named ?? (item.type === 'ImportDefaultSpecifier' ? 'default' : '*');
      add(scope, item.local.name, { owner, kind: 'import', imported: { specifier: node.source.value, name } });
    }
  }

  return {
    declare,
    declareBlock(scope, statements, owner) {
      for (const statement of statements) {
        if (statement.type === 'ImportDeclaration') {
          declareImports(scope, statement, owner);
          continue;
        }
        const inner = 'declaration' in statement && statement.declaration ? statement.declaration : statement;
        const isDefinition = /^(Function|Class)Declaration$/.test(inner.type);
        declare(scope, blockNames([statement]), owner, isDefinition ? 'definition' : 'variable');
      }
    },
  };
}
