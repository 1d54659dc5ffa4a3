/** What values depend on. */
import type { Binding } from './bindings.js';

/** What a value depends on: what a local variable held, what an event read, or what a call gave. */
export type Source = Binding | number;
/** Each with whether the value is what the source gave, or was computed from it by a call. */
export type Sources = ReadonlyMap<Source, 'itself' | 'computed'>;

export const NONE: Sources = new Map();

/** What is itself what a source gave. */
export function only(source: Source): Sources {
  return new Map([[source, 'itself']]);
}

/** What depends on all of the parts. */
export function union(...parts: readonly Sources[]): Sources {
  const [first = NONE, ...others] = parts.filter(({ size }) => size > 0);
  if (others.length === 0) return first;
  const all = new Map(first);
  for (const [source, how] of others.flatMap((part) => [...part])) {
    if (how === 'itself' || !all.has(source)) all.set(source, how);
  }
  return all;
}

/** What a call makes of its arguments. */
export function computed(sources: Sources): Sources {
  return new Map([...sources.keys()].map((source) => [source, 'computed']));
}
