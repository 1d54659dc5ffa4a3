/** Running the asynchronous form of a compiled function. */
import { activate } from './generators.js';
import { type Callable, SUSPENDED, suspend, take } from './protocol.js';
import { late, nextCourse } from './schedule.js';

/** Runs `impl`, the asynchronous form of `fn`, and suspends; that of a generator makes its object and does not. */
export function start(fn: Callable, impl: Callable, self: unknown, args: ArrayLike<unknown>): unknown {
  const course = nextCourse();
  if (course === 'original') return Reflect.apply(fn, self, args);
  const result = impl.apply(self, args as never) as Promise<unknown> | object;
  if (!isPromise(result)) return activate(result, fn, impl);
  return suspend(course === 'late' ? late(result) : result);
}

/** Runs `run`, which may suspend, or `original`, which does the same and does not. */
export function startEither(original: () => unknown, run: () => unknown): unknown {
  const course = nextCourse();
  if (course === 'original') return original();
  const result = run();
  return course === 'late' && result === SUSPENDED ? suspend(late(take())) : result;
}

/** Tells what an async function returns, also one that a build tool has lowered, from the object of a generator. */
function isPromise(result: object): result is Promise<unknown> {
  return result instanceof Promise || typeof (result as { then?: unknown }).then === 'function';
}
