/**
 * Phase 3: which functions a call may reach, over the whole program.
 *
 * Subset constraints in the style of field-based flow analysis (Feldthaus et al., ICSE 2013): every property name is one place for
 * the whole program, refined where the receiver is known (an imported module, a class, an instance, an object literal).
 * Calls are resolved as functions arrive at their callees (the optimistic variant).
 */

import { assumedPath, blockingAt, isBlockingModule, objectMadeBy } from '../catalogue/blocking.js';
import {
  ASYNCHRONOUS_CONSUMERS,
  CALLING_METHODS,
  ELEMENT_READERS,
  ELEMENT_WRITERS,
  ITERABLE_CONSUMERS,
  SECTION_RUNNERS,
  SNAPSHOT,
  SYNCHRONOUS_CONSUMERS,
} from '../catalogue/builtins.js';
import {
  givenToFirst,
  isListenerMethod,
  isRootMethod,
  mayReturnReceiver,
  receiverReturnedBy,
  rootAt,
} from '../catalogue/paths.js';
import type { AccessFact, CallFact, ModuleFacts, Source } from '../facts/facts.js';
import { STEP } from '../facts/iterations.js';
import { COERCIONS, ITERATOR, SOME_NAME } from '../facts/names.js';
import type { Span, TypeOracle } from '../program.js';
import { type Accessors, accessorsIn } from './accessors.js';
import { definitionsIn } from './definitions.js';
import { APART, externalPaths, FOREIGN, isLoader, isOfNode, NODE_RESULT } from './externalPaths.js';
import { createGraph } from './graph.js';
import { createHierarchy } from './hierarchy.js';
import { type GeneratorPlaces, iterationIn } from './iteration.js';
import { keyedIn } from './keyed.js';
import { listsIn } from './lists.js';
import { moduleExports } from './moduleExports.js';
import { numberingOf } from './numbering.js';
import { passingIn } from './passing.js';
import { isIndex, propertiesIn } from './properties.js';
import { type Arrival, isUnknown, keyOf, type Token } from './tokens.js';

export type { Arrival, Token } from './tokens.js';

export interface ResolvedCall {
  readonly module: number;
  readonly fact: CallFact;
  readonly caller: number;
  readonly callees: readonly Arrival[];
  /** What may arrive at each argument, object literals included. */
  readonly args: readonly (readonly Arrival[])[];
  readonly receivers: readonly Arrival[];
  /** Nothing is known of the callee but what is stored on the receiver under keys that only running tells. */
  readonly isByKey: boolean;
  /** What runs because a builtin iterates an argument. */
  readonly iterated: readonly Arrival[];
}

