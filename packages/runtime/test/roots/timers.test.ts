import { AsyncLocalStorage } from 'node:async_hooks';
import { spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { installRoots } from '../../src/node/roots/install.js';
import { rootOf } from '../../src/twin/protocol.js';
import { blocking, register, sleep, uncaughtDuring, until } from './helpers.js';
import { standaloneRuntime } from './standalone.js';

installRoots();

const STARTERS = ['setTimeout', 'setImmediate', 'queueMicrotask'] as const;

describe.each([...STARTERS.map((name) => [name, globalThis] as const), ['nextTick', process] as const])(
  '%s',
  (name, owner) => {
    test('starts the twin', async () => {
      const seen: string[] = [];
      register(
        owner,
        name,
        blocking(async () => {
          seen.push('start');
          await sleep(1);
          seen.push('end');
        }),
      );
      expect(seen).toEqual([]);
      await until(() => seen.length === 2);
      expect(seen).toEqual(['start', 'end']);
    });

    test('leaves callbacks without a twin alone', async () => {
      const given = await new Promise((resolve) => register(owner, name, resolve));
      expect(given).toBeUndefined();
    });

    test('a rejection is an uncaught exception with the origin of a throw', async () => {
      const error = new Error('late');
      const caught = await uncaughtDuring(async () => {
        register(
          owner,
          name,
          blocking(async () => {
            await sleep(1);
            throw error;
          }),
        );
        await sleep(10);
      });
      expect(caught).toEqual([[error, 'uncaughtException']]);
      expect(caught[0]?.[0]).toBe(error);
    });

    test('the asynchronous context is that of the registration', async () => {
      const storage = new AsyncLocalStorage<number>();
      const seen: unknown[] = [];
      storage.run(7, () => {
        register(
          owner,
          name,
          blocking(async () => {
            seen.push(storage.getStore());
            await sleep(1);
            seen.push(storage.getStore());
          }),
        );
      });
      await until(() => seen.length === 2);
      expect(seen).toEqual([7, 7]);
    });
  },
);

test('a timer passes its arguments and itself', async () => {
  let self: unknown;
  let given: unknown;
  const timer = register(
    globalThis,
    'setTimeout',
    blocking(async function (this: unknown, ...args: unknown[]) {
      self = this;
      given = args;
    }),
    1,
    'a',
    2,
  );
  await until(() => given !== undefined);
  expect(given).toEqual(['a', 2]);
  expect(self).toBe(timer);
});

test('clearTimeout cancels', async () => {
  let ran = false;
  clearTimeout(
    register(
      globalThis,
      'setTimeout',
      blocking(async () => {
        ran = true;
      }),
      2,
    ) as NodeJS.Timeout,
  );
  await sleep(8);
  expect(ran).toBe(false);
});

test('promisify still finds its own form of setTimeout, and the function itself is unchanged', async () => {
  expect(await promisify(setTimeout)(1, 'value')).toBe('value');
  expect(rootOf(setTimeout)).not.toBe(setTimeout);
  expect([setTimeout.name, Object.keys(setTimeout)]).toEqual(['setTimeout', []]);
});

describe('setInterval', () => {
  test('never overlaps itself', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const timer = register(
      globalThis,
      'setInterval',
      blocking(async () => {
        most = Math.max(most, ++running);
        await sleep(12);
        running--;
        runs++;
      }),
      5,
    );
    await until(() => runs >= 3);
    clearInterval(timer as NodeJS.Timeout);
    expect(most).toBe(1);
  });

  test('makes up for missed ticks once, at once', async () => {
    const log: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const timer = register(
      globalThis,
      'setInterval',
      blocking(async () => {
        log.push('run');
        if (log.length > 1) return;
        await held;
        log.push('end');
      }),
      50,
    );
    // Timers of one duration take turns: after each tick of the interval comes one of this.
    const ticks = setInterval(() => {
      if (log.push('tick') !== 4) return;
      // The ticks of the interval before this one and the last were missed.
      release();
      setImmediate(() => log.push('turn'));
    }, 50);
    await until(() => log.length >= 9);
    clearInterval(timer as NodeJS.Timeout);
    clearInterval(ticks);
    expect(log.slice(0, 9).join(' ')).toBe('run tick tick tick end run turn run tick');
  });

  test('a tick that was missed does not run after clearInterval', async () => {
    let runs = 0;
    const timer = register(
      globalThis,
      'setInterval',
      blocking(async () => {
        runs++;
        await sleep(15);
        clearInterval(timer as NodeJS.Timeout);
      }),
      5,
    );
    await sleep(50);
    expect(runs).toBe(1);
  });

  test('goes on after a rejection that was handled', async () => {
    let runs = 0;
    const caught = await uncaughtDuring(async () => {
      const timer = register(
        globalThis,
        'setInterval',
        blocking(async () => {
          runs++;
          await sleep(1);
          if (runs === 1) throw new Error('first');
        }),
        2,
      );
      await until(() => runs >= 3);
      clearInterval(timer as NodeJS.Timeout);
    });
    expect(caught.map(([error]) => String(error))).toEqual(['Error: first']);
  });
});

describe('without a handler that helps, the process ends as after a throw in the callback', () => {
  const runtime = standaloneRuntime();
  const program = (prologue: string, callback: string) => `
    import { installRoots } from '${runtime}/node/roots/install.js';
    import { registrar } from '${runtime}/twin/callee.js';
    import { link } from '${runtime}/twin/link.js';
    installRoots();
    process.on('exit', (code) => console.log('exit', code));
    ${prologue}
    ${callback}
  `;
  const throwing = 'setTimeout(function tick() { throw new RangeError("boom"); }, 1)';
  const rejecting = `
    const tick = link(function tick() {}, async function tick() { await null; throw new RangeError("boom"); });
    registrar(setTimeout, "setTimeout")(tick, 1);`;

  test.each([
    { prologue: '', code: 1, text: /RangeError: boom\n {4}at .*\btick\b/ },
    {
      prologue: 'process.on("uncaughtException", () => { throw new Error("again"); });',
      code: 7,
      text: /Error: again\n {4}at /,
    },
  ])('exit code $code', ({ prologue, code, text }) => {
    const run = (source: string) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', program(prologue, source)], { encoding: 'utf8' });
    const [thrown, rejected] = [run(throwing), run(rejecting)];
    expect(thrown.status).toBe(code);
    expect([rejected.status, rejected.stdout]).toEqual([thrown.status, thrown.stdout]);
    for (const { stderr } of [thrown, rejected]) expect(stderr).toMatch(text);
  });
});
