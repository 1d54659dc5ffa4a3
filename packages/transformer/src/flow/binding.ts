/** How arguments reach parameters, and results return: of a function of the program, or of any that may be meant. */
import { STEP } from '../facts/iterations.js';
import { APART, FOREIGN } from './externalPaths.js';
import type { Graph } from './graph.js';
import type { Hierarchy } from './hierarchy.js';
import type { Numbering } from './numbering.js';
import type { Properties } from './properties.js';
import type { Token } from './tokens.js';

export interface Binding {
  /**
   * A call of a function of the program.
   *
   * @param firstSpread the first argument that stands for any number of them
   */
  bindCall(fn: number, args: readonly number[], result: number | undefined, firstSpread?: number): void;
  /** A call of any value, or of any that a property of this name holds: all functions share one place for arguments and one for results. */
  callAny(property: string | undefined, construct: boolean, args: readonly number[], result: number | undefined): void;
}

/** @param resultPath what functions from outside the program return */
export function bindingIn(
  { functionAt, vertexOf }: Numbering,
  graph: Graph<Token>,
  properties: Properties,
  hierarchy: Hierarchy,
  resultPath: (path: string) => string,
): Binding {
  const { place, add, edge } = graph;

  function bindCall(fn: number, args: readonly number[], result: number | undefined, firstSpread?: number): void {
    const { module, fact } = functionAt(fn);
    const receive = (arg: number, param: number | undefined) => {
      if (param !== undefined) edge(arg, vertexOf(module, param));
    };
    args.forEach((arg, i) => {
      if (firstSpread !== undefined && i >= firstSpread)
        for (const param of fact.params.slice(firstSpread)) receive(arg, param);
      else receive(arg, fact.params[fact.hasRest ? Math.min(i, fact.params.length - 1) : i]);
      receive(arg, fact.given);
    });
    if (fact.yields !== undefined) {
      add(properties.declared(STEP), { kind: 'step', fn });
      if (result !== undefined) add(result, { kind: 'generator', fn });
    } else if (result !== undefined) edge(vertexOf(module, fact.result), result);
  }

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
        else if (token.kind === 'function') bindCall(token.fn, [given], made, 0);
        else if (token.kind === 'external') {
          const path = resultPath(token.path);
          add(made, { kind: 'external', path });
          if (path === FOREIGN || path === APART) edge(given, made);
        } else if (construct && (token.kind === 'class' || token.kind === 'instance')) {
          const built = hierarchy.constructorOf(token.cls);
          if (built !== undefined) bindCall(built, [given], undefined, 0);
          add(made, { kind: 'instance', cls: token.cls });
        }
      });
    }
  }

  return { bindCall, callAny };
}
