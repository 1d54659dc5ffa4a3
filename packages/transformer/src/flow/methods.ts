/** What a method call means by the name of the method, where the receiver may be anything: builtins of collections, promises, functions. */
import { CALLING_METHODS, ELEMENT_READERS, ELEMENT_WRITERS, FUNCTION_METHODS } from '../catalogue/builtins.js';
import { isListenerMethod, mayReturnReceiver, receiverReturnedBy, rootAt } from '../catalogue/paths.js';
import type { CallFact, ModuleFacts } from '../facts/facts.js';
import { ITERATOR } from '../facts/names.js';
import type { Binding } from './binding.js';
import type { Definitions } from './definitions.js';
import { isOfNode, isPackage } from './externalPaths.js';
import type { Graph } from './graph.js';
import type { Hierarchy } from './hierarchy.js';
import type { Named } from './named.js';
import type { Numbering } from './numbering.js';
import type { Passing } from './passing.js';
import type { Properties } from './properties.js';
import type { Arrival, Token } from './tokens.js';

/** What method calls refer to. */
export interface MethodContext {
  readonly modules: readonly ModuleFacts[];
  readonly numbering: Numbering;
  readonly graph: Graph<Token>;
  readonly properties: Properties;
  readonly hierarchy: Hierarchy;
  readonly named: Named;
  readonly passing: Passing;
  readonly definitions: Definitions;
  readonly binding: Binding;
  /** Takes note of what to assume once all is known that flows. */
  readonly assumeLater: (assume: () => void) => void;
}

/** Names that libraries give to methods which call a function with the elements of a collection. */
const COLLECTION_METHOD = /each|every|filter|find|group|map|partition|pipe|reduce|some|sort|tap|then|times|walk/i;

/** Methods of frameworks that give their objects further properties. */
const DECORATING = /^decorate(Request|Reply)?$/;

/** What a method is called on, what it is given, and where its result goes. */
interface MethodArguments {
  readonly receiver: number;
  readonly args: readonly number[];
  readonly result: number;
}