export interface Flow {
  readonly modules: readonly ModuleFacts[];
  readonly calls: readonly ResolvedCall[];
  /** First function id of each module; function ids are consecutive. */
  readonly functionBase: readonly number[];
  /** First class id of each module. */
  readonly classBase: readonly number[];
  /** What arrives at a place of a module. */
  heldAt(module: number, vertex: number): readonly Arrival[];
  /** What makes the instances of a class: its constructor, or a function that stands for the one that is not written. */
  constructionOf(cls: number): number;
  /** A class and those of the program that it extends. */
  lineage(cls: number): readonly number[];
  /** The paths of what a class extends that is not the program's. */
  parentsOf(cls: number): readonly string[];
  /** Methods of objects of a class, those of classes that extend it included. */
  membersNamed(cls: number, name: string): readonly number[];
  /** What makes the instances of classes that extend the language's errors. */
  readonly errorConstructions: ReadonlySet<number>;
  /** Functions and object literals held by an object literal. */
  membersOf(obj: number): readonly Arrival[];
  readonly accessors: Accessors;
  /** What may arrive at the object whose property an access reads or writes. */
  receiversOf(module: number, access: AccessFact): readonly Arrival[];
  /** What array literals hold that may be an argument of a call, or a property of one: arrays in arrays included. */
  listedIn(call: ResolvedCall, argument: number): readonly Arrival[];
  /** What a function may return. */
  resultsOf(fn: number): readonly Arrival[];
  /** Functions exported by a module. */
  exportsOf(module: number): readonly Arrival[];
  /** Functions that are stored under keys that only running tells, on objects of which nothing is known. */
  readonly strays: ReadonlySet<number>;
  /** Functions that are assigned to properties of what Node or a package has made (`agent.createConnection = f`), and whether it is Node. */
  readonly assignedOutside: ReadonlyMap<number, boolean>;
  /** Functions that the language may call by their names: `toString` and the like, and `then` where a value is awaited, or resolves a promise. */
  readonly calledByLanguage: ReadonlySet<number>;
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
  const numbering = numberingOf(modules);
  const { functionBase, classBase, objectBase, vertexBase, functionAt, classAt } = numbering;
  const graph = createGraph<Token>(keyOf);
  const { place, add, edge, watch, at, drain } = graph;
  for (let i = 0; i < numbering.vertices; i++) graph.vertex();
  const properties = propertiesIn(graph);
  const hierarchy = createHierarchy(numbering);
  const exported = moduleExports(modules, resolve, graph, loadFrom);
  const keyed = keyedIn(
    graph,
    hierarchy,
    (module) => exported.placeOf(module, SOME_NAME),
    (obj, property) => numbering.objectAt(obj)?.members.some(({ name }) => name === property) === true,
    (obj) => numbering.objectAt(obj) === undefined,
    isWorthHolding,
  );
  const passing = passingIn(graph, properties, keyed, numbering.objects, loadFrom, { kind: 'external', path: FOREIGN });
  const definitions = definitionsIn(modules, numbering, graph, properties, each);
  const iterate = iterationIn(graph, generatorOf, resultOf, loadFrom);
  const unresolved: (() => void)[] = [];
  /** Modules that any value may be, and what members of any value from outside the program are: one of many needs no path of its own. */
  const modulesHeld = graph.keptPlace('modules');
  const outsideResults = place('outside results');
  /** Modules of Node with blocking functions that any value may be: a copy of `fs` has these under their own names. */
  const blockingModulesHeld = graph.keptPlace('blocking modules');
  graph.watchAll(undefined, (token) => {
    if (token.kind === 'namespace') add(modulesHeld, token);
    if (token.kind !== 'external') return;
    if (isBlockingModule(token.path)) add(blockingModulesHeld, token);
    add(outsideResults, { kind: 'external', path: isOfNode(token.path) ? NODE_RESULT : FOREIGN });
  });
  const classEndingAt = new Map<string, ReadonlyMap<number, number>>(
    modules.map((facts, module) => [
      facts.fileName,
      new Map(facts.classes.map(({ end }, i) => [end, (classBase[module] as number) + i])),
    ]),
  );

  /** @param call the method call for which the member is loaded, if that is so */
  function loadFrom(token: Arrival, property: string | undefined, target: number, call?: TypedCall): void {
    switch (token.kind) {
      case 'any':
        edge(anyMember(property), target);
        break;
      case 'external':
        add(target, { kind: 'external', path: memberPath(token.path, property ?? '*') });
        if (isElement(property) && blockingAt(token.path) !== undefined) add(target, token);
        if (token.path === FOREIGN || token.path === APART) unknownMember(property, target, call);
        else properties.assignedInto(property, target);
        break;
      case 'namespace':
        for (const name of property === undefined ? exported.namesOf(token.module) : []) {
          edge(exported.placeOf(token.module, name), target);
        }
        if (property !== undefined) edge(exported.memberOf(token.module, property), target);
        break;
      case 'class':
      case 'instance':
        // What a prototype has, the instances have.
        if (token.kind === 'class' && property === 'prototype') add(target, { kind: 'instance', cls: token.cls });
        if (token.kind === 'instance' && property === 'constructor') {
          for (const cls of [token.cls, ...hierarchy.descendants(token.cls)]) add(target, { kind: 'class', cls });
        }
        if (token.kind === 'instance' && property !== undefined) inheritBlocking(token.cls, property, target);
        if (classMember(token.cls, token.kind === 'class', property, target)) break;
        properties.flowInto(property, target);
        if (property !== undefined) keyed.readInto(token, property, target);
        break;
      case 'object':
        if (property === undefined || passing.isMember(token.obj, property))
          edge(place(`members ${token.obj}`), target);
        properties.flowInto(property, target);
        if (property !== undefined) keyed.readInto(token, property, target);
        break;
      case 'function':
        properties.flowInto(property, target);
        if (property !== undefined) keyed.readInto(token, property, target);
        if (isElement(property)) add(target, token);
        break;
      case 'generator': {
        if (property !== undefined && STEPS.has(property)) add(target, { kind: 'step', fn: token.fn });
        const places = generatorOf(token.fn);
        if (places === undefined || (property !== undefined && property !== 'value')) break;
        edge(places.yields, target);
        edge(places.result, target);
      }
    }
  }

