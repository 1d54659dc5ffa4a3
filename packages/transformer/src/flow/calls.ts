/** What a call means, by what has arrived at its callee: where its arguments go, and what it returns. */
import {
  ASYNCHRONOUS_CONSUMERS,
  CALLING_METHODS,
  ITERABLE_CONSUMERS,
  isDefinition,
  SECTION_RUNNERS,
  SNAPSHOT,
  SYNCHRONOUS_CONSUMERS,
} from '../catalogue/builtins.js';
import { givenToFirst, isListenerMethod, isRootMethod } from '../catalogue/paths.js';
import type { CallFact, ModuleFacts } from '../facts/facts.js';
import type { Binding } from './binding.js';
import type { Definitions } from './definitions.js';
import { APART, FOREIGN, isLoader, isOfNode } from './externalPaths.js';
import type { Graph } from './graph.js';
import type { Hierarchy } from './hierarchy.js';
import type { IterationSite } from './iteration.js';
import type { Keyed } from './keyed.js';
import type { ModuleExports } from './moduleExports.js';
import type { Named } from './named.js';
import type { Numbering } from './numbering.js';
import type { Passing } from './passing.js';
import type { Arrival, Token } from './tokens.js';

/** What calls refer to. */
export interface CallContext {
  readonly modules: readonly ModuleFacts[];
  readonly numbering: Numbering;
  readonly graph: Graph<Token>;
  readonly hierarchy: Hierarchy;
  readonly exported: ModuleExports;
  readonly keyed: Keyed;
  readonly named: Named;
  readonly passing: Passing;
  readonly definitions: Definitions;
  readonly binding: Binding;
  /** Lets a member of what has arrived flow into a place. */
  readonly load: (token: Arrival, property: string | undefined, target: number) => void;
  /** Lets iterables that arrive at a place be iterated there. */
  readonly iterate: (site: IterationSite) => void;
  /** What functions from outside the program return. */
  readonly resultPath: (path: string, given?: number) => string;
}

/** The name of the place of what runs because a builtin iterates the first argument of a call. */
export function iteratedBy(module: number, { result }: CallFact): string {
  return `iterated ${module} ${result}`;
}

/** Whether a method of Node returns its object, what that is connected to, or what its callback returns: this is found elsewhere. */
function returnsWhatItIsGiven(method: string | undefined): boolean {
  return method !== undefined && (isListenerMethod(method) || /^(exit|pipe|run|runInAsyncScope)$/.test(method));
}

