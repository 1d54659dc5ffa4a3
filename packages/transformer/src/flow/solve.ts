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
import { APART, externalPaths, FOREIGN, isLoader, isOfNode, NODE_RESULT, saysNothing } from './externalPaths.js';
import { type Any, createGraph } from './graph.js';

/** What may arrive at a place. `fn`, `cls` and `obj` are program-wide ids. */
export type Token =
  | { readonly kind: 'function'; readonly fn: number }
  | { readonly kind: 'class'; readonly cls: number }
  | { readonly kind: 'instance'; readonly cls: number }
  | { readonly kind: 'object'; readonly obj: number }
  | { readonly kind: 'namespace'; readonly module: number }
  | { readonly kind: 'external'; readonly path: string };

/** What a place holds: single tokens, or any. */
export type Arrival = Token | Any;

export interface ResolvedCall {
  readonly module: number;
  readonly fact: CallFact;
  readonly caller: number;
  readonly callees: readonly Arrival[];
  /** What may arrive at each argument, object literals included. */
  readonly args: readonly (readonly Arrival[])[];
  readonly receivers: readonly Arrival[];
}

export interface Flow {
  readonly calls: readonly ResolvedCall[];
  /** First function id of each module; function ids are consecutive. */
  readonly functionBase: readonly number[];
  /** The constructor that `new` runs, own or inherited; undefined if no class in the program declares one. */
  constructorOf(cls: number): number | undefined;
  /** Functions and object literals held by an object literal. */
  membersOf(obj: number): readonly Arrival[];
  /** Functions that an object literal holds as `get` or `set`: as a property descriptor, it makes them accessors. */
  accessorsOf(obj: number): readonly Arrival[];
  /** Functions exported by a module. */
  exportsOf(module: number): readonly Arrival[];
  /** What any value stands for: as the callee of a method call, what properties of that name hold; else whatever is held in too many places. */
  anyOf(property: string | undefined): readonly Arrival[];
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

  const graph = createGraph<Token>(keyOf);
  const { vertex, place, add, edge, watch, at, drain } = graph;
  const unresolved: (() => void)[] = [];
  /** Modules that any value may be, and what members of any value from outside the program are: one of many needs no path of its own. */
  const modulesHeld = graph.keptPlace('modules');
  const outsideResults = place('outside results');
  graph.watchAll(undefined, (token) => {
    if (token.kind === 'namespace') add(modulesHeld, token);
    if (token.kind === 'external')
      add(outsideResults, { kind: 'external', path: isOfNode(token.path) ? NODE_RESULT : FOREIGN });
  });
  const classEndingAt = new Map<string, ReadonlyMap<number, number>>(
    modules.map((facts, module) => [
      facts.fileName,
      new Map(facts.classes.map(({ end }, i) => [end, (classBase[module] as number) + i])),
    ]),
  );

  for (const facts of modules) for (let i = 0; i < facts.vertices; i++) vertex();

