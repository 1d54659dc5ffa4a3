/** Calls of `next`, by which handlers of Express and Connect let the handlers behind them run. */
import type { Flow } from '../flow/solve.js';
import type { Site } from './sites.js';

export interface Routing {
  /** Sites behind which a function goes on: what the router starts there is waited for. Where nothing follows, nothing could come too early. */
  readonly sites: ReadonlySet<Site>;
  /** Functions with such sites in handlers, and these: only a handler that may suspend is given a `next` that can be waited for. */
  readonly inner: readonly { readonly fn: number; readonly handler: number }[];
}

/**
 * @param handlers the functions that routers are given
 * @param isCalled whether the program calls a function, and goes on behind that
 */
export function routingOf(
  flow: Flow,
  sites: readonly Site[],
  handlers: ReadonlySet<number>,
  isCalled: (fn: number) => boolean,
): Routing {
  const owners = flow.modules.map((facts, module) => {
    const ownerOf = new Map<number, number>();
    facts.functions.forEach(({ params }, i) => {
      const handler = (flow.functionBase[module] as number) + i;
      if (!handlers.has(handler)) return;
      // `(request, response, next)`, `(error, request, response, next)`, `(request, response, next, value)`
      for (const place of params.slice(2, 4)) ownerOf.set(place, handler);
    });
    if (ownerOf.size === 0) return ownerOf;
    for (const [place, handler] of ownerOf) {
      for (const { from, to } of facts.edges) if (from === place && !ownerOf.has(to)) ownerOf.set(to, handler);
    }
    return ownerOf;
  });
  const found = new Set<Site>();
  const inner: { fn: number; handler: number }[] = [];
  for (const site of sites) {
    const { module, fact, caller } = site.call;
    if (fact.property !== undefined || fact.iteration !== undefined) continue;
    const handler = owners[module]?.get(fact.callee);
    if (handler === undefined || (fact.isLast && !isCalled(caller))) continue;
    found.add(site);
    if (caller !== handler) inner.push({ fn: caller, handler });
  }
  return { sites: found, inner };
}
