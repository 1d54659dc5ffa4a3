/** What code outside the program is given other than as a callback: it may call it although no call of the program shows that. */
import type { Flow } from '../flow/flow.js';
import type { Arrival } from '../flow/tokens.js';
import type { Site } from './site.js';

/**
 * Functions that code which is not compiled may call, and by which calls it is given them: items of lists (`server.route([{ handler }])`), what
 * callbacks return, and constructors and methods of classes and their objects, as frameworks are given that make the objects themselves. A class is given by its
 * decorators, too, of which any other place says more.
 *
 * @param withClasses whether those of classes count
 */
export function functionsHanded(flow: Flow, sites: readonly Site[], withClasses: boolean): ReadonlyMap<number, Site> {
  const given = new Map<number, Site>();
  const give = (fn: number, site: Site): void => {
    if (!given.has(fn)) given.set(fn, site);
  };
  const methodsOf = membersByClass(flow);
  const handedIn = (site: Site) => {
    const seen = new Set<string>();
    const isNew = (key: string): boolean => !seen.has(key) && seen.add(key) !== undefined;
    const visit = (token: Arrival): void => {
      if (token.kind === 'function' && isNew(`function ${token.fn}`)) {
        give(token.fn, site);
        flow.resultsOf(token.fn).forEach(visit);
      } else if ((token.kind === 'class' || token.kind === 'instance') && withClasses && isNew(`class ${token.cls}`)) {
        if (token.kind === 'class') give(flow.constructionOf(token.cls), site);
        for (const cls of flow.lineage(token.cls)) for (const fn of methodsOf(cls)) give(fn, site);
      } else if (token.kind === 'object' && isNew(`object ${token.obj}`)) {
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
  return given;
}

/** The methods of each class, by program-wide ids. */
function membersByClass(flow: Flow): (cls: number) => readonly number[] {
  const members = new Map(
    flow.modules.flatMap(({ classes }, module) =>
      classes.map((fact, i): [number, number[]] => [
        flow.classOf(module, i),
        fact.members.map(({ fn }) => flow.functionOf(module, fn)),
      ]),
    ),
  );
  return (cls) => members.get(cls) ?? [];
}
