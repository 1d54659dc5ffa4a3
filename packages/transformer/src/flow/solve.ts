/**
 * Phase 3: which functions a call may reach, over the whole program.
 *
 * Subset constraints in the style of field-based flow analysis (Feldthaus et al., ICSE 2013): every property name is one place for
 * the whole program, refined where the receiver is known (an imported module, a class, an instance, an object literal).
 * Calls are resolved as functions arrive at their callees (the optimistic variant).
 */

import { assumedPath } from '../catalogue/blocking.js';
import { CALLING_METHODS, ELEMENT_READERS, ELEMENT_WRITERS } from '../catalogue/builtins.js';
import { isRootMethod, modulePath } from '../catalogue/paths.js';
import type { CallFact, ModuleFacts, Source } from '../facts/facts.js';
import type { TypeOracle } from '../program.js';
import { APART, externalPaths, FOREIGN, isLoader, isOfNode, saysNothing } from './externalPaths.js';

/** What may arrive at a place. `fn`, `cls` and `obj` are program-wide ids. */
export type Token =
  | { readonly kind: 'function'; readonly fn: number }
  | { readonly kind: 'class'; readonly cls: number }
  | { readonly kind: 'instance'; readonly cls: number }
  | { readonly kind: 'object'; readonly obj: number }
  | { readonly kind: 'namespace'; readonly module: number }
  | { readonly kind: 'external'; readonly path: string };

export interface ResolvedCall {
  readonly module: number;
  readonly fact: CallFact;
  readonly caller: number;
  readonly callees: readonly Token[];
  /** What may arrive at each argument, object literals included. */
  readonly args: readonly (readonly Token[])[];
  readonly receivers: readonly Token[];
}

export interface Flow {
  readonly calls: readonly ResolvedCall[];
  /** First function id of each module; function ids are consecutive. */
  readonly functionBase: readonly number[];
  /** The constructor that `new` runs, own or inherited; undefined if no class in the program declares one. */
  constructorOf(cls: number): number | undefined;
  /** Functions and object literals held by an object literal. */
  membersOf(obj: number): readonly Token[];
  /** Functions that an object literal holds as `get` or `set`: as a property descriptor, it makes them accessors. */
  accessorsOf(obj: number): readonly Token[];
  /** Functions exported by a module. */
  exportsOf(module: number): readonly Token[];
}

interface TypedCall {
  readonly fileName: string;
  readonly fact: CallFact;
}

