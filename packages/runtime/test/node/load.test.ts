/**
 * Thousands of calls of all kinds at once, some of which fail: each has its own effect once, and nothing is left of it. `UNBLOCK_LOAD` sets
 * how many there are.
 */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import zlib from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installChildProcess } from '../../src/node/child-process/install.js';
import { installCrypto } from '../../src/node/crypto/install.js';
import { installFs } from '../../src/node/fs/install.js';
import { installZlib } from '../../src/node/zlib/install.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';
import { isWaiting } from '../../src/twin/waits.js';

installChildProcess();
installCrypto();
installFs();
installZlib();

const CALLS = Number(process.env.UNBLOCK_LOAD) || 10_000;
const IN_FLIGHT = 64;
/** Bytes by which the heap may grow, as a whole and for each call: a closure that is kept takes more. */
const [GROWTH, LEFT] = [2_000_000, 200];

const before = process.cwd();
const directory = fs.mkdtempSync(join(tmpdir(), 'unblock-load-'));
const at = (name: string): string => join(directory, name);
/** Whether `full` is a file system of its own without a free byte: where the tests may mount one. A device that says so stands for it elsewhere. */
let hasFullDisk = false;
beforeAll(() => {
  fs.mkdirSync(at('a'));
  fs.mkdirSync(at('b'));
  fs.mkdirSync(at('full'));
  hasFullDisk = mountsSmall(at('full'));
  if (hasFullDisk) fill(at('full/filler'));
});
afterAll(() => {
  process.chdir(before);
  if (hasFullDisk) childProcess.execFileSync('umount', [at('full')]);
  fs.rmSync(directory, { recursive: true });
});

function mountsSmall(path: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return childProcess.spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path]).status === 0;
}

function fill(path: string): void {
  expect(() => fs.writeFileSync(path, Buffer.alloc(1_000_000))).toThrow('ENOSPC');
  expect(fs.statSync(path).size).toBe(65_536);
}

async function call(fn: unknown, ...args: unknown[]): Promise<unknown> {
  const result = Reflect.apply(twinOf(fn) as Callable, undefined, args);
  return result === SUSPENDED ? unbox(await take()) : result;
}

const codeOf = (pending: Promise<unknown>): Promise<unknown> =>
  pending.then(
    () => 'no error',
    (error: NodeJS.ErrnoException) => error.code,
  );

const run = (script: string, options: object = {}): Promise<childProcess.SpawnSyncReturns<string>> =>
  call(childProcess.spawnSync, 'sh', ['-c', script], { encoding: 'utf8', ...options }) as never;

/** Lines of the journal, in the order of the calls that append them. */
const journal: string[] = [];

/** One call, or a few that belong together; each checks what has become of it. */
type Task = (i: number) => Promise<void>;

