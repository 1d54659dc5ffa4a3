/** What `using` calls at the end of a block: the method of what it declares that disposes of it. */
import type { VariableDeclaration, VariableDeclarator } from '@babel/types';
import { spanOf } from '../syntax/nodes.js';
import { addCall, type Extraction, join, load, type Place } from './extraction.js';
import type { Vertex } from './facts.js';
import { ASYNC_DISPOSE, DISPOSE } from './names.js';

/**
 * @param declarator what is planned and rewritten
 * @param resource what is declared
 */
export function dispose(
  x: Extraction,
  declaration: VariableDeclaration,
  declarator: VariableDeclarator,
  resource: Vertex,
  at: Place,
): void {
  const isAsync = declaration.kind === 'await using';
  const ownMethod = load(x, resource, DISPOSE);
  addCall(x, {
    ...{ span: spanOf(declarator), caller: at.fn, receiver: resource },
    callee: isAsync ? join(x, [load(x, resource, ASYNC_DISPOSE), ownMethod]) : ownMethod,
    property: isAsync ? ASYNC_DISPOSE : DISPOSE,
    barrier: at.barrier ?? (at.keepsDisposals === at.scope ? 'coercion' : undefined),
  });
}
