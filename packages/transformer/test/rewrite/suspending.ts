/** Functions that suspend in tests. */
import { box, linkTwin, suspend } from '../../../runtime/src/twin/protocol.js';

/**
 * Links a twin to `fn` that has done what `call` does when it returns, and then suspends for a turn of the event loop where `suspends` says so.
 *
 * @returns fn
 */
export function linkSuspending<A extends unknown[]>(
  fn: (...args: A) => unknown,
  call: (...args: A) => unknown,
  suspends: () => boolean,
): (...args: A) => unknown {
  return linkTwin(fn, (...args) => {
    const value = call(...(args as A));
    if (!suspends()) return value;
    return suspend(new Promise((resolve) => setImmediate(resolve)).then(() => box(value)));
  });
}
