/** Static elements of classes that may suspend. */
import { suspend } from './protocol.js';

/** Runs a static element, and calls `done` if it comes to its end, or fails, before it suspends for the first time. */
type Element = (done: (...error: [unknown?]) => void) => Promise<void>;

/**
 * Runs static elements one after the other.
 *
 * @returns undefined, or SUSPENDED if one of them suspends
 */
export function statics(elements: readonly Element[]): unknown {
  for (const [i, element] of elements.entries()) {
    const pending = start(element);
    if (pending !== undefined) return suspend(finish(pending, elements.slice(i + 1)));
  }
  return undefined;
}

/** @throws what the element throws before it suspends */
function start(element: Element): Promise<void> | undefined {
  let isDone = false;
  let thrown: [unknown?] = [];
  const pending = element((...error) => {
    isDone = true;
    thrown = error;
  });
  if (!isDone) return pending;
  if (thrown.length === 0) return undefined;
  pending.catch(() => {});
  throw thrown[0];
}

async function finish(pending: Promise<void>, others: readonly Element[]): Promise<unknown> {
  await pending;
  for (const element of others) {
    const next = start(element);
    if (next !== undefined) await next;
  }
  return undefined;
}
