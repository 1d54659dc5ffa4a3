import { describe, expect, test } from 'vitest';
import { installBuiltins } from '../../src/builtins/install.js';
import { installRoots } from '../../src/node/roots/install.js';
import { asyncCallback } from '../../src/node/roots/wrap.js';
import { callee, constructorRegistrar, creator } from '../../src/twin/callee.js';
import { box, type Callable, linkTwin, SUSPENDED, take, unbox } from '../../src/twin/protocol.js';
import { blocking, register, sleep } from './helpers.js';

installBuiltins();
installRoots();

const later = (value: unknown) =>
  blocking(async () => {
    await sleep(1);
    return box(value);
  });
const failing = (error: unknown) =>
  blocking(async () => {
    await sleep(1);
    throw error;
  });

describe('then, catch and finally', () => {
  test.each([
    ['then', () => register(Promise.resolve(1), 'then', later('value'))],
    ['then, second argument', () => register(Promise.reject(1), 'then', undefined, later('value'))],
    ['catch', () => register(Promise.reject(1), 'catch', later('value'))],
    ['then, a promise as value', () => register(Promise.resolve(1), 'then', later(Promise.resolve('value')))],
  ])('%s: the result of the twin', async (_name, start) => {
    expect(await start()).toBe('value');
  });

  test('the twin gets the value', async () => {
    const echo = blocking(async (value: unknown) => {
      await sleep(1);
      return value;
    });
    expect(await register(Promise.resolve('given'), 'then', echo)).toBe('given');
  });

  test('finally waits, and keeps the value', async () => {
    let done = false;
    const value = await register(
      Promise.resolve('kept'),
      'finally',
      blocking(async () => {
        await sleep(2);
        done = true;
      }),
    );
    expect([value, done]).toEqual(['kept', true]);
  });

  test.each(['then', 'finally'])('%s: a rejection of the twin rejects', async (name) => {
    const error = new Error('late');
    await expect(register(Promise.resolve(), name, failing(error))).rejects.toBe(error);
  });

  test('a twin that does not suspend costs no promise', async () => {
    const order: string[] = [];
    const immediate = linkTwin((() => 'original') as Callable, () => 'twin');
    const value = register(Promise.resolve(), 'then', immediate) as Promise<unknown>;
    const plain = Promise.resolve().then(() => 'plain');
    value.then(() => order.push('twin'));
    plain.then(() => order.push('plain'));
    await sleep(1);
    expect([await value, order]).toEqual(['twin', ['twin', 'plain']]);
  });
});

/** What compiled code does with the call of a function that has no name here. */
const awaited = (result: unknown) => (result === SUSPENDED ? take() : result);
const construct = (executor: unknown) => awaited(creator(Promise, 'Promise')(executor));

describe('new Promise', () => {
  const create = async (executor: unknown) => unbox(await construct(executor)) as Promise<unknown>;

  test('the executor resolves after a suspension', async () => {
    const promise = unbox(
      await construct(
        blocking(async (resolve: (value: string) => void) => {
          await sleep(1);
          resolve('value');
        }),
      ),
    ) as Promise<unknown>;
    expect(Object.getPrototypeOf(promise)).toBe(Promise.prototype);
    expect(await promise).toBe('value');
  });

  test('a rejection of the executor rejects, unless it had resolved', async () => {
    const error = new Error('late');
    await expect(create(failing(error))).rejects.toBe(error);
    const resolved = create(
      blocking(async (resolve: (value: string) => void) => {
        resolve('first');
        await sleep(1);
        throw error;
      }),
    );
    expect(await resolved).toBe('first');
    await sleep(3);
  });

  test('a subclass runs the original in place', () => {
    class Sub extends Promise<unknown> {}
    let ran = false;
    const executor = linkTwin(
      (() => {
        ran = true;
      }) as Callable,
      () => {
        throw new Error('the twin was called');
      },
    );
    const promise = new (constructorRegistrar(Sub))(executor);
    expect([ran, promise instanceof Sub]).toEqual([true, true]);
  });
});

// Promise.try: Node 24.
test.skipIf(!('try' in Promise))('Promise.try', async () => {
  const attempt = (Promise as unknown as { try: Callable }).try;
  const promise = unbox(await awaited(callee(attempt, 'Promise.try').call(Promise, later('value'))));
  expect(await promise).toBe('value');
});

describe('asyncCallback', () => {
  test('keeps name and length, and returns a promise only where the twin suspends', async () => {
    const callback = asyncCallback(
      blocking(async function body(_a: unknown, _b: unknown) {
        await sleep(1);
        return 'value';
      }),
    );
    expect([callback.name, callback.length]).toEqual(['body', 2]);
    const result = callback(1, 2);
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe('value');
    expect(asyncCallback(linkTwin((() => 1) as Callable, () => 2))()).toBe(2);
  });

  test('returns functions without a twin, and anything else, as they are', () => {
    const plain = () => 1;
    expect(asyncCallback(plain)).toBe(plain);
    expect(asyncCallback('text')).toBe('text');
  });
});
