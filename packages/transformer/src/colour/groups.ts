/** Groups of functions that calls reach together: in place of the many functions that any value may be, a call leads to one node. */
import type { Flow } from '../flow/flow.js';
import type { Arrival } from '../flow/tokens.js';

/**
 * Ids for the groups of functions that calls of any value reach.
 *
 * @param functions how many functions the program has: the ids of groups follow theirs
 */
export function functionGroups(flow: Flow, functions: number) {
  const groups: (readonly number[])[] = [];
  const ids = new Map<string, number>();
  function id(key: string, members: () => readonly number[]): number {
    let found = ids.get(key);
    if (found === undefined) {
      found = functions + groups.length;
      ids.set(key, found);
      groups.push([]);
      groups[found - functions] = members();
    }
    return found;
  }
  /** The functions that a call of any value runs, or of any that a property of this name holds. */
  function called(property: string | undefined, construct: boolean): number {
    return id(`${construct ? 'construct' : 'call'} ${property ?? '*'}`, () =>
      flow.anyOf(property).flatMap((token) => {
        if (token.kind === 'function' || token.kind === 'step') return [token.fn];
        if (token.kind === 'any') return [called(undefined, construct)];
        const isBuilt = token.kind === 'class' || (token.kind === 'instance' && construct);
        return isBuilt ? [flow.constructionOf(token.cls)] : [];
      }),
    );
  }
  /** The functions among values, also those that object literals hold (option objects with callbacks). */
  function among(values: readonly Arrival[]): number[] {
    const found = new Set<number>();
    const seen = new Set<number>();
    const visit = (token: Arrival): void => {
      // Who gets a generator's object may run the generator.
      if (token.kind === 'function' || token.kind === 'generator' || token.kind === 'step') found.add(token.fn);
      else if (token.kind === 'any') found.add(id('held', () => among(flow.anyOf(undefined))));
      else if (token.kind === 'object' && !seen.has(token.obj)) {
        seen.add(token.obj);
        flow.membersOf(token.obj).forEach(visit);
      }
    };
    values.forEach(visit);
    return [...found];
  }
  const membersOf = (node: number): readonly number[] => groups[node - functions] ?? [];
  const isEmpty = (group: number): boolean => groups[group - functions]?.length === 0;
  const isGroup = (node: number): boolean => node >= functions;
  return { groups, id, membersOf, isEmpty, isGroup, called, among };
}

export type FunctionGroups = ReturnType<typeof functionGroups>;
