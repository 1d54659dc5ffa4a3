/** Classes that code outside the program is given, as frameworks are that make the objects themselves. */
import type { Arrival, Flow } from '../flow/solve.js';
import type { Site } from './sites.js';

/**
 * Where code that is not compiled is given a class, or an object of one, by the methods of that class and of those that it extends:
 * it may call them. A class is given by its decorators, too, of which any other place says more.
 */
export function methodsHanded(flow: Flow, sites: readonly Site[]): ReadonlyMap<number, Site> {
  const given = new Map<number, Site>();
  const handedIn = (site: Site) => {
    const seen = new Set<number>();
    const visit = (token: Arrival): void => {
      if (token.kind === 'class' || token.kind === 'instance') {
        for (const cls of flow.lineage(token.cls)) if (!given.has(cls)) given.set(cls, site);
      } else if (token.kind === 'object' && !seen.has(token.obj)) {
        seen.add(token.obj);
        flow.membersOf(token.obj).forEach(visit);
      }
    };
    site.call.args.forEach((tokens, i) => {
      tokens.forEach(visit);
      flow.listedIn(site.call, i).forEach(visit);
    });
  };
  const handing = sites.filter(({ isHandedOver }) => isHandedOver);
  for (const site of handing) if (!site.call.fact.isImplicit) handedIn(site);
  for (const site of handing) if (site.call.fact.isImplicit) handedIn(site);

  return new Map(
    flow.modules.flatMap(({ classes }, module) =>
      classes.flatMap(({ members }, i) => {
        const site = given.get((flow.classBase[module] as number) + i);
        if (site === undefined) return [];
        return members.map(({ fn }): [number, Site] => [(flow.functionBase[module] as number) + fn, site]);
      }),
    ),
  );
}