  function generatorOf(fn: number): GeneratorPlaces | undefined {
    const { module, fact } = functionAt(fn);
    const base = vertexBase[module] as number;
    return fact.yields === undefined ? undefined : { yields: base + fact.yields, result: base + fact.result };
  }
  function resultOf(fn: number): number {
    const { module, fact } = functionAt(fn);
    return (vertexBase[module] as number) + fact.result;
  }

  /** What the program itself assigns to a property of the global object, which is a name everywhere. */
  function globalNamed(name: string): number {
    return place(`global ${name}`);
  }

  /** What `map` returns holds what its callback returns, so that elements of a function stand for the function. */
  function isElement(property: string | undefined): boolean {
    return property === undefined || isIndex(property);
  }

  /** The place of a member of any value. */
  function anyMember(property: string | undefined): number {
    const name = `member ${property ?? '*'}`;
    const isKnown = !graph.isNew(name);
    const found = place(name);
    if (isKnown) return found;
    properties.flowInto(property, found);
    graph.watchAll(modulesHeld, (token) => loadFrom(token, property, found));
    edge(outsideResults, found);
    if (property !== undefined && assumedPath(property) !== undefined) {
      graph.watchAll(blockingModulesHeld, (token) => {
        if (token.kind !== 'external') return;
        const path = memberPath(token.path, property);
        if (blockingAt(path) !== undefined) add(found, { kind: 'external', path });
      });
    }
    return found;
  }

  /** A member of an object at which nothing of the program is known to arrive: what its type says, or anything of this name. */
  function unknownMember(property: string | undefined, target: number, call: TypedCall | undefined): void {
    const type = call && types?.receiver(call.fileName, call.fact.span);
    const cls = call && typedInstance(call.fileName, call.fact.span);
    if (cls !== undefined) loadFrom({ kind: 'instance', cls }, property, target);
    else if (type?.kind === 'platform') {
      // Classes of the program may extend the platform's, and properties of its objects may be assigned.
      properties.assignedInto(property, target);
      edge(properties.inherited(property), target);
    } else properties.flowInto(property, target);
  }

  /** The class of which the receiver of a call or an access is an instance, as its type says. */
  function typedInstance(fileName: string, place: Span): number | undefined {
    const type = types?.receiver(fileName, place);
    return type?.kind === 'instance' ? classEndingAt.get(type.fileName)?.get(type.end) : undefined;
  }

  /** Members of a class, of its ancestors, and what subclasses override; false if it has none of this name. */
  function classMember(cls: number, isStatic: boolean, property: string | undefined, target: number): boolean {
    const key = `member ${isStatic ? 'of' : 'in'} class ${cls} ${property ?? '*'}`;
    const isKnown = !graph.isNew(key);
    const members = place(key);
    if (property === undefined) {
      if (!isKnown) for (const fn of hierarchy.membersOf(cls, isStatic)) add(members, { kind: 'function', fn });
      edge(members, target);
      return false;
    }
    // A class may have thousands of subclasses, each with accesses to what it inherits.
    if (!isKnown)
      for (const fn of hierarchy.membersNamed(cls, isStatic, property)) add(members, { kind: 'function', fn });
    edge(members, target);
    edge(properties.assigned(property), target);
    return !graph.isEmpty(members);
  }

  /** Blocking methods that a class of the program inherits from one that is not. */
  function inheritBlocking(cls: number, property: string, target: number): void {
    for (const parent of parentsOf(cls)) {
      const path = `${objectMadeBy(parent)}.${property}`;
      if (blockingAt(path) !== undefined) add(target, { kind: 'external', path });
    }
  }

  /** Whether a class extends one that is not the program's, or may do so. */
  function extendsForeign(cls: number): boolean {
    return hierarchy.lineage(cls).some((ancestor) => {
      const { module, fact } = classAt(ancestor);
      if (fact.superClass === undefined) return false;
      const arrived = at((vertexBase[module] as number) + fact.superClass);
      return arrived.length === 0 || arrived.some(({ kind }) => kind !== 'class');
    });
  }

