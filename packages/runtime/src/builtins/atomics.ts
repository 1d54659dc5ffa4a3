/** The twin of Atomics.wait: Atomics.waitAsync, with a timer that keeps the event loop alive as the blocked thread was. */
import { linkTwin, suspend } from '../twin/protocol.js';

interface WaitAsyncResult {
  readonly async: boolean;
  readonly value: string | Promise<string>;
}

type WaitAsync = (array: unknown, index: unknown, value: unknown, timeout?: unknown) => WaitAsyncResult;

/** Longest delay of a timer, in milliseconds: stands for ever. */
const FOR_EVER = 2 ** 31 - 1;

export function installAtomics(): void {
  const { wait } = Atomics;
  const waitAsync = (Atomics as unknown as { waitAsync?: WaitAsync }).waitAsync;
  if (waitAsync === undefined) return;
  linkTwin(wait, function (this: unknown, ...args: unknown[]): unknown {
    const [array, index, value, timeout] = args;
    let result: WaitAsyncResult;
    try {
      result = waitAsync(array, index, value, timeout);
    } catch {
      // Both validate alike, but the messages name the function.
      return Reflect.apply(wait, this, args);
    }
    return result.async ? suspend(whileAlive(result.value as Promise<string>)) : result.value;
  });
}

async function whileAlive(pending: Promise<string>): Promise<string> {
  const timer = setInterval(() => {}, FOR_EVER);
  try {
    return await pending;
  } finally {
    clearInterval(timer);
  }
}
