/** Calls on the worker thread: what they do, and that the thread is there only while they are under way. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import '../../src/compiled.js';
import { TimeoutError, withTimeout } from '../../src/index.js';
import { callOnWorker } from '../../src/node/worker/call.js';
import { linkAsync } from '../../src/twin/link.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

const directory = fs.mkdtempSync(join(tmpdir(), 'unblock-worker-'));
const workingDirectory = process.cwd();
afterAll(() => {
  process.chdir(workingDirectory);
  fs.rmSync(directory, { recursive: true });
});
const at = (name: string) => join(directory, name);

/** Calls the twin, which has to suspend. */
function call(fn: Callable, ...args: unknown[]): Promise<unknown> {
  if (Reflect.apply(twinOf(fn) as Callable, fs, args) !== SUSPENDED) throw new Error(`${fn.name} did not suspend`);
  return take().then(unbox);
}

const failure = (pending: Promise<unknown>) => pending.then(Object, (error: Error) => error) as Promise<Error>;

fs.mkdirSync(at('tree/inner'), { recursive: true });
fs.writeFileSync(at('tree/a.txt'), 'a');
fs.writeFileSync(at('tree/inner/b.txt'), 'b');
fs.symlinkSync('a.txt', at('tree/link'));

describe('cpSync', () => {
  it('copies what the blocking call copies', async () => {
    fs.cpSync(at('tree'), at('blocking'), { recursive: true });
    await call(fs.cpSync as Callable, at('tree'), at('threaded'), { recursive: true });
    const shape = (name: string) =>
      fs
        .readdirSync(at(name), { recursive: true, withFileTypes: true })
        .map((entry) => [
          ...[entry.name, entry.isDirectory(), entry.isSymbolicLink()],
          entry.isSymbolicLink() ? fs.readlinkSync(join(entry.parentPath, entry.name)) : '',
        ]);
    expect(shape('threaded')).toEqual(shape('blocking'));
  });

  it('goes by the directory of the time of the call', async () => {
    process.chdir(directory);
    const pending = call(fs.cpSync as Callable, 'tree/a.txt', './moved.txt');
    const failing = failure(call(fs.cpSync as Callable, './tree/', 'nowhere', { recursive: false }));
    process.chdir('/');
    await pending;
    expect(fs.readFileSync(at('moved.txt'), 'utf8')).toBe('a');
    const error = await failing;
    expect(error.message).toContain('./tree');
    expect(error.message).not.toContain(directory);
  });

  it('waits for writes to what it copies, and is waited for', async () => {
    const text = 'x'.repeat(2_000_000);
    const results = await Promise.all([
      call(fs.writeFileSync, at('large'), text),
      call(fs.cpSync as Callable, at('large'), at('copy')),
      call(fs.readFileSync, at('copy'), 'utf8'),
    ]);
    expect(results[2]).toBe(text);
  });

  it('fails with the stack of the code that called it', async () => {
    async function theProgram() {
      await call(fs.cpSync as Callable, at('missing'), at('x'));
    }
    const error = await failure(theProgram());
    expect(error.stack).toMatch(/^Error: ENOENT: no such file or directory, .*\n(.*\n)*\s+at (async )?theProgram/);
  });
});

it('a failing rmSync reports the entry as it was written, whatever the directory is by then', async () => {
  process.chdir('/proc/1');
  const expected = (() => {
    try {
      return fs.rmSync('task', { recursive: true });
    } catch (error) {
      return error;
    }
  })() as Error;
  const pending = failure(call(fs.rmSync, 'task', { recursive: true }));
  process.chdir('/');
  const error = await pending;
  expect({ ...error, message: error.message }).toEqual({ ...expected, message: expected.message });
});

it('a failure on the pool goes by the directory of the time of the call', async () => {
  process.chdir(directory);
  fs.mkdirSync(at('elsewhere/elsewhere'), { recursive: true });
  const pending = failure(call(fs.statfsSync, 'elsewhere/nothing'));
  process.chdir(at('elsewhere'));
  fs.writeFileSync('elsewhere/nothing', '');
  expect(await pending).toMatchObject({ code: 'ENOENT', path: 'elsewhere/nothing' });
  process.chdir('/');
});