/** @returns lets a method call be one of each builtin that has the method's name */
export function methodsIn({
  modules,
  numbering: { functionAt, vertexOf },
  graph,
  properties,
  hierarchy,
  named,
  passing,
  definitions,
  binding: { bindCall, callAny },
  assumeLater,
}: MethodContext): (module: number, fact: CallFact) => void {
  const { add, edge, watch } = graph;
  /** The items of array literals, by their place in their module. */
  const literals = modules.map(({ lists }) => new Map(lists.map(({ result, items }) => [result, items])));

  function callMethod(module: number, fact: CallFact): void {
    const { property, borrowed } = fact;
    if (property === undefined || fact.receiver === undefined) return;
    const args = fact.args.map((arg) => vertexOf(module, arg));
    const receiver = vertexOf(module, fact.receiver);
    const result = vertexOf(module, fact.result);
    const [first, ...others] = args;
    if (FUNCTION_METHODS.has(property)) callFunctionMethod(module, fact, property, { receiver, args, result });
    if (borrowed !== undefined && first !== undefined)
      callNamed(module, fact, borrowed, { receiver: first, args: others, result });
    callNamed(module, fact, property, { receiver, args, result });
  }

  /** `f.call(self, x)`, `f.apply(self, list)`, `f.bind(self, x)` */
  function callFunctionMethod(module: number, fact: CallFact, property: string, given: MethodArguments): void {
    const { receiver, args, result } = given;
    const list = property === 'apply' ? listGiven(module, fact, args[1]) : undefined;
    watch(receiver, (token) => {
      const isCallable = token.kind === 'function' || token.kind === 'external' || token.kind === 'any';
      if (property === 'bind' && isCallable) add(result, token);
      const passed = list?.items ?? args.slice(1);
      if (token.kind === 'any') callAny(undefined, false, passed, result);
      if (token.kind !== 'function') return;
      const firstSpread = fact.firstSpread === undefined ? undefined : Math.max(0, fact.firstSpread - 1);
      bindCall(token.fn, passed, result, list === undefined ? firstSpread : list.firstSpread);
      if (args[0] !== undefined) named.callWith(token.fn, args[0]);
      if (property === 'bind') shiftParameters(token.fn, passed.length);
    });
  }

  /** What `apply` is given in a list: the items of a literal, or whatever a place holds that may hold items. */
  function listGiven(module: number, { args }: CallFact, list: number | undefined) {
    const literal = literals[module]?.get(args[1] ?? -1);
    if (literal !== undefined) return { items: literal.map((item) => vertexOf(module, item)), firstSpread: undefined };
    if (list === undefined) return { items: [], firstSpread: undefined };
    const held = graph.vertex();
    edge(list, held);
    elementsInto(list, held);
    return { items: [held], firstSpread: 0 };
  }

  /** What a bound function is called with arrives behind the arguments that it was bound to. */
  function shiftParameters(fn: number, by: number): void {
    const { module, fact } = functionAt(fn);
    fact.params.forEach((param, i) => {
      const shifted = fact.params[i + by];
      if (by > 0 && shifted !== undefined) edge(vertexOf(module, param), vertexOf(module, shifted));
    });
  }

  function callNamed(module: number, fact: CallFact, property: string, { receiver, args, result }: MethodArguments) {
    const callee = vertexOf(module, fact.callee);
    if (/^__define[GS]etter__$/.test(property) && args[1] !== undefined) {
      const kind = property === '__defineGetter__' ? 'get' : 'set';
      definitions.defineAccessor(receiver, fact.firstString, kind, args[1]);
    }
    if (ELEMENT_WRITERS.has(property)) for (const arg of args) edge(arg, properties.assigned(undefined));
    if (DECORATING.test(property)) decorate(fact, args);
    if (ELEMENT_READERS.has(property)) {
      edge(properties.assigned(undefined), result);
      watch(receiver, (token) => {
        if (!hasOwnMethod(token, property)) add(result, token);
      });
      elementsInto(receiver, result);
    }
    let items = receiver;
    if (CALLING_METHODS.has(property) && args.length > 0) {
      items = graph.vertex();
      edge(receiver, items);
      elementsInto(receiver, items);
    }
    // Callbacks of collection methods receive elements; their results are elements of what is returned.
    const element = elementsGivenBy(fact, property, callee);
    if (property === 'reduce' || property === 'reduceRight') {
      accumulate(args, [element, items], receiver, result);
      return;
    }
    const elements = [element, element];
    const returned =
      mayReturnReceiver(property) && args.length > 0 ? returnedInto(result, callee, args.length) : result;
    for (const arg of args) {
      watch(arg, (token) => {
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
    if (property === 'pipe' && args[0] !== undefined) edge(args[0], result);
  }

  /** `items.reduce(callback, initial)`: what there is at first, and what the callback returns, it is given with the next item. */
  function accumulate(args: readonly number[], items: readonly number[], receiver: number, result: number): void {
    const accumulator = graph.vertex();
    for (const given of args.length > 1 ? args.slice(1) : items) edge(given, accumulator);
    edge(accumulator, result);
    const reduceBy = (callback: number | undefined): void => {
      if (callback === undefined) return;
      watch(callback, (token) => {
        if (token.kind === 'any') callAny(undefined, false, [accumulator, ...items], accumulator);
        else if (token.kind === 'function')
          for (const item of items) bindCall(token.fn, [accumulator, item], accumulator);
      });
    };
    reduceBy(args[0]);
    // `_.reduce(items, callback, initial)`
    watch(receiver, (token) => {
      if (token.kind === 'external' && isPackage(token.path)) reduceBy(args[1]);
    });
  }

  /** `app.decorate('load', load)` of Fastify, `server.decorate('toolkit', 'load', load)` of Hapi: what is decorated has such a property. */
  function decorate({ firstString, secondKey }: CallFact, [, second, third]: readonly number[]): void {
    if (firstString !== undefined && second !== undefined) edge(second, properties.assigned(firstString));
    if (secondKey !== undefined && third !== undefined) edge(third, properties.assigned(secondKey));
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
    assumeLater(() => {
      if (!graph.isEmpty(callee)) return;
      if (COLLECTION_METHOD.test(property) || fact.argsFromElsewhere.some(Boolean)) edge(elements, given);
    });
    return given;
  }

  /** Where callbacks return to: the result of the call, unless its method is one that returns its object instead. */
  function returnedInto(result: number, callee: number, given: number): number {
    const returned = graph.vertex();
    watch(callee, (token) => {
      const path = token.kind === 'external' ? receiverReturnedBy(token.path, given) : undefined;
      if (path === undefined) edge(returned, result);
    });
    assumeLater(() => {
      if (graph.isEmpty(callee)) edge(returned, result);
    });
    return returned;
  }

  /** Whether a method of the program is called, and no collection's: `sessions.find(token)`. */
  function hasOwnMethod(token: Arrival, property: string): boolean {
    if (token.kind !== 'instance' && token.kind !== 'class') return false;
    const members = hierarchy.membersNamed(token.cls, token.kind === 'class', property);
    return members.length > 0 && !hierarchy.extendsForeign(token.cls);
  }

  /** Lets elements of arrays that builtins have made flow into a place. */
  function elementsInto(from: number, target: number): void {
    watch(from, (token) => {
      const elements = passing.elementsOf(token);
      if (elements !== undefined) edge(elements, target);
    });
  }

  return callMethod;
}