const TASKS: Readonly<Record<string, Task>> = {
  'appends to one file': async (i) => {
    journal.push(`line ${i}`);
    await call(fs.appendFileSync, at('journal'), `line ${i}\n`);
  },
  'files that come and go': async (i) => {
    const text = `${i} `.repeat(i % 5000);
    await call(fs.writeFileSync, at(`own-${i}`), text);
    expect(await call(fs.readFileSync, at(`own-${i}`), 'utf8')).toBe(text);
    await call(fs.unlinkSync, at(`own-${i}`));
  },
  'relative paths while the directory changes': async (i) => {
    // The directory of the time of the call counts.
    const [here, there] = i % 2 === 0 ? ['a', 'b'] : ['b', 'a'];
    process.chdir(at(here));
    const written = call(fs.writeFileSync, `relative-${i}`, here);
    process.chdir(at(there));
    await written;
    expect(await call(fs.readFileSync, at(`${here}/relative-${i}`), 'utf8')).toBe(here);
    await call(fs.rmSync, at(`${here}/relative-${i}`));
  },
  'trees that are copied and removed': async (i) => {
    await call(fs.mkdirSync, at(`tree-${i}/deep`), { recursive: true });
    await call(fs.writeFileSync, at(`tree-${i}/deep/file`), `${i}`);
    await call(fs.cpSync, at(`tree-${i}`), at(`copy-${i}`), { recursive: true });
    expect(await call(fs.readdirSync, at(`copy-${i}`), { recursive: true })).toEqual(['deep', 'deep/file']);
    for (const name of ['tree', 'copy']) await call(fs.rmSync, at(`${name}-${i}`), { recursive: true });
  },
  descriptors: async (i) => {
    const fd = (await call(fs.openSync, at(`fd-${i}`), 'w+')) as number;
    await call(fs.writeSync, fd, `${i}`);
    const bytes = Buffer.alloc(20);
    const count = (await call(fs.readSync, fd, bytes, 0, 20, 0)) as number;
    expect(bytes.toString('latin1', 0, count)).toBe(`${i}`);
    await call(fs.closeSync, fd);
    await call(fs.unlinkSync, at(`fd-${i}`));
  },
  computation: async (i) => {
    const packed = await call(zlib.gzipSync, Buffer.alloc(3000, `${i}`));
    expect(await call(zlib.gunzipSync, packed)).toEqual(Buffer.alloc(3000, `${i}`));
    expect(await call(crypto.pbkdf2Sync, `${i}`, 'salt', 1, 8, 'sha256')).toHaveLength(8);
  },
  // What fails.
  'a file that is missing': async (i) => expect(await codeOf(call(fs.readFileSync, at(`nowhere-${i}`)))).toBe('ENOENT'),
  'no space': async (i) => {
    if (!hasFullDisk) {
      expect(await codeOf(call(fs.writeFileSync, '/dev/full', 'no space'))).toBe('ENOSPC');
      return;
    }
    const own = at(`full/own-${i}`);
    // A file is made before the space for it is asked for, as in the blocking form.
    expect(await codeOf(call(fs.writeFileSync, own, 'no space'))).toBe('ENOSPC');
    expect(await call(fs.readFileSync, own, 'utf8')).toBe('');
    expect(await codeOf(call(fs.appendFileSync, own, 'no space'))).toBe('ENOSPC');
    const fd = (await call(fs.openSync, own, 'r+')) as number;
    expect(await codeOf(call(fs.writeSync, fd, 'no space'))).toBe('ENOSPC');
    await call(fs.closeSync, fd);
    expect((await call(fs.statSync, own)) as fs.Stats).toHaveProperty('size', 0);
    await call(fs.unlinkSync, own);
  },
  'a directory that is not empty': async () => expect(await codeOf(call(fs.rmdirSync, directory))).toBe('ENOTEMPTY'),
  'bytes that are not compressed': async () =>
    expect(await codeOf(call(zlib.gunzipSync, Buffer.alloc(3000, 'x')))).toBe('Z_DATA_ERROR'),
  'a descriptor that is closed underneath': async (i) => {
    // Another call may have got the number by now.
    const fd = (await call(fs.openSync, at(`closed-${i}`), 'w')) as number;
    fs.closeSync(fd);
    expect(['EBADF', 'no error']).toContain(await codeOf(call(fs.fstatSync, fd)));
    await call(fs.unlinkSync, at(`closed-${i}`));
  },
};

const CHILDREN: Readonly<Record<string, Task>> = {
  'a child that answers': async (i) =>
    expect(await run(`echo ${i}; exit 3`)).toMatchObject({ status: 3, stdout: `${i}\n` }),
  'a child that is killed': async () =>
    expect(await run('kill -9 $$')).toMatchObject({ status: null, signal: 'SIGKILL' }),
  'a child that takes too long': async () =>
    expect((await run('exec sleep 9', { timeout: 20 })).error).toMatchObject({ code: 'ETIMEDOUT' }),
  'a child that does not read': async () =>
    expect((await run('exec 0<&-', { input: 'x'.repeat(200_000) })).status).toBe(0),
  'a program that is missing': async () =>
    expect(await codeOf(call(childProcess.execFileSync, 'no-such-program'))).toBe('ENOENT'),
};

