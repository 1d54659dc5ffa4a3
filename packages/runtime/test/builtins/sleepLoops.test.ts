/** The test of a loop that sleeps, and when its twin waits. */
import { afterEach, expect, it, vi } from 'vitest';
import { hasTimeLeft } from '../../src/builtins/sleepLoops.js';
import { TimeoutError, withTimeout } from '../../src/green/limits.js';
import { link } from '../../src/twin/link.js';
import { SUSPENDED, take, twinOf } from '../../src/twin/protocol.js';

const twin = twinOf(hasTimeLeft) as typeof hasTimeLeft;

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function waited(...args: Parameters<typeof hasTimeLeft>): Promise<number> {
  const before = performance.now();
  expect(twin(...args)).toBe(SUSPENDED);
  expect(await take()).toBe(true);
  return performance.now() - before;
}

it.each([
  [1, 2, '<', true],
  [2, 2, '<', false],
  [2, 2, '<=', true],
  [3, 2, '<=', false],
  [2, 1, '>', true],
  [2, 2, '>', false],
  [2, 2, '>=', true],
  [1, 2, '>=', false],
  [Number.NaN, 2, '<', false],
  [undefined, 2, '<=', false],
  ['1', '2', '<', true],
  [1n, 2, '<', true],
] as const)('compares %s and %s by %s', async (left, right, operator, answer) => {
  expect(hasTimeLeft(left, right, operator, true)).toBe(answer);
  const waits = answer && typeof left === 'number';
  expect(twin(left, right, operator, true, left)).toBe(waits ? SUSPENDED : answer);
  if (waits) await take();
});

it('waits for the time that is left', async () => {
  expect(await waited(0, 30, '<', true)).toBeGreaterThanOrEqual(29);
  expect(await waited(new Date(1000), 1030, '<', true, 1030)).toBeGreaterThanOrEqual(29);
  expect(await waited(1030, 1000, '>', true, 1030)).toBeGreaterThanOrEqual(29);
});

it('is interrupted', async () => {
  const limited = twinOf(withTimeout) as typeof withTimeout;
  expect(
    limited(
      20,
      link(
        () => undefined,
        async () => (twin(0, 1e9, '<', true) as unknown) === SUSPENDED && take(),
      ),
    ),
  ).toBe(SUSPENDED);
  await expect(take()).rejects.toThrow(TimeoutError);
});

it('asks again soon where the clock was not read', async () => {
  expect(await waited(0, 1e9, '<', false, 1e9)).toBeLessThan(1000);
});

it('does not wait for operands that are no numbers', () => {
  expect(twin(1, 2, '<', true, 2, new Date())).toBe(true);
  expect(twin(1, 2, '<', true, '2')).toBe(true);
  expect(twin(1, 2, '<', true, { valueOf: () => 2 })).toBe(true);
});

it.each<[string, () => void]>([
  ['Date.now', () => vi.spyOn(Date, 'now').mockReturnValue(5)],
  ['performance.now', () => vi.spyOn(performance, 'now').mockReturnValue(5)],
  ['getTime', () => vi.spyOn(Date.prototype, 'getTime').mockReturnValue(5)],
  ['valueOf', () => vi.spyOn(Date.prototype, 'valueOf').mockReturnValue(5)],
  ['Date', () => vi.useFakeTimers({ toFake: ['Date'] })],
])('does not wait for a clock of the program: %s', (_, mock) => {
  mock();
  expect(twin(1, 2, '<', true, 2)).toBe(true);
});
