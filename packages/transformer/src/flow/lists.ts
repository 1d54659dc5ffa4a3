/** Which array literals may arrive at a place. Tokens do not tell: of the many arrays of a program, most hold data. */
import type { ModuleFacts } from '../facts/facts.js';
import type { Graph } from './graph.js';
import type { Arrival, Token } from './tokens.js';

/**
 * @param anything what is put into collections later than their literals, wherever that is
 * @returns what array literals hold that may arrive at one of some places, arrays in arrays included
 */
export function listsIn(
  modules: readonly ModuleFacts[],
  vertexBase: readonly number[],
  graph: Graph<Token>,
  anything: () => readonly Arrival[],
): (vertices: readonly number[]) => readonly Arrival[] {
  let lists: Map<number, readonly number[]> | undefined;
  const itemsOf = (vertex: number): readonly number[] | undefined => {
    lists ??= new Map(
      modules.flatMap((facts, module) => {
        const base = vertexBase[module] as number;
        return facts.lists.map(({ result, items }) => [base + result, items.map((item) => base + item)] as const);
      }),
    );
    return lists.get(vertex);
  };
  return (vertices) => {
    const found: Arrival[] = [];
    // Once for all: much of a program leads to what a registry holds.
    const seen = new Set(vertices);
    for (const at of seen) {
      const items = itemsOf(at);
      if (items?.length === 0) found.push(...anything());
      for (const item of items ?? []) {
        found.push(...graph.at(item));
        seen.add(item);
      }
      for (const source of graph.sourcesOf(at)) seen.add(source);
    }
    return found;
  };
}
