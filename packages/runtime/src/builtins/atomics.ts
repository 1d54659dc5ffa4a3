/** The twin of Atomics.wait. */

import { type Interruption, interruptible } from '../green/interruption.js';
import { asTwinsCall } from '../monitor/twinForm.js';
import { clearInterval, clearTimeout, setInterval, setTimeout, timeNow } from '../node/clock.js';
import { linkTwin, suspend } from '../twin/protocol.js';
import { beginWait, endWait } from '../twin/waits.js';

interface WaitAsyncResult {
  readonly async: boolean;
  readonly value: string | Promise<string>;
}

type WaitAsync = (array: unknown, index: unknown, value: unknown, timeout?: unknown) => WaitAsyncResult;

/** Longest delay of a timer, in milliseconds: stands for ever. */
const FOR_EVER = 2 ** 31 - 1;

const { wait } = Atomics;
const waitAsync = (Atomics as unknown as { waitAsync?: WaitAsync }).waitAsync;

/** Arrays over memory that nothing but calls of Atomics.wait can reach, so that nobody can ever notify. */
const unsharedArrays = new WeakSet<Int32Array>();

/**
 * Compiled code puts this around the array of which it sees that the program only ever waits on it: the wait is a sleep, for which a timer is
 * enough.
 *
 * @returns array
 */
export function unshared<T>(array: T): T {
  if (array instanceof Int32Array) unsharedArrays.add(array);
  return array;
}

export function installAtomics(): void {
  linkTwin(wait, function (this: unknown, ...args: unknown[]): unknown {
    return interruptible((interruption) =>
      isSleep(args) ? sleep(args, interruption) : waitForNotice(this, args, interruption),
    );
  });
}

type SleepArguments = readonly [array: Int32Array, index: number, value: number, timeout: number];

/** Numbers are used as they are; what has to be converted first, or waits for ever, goes the long way. */
function isSleep(args: readonly unknown[]): args is SleepArguments {
  const [array, index, value, timeout] = args;
  return (
    unsharedArrays.has(array as Int32Array) &&
    Number.isInteger(index) &&
    (index as number) >= 0 &&
    (index as number) < (array as Int32Array).length &&
    Number.isInteger(value) &&
    typeof timeout === 'number' &&
    timeout < FOR_EVER
  );
}

function sleep([array, index, value, timeout]: SleepArguments, interruption: Interruption | undefined): unknown {
  // The value is compared as a 32-bit integer.
  if (array[index] !== (value | 0)) return 'not-equal';
  return timeout > 0 ? suspend(timedOut(timeout, interruption)) : 'timed-out';
}

/** Timers count from the time that the event loop noticed last, and so may fire early: a sleep never ends early. */
function timedOut(timeout: number, interruption?: Interruption): Promise<string> {
  const end = timeNow() + timeout;
  const wait = beginWait();
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout;
    const check = () => {
      const left = end - timeNow();
      if (left > 0) {
        timer = setTimeout(check, Math.ceil(left));
        return;
      }
      endWait(wait);
      resolve('timed-out');
    };
    timer = setTimeout(check, Math.ceil(timeout));
    if (interruption === undefined) return;
    interruption.release = () => {
      clearTimeout(timer);
      endWait(wait);
    };
  });
}

function waitForNotice(self: unknown, args: readonly unknown[], interruption: Interruption | undefined): unknown {
  if (waitAsync === undefined) return Reflect.apply(asTwinsCall(wait), self, args);
  const [array, index, value, timeout] = args;
  let result: WaitAsyncResult;
  try {
    result = waitAsync(array, index, value, timeout);
  } catch {
    // Both validate alike, but the messages name the function.
    return Reflect.apply(asTwinsCall(wait), self, args);
  }
  return result.async ? suspend(whileAlive(result.value as Promise<string>, args, interruption)) : result.value;
}

/** A pending waitAsync does not keep the event loop alive, as the blocked thread was. */
async function whileAlive(
  pending: Promise<string>,
  [array, index, , timeout]: readonly unknown[],
  interruption: Interruption | undefined,
): Promise<string> {
  const end = timeNow() + Number(timeout);
  const timer = setInterval(() => {}, FOR_EVER);
  const wait = beginWait();
  const stop = () => {
    clearInterval(timer);
    endWait(wait);
  };
  if (interruption !== undefined) interruption.release = stop;
  try {
    const woken = await pending;
    // The notice was meant for somebody who waits.
    if (woken === 'ok' && interruption?.isInterrupted) Atomics.notify(array as Int32Array, Number(index), 1);
    // V8's own timeout may come a little early (Node 20).
    return woken === 'timed-out' && timeNow() < end ? await timedOut(end - timeNow()) : woken;
  } finally {
    stop();
  }
}
