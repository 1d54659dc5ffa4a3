/** Calls of node:fs that complete in place, and when they do not. */
import { execFile, execFileSync } from 'node:child_process';
import fs, { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { timeNow } from '../../src/node/clock.js';
import { completeInPlace } from '../../src/node/fs/inPlace.js';
import { installFs } from '../../src/node/fs/install.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

vi.mock('../../src/node/clock.js', async (load) => {
  const real = await load<typeof import('../../src/node/clock.js')>();
  return { ...real, timeNow: vi.fn(real.timeNow) };
});

installFs();

const root = mkdtempSync(join(tmpdir(), 'unblock-in-place-'));
afterAll(() => rmSync(root, { recursive: true }));

let directory: string;
let count = 0;
beforeEach(async () => {
  directory = join(root, String(count++));
  mkdirSync(directory);
  // What the test before has used of its turn of the loop counts until the turn ends.
  await turn();
});
afterEach(() => {
  completeInPlace(true);
  vi.restoreAllMocks();
  vi.mocked(timeNow).mockReset();
});

/** A clock that tells how often it was read, so that no call counts as slow because the machine has other things to do. */
function patient(): { time: number; step: number } {
  const clock = { time: timeNow(), step: 0.02 };
  vi.mocked(timeNow).mockImplementation(() => {
    clock.time += clock.step;
    return clock.time;
  });
  return clock;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Calls the twin of `fs[name]`: whether it suspended, and its result. */
async function call(name: keyof typeof fs, ...args: unknown[]): Promise<{ suspended: boolean; value: unknown }> {
  const result = Reflect.apply(twinOf(fs[name]) as Callable, fs, args);
  return result === SUSPENDED ? { suspended: true, value: unbox(await take()) } : { suspended: false, value: result };
}

describe('a call in a directory', () => {
  it('goes to the pool at first, and completes in place once the directory is known', async () => {
    patient();
    const file = join(directory, 'a.txt');
    writeFileSync(file, 'text');
    expect(await call('readFileSync', file, 'utf8')).toEqual({ suspended: true, value: 'text' });
    expect(await call('readFileSync', file, 'utf8')).toEqual({ suspended: false, value: 'text' });
    expect((await call('statSync', file)).suspended).toBe(false);
    expect(await call('existsSync', `${file}x`)).toEqual({ suspended: false, value: false });
    expect((await call('readdirSync', `${directory}/`)).value).toEqual(['a.txt']);
  });

  it('throws in place exactly what the blocking call throws', async () => {
    await call('existsSync', join(directory, 'x'));
    await expect(call('readFileSync', join(directory, 'none'))).rejects.toMatchObject({
      code: 'ENOENT',
      syscall: 'open',
    });
    await expect(call('readFileSync', directory)).rejects.toMatchObject({ code: 'EISDIR', syscall: 'read' });
  });

  it('asks about a path in place, also by realpathSync.native', async () => {
    await call('existsSync', join(directory, 'x'));
    const result = (twinOf(fs.realpathSync.native) as Callable)(directory);
    expect(result).toBe(fs.realpathSync.native(directory));
  });

  it('goes to the pool if it is switched off', async () => {
    const file = join(directory, 'a.txt');
    writeFileSync(file, 'text');
    await call('readFileSync', file);
    completeInPlace(false);
    expect((await call('readFileSync', file)).suspended).toBe(true);
  });
});

describe('what may take long goes to the pool', () => {
  beforeEach(async () => {
    await call('existsSync', join(directory, 'x'));
  });

  it('large files', async () => {
    writeFileSync(join(directory, 'large'), Buffer.alloc(200_000));
    expect((await call('readFileSync', join(directory, 'large'))).suspended).toBe(true);
  });

  it('devices, also behind links', async () => {
    symlinkSync('/dev/null', join(directory, 'null'));
    expect((await call('readFileSync', join(directory, 'null'))).suspended).toBe(true);
    const opened = await call('openSync', join(directory, 'null'), 'r');
    expect(opened.suspended).toBe(true);
    fs.closeSync(opened.value as number);
  });

  it.skipIf(process.platform === 'win32')('FIFOs, which wait for a writer', async () => {
    const fifo = join(directory, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const reading = call('readFileSync', fifo, 'utf8');
    setTimeout(() => fs.writeFile(fifo, 'through', () => {}), 20);
    expect(await reading).toEqual({ suspended: true, value: 'through' });
  });

  describe('calls in a directory', () => {
    let clock: ReturnType<typeof patient>;
    let asked: string;
    beforeEach(async () => {
      clock = patient();
      asked = join(directory, 'asked/x');
      mkdirSync(join(directory, 'asked'));
      await call('existsSync', asked);
    });
    /** Asks, each time in a turn of its own, and so long; how often it suspended. */
    const ask = async (times: number, milliseconds: number) => {
      let suspended = 0;
      for (let i = 0; i < times; i++) {
        clock.step = 0;
        await turn();
        clock.step = milliseconds;
        if ((await call('existsSync', asked)).suspended) suspended++;
      }
      return suspended;
    };
    const wait = (milliseconds: number) => {
      clock.time += milliseconds;
    };

    it('where they are slow, for a while, and longer when they still are', async () => {
      expect(await ask(40, 0.4)).toBeGreaterThan(0);
      expect(await ask(10, 0.01)).toBe(10);
      expect((await call('existsSync', `${directory}/x`)).suspended).toBe(false);
      wait(100);
      expect(await ask(1, 0.4)).toBe(0);
      wait(150);
      expect(await ask(1, 0.01)).toBe(1);
      wait(50);
      expect(await ask(50, 0.01)).toBe(0);
      // The doubling is forgotten.
      expect(await ask(1, 20)).toBe(0);
      expect(await ask(1, 0.01)).toBe(1);
      wait(100);
      expect(await ask(1, 0.01)).toBe(0);
    });

    it('where one took very long', async () => {
      expect(await ask(1, 7)).toBe(0);
      expect(await ask(1, 0.01)).toBe(1);
    });

    it('not where one has taken a little long: the processor may have been away', async () => {
      for (let i = 0; i < 10; i++) expect((await ask(1, 3)) + (await ask(100, 0.01))).toBe(0);
    });
  });

  it.skipIf(process.platform === 'win32')(
    'descriptors of FIFOs that were those of files in the same turn',
    async () => {
      patient();
      const buffer = Buffer.alloc(1);
      writeFileSync(join(directory, 'file'), 'f');
      const fd = fs.openSync(join(directory, 'file'), 'r');
      await call('readSync', fd, buffer, 0, 1, 0);
      await turn();
      for (let i = 0; i < 3; i++) expect((await call('readSync', fd, buffer, 0, 1, 0)).suspended).toBe(false);
      fs.closeSync(fd);
      execFileSync('mkfifo', [join(directory, 'fifo')]);
      expect(fs.openSync(join(directory, 'fifo'), 'r+')).toBe(fd);
      await expect(call('readSync', fd, buffer, 0, 1, 0)).rejects.toMatchObject({ code: 'ESPIPE' });
      const reading = call('readSync', fd, buffer, 0, 1, null);
      fs.writeSync(fd, 'x');
      expect(await reading).toEqual({ suspended: true, value: 1 });
      fs.closeSync(fd);
    },
  );

  it('the first change in a directory, of which only reading is known to be quick', async () => {
    expect((await call('writeFileSync', join(directory, 'a'), 'x')).suspended).toBe(true);
  });

  it('a few calls beside many of one caller, without waiting for all of these', async () => {
    const file = join(directory, 'a');
    writeFileSync(file, 'x');
    await turn();
    const read = async (times: number) => {
      for (let i = 0; i < times; i++) {
        const result: unknown = Reflect.apply(twinOf(fs.readFileSync) as Callable, fs, [file, 'utf8']);
        if (result === SUSPENDED) await take();
      }
    };
    await read(1);
    let ended = '';
    const many = read(20_000).then(() => {
      ended += 'many ';
    });
    const few = turn()
      .then(() => read(3))
      .then(() => {
        ended += 'few ';
      });
    await Promise.all([many, few]);
    expect(ended).toBe('few many ');
  });

  it('calls beyond what one turn of the loop has time for', async () => {
    patient();
    const file = join(directory, 'a');
    writeFileSync(file, Buffer.alloc(100_000));
    await turn();
    let suspended = 0;
    const pending: Promise<unknown>[] = [];
    for (let i = 0; i < 2000; i++) {
      if (Reflect.apply(twinOf(fs.readFileSync) as Callable, fs, [file, 'utf8']) !== SUSPENDED) continue;
      suspended++;
      pending.push(take());
    }
    await Promise.all(pending);
    expect(suspended).toBeGreaterThan(0);
    expect(suspended).toBeLessThan(2000);
  });
});

it('a relative path names the same file when the working directory changes before the turn of the call', async () => {
  const clock = patient();
  const before = process.cwd();
  const from = join(directory, 'from');
  for (const name of ['here', 'there']) mkdirSync(join(directory, name));
  writeFileSync(from, 'x');
  await call('renameSync', from, `${from}2`);
  await call('renameSync', `${from}2`, from);
  try {
    process.chdir(join(directory, 'here'));
    await call('existsSync', from);
    clock.step = 20;
    expect((await call('existsSync', from)).suspended).toBe(false);
    const renamed = call('renameSync', from, 'to');
    process.chdir(join(directory, 'there'));
    clock.step = 0.02;
    expect((await renamed).suspended).toBe(true);
  } finally {
    process.chdir(before);
  }
  expect(fs.readdirSync(join(directory, 'here'))).toEqual(['to']);
});

it('a relative path names the same file when the working directory was the root', async () => {
  const before = process.cwd();
  const file = join(directory, 'file').slice(1);
  writeFileSync(`/${file}`, '');
  await call('existsSync', `/${file}`);
  try {
    process.chdir('/');
    await call('existsSync', file);
    const written = call('writeFileSync', file, Buffer.alloc(200_000));
    const read = call('readFileSync', file, 'latin1');
    process.chdir(directory);
    await written;
    expect((await read).value).toHaveLength(200_000);
  } finally {
    process.chdir(before);
  }
});

it('options that throw do so for who has made the call, whatever becomes of the file before its turn', async () => {
  const clock = patient();
  const file = join(directory, 'file');
  writeFileSync(file, 'x');
  const elsewhere = join(directory, 'elsewhere/x');
  mkdirSync(join(directory, 'elsewhere'));
  for (const known of [file, elsewhere]) await call('existsSync', known);
  clock.step = 20;
  expect((await call('existsSync', elsewhere)).suspended).toBe(false);
  const options = {
    get signal(): AbortSignal {
      throw new RangeError('of the program');
    },
  };
  const read = call('readFileSync', file, options);
  writeFileSync(file, Buffer.alloc(200_000));
  clock.step = 0.02;
  await expect(read).rejects.toThrow(new RangeError('of the program'));
});

describe('what changes files', () => {
  const within = (name: string) => join(directory, name);
  beforeEach(async () => {
    patient();
    await call('writeFileSync', within('known'), 'x');
  });

  it('completes in place, as the blocking call does', async () => {
    const opened = await call('openSync', within('a'), 'wx');
    expect(opened.suspended).toBe(false);
    fs.closeSync(opened.value as number);
    await expect(call('openSync', within('a'), 'wx')).rejects.toMatchObject({ code: 'EEXIST', syscall: 'open' });
    expect(await call('writeFileSync', within('a'), 'one')).toEqual({ suspended: false, value: undefined });
    expect(await call('writeFileSync', within('new'), 'one')).toEqual({ suspended: false, value: undefined });
    expect(await call('appendFileSync', within('a'), ' two')).toEqual({ suspended: false, value: undefined });
    expect(await call('renameSync', within('a'), within('b'))).toEqual({ suspended: false, value: undefined });
    expect(fs.readFileSync(within('b'), 'utf8')).toBe('one two');
    expect(await call('unlinkSync', within('b'))).toEqual({ suspended: false, value: undefined });
    expect(await call('mkdirSync', within('c'))).toEqual({ suspended: false, value: undefined });
    expect((await call('mkdirSync', within('d'), { recursive: true })).suspended).toBe(false);
    fs.mkdirSync(within('d/e'));
    await expect(call('rmdirSync', within('d'))).rejects.toMatchObject({ code: 'ENOTEMPTY', syscall: 'rmdir' });
    expect(fs.readdirSync(directory)).toEqual(['c', 'd', 'known', 'new']);
  });

  it('reads options that are accessors no more often than the pool does', async () => {
    const count = async (inPlace: boolean) => {
      let reads = 0;
      const options = {
        get flag() {
          reads++;
          return 'a';
        },
      };
      completeInPlace(inPlace);
      await call('appendFileSync', within('known'), 'x', options);
      return reads;
    };
    const onPool = await count(false);
    expect(await count(true)).toBe(onPool);
  });

  it('appends to a file that has become another since', async () => {
    await call('appendFileSync', within('known'), 'y');
    fs.rmSync(within('known'));
    expect(await call('appendFileSync', within('known'), 'z')).toEqual({ suspended: false, value: undefined });
    expect(fs.readFileSync(within('known'), 'utf8')).toBe('z');
    fs.rmSync(within('known'));
    mkdirSync(within('known'));
    await expect(call('appendFileSync', within('known'), 'z')).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('writes to descriptors of regular files in place', async () => {
    const fd = fs.openSync(within('a'), 'w');
    await call('writeSync', fd, 'known');
    expect(await call('writeSync', fd, ' text')).toEqual({ suspended: false, value: 5 });
    expect(await call('writeSync', fd, Buffer.from('K'), 0, 1, 0)).toEqual({ suspended: false, value: 1 });
    expect((await call('fsyncSync', fd)).suspended).toBe(true);
    fs.closeSync(fd);
    expect(fs.readFileSync(within('a'), 'utf8')).toBe('Known text');
  });

  it.each<[what: string, name: keyof typeof fs, ...args: unknown[]]>([
    ['much text', 'writeFileSync', 'known', 'x'.repeat(200_000)],
    ['much data', 'appendFileSync', 'known', Buffer.alloc(200_000)],
    ['what is flushed', 'appendFileSync', 'known', 'x', { flush: true }],
    ['synchronous flags', 'writeFileSync', 'known', 'x', { flag: 'as' }],
    ['flags that are numbers', 'openSync', 'known', fs.constants.O_WRONLY | fs.constants.O_SYNC],
    ['a device', 'writeFileSync', '/dev/null', 'x'],
    ['what replaces the content of a file', 'writeFileSync', 'known', 'y'],
    ['what opens a file to replace its content', 'openSync', 'known', 'w'],
    ['what replaces a file by another', 'renameSync', 'large', 'known'],
    ['a file of some size that is removed', 'unlinkSync', 'large'],
  ])('goes to the pool: %s', async (_, name, ...args) => {
    fs.writeFileSync(within('large'), Buffer.alloc(4_000_000));
    await call('writeFileSync', '/dev/null', 'x');
    const paths = args.map((arg) => (arg === 'known' || arg === 'large' ? within(arg) : arg));
    const { suspended, value } = await call(name, ...paths);
    if (typeof value === 'number') fs.closeSync(value);
    expect(suspended).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('goes to the pool: a FIFO, which waits for a reader', async () => {
    execFileSync('mkfifo', [within('fifo')]);
    const writing = call('appendFileSync', within('fifo'), 'through');
    const reading = promisify(execFile)('cat', [within('fifo')]);
    expect((await writing).suspended).toBe(true);
    expect((await reading).stdout).toBe('through');
  });

  it('goes to the pool where a change was slow, while reading still completes in place', async () => {
    const clock = patient();
    await call('readFileSync', within('known'));
    await turn();
    clock.step = 11;
    expect((await call('appendFileSync', within('known'), 'x')).suspended).toBe(false);
    clock.step = 0.02;
    await turn();
    expect((await call('appendFileSync', within('known'), 'x')).suspended).toBe(true);
    expect((await call('readFileSync', within('known'), 'utf8')).suspended).toBe(false);
  });
});

describe('calls for which a turn of the loop has no time left', () => {
  let file: string;
  beforeEach(async () => {
    patient();
    file = join(directory, 'later');
    writeFileSync(file, 'x'.repeat(50_000));
    await call('readFileSync', file);
    await turn();
  });
  const read = (path: string) => Reflect.apply(twinOf(fs.readFileSync) as Callable, fs, [path, 'utf8']);
  const useUp = () => {
    while (read(file) !== SUSPENDED);
    return take();
  };

  it('are made when it has turned, in their order', async () => {
    const order: number[] = [];
    const pending = [useUp().then(() => order.push(0))];
    for (const i of [1, 2, 3]) {
      expect(read(file)).toBe(SUSPENDED);
      pending.push(take().then(() => order.push(i)));
    }
    await Promise.all(pending);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('go to the pool if the file has become something else', async () => {
    const other = join(directory, 'other');
    writeFileSync(other, 'small');
    const pending = [useUp()];
    expect(read(other)).toBe(SUSPENDED);
    pending.push(take());
    fs.rmSync(other);
    execFileSync('mkfifo', [other]);
    let isRead = false;
    const done = Promise.all(pending).then(() => {
      isRead = true;
    });
    await turn();
    await turn();
    expect(isRead).toBe(false);
    // Not from this process: opening a pipe waits for the reader.
    execFile('sh', ['-c', 'echo from the pipe > "$0"', other]);
    await done;
  });

  it('fail with the stack of those that wait', async () => {
    const pending = useUp();
    async function theProgram() {
      expect(read(join(directory, 'missing'))).toBe(SUSPENDED);
      await take();
    }
    const error = await theProgram().catch((reason: Error) => reason);
    expect(String(error)).toContain('ENOENT');
    expect((error as Error).stack).toContain('theProgram');
    await pending;
  });
});

it('descriptors of regular files are read and closed in place, others are not', async () => {
  patient();
  const file = join(directory, 'a.txt');
  writeFileSync(file, '0123456789');
  const first = fs.openSync(file, 'r');
  await call('fstatSync', first);
  const buffer = Buffer.alloc(4);
  expect(await call('readSync', first, buffer, 0, 4, 2)).toEqual({ suspended: false, value: 4 });
  expect(String(buffer)).toBe('2345');
  expect((await call('closeSync', first)).suspended).toBe(false);
  const device = fs.openSync('/dev/zero', 'r');
  expect((await call('readSync', device, buffer, 0, 4, null)).suspended).toBe(true);
  expect((await call('closeSync', device)).suspended).toBe(true);
});
