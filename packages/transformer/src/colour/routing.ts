/** Calls of `next`, by which handlers of Express and Connect let the handlers behind them run. */
import { rootAt } from '../catalogue/paths.js';
import type { Flow } from '../flow/flow.js';
import type { FunctionGroups } from './groups.js';
import type { Site } from './site.js';

export interface Routing {
  /** All sites of the program; those that wait tell what for. */
  readonly sites: readonly Site[];
  /** Functions with such sites in handlers, and these: only a handler that may suspend is given a `next` that can be waited for. */
  readonly inner: readonly { readonly fn: number; readonly handler: number }[];
}

/** Where a function goes on behind such a call, it waits for what the router starts. Where nothing follows, nothing could come too early. */
export function routingOf(flow: Flow, sites: readonly Site[], groups: FunctionGroups, closed: boolean): Routing {
  const handlers = new Set(
    sites.flatMap(({ call, started }) =>
      call.callees.some((token) => token.kind === 'external' && rootAt(token.path)?.errors === 'next') ? started : [],
    ),
  );
  if (closed && handlers.size === 0) return { sites, inner: [] };
  const isCalled = calledIn(sites, groups);
  const owners = flow.modules.map((facts, module) => {
    const ownerOf = new Map<number, number>();
    facts.functions.forEach(({ params }, i) => {
      const handler = flow.functionOf(module, i);
      // Another file may make a handler of any function.
      if (closed && !handlers.has(handler)) return;
      // `(request, response, next)`, `(error, request, response, next)`, `(request, response, next, value)`
      for (const place of params.slice(2, 4)) ownerOf.set(place, handler);
    });
    if (ownerOf.size === 0) return ownerOf;
    const next = new Map<number, number[]>();
    for (const { from, to } of facts.edges) {
      const known = next.get(from);
      if (known === undefined) next.set(from, [to]);
      else known.push(to);
    }
    for (const [place, handler] of ownerOf) {
      for (const to of next.get(place) ?? []) if (!ownerOf.has(to)) ownerOf.set(to, handler);
    }
    return ownerOf;
  });
  const routed = [groups.id('handlers', () => [...handlers])];
  const inner: { fn: number; handler: number }[] = [];
  const routing = sites.map((site): Site => {
    const { module, fact, caller } = site.call;
    if (fact.property !== undefined || fact.iteration !== undefined) return site;
    const handler = owners[module]?.get(fact.callee);
    if (handler === undefined || (fact.isLast && !isCalled(caller))) return site;
    if (!handlers.has(handler) && fact.calleeName !== 'next') return site;
    if (caller !== handler) inner.push({ fn: caller, handler });
    return { ...site, routed, outside: true };
  });
  return { sites: routing, inner };
}

/** Whether some call runs a function before it returns. */
function calledIn(sites: readonly Site[], groups: FunctionGroups): (fn: number) => boolean {
  let called: Set<number> | undefined;
  return (fn) => {
    if (called === undefined) {
      called = new Set(sites.flatMap(({ targets, inline }) => [...targets, ...inline]));
      for (const node of called) for (const member of groups.membersOf(node)) called.add(member);
    }
    return called.has(fn);
  };
}
