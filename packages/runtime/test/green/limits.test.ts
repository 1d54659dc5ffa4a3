import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import '../../src/compiled.js';
import { atomic, currentSignal, TimeoutError, withSignal, withTimeout } from '../../src/index.js';
import { methodRegistrar } from '../../src/twin/callee.js';
import { linkAsync } from '../../src/twin/link.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';
import { isWaiting } from '../../src/twin/waits.js';

/** What a compiled call of `fn` gives. */
async function call(fn: unknown, ...args: unknown[]): Promise<unknown> {
  const result = Reflect.apply((twinOf(fn) ?? fn) as Callable, undefined, args);
  return result === SUSPENDED ? unbox(await take()) : result;
}

/** A function whose asynchronous form is `form`. */
function blocking<T>(form: () => Promise<T>): () => T {
  return linkAsync((): T => {
    throw new Error('the original ran');
  }, form);
}

const cell = new Int32Array(new SharedArrayBuffer(4));
const sleep = (milliseconds: number) => call(Atomics.wait, cell, 0, 0, milliseconds);
const within = (limit: number, form: () => Promise<unknown>) => call(withTimeout, limit, blocking(form));
const turn = () => new Promise(setImmediate);

const directory = fs.mkdtempSync(join(tmpdir(), 'limits-'));
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));
afterAll(() => expect(isWaiting(), 'a wait has not ended').toBe(false));

