/** Which array literals may arrive at a place. Tokens do not tell: of the many arrays of a program, most hold data. */
import type { ModuleFacts } from '../facts/facts.js';
import type { Graph } from './graph.js';
import type { Arrival, Token } from './tokens.js';

/**
 * @param anything what is put into collections later than their literals, wherever that is
 * @returns what array literals hold that may arrive at a place, arrays in arrays included
 */
export function listsIn(
  modules: readonly ModuleFacts[],
  vertexBase: readonly number[],
  graph: Graph<Token>,
  anything: () => readonly Arrival[],
): (vertex: number) => readonly Arrival[] {
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
  return (vertex) => {
    const found: Arrival[] = [];
    const seen = new Set<number>();
    const visit = (at: number): void => {
      for (const source of graph.sourcesOf(at)) {
        const items = itemsOf(source);
        if (items === undefined || seen.has(source)) continue;
        seen.add(source);
        if (items.length === 0) found.push(...anything());
        for (const item of items) {
          found.push(...graph.at(item));
          visit(item);
        }
      }
    };
    visit(vertex);
    return found;
  };
}