  function parentsOf(cls: number): string[] {
    return hierarchy.lineage(cls).flatMap((ancestor) => {
      const { module, fact } = classAt(ancestor);
      if (fact.superClass === undefined) return [];
      const arrived = at((vertexBase[module] as number) + fact.superClass);
      return arrived.flatMap((token) => (token.kind === 'external' ? [token.path] : []));
    });
  }

  /** Whether a class extends one of the language's errors. */
  function extendsError(cls: number): boolean {
    return parentsOf(cls).some((path) => /^\w*Error$/.test(path));
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
      case 'step': {
        const { module: home, fact: generator } = functionAt(token.fn);
        if (args[0] !== undefined && generator.resumed !== undefined)
          edge(args[0], (vertexBase[home] as number) + generator.resumed);
        break;
      }
      // The callee of `super(...)` is the instance that its class makes of `this`.
      case 'instance':
      case 'class': {
        if (!fact.construct) break;
        bindCall(hierarchy.constructorOf(token.cls) ?? hierarchy.constructionOf(token.cls), args, undefined);
        add(base + fact.result, { kind: 'instance', cls: token.cls });
        break;
      }
      case 'external': {
        if (isLoader(token.path)) {
          if (fact.firstString === undefined) exported.importSome(base + fact.result, module);
          else exported.importInto(base + fact.result, fact.firstString, '=', modules[module] as ModuleFacts);
          break;
        }
        if (token.path === 'Reflect.construct') constructReflected(args, base + fact.result);
        if (SECTION_RUNNERS.has(token.path)) {
          for (const arg of args) watch(arg, (section) => callSection(section, base + fact.result));
          break;
        }
        if (token.path === SNAPSHOT && args[0] !== undefined)
          each(args[0], (callback) => {
            if (callback.kind === 'function') bindCall(callback.fn, args.slice(1), base + fact.result);
          });
        if (args[0] !== undefined && (ITERABLE_CONSUMERS.has(token.path) || SYNCHRONOUS_CONSUMERS.has(token.path)))
          consume(module, fact, args[0], ASYNCHRONOUS_CONSUMERS.has(token.path));
        if (passing.pass(token.path, { args, result: base + fact.result, key: fact.secondString })) break;
        if (isOfNode(token.path) && returnsWhatItIsGiven(fact.property)) break;
        handOn(token.path, args[0]);
        if (token.path === FOREIGN && fact.property !== undefined && isListenerMethod(fact.property)) tellOf(args[1]);
        const path = resultPath(token.path, args.length);
        add(base + fact.result, { kind: 'external', path });
        // A collection holds the elements of the iterable that it is made of.
        if (fact.construct && /^(Map|Set)$/.test(token.path) && args[0] !== undefined)
          edge(args[0], base + fact.result);
        definedBy(token.path, args, base + fact.result, fact.secondString);
        // What an uncompiled function is given may come back from it; not so the executor of a promise.
        if (
          (path === FOREIGN || path === APART) &&
          token.path !== 'JSON.stringify' &&
          token.path !== 'Promise' &&
          !(fact.property !== undefined && (CALLING_METHODS.has(fact.property) || isRootMethod(fact.property)))
        )
          for (const arg of args) edge(arg, base + fact.result);
        break;
      }
      default:
    }
  }

  /** What a method of a package gives to its callback. */
  function handOn(path: string, callback: number | undefined): void {
    const given = givenToFirst(path);
    if (given === undefined || callback === undefined) return;
    const held = place(`external ${given}`);
    add(held, { kind: 'external', path: given });
    each(callback, (token) => {
      if (token.kind === 'function') bindCall(token.fn, [held], undefined);
    });
  }

  /** What an emitter of a package tells its listeners of is the package's, too. */
  function tellOf(listener: number | undefined): void {
    if (listener === undefined) return;
    const told = place('told by packages');
    add(told, { kind: 'external', path: FOREIGN });
    each(listener, (token) => {
      if (token.kind === 'function') bindCall(token.fn, [told, told, told], undefined);
    });
  }

  function definedBy(path: string, args: readonly number[], result: number, key: string | undefined): void {
    const [target, , descriptor] = args;
    const descriptors = args[1];
    if (target === undefined) return;
    if (path === 'Object.assign') for (const source of args.slice(1)) keyed.copy(source, target);
    if (isDefinition(path) && descriptor !== undefined) definitions.define(target, key, descriptor);
    else if (path === 'Object.create') {
      const made = graph.vertex();
      passing.makeObject(made);
      edge(made, result);
      if (descriptors !== undefined) definitions.defineAll(made, descriptors);
    } else if (path === 'Object.defineProperties' && descriptors !== undefined)
      definitions.defineAll(target, descriptors);
  }

  /** `Reflect.construct(C, list)` */
  function constructReflected([ctor, list]: readonly number[], result: number): void {
    if (ctor === undefined || list === undefined) return;
    const elements = graph.vertex();
    watch(list, (token) => loadFrom(token, undefined, elements));
    each(ctor, (token) => {
      if (token.kind === 'function') bindCall(token.fn, [elements], result, true);
      if (token.kind !== 'class') return;
      const built = hierarchy.constructorOf(token.cls);
      if (built !== undefined) bindCall(built, [elements], undefined, true);
      add(result, { kind: 'instance', cls: token.cls });
    });
  }

  /** What a section returns is what it is called for. */
  function callSection(section: Arrival, result: number): void {
    if (section.kind === 'function') bindCall(section.fn, [], result);
    else if (section.kind === 'any') callAny(undefined, false, [], result);
    else if (section.kind === 'external') add(result, { kind: 'external', path: resultPath(section.path) });
  }

  /** A builtin that iterates its first argument before it returns. */
  function consume(module: number, fact: CallFact, iterable: number, isAsync: boolean): void {
    const key = `iterated ${module} ${fact.result}`;
    if (!graph.isNew(key)) return;
    iterate({ iterable, runs: place(key), items: graph.vertex(), result: graph.vertex(), isAsync });
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
    for (const kept of property === undefined ? [undefined] : properties.held(property)) {
      graph.watchAll(kept, (token) => {
        if (token.kind === 'any') callAny(undefined, construct, [given], made);
        else if (token.kind === 'function') bindCall(token.fn, [given], made, true);
        else if (token.kind === 'external') {
          const path = resultPath(token.path);
          add(made, { kind: 'external', path });
          if (path === FOREIGN || path === APART) edge(given, made);
        } else if (construct && (token.kind === 'class' || token.kind === 'instance')) {
          const built = hierarchy.constructorOf(token.cls);
          if (built !== undefined) bindCall(built, [given], undefined, true);
          add(made, { kind: 'instance', cls: token.cls });
        }
      });
    }
  }

  /** @param isSpread whether the first argument stands for all */
  function bindCall(fn: number, args: readonly number[], result: number | undefined, isSpread = false): void {
    const { module, fact } = functionAt(fn);
    const base = vertexBase[module] as number;
    const [all] = args;
    if (isSpread && all !== undefined) for (const param of fact.params) edge(all, base + param);
    else
      args.forEach((arg, i) => {
        const param = fact.params[Math.min(i, fact.params.length - 1)];
        if (param !== undefined) edge(arg, base + param);
      });
    if (fact.yields !== undefined) {
      add(properties.declared(STEP), { kind: 'step', fn });
      if (result !== undefined) add(result, { kind: 'generator', fn });
    } else if (result !== undefined) edge(base + fact.result, result);
  }

  /** Builtins by method name, where the receiver may be anything: collections and functions. */
  function callMethod(module: number, fact: CallFact): void {
    const { property } = fact;
    if (property === undefined || fact.receiver === undefined) return;
    const base = vertexBase[module] as number;
    const receiver = base + fact.receiver;
    const result = base + fact.result;
    if (/^__define[GS]etter__$/.test(property) && fact.args[1] !== undefined) {
      const kind = property === '__defineGetter__' ? 'get' : 'set';
      definitions.defineAccessor(receiver, fact.firstString, kind, base + fact.args[1]);
    }
    if (property === 'call' || property === 'apply' || property === 'bind') {
      watch(receiver, (token) => {
        const isCallable = token.kind === 'function' || token.kind === 'external' || token.kind === 'any';
        if (property === 'bind' && isCallable) add(result, token);
        const args = property === 'apply' ? [] : fact.args.slice(1).map((arg) => base + arg);
        if (token.kind === 'function') bindCall(token.fn, args, result);
        else if (token.kind === 'any') callAny(undefined, false, args, result);
      });
    }
    if (ELEMENT_WRITERS.has(property)) for (const arg of fact.args) edge(base + arg, properties.assigned(undefined));
    if (ELEMENT_READERS.has(property)) {
      edge(properties.assigned(undefined), result);
      watch(receiver, (token) => {
        if (!hasOwnMethod(token, property)) add(result, token);
      });
      elementsInto(receiver, result);
    }
    let items = receiver;
    if (CALLING_METHODS.has(property) && fact.args.length > 0) {
      items = graph.vertex();
      edge(receiver, items);
      elementsInto(receiver, items);
    }
    // Callbacks of collection methods receive elements; their results are elements of what is returned.
    const element = elementsGivenBy(fact, property, base + fact.callee);
    const elements = [element, element];
    const returned = mayReturnReceiver(property) && fact.args.length > 0 ? returnedInto(result, base, fact) : result;
    for (const arg of fact.args) {
      watch(base + arg, (token) => {
        if (token.kind === 'any') {
          const own = property === 'then' || CALLING_METHODS.has(property) ? [items] : [];
          callAny(undefined, false, [...elements, ...own], returned);
        }
        if (token.kind !== 'function') return;
        bindCall(token.fn, elements, returned);
        // What an array or a promise holds has arrived at its own place, where a builtin or `import()` made it.
        if (property === 'then') bindCall(token.fn, [receiver], result);
        else if (CALLING_METHODS.has(property)) bindCall(token.fn, [items, items], result);
      });
    }
    if (property === 'catch' || property === 'finally' || property === ITERATOR || isListenerMethod(property))
      edge(receiver, result);
    if (property === 'pipe' && fact.args[0] !== undefined) edge(base + fact.args[0], result);
  }

  /**
   * What the callbacks of a method call may be given: elements of collections, unless the method is known not to be one of a collection, or has no
   * collection to be about and the name of none (`response.sendFile('/x', done)`).
   */
  function elementsGivenBy(fact: CallFact, property: string, callee: number): number {
    const elements = properties.assigned(undefined);
    if (CALLING_METHODS.has(property) || fact.args.length === 0) return elements;
    const given = graph.vertex();
    watch(callee, (token) => {
      const isKnown = token.kind === 'external' && (isOfNode(token.path) || rootAt(token.path) !== undefined);
      if (!isKnown && token.kind !== 'function') edge(elements, given);
    });
    unresolved.push(() => {
      if (!graph.isEmpty(callee)) return;
      if (COLLECTION_METHOD.test(property) || fact.argsFromElsewhere.some(Boolean)) edge(elements, given);
    });
    return given;
  }

  /** Where callbacks return to: the result of the call, unless its method is one that returns its object instead. */
  function returnedInto(result: number, base: number, fact: CallFact): number {
    const returned = graph.vertex();
    const callee = base + fact.callee;
    watch(callee, (token) => {
      const path = token.kind === 'external' ? receiverReturnedBy(token.path, fact.args.length) : undefined;
      if (path === undefined) edge(returned, result);
    });
    unresolved.push(() => {
      if (graph.isEmpty(callee)) edge(returned, result);
    });
    return returned;
  }

  /** Whether a method of the program is called, and no collection's: `sessions.find(token)`. */
  function hasOwnMethod(token: Arrival, property: string): boolean {
    if (token.kind !== 'instance' && token.kind !== 'class') return false;
    return hierarchy.membersNamed(token.cls, token.kind === 'class', property).length > 0 && !extendsForeign(token.cls);
  }

  /** Lets elements of arrays that builtins have made flow into a place. */
  function elementsInto(from: number, target: number): void {
    watch(from, (token) => {
      const elements = passing.elementsOf(token);
      if (elements !== undefined) edge(elements, target);
    });
  }

  modules.forEach((facts, module) => {
    const base = vertexBase[module] as number;
    for (const { target, source } of facts.sources) start(base + target, source, module, facts);
    for (const { from, to } of facts.edges) edge(base + from, base + to);
    facts.objects.forEach((members, i) => {
      const obj = (objectBase[module] as number) + i;
      for (const { value } of members) edge(base + value, place(`members ${obj}`));
    });
    for (const { object, property, value } of facts.stores) {
      edge(base + value, object === undefined ? properties.declared(property) : properties.assigned(property));
      if (object === undefined || property === undefined) continue;
      each(base + object, (token) => {
        if (isGlobalObject(token)) edge(base + value, globalNamed(property));
      });
    }
    for (const cls of facts.classes) {
      for (const { name, fn } of cls.members) {
        add(properties.declared(name), { kind: 'function', fn: (functionBase[module] as number) + fn });
      }
    }
    // What is assigned to a property arrives at the setters of its name.
    for (const { kind, name, fn } of facts.accessors) {
      const param = facts.functions[fn]?.params[0];
      if (kind === 'set' && param !== undefined) edge(properties.assigned(name), base + param);
    }
    for (const { name, value } of facts.exports) edge(base + value, exported.placeOf(module, name));
    facts.classes.forEach((cls, i) => {
      if (cls.superClass === undefined) return;
      const id = (classBase[module] as number) + i;
      each(base + cls.superClass, (token) => {
        if (token.kind !== 'class' || token.cls === id) return;
        hierarchy.extend(id, token.cls);
      });
    });
  });
  drain();
  // The class hierarchy is complete by now, so that members are looked up once.
  modules.forEach((facts, module) => {
    facts.classes.forEach(({ members }, i) => {
      if (!extendsForeign((classBase[module] as number) + i)) return;
      for (const { name, fn } of members) {
        add(properties.inherited(name), { kind: 'function', fn: (functionBase[module] as number) + fn });
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
      if (fact.iteration !== undefined) {
        const { iterable, items, isAsync } = fact.iteration;
        iterate({
          iterable: base + iterable,
          runs: base + fact.callee,
          items: base + items,
          result: base + fact.result,
          isAsync,
        });
        continue;
      }
      watch(base + fact.callee, (token) => callInto(module, fact, token));
      callMethod(module, fact);
    }
  });
  drain();
  // A receiver at which nothing arrived may be anything that has such a property.
  for (const assume of unresolved) assume();
  passing.assumeUnknown();
  drain();
  // Last, since places that come to hold too much say nothing of what is stored.
  storeKeyed();
  drain();
  assumeByName();
  drain();

  function storeKeyed(): void {
    modules.forEach((facts, module) => {
      const base = vertexBase[module] as number;
      // What is copied from one object to another under its own name is found by that name.
      const copied = new Map(
        facts.keyedStores.length === 0
          ? []
          : facts.loads.flatMap(({ property, target, object }) =>
              property === undefined ? [[target, object] as const] : [],
            ),
      );
      for (const { object, value } of facts.keyedStores) {
        const source = copied.get(value);
        // Elements of arrays have no names.
        if (source === undefined || graph.isEmpty(base + source)) keyed.store(base + object, base + value);
        else keyed.copy(base + source, base + object);
      }
      facts.objects.forEach((members, i) => {
        for (const { name, value } of members)
          if (name === '') keyed.write((objectBase[module] as number) + i, base + value);
      });
      facts.classes.forEach(({ members }, i) => {
        const cls = (classBase[module] as number) + i;
        for (const { name, isStatic, fn } of members) {
          if (name !== '' || facts.functions[fn]?.barrier === 'coercion') continue;
          const value = graph.vertex();
          add(value, { kind: 'function', fn: (functionBase[module] as number) + fn });
          keyed.declare({ kind: isStatic ? 'class' : 'instance', cls }, value);
        }
      });
    });
  }

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
        edge(globalNamed(source.path), target);
        break;
      case 'import':
        exported.importInto(target, source.specifier, source.name, facts);
        break;
      case 'some module':
        exported.importSome(target, module);
        add(target, { kind: 'external', path: APART });
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
    return facts.calls.map((fact): ResolvedCall => {
      const callees = at(base + fact.callee);
      const receivers = fact.receiver === undefined ? [] : at(base + fact.receiver);
      return {
        ...{ module, fact, callees, receivers },
        caller: (functionBase[module] as number) + fact.caller,
        args: fact.args.map((arg) => at(base + arg)),
        isByKey: fact.property !== undefined && keyed.explains(receivers, fact.property, callees),
        iterated: graph.isNew(`iterated ${module} ${fact.result}`)
          ? []
          : at(place(`iterated ${module} ${fact.result}`)),
      };
    });
  });
  const known = new Map<string | undefined, readonly Arrival[]>();
  function anyOf(property: string | undefined): readonly Arrival[] {
    let found = known.get(property);
    if (found === undefined) {
      found = (property === undefined ? [undefined] : properties.held(property)).flatMap((kept) => graph.allAt(kept));
      known.set(property, found);
    }
    return found;
  }
  const listed = listsIn(modules, vertexBase, graph, () => at(properties.assigned(undefined)));
  return {
    modules,
    calls,
    functionBase,
    classBase,
    heldAt: (module, vertex) => at((vertexBase[module] as number) + vertex),
    constructionOf: hierarchy.constructionOf,
    lineage: hierarchy.lineage,
    parentsOf,
    membersNamed: (cls, name) => hierarchy.membersNamed(cls, false, name),
    errorConstructions: new Set(
      modules.flatMap((facts, module) =>
        facts.classes.flatMap((_, i) => {
          const cls = (classBase[module] as number) + i;
          return extendsError(cls) ? [hierarchy.constructionOf(cls)] : [];
        }),
      ),
    ),
    membersOf: (obj) => at(place(`members ${obj}`)),
    accessors: accessorsIn(modules, numbering, hierarchy, definitions.all(), at, (module) =>
      at(exported.placeOf(module, '=')),
    ),
    receiversOf(module, { object, span }) {
      const { fileName } = modules[module] as ModuleFacts;
      const held = at((vertexBase[module] as number) + object);
      const cls = held.every(isUnknown) ? typedInstance(fileName, span) : undefined;
      return cls === undefined ? held : [{ kind: 'instance', cls }];
    },
    listedIn({ module, fact }, argument) {
      const vertex = (vertexBase[module] as number) + (fact.args[argument] as number);
      const objects = at(vertex).flatMap((token) => (token.kind === 'object' ? [token.obj] : []));
      return listed([vertex, ...objects.map((obj) => place(`members ${obj}`))]);
    },
    resultsOf(fn) {
      const { module, fact } = functionAt(fn);
      return at((vertexBase[module] as number) + fact.result);
    },
    exportsOf: (module) => [...exported.namesOf(module)].flatMap((name) => at(exported.placeOf(module, name))),
    strays: new Set(
      keyed.strays().flatMap((value) =>
        at(value).flatMap((token) => {
          if (token.kind === 'function') return [token.fn];
          return token.kind === 'class' ? [hierarchy.constructionOf(token.cls)] : [];
        }),
      ),
    ),
    assignedOutside: new Map(
      modules.flatMap(({ stores }, module) => {
        const base = vertexBase[module] as number;
        return stores.flatMap(({ object, value }) => {
          const paths = object === undefined ? [] : at(base + object).flatMap(pathMadeOutside);
          const functions = at(base + value).flatMap((token) => (token.kind === 'function' ? [token.fn] : []));
          return paths.flatMap((path) => functions.map((fn) => [fn, isOfNode(path)] as const));
        });
      }),
    ),
    calledByLanguage: new Set(
      ['then', ...COERCIONS]
        .flatMap((name) => [properties.assigned(name), properties.declared(name)])
        .flatMap((kept) => graph.allAt(kept))
        .flatMap((token) => (token.kind === 'function' ? [token.fn] : [])),
    ),
    anyOf,
  };
}