it('a link and .. lead where they lead the blocking call', async () => {
  process.chdir(directory);
  fs.mkdirSync('far/away', { recursive: true });
  fs.writeFileSync('far/found', 'found');
  fs.symlinkSync('far/away', 'shortcut');
  expect(await call(fs.readFileSync, 'shortcut/../found', 'utf8')).toBe('found');
  expect(await call(fs.readFileSync, Buffer.from('shortcut/../found'), 'utf8')).toBe('found');
  process.chdir('/');
});

it('listings and globs leave the loop free', async () => {
  expect(await call(fs.readdirSync, at('tree'), { recursive: true })).toEqual(
    fs.readdirSync(at('tree'), { recursive: true }),
  );
  const { globSync } = fs as { globSync?: Callable };
  if (globSync === undefined) return;
  expect(await call(globSync, '**/*.txt', { cwd: at('tree') })).toEqual(globSync('**/*.txt', { cwd: at('tree') }));
});

const { mkdtempDisposableSync } = fs as { mkdtempDisposableSync?: Callable };
it.runIf(mkdtempDisposableSync !== undefined)('mkdtempDisposableSync makes what it makes when it blocks', async () => {
  interface Disposable {
    readonly path: string;
    readonly remove: () => void;
    readonly [Symbol.dispose]: () => void;
  }
  const make = mkdtempDisposableSync as Callable;
  process.chdir(directory);
  const blocking = make('tmp-') as Disposable;
  const made = (await call(make, 'tmp-')) as Disposable;
  process.chdir('/');
  const shape = (of: Disposable) => [
    ...[Reflect.ownKeys(of), of.path.slice(0, 4), of.path.length, of.remove.name, of.remove.length],
    ...[of[Symbol.dispose].name, of.remove(), of.remove(), of[Symbol.dispose]()],
  ];
  expect(shape(made)).toEqual(shape(blocking));
  expect(fs.existsSync(at(made.path))).toBe(false);
  const other = (await call(make, at('tmp-'))) as Disposable;
  fs.writeFileSync(join(other.path, 'file'), '');
  await call(other.remove);
  expect(fs.existsSync(other.path)).toBe(false);
  const failed = await failure(call(make, '/nope/x'));
  expect(failed.message).toContain('/nope/xXXXXXX');
});

// Windows has no FIFOs in the file system.
describe.runIf(process.platform !== 'win32')('behind a call that takes long and is interrupted', () => {
  const list = () => call(fs.readdirSync, at('tree'), { recursive: true });
  const interruptedListing = () => {
    const fn = linkAsync(() => {}, list);
    Reflect.apply(twinOf(withTimeout) as Callable, undefined, [20, fn]);
    return take();
  };
  /** Keeps the thread that calls are made on until the FIFO is opened for writing. */
  const keepBusy = (fifo: string) => {
    execFileSync('mkfifo', [at(fifo)]);
    return callOnWorker('openSync', [at(fifo), 'r'], undefined) as Promise<{ readonly value: number }>;
  };

  it('later ones do not wait', async () => {
    const expected = fs.readdirSync(at('tree'), { recursive: true });
    const first = keepBusy('first');
    await expect(interruptedListing()).rejects.toBeInstanceOf(TimeoutError);
    expect(await list()).toEqual(expected);
    // No third thread, however many are interrupted.
    const second = keepBusy('second');
    await expect(interruptedListing()).rejects.toBeInstanceOf(TimeoutError);
    const ended: string[] = [];
    const behind = list().then(() => ended.push('behind'));
    const end = async (fifo: string, call: Promise<{ readonly value: number }>) => {
      const writer = fs.openSync(at(fifo), 'w');
      fs.closeSync((await call).value);
      fs.closeSync(writer);
      ended.push(fifo);
    };
    await end('second', second);
    await behind;
    await end('first', first);
    expect(ended).toEqual(['second', 'behind', 'first']);
    expect(await list()).toEqual(expected);
  });
});

it('keeps the process alive while a call is under way, and not after', () => {
  const built = join(workingDirectory, 'packages/runtime/dist/compiled.cjs');
  const script = `
    const { $callee: callee, $SUSPENDED: SUSPENDED, $take: take, $unbox: unbox } = require(${JSON.stringify(built)});
    const fs = require('node:fs');
    if (callee(fs.readdirSync, '')(${JSON.stringify(directory)}, { recursive: true }) !== SUSPENDED) throw new Error();
    take().then((list) => console.log(unbox(list).length > 0));
  `;
  // It throws if the process does not end.
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 20_000 })).toBe('true\n');
});
