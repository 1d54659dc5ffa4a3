/** Chains of iterator methods as they are written: `map.values().filter(f).map(g).toArray()`. */
import { CONSUMING_METHODS, ITERATOR_MAKERS, LAZY_METHODS } from '../catalogue/builtins.js';
import type { Flow, ResolvedCall } from '../flow/flow.js';

export interface IteratorChains {
  /** Whether a call is one of a lazy method of an iterator, whose callback runs when somebody asks for an item. */
  isLazy(call: ResolvedCall): boolean;
  /** Whether that somebody is the method at the end of the chain, whose twin awaits the callbacks. */
  isConsumed(call: ResolvedCall): boolean;
  /** The lazy calls of the chain that a call goes on with: it makes an iterator of theirs, or consumes it. */
  lazyBefore(call: ResolvedCall): readonly ResolvedCall[];
}

export function iteratorChains(flow: Flow): IteratorChains {
  const results = new Map<string, ResolvedCall>();
  const lazy = new Map<ResolvedCall, readonly ResolvedCall[]>();
  const consumed = new Set<ResolvedCall>();
  const before = new Map<ResolvedCall, readonly ResolvedCall[]>();
  // A receiver is visited before the call.
  for (const call of flow.calls) {
    const { property = '', receiver, result } = call.fact;
    results.set(`${call.module} ${result}`, call);
    const made = receiver === undefined ? undefined : results.get(`${call.module} ${receiver}`);
    if (made === undefined) continue;
    const chain = lazy.get(made);
    const isMade =
      ITERATOR_MAKERS.has(made.fact.property ?? '') && !made.receivers.some(({ kind }) => kind === 'external');
    if (!isMade && chain === undefined) continue;
    if (chain !== undefined) before.set(call, chain);
    if (LAZY_METHODS.has(property)) lazy.set(call, [...(chain ?? []), call]);
    else if (CONSUMING_METHODS.has(property)) for (const link of chain ?? []) consumed.add(link);
  }
  return {
    isLazy: (call) => lazy.has(call),
    isConsumed: (call) => consumed.has(call),
    lazyBefore: (call) => before.get(call) ?? [],
  };
}