/** @returns lets a call be one of what has arrived at its callee */
export function callsIn({
  modules,
  numbering: { functionAt, vertexOf },
  graph,
  hierarchy,
  exported,
  keyed,
  named,
  passing,
  definitions,
  binding: { bindCall, callAny },
  load,
  iterate,
  resultPath,
}: CallContext): (module: number, fact: CallFact, token: Arrival) => void {
  const { place, add, edge, watch, watchSingle } = graph;

  function call(module: number, fact: CallFact, token: Arrival): void {
    const args = fact.args.map((arg) => vertexOf(module, arg));
    const result = vertexOf(module, fact.result);
    switch (token.kind) {
      case 'any':
        callAny(fact.property, fact.construct, args, result);
        break;
      case 'function':
        bindCall(token.fn, args, result, fact.firstSpread);
        if (fact.construct) named.construct(token.fn, result);
        if (fact.receiver !== undefined) receiveSelf(token.fn, vertexOf(module, fact.receiver));
        break;
      case 'step': {
        const { module: home, fact: generator } = functionAt(token.fn);
        if (args[0] !== undefined && generator.resumed !== undefined) edge(args[0], vertexOf(home, generator.resumed));
        break;
      }
      // The callee of `super(...)` is the instance that its class makes of `this`.
      case 'instance':
      case 'class':
        if (!fact.construct) break;
        bindCall(
          hierarchy.constructorOf(token.cls) ?? hierarchy.constructionOf(token.cls),
          args,
          undefined,
          fact.firstSpread,
        );
        add(result, { kind: 'instance', cls: token.cls });
        break;
      case 'external':
        callExternal(module, fact, token.path, args, result);
        break;
      default:
    }
  }

  /** `this` of a function that is called as the method of another: `app.listen()`, where `app` handles requests. */
  function receiveSelf(fn: number, receiver: number): void {
    const { module, fact } = functionAt(fn);
    if (fact.kind !== 'function' || !fact.usesSelf) return;
    watchSingle(receiver, (token) => {
      if (token.kind === 'function') add(vertexOf(module, fact.self), token);
    });
  }

  function callExternal(module: number, fact: CallFact, path: string, args: readonly number[], result: number): void {
    const [first] = args;
    if (isLoader(path)) {
      if (fact.firstString === undefined) exported.importSome(result, module);
      else exported.importInto(result, fact.firstString, '=', modules[module] as ModuleFacts);
      return;
    }
    if (path === 'Reflect.construct') constructReflected(args, result);
    if (path === 'Reflect.apply') applyReflected(args, result);
    if (path === 'Array.from' && first !== undefined) edge(first, result);
    if (SECTION_RUNNERS.has(path)) {
      for (const arg of args) watch(arg, (section) => callSection(section, result));
      return;
    }
    if (path === SNAPSHOT && first !== undefined)
      watchSingle(first, (callback) => {
        if (callback.kind === 'function') bindCall(callback.fn, args.slice(1), result);
      });
    if (first !== undefined && (ITERABLE_CONSUMERS.has(path) || SYNCHRONOUS_CONSUMERS.has(path)))
      consume(module, fact, first, ASYNCHRONOUS_CONSUMERS.has(path));
    if (passing.pass(path, { args, result, key: fact.secondKey })) return;
    if (isOfNode(path) && returnsWhatItIsGiven(fact.property)) return;
    handOn(path, first);
    if (path === FOREIGN && fact.property !== undefined && isListenerMethod(fact.property)) tellOf(args[1]);
    const returned = resultPath(path, args.length);
    add(result, { kind: 'external', path: returned });
    // A collection holds the elements of the iterable that it is made of.
    if (fact.construct && /^(Map|Set)$/.test(path) && first !== undefined) edge(first, result);
    definedBy(path, args, result, fact.secondKey);
    inheritBy(fact.calleeName, args);
    // What an uncompiled function is given may come back from it; not so the executor of a promise.
    if (
      (returned === FOREIGN || returned === APART) &&
      path !== 'JSON.stringify' &&
      path !== 'Promise' &&
      !(fact.property !== undefined && (CALLING_METHODS.has(fact.property) || isRootMethod(fact.property)))
    )
      for (const arg of args) edge(path === 'Object.create' ? named.meantBy(arg) : arg, result);
  }

  /** What a method of a package gives to its callback. */
  function handOn(path: string, callback: number | undefined): void {
    const given = givenToFirst(path);
    if (given === undefined || callback === undefined) return;
    const held = place(`external ${given}`);
    add(held, { kind: 'external', path: given });
    watchSingle(callback, (token) => {
      if (token.kind === 'function') bindCall(token.fn, [held], undefined);
    });
  }

  /** What an emitter of a package tells its listeners of is the package's, too. */
  function tellOf(listener: number | undefined): void {
    if (listener === undefined) return;
    const told = place('told by packages');
    add(told, { kind: 'external', path: FOREIGN });
    watchSingle(listener, (token) => {
      if (token.kind === 'function') bindCall(token.fn, [told, told, told], undefined);
    });
  }

  /** `Object.setPrototypeOf`, `util.inherits`, and packages of the same name. */
  function inheritBy(name: string | undefined, [object, from]: readonly number[]): void {
    if (object === undefined || from === undefined) return;
    if (name === 'setPrototypeOf') named.inherit(object, from);
    if (name === 'inherits') named.extendBy(object, from);
  }

  function definedBy(path: string, args: readonly number[], result: number, key: string | undefined): void {
    const [target, descriptors, descriptor] = args;
    if (target === undefined) return;
    if (path === 'Object.assign') {
      for (const source of args.slice(1)) {
        keyed.copy(source, target);
        named.inherit(target, source);
      }
    }
    if (isDefinition(path) && descriptor !== undefined) definitions.define(target, key, descriptor);
    else if (path === 'Object.create') {
      const made = graph.vertex();
      passing.makeObject(made);
      named.inherit(made, target);
      edge(made, result);
      if (descriptors !== undefined) definitions.defineAll(made, descriptors);
    } else if (path === 'Object.defineProperties' && descriptors !== undefined)
      definitions.defineAll(target, descriptors);
  }

  /** `Reflect.apply(f, self, list)` */
  function applyReflected([fn, , list]: readonly number[], result: number): void {
    if (fn === undefined || list === undefined) return;
    watchSingle(fn, (token) => {
      if (token.kind === 'function') bindCall(token.fn, [list], result, 0);
    });
  }

  /** `Reflect.construct(C, list)` */
  function constructReflected([ctor, list]: readonly number[], result: number): void {
    if (ctor === undefined || list === undefined) return;
    const elements = graph.vertex();
    watch(list, (token) => load(token, undefined, elements));
    watchSingle(ctor, (token) => {
      if (token.kind === 'function') bindCall(token.fn, [elements], result, 0);
      if (token.kind !== 'class') return;
      const built = hierarchy.constructorOf(token.cls);
      if (built !== undefined) bindCall(built, [elements], undefined, 0);
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
    const key = iteratedBy(module, fact);
    if (!graph.isNew(key)) return;
    iterate({ iterable, runs: place(key), items: graph.vertex(), result: graph.vertex(), isAsync });
  }

  return call;
}