/** Every hundredth task runs a child, which takes a thousand times as long as most others do. */
const taskOf = (i: number): Task => {
  const tasks = Object.values(i % 100 === 99 ? CHILDREN : TASKS);
  return tasks[Math.trunc(i % 100 === 99 ? i / 100 : i) % tasks.length] as Task;
};

async function runTasks(from: number, count: number): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < from + count; i = next++) await taskOf(i)(i);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Handles are closed a turn of the loop or two after the calls that used them. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  collectGarbage();
}

interface Held {
  readonly descriptors: number;
  readonly resources: number;
  readonly listeners: number;
  readonly isWaiting: boolean;
  readonly files: readonly string[];
}

function held(): Held {
  return {
    descriptors: fs.readdirSync('/proc/self/fd').length,
    resources: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length,
    isWaiting: isWaiting(),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    files: ['.', 'a', 'b', 'full'].flatMap((name) => fs.readdirSync(at(name))),
  };
}

it('does each of them once, and keeps nothing', async () => {
  // What is started once, and stays.
  await runTasks(0, CALLS / 10);
  await settle();
  const first = held();
  const heap = process.memoryUsage().heapUsed;

  await runTasks(CALLS / 10, (CALLS * 9) / 10);
  await settle();
  expect(held()).toEqual(first);
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(GROWTH + LEFT * CALLS);
  expect(fs.readFileSync(at('journal'), 'utf8')).toBe(`${journal.join('\n')}\n`);
}, 120_000);

it.each(Object.entries({ ...TASKS, ...CHILDREN }))('again and again: %s', async (name, task) => {
  await task(CALLS * 3);
  await settle();
  const first = held();
  const heap = process.memoryUsage().heapUsed;
  const count = name in CHILDREN ? 10 : 50;
  for (let i = 0; i < count; i++) await task(CALLS * 2 + i);
  await settle();
  expect(held()).toEqual(first);
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(GROWTH);
});

const canLimit = childProcess.spawnSync('prlimit', ['--version']).status === 0;

it.runIf(canLimit)('fails where there are no descriptors to be had, and goes on when there are', async () => {
  const limit = (count: string) =>
    childProcess.execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${count}:`], { stdio: 'ignore' });
  const usual = childProcess.execFileSync('sh', ['-c', 'ulimit -Sn'], { encoding: 'utf8' }).trim();
  const first = held();
  fs.writeFileSync(at('some'), 'text');
  const taken: number[] = [];
  const takeAll = (): void => {
    for (;;) taken.push(fs.openSync('/dev/null', 'r'));
  };
  limit(String(first.descriptors + 20));
  try {
    expect(takeAll).toThrow('EMFILE');
    expect(await codeOf(call(fs.readFileSync, at('some')))).toBe('EMFILE');
    expect(await codeOf(call(fs.writeFileSync, at('some'), 'lost'))).toBe('EMFILE');
    expect(await codeOf(call(fs.cpSync, at('some'), at('other')))).toBe('EMFILE');
    fs.closeSync(taken.pop() as number);
    const reads = await Promise.all(
      Array.from({ length: 200 }, () => codeOf(call(fs.readFileSync, at('some'), 'utf8'))),
    );
    // One is enough, as it is for a program that reads them one after the other.
    expect(reads.filter((code) => code !== 'no error')).toEqual([]);
    const writes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => codeOf(call(fs.writeFileSync, at(`some-${i}`), 'text'.repeat(50_000)))),
    );
    expect(writes.filter((code) => code !== 'no error')).toEqual([]);
  } finally {
    for (const fd of taken) fs.closeSync(fd);
    limit(usual);
  }
  expect(await call(fs.readFileSync, at('some'), 'utf8')).toBe('text');
  const written = Array.from({ length: 50 }, (_, i) => `some-${i}`);
  for (const name of ['some', 'other', ...written]) fs.rmSync(at(name), { force: true });
  await settle();
  expect(held()).toEqual(first);
});