describe('withTimeout', () => {
  it('returns what ends in time', async () => {
    expect(await within(10_000, async () => [await sleep(1), 'done'])).toEqual(['timed-out', 'done']);
  });

  it('interrupts where the function is suspended', async () => {
    const start = performance.now();
    const log: unknown[] = [];
    const failure = await within(20, async () => {
      try {
        await sleep(60_000);
      } finally {
        log.push('cleaned up');
      }
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TimeoutError);
    expect(failure).toMatchObject({
      name: 'TimeoutError',
      code: 'ERR_UNBLOCK_TIMEOUT',
      limit: 20,
      message: 'Timed out after 20 ms',
    });
    expect(log).toEqual(['cleaned up']);
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  it('ends the wait of what it interrupts, though that goes on', async () => {
    const fifo = join(directory, 'never');
    childProcess.execFileSync('mkfifo', [fifo]);
    expect(isWaiting()).toBe(false);
    await expect(within(20, () => call(fs.readFileSync, fifo))).rejects.toBeInstanceOf(TimeoutError);
    expect(isWaiting()).toBe(false);
    // Lets the thread go.
    fs.closeSync(fs.openSync(fifo, fs.constants.O_WRONLY));
  });

  it('interrupts once: what cleans up may suspend', async () => {
    const log: unknown[] = [];
    await within(5, async () => {
      try {
        await sleep(60_000);
      } catch (error) {
        log.push(error instanceof TimeoutError, await sleep(5));
      }
    });
    expect(log).toEqual([true, 'timed-out']);
  });

  it('interrupts the next call where nothing is suspended when time is up', async () => {
    const failure = await within(1, async () => {
      const end = performance.now() + 10;
      while (performance.now() < end);
      await turn();
      await turn();
      await sleep(60_000);
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TimeoutError);
  });

  it('tells nested limits apart', async () => {
    const log: unknown[] = [];
    const limitOf = (error: unknown) => (error as TimeoutError).limit;
    await within(60_000, async () => {
      await within(5, async () => sleep(60_000)).catch((error: unknown) => log.push(limitOf(error)));
    });
    await within(5, async () => within(60_000, async () => sleep(60_000))).catch((error: unknown) =>
      log.push(limitOf(error)),
    );
    expect(log).toEqual([5, 5]);
  });

  it('interrupts everything that the function waits for', async () => {
    const results = await within(500, () => Promise.allSettled([sleep(60_000), sleep(60_000), sleep(1)]));
    expect((results as { status: string }[]).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
    ]);
  });

  it('does not interrupt what goes on behind it, or runs beside it', async () => {
    let later: Promise<unknown> | undefined;
    const beside = sleep(40);
    await within(10, async () => {
      later = sleep(40);
    });
    expect(await Promise.all([beside, later])).toEqual(['timed-out', 'timed-out']);
  });

  it('does not interrupt what the event loop calls, whoever has asked for it', async () => {
    const ended: unknown[] = [];
    const timer = methodRegistrar(setTimeout, 'setTimeout');
    const result = await within(30, async () => {
      timer.call(
        undefined,
        blocking(async () => void ended.push(await sleep(60))),
        1,
      );
      return sleep(60_000);
    }).catch((error: unknown) => error);
    expect(result).toBeInstanceOf(TimeoutError);
    await vi.waitFor(() => expect(ended).toEqual(['timed-out']), { timeout: 20_000, interval: 2 });
  });

  it('interrupts thousands of calls that wait for a thread', async () => {
    const make = () => Promise.allSettled(Array.from({ length: 12_000 }, () => call(crypto.scryptSync, 'p', 's', 32)));
    const results = (await within(1, make)) as { readonly status: string }[];
    expect(results.length).toBe(12_000);
    // The next one finds a thread.
    expect(await call(crypto.scryptSync, 'p', 's', 32)).toBeInstanceOf(Buffer);
  });

  it('does what the function does where that throws or returns at once', async () => {
    expect(await call(withTimeout, 1, () => 5)).toBe(5);
    const thrown = new Error('thrown');
    await expect(within(1000, async () => Promise.reject(thrown))).rejects.toBe(thrown);
    expect(
      await call(
        withTimeout,
        Number.POSITIVE_INFINITY,
        blocking(async () => sleep(1)),
      ),
    ).toBe('timed-out');
  });

  it('refuses what is no limit and no function', async () => {
    for (const limit of [-1, Number.NaN, 2 ** 31, '5', undefined]) {
      expect(() => withTimeout(limit as number, () => 1)).toThrow(RangeError);
      await expect(call(withTimeout, limit, () => 1)).rejects.toThrow(RangeError);
    }
    expect(() => withTimeout(1, 5 as never)).toThrow(
      new TypeError('withTimeout: the second argument has to be a function'),
    );
    expect(() => withSignal({} as never, () => 1)).toThrow('withSignal: the first argument has to be an AbortSignal');
  });

  it('uncompiled, calls the function; a promise that it returns can be interrupted', async () => {
    expect(withTimeout(1, () => 5)).toBe(5);
    await expect(withTimeout(5, async () => sleep(60_000))).rejects.toThrow(TimeoutError);
  });
});

describe('withSignal', () => {
  it('throws the reason of the signal', async () => {
    const controller = new AbortController();
    const reason = { why: 'closed' };
    const pending = call(
      withSignal,
      controller.signal,
      blocking(async () => sleep(60_000)),
    );
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });

  it('does not call the function where the signal has been aborted', async () => {
    const signal = AbortSignal.abort(new Error('before'));
    const log: unknown[] = [];
    await expect(call(withSignal, signal, () => log.push('ran'))).rejects.toThrow('before');
    expect(() => withSignal(signal, () => log.push('ran'))).toThrow('before');
    expect(log).toEqual([]);
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    let count = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = function (this: AbortSignal, ...args: [never, never]) {
      count++;
      addEventListener.apply(this, args);
    };
    signal.removeEventListener = function (this: AbortSignal, ...args: [never, never]) {
      count--;
      removeEventListener.apply(this, args);
    };
    await call(
      withSignal,
      signal,
      blocking(async () => sleep(1)),
    );
    await call(
      withSignal,
      signal,
      blocking(async () => Promise.reject(new Error('x'))),
    ).catch(() => {});
    withSignal(signal, () => 1);
    expect(count).toBe(0);
  });
});

it('currentSignal is aborted with what is around', async () => {
  expect(currentSignal()).toBeUndefined();
  const controller = new AbortController();
  const seen = await call(
    withSignal,
    controller.signal,
    blocking(async () => {
      const own = currentSignal();
      const both = (await within(60_000, async () => currentSignal())) as AbortSignal;
      controller.abort('reason');
      return [own === controller.signal, both.aborted, both.reason];
    }),
  );
  expect(seen).toEqual([true, true, 'reason']);
});

it('who has been given the signal is not interrupted again by what cleans up', async () => {
  const controller = new AbortController();
  const log: unknown[] = [];
  const pending = call(
    withSignal,
    controller.signal,
    blocking(async () => {
      const signal = currentSignal() as AbortSignal;
      try {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      } finally {
        log.push(await sleep(1));
      }
    }),
  );
  controller.abort('reason');
  await expect(pending).rejects.toBe('reason');
  expect(log).toEqual(['timed-out']);
});

it('a notice goes to who still waits', async () => {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const controller = new AbortController();
  const first = call(
    withSignal,
    controller.signal,
    blocking(() => call(Atomics.wait, shared, 0, 0)),
  );
  const second = call(Atomics.wait, shared, 0, 0);
  controller.abort('early');
  await expect(first).rejects.toBe('early');
  expect(Atomics.notify(shared, 0, 1)).toBe(1);
  expect(await second).toBe('ok');
});

describe('what is interrupted gives back what it holds:', () => {
  const isRunning = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  it('a child is ended', async () => {
    const file = join(directory, 'pid');
    const run = within(200, () =>
      call(childProcess.execFileSync, process.execPath, [
        '-e',
        `require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`,
      ]),
    );
    await expect(run).rejects.toThrow(TimeoutError);
    // One that had no time to begin is gone as well.
    if (!fs.existsSync(file)) return;
    const pid = Number(fs.readFileSync(file, 'utf8'));
    for (let i = 0; i < 500 && isRunning(pid); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isRunning(pid)).toBe(false);
  });

  it('a descriptor is closed', async () => {
    const file = join(directory, 'fifo');
    childProcess.execFileSync('mkfifo', [file]);
    // Waits on the thread pool until somebody writes.
    await expect(within(20, () => call(fs.openSync, file, 'r'))).rejects.toThrow(TimeoutError);
    const close = vi.spyOn(fs, 'close');
    const writer = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    try {
      await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(1), { timeout: 20_000, interval: 2 });
      const [[fd]] = close.mock.calls as unknown as [[number]];
      await vi.waitFor(() => expect(() => fs.fstatSync(fd)).toThrow('EBADF'), { timeout: 20_000, interval: 2 });
    } finally {
      close.mockRestore();
      fs.closeSync(writer);
    }
  });

  it('a directory is removed that nobody knows of', async () => {
    const prefix = join(directory, 'made-');
    const controller = new AbortController();
    const pending = call(
      withSignal,
      controller.signal,
      blocking(() => call(fs.mkdtempSync, prefix)),
    );
    controller.abort('early');
    await expect(pending).rejects.toBe('early');
    const left = () => fs.readdirSync(directory).filter((name) => name.startsWith('made-'));
    for (let i = 0; i < 500; i++) {
      await turn();
      if (i > 50 && left().length === 0) break;
    }
    expect(left()).toEqual([]);
  });

  it('a lock is left to the next', async () => {
    const log: unknown[] = [];
    const section = (name: string, milliseconds: number) =>
      call(
        atomic,
        'lock',
        blocking(async () => {
          log.push(`${name} begins`);
          await sleep(milliseconds);
          log.push(`${name} ends`);
        }),
      );
    const first = section('first', 40);
    await expect(within(5, () => section('second', 1))).rejects.toThrow(TimeoutError);
    const third = section('third', 1);
    await Promise.all([first, third]);
    expect(log).toEqual(['first begins', 'first ends', 'third begins', 'third ends']);
  });

  it('a write that waits for its turn is not made', async () => {
    const file = join(directory, 'written');
    const first = call(fs.writeFileSync, file, 'first'.repeat(1_000_000));
    const controller = new AbortController();
    const second = call(
      withSignal,
      controller.signal,
      blocking(() => call(fs.writeFileSync, file, 'second')),
    );
    controller.abort('early');
    await expect(second).rejects.toBe('early');
    await first;
    expect(await call(fs.readFileSync, file, 'utf8')).toBe('first'.repeat(1_000_000));
  });

  it('a job that waits for a thread is not begun', async () => {
    const jobs = Array.from({ length: 8 }, () => call(crypto.scryptSync, 'password', 'salt', 32));
    const interrupted = within(0, () => call(crypto.scryptSync, 'password', 'salt', 32)).catch(
      (error: unknown) => error,
    );
    const last = call(crypto.scryptSync, 'password', 'salt', 32);
    expect(await interrupted).toBeInstanceOf(TimeoutError);
    const keys = await Promise.all([...jobs, last]);
    expect(new Set(keys.map((key) => (key as Buffer).toString('hex'))).size).toBe(1);
  });
});
