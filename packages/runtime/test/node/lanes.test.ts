/** How many calls are handed to the thread pool at a time. */
import { afterEach, expect, it, vi } from 'vitest';
import { timeNow } from '../../src/node/clock.js';
import { computing, newPace, type Pace } from '../../src/node/lanes.js';
import type { Done } from '../../src/node/offload.js';

vi.mock('../../src/node/clock.js', async (load) => {
  const real = await load<typeof import('../../src/node/clock.js')>();
  return { ...real, timeNow: vi.fn(real.timeNow) };
});

const THREADS = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
const MANY = 20 * THREADS;

afterEach(() => void vi.mocked(timeNow).mockReset());

/** Makes calls on the lane that end when they are told to. */
function calls(count: number, pace?: Pace): Done[] {
  const begun: Done[] = [];
  for (let i = 0; i < count; i++) {
    const call = { start: (done: Done) => begun.push(done), block: () => undefined, repeatOnFailure: false };
    computing.whenFree(call, undefined, pace).start(() => {});
  }
  return begun;
}

function endAll(begun: readonly Done[]): void {
  // Those that begin meanwhile are in the list, too.
  for (const done of begun) done(undefined);
}

/** What is known of calls after one that has taken so long. */
function paceAfter(milliseconds: number): Pace {
  const clock = vi.mocked(timeNow).mockReturnValue(0);
  const pace = newPace();
  const begun = calls(1, pace);
  clock.mockReturnValue(milliseconds);
  endAll(begun);
  return pace;
}

it('as many as there are threads, of calls that nothing is known of', () => {
  const begun = calls(MANY);
  expect(begun).toHaveLength(THREADS);
  endAll(begun);
  expect(begun).toHaveLength(MANY);
});

it('a millisecond of work is queued behind them', () => {
  const begun = calls(MANY, paceAfter(0.5));
  expect(begun).toHaveLength(3 * THREADS);
  endAll(begun);
  expect(begun).toHaveLength(MANY);
});

it('not more than four times as many as there are threads, however short they are', () => {
  const begun = calls(MANY, paceAfter(0.001));
  expect(begun).toHaveLength(5 * THREADS);
  endAll(begun);
});

it('nothing is queued behind long calls', () => {
  const begun = calls(MANY, paceAfter(50));
  expect(begun).toHaveLength(THREADS);
  endAll(begun);
});

it('what calls have waited for others does not count', () => {
  const pace = paceAfter(0.5);
  const clock = vi.mocked(timeNow).mockReturnValue(0);
  const begun = calls(3 * THREADS, pace);
  clock.mockReturnValue(1.5);
  // The last has waited for two others.
  begun.pop()?.(undefined);
  expect(pace.ahead).toBe(2 * THREADS);
  endAll(begun);
});

it('short calls do not overtake those that wait, and widen nothing for them', () => {
  const short = paceAfter(0.001);
  const long = calls(2 * THREADS);
  const behind = calls(1, short);
  expect(computing.isTaken(short)).toBe(true);
  expect([long.length, behind.length]).toEqual([THREADS, 0]);
  endAll(long);
  endAll(behind);
  expect([long.length, behind.length]).toEqual([2 * THREADS, 1]);
});
