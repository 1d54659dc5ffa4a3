/** `atomic`: the critical sections of programs. */
import type { Call } from '../twin/calls.js';
import { type Callable, linkTwin, SUSPENDED, shared, suspend, take, twinOf } from '../twin/protocol.js';
import { inSection } from './sections.js';

/** The lock of sections without a key. */
const COMMON = Symbol('the common lock');

/**
 * Runs `section` so that no other section of the same lock runs before it has ended, whatever suspends in it. Sections wait in the order
 * in which they were called. A section in a section of the same lock, in the same flow of control, runs at once.
 *
 * Without a key, all sections of the process have one lock. A key gives them a lock of its own: the same string, the same object. A section that returns a promise
 * lasts until it settles.
 *
 * Code that is not compiled, and compiled code that has to stay synchronous, calls `section` and nothing else: nothing can come in between there.
 *
 * @returns what `section` returns
 * @throws what `section` throws; a {@link DeadlockError} where two sections would wait for each other for ever
 */
export function atomic<T>(section: () => T): T;
export function atomic<T>(key: unknown, section: () => T): T;
export function atomic(...args: unknown[]): unknown {
  return sectionOf(args)();
}

linkTwin(atomic as Callable, (...args: unknown[]): unknown => {
  const section = sectionOf(args);
  const body = twinOf(section) ?? section;
  return inSection(args.length > 1 ? args[0] : COMMON, () => body());
});

function sectionOf(args: readonly unknown[]): Callable {
  const section = args.length > 1 ? args[1] : args[0];
  if (typeof section !== 'function') throw new TypeError('atomic: the section has to be a function');
  return section as Callable;
}

/**
 * The body of a function that is marked as atomic, in its asynchronous form.
 *
 * @param key as in {@link atomic}
 * @param body called with `args`
 * @returns undefined where it has ended, which its call has been told
 */
export function atomicBody(
  key: unknown,
  body: (...args: unknown[]) => Promise<unknown>,
  ...args: unknown[]
): Promise<unknown> | undefined {
  // The body takes the call where the lock is free, and tells it what it comes to.
  const call = shared.calling as Call | undefined;
  const result = inSection(key, () => {
    const pending = body(...args);
    return call?.isTold === true && call.p === undefined ? undefined : suspend(pending);
  });
  return result === SUSPENDED ? take() : undefined;
}
