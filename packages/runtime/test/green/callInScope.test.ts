/** Scopes that hold for a single call. */
import { expect, it, vi } from 'vitest';
import { callInScope, currentScope, interruptible } from '../../src/green/interruption.js';
import { suspend, take } from '../../src/twin/protocol.js';

it('interrupts the call that is made in it, and is not around what follows', async () => {
  const controller = new AbortController();
  const ended = vi.fn();
  const scopes: unknown[] = [];
  const pending = callInScope(
    controller.signal,
    async () => {
      scopes.push(currentScope()?.signal);
      interruptible(() => suspend(new Promise(() => {})));
      const call = take();
      await Promise.resolve();
      scopes.push(currentScope());
      await call;
    },
    ended,
  );
  expect(currentScope()).toBeUndefined();
  await Promise.resolve();
  expect(scopes).toEqual([controller.signal, undefined]);
  expect(ended).not.toHaveBeenCalled();
  controller.abort(new RangeError('too late'));
  await expect(pending).rejects.toThrow(new RangeError('too late'));
  expect(ended).toHaveBeenCalledTimes(1);
});
