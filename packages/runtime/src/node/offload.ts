/** Suspending on a callback API of Node in place of its blocking form, with the errors of the blocking form. */
import { isError } from '../twin/objects.js';
import { box, suspend } from '../twin/protocol.js';
import { beginWait, endWait, type Wait } from '../twin/waits.js';

/** No callback of Node's that is waited for gets more than two results. */
export type Done = (error: unknown, first?: unknown, second?: unknown) => void;

export interface Offload {
  /** Starts the callback form. May throw, as the callback forms do for bad arguments. */
  readonly start: (done: Done) => void;
  /** The blocking call with the same arguments: what happens if {@link start} throws. */
  readonly block: () => unknown;
  /** Makes one result of those that the callback got; the first by default. */
  readonly collect?: ((first: unknown, second: unknown) => unknown) | undefined;
  /**
   * Whether a failure of the callback form is to be replaced by the error that {@link block} throws, where the callback's
   * lacks fields. Only where a failing call fails early and has no effects.
   */
  readonly repeatOnFailure: boolean | ((error: unknown) => boolean);
  /** What repeats a failed call; {@link block} by default. */
  readonly repeat?: () => unknown;
  /** Corrects what the callback form's error says, where it is not {@link repeatOnFailure replaced}. */
  readonly describeFailure?: (error: unknown) => unknown;
}

/** Hands the outcome of a blocking call to a callback. */
export function answer(block: () => unknown, done: Done): void {
  let result: unknown;
  try {
    result = block();
  } catch (error) {
    done(error);
    return;
  }
  done(undefined, result);
}

/** False if the callback form refuses its arguments. */
export function starts({ start }: Offload, done: Done): boolean {
  try {
    start(done);
    return true;
  } catch {
    return false;
  }
}

/** What is told that a call has ended. */
export interface Ending {
  end(): void;
}

/**
 * Starts the callback form and suspends.
 *
 * @param ending is told when the call has ended, before its caller goes on, if it suspends
 * @returns SUSPENDED, or the result of the blocking call where the callback form refuses the arguments and that does not
 * @throws what the blocking call throws for arguments that the callback form refuses
 */
export function offload(call: Offload, ending?: Ending): unknown {
  // One promise, with one reaction when it is awaited: V8 follows no more than that from an error to the functions that await it.
  let resolve!: (value: unknown) => void;
  let reject!: (error: unknown) => void;
  const finished = new Promise((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  const { collect } = call;
  const wait = beginWait();
  try {
    call.start((error, first, second) => {
      if (error === null || error === undefined) {
        const value = box(collect ? collect(first, second) : first);
        ending?.end();
        endWait(wait);
        resolve(value);
      } else {
        // With both, V8 finds who awaits `finished` from within `failure`.
        failure(error, call, wait, ending).then(resolve, reject);
      }
    });
  } catch {
    endWait(wait);
    return call.block();
  }
  return suspend(finished);
}

/** Rejects with what the blocking call throws in place of `error`. */
async function failure(error: unknown, call: Offload, wait: Wait, ending: Ending | undefined): Promise<never> {
  // What awaits this promise is not known before.
  await undefined;
  try {
    const { describeFailure = (raw: unknown) => raw, repeat = call.block, repeatOnFailure } = call;
    const repeats = typeof repeatOnFailure === 'function' ? repeatOnFailure(error) : repeatOnFailure;
    throw restack(repeats ? await errorOf(repeat, error) : describeFailure(error), failure);
  } finally {
    ending?.end();
    endWait(wait);
  }
}

/** What `repeat` throws, or `otherwise` if it throws nothing: the failure has been observed, and must not turn into a result. */
async function errorOf(repeat: () => unknown, otherwise: unknown): Promise<unknown> {
  try {
    await repeat();
  } catch (error) {
    return error;
  }
  return otherwise;
}

/**
 * Gives an error that was made on the event loop, and so names no caller, the stack of the code that awaits `above`.
 * The text before the frames stays: Node's own errors print their code there.
 *
 * @param above the running async function; its frame and those above it are left out
 */
export function restack(error: unknown, above: (...args: never[]) => unknown): unknown {
  if (!isError(error) || typeof error.stack !== 'string') return error;
  const holder: { stack?: unknown } = {};
  Error.captureStackTrace?.(holder, above);
  // A program may have installed an Error.prepareStackTrace that makes something other than text.
  if (typeof holder.stack !== 'string') return error;
  const frames = holder.stack.indexOf('\n    at ');
  error.stack = head(error.stack, error.message) + (frames < 0 ? '' : holder.stack.slice(frames));
  return error;
}

/** The part of a stack before its frames; the message itself may contain lines that look like frames. */
function head(stack: string, message: string): string {
  const messageAt = stack.indexOf(message);
  const end = stack.indexOf('\n    at ', messageAt < 0 ? 0 : messageAt + message.length);
  return end < 0 ? stack : stack.slice(0, end);
}