  /** What a module exports as `name`: of its own, or of a module that it exports all of, one of the program or not. */
  function exportPlace(module: number, name: string): number {
    const key = `export ${module} ${name}`;
    const isKnown = !graph.isNew(key);
    const found = place(key);
    if (isKnown) return found;
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
      add(target, { kind: 'external', path: whole ? base : `${base}.${name}` });
      const assumed = isOfNode(base) ? undefined : assumedPath(name);
      if (assumed !== undefined) add(target, { kind: 'external', path: assumed });
      return;
    }
    if (name === '*' || name === '=') {
      add(target, { kind: 'namespace', module });
      if (name === '=') edge(exportPlace(module, '='), target);
    } else {
      edge(exportPlace(module, name), target);
      if (name === 'default') edge(exportPlace(module, '='), target);
      // `module.exports = { f }` imported by name.
      watch(exportPlace(module, '='), (token) => loadFrom(token, name, target));
    }
  }

  /** @param call the method call for which the member is loaded, if that is so */
  function loadFrom(token: Arrival, property: string | undefined, target: number, call?: TypedCall): void {
    switch (token.kind) {
      case 'any':
        edge(anyMember(property), target);
        break;
      case 'external':
        add(target, { kind: 'external', path: memberPath(token.path, property ?? '*') });
        if (token.path === FOREIGN || token.path === APART) unknownMember(property, target, call);
        else assignedTo(property, target);
        break;
      case 'namespace':
        if (property === undefined) watchExports(token.module, target);
        else edge(namespaceMember(token.module, property), target);
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

  /** The place of what a module exports by a name, itself or as a member of `module.exports`. */
  function namespaceMember(module: number, property: string): number {
    const name = `namespace ${module} ${property}`;
    const isKnown = !graph.isNew(name);
    const found = place(name);
    if (isKnown) return found;
    edge(exportPlace(module, property), found);
    watch(exportPlace(module, '='), (inner) => loadFrom(inner, property, found));
    return found;
  }

  /** The place of a member of any value. */
  function anyMember(property: string | undefined): number {
    const name = `member ${property ?? '*'}`;
    const isKnown = !graph.isNew(name);
    const found = place(name);
    if (isKnown) return found;
    field(property, found);
    graph.watchAll(modulesHeld, (token) => loadFrom(token, property, found));
    edge(outsideResults, found);
    return found;
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
    edge(graph.keptPlace(`declared ${property ?? '*'}`), target);
    edge(graph.keptPlace('defined'), target);
  }

  /** What was assigned to a property of this name; elements of arrays are written without a name. */
  function assignedTo(property: string | undefined, target: number): void {
    edge(graph.keptPlace(`assigned ${property ?? '*'}`), target);
    if (property !== undefined && /^\d+$/.test(property)) edge(graph.keptPlace('assigned *'), target);
  }

  /** Members of a class, of its ancestors, and what subclasses override; false if it has none of this name. */
  function classMember(cls: number, isStatic: boolean, property: string | undefined, target: number): boolean {
    if (property === undefined) return false;
    const inherited = memberIn(cls, isStatic, property);
    const overrides = descendants(cls).flatMap((sub) => own(sub, isStatic, property));
    const found = [...(inherited === undefined ? [] : [inherited]), ...overrides];
    for (const fn of found) add(target, { kind: 'function', fn });
    edge(graph.keptPlace(`assigned ${property}`), target);
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
    const arrived = at((vertexBase[classModule(cls)] as number) + superClass);
    if (arrived.length === 0 || arrived.some(({ kind }) => kind !== 'class')) return true;
    return [...(parents.get(cls) ?? [])].some((parent) => extendsForeign(parent, seen));
  }

  function callInto(module: number, fact: CallFact, token: Arrival): void {
    const base = vertexBase[module] as number;
    const args = fact.args.map((arg) => base + arg);
    switch (token.kind) {
      case 'any':
        callAny(fact.property, fact.construct, args, base + fact.result);
        break;
      case 'function':
        bindCall(token.fn, args, base + fact.result);
        break;
      // The callee of `super(...)` is the instance that its class makes of `this`.
      case 'instance':
      case 'class': {
        if (!fact.construct) break;
        const built = constructorOf(token.cls);
        if (built !== undefined) bindCall(built, args, undefined);
        add(base + fact.result, { kind: 'instance', cls: token.cls });
        break;
      }
      case 'external':
        if (isLoader(token.path) && fact.firstString !== undefined) {
          importInto(base + fact.result, fact.firstString, '=', modules[module] as ModuleFacts);
          break;
        }
        add(base + fact.result, { kind: 'external', path: resultPath(token.path) });
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
    each(descriptor, (token) => {
      if (token.kind !== 'object') return;
      const value = place(`described ${token.obj}`);
      if (key !== undefined) edge(value, graph.keptPlace(`assigned ${key}`));
      else
        each(value, (held) => {
          if (held.kind === 'function') add(graph.keptPlace('defined'), held);
        });
    });
  }
  /** A call of any value, or of any that a property of this name holds: all functions share one place for arguments and one for results. */
  function callAny(
    property: string | undefined,
    construct: boolean,
    args: readonly number[],
    result: number | undefined,
  ): void {
    const key = `${construct ? 'construct' : 'call'} ${property ?? '*'}`;
    const isKnown = !graph.isNew(`${key} result`);
    const given = place(`${key} given`);
    const made = place(`${key} result`);
    for (const arg of args) edge(arg, given);
    if (result !== undefined) edge(made, result);
    if (isKnown) return;
    for (const kept of property === undefined ? [undefined] : heldBy(property)) {
      graph.watchAll(kept, (token) => {
        if (token.kind === 'any') callAny(undefined, construct, [given], made);
        else if (token.kind === 'function') bindCall(token.fn, [given], made, true);
        else if (token.kind === 'external') {
          const path = resultPath(token.path);
          add(made, { kind: 'external', path });
          if (path === FOREIGN || path === APART) edge(given, made);
        } else if (construct && (token.kind === 'class' || token.kind === 'instance')) {
          const built = constructorOf(token.cls);
          if (built !== undefined) bindCall(built, [given], undefined, true);
          add(made, { kind: 'instance', cls: token.cls });
        }
      });
    }
  }

  /** The places of what properties of a name hold. */
  function heldBy(property: string): number[] {
    return [`assigned ${property}`, `declared ${property}`, 'defined'].map(graph.keptPlace);
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
  /** @param isSpread whether the first argument stands for all */
  function bindCall(fn: number, args: readonly number[], result: number | undefined, isSpread = false): void {
    const module = lastAtMost(functionBase, fn);
    const fact = (modules[module] as ModuleFacts).functions[fn - (functionBase[module] as number)];
    if (fact === undefined) return;
    const base = vertexBase[module] as number;
    const [all] = args;
    if (isSpread && all !== undefined) for (const param of fact.params) edge(all, base + param);
    else
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
        const isCallable = token.kind === 'function' || token.kind === 'external' || token.kind === 'any';
        if (property === 'bind' && isCallable) add(result, token);
        const args = property === 'apply' ? [] : fact.args.slice(1).map((arg) => base + arg);
        if (token.kind === 'function') bindCall(token.fn, args, result);
        else if (token.kind === 'any') callAny(undefined, false, args, result);
      });
    }
    if (ELEMENT_WRITERS.has(property)) for (const arg of fact.args) edge(base + arg, graph.keptPlace('assigned *'));
    if (ELEMENT_READERS.has(property)) {
      edge(graph.keptPlace('assigned *'), result);
      edge(receiver, result);
    }
    // Callbacks of collection methods receive elements; their results are elements of what is returned.
    const elements = [graph.keptPlace('assigned *'), graph.keptPlace('assigned *')];
    for (const arg of fact.args) {
      watch(base + arg, (token) => {
        if (token.kind === 'any') {
          const own = property === 'then' || CALLING_METHODS.has(property) ? [receiver] : [];
          callAny(undefined, false, [...elements, ...own], result);
        }
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
        add(graph.keptPlace(`declared ${name}`), { kind: 'function', fn: (functionBase[module] as number) + fn });
      }
    }
    for (const { name, value } of facts.exports) edge(base + value, exportPlace(module, name));
    facts.classes.forEach((cls, i) => {
      if (cls.superClass === undefined) return;
      const id = (classBase[module] as number) + i;
      each(base + cls.superClass, (token) => {
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
        add(place(`inherited ${name}`), { kind: 'function', fn: (functionBase[module] as number) + fn });
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
      if (!graph.isEmpty(from)) continue;
      unresolved.push(() => {
        if (graph.isEmpty(from)) unknownMember(property, base + target, call);
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
        if (path !== undefined && at(base + target).every(isUnknown)) add(base + target, { kind: 'external', path });
      }
    });
  }

  function start(target: number, source: Source, module: number, facts: ModuleFacts): void {
    switch (source.kind) {
      case 'function':
        add(target, { kind: 'function', fn: (functionBase[module] as number) + source.index });
        break;
      case 'class':
        add(target, { kind: 'class', cls: (classBase[module] as number) + source.index });
        break;
      case 'instance':
        add(target, { kind: 'instance', cls: (classBase[module] as number) + source.index });
        break;
      case 'super': {
        const { superClass } = facts.classes[source.index] ?? {};
        if (superClass === undefined) break;
        each((vertexBase[module] as number) + superClass, (token) => {
          if (token.kind !== 'class') add(target, token);
          else add(target, source.isStatic ? token : { kind: 'instance', cls: token.cls });
        });
        break;
      }
      case 'object':
        add(target, { kind: 'object', obj: (objectBase[module] as number) + source.index });
        break;
      case 'external':
        add(target, { kind: 'external', path: source.path });
        break;
      case 'import':
        importInto(target, source.specifier, source.name, facts);
    }
  }

  /** Calls `seen` for every single token that a place holds. */
  function each(v: number, seen: (token: Token) => void): void {
    watch(v, (token) => {
      if (token.kind !== 'any') seen(token);
    });
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
  const known = new Map<string | undefined, readonly Arrival[]>();
  function anyOf(property: string | undefined): readonly Arrival[] {
    let found = known.get(property);
    if (found === undefined) {
      found = (property === undefined ? [undefined] : heldBy(property)).flatMap((kept) => graph.allAt(kept));
      known.set(property, found);
    }
    return found;
  }
  return {
    calls,
    functionBase,
    constructorOf: (cls) => constructorOf(cls),
    membersOf: (obj) => at(place(`members ${obj}`)),
    accessorsOf: (obj) => at(place(`accessors ${obj}`)),
    exportsOf: (module) => exportNames(module).flatMap((name) => at(exportPlace(module, name))),
    anyOf,
  };
}

function keyOf(token: Token): string {
  switch (token.kind) {
    case 'function':
      return `f${token.fn}`;
    case 'class':
      return `c${token.cls}`;
    case 'instance':
      return `i${token.cls}`;
    case 'object':
      return `o${token.obj}`;
    case 'namespace':
      return `n${token.module}`;
    case 'external':
      return `x${token.path}`;
  }
}

function isUnknown(token: Arrival): boolean {
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
