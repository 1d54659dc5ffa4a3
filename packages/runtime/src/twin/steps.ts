/**
 * Twins written as generators: one body that follows the steps of a specification, runs synchronously for as long as
 * nothing suspends, and goes on asynchronously from the first suspension.
 */
import { box, type Callable, type Frame, inFrame, SUSPENDED, suspend, takeInFrame, twinOf, unbox } from './protocol.js';

/** A computation that yields the continuations it has to wait for and is resumed with their results. */
export type Steps<T = unknown> = Generator<Promise<unknown>, T, unknown>;

/**
 * Calls the twin of `fn`, or `fn` where it has none: its result, or {@link SUSPENDED}. For loops, in which {@link call} would make a generator a turn:
 * `const begun = start(fn, self, args); const r = begun === SUSPENDED ? yield takeInFrame() : begun`.
 *
 * @throws whatever the call throws; a TypeError if `fn` is not callable
 */
export function start(fn: Callable, self: unknown, args: readonly unknown[]): unknown {
  return Reflect.apply(twinOf(fn) ?? fn, self, args);
}

/**
 * Calls the twin of `fn`, or `fn` where it has none, and waits for the result: `const r = yield* call(fn, self, args)`.
 *
 * @throws whatever the call throws; a TypeError if `fn` is not callable
 */
export function* call(fn: Callable, self: unknown, args: readonly unknown[]): Steps {
  const begun = start(fn, self, args);
  return begun === SUSPENDED ? yield takeInFrame() : begun;
}

/** Runs `steps` to its end or to its first suspension: the result, or {@link SUSPENDED}. */
export function run(steps: Steps): unknown {
  const frame: Frame = {};
  const first = inFrame(frame, () => steps.next());
  return first.done ? first.value : suspend(finish(steps, first.value, frame));
}

async function finish(steps: Steps, waitingFor: Promise<unknown>, frame: Frame): Promise<unknown> {
  let pending = waitingFor;
  for (;;) {
    let value: unknown;
    let failed = false;
    try {
      value = unbox(await pending);
    } catch (error) {
      value = error;
      failed = true;
    }
    const step = inFrame(frame, () => (failed ? steps.throw(value) : steps.next(value)));
    if (step.done) return box(step.value);
    pending = step.value;
  }
}
