/** Twins of fs, child_process and Atomics.wait against the blocking calls: same value, or same error in every field. */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '../../src/install.js';
import { completeInPlace } from '../../src/node/fs/inPlace.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';
import { isWaiting } from '../../src/twin/waits.js';

const directory = fs.mkdtempSync(join(tmpdir(), 'unblock-parity-'));
fs.writeFileSync(join(directory, 'file.txt'), 'text é');
fs.mkdirSync(join(directory, 'folder'));
afterAll(() => fs.rmSync(directory, { recursive: true }));
afterAll(() => expect(isWaiting(), 'a wait has not ended').toBe(false));

const at = (name: string) => join(directory, name);
const cell = () => new Int32Array(new SharedArrayBuffer(4));

type Case = readonly [fn: Callable, ...args: unknown[]];

const { globSync } = fs as { globSync?: Callable };

/** Ways to write a directory. */
const LISTINGS = [
  ...[directory, `${directory}/`, `${directory}/../${directory.split('/').at(-1)}`, 'packages/runtime/src/node'],
  ...[
    './packages/runtime/src/node/',
    'packages/../packages/runtime/src/node',
    `../${basename(process.cwd())}/packages/runtime/src/packs`,
    'no/such',
  ],
];

/** Calls of cpSync that fail, or copy to where the copy is already. */
const COPIES: readonly (readonly unknown[])[] = [
  [at('file.txt'), at('copied.txt')],
  [at('file.txt'), at('deep/er/copied.txt')],
  [at('nope'), at('copied.txt')],
  ['no/such', 'no/target'],
  ['./no/such', at('target')],
  ['../no-such', at('target')],
  [at('folder'), at('copied')],
  ['packages', at('copied')],
  ['./packages', at('copied')],
  ['packages/runtime', 'packages/runtime/inner', { recursive: true }],
  ['./packages/runtime/', 'packages/runtime/inner', { recursive: true }],
  [at('file.txt'), at('file.txt')],
  ['packages', 'packages'],
  [at('folder'), at('file.txt'), { recursive: true }],
  [at('file.txt'), at('folder')],
  [at('file.txt'), at('copied.txt'), { errorOnExist: true, force: false }],
  ['package.json', 'README.md', { errorOnExist: true, force: false }],
  [at('file.txt'), at('copied.txt'), { mode: -1 }],
  [at('file.txt'), at('copied.txt'), { recursive: 'yes' }],
  [at('file.txt'), at('copied.txt'), { filter: 5 }],
  [at('file.txt'), at('copied.txt'), { filter: () => Promise.resolve(true) }],
  [at('file.txt'), at('copied.txt'), { filter: () => false }],
  [at('file.txt'), at('copied.txt'), null],
  [at('file.txt')],
  [at('a\0b'), at('copied.txt')],
  [pathToFileURL(at('file.txt')), at('copied.txt')],
  [Buffer.from(at('file.txt')), at('copied.txt')],
];

const REMOVALS: readonly (readonly unknown[])[] = [
  [at('folder')],
  [at('nope'), { recursive: true }],
  ['no/such'],
  ['./no/such', { recursive: true, force: true }],
  ['/proc/self/status'],
  ['/proc/1/task', { recursive: true }],
  [at('nope'), { retryDelay: -1 }],
  [at('nope'), { force: 'yes' }],
  [5],
];

const GLOBS: readonly (readonly unknown[])[] = [
  ['packages/*/src/*'],
  ['**/*.ts', { cwd: 'packages/runtime/src' }],
  [['packages/runtime/src/**/*.ts', '*.json', '*.md']],
  ['**', { cwd: './packages/runtime/src/twin' }],
  ['**/*', { cwd: join(process.cwd(), 'packages/runtime/src/node'), withFileTypes: true }],
  ['./*', { cwd: join(process.cwd(), 'packages'), withFileTypes: true }],
  ['*', { cwd: 'packages', withFileTypes: true }],
  ['**/*.ts', { cwd: 'packages/runtime/src', exclude: (name: string) => name === 'node' }],
  ['**/*.ts', { cwd: pathToFileURL(join(process.cwd(), 'packages/runtime/src')) }],
  ['*', { cwd: 'no/such' }],
  ['*', { cwd: 5 }],
  [5],
  ['*', null],
  ['{package,tsconfig.base}.json'],
  ['../*/package.json'],
  [join(directory, '*')],
];

