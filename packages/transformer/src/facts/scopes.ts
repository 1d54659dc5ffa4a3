/** Lexical scopes: names are declared first and resolved second, because JavaScript hoists. */
import type { Vertex } from './facts.js';

export interface Scope {
  readonly parent: Scope | undefined;
  readonly bindings: Map<string, Vertex>;
}

export function lookup(scope: Scope | undefined, name: string): Vertex | undefined {
  for (let at = scope; at !== undefined; at = at.parent) {
    const found = at.bindings.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
