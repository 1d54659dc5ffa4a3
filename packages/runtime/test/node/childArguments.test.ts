/** Which arguments the twins of spawnSync, execFileSync and execSync take, and when: the blocking calls say. */
import childProcess from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { installChildProcess } from '../../src/node/child-process/install.js';
import type { Callable } from '../../src/twin/protocol.js';
import { byTwin, outcome } from './childOutcomes.js';

installChildProcess();

const directory = mkdtempSync(join(tmpdir(), 'unblock-arguments-'));
afterAll(() => rmSync(directory, { recursive: true }));

// It reads its input, since some writes to a child that does not fail and some do not.
const SCRIPT = 'pwd; echo "$UNBLOCK_TEST"; cat; echo err >&2; exit 3';
const program = join(directory, 'program');
writeFileSync(program, `#!/bin/sh\n${SCRIPT}\n`, { mode: 0o755 });

/** Each of the functions, called with options that `options` makes anew for every call. */
const CALLS: Readonly<Record<string, (options: unknown) => [Callable, ...unknown[]]>> = {
  'spawnSync(file, args, options)': (options) => [childProcess.spawnSync, 'sh', ['-c', SCRIPT], options],
  'spawnSync(file, options)': (options) => [childProcess.spawnSync, program, options],
  'execFileSync(file, args, options)': (options) => [childProcess.execFileSync, 'sh', ['-c', SCRIPT], options],
  'execFileSync(file, options)': (options) => [childProcess.execFileSync, program, options],
  'execSync(command, options)': (options) => [childProcess.execSync as Callable, SCRIPT, options],
};

const getter = (name: string, value: unknown) =>
  Object.defineProperty({}, name, { enumerable: true, get: () => value });
const hidden = (name: string, value: unknown) => Object.defineProperty({}, name, { value });
const throwing = (name: string) =>
  Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      throw new RangeError('no option');
    },
  });
/** Reads differently each time. */
const changing = (name: string, ...values: unknown[]) =>
  Object.defineProperty({}, name, { enumerable: true, get: () => (values.length > 1 ? values.shift() : values[0]) });

/** Options by what they are. */
const KINDS: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  'an empty array': () => [],
  'an array with an option': () => Object.assign([], { encoding: 'utf8' }),
  'a function': () => () => {},
  'a function with an option': () => Object.assign(() => {}, { encoding: 'utf8' }),
  text: () => 'utf8',
  'a number': () => 5,
  'a boolean': () => true,
  'a symbol': () => Symbol('options'),
  'an instance': () =>
    new (class {
      encoding = 'utf8';
    })(),
  'an instance with an inherited getter': () =>
    new (class {
      get encoding() {
        return 'utf8';
      }
    })(),
  'no prototype': () => Object.assign(Object.create(null), { encoding: 'utf8', cwd: '/usr' }),
  frozen: () => Object.freeze({ encoding: 'utf8', cwd: '/usr', stdio: ['pipe', 'pipe', 'pipe'] }),
  'frozen, with frozen descriptors': () => Object.freeze({ stdio: Object.freeze(['pipe', 'pipe', 'pipe']) }),
  'too few descriptors, frozen': () => ({ stdio: Object.freeze(['pipe']) }),
  'a proxy': () => new Proxy({ encoding: 'utf8' }, {}),
  'a map': () => new Map([['encoding', 'utf8']]),
  'a getter': () => getter('encoding', 'utf8'),
  'a getter that throws': () => throwing('encoding'),
  'a getter of descriptors': () => getter('stdio', 'pipe'),
  'a getter of a directory': () => getter('cwd', '/usr'),
  'a getter of another type': () => getter('timeout', 'long'),
  'a getter that changes its mind': () => changing('encoding', 'utf8', 'hex', 'no-such'),
  'a directory that changes': () => changing('cwd', '/usr', '/no/such', 5),
};

/** Options that are inherited, or cannot be enumerated: some count, most do not. */
const OWNERS: Readonly<Record<string, unknown>> = {
  argv0: 'other',
  cwd: '/usr',
  encoding: 'utf8',
  env: { UNBLOCK_TEST: 'set' },
  input: 'text',
  killSignal: 'none',
  maxBuffer: 1,
  shell: '/bin/bash',
  stdio: 'ignore',
  timeout: 'long',
  uid: 'root',
  detached: 5,
};

