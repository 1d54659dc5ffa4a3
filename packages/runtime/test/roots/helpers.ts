/** Hand-written counterparts of compiled code: functions with twins, and calls of registering functions. */
import { vi } from 'vitest';
import { methodRegistrar } from '../../src/twin/callee.js';
import { link } from '../../src/twin/link.js';
import type { Callable } from '../../src/twin/protocol.js';

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** `impl` as the twin of a function of the same name and length that fails the test, should the original be called. */
export function blocking<F extends Callable>(impl: F): Callable {
  const original = () => {
    throw new Error(`the original of ${impl.name} was called`);
  };
  for (const key of ['name', 'length'])
    Object.defineProperty(original, key, { value: impl[key as 'name'], configurable: true });
  return link(original, impl);
}

/** `receiver[name](...args)` as compiled synchronous code calls it where an argument may have a twin. */
export function register(receiver: object, name: string, ...args: unknown[]): unknown {
  return methodRegistrar((receiver as Record<string, unknown>)[name], name).call(receiver, ...args);
}

/** Collects what reaches `uncaughtException` while `body` runs, which is given what has been collected, with the origin. */
export async function uncaughtDuring(
  body: (caught: readonly [unknown, string][]) => Promise<unknown>,
): Promise<[unknown, string][]> {
  const before = process.listeners('uncaughtException');
  const caught: [unknown, string][] = [];
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error, origin) => caught.push([error, origin]));
  try {
    await body(caught);
    await sleep(5);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of before) process.on('uncaughtException', listener);
  }
  return caught;
}

/** Waits until `condition` holds, long enough for a machine that is busy. */
export const until = (condition: () => boolean): Promise<void> =>
  vi.waitFor(
    () => {
      if (!condition()) throw new Error('the condition does not hold');
    },
    { timeout: 20_000, interval: 2 },
  );
