import { expect, it, vi } from 'vitest';
import type { OnInterrupt } from '../../src/pg/interrupting.js';
import { inTurn } from '../../src/pg/turns.js';

const RULES = { concurrentUse: 'queue', queueTimeout: 1000, isFree: () => true } as const;

/** An interruption, as those who wait hear of it. */
function interruption(): { readonly onInterrupt: OnInterrupt; readonly interrupt: (reason: unknown) => void } {
  let stop: ((reason: unknown) => void) | undefined;
  let came: { readonly reason: unknown } | undefined;
  return {
    onInterrupt(next) {
      stop = next;
      if (came !== undefined) next(came.reason);
    },
    interrupt(reason) {
      came = { reason };
      stop?.(reason);
    },
  };
}

it('does not begin what is interrupted between its turn and its use, and gives the turn to the next', async () => {
  const connection = {};
  const { onInterrupt, interrupt } = interruption();
  let release = (): void => {};
  const first = inTurn(
    connection,
    RULES,
    () => {},
    () => new Promise<void>((resolve) => (release = resolve)),
  );
  const body = vi.fn(() => 2);
  let heard = 0;
  const second = inTurn(
    connection,
    RULES,
    (next) => {
      onInterrupt(next);
      // First it waits, then its turn has come.
      if (++heard === 2) interrupt(new RangeError('interrupted'));
    },
    body,
  );
  const third = inTurn(
    connection,
    RULES,
    () => {},
    () => 3,
  );
  const outcome = expect(second).rejects.toThrow(new RangeError('interrupted'));
  release();
  await first;
  await outcome;
  expect(body).not.toHaveBeenCalled();
  expect(await third).toBe(3);
});

it('waits for ever for a turn where it may', async () => {
  const connection = {};
  const rules = { ...RULES, queueTimeout: Number.POSITIVE_INFINITY };
  const pause = () => new Promise<string>((resolve) => setTimeout(resolve, 30, 'done'));
  const outcomes = [inTurn(connection, rules, () => {}, pause), inTurn(connection, rules, () => {}, pause)];
  expect(await Promise.all(outcomes)).toEqual(['done', 'done']);
});
