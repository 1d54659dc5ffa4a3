/** Which array literals may arrive at a place. Tokens do not tell: of the many arrays of a program, most hold data. */
import type { ModuleFacts } from '../facts/facts.js';
import type { Graph } from './graph.js';
import type { Numbering } from './numbering.js';
import type { Arrival, Token } from './tokens.js';

type Contents = ReadonlySet<Arrival>;

/**
 * @param anything what is put into collections later than their literals, wherever that is
 * @returns what array literals hold that may arrive at one of some places, arrays in arrays included
 */
export function listsIn(
  modules: readonly ModuleFacts[],
  { vertexOf }: Numbering,
  graph: Graph<Token>,
  anything: () => readonly Arrival[],
): (vertices: readonly number[]) => readonly Arrival[] {
  let contentsOf: ((vertex: number) => Contents) | undefined;
  const prepared = (): ((vertex: number) => Contents) => {
    const items = new Map(
      modules.flatMap(({ lists }, module) =>
        lists.map(
          ({ result, items }) => [vertexOf(module, result), items.map((item) => vertexOf(module, item))] as const,
        ),
      ),
    );
    const put = anything();
    return reachedContents(
      (vertex) => [...graph.sourcesOf(vertex), ...(items.get(vertex) ?? [])],
      (vertex) => {
        const list = items.get(vertex);
        return list?.length === 0 ? put : (list ?? []).flatMap((item) => graph.at(item));
      },
    );
  };
  return (vertices) => {
    contentsOf ??= prepared();
    const [first = NOTHING, ...others] = new Set(vertices.map(contentsOf));
    return [...union(first, others)];
  };
}

const NOTHING: Contents = new Set();

/** A vertex whose component is not complete yet (Tarjan, "Depth-first search and linear graph algorithms", 1972). */
interface Visit {
  readonly vertex: number;
  readonly index: number;
  readonly edges: readonly number[];
  next: number;
  low: number;
}

/**
 * What vertices hold from which a vertex can be reached, itself included. Much of a program leads to what a registry holds: each strongly connected component
 * is gone through once, and components that hold the same share it.
 */
function reachedContents(
  edgesOf: (vertex: number) => readonly number[],
  ownOf: (vertex: number) => readonly Arrival[],
): (vertex: number) => Contents {
  const complete = new Map<number, Contents>();
  const open = new Map<number, Visit>();
  /** Those that are open, in the order in which they were entered. */
  const entered: Visit[] = [];
  const path: Visit[] = [];
  const enter = (vertex: number): void => {
    const index = entered.length;
    const visit: Visit = { vertex, index, edges: edgesOf(vertex), next: 0, low: index };
    open.set(vertex, visit);
    path.push(visit);
    entered.push(visit);
  };
  const leave = (root: Visit): void => {
    const members = entered.splice(root.index);
    for (const { vertex } of members) open.delete(vertex);
    const behind = new Set(members.flatMap(({ edges }) => edges.flatMap((to) => complete.get(to) ?? [])));
    const own = new Set(members.flatMap(({ vertex }) => ownOf(vertex)));
    const [largest = own, ...others] = [own, ...behind].sort((a, b) => b.size - a.size);
    const contents = union(largest, others);
    for (const { vertex } of members) complete.set(vertex, contents);
  };
  return (start) => {
    if (!complete.has(start)) enter(start);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const to = at.edges[at.next++];
      if (to === undefined) {
        path.pop();
        const around = path.at(-1);
        if (around !== undefined) around.low = Math.min(around.low, at.low);
        if (at.low === at.index) leave(at);
      } else if (!complete.has(to)) {
        const seen = open.get(to);
        if (seen === undefined) enter(to);
        else at.low = Math.min(at.low, seen.index);
      }
    }
    return complete.get(start) as Contents;
  };
}

/** All that some sets hold; the first of them, if the others hold no more. */
function union(first: Contents, others: readonly Contents[]): Contents {
  const more = others.flatMap((other) => [...other].filter((token) => !first.has(token)));
  return more.length === 0 ? first : new Set([...first, ...more]);
}
