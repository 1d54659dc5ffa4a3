/** Running the asynchronous form of a compiled function. */
import { activate } from './generators.js';
import { type Callable, suspend } from './protocol.js';
import { type Course, late, nextCourse } from './schedule.js';

/**
 * What a twin returns when it has called `impl`, the asynchronous form of `fn`: it suspends; that of a generator makes its object and does not. The
 * twin makes the call itself: each frame between functions of the program is one less that a stack shows of them.
 *
 * @param result what `impl` has returned
 */
export function begun(
  result: Promise<unknown> | object,
  course: Course | undefined,
  fn: Callable,
  impl: Callable,
): unknown {
  if (!isPromise(result)) return activate(result, fn, impl);
  return suspend(course === 'late' ? late(result) : result);
}

/** Runs `impl`, the asynchronous form of a function that cannot be had as a value, and suspends. */
export function startImpl(impl: Callable, self: unknown, args: readonly unknown[]): unknown {
  const pending: Promise<unknown> = Reflect.apply(impl, self, args);
  return suspend(nextCourse() === 'late' ? late(pending) : pending);
}

/** Tells what an async function returns, also one that a build tool has lowered, from the object of a generator. */
function isPromise(result: object): result is Promise<unknown> {
  return result instanceof Promise || typeof (result as { then?: unknown }).then === 'function';
}
