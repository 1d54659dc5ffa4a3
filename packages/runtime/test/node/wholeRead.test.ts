/** Whole files on the thread pool: large ones, and some that change meanwhile. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeInPlace } from '../../src/node/fs/inPlace.js';
import { installFs } from '../../src/node/fs/install.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

installFs();
const { ftruncateSync, readFileSync } = fs;
const directory = fs.mkdtempSync(join(tmpdir(), 'unblock-whole-read-'));
const at = (name: string) => join(directory, name);
beforeAll(() => completeInPlace(false));
afterAll(() => {
  completeInPlace(true);
  fs.rmSync(directory, { recursive: true });
});

function read(...args: readonly unknown[]): Promise<unknown> {
  if (Reflect.apply(twinOf(readFileSync as Callable) as Callable, fs, args) !== SUSPENDED)
    throw new Error('readFileSync did not suspend');
  return take().then(unbox);
}

/** What a call throws. */
async function thrown(call: () => unknown): Promise<Pick<NodeJS.ErrnoException, 'name' | 'code' | 'message'>> {
  try {
    await call();
  } catch (error) {
    const { name, code, message } = error as NodeJS.ErrnoException;
    return { name, code, message };
  }
  throw new Error('it did not throw');
}

/** Descriptors of this process that are open on files of the directory. */
function openFiles(): string[] {
  return fs.readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const file = fs.readlinkSync(`/proc/self/fd/${fd}`);
      return file.startsWith(directory) ? [file] : [];
    } catch {
      return [];
    }
  });
}

describe('a file of several parts', () => {
  const content = Buffer.alloc(40_000_003, 'part by part ');
  beforeAll(() => fs.writeFileSync(at('parts'), content));

  it('is read to its end, by its path and by its descriptor', async () => {
    expect(content.equals((await read(at('parts'))) as Buffer)).toBe(true);
    expect((await read(at('parts'), 'latin1')) === content.toString('latin1')).toBe(true);
    const fd = fs.openSync(at('parts'), 'r');
    fs.readSync(fd, Buffer.alloc(3));
    expect(content.subarray(3).equals((await read(fd)) as Buffer)).toBe(true);
    fs.closeSync(fd);
    expect(openFiles()).toEqual([]);
  });

  it('is read as far as there is something, if it becomes shorter meanwhile', async () => {
    const fd = fs.openSync(at('parts'), 'r+');
    const reading = read(at('parts'));
    ftruncateSync(fd, 7);
    fs.closeSync(fd);
    const found = (await reading) as Buffer;
    expect(found.equals(content.subarray(0, found.length))).toBe(true);
  });
});

describe('a file that is too large', () => {
  function sparse(name: string, size: number): string {
    fs.closeSync(fs.openSync(at(name), 'w'));
    fs.truncateSync(at(name), size);
    return at(name);
  }

  it('for a buffer is refused as the blocking call refuses it', async () => {
    const path = sparse('too large', 2 ** 31);
    const expected = await thrown(() => readFileSync(path));
    expect(await thrown(() => read(path))).toEqual(expected);
    const fd = fs.openSync(path, 'r');
    expect(await thrown(() => read(fd))).toEqual(expected);
    fs.closeSync(fd);
    expect(openFiles()).toEqual([]);
  });

  it('for a text is refused as the blocking call refuses it', async () => {
    const path = sparse('too long', 2 ** 28);
    expect(await thrown(() => read(path, 'hex'))).toEqual(await thrown(() => readFileSync(path, 'hex')));
    expect(openFiles()).toEqual([]);
  });
});

it('a file that the system makes as it is read has no size', async () => {
  expect(await read('/proc/self/status', 'utf8')).toContain(`Pid:\t${process.pid}`);
  expect(await read('/proc/version')).toEqual(readFileSync('/proc/version'));
});
