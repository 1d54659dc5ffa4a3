/** Accessors that classes and object literals declare. */
import { type Extraction, vertex } from './extraction.js';
import type { AccessorFact, FunctionFact, FunctionIndex, Vertex } from './facts.js';

/** The vertex that holds what the property is read as. */
export function declareAccessor(
  x: Extraction,
  fn: FunctionIndex,
  name: string | undefined,
  owner: AccessorFact['owner'],
): Vertex {
  const { kind, result } = x.facts.functions[fn] as FunctionFact;
  x.facts.accessors.push({ kind: kind === 'setter' ? 'set' : 'get', name, fn, owner });
  return kind === 'setter' ? vertex(x) : result;
}
