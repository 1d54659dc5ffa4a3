/** Schedules by which tests of the compiler vary what a call of a compiled function does. */
import { SUSPENDED, suspend, take } from './protocol.js';
import { asWait } from './waits.js';

/** What a call of a compiled function does: run its asynchronous form, run that with a turn of the event loop behind it, or run the original. */
export type Course = 'asynchronous' | 'late' | 'original';

/** Chooses the course of each call. */
export type Schedule = () => Course;

let schedule: Schedule | undefined;

/** Lets `next` choose the course of every call of a compiled function from now on; undefined ends that. For tests. */
export function scheduleTwins(next: Schedule | undefined): void {
  schedule = next;
}

/** The course of the next call; undefined without a schedule. */
export function nextCourse(): Course | undefined {
  return schedule?.();
}

/** What a call resolves to, a turn of the event loop later. */
export async function late(pending: Promise<unknown>): Promise<unknown> {
  const result = await pending;
  await asWait(new Promise((resolve) => setImmediate(resolve)));
  return result;
}

/** What a call that may have suspended has returned: it suspends longer on the course `late`. */
export function inCourse(course: Course | undefined, result: unknown): unknown {
  return course === 'late' && result === SUSPENDED ? suspend(late(take())) : result;
}
