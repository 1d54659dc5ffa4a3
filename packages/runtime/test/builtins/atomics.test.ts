/** The twin of Atomics.wait: as a sleep, and where another thread may notify. */
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { installAtomics, unshared } from '../../src/builtins/atomics.js';
import { SUSPENDED, take, twinOf } from '../../src/twin/protocol.js';

installAtomics();
const twin = twinOf(Atomics.wait) as (...args: unknown[]) => unknown;
const cell = () => new Int32Array(new SharedArrayBuffer(8));
const settle = async (result: unknown) => (result === SUSPENDED ? take() : result);

describe.each([
  ['memory that others may reach', (array: Int32Array) => array],
  ['memory that is only slept on', unshared],
])('waiting on %s', (_, mark) => {
  it('takes as long as asked for, never less', async () => {
    for (const timeout of [0.2, 1, 5.5, 20]) {
      const started = performance.now();
      expect(await settle(twin(mark(cell()), 0, 0, timeout))).toBe('timed-out');
      expect(performance.now() - started).toBeGreaterThanOrEqual(timeout);
    }
  });

  it('answers at once where there is nothing to wait for', () => {
    expect(twin(mark(cell()), 1, 7, 1000)).toBe('not-equal');
    expect(twin(mark(cell()), 0, 0, 0)).toBe('timed-out');
    expect(twin(mark(cell()), 0, 0, -5)).toBe('timed-out');
    expect(twin(mark(cell()), 0, 2 ** 32, 0)).toBe('timed-out');
  });

  it.each([
    ['an index outside', [2, 0, 1]],
    ['a negative index', [-1, 0, 1]],
    ['a symbol for the timeout', [0, 0, Symbol('x')]],
    ['a bigint for the value', [0, 1n, 1]],
  ])('refuses %s as the original does', (_, args) => {
    const message = (run: () => unknown) => {
      try {
        return run();
      } catch (error) {
        return String(error);
      }
    };
    const expected = message(() => Reflect.apply(Atomics.wait, Atomics, [cell(), ...args]));
    expect(message(() => twin(mark(cell()), ...args))).toBe(expected);
  });

  it('converts its arguments as the original does', async () => {
    expect(await settle(twin(mark(cell()), '0', { valueOf: () => 0 }, '2'))).toBe('timed-out');
    expect(twin(mark(cell()), undefined, 5.9, 10)).toBe('not-equal');
  });
});

it('is woken by another thread', async () => {
  const array = cell();
  const source = `require('worker_threads').workerData && setTimeout(() => Atomics.notify(require('worker_threads').workerData, 0), 20)`;
  const worker = new Worker(source, { eval: true, workerData: array });
  expect(await settle(twin(array, 0, 0, 10_000))).toBe('ok');
  await worker.terminate();
});
