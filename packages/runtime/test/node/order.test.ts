/** Calls on one file keep their order, as they did when each of them was one step. */
import { execFileSync } from 'node:child_process';
import fs, { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeInPlace } from '../../src/node/fs/inPlace.js';
import { installFs } from '../../src/node/fs/install.js';
import { type Access, inOrder, type Turn } from '../../src/node/fs/order.js';
import { FS_TRANSFER_ROWS } from '../../src/node/fs/table.js';
import { type Callable, SUSPENDED, suspend, take, twinOf, unbox } from '../../src/twin/protocol.js';

installFs();
const directory = mkdtempSync(join(tmpdir(), 'unblock-order-'));
beforeAll(() => completeInPlace(false));
afterAll(() => {
  completeInPlace(true);
  rmSync(directory, { recursive: true });
});

const at = (name: string) => join(directory, name);

function call(fn: Callable, ...args: unknown[]): Promise<unknown> {
  const result = Reflect.apply(twinOf(fn) as Callable, fs, args);
  return result === SUSPENDED ? take().then(unbox) : Promise.resolve(result);
}

const SIZE = 3_000_000;
const text = (letter: string) => letter.repeat(SIZE);

describe('on one file', () => {
  it('the last of several writes stands, whole', async () => {
    const letters = [...'abcdefgh'];
    await Promise.all(letters.map((letter, i) => call(fs.writeFileSync, at('w'), text(letter).slice(i))));
    expect(readFileSync(at('w'), 'utf8')).toBe(text('h').slice(7));
  });

  it('a reader sees what was written before it, and nothing that was written after', async () => {
    writeFileSync(at('r'), text('0'));
    const seen = await Promise.all([
      call(fs.readFileSync, at('r'), 'utf8'),
      call(fs.writeFileSync, at('r'), text('1')),
      call(fs.readFileSync, at('r'), 'utf8'),
      call(fs.statSync, at('r')).then((stat) => (stat as fs.Stats).size),
      call(fs.writeFileSync, at('r'), 'end'),
      call(fs.readFileSync, pathToFileURL(at('r')), 'utf8'),
      call(fs.unlinkSync, Buffer.from(at('r'))),
      call(fs.existsSync, at('r')),
    ]);
    expect(seen).toEqual([text('0'), undefined, text('1'), SIZE, undefined, 'end', undefined, false]);
  });

  it('lines are appended in the order in which they were', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => `${i}\n`);
    await Promise.all(lines.map((line) => call(fs.appendFileSync, at('log'), line)));
    expect(readFileSync(at('log'), 'utf8')).toBe(lines.join(''));
  });

  it('a failure does not hold up those behind it', async () => {
    const results = await Promise.allSettled([
      call(fs.unlinkSync, at('missing')),
      call(fs.writeFileSync, at('missing'), 'x'),
      call(fs.renameSync, at('missing'), at('moved')),
      call(fs.readFileSync, at('moved'), 'utf8'),
      call(fs.readFileSync, at('missing'), 'utf8'),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
  });

  it('what goes through one descriptor goes through in order', async () => {
    const fd = fs.openSync(at('fd'), 'w+');
    await Promise.all(Array.from({ length: 50 }, (_, i) => call(fs.writeSync, fd, `${i},`)));
    const buffer = Buffer.alloc(1000);
    const count = (await call(fs.readSync, fd, buffer, 0, 1000, 0)) as number;
    await Promise.all([call(fs.closeSync, fd)]);
    expect(buffer.toString('utf8', 0, count)).toBe(Array.from({ length: 50 }, (_, i) => `${i},`).join(''));
  });
});

describe('the order', () => {
  const turns = new Map<string, Turn>();

  /** A call that ends when it is told to, and logs when it begins. */
  function made(name: string, files: readonly string[], access: Access, log: string[]): void {
    const result = inOrder(
      () => files,
      access,
      (turn) => {
        log.push(name);
        turns.set(name, turn);
        return suspend(Promise.resolve());
      },
    );
    if (result === SUSPENDED) void take();
  }

  async function ends(...names: readonly string[]): Promise<void> {
    for (const name of names) turns.get(name)?.end();
    await new Promise((resolve) => setImmediate(resolve));
  }

  it('lets readers overlap; a writer waits for all of them, and later readers for the writer', async () => {
    const log: string[] = [];
    made('r1', ['x'], 'read', log);
    made('r2', ['x'], 'read', log);
    made('w1', ['x'], 'write', log);
    made('r3', ['x'], 'read', log);
    made('r4', ['x'], 'read', log);
    made('w2', ['x'], 'write', log);
    expect(log).toEqual(['r1', 'r2']);
    await ends('r1');
    expect(log).toEqual(['r1', 'r2']);
    await ends('r2');
    // What has been begun ends by itself in this test, but for the first calls.
    expect(log).toEqual(['r1', 'r2', 'w1', 'r3', 'r4', 'w2']);
  });

  it('lets a reader join others only once the writer before them has ended', async () => {
    const log: string[] = [];
    made('w', ['y'], 'write', log);
    made('r1', ['y'], 'read', log);
    made('r2', ['y'], 'read', log);
    expect(log).toEqual(['w']);
    await ends('w');
    expect(log).toEqual(['w', 'r1', 'r2']);
  });

  it('knows a call on two files, of which one may be both', async () => {
    const log: string[] = [];
    made('move', ['a', 'b'], 'write', log);
    made('same', ['c', 'c'], 'write', log);
    made('a', ['a'], 'read', log);
    made('b', ['b'], 'read', log);
    made('c', ['c'], 'read', log);
    expect(log).toEqual(['move', 'same']);
    await ends('move', 'same');
    expect(log).toEqual(['move', 'same', 'a', 'b', 'c']);
  });

  it('has no place for a call that has ended before it suspends', () => {
    const log: string[] = [];
    const result = inOrder(
      () => ['z'],
      'write',
      (turn) => {
        turn.end();
        return suspend(Promise.resolve());
      },
    );
    expect(result).toBe(SUSPENDED);
    void take();
    made('later', ['z'], 'write', log);
    expect(log).toEqual(['later']);
    turns.get('later')?.end();
  });
});

it('reads at a position overlap, and those that move it do not', () => {
  const access = FS_TRANSFER_ROWS.find(({ name }) => name === 'read')?.access as (args: readonly unknown[]) => Access;
  const buffer = Buffer.alloc(1);
  expect(access([3, buffer, 0, 1, 0])).toBe('read');
  for (const position of [undefined, null, -1]) expect(access([3, buffer, 0, 1, position])).toBe('write');
  expect(access([3, buffer, { position: 0 }])).toBe('write');
});

it.skipIf(process.platform === 'win32')('calls on other files overlap with one that hangs', async () => {
  writeFileSync(at('shared'), 'x');
  execFileSync('mkfifo', [at('fifo')]);
  let written = false;
  const hanging = call(fs.writeFileSync, at('fifo'), 'through').then(() => {
    written = true;
  });
  await Promise.all([call(fs.writeFileSync, at('small'), 'b'), call(fs.readFileSync, at('shared'))]);
  expect(written).toBe(false);
  expect(await fs.promises.readFile(at('fifo'), 'utf8')).toBe('through');
  await hanging;
});
