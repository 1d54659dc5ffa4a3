/** What the facts of a module put into the graph, in the steps that `solve.ts` takes one after the other. */
import { assumedPath } from '../catalogue/blocking.js';
import type { CallFact, ModuleFacts, Source } from '../facts/facts.js';
import type { TypeOracle } from '../program.js';
import { APART, EMIT } from './externalPaths.js';
import type { Graph } from './graph.js';
import type { Hierarchy } from './hierarchy.js';
import type { IterationSite } from './iteration.js';
import type { Keyed } from './keyed.js';
import type { Loads } from './loads.js';
import type { ModuleExports } from './moduleExports.js';
import type { Named } from './named.js';
import type { Numbering } from './numbering.js';
import type { Properties } from './properties.js';
import { type Arrival, isUnknown, type Token } from './tokens.js';

/** Enters one module. */
type Step = (facts: ModuleFacts, module: number) => void;

export interface Constraints {
  /** The values that are written in a module, where they go by assignment, and what its classes extend. */
  readonly enterValues: Step;
  /** Methods of classes that extend what is not the program's. */
  readonly enterInherited: Step;
  readonly enterLoads: Step;
  readonly enterCalls: Step;
  /** What is stored under keys that only running tells. */
  readonly enterKeyed: Step;
  /** What has the name of a blocking function, and is nothing that the program knows, is taken for that function. */
  readonly assumeByName: Step;
}

/** What the constraints refer to. */
export interface ConstraintContext {
  readonly numbering: Numbering;
  readonly graph: Graph<Token>;
  readonly properties: Properties;
  readonly hierarchy: Hierarchy;
  readonly exported: ModuleExports;
  readonly keyed: Keyed;
  readonly named: Named;
  readonly loads: Loads;
  readonly iterate: (site: IterationSite) => void;
  readonly call: (module: number, fact: CallFact, token: Arrival) => void;
  readonly callMethod: (module: number, fact: CallFact) => void;
  readonly types: TypeOracle | undefined;
  /** Takes note of what to assume once all is known that flows. */
  readonly assumeLater: (assume: () => void) => void;
}

function isGlobalObject(token: Token): boolean {
  return token.kind === 'external' && (token.path === '' || token.path === 'global');
}

