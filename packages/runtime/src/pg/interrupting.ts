/**
 * Interrupting what waits for a server. Elsewhere, an interrupted call ends at once; here it ends when the server has heard of it, so that the
 * connection is usable, or closed, when the program goes on.
 */
import { currentScope, type Scope, scopesFrom, throwIfInterrupted } from '../green/interruption.js';

/** Says what an interruption does from now on. It is called at once where the interruption has come before. */
export type OnInterrupt = (stop: (reason: unknown) => void) => void;

/**
 * Runs `body`, and throws the reason of the signal that has interrupted it when it has ended.
 *
 * @throws at once, the reason of a signal that was aborted before
 */
export function interruptibly<T>(body: (onInterrupt: OnInterrupt) => Promise<T>): Promise<T> {
  const scope = currentScope();
  return scope === undefined ? body(ignore) : interruptiblyIn(scope, body);
}

function ignore(): void {}

async function interruptiblyIn<T>(scope: Scope, body: (onInterrupt: OnInterrupt) => Promise<T>): Promise<T> {
  throwIfInterrupted(scope);
  const scopes = scopesFrom(scope);
  let interruption: { readonly reason: unknown } | undefined;
  let stop: ((reason: unknown) => void) | undefined;
  const leave = (): void => {
    for (const { suspended } of scopes) suspended.delete(interrupt);
  };
  const interrupt = (reason: unknown): void => {
    leave();
    interruption = { reason };
    stop?.(reason);
  };
  for (const { suspended } of scopes) suspended.add(interrupt);
  let outcome: Promise<T>;
  try {
    outcome = body((next) => {
      stop = next;
      if (interruption !== undefined) next(interruption.reason);
    });
    await outcome.catch(() => {});
  } finally {
    leave();
  }
  // Assigned meanwhile, which the compiler does not see.
  const interrupted = interruption as { readonly reason: unknown } | undefined;
  if (interrupted !== undefined) throw interrupted.reason;
  return await outcome;
}
