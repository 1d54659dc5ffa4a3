/**
 * Phase 3: which functions a call may reach, over the whole program.
 *
 * Subset constraints in the style of field-based flow analysis (Feldthaus et al., ICSE 2013): every property name is one place for
 * the whole program, refined where the receiver is known (an imported module, a class, an instance, an object literal).
 * Calls are resolved as functions arrive at their callees (the optimistic variant).
 */
import type { ModuleFacts } from '../facts/facts.js';
import { SOME_NAME } from '../facts/names.js';
import type { TypeOracle } from '../program.js';
import { bindingIn } from './binding.js';
import { callsIn } from './calls.js';
import { constraintsIn } from './constraints.js';
import { definitionsIn } from './definitions.js';
import { externalPaths, FOREIGN } from './externalPaths.js';
import type { Flow } from './flow.js';
import { createGraph } from './graph.js';
import { createHierarchy } from './hierarchy.js';
import { iterationIn } from './iteration.js';
import { keyedIn } from './keyed.js';
import { loadsIn } from './loads.js';
import { methodsIn } from './methods.js';
import { moduleExports } from './moduleExports.js';
import { namedIn } from './named.js';
import { numberingOf } from './numbering.js';
import { passingIn } from './passing.js';
import { propertiesIn } from './properties.js';
import { receiverTypesIn } from './receiverTypes.js';
import { resultsOf } from './results.js';
import { type Arrival, keyOf, type Token } from './tokens.js';

/**
 * Solves the constraints of a program.
 *
 * @param resolve the file of the program that an import means, if it means one
 * @param roots further functions that the user's configuration names, as paths
 */
export function solve(
  modules: readonly ModuleFacts[],
  resolve: (specifier: string, fromFile: string) => string | undefined,
  types?: TypeOracle,
  roots: readonly string[] = [],
): Flow {
  const { memberPath, resultPath } = externalPaths(roots);
  const numbering = numberingOf(modules);
  const graph = createGraph<Token>(keyOf);
  for (let i = 0; i < numbering.vertices; i++) graph.vertex();
  const unresolved: (() => void)[] = [];
  const assumeLater = (assume: () => void) => unresolved.push(assume);
  const properties = propertiesIn(graph);
  const hierarchy = createHierarchy(numbering, graph);
  const receiverTypes = receiverTypesIn(modules, numbering, types);
  const exported = moduleExports(modules, resolve, graph, load);
  const keyed = keyedIn(numbering, graph, hierarchy, (module) => exported.placeOf(module, SOME_NAME));
  const named = namedIn(modules, numbering, graph, hierarchy, (token, target) => loads.loadAny(token, target));
  const passing = passingIn(graph, properties, keyed, named, numbering.objects, load, {
    kind: 'external',
    path: FOREIGN,
  });
  const definitions = definitionsIn(modules, numbering, graph, properties, named);
  const iterate = iterationIn(numbering, graph, load);
  const parts = {
    modules,
    numbering,
    graph,
    properties,
    hierarchy,
    receiverTypes,
    exported,
    keyed,
    named,
    passing,
    definitions,
  };
  const loads = loadsIn({ ...parts, memberPath });
  const binding = bindingIn(numbering, graph, properties, hierarchy, resultPath);
  const call = callsIn({ ...parts, binding, load, iterate, resultPath });
  const callMethod = methodsIn({ ...parts, binding, assumeLater });
  const constraints = constraintsIn({ ...parts, loads, iterate, call, callMethod, types, assumeLater });

  modules.forEach(constraints.enterValues);
  graph.drain();
  // The class hierarchy is complete by now, so that members are looked up once.
  modules.forEach((facts, module) => {
    constraints.enterInherited(facts, module);
    constraints.enterLoads(facts, module);
    constraints.enterCalls(facts, module);
  });
  graph.drain();
  // A receiver at which nothing arrived may be anything that has such a property.
  for (const assume of unresolved) assume();
  passing.assumeUnknown();
  graph.drain();
  // Last, since places that come to hold too much say nothing of what is stored.
  modules.forEach(constraints.enterKeyed);
  graph.drain();
  modules.forEach(constraints.assumeByName);
  graph.drain();
  return resultsOf(parts);

  /** What modules export, and what builtins make of it, is read as members are, which in turn are read from these. */
  function load(token: Arrival, property: string | undefined, target: number): void {
    loads.load(token, property, target);
  }
}