export function constraintsIn({
  numbering: { functionOf, classOf, objectOf, vertexOf },
  graph,
  properties,
  hierarchy,
  exported,
  keyed,
  named,
  loads: { load, loadUnknown },
  iterate,
  call,
  callMethod,
  types,
  assumeLater,
}: ConstraintContext): Constraints {
  const { place, add, edge, watch, watchSingle, at } = graph;

  /** What the program itself assigns to a property of the global object, which is a name everywhere. */
  function globalNamed(name: string): number {
    return place(`global ${name}`);
  }

  function start(target: number, source: Source, module: number, facts: ModuleFacts): void {
    switch (source.kind) {
      case 'function':
        add(target, { kind: 'function', fn: functionOf(module, source.index) });
        break;
      case 'class':
      case 'instance':
        add(target, { kind: source.kind, cls: classOf(module, source.index) });
        break;
      case 'super': {
        const { superClass } = facts.classes[source.index] ?? {};
        if (superClass === undefined) break;
        watchSingle(vertexOf(module, superClass), (token) => {
          if (token.kind !== 'class') add(target, token);
          else add(target, source.isStatic ? token : { kind: 'instance', cls: token.cls });
        });
        break;
      }
      case 'object':
        add(target, { kind: 'object', obj: objectOf(module, source.index) });
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

  /** What `F.prototype`, `exports` and `module.exports` stand for. */
  function enterOwners(facts: ModuleFacts, module: number): void {
    const globals = new Map<number, string>();
    for (const { target, source } of facts.sources) {
      if (source.kind !== 'external') continue;
      if (source.path === 'module') globals.set(target, source.path);
      if (source.path === 'exports') graph.addHidden(vertexOf(module, target), { kind: 'namespace', module });
    }
    for (const { object, property, target } of facts.loads) {
      if (property === 'prototype') named.prototype(vertexOf(module, object), vertexOf(module, target));
      if (property !== 'exports' || globals.get(object) !== 'module') continue;
      const owners = graph.vertex();
      for (const held of [owners, vertexOf(module, target)]) graph.addHidden(held, { kind: 'namespace', module });
      edge(exported.placeOf(module, '='), owners);
      named.exported(vertexOf(module, target), owners);
    }
  }

  return {
    enterValues(facts, module) {
      const own = (vertex: number) => vertexOf(module, vertex);
      for (const { target, source } of facts.sources) start(own(target), source, module, facts);
      for (const { from, to } of facts.edges) edge(own(from), own(to));
      facts.objects.forEach((members, i) => {
        const obj = objectOf(module, i);
        for (const { value } of members) {
          edge(own(value), place(`members ${obj}`));
          named.write(obj, own(value));
        }
      });
      enterOwners(facts, module);
      for (const { object, property, value } of facts.stores) {
        edge(own(value), object === undefined ? properties.declared(property) : properties.assigned(property));
        if (object === undefined || property === undefined) continue;
        named.store(own(object), property, own(value));
        watchSingle(own(object), (token) => {
          if (isGlobalObject(token)) edge(own(value), globalNamed(property));
        });
      }
      for (const { members } of facts.classes) {
        for (const { name, fn } of members)
          add(properties.declared(name), { kind: 'function', fn: functionOf(module, fn) });
      }
      // What is assigned to a property arrives at the setters of its name.
      for (const { kind, name, fn } of facts.accessors) {
        const param = facts.functions[fn]?.params[0];
        if (kind === 'set' && param !== undefined) edge(properties.assigned(name), own(param));
      }
      for (const { name, value } of facts.exports) edge(own(value), exported.placeOf(module, name));
      facts.classes.forEach(({ superClass }, i) => {
        if (superClass === undefined) return;
        const cls = classOf(module, i);
        watchSingle(own(superClass), (token) => {
          if (token.kind === 'class' && token.cls !== cls) hierarchy.extend(cls, token.cls);
        });
      });
    },

    enterInherited(facts, module) {
      facts.classes.forEach(({ members }, i) => {
        if (!hierarchy.extendsForeign(classOf(module, i))) return;
        for (const { name, fn } of members)
          add(properties.inherited(name), { kind: 'function', fn: functionOf(module, fn) });
      });
    },

    enterLoads({ fileName, calls, loads, keyedLoads }, module) {
      for (const { object, target } of keyedLoads) named.read(vertexOf(module, object), vertexOf(module, target));
      const callOf = new Map(
        calls.flatMap(({ receiver, callee, span }) =>
          receiver === undefined ? [] : [[callee, { fileName, span }] as const],
        ),
      );
      for (const { object, property, target: local, span } of loads) {
        if (span !== undefined && types?.isPrimitive(fileName, span) === true) continue;
        const from = vertexOf(module, object);
        const target = vertexOf(module, local);
        const method = callOf.get(local);
        watch(from, (token) => load(token, property, target, method));
        if (property === 'emit' && method === undefined) add(target, { kind: 'external', path: EMIT });
        if (!graph.isEmpty(from)) continue;
        assumeLater(() => {
          if (graph.isEmpty(from)) loadUnknown(property, target, method);
        });
      }
    },

    enterCalls({ calls }, module) {
      for (const fact of calls) {
        const callee = vertexOf(module, fact.callee);
        if (fact.iteration === undefined) {
          watch(callee, (token) => call(module, fact, token));
          callMethod(module, fact);
          continue;
        }
        const { iterable, items, isAsync } = fact.iteration;
        iterate({
          iterable: vertexOf(module, iterable),
          runs: callee,
          items: vertexOf(module, items),
          result: vertexOf(module, fact.result),
          isAsync,
        });
      }
    },

    enterKeyed(facts, module) {
      const own = (vertex: number) => vertexOf(module, vertex);
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
        if (source === undefined || graph.isEmpty(own(source))) keyed.store(own(object), own(value));
        else keyed.copy(own(source), own(object));
      }
      facts.objects.forEach((members, i) => {
        for (const { name, value } of members) if (name === '') keyed.write(objectOf(module, i), own(value));
      });
      facts.classes.forEach(({ members }, i) => {
        const cls = classOf(module, i);
        for (const { name, isStatic, fn } of members) {
          if (name !== '' || facts.functions[fn]?.barrier === 'coercion') continue;
          const value = graph.vertex();
          add(value, { kind: 'function', fn: functionOf(module, fn) });
          keyed.declare({ kind: isStatic ? 'class' : 'instance', cls }, value);
        }
      });
    },

    assumeByName({ loads }, module) {
      for (const { property, target: local } of loads) {
        const path = property === undefined ? undefined : assumedPath(property);
        if (path === undefined) continue;
        const target = vertexOf(module, local);
        // Objects cannot be called.
        if (at(target).every((token) => isUnknown(token) || token.kind === 'object'))
          add(target, { kind: 'external', path });
      }
    },
  };
}