const CASES: readonly Case[] = [
  [fs.readFileSync, at('file.txt'), 'utf8'],
  [fs.readFileSync, at('file.txt')],
  [fs.readFileSync, Buffer.from(at('file.txt')), { encoding: 'latin1', signal: AbortSignal.abort() }],
  [fs.readFileSync, 'not/there.txt', 'utf8'],
  [fs.readFileSync, at('folder')],
  [fs.readFileSync, 99999],
  [fs.readFileSync, -1],
  [fs.readFileSync, 3.5],
  [fs.readFileSync, at('file.txt'), 'no-encoding'],
  [fs.readFileSync, 'a\0b'],
  [fs.writeFileSync, at('missing/x'), 'x'],
  [fs.writeFileSync, -1, 'x'],
  [fs.writeFileSync, at('written.txt'), 'x'],
  [fs.appendFileSync, at('folder'), 'x'],
  [fs.statSync, at('nope')],
  [fs.statSync, at('nope'), { throwIfNoEntry: false }],
  [fs.lstatSync, './nope'],
  [fs.readdirSync, directory],
  [fs.readdirSync, directory, { withFileTypes: true }],
  [fs.readdirSync, `${directory}/`, { withFileTypes: true }],
  [fs.readdirSync, directory, { recursive: true }],
  [fs.readdirSync, directory, { recursive: true, withFileTypes: true }],
  [fs.readdirSync, relative(process.cwd(), directory), { withFileTypes: true }],
  [fs.readdirSync, 'packages/runtime/src/twin', { withFileTypes: true }],
  [fs.readdirSync, 'packages/runtime/src', { withFileTypes: true, recursive: true }],
  [fs.readdirSync, './packages/runtime/src', { withFileTypes: true, recursive: true }],
  [fs.readdirSync, Buffer.from(directory), { withFileTypes: true }],
  [fs.lstatSync, at('nope'), { throwIfNoEntry: false }],
  [fs.statSync, at('file.txt/x'), { throwIfNoEntry: false }],
  [fs.statSync, at('file.txt/x'), { throwIfNoEntry: true }],
  [fs.statSync, 'a\0b', { throwIfNoEntry: false }],
  [fs.opendirSync, at('nope')],
  [fs.opendirSync, at('file.txt')],
  [fs.opendirSync, directory, { bufferSize: 0 }],
  [fs.mkdtempSync, 'nope/prefix-'],
  [fs.mkdtempSync, at('x'), 'no-encoding'],
  [fs.readdirSync, at('file.txt')],
  [fs.mkdirSync, at('folder')],
  [fs.mkdirSync, at('folder'), { recursive: true }],
  [fs.existsSync, at('file.txt')],
  [fs.existsSync, at('nope')],
  [fs.existsSync, undefined],
  [fs.copyFileSync, 'a', 'b'],
  [fs.renameSync, './a', './b'],
  [fs.symlinkSync, 'x', at('missing/link')],
  [fs.readlinkSync, at('file.txt')],
  [fs.realpathSync, at('folder/../file.txt')],
  [fs.realpathSync.native, at('nope')],
  [fs.openSync, at('nope'), 'r'],
  [fs.openSync, at('nope'), 'bad'],
  [fs.rmSync, at('nope')],
  [fs.rmSync, at('nope'), { force: true }],
  [fs.rmdirSync, at('file.txt')],
  [fs.unlinkSync, at('nope')],
  [fs.mkdtempSync, '/nope/prefix-'],
  [fs.readSync, 9999, Buffer.alloc(3)],
  [fs.closeSync, 9999],
  [fs.fstatSync, 9999],
  [fs.accessSync, at('nope'), fs.constants.R_OK],
  [fs.chmodSync, at('nope'), 0o600],
  [fs.truncateSync, at('nope'), 1],
  [fs.utimesSync, at('nope'), 1, 1],
  ...LISTINGS.flatMap((path): Case[] => [
    [fs.readdirSync, path, { recursive: true }],
    [fs.readdirSync, path, { withFileTypes: true }],
    [fs.readdirSync, path, { withFileTypes: true, recursive: true }],
    [fs.readdirSync, Buffer.from(path), { withFileTypes: true }],
    [fs.readdirSync, path, { withFileTypes: true, encoding: 'buffer' }],
    [fs.opendirSync, path],
  ]),
  ...COPIES.map((args): Case => [fs.cpSync as Callable, ...args]),
  ...REMOVALS.map((args): Case => [fs.rmSync, ...args]),
  ...(globSync === undefined ? [] : GLOBS.map((args): Case => [globSync, ...args])),
  [childProcess.execSync, 'echo hi'],
  [childProcess.execSync, 'echo hi', { encoding: 'utf8' }],
  [childProcess.execSync, 'echo out; echo err >&2; exit 3', { stdio: 'pipe' }],
  [childProcess.execSync, 'kill -9 $$', { stdio: 'pipe' }],
  [childProcess.execSync, 'true', { timeout: -1 }],
  [childProcess.execSync, 5],
  [childProcess.execFileSync, 'no-such-program'],
  [childProcess.execFileSync, 'git', ['log'], { cwd: '/', encoding: 'utf8', stdio: 'pipe' }],
  [childProcess.execFileSync, 'pwd', { cwd: '/', encoding: 'utf8' }],
  [childProcess.spawnSync, 'cat', [], { input: 'abc', encoding: 'utf8' }],
  [childProcess.spawnSync, 'cat', [], { input: Buffer.from('abc') }],
  [childProcess.spawnSync, 'sleep', ['2'], { timeout: 100 }],
  [childProcess.spawnSync, 'sleep', ['2'], { timeout: 100, killSignal: 'SIGKILL' }],
  [childProcess.spawnSync, 'ls', ['/'], { cwd: '/no/such/directory' }],
  [childProcess.spawnSync, 'ls', ['/'], { stdio: ['ignore', 'pipe', 'ignore'] }],
  [childProcess.spawnSync, 'sh', ['-c', 'exec 1>&-; exit 2']],
  [childProcess.spawnSync, 'echo $X', { shell: true, env: { X: 'set' }, encoding: 'utf8' }],
  [childProcess.spawnSync, 'x', [], { stdio: 'ipc' }],
  [Atomics.wait, cell(), 0, 0, 5],
  [Atomics.wait, cell(), 0, 1, 5],
  [Atomics.wait, cell(), 0, 0, -1],
  [Atomics.wait, cell(), 3, 0, 5],
  [Atomics.wait, new Int32Array(4), 0, 0, 5],
];

