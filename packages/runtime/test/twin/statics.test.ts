import { expect, test } from 'vitest';
import { SUSPENDED, take } from '../../src/twin/protocol.js';
import { statics } from '../../src/twin/statics.js';

type Element = Parameters<typeof statics>[0][number];

/** As compiled code writes them. */
function element(run: () => void, isWaiting = false): Element {
  return async (done) => {
    try {
      if (isWaiting) await null;
      run();
      done();
    } catch (error) {
      done(error);
      throw error;
    }
  };
}

test('elements that do not suspend are run at once', () => {
  const log: number[] = [];
  expect(statics([element(() => log.push(1)), element(() => log.push(2))])).toBeUndefined();
  expect(log).toEqual([1, 2]);
});

test('elements behind one that suspends are run when it has ended', async () => {
  const log: number[] = [];
  const elements = [1, 2, 3, 4].map((n) => element(() => log.push(n), n % 2 === 0));
  expect(statics(elements)).toBe(SUSPENDED);
  const pending = take();
  expect(log).toEqual([1]);
  await pending;
  expect(log).toEqual([1, 2, 3, 4]);
});

test.each([false, true])('what an element throws ends the class (suspends: %s)', async (isWaiting) => {
  const log: number[] = [];
  const failing = element(() => {
    throw undefined;
  }, isWaiting);
  const run = () => statics([failing, element(() => log.push(1))]);
  if (isWaiting) {
    expect(run()).toBe(SUSPENDED);
    await expect(take()).rejects.toBeUndefined();
  } else expect(() => run()).toThrow();
  expect(log).toEqual([]);
});

test('what an element throws that others have waited for is thrown at its place', async () => {
  const failing = element(() => {
    throw new RangeError('failed');
  });
  expect(statics([element(() => {}, true), failing])).toBe(SUSPENDED);
  await expect(take()).rejects.toThrow(RangeError);
});
