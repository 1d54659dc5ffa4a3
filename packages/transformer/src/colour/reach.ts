/** Reaching functions through calls, with groups of functions as nodes of their own, so that work is linear in the number of calls. */
import type { Routing } from './routing.js';
import type { Site } from './site.js';

/** Nodes are functions and, behind them, groups of nodes. */
export interface Reach {
  /** What a group stands for: functions and other groups. Of all the groups that hold a large one, each would repeat what that holds. */
  membersOf(node: number): readonly number[];
  /**
   * All nodes from which one of `starts` is reached, those included.
   *
   * @param follows whether the calls at a site count
   * @param passes whether what reaches `node` reaches what `node` reaches
   */
  backwards(
    starts: readonly number[],
    follows: (site: Site) => boolean,
    passes: (node: number) => boolean,
  ): ReadonlySet<number>;
}

/**
 * @param functions how many there are
 * @param reachable the nodes that a call may run
 * @param inner functions that count as reached by the handlers around them
 */
export function reachThrough(
  sites: readonly Site[],
  functions: number,
  groups: readonly (readonly number[])[],
  reachable: (site: Site) => readonly number[],
  inner: Routing['inner'],
): Reach {
  return {
    membersOf: (node) => groups[node - functions] ?? [],
    backwards(starts, follows, passes) {
      const before: number[][] = Array.from({ length: functions + groups.length }, () => []);
      for (const site of sites) {
        if (follows(site)) for (const node of reachable(site)) before[node]?.push(site.call.caller);
      }
      for (const { fn, handler } of inner) before[fn]?.push(handler);
      groups.forEach((members, i) => {
        for (const node of members) before[node]?.push(functions + i);
      });
      const found = new Set(starts);
      const queue = [...found];
      for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
        if (!passes(node)) continue;
        for (const other of before[node] ?? []) {
          if (found.has(other)) continue;
          found.add(other);
          queue.push(other);
        }
      }
      return found;
    },
  };
}