interface Outcome {
  readonly value?: unknown;
  readonly error?: Readonly<Record<string, unknown>>;
}

async function outcome(call: () => unknown): Promise<Outcome> {
  try {
    return { value: comparable(await call()) };
  } catch (error) {
    return { error: comparable(error) as Readonly<Record<string, unknown>> };
  }
}

/** Own fields in their order, without what differs between any two runs. */
function comparable(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || depth > 2) return value;
  if (Array.isArray(value)) return value.map((item) => comparable(item, depth + 1));
  const entries = Object.entries(value).map(([key, field]) => [
    key,
    key === 'pid' ? typeof field : comparable(field, depth + 1),
  ]);
  const name =
    value instanceof Error
      ? [
          ['class', value.constructor.name],
          ['message', value.message],
        ]
      : [];
  const kind =
    value instanceof fs.Dirent
      ? [
          ['class', value.constructor.name],
          ['isDirectory', value.isDirectory()],
        ]
      : [];
  const path = value instanceof fs.Dir ? [['path', value.path]] : [];
  return [...name, ...kind, ...path, ...entries];
}

async function callTwin(fn: Callable, args: readonly unknown[]): Promise<unknown> {
  const twin = twinOf(fn);
  if (twin === undefined) throw new Error(`${fn.name} has no twin`);
  const result = Reflect.apply(twin, undefined, args);
  return result === SUSPENDED ? unbox(await take()) : result;
}