const ANY: readonly unknown[] = [
  undefined,
  null,
  '',
  'text',
  0,
  5,
  -1,
  1.5,
  Number.NaN,
  Infinity,
  true,
  false,
  5n,
  Symbol('value'),
];
const OBJECTS: readonly unknown[] = [{}, [], ['x'], () => {}, new String('text'), Buffer.from('x'), Buffer.alloc(0)];
/** Each option with values of any type, and with some that are nearly right. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  argv0: [...ANY, ...OBJECTS, 'a\0b'],
  cwd: [
    ...ANY,
    ...OBJECTS,
    'a\0b',
    Buffer.from('/usr'),
    new Uint8Array(Buffer.from('/usr')),
    new Uint8Array(0),
    Buffer.from('/no/such'),
    Buffer.from('a\0b'),
    Buffer.from([0xff]),
    pathToFileURL('/usr'),
    new URL('http://localhost/usr'),
    pathToFileURL('/usr').href,
    new DataView(new ArrayBuffer(4)),
    { href: 'file:///usr', protocol: 'file:' },
  ],
  detached: [...ANY, ...OBJECTS],
  encoding: [...ANY, ...OBJECTS, 'UTF8', 'utf-16le', new String('hex')],
  env: [
    ...ANY,
    ...OBJECTS,
    { UNBLOCK_TEST: 5 },
    { UNBLOCK_TEST: Symbol('value') },
    { UNBLOCK_TEST: 'a\0b' },
    { 'UNBLOCK\0TEST': 'x' },
    { UNBLOCK_TEST: undefined },
    { UNBLOCK_TEST: null, 'UNBLOCK=TEST': 'x', '': 'x' },
    Object.create({ UNBLOCK_TEST: 'inherited', PATH: process.env.PATH }),
    new Map([['UNBLOCK_TEST', 'x']]),
    { PATH: process.env.PATH, UNBLOCK_TEST: { toString: () => 'an object' } },
  ],
  gid: [...ANY, ...OBJECTS, 3.1, -3.1, 2 ** 31],
  input: [
    ...ANY,
    ...OBJECTS,
    new ArrayBuffer(1),
    new Float64Array(1),
    new DataView(new ArrayBuffer(8), 2, 3),
    new Uint32Array([0x64636261]).subarray(0, 1),
    new BigInt64Array([1n]),
  ],
  killSignal: [...ANY, ...OBJECTS, 'sigint', 'SIGTERM', 'SIGNAL', '', 9, 99, -9],
  // Without small ones: how far a child comes differs.
  maxBuffer: [...ANY.filter((value) => value !== 5 && value !== 1.5), ...OBJECTS, 1000],
  serialization: [...ANY, 'advanced'],
  shell: [...ANY, ...OBJECTS, '/bin/bash', 'sh', 'a\0b'],
  signal: [...ANY, AbortSignal.abort()],
  // Without text in lists: spawnSync leaves such an item out, and a child that reads waits for ever.
  stdio: [
    ...ANY,
    {},
    [],
    () => {},
    Buffer.from('x'),
    'ignore',
    [null, null, null],
    ['pipe'],

    ['pipe', 'pipe', -5],
    [{ fd: 'x' }, 'pipe', 'pipe'],
  ],
  timeout: [...ANY.filter((value) => value !== 5), ...OBJECTS, -Infinity, 3.1, -3.1, 2 ** 31, Number.MAX_SAFE_INTEGER],
  uid: [...ANY, ...OBJECTS, 3.1, -3.1, 2 ** 31],
  unknown: ANY,
  windowsHide: [...ANY, ...OBJECTS],
  windowsVerbatimArguments: [...ANY, ...OBJECTS],
};

type Case = readonly [name: string, arguments: () => readonly [Callable, ...unknown[]]];

const cases = (options: Readonly<Record<string, () => unknown>>): Case[] =>
  Object.entries(CALLS).flatMap(([call, withOptions]) =>
    Object.entries(options).map(([name, make]): Case => [`${call}: ${name}`, () => withOptions(make())]),
  );

const OF_OPTIONS: readonly Case[] = [
  ...cases(KINDS),
  ...cases(
    Object.fromEntries(
      Object.entries(OWNERS).flatMap(([name, value]) => [
        [`an inherited ${name}`, () => Object.create({ [name]: value })],
        [`a hidden ${name}`, () => hidden(name, value)],
      ]),
    ),
  ),
];

const { spawnSync, execFileSync } = childProcess as unknown as Readonly<Record<string, Callable>>;
const execSync = childProcess.execSync as Callable;
const none = () => {};
/** Other arguments than options. */
const OF_ARGUMENTS: readonly (readonly [Callable, ...unknown[]])[] = [
  ...[spawnSync, execFileSync].flatMap((fn) => [
    ...[undefined, null, 5, 'text', true, none, Symbol('args')].map((args) => [fn as Callable, 'pwd', args] as const),
    ...[null, none, [], 5, {}, undefined].map((third) => [fn as Callable, 'pwd', { cwd: '/usr' }, third] as const),
    ...[null, undefined].map((args) => [fn as Callable, 'pwd', args, { cwd: '/usr' }] as const),
    [fn as Callable, 'pwd', none, { cwd: '/usr' }] as const,
    ...[
      5,
      null,
      undefined,
      true,
      5n,
      Symbol('arg'),
      { toString: () => 'an object' },
      ['a', 'b'],
      Object.create(null),
      'a\0b',
      '',
      '$HOME "quoted" *',
    ].flatMap((arg) => [
      [fn as Callable, 'echo', [arg, 'x']] as const,
      [fn as Callable, 'echo', [arg, 'x'], { shell: true }] as const,
      [fn as Callable, 'no-such-program', [arg, 'x']] as const,
    ]),
    [fn as Callable, 'echo', Array(1).concat('x')] as const,
    [fn as Callable, 'echo', Object.assign(['x'], { cwd: '/usr' })] as const,
    ...[undefined, null, 5, [], {}, new String('pwd'), 'p\0wd'].map((file) => [fn as Callable, file] as const),
  ]),
  ...[undefined, null, 5, [], {}, new String('pwd'), 'p\0wd', ''].map((command) => [execSync, command] as const),
  [execSync, 'pwd', { cwd: '/usr' }, none],
  [execSync, 'echo hi', { shell: '' }],
  [execSync, 'pwd', { shell: '' }],
];

