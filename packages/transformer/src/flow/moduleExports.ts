/** What modules export, and what imports of it bind. */
import { assumedPath } from '../catalogue/blocking.js';
import { modulePath } from '../catalogue/paths.js';
import type { ModuleFacts } from '../facts/facts.js';
import { SOME_NAME } from '../facts/names.js';
import { FOREIGN, isOfNode } from './externalPaths.js';
import type { Graph } from './graph.js';
import type { Arrival, Token } from './tokens.js';

export interface ModuleExports {
  /** What a module exports as `name`: of its own, or of a module that it exports all of, one of the program or not. */
  placeOf(module: number, name: string): number;
  /** The place of what a module exports by a name, itself or as a member of `module.exports`. */
  memberOf(module: number, name: string): number;
  /** The names that a module exports, those of `export *` included. */
  namesOf(module: number): ReadonlySet<string>;
  /** Lets what `specifier` exports as `name` flow into `target`; `*` and `=` stand for the whole. */
  importInto(target: number, specifier: string, name: string, from: ModuleFacts): void;
  /** Lets a module of which only running tells the name flow into `target`: one of those that no other imports by name, or none of the program's. */
  importSome(target: number, from: number): void;
}

/** @param loadInto lets a member of what arrived flow into a place */
export function moduleExports(
  modules: readonly ModuleFacts[],
  resolve: (specifier: string, fromFile: string) => string | undefined,
  { place, isNew, edge, add, watch }: Graph<Token>,
  loadInto: (token: Arrival, name: string, target: number) => void,
): ModuleExports {
  const moduleOf = new Map(modules.map((facts, i) => [facts.fileName, i]));

  function inProgram(specifier: string, from: ModuleFacts): number | undefined {
    const file = resolve(specifier, from.fileName);
    return file === undefined ? undefined : moduleOf.get(file);
  }
  function placeOf(module: number, name: string): number {
    const key = `export ${module} ${name}`;
    const isKnown = !isNew(key);
    const found = place(key);
    if (isKnown) return found;
    const facts = modules[module] as ModuleFacts;
    if (name !== 'default' && name !== '=' && name !== SOME_NAME) edge(placeOf(module, SOME_NAME), found);
    if (name === 'default' || name === '=' || facts.exports.some((own) => own.name === name)) return found;
    const sources = facts.exportAll.map((specifier) => ({ specifier, source: inProgram(specifier, facts) }));
    const having = sources.filter(({ source }) => source !== undefined && namesOf(source).has(name));
    for (const { specifier } of having.length > 0 ? having : sources) importInto(found, specifier, name, facts);
    return found;
  }
  let imported: ReadonlySet<number | undefined> | undefined;
  const names = new Map<number, ReadonlySet<string>>();
  /** Asked for at every import of what modules export through others: a program may have one module that exports hundreds. */
  function namesOf(module: number): ReadonlySet<string> {
    let found = names.get(module);
    if (found !== undefined) return found;
    const all = new Set(modules[module]?.exports.map(({ name }) => name));
    const reached = new Set([module]);
    for (const at of reached) {
      const facts = modules[at] as ModuleFacts;
      if (at !== module) for (const { name } of facts.exports) if (name !== 'default') all.add(name);
      for (const specifier of facts.exportAll) {
        const source = inProgram(specifier, facts);
        if (source !== undefined) reached.add(source);
      }
    }
    found = all;
    names.set(module, found);
    return found;
  }
  function importInto(target: number, specifier: string, name: string, from: ModuleFacts): void {
    const module = inProgram(specifier, from);
    if (module === undefined) importOutside(target, specifier, name, from);
    else if (name === '*' || name === '=') {
      add(target, { kind: 'namespace', module });
      if (name === '=') edge(placeOf(module, '='), target);
    } else {
      edge(placeOf(module, name), target);
      if (name === 'default') edge(placeOf(module, '='), target);
      // `module.exports = { f }` imported by name.
      watch(placeOf(module, '='), (token) => loadInto(token, name, target));
    }
  }
  function importOutside(target: number, specifier: string, name: string, from: ModuleFacts): void {
    // What lies in a project that is compiled apart may have twins: it is named like a module of this one that is not at hand.
    const base = resolve(specifier, from.fileName) === undefined ? modulePath(specifier) : `./${specifier}`;
    const isWhole = name === '*' || name === '=' || name === 'default';
    add(target, { kind: 'external', path: isWhole ? base : `${base}.${name}` });
    const assumed = isOfNode(base) ? undefined : assumedPath(name);
    if (assumed !== undefined) add(target, { kind: 'external', path: assumed });
  }

  return {
    placeOf,
    memberOf(module, name) {
      const key = `namespace ${module} ${name}`;
      const isKnown = !isNew(key);
      const found = place(key);
      if (isKnown) return found;
      edge(placeOf(module, name), found);
      watch(placeOf(module, '='), (token) => loadInto(token, name, found));
      return found;
    },
    namesOf,
    importInto,
    importSome(target, from) {
      add(target, { kind: 'external', path: FOREIGN });
      imported ??= new Set(modules.flatMap((facts) => facts.imports.map((specifier) => inProgram(specifier, facts))));
      for (const module of modules.keys()) {
        if (module === from || imported.has(module)) continue;
        add(target, { kind: 'namespace', module });
        edge(placeOf(module, '='), target);
      }
    },
  };
}
