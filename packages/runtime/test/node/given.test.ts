/** What a program does to the arguments of a call that is suspended: a blocking call would have been over. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COPIED } from '../../src/node/bytes.js';
import { completeInPlace, remember } from '../../src/node/fs/inPlace.js';
import { installFs } from '../../src/node/fs/install.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

installFs();
const directory = fs.mkdtempSync(join(tmpdir(), 'unblock-given-'));
const at = (name: string) => join(directory, name);
const { writeFileSync } = fs;
afterAll(() => fs.rmSync(directory, { recursive: true }));

/** Calls the twin, which has to suspend. */
function call(name: string, ...args: unknown[]): Promise<unknown> {
  const fn = (fs as unknown as Record<string, Callable>)[name] as Callable;
  if (Reflect.apply(twinOf(fn) as Callable, fs, args) !== SUSPENDED) throw new Error(`${name} did not suspend`);
  return take().then(unbox);
}

/** A call behind one on the same file, which is not over. */
function behind(name: string, ...args: unknown[]): Promise<unknown> {
  // It changes nothing.
  const before = call('chmodSync', args[0], 0o644).catch(() => {});
  return Promise.all([before, call(name, ...args)]).then(([, result]) => result);
}

interface Way {
  readonly way: string;
  readonly make: typeof call;
}

const WAYS: readonly Way[] = [
  { way: 'on the pool', make: call },
  { way: 'behind another call', make: behind },
];

describe.each(WAYS)('$way, a call', ({ make }) => {
  beforeAll(() => completeInPlace(false));
  afterAll(() => completeInPlace(true));
  beforeEach(() => {
    writeFileSync(at('file'), 'before');
    fs.rmSync(at('other'), { force: true });
  });

  it('goes by the options of its time', async () => {
    const missing = { throwIfNoEntry: false };
    const found = make('statSync', at('nowhere'), missing);
    missing.throwIfNoEntry = true;
    expect(await found).toBeUndefined();

    const reading = { encoding: 'utf8' };
    const text = make('readFileSync', at('file'), reading);
    reading.encoding = 'hex';
    expect(await text).toBe('before');

    const writing = { flag: 'a', mode: 0o600 };
    const written = make('writeFileSync', at('file'), ' after', writing);
    writing.flag = 'w';
    await written;
    expect(fs.readFileSync(at('file'), 'utf8')).toBe('before after');

    const removing = { recursive: true };
    fs.mkdirSync(at('tree/inner'), { recursive: true });
    const removed = make('rmSync', at('tree'), removing);
    removing.recursive = false;
    await removed;
    expect(fs.existsSync(at('tree'))).toBe(false);
  });

  it('writes the bytes of its time, if they are few', async () => {
    const bytes = Buffer.from('bytes');
    const written = make('writeFileSync', at('file'), bytes);
    bytes.fill('x');
    await written;
    expect(fs.readFileSync(at('file'), 'utf8')).toBe('bytes');

    const more = new Uint16Array([0x6261, 0x6463]);
    const appended = make('appendFileSync', at('file'), new DataView(more.buffer, 1, 2));
    more.fill(0);
    await appended;
    expect(fs.readFileSync(at('file'), 'utf8')).toBe('bytesbc');

    const fd = fs.openSync(at('file'), 'w');
    const line = Buffer.from('line, ');
    const wrote = call('writeSync', fd, line, 0, 4);
    const lines = [Buffer.from('one'), Buffer.from('two')];
    const wroteAll = call('writevSync', fd, lines);
    line.fill('x');
    for (const each of lines) each.fill('x');
    lines.length = 0;
    expect([await wrote, await wroteAll]).toEqual([4, 6]);
    fs.closeSync(fd);
    expect(fs.readFileSync(at('file'), 'utf8')).toBe('lineonetwo');
  });

  it('goes by the paths of its time', async () => {
    const path = Buffer.from(at('file'));
    const read = make('readFileSync', path, 'utf8');
    path.fill('x');
    expect(await read).toBe('before');

    const url = pathToFileURL(at('file'));
    const copied = make('copyFileSync', url, at('other'));
    url.pathname = '/no/such/file';
    await copied;
    expect(fs.readFileSync(at('other'), 'utf8')).toBe('before');
  });

  it('sets the times of its time', async () => {
    const time = new Date(5000);
    const set = make('utimesSync', at('file'), time, time);
    time.setTime(9000);
    await set;
    expect(fs.statSync(at('file')).mtimeMs).toBe(5000);
  });
});

it('in a later turn, a call writes the bytes of its time', async () => {
  for (const kind of ['ask', 'change'] as const) remember(kind, at('later'));
  const bytes = Buffer.from('bytes');
  const write = twinOf(fs.appendFileSync) as Callable;
  // In place as long as the turn has time.
  while (write(at('later'), bytes) !== SUSPENDED);
  const pending = take();
  bytes.fill('x');
  await pending;
  expect(fs.readFileSync(at('later'), 'utf8')).toMatch(/^(bytes)+$/);
});

it('bytes that are many are not copied', async () => {
  const bytes = Buffer.alloc(COPIED + 1, 'a');
  const written = call('writeFileSync', at('many'), bytes);
  bytes.fill('b');
  await written;
  expect(fs.readFileSync(at('many')).includes('b')).toBe(true);
});
