import childProcess from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { assertYields, BlockedLoopError, link } from '../../src/index.js';

function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function wait(ms: number): string {
  return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function failure(fn: () => unknown, limit?: number): Promise<BlockedLoopError> {
  const error = await assertYields(fn, limit === undefined ? {} : { limit }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BlockedLoopError);
  return error as BlockedLoopError;
}

// Generous limits: on a busy machine, the process itself may be kept waiting.
it('returns what the function returns', async () => {
  expect(await assertYields(() => 1, { limit: 1000 })).toBe(1);
  expect(await assertYields(async () => sleep(20, 'slept'), { limit: 1000 })).toBe('slept');
});

it('names the call that held the loop, and its line', async () => {
  const { message, calls, duration } = await failure(async () => {
    await sleep(10);
    wait(120);
  });
  expect(message).toMatch(
    /^The event loop was held for \d+ ms, longer than 50 ms in\n {2}Atomics\.wait: \d+ ms, from .*assertYields\.test\.ts:\d+:\d+ \(wait\)/,
  );
  expect(calls[0]?.api).toBe('Atomics.wait');
  expect(duration).toBeGreaterThanOrEqual(119);
});

it('sees what a function does before its first await', async () => {
  expect((await failure(() => wait(90), 60)).calls[0]?.api).toBe('Atomics.wait');
});

it('sees several calls that hold the loop together', async () => {
  const { calls } = await failure(() => {
    for (let i = 0; i < 5; i++) wait(30);
  }, 100);
  expect(calls.length).toBe(5);
});

it('sees JavaScript that holds the loop', async () => {
  const { message, calls } = await failure(async () => {
    await sleep(20);
    busy(150);
  });
  expect(message).toContain('no blocking call was seen, so JavaScript held it');
  expect(calls).toEqual([]);
});

it('sees children', async () => {
  const { calls } = await failure(() =>
    childProcess.execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 60)']),
  );
  expect(calls[0]?.api).toBe('child_process.execFileSync');
});

it('throws what the function throws, also as the cause', async () => {
  const error = new Error('own');
  await expect(assertYields(() => Promise.reject(error), { limit: 1000 })).rejects.toBe(error);
  const { cause } = await failure(() => {
    wait(90);
    throw error;
  });
  expect(cause).toBe(error);
});

it('runs the asynchronous form of a function that has one', async () => {
  const form = link(
    () => {
      wait(200);
      return 'blocked';
    },
    async () => sleep(10, 'suspended'),
  );
  expect(await assertYields(form, { limit: 150 })).toBe('suspended');
});

it('refuses limits that cannot be measured', async () => {
  await expect(assertYields(() => fs.existsSync('.'), { limit: 1 })).rejects.toThrow(
    'assertYields: the limit is 1 ms. Set it to 5 or more.',
  );
  await expect(assertYields(() => 1, { limit: Number.NaN })).rejects.toThrow(RangeError);
});
