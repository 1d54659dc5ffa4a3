/**
 * Interrupting what has suspended: the scopes of `withSignal` and `withTimeout`, and how the twins of blocking calls heed them. Where no
 * scope is open, a call costs one look at a counter.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { types } from 'node:util';
import { inCommon } from '../twin/common.js';
import { type Callable, SUSPENDED, suspend, take, unbox } from '../twin/protocol.js';
import { endWait, latestWait, type Wait } from '../twin/waits.js';

/** The run of a function that may be interrupted. */
export interface Scope {
  readonly signal: AbortSignal;
  /** The scope around this one, in the same flow of control. */
  readonly outer: Scope | undefined;
  /** Calls that have suspended in this scope, and those within it: what interrupts them. */
  readonly suspended: Set<(reason: unknown) => void>;
  /** Whether the signal has interrupted something, or the function has ended: it interrupts nothing any more. */
  isOver: boolean;
  /** Whether the program has been given the signal, and so may heed it by itself. */
  isGiven: boolean;
}

interface Shared {
  /** The innermost scope around the code that runs. It follows the flow of control through every suspension. */
  readonly current: AsyncLocalStorage<Scope>;
  /** The scope around a call that is being made: see {@link callInScope}. */
  called: Scope | undefined;
  /** How many scopes there are. */
  open: number;
}

/** Of all copies of this package in the process. */
const shared = inCommon<Shared>('scopes/1', () => ({ current: new AsyncLocalStorage(), called: undefined, open: 0 }));

/** The innermost scope around the caller. */
export function currentScope(): Scope | undefined {
  return shared.open === 0 ? undefined : (shared.called ?? shared.current.getStore());
}

/** Calls `fn` outside of all scopes: the event loop does, whoever has asked for the call. */
export function outsideScopes(fn: Callable, self: unknown, args: readonly unknown[]): unknown {
  return shared.open === 0
    ? Reflect.apply(fn, self, args)
    : shared.current.exit(() => Reflect.apply(fn, self, args) as unknown);
}

/** Whether an error is what a scope around the caller interrupts with. */
export function isInterruption(error: unknown): boolean {
  return scopesFrom(shared.current.getStore()).some(({ signal }) => signal.aborted && signal.reason === error);
}

/** A scope and those around it, innermost first. */
export function scopesFrom(scope: Scope | undefined): Scope[] {
  const scopes: Scope[] = [];
  for (let at = scope; at !== undefined; at = at.outer) scopes.push(at);
  return scopes;
}

/**
 * Runs `body` in a scope of its own.
 *
 * @param body returns its result or suspends. If the result is a promise, the scope lasts until it settles
 * @param ended is called when the scope has ended
 * @throws the reason of a signal that has been aborted already
 */
export function inScope(signal: AbortSignal, body: () => unknown, ended: () => void): unknown {
  return scoped(signal, ended, (scope) => shared.current.run(scope, body));
}

/**
 * {@link inScope} for a body that does nothing but make one blocking call of the runtime's, without the context that follows the flow of control: up to
 * Node 22, having one slows down all promises of the process for good.
 */
export function callInScope(signal: AbortSignal, body: () => unknown, ended: () => void): unknown {
  return scoped(signal, ended, (scope) => {
    const { called } = shared;
    shared.called = scope;
    try {
      return body();
    } finally {
      shared.called = called;
    }
  });
}

function scoped(signal: AbortSignal, ended: () => void, run: (scope: Scope) => unknown): unknown {
  // Scopes that are over would be kept for ever by a chain of flows that start each other.
  const outer = scopesFrom(shared.current.getStore()).find(({ isOver }) => !isOver);
  const scope: Scope = { signal, outer, suspended: new Set(), isOver: false, isGiven: false };
  const abort = () => interruptAll(scope);
  const end = () => {
    scope.isOver = true;
    shared.open--;
    signal.removeEventListener('abort', abort);
    ended();
  };
  shared.open++;
  signal.addEventListener('abort', abort);
  let result: unknown;
  try {
    throwIfInterrupted(scope);
    result = run(scope);
  } catch (error) {
    end();
    throw error;
  }
  if (result === SUSPENDED) return suspend(take().finally(end));
  if (types.isPromise(result)) return result.finally(end);
  end();
  return result;
}

function interruptAll(scope: Scope): void {
  if (scope.isOver || (scope.suspended.size === 0 && !scope.isGiven)) return;
  // Only once: what cleans up behind the interruption may suspend again.
  scope.isOver = true;
  for (const interrupt of [...scope.suspended]) interrupt(scope.signal.reason);
}

/** Throws for a signal that was aborted while nothing was suspended. */
export function throwIfInterrupted(scope: Scope): void {
  for (const each of scopesFrom(scope)) {
    if (each.isOver || !each.signal.aborted) continue;
    each.isOver = true;
    throw each.signal.reason;
  }
}

/** What a call that may be interrupted and its interruption know of each other. */
export interface Interruption {
  /** Whether the call has been interrupted: what has not begun need not begin. */
  isInterrupted: boolean;
  /** Ends early what the call does, set by the call. */
  release: (() => void) | undefined;
}

/**
 * Makes a blocking call that suspends, in a way that the scopes around it can interrupt: it throws the reason of the signal where it has
 * suspended.
 *
 * @param start makes the call, and returns its result or suspends; is given undefined where nothing can interrupt
 * @param dispose gives back what a call returned that was interrupted before
 */
export function interruptible(
  start: (interruption: Interruption | undefined) => unknown,
  dispose?: (result: unknown) => void,
): unknown {
  const scope = currentScope();
  if (scope === undefined) return start(undefined);
  throwIfInterrupted(scope);
  const interruption: Interruption = { isInterrupted: false, release: undefined };
  const before = latestWait();
  const result = start(interruption);
  if (result !== SUSPENDED) return result;
  const latest = latestWait();
  return suspend(unlessInterrupted(scope, take(), interruption, dispose, latest === before ? undefined : latest));
}

/**
 * `pending`, or a rejection with the reason of the first signal that interrupts it.
 *
 * @param wait what is waited for: who is interrupted does not any more
 */
export function unlessInterrupted(
  scope: Scope,
  pending: Promise<unknown>,
  interruption: Interruption,
  dispose: ((result: unknown) => void) | undefined,
  wait?: Wait,
): Promise<unknown> {
  const scopes = scopesFrom(scope);
  return new Promise((resolve, reject) => {
    const leave = () => {
      for (const { suspended } of scopes) suspended.delete(interrupt);
    };
    const interrupt = (reason: unknown): void => {
      interruption.isInterrupted = true;
      leave();
      if (wait !== undefined) endWait(wait);
      reject(reason);
      interruption.release?.();
    };
    for (const { suspended } of scopes) suspended.add(interrupt);
    pending.then(
      (boxed) => {
        if (interruption.isInterrupted) dispose?.(unbox(boxed));
        else leave();
        resolve(boxed);
      },
      (error) => {
        leave();
        reject(error);
      },
    );
  });
}