describe.each([
  ['on the thread pool', false],
  ['in place where it may', true],
])('a twin answers as the blocking call does, %s', (_, inPlace) => {
  beforeAll(async () => {
    await callTwin(fs.existsSync, [at('any')]);
    completeInPlace(inPlace);
  });

  it.each(CASES.map(([fn, ...args]) => ({ name: fn.name, args, fn })))('$name $args', async ({ fn, args }) => {
    const expected = await outcome(() => Reflect.apply(fn, undefined, args));
    expect(await outcome(() => callTwin(fn, args))).toEqual(expected);
  });
});

describe('a twin', () => {
  it('resolves a relative path when it is called', async () => {
    const before = process.cwd();
    process.chdir(directory);
    const pending = callTwin(fs.readFileSync, ['file.txt', 'utf8']);
    process.chdir(before);
    expect(await pending).toBe('text é');
  });

  it('makes temporary directories under the prefix that was given', async () => {
    const before = process.cwd();
    process.chdir(directory);
    const made = [await callTwin(fs.mkdtempSync, ['t-']), await callTwin(fs.mkdtempSync, ['folder/'])];
    process.chdir(before);
    expect(made).toEqual([expect.stringMatching(/^t-\w{6}$/), expect.stringMatching(/^folder\/\w{6}$/)]);
    for (const name of made) fs.rmdirSync(at(String(name)));
  });

  it.each([
    'new/inner',
    './new/inner',
    'new//inner/',
    'new/../other',
    'new',
    '',
    Buffer.from('new/inner'),
    'folder/new',
    'folder',
  ])('tells the first directory that it made as the path tells it: %s', async (path) => {
    const before = process.cwd();
    const parent = fs.mkdtempSync(at('parents-'));
    const make = async (run: () => unknown) => {
      fs.mkdirSync(join(parent, 'folder'), { recursive: true });
      process.chdir(parent);
      const made = await outcome(run);
      process.chdir(before);
      fs.rmSync(parent, { recursive: true });
      return made;
    };
    const options = { recursive: true };
    const original = await make(() => fs.mkdirSync(path, options));
    expect(await make(() => callTwin(fs.mkdirSync, [path, options]))).toEqual(original);
  });

  it.each([AbortSignal.abort(), new AbortController().signal])(
    'ignores signals where options have to be its own',
    async (signal) => {
      const path = at('tree-of-signals');
      fs.mkdirSync(join(path, 'inner'), { recursive: true });
      await callTwin(fs.rmSync, [path, { recursive: true, signal }]);
      expect(fs.existsSync(path)).toBe(false);
    },
  );

  it('reads open directories entry by entry', async () => {
    const names = new Set<string>();
    const dir = (await callTwin(fs.opendirSync, [directory])) as fs.Dir;
    expect(dir.path).toBe(directory);
    const read = twinOf(dir.readSync) as Callable;
    for (;;) {
      const result = Reflect.apply(read, dir, []);
      const entry = (result === SUSPENDED ? unbox(await take()) : result) as fs.Dirent | null;
      if (entry === null) break;
      names.add(entry.name);
    }
    expect([...names].sort()).toEqual(fs.readdirSync(directory).sort());
    const close = Reflect.apply(twinOf(dir.closeSync) as Callable, dir, []);
    if (close === SUSPENDED) await take();
    const closed = await outcome(() => dir.readSync());
    expect(
      await outcome(async () => {
        const result = Reflect.apply(read, dir, []);
        return result === SUSPENDED ? unbox(await take()) : result;
      }),
    ).toEqual(closed);
  });

  it('gives errors the stack of the code that called it', async () => {
    async function namedCaller() {
      return await callTwin(fs.readFileSync, ['/nope']);
    }
    const error = await namedCaller().catch((thrown: Error) => thrown);
    expect((error as Error).stack).toMatch(/^Error: ENOENT.*\n(.*\n)*\s+at (async )?namedCaller/);
  });

  it('sleeps as long as it is asked to, and leaves the loop free', async () => {
    let turned = false;
    setTimeout(() => {
      turned = true;
    }, 5);
    const started = performance.now();
    expect(await callTwin(Atomics.wait, [cell(), 0, 0, 60])).toBe('timed-out');
    expect(performance.now() - started).toBeGreaterThanOrEqual(59);
    expect(turned).toBe(true);
  });
});
