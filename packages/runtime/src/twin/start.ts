/** What the twin of a compiled function does when it has called the asynchronous form. */
import { type Call, callForm, ended } from './calls.js';
import { activate } from './generators.js';
import { type Callable, suspend } from './protocol.js';
import { type Course, delayed, isDelayed, nextCourse } from './schedule.js';

/**
 * What a twin returns when it has called `impl`, the asynchronous form of `fn`: what that has come to, or that it suspends; the form of a generator
 * makes its object and does not. The twin makes the call itself: each frame between functions of the program is one less that a stack shows
 * of them.
 *
 * @param call the call that was being made
 * @param result what `impl` has returned
 */
export function resultOf(
  call: Call,
  result: Promise<unknown> | object,
  course: Course | undefined,
  fn: Callable,
  impl: Callable,
): unknown {
  if (call.isTold) return ended(call, result, course);
  if (!isPromise(result)) return activate(result, fn, impl);
  return suspend(isDelayed(course) ? delayed(result, course) : result);
}

/** Runs `impl`, the asynchronous form of a function that cannot be had as a value. */
export function startImpl(impl: Callable, self: unknown, args: readonly unknown[]): unknown {
  return callForm(impl, self, args, nextCourse());
}

/** Tells what an async function returns, also one that a build tool has lowered, from the object of a generator. */
function isPromise(result: object): result is Promise<unknown> {
  return result instanceof Promise || typeof (result as { then?: unknown }).then === 'function';
}
