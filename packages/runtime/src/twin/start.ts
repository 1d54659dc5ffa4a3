/** Running the asynchronous form of a compiled function, and the schedules by which tests of the compiler vary that. */
import { type Callable, suspend } from './protocol.js';

/** What a call of a compiled function does: run its asynchronous form, run that with a turn of the event loop behind it, or run the original. */
export type Course = 'asynchronous' | 'late' | 'original';

/** Chooses the course of each call. */
export type Schedule = () => Course;

let schedule: Schedule | undefined;

/** Lets `next` choose the course of every call of a compiled function from now on; undefined ends that. For tests. */
export function scheduleTwins(next: Schedule | undefined): void {
  schedule = next;
}

/** Runs `impl`, the asynchronous form of `fn`, and suspends. */
export function start(fn: Callable, impl: Callable, self: unknown, args: ArrayLike<unknown>): unknown {
  if (schedule !== undefined) {
    const course = schedule();
    if (course === 'original') return Reflect.apply(fn, self, args);
    if (course === 'late') return suspend(late(Reflect.apply(impl, self, args)));
  }
  return suspend(impl.apply(self, args as never));
}

/** Runs `impl`, the asynchronous form of a function that cannot be had as a value, and suspends. */
export function startImpl(impl: Callable, self: unknown, args: readonly unknown[]): unknown {
  const pending: Promise<unknown> = Reflect.apply(impl, self, args);
  return suspend(schedule?.() === 'late' ? late(pending) : pending);
}

async function late(pending: Promise<unknown>): Promise<unknown> {
  const result = await pending;
  await new Promise((resolve) => setImmediate(resolve));
  return result;
}
