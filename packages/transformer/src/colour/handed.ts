/** What code outside the program is given other than as a callback: it may call it although no call of the program shows that. */
import { FOREIGN } from '../flow/externalPaths.js';
import type { Flow } from '../flow/flow.js';
import type { Arrival } from '../flow/tokens.js';
import type { Site } from './site.js';

/** Functions, and the calls that give them away. */
export interface Handed {
  /** Whoever gets them calls them: methods of objects whose class extends one of a package (`new Files()`, with `class Files extends Store`). */
  readonly asParts: ReadonlyMap<number, Site>;
  /**
   * Whoever gets them may call them, where the program does not: items of lists (`server.route([{ handler }])`), what callbacks return, and constructors and methods of
   * other classes and objects. Many are only looked at, and what lists hold is not known exactly.
   */
  readonly others: ReadonlyMap<number, Site>;
}

/**
 * Functions that code which is not compiled may call. A class is given by its decorators, too, of which any other place says more.
 *
 * @param withClasses whether those of classes count
 */
export function functionsHanded(flow: Flow, sites: readonly Site[], withClasses: boolean): Handed {
  const asParts = new Map<number, Site>();
  const others = new Map<number, Site>();
  const give = (fn: number, site: Site, to: Map<number, Site>): void => {
    if (!to.has(fn)) to.set(fn, site);
  };
  const methodsOf = membersByClass(flow);
  const handedIn = (site: Site) => {
    const seen = new Set<string>();
    const isNew = (key: string): boolean => !seen.has(key) && seen.add(key) !== undefined;
    const visit = (token: Arrival): void => {
      if (token.kind === 'function' && isNew(`function ${token.fn}`)) {
        give(token.fn, site, others);
        flow.resultsOf(token.fn).forEach(visit);
      } else if ((token.kind === 'class' || token.kind === 'instance') && withClasses && isNew(`class ${token.cls}`)) {
        if (token.kind === 'class') give(flow.constructionOf(token.cls), site, others);
        const isPart =
          token.kind === 'instance' && !site.call.fact.isImplicit && flow.parentsOf(token.cls).includes(FOREIGN);
        for (const cls of flow.lineage(token.cls)) {
          for (const fn of methodsOf(cls)) give(fn, site, isPart ? asParts : others);
        }
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
  return { asParts, others };
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
