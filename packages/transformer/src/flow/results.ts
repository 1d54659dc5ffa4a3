/** Reads off the graph, where nothing flows any more, what the phases that follow ask for. */
import type { ModuleFacts } from '../facts/facts.js';
import { ASYNC_DISPOSE, COERCIONS, DISPOSE, LANGUAGE_KEYS } from '../facts/names.js';
import { accessorsIn } from './accessors.js';
import { iteratedBy } from './calls.js';
import type { Definitions } from './definitions.js';
import { FOREIGN, isOfNode } from './externalPaths.js';
import type { Flow, ResolvedCall } from './flow.js';
import type { Graph } from './graph.js';
import type { Hierarchy } from './hierarchy.js';
import type { Keyed } from './keyed.js';
import { listsIn } from './lists.js';
import type { ModuleExports } from './moduleExports.js';
import type { Numbering } from './numbering.js';
import type { Properties } from './properties.js';
import type { ReceiverTypes } from './receiverTypes.js';
import { type Arrival, functionsAmong, isUnknown, type Token } from './tokens.js';

/** What results are read from. */
export interface ResultContext {
  readonly modules: readonly ModuleFacts[];
  readonly numbering: Numbering;
  readonly graph: Graph<Token>;
  readonly properties: Properties;
  readonly hierarchy: Hierarchy;
  readonly exported: ModuleExports;
  readonly keyed: Keyed;
  readonly definitions: Definitions;
  readonly receiverTypes: ReceiverTypes;
}

/** What flow analysis has found. */
export function resultsOf(context: ResultContext): Flow {
  const { modules, numbering, graph, properties, hierarchy, exported, keyed, definitions, receiverTypes } = context;
  const { functionOf, classOf, vertexOf, functionAt } = numbering;
  const { at, place, allAt } = graph;
  const listed = listsIn(modules, numbering, graph, () => at(properties.assigned(undefined)));
  const known = new Map<string | undefined, readonly Arrival[]>();
  return {
    modules,
    calls: resolvedCalls(context),
    functionOf,
    classOf,
    heldAt: (module, vertex) => at(vertexOf(module, vertex)),
    constructionOf: hierarchy.constructionOf,
    lineage: hierarchy.lineage,
    parentsOf: hierarchy.parentsOf,
    membersNamed: (cls, name) => hierarchy.membersNamed(cls, false, name),
    errorConstructions: errorConstructions(context),
    membersOf: (obj) => at(place(`members ${obj}`)),
    accessors: accessorsIn(modules, numbering, hierarchy, definitions.all(), at, (module) =>
      at(exported.placeOf(module, '=')),
    ),
    receiversOf(module, { object, span }) {
      const { fileName } = modules[module] as ModuleFacts;
      const held = at(vertexOf(module, object));
      const type = held.every(isUnknown) ? receiverTypes(fileName, span) : undefined;
      return type?.kind === 'instance' ? [type] : held;
    },
    listedIn({ module, fact }, argument) {
      const vertex = vertexOf(module, fact.args[argument] as number);
      const objects = at(vertex).flatMap((token) => (token.kind === 'object' ? [token.obj] : []));
      return listed([vertex, ...objects.map((obj) => place(`members ${obj}`))]);
    },
    resultsOf(fn) {
      const { module, fact } = functionAt(fn);
      return at(vertexOf(module, fact.result));
    },
    exportsOf: (module) => [...exported.namesOf(module)].flatMap((name) => at(exported.placeOf(module, name))),
    strays: strays(keyed, graph, hierarchy),
    assignedOutside: assignedOutside(context),
    calledByLanguage: new Set(
      ['then', ...COERCIONS, ...LANGUAGE_KEYS, ...(namesStacks(modules) ? [DISPOSE, ASYNC_DISPOSE] : [])]
        .flatMap((name) => [properties.assigned(name), properties.declared(name)])
        .flatMap((kept) => functionsAmong(allAt(kept))),
    ),
    anyOf(property) {
      let found = known.get(property);
      if (found === undefined) {
        found = (property === undefined ? [undefined] : properties.held(property)).flatMap((kept) => allAt(kept));
        known.set(property, found);
      }
      return found;
    },
  };
}

const STACK = /^(Async)?DisposableStack$/;

/** Whether the program may use stacks of the language, which dispose of what they are given. */
function namesStacks(modules: readonly ModuleFacts[]): boolean {
  return modules.some(
    ({ sources, loads }) =>
      sources.some(({ source }) => source.kind === 'external' && STACK.test(source.path)) ||
      loads.some(({ property = '' }) => STACK.test(property)),
  );
}

function resolvedCalls({ modules, numbering, graph, keyed }: ResultContext): ResolvedCall[] {
  const { functionOf, vertexOf } = numbering;
  const { at, place, isNew } = graph;
  return modules.flatMap(({ calls }, module) =>
    calls.map((fact): ResolvedCall => {
      const callees = at(vertexOf(module, fact.callee));
      const receivers = fact.receiver === undefined ? [] : at(vertexOf(module, fact.receiver));
      const iterated = iteratedBy(module, fact);
      return {
        ...{ module, fact, callees, receivers },
        caller: functionOf(module, fact.caller),
        args: fact.args.map((arg) => at(vertexOf(module, arg))),
        isByKey: fact.property !== undefined && keyed.explains(receivers, fact.property, callees),
        iterated: isNew(iterated) ? [] : at(place(iterated)),
      };
    }),
  );
}

function errorConstructions({ modules, numbering, hierarchy }: ResultContext): Set<number> {
  return new Set(
    modules.flatMap(({ classes }, module) =>
      classes.flatMap((_, i) => {
        const cls = numbering.classOf(module, i);
        const isError = hierarchy.parentsOf(cls).some((path) => /^\w*Error$/.test(path));
        return isError ? [hierarchy.constructionOf(cls)] : [];
      }),
    ),
  );
}

function strays(keyed: Keyed, { at }: Graph<Token>, hierarchy: Hierarchy): Set<number> {
  return new Set(
    keyed.strays().flatMap((value) =>
      at(value).flatMap((token) => {
        if (token.kind === 'function') return [token.fn];
        return token.kind === 'class' ? [hierarchy.constructionOf(token.cls)] : [];
      }),
    ),
  );
}

function assignedOutside({ modules, numbering: { vertexOf }, graph: { at } }: ResultContext): Map<number, boolean> {
  return new Map(
    modules.flatMap(({ stores }, module) =>
      stores.flatMap(({ object, value }) => {
        const paths = object === undefined ? [] : at(vertexOf(module, object)).flatMap(pathMadeOutside);
        const functions = functionsAmong(at(vertexOf(module, value)));
        return paths.flatMap((path) => functions.map((fn) => [fn, isOfNode(path)] as const));
      }),
    ),
  );
}

/** The path of a value that Node or a package has made. */
function pathMadeOutside(token: Arrival): string[] {
  return token.kind === 'external' && (token.path === FOREIGN || isOfNode(token.path)) ? [token.path] : [];
}
