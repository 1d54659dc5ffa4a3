/** Blocking calls that twins make: those that complete in place, and those that the asynchronous forms would not take. */
import { asTwinsCall } from '../monitor/twinForm.js';
import { isError } from '../twin/objects.js';
import type { Callable } from '../twin/protocol.js';

/**
 * Calls `original`, with the stack of the program in the errors of Node: V8 keeps ten frames, which the runtime's own would use up.
 *
 * @param twin the running function that the program called in place of `original`; its frame and those above it are left out
 * @throws what `original` throws
 */
export function blockingCall(original: Callable, self: unknown, args: readonly unknown[], twin: Callable): unknown {
  try {
    return Reflect.apply(asTwinsCall(original), self, args);
  } catch (error) {
    // The stack is made into text when somebody asks for it, as that of any error is.
    if (isOfNode(error) && Object.isExtensible(error)) Error.captureStackTrace?.(error, twin);
    throw error;
  }
}

/** An error without a code may be one of the program's, thrown by a getter among the arguments: it has frames of its own. */
export function isOfNode(error: unknown): error is Error {
  return isError(error) && typeof (error as NodeJS.ErrnoException).code === 'string';
}