/** Whether a value can be called, or leads to something that can: what else is stored under unknown keys says nothing. */
function isWorthHolding(token: Token): boolean {
  if (token.kind !== 'external') return token.kind !== 'generator' && token.kind !== 'step';
  return blockingAt(token.path)?.assumed === undefined && blockingAt(token.path) !== undefined;
}

function isGlobalObject(token: Token): boolean {
  return token.kind === 'external' && (token.path === '' || token.path === 'global');
}

/** The path of a value that Node or a package has made. */
function pathMadeOutside(token: Arrival): string[] {
  return token.kind === 'external' && (token.path === FOREIGN || isOfNode(token.path)) ? [token.path] : [];
}

/** Whether a method of Node returns its object, what that is connected to, or what its callback returns: this is found elsewhere. */
function returnsWhatItIsGiven(method: string | undefined): boolean {
  return method !== undefined && (isListenerMethod(method) || /^(exit|pipe|run|runInAsyncScope)$/.test(method));
}

/** Names that libraries give to methods which call a function with the elements of a collection. */
const COLLECTION_METHOD = /each|every|filter|find|group|map|partition|pipe|reduce|some|sort|tap|then|times|walk/i;

/** Methods that run a generator. */
const STEPS: ReadonlySet<string> = new Set(['next', 'return', 'throw']);

/** Whether a builtin takes a property descriptor as its third argument. */
export function isDefinition(path: string): boolean {
  return path === 'Object.defineProperty' || path === 'Reflect.defineProperty';
}
