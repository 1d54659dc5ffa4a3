/** The pool, over clients that need no server. */
import { expect, it } from 'vitest';
import '../../src/compiled.js';
import { withTimeout } from '../../src/index.js';
import { Pool, PoolTimeoutError } from '../../src/pg/index.js';
import { linkAsync } from '../../src/twin/link.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A connection on which nothing takes time. */
class FakeClient {
  status: string | null = 'I';
  isEnded = false;
  readonly queries: string[] = [];
  constructor(readonly connect: () => void = () => {}) {}
  connectSync(): void {
    this.connect();
  }
  querySync(text: string): unknown[] {
    this.queries.push(text);
    if (text === 'rollback') this.status = 'I';
    return [];
  }
  getTransactionStatus(): string | null {
    return this.status;
  }
  end(): void {
    this.isEnded = true;
  }
}

/** @param made what each client is made by, one after the other; the last for all that follow */
function poolOf(made: readonly (() => FakeClient)[], options: object = {}) {
  const clients: FakeClient[] = [];
  let count = 0;
  const create = (): FakeClient => {
    const client = (made[Math.min(count++, made.length - 1)] as () => FakeClient)();
    clients.push(client);
    return client;
  };
  const pool = new Pool<FakeClient>({ url: 'postgresql://', max: 1, checkoutTimeout: 1000, create, ...options });
  return { pool, clients };
}

async function call(fn: unknown, self: unknown, ...args: unknown[]): Promise<unknown> {
  const result = Reflect.apply((twinOf(fn) ?? fn) as Callable, self, args);
  return result === SUSPENDED ? unbox(await take()) : result;
}

/** What compiled code does with a connection, in a form that suspends. */
const lend = (pool: Pool<FakeClient>, form: (client: FakeClient) => Promise<unknown>) =>
  call(
    pool.withConnection,
    pool,
    linkAsync((client: FakeClient) => client, form),
  );

const well = () => new FakeClient();
const breaking = async (client: FakeClient) => {
  await pause(5);
  client.status = null;
};

it('gives the room of a broken connection to whoever waits', async () => {
  const { pool, clients } = poolOf([well]);
  const first = lend(pool, breaking);
  const second = lend(pool, async (client) => client);
  await first;
  expect(await second).toBe(clients[1]);
  expect([clients[0]?.isEnded, clients[1]?.isEnded, pool.size]).toEqual([true, false, { total: 1, idle: 1 }]);
});

it.each([
  [
    'made',
    () => {
      throw new RangeError('refused');
    },
  ],
  [
    'connected',
    () =>
      new FakeClient(() => {
        throw new RangeError('refused');
      }),
  ],
] as const)('gives the room for a connection that cannot be %s to whoever waits next', async (_, failing) => {
  const { pool } = poolOf([well, failing, well]);
  const first = lend(pool, breaking);
  const second = lend(pool, async () => 'second');
  const third = lend(pool, async () => 'third');
  await first;
  await expect(second).rejects.toThrow(new RangeError('refused'));
  expect(await third).toBe('third');
  expect(pool.size).toEqual({ total: 1, idle: 1 });
});

it('rolls back what a body leaves open, and closes what cannot be', async () => {
  const { pool, clients } = poolOf([well]);
  await lend(pool, async (client) => {
    client.status = 'T';
  });
  expect([clients[0]?.queries, pool.size]).toEqual([['rollback'], { total: 1, idle: 1 }]);
  await lend(pool, async (client) => {
    client.status = 'T';
    client.querySync = () => {
      throw new Error('gone');
    };
  });
  expect([clients[0]?.isEnded, pool.size]).toEqual([true, { total: 0, idle: 0 }]);
});

it('tells those who wait that it has ended', async () => {
  const { pool, clients } = poolOf([well]);
  const first = lend(pool, () => pause(5));
  const second = lend(pool, async () => 'second');
  pool.end();
  await expect(second).rejects.toThrow(new Error('The pool is closed.'));
  await first;
  expect([clients[0]?.isEnded, pool.size]).toEqual([true, { total: 0, idle: 0 }]);
});

it('passes over whoever has been interrupted', async () => {
  const { pool } = poolOf([well]);
  const first = lend(pool, () => pause(30));
  const second = call(
    withTimeout,
    undefined,
    5,
    linkAsync(
      () => 'original',
      () => lend(pool, async () => 'second'),
    ),
  );
  const third = lend(pool, async () => 'third');
  await expect(second).rejects.toThrow('5 ms');
  await first;
  expect(await third).toBe('third');
});

it('gives up those who have waited too long, and says what to do', async () => {
  const { pool } = poolOf([well], { checkoutTimeout: 10 });
  const first = lend(pool, () => pause(60));
  const second = lend(pool, async () => 'second');
  await expect(second).rejects.toThrow(PoolTimeoutError);
  await expect(second).rejects.toThrow(/All 1 connections of the pool are in use, for 10 ms\. Raise max/);
  await first;
});

it('does not use a connection again that is too old', async () => {
  const { pool, clients } = poolOf([well], { maxAge: 0 });
  await lend(pool, async () => {});
  await lend(pool, async () => {});
  expect(clients.map(({ isEnded }) => isEnded)).toEqual([true, true]);
});

it('lends to code that is not compiled, which cannot wait', () => {
  const { pool } = poolOf([well]);
  expect(pool.withConnection((client) => pool.size.idle + client.queries.length)).toBe(0);
  pool.withConnection(() => {
    expect(() => pool.withConnection(() => {})).toThrow(/code that blocks cannot wait/);
  });
});
