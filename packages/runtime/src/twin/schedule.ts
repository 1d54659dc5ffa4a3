/** Schedules by which tests of the compiler vary what a call of a compiled function does. */
import { box, SUSPENDED, suspend, take } from './protocol.js';
import { asWait } from './waits.js';

/**
 * What a call of a compiled function does: run its asynchronous form; run that and suspend in any case, for some microtasks (`soon`) or for a turn
 * of the event loop behind it (`late`); or run the original.
 */
export type Course = 'asynchronous' | 'soon' | 'late' | 'original';

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

/** Whether a call suspends that has come to its end. */
export function isDelayed(course: Course | undefined): boolean {
  return course === 'soon' || course === 'late';
}

/** The result of a call that suspends, delayed as its course says. */
export async function delayed(pending: Promise<unknown>, course: Course | undefined): Promise<unknown> {
  const result = await pending;
  if (course === 'late') await asWait(new Promise((resolve) => setImmediate(resolve)));
  return result;
}

/** The result of a call, which suspends in any case if its course says so. */
export function inCourse(course: Course | undefined, result: unknown): unknown {
  if (!isDelayed(course)) return result;
  return suspend(delayed(result === SUSPENDED ? take() : Promise.resolve(box(result)), course));
}