async function compare(fresh: () => readonly [Callable, ...unknown[]]): Promise<readonly unknown[]> {
  const [original, ...first] = fresh();
  const expected = await outcome(() => Reflect.apply(original, undefined, first));
  const [fn, ...second] = fresh();
  const found = await outcome(() => byTwin(fn, second));
  return [found, expected];
}

describe('a twin takes what the blocking call takes, and refuses what that refuses', () => {
  it.each(OF_OPTIONS)('%s', async (_name, fresh) => {
    const [found, expected] = await compare(fresh);
    expect(found).toEqual(expected);
  });

  it.each(Object.entries(VALUES))('values of %s', async (option, values) => {
    for (const value of values) {
      for (const [call, withOptions] of Object.entries(CALLS)) {
        const [found, expected] = await compare(() => withOptions({ [option]: value }));
        expect([call, value, found]).toEqual([call, value, expected]);
      }
    }
  });

  it.each(OF_ARGUMENTS.map((args, i) => ({ i, args })))('$i: $args', async ({ args }) => {
    const [found, expected] = await compare(() => args);
    expect(found).toEqual(expected);
  });
});

describe('what a call is given is taken when it is made', () => {
  const run = (fn: unknown, ...args: unknown[]) => byTwin(fn as Callable, args);

  it.each([
    ['encoding', { encoding: 'utf8' }, { encoding: 'hex' }],
    ['another shell', { shell: '/bin/sh', encoding: 'utf8' }, { shell: '/no/such' }],
    ['a descriptor', { stdio: ['pipe', 'pipe', 'pipe'], encoding: 'utf8' }, { stdio: 'ignore' }],
  ])('%s', async (_option, options, later) => {
    const pending = run(execSync, 'echo hi', options);
    Object.assign(options, later);
    expect(await pending).toBe('hi\n');
  });

  it('by calls that wait for their turn, too', async () => {
    const env: NodeJS.ProcessEnv = { ...process.env, UNBLOCK_TEST: 'first' };
    const args = ['-c', 'pwd; echo "$UNBLOCK_TEST $0 $1"; cat', 'zero', 'one'];
    const input = Buffer.from('input');
    const stdio = ['pipe', 'pipe', 'pipe'];
    const cwd = pathToFileURL('/usr');
    const calls = Array.from({ length: 20 }, () =>
      run(execFileSync, 'sh', args, { cwd, env, input, stdio, encoding: 'utf8' }),
    );
    env.UNBLOCK_TEST = 'later';
    args.fill('later');
    input.fill('x');
    stdio.fill('ignore');
    cwd.pathname = '/';
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['/usr\nfirst zero one\ninput']));
  });

  it('in the directory of the call, if its own is relative', async () => {
    const before = process.cwd();
    process.chdir('/usr');
    try {
      const calls = Array.from({ length: 20 }, () => run(execSync, 'pwd', { cwd: 'bin/..', encoding: 'utf8' }));
      process.chdir(directory);
      expect(new Set(await Promise.all(calls))).toEqual(new Set(['/usr\n']));
    } finally {
      process.chdir(before);
    }
  });
});
