/** Reads of what others have yet to write, and writes that others have to read, by the dozen: they leave a thread of the pool to all other calls. */
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTimeout } from '../../src/index.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

const COUNT = 12;
const { appendFileSync, copyFileSync, openSync, readFileSync, readSync, writeFileSync, writeSync } = fs;
const directory = fs.mkdtempSync(join(tmpdir(), 'unblock-endless-'));
const paths = Array.from({ length: COUNT }, (_, i) => join(directory, `fifo-${i}`));
const descriptors: number[] = [];

/** FIFOs that nobody has open, in a directory that nothing is known of. */
function freshFifos(name: string): readonly string[] {
  const inner = join(directory, name);
  fs.mkdirSync(inner);
  const fresh = Array.from({ length: COUNT }, (_, i) => join(inner, `fifo-${i}`));
  execFileSync('mkfifo', fresh);
  return fresh;
}

function call(fn: unknown, ...args: readonly unknown[]): Promise<unknown> {
  const result = Reflect.apply((twinOf(fn) ?? fn) as Callable, fs, args);
  return result === SUSPENDED ? take().then(unbox) : Promise.resolve(result);
}

// Windows has no FIFOs in the file system.
describe.runIf(process.platform !== 'win32')('reads of FIFOs', () => {
  beforeAll(() => {
    execFileSync('mkfifo', paths);
    // Open for both, so that opening does not wait, and reading does.
    for (const path of paths) descriptors.push(openSync(path, 'r+'));
  });
  afterAll(() => {
    for (const fd of descriptors) fs.closeSync(fd);
    fs.rmSync(directory, { recursive: true });
  });

  it('wait while other calls on the pool go on, and get what is written in the end', async () => {
    const buffers = paths.map(() => Buffer.alloc(8));
    const reads = descriptors.map((fd, i) => call(readSync, fd, buffers[i], 0, 8, null));
    for (let i = 0; i < 20; i++) expect((await fs.promises.stat(directory)).isDirectory()).toBe(true);
    for (const [i, fd] of descriptors.entries()) writeSync(fd, `to ${i}`);
    expect(await Promise.all(reads)).toEqual(paths.map((_, i) => `to ${i}`.length));
    expect(buffers.map((buffer, i) => buffer.toString('utf8', 0, `to ${i}`.length))).toEqual(
      paths.map((_, i) => `to ${i}`),
    );
  });

  it('that wait for a thread, and are interrupted, take nothing that is written', async () => {
    const rest = descriptors.slice(0, 4).map((fd) => call(readSync, fd, Buffer.alloc(8), 0, 8, null));
    const last = descriptors.at(-1) as number;
    const read = () => Reflect.apply(twinOf(readSync) as Callable, fs, [last, Buffer.alloc(8), 0, 8, null]);
    await expect(call(withTimeout, 20, read)).rejects.toThrow('20');
    writeSync(last, 'kept');
    for (const fd of descriptors.slice(0, 4)) writeSync(fd, 'x');
    await Promise.all(rest);
    const buffer = Buffer.alloc(8);
    expect(await call(readSync, last, buffer, 0, 8, null)).toBe(4);
    expect(buffer.toString('utf8', 0, 4)).toBe('kept');
  });

  it('that wait for a thread, and are interrupted, keep nobody waiting on their descriptor', async () => {
    const rest = descriptors.slice(0, 4).map((fd) => call(readSync, fd, Buffer.alloc(8), 0, 8, null));
    const last = descriptors.at(-1) as number;
    const read = () => Reflect.apply(twinOf(readSync) as Callable, fs, [last, Buffer.alloc(8), 0, 8, null]);
    await expect(call(withTimeout, 20, read)).rejects.toThrow('20');
    expect(await call(writeSync, last, 'next')).toBe(4);
    for (const fd of descriptors.slice(0, 4)) writeSync(fd, 'x');
    await Promise.all(rest);
    expect(await call(readSync, last, Buffer.alloc(8), 0, 8, null)).toBe(4);
  });

  it('at a position, which FIFOs do not have, wait for no thread', async () => {
    const rest = descriptors.slice(1).map((fd) => call(readSync, fd, Buffer.alloc(8), 0, 8, null));
    const [free] = descriptors;
    await expect(call(readSync, free, Buffer.alloc(8), 0, 8, 0)).rejects.toMatchObject({ code: 'ESPIPE' });
    for (const fd of descriptors.slice(1)) writeSync(fd, 'x');
    await Promise.all(rest);
  });

  it('in a directory that nothing is known of leave a thread as well', async () => {
    const fresh = freshFifos('inner');
    const reads = fresh.map((path) => call(readFileSync, path, 'utf8'));
    for (let i = 0; i < 20; i++) expect((await fs.promises.stat(directory)).isDirectory()).toBe(true);
    // Every writer waits for the one that reads.
    execFile('sh', ['-c', 'for path; do echo "to $path" > "$path" & done', 'sh', ...fresh]);
    expect(await Promise.all(reads)).toEqual(fresh.map((path) => `to ${path}\n`));
  });

  it.each([
    ['with options', (path: string) => call(readFileSync, path, { encoding: 'utf8' })],
    ['of a path that is a Buffer', (path: string) => call(readFileSync, Buffer.from(path), 'utf8')],
    ['of a path that is a URL', (path: string) => call(readFileSync, pathToFileURL(path), 'utf8')],
  ] as const)('%s leave a thread as well', async (name, read) => {
    const fresh = freshFifos(name);
    const reads = fresh.map(read);
    for (let i = 0; i < 20; i++) expect((await fs.promises.stat(directory)).isDirectory()).toBe(true);
    execFile('sh', ['-c', 'for path; do echo "to $path" > "$path" & done', 'sh', ...fresh]);
    expect(await Promise.all(reads)).toEqual(fresh.map((path) => `to ${path}\n`));
  });

  it('are refused as the blocking calls are, whatever is known of the directory', async () => {
    const missing = join(directory, 'never-asked', 'file');
    await expect(call(readFileSync, missing, 'no-encoding')).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    await expect(call(openSync, `${missing}-2/x`, 'no-flag')).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    await expect(call(readFileSync, `${missing}-3/x`, 'utf8')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([Buffer.from('a\0b'), new URL('file:///a%00b'), new URL('http://localhost/file')])(
    'are refused for a second path that is none: %s',
    async (target) => {
      // Nothing is known of either, so that both are asked about.
      const source = join(directory, 'never-copied', String(target.toString().length), 'file');
      let refusal: unknown;
      try {
        copyFileSync(source, target as fs.PathLike);
      } catch (error) {
        refusal = error;
      }
      const fields = { ...(refusal as Error), message: (refusal as Error).message };
      await expect(call(copyFileSync, source, target)).rejects.toMatchObject(fields);
    },
  );

  it('do not keep devices waiting that answer by themselves', async () => {
    const reads = descriptors.map((fd) => call(readSync, fd, Buffer.alloc(1), 0, 1, null));
    const device = (await call(openSync, '/dev/zero', 'r')) as number;
    expect(await call(readSync, device, Buffer.alloc(4), 0, 4, null)).toBe(4);
    fs.closeSync(device);
    for (const fd of descriptors) writeSync(fd, 'x');
    await Promise.all(reads);
  });

  it('by path wait likewise', async () => {
    const path = join('/proc/self/fd', String(descriptors[0]));
    const reads = Array.from({ length: COUNT }, () => call(openSync, path, 'r'));
    expect((await fs.promises.stat(directory)).isDirectory()).toBe(true);
    for (const fd of (await Promise.all(reads)) as number[]) fs.closeSync(fd);
    const whole = call(readFileSync, '/dev/null', 'utf8');
    expect(await whole).toBe('');
  });
});

describe.runIf(process.platform !== 'win32')('writes to FIFOs that nobody reads', () => {
  beforeAll(() => {
    fs.mkdirSync(directory);
    writeFileSync(join(directory, 'file'), 'written');
  });
  afterAll(() => fs.rmSync(directory, { recursive: true }));

  it.each([
    ['writeFileSync', (path: string) => call(writeFileSync, path, 'written')],
    ['writeFileSync with options', (path: string) => call(writeFileSync, path, Buffer.from('written'), { flag: 'w' })],
    ['writeFileSync to a URL', (path: string) => call(writeFileSync, pathToFileURL(path), 'written')],
    ['appendFileSync', (path: string) => call(appendFileSync, path, 'written')],
  ] as const)('by %s leave a thread to all other calls', async (name, write) => {
    const fresh = freshFifos(name);
    const writes = fresh.map(write);
    for (let i = 0; i < 20; i++) expect((await fs.promises.stat(directory)).isDirectory()).toBe(true);
    const read = promisify(execFile)('sh', [
      '-c',
      'for path; do cat "$path" > "$path-got" & done; wait',
      'sh',
      ...fresh,
    ]);
    await Promise.all([...writes, read]);
    expect(fresh.map((path) => readFileSync(`${path}-got`, 'utf8'))).toEqual(fresh.map(() => 'written'));
  });

  it('and copies from them and to them leave one, too', async () => {
    const [froms, tos] = [freshFifos('from'), freshFifos('to')];
    const copies = froms.map((from) => call(copyFileSync, from, `${from}-copy`));
    const more = tos.map((to) => call(copyFileSync, join(directory, 'file'), to));
    for (let i = 0; i < 20; i++) expect((await fs.promises.stat(directory)).isDirectory()).toBe(true);
    const opened = [...froms, ...tos].map((path) => openSync(path, 'r+'));
    // What a FIFO holds is not copied, and it cannot be truncated.
    expect(await Promise.allSettled([...copies, ...more])).toHaveLength(2 * COUNT);
    for (const fd of opened) fs.closeSync(fd);
  });
});