export function solve(
  modules: readonly ModuleFacts[],
  resolve: (specifier: string, fromFile: string) => string | undefined,
  types?: TypeOracle,
  roots: readonly string[] = [],
): Flow {
  const { memberPath, resultPath } = externalPaths(roots);
  const moduleOf = new Map(modules.map((facts, i) => [facts.fileName, i]));
  const functionBase = prefixSums(modules.map((facts) => facts.functions.length));
  const classBase = prefixSums(modules.map((facts) => facts.classes.length));
  const objectBase = prefixSums(modules.map((facts) => facts.objects.length));
  const vertexBase = prefixSums(modules.map((facts) => facts.vertices));

  const tokens: Token[] = [];
  const tokenIds = new Map<string, number>();
  const held: Set<number>[] = [];
  const successors: Set<number>[] = [];
  const watchers: ((token: number) => void)[][] = [];
  const named = new Map<string, number>();
  const queue: [vertex: number, token: number][] = [];
  const unresolved: (() => void)[] = [];
  const classEndingAt = new Map<string, ReadonlyMap<number, number>>(
    modules.map((facts, module) => [
      facts.fileName,
      new Map(facts.classes.map(({ end }, i) => [end, (classBase[module] as number) + i])),
    ]),
  );

  function vertex(): number {
    held.push(new Set());
    successors.push(new Set());
    watchers.push([]);
    return held.length - 1;
  }
  for (const facts of modules) for (let i = 0; i < facts.vertices; i++) vertex();

  /** A place that is known by name across modules: a property, an export. */
  function place(name: string): number {
    let found = named.get(name);
    if (found === undefined) {
      found = vertex();
      named.set(name, found);
    }
    return found;
  }
  function intern(token: Token): number {
    const key = JSON.stringify(token);
    let id = tokenIds.get(key);
    if (id === undefined) {
      id = tokens.push(token) - 1;
      tokenIds.set(key, id);
    }
    return id;
  }
  function add(at: number, token: number): void {
    const set = held[at] as Set<number>;
    if (set.has(token)) return;
    set.add(token);
    queue.push([at, token]);
  }
  function edge(from: number, to: number): void {
    const out = successors[from] as Set<number>;
    if (from === to || out.has(to)) return;
    out.add(to);
    for (const token of held[from] as Set<number>) add(to, token);
  }
  function watch(at: number, seen: (token: Token) => void): void {
    const watcher = (id: number) => seen(tokens[id] as Token);
    (watchers[at] as ((token: number) => void)[]).push(watcher);
    for (const token of [...(held[at] as Set<number>)]) watcher(token);
  }

  /** What a module exports as `name`: of its own, or of a module that it exports all of, one of the program or not. */
  function exportPlace(module: number, name: string): number {
    const key = `export ${module} ${name}`;
    const known = named.get(key);
    if (known !== undefined) return known;
    const found = place(key);
    const facts = modules[module] as ModuleFacts;
    if (name === 'default' || name === '=' || facts.exports.some((own) => own.name === name)) return found;
    const sources = facts.exportAll.map((specifier) => ({ specifier, source: inProgram(specifier, facts) }));
    const having = sources.filter(({ source }) => source !== undefined && exportNames(source).includes(name));
    for (const { specifier } of having.length > 0 ? having : sources) importInto(found, specifier, name, facts);
    return found;
  }

  /** The names that a module of the program exports, those of `export *` included. */
  function exportNames(module: number, seen = new Set<number>()): string[] {
    if (seen.has(module)) return [];
    seen.add(module);
    const facts = modules[module] as ModuleFacts;
    const through = facts.exportAll.flatMap((specifier) => {
      const source = inProgram(specifier, facts);
      return source === undefined ? [] : exportNames(source, seen).filter((name) => name !== 'default');
    });
    return [...new Set([...facts.exports.map(({ name }) => name), ...through])];
  }

  /** The module of the program that a specifier leads to. */
  function inProgram(specifier: string, from: ModuleFacts): number | undefined {
    const file = resolve(specifier, from.fileName);
    return file === undefined ? undefined : moduleOf.get(file);
  }

  /** Lets what `specifier` exports as `name` flow into `target`. */
  function importInto(target: number, specifier: string, name: string, from: ModuleFacts): void {
    const file = resolve(specifier, from.fileName);
    const module = file === undefined ? undefined : moduleOf.get(file);
    if (module === undefined) {
      // What lies in a project that is compiled apart may have twins: it is named like a module of this one that is not at hand.
      const base = file === undefined ? modulePath(specifier) : `./${specifier}`;
      const whole = name === '*' || name === '=' || name === 'default';
      add(target, intern({ kind: 'external', path: whole ? base : `${base}.${name}` }));
      const assumed = isOfNode(base) ? undefined : assumedPath(name);
      if (assumed !== undefined) add(target, intern({ kind: 'external', path: assumed }));
      return;
    }
    if (name === '*' || name === '=') {
      add(target, intern({ kind: 'namespace', module }));
      if (name === '=') edge(exportPlace(module, '='), target);
    } else {
      edge(exportPlace(module, name), target);
      if (name === 'default') edge(exportPlace(module, '='), target);
      // `module.exports = { f }` imported by name.
      watch(exportPlace(module, '='), (token) => loadFrom(token, name, target));
    }
  }

  /** @param call the method call for which the member is loaded, if that is so */
  function loadFrom(token: Token, property: string | undefined, target: number, call?: TypedCall): void {
    switch (token.kind) {
      case 'external':
        add(target, intern({ kind: 'external', path: memberPath(token.path, property ?? '*') }));
        if (token.path === FOREIGN || token.path === APART) unknownMember(property, target, call);
        else assignedTo(property, target);
        break;
      case 'namespace':
        if (property === undefined) watchExports(token.module, target);
        else {
          edge(exportPlace(token.module, property), target);
          watch(exportPlace(token.module, '='), (inner) => loadFrom(inner, property, target));
        }
        break;
      case 'class':
      case 'instance':
        if (!classMember(token.cls, token.kind === 'class', property, target)) field(property, target);
        break;
      case 'object':
        if (property === undefined) edge(place(`members ${token.obj}`), target);
        field(property, target);
        break;
      case 'function':
        field(property, target);
    }
  }

  function watchExports(module: number, target: number): void {
    for (const name of exportNames(module)) edge(exportPlace(module, name), target);
  }

  /** A member of an object at which nothing of the program is known to arrive: what its type says, or anything of this name. */
  function unknownMember(property: string | undefined, target: number, call: TypedCall | undefined): void {
    const type = call && types?.receiver(call.fileName, call.fact.span);
    const cls = type?.kind === 'instance' ? classEndingAt.get(type.fileName)?.get(type.end) : undefined;
    if (cls !== undefined) loadFrom({ kind: 'instance', cls }, property, target);
    else if (type?.kind === 'platform') {
      // Classes of the program may extend the platform's, and properties of its objects may be assigned.
      assignedTo(property, target);
      edge(place(`inherited ${property ?? '*'}`), target);
    } else field(property, target);
  }

  /** All functions ever written to a property of this name. */
  function field(property: string | undefined, target: number): void {
    assignedTo(property, target);
    edge(place(`declared ${property ?? '*'}`), target);
    edge(place('defined'), target);
  }

  /** What was assigned to a property of this name; elements of arrays are written without a name. */
  function assignedTo(property: string | undefined, target: number): void {
    edge(place(`assigned ${property ?? '*'}`), target);
    if (property !== undefined && /^\d+$/.test(property)) edge(place('assigned *'), target);
  }

  /** Members of a class, of its ancestors, and what subclasses override; false if it has none of this name. */
  function classMember(cls: number, isStatic: boolean, property: string | undefined, target: number): boolean {
    if (property === undefined) return false;
    const inherited = memberIn(cls, isStatic, property);
    const overrides = descendants(cls).flatMap((sub) => own(sub, isStatic, property));
    const found = [...(inherited === undefined ? [] : [inherited]), ...overrides];
    for (const fn of found) add(target, intern({ kind: 'function', fn }));
    edge(place(`assigned ${property}`), target);
    return found.length > 0;
  }

  const classModule = (cls: number) => lastAtMost(classBase, cls);
  const classFact = (cls: number) => {
    const module = classModule(cls);
    return (modules[module] as ModuleFacts).classes[cls - (classBase[module] as number)];
  };
  function own(cls: number, isStatic: boolean, property: string): number[] {
    const base = functionBase[classModule(cls)] as number;
    return (classFact(cls)?.members ?? [])
      .filter((member) => member.isStatic === isStatic && member.name === property)
      .map((member) => base + member.fn);
  }
  const parents = new Map<number, Set<number>>();
  const children = new Map<number, Set<number>>();
  function memberIn(cls: number, isStatic: boolean, property: string, seen = new Set<number>()): number | undefined {
    if (seen.has(cls)) return undefined;
    seen.add(cls);
    const [found] = own(cls, isStatic, property);
    if (found !== undefined) return found;
    for (const parent of parents.get(cls) ?? []) {
      const inherited = memberIn(parent, isStatic, property, seen);
      if (inherited !== undefined) return inherited;
    }
    return undefined;
  }
  function descendants(cls: number, seen = new Set<number>()): number[] {
    for (const child of children.get(cls) ?? []) {
      if (seen.has(child)) continue;
      seen.add(child);
      descendants(child, seen);
    }
    return [...seen];
  }

  /** Whether a class extends one that is not the program's, or may do so. */
  function extendsForeign(cls: number, seen = new Set<number>()): boolean {
    const superClass = classFact(cls)?.superClass;
    if (superClass === undefined || seen.has(cls)) return false;
    seen.add(cls);
    const arrived = [...(held[(vertexBase[classModule(cls)] as number) + superClass] as Set<number>)];
    if (arrived.length === 0 || arrived.some((id) => tokens[id]?.kind !== 'class')) return true;
    return [...(parents.get(cls) ?? [])].some((parent) => extendsForeign(parent, seen));
  }

  function callInto(module: number, fact: CallFact, token: Token): void {
    const base = vertexBase[module] as number;
    const args = fact.args.map((arg) => base + arg);
    switch (token.kind) {
      case 'function':
        bindCall(token.fn, args, base + fact.result);
        break;
      // The callee of `super(...)` is the instance that its class makes of `this`.
      case 'instance':
      case 'class': {
        if (!fact.construct) break;
        const built = constructorOf(token.cls);
        if (built !== undefined) bindCall(built, args, undefined);
        add(base + fact.result, intern({ kind: 'instance', cls: token.cls }));
        break;
      }
      case 'external':
        if (isLoader(token.path) && fact.firstString !== undefined) {
          importInto(base + fact.result, fact.firstString, '=', modules[module] as ModuleFacts);
          break;
        }
        add(base + fact.result, intern({ kind: 'external', path: resultPath(token.path) }));
        if (isDefinition(token.path) && args[2] !== undefined) define(args[2], fact.secondString);
        // What an uncompiled function is given may come back from it.
        if (
          [FOREIGN, APART].includes(resultPath(token.path)) &&
          !(fact.property !== undefined && (CALLING_METHODS.has(fact.property) || isRootMethod(fact.property)))
        )
          for (const arg of args) edge(arg, base + fact.result);
        break;
      default:
    }
  }
  /**
   * `Object.defineProperty(o, key, { value })`. Where the key is not known, any property may be meant, of which only functions of the
   * program are taken note: values of Node, of which most programs define some, would arrive everywhere.
   */
  function define(descriptor: number, key: string | undefined): void {
    watch(descriptor, (token) => {
      if (token.kind !== 'object') return;
      const value = place(`described ${token.obj}`);
      if (key !== undefined) edge(value, place(`assigned ${key}`));
      else
        watch(value, (held) => {
          if (held.kind === 'function') add(place('defined'), intern(held));
        });
    });
  }
  function constructorOf(cls: number, seen = new Set<number>()): number | undefined {
    if (seen.has(cls)) return undefined;
    seen.add(cls);
    const own = classFact(cls)?.constructor;
    if (own !== undefined) return (functionBase[classModule(cls)] as number) + own;
    for (const parent of parents.get(cls) ?? []) {
      const inherited = constructorOf(parent, seen);
      if (inherited !== undefined) return inherited;
    }
    return undefined;
  }
  function bindCall(fn: number, args: readonly number[], result: number | undefined): void {
    const module = lastAtMost(functionBase, fn);
    const fact = (modules[module] as ModuleFacts).functions[fn - (functionBase[module] as number)];
    if (fact === undefined) return;
    const base = vertexBase[module] as number;
    args.forEach((arg, i) => {
      const param = fact.params[Math.min(i, fact.params.length - 1)];
      if (param !== undefined) edge(arg, base + param);
    });
    if (result !== undefined) edge(base + fact.result, result);
  }

  /** Builtins by method name, where the receiver may be anything: collections and functions. */
  function callMethod(module: number, fact: CallFact): void {
    const { property } = fact;
    if (property === undefined || fact.receiver === undefined) return;
    const base = vertexBase[module] as number;
    const receiver = base + fact.receiver;
    const result = base + fact.result;
    if (property === 'call' || property === 'apply' || property === 'bind') {
      watch(receiver, (token) => {
        const isCallable = token.kind === 'function' || token.kind === 'external';
        if (property === 'bind' && isCallable) add(result, intern(token));
        if (token.kind !== 'function') return;
        bindCall(token.fn, property === 'apply' ? [] : fact.args.slice(1).map((arg) => base + arg), result);
      });
    }
    if (ELEMENT_WRITERS.has(property)) for (const arg of fact.args) edge(base + arg, place('assigned *'));
    if (ELEMENT_READERS.has(property)) {
      edge(place('assigned *'), result);
      edge(receiver, result);
    }
    // Callbacks of collection methods receive elements; their results are elements of what is returned.
    const elements = [place('assigned *'), place('assigned *')];
    for (const arg of fact.args) {
      watch(base + arg, (token) => {
        if (token.kind !== 'function') return;
        bindCall(token.fn, elements, result);
        // What an array or a promise holds has arrived at its own place, where a builtin or `import()` made it.
        if (property === 'then') bindCall(token.fn, [receiver], result);
        else if (CALLING_METHODS.has(property)) bindCall(token.fn, [receiver, receiver], result);
      });
    }
    if (property === 'catch' || property === 'finally') edge(receiver, result);
  }

  modules.forEach((facts, module) => {
    const base = vertexBase[module] as number;
    for (const { target, source } of facts.sources) start(base + target, source, module, facts);
    for (const { from, to } of facts.edges) edge(base + from, base + to);
    facts.objects.forEach((members, i) => {
      const obj = (objectBase[module] as number) + i;
      for (const { name, value } of members) {
        edge(base + value, place(`members ${obj}`));
        if (name === 'get' || name === 'set') edge(base + value, place(`accessors ${obj}`));
        if (name === 'value') edge(base + value, place(`described ${obj}`));
      }
    });
    for (const { object, property, value } of facts.stores) {
      edge(base + value, place(`${object === undefined ? 'declared' : 'assigned'} ${property ?? '*'}`));
    }
    for (const cls of facts.classes) {
      for (const { name, fn } of cls.members) {
        add(place(`declared ${name}`), intern({ kind: 'function', fn: (functionBase[module] as number) + fn }));
      }
    }
    for (const { name, value } of facts.exports) edge(base + value, exportPlace(module, name));
    facts.classes.forEach((cls, i) => {
      if (cls.superClass === undefined) return;
      const id = (classBase[module] as number) + i;
      watch(base + cls.superClass, (token) => {
        if (token.kind !== 'class' || token.cls === id) return;
        getOrCreate(parents, id).add(token.cls);
        getOrCreate(children, token.cls).add(id);
      });
    });
  });
  drain();
  // The class hierarchy is complete by now, so that members are looked up once.
  modules.forEach((facts, module) => {
    facts.classes.forEach(({ members }, i) => {
      if (!extendsForeign((classBase[module] as number) + i)) return;
      for (const { name, fn } of members) {
        add(place(`inherited ${name}`), intern({ kind: 'function', fn: (functionBase[module] as number) + fn }));
      }
    });
    const base = vertexBase[module] as number;
    const { fileName } = facts;
    const callOf = new Map(
      facts.calls.flatMap((fact) => (fact.receiver === undefined ? [] : [[fact.callee, { fileName, fact }] as const])),
    );
    for (const { object, property, target, span } of facts.loads) {
      if (span !== undefined && types?.isPrimitive(fileName, span) === true) continue;
      const from = base + object;
      const call = callOf.get(target);
      watch(from, (token) => loadFrom(token, property, base + target, call));
      if ((held[from] as Set<number>).size > 0) continue;
      unresolved.push(() => {
        if ((held[from] as Set<number>).size === 0) unknownMember(property, base + target, call);
      });
    }
    for (const fact of facts.calls) {
      watch(base + fact.callee, (token) => callInto(module, fact, token));
      callMethod(module, fact);
    }
  });
  drain();
  // A receiver at which nothing arrived may be anything that has such a property.
  for (const assume of unresolved) assume();
  drain();
  assumeByName();
  drain();

  /** What has the name of a blocking function, and is nothing that the program knows, is taken for that function. */
  function assumeByName(): void {
    modules.forEach((facts, module) => {
      const base = vertexBase[module] as number;
      for (const { property, target } of facts.loads) {
        const path = property === undefined ? undefined : assumedPath(property);
        if (path !== undefined && at(base + target).every(isUnknown))
          add(base + target, intern({ kind: 'external', path }));
      }
    });
  }

  function start(target: number, source: Source, module: number, facts: ModuleFacts): void {
    switch (source.kind) {
      case 'function':
        add(target, intern({ kind: 'function', fn: (functionBase[module] as number) + source.index }));
        break;
      case 'class':
        add(target, intern({ kind: 'class', cls: (classBase[module] as number) + source.index }));
        break;
      case 'instance':
        add(target, intern({ kind: 'instance', cls: (classBase[module] as number) + source.index }));
        break;
      case 'super': {
        const { superClass } = facts.classes[source.index] ?? {};
        if (superClass === undefined) break;
        watch((vertexBase[module] as number) + superClass, (token) => {
          if (token.kind !== 'class') add(target, intern(token));
          else add(target, intern(source.isStatic ? token : { kind: 'instance', cls: token.cls }));
        });
        break;
      }
      case 'object':
        add(target, intern({ kind: 'object', obj: (objectBase[module] as number) + source.index }));
        break;
      case 'external':
        add(target, intern({ kind: 'external', path: source.path }));
        break;
      case 'import':
        importInto(target, source.specifier, source.name, facts);
    }
  }

  function drain(): void {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
      const [at, token] = item;
      for (const to of successors[at] as Set<number>) add(to, token);
      for (const watcher of watchers[at] as ((token: number) => void)[]) watcher(token);
    }
  }

  function at(v: number): Token[] {
    return [...(held[v] as Set<number>)].map((id) => tokens[id] as Token);
  }
  const calls = modules.flatMap((facts, module) => {
    const base = vertexBase[module] as number;
    return facts.calls.map(
      (fact): ResolvedCall => ({
        module,
        fact,
        caller: (functionBase[module] as number) + fact.caller,
        callees: at(base + fact.callee),
        args: fact.args.map((arg) => at(base + arg)),
        receivers: fact.receiver === undefined ? [] : at(base + fact.receiver),
      }),
    );
  });
  return {
    calls,
    functionBase,
    constructorOf: (cls) => constructorOf(cls),
    membersOf: (obj) => at(place(`members ${obj}`)),
    accessorsOf: (obj) => at(place(`accessors ${obj}`)),
    exportsOf: (module) => exportNames(module).flatMap((name) => at(exportPlace(module, name))),
  };
}

function isUnknown(token: Token): boolean {
  return token.kind === 'external' && saysNothing(token.path);
}

/** Whether a builtin takes a property descriptor as its third argument. */
export function isDefinition(path: string): boolean {
  return path === 'Object.defineProperty' || path === 'Reflect.defineProperty';
}

function prefixSums(counts: readonly number[]): number[] {
  let sum = 0;
  return counts.map((count) => {
    const base = sum;
    sum += count;
    return base;
  });
}

/** The index of the last base that is not above `id`; equal bases belong to modules without entries. */
function lastAtMost(bases: readonly number[], id: number): number {
  let low = 0;
  let high = bases.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((bases[middle] as number) <= id) low = middle;
    else high = middle - 1;
  }
  return low;
}

function getOrCreate<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  let set = map.get(key);
  if (set === undefined) {
    set = new Set();
    map.set(key, set);
  }
  return set;
}
