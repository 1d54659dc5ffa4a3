/** Twins of spawnSync, execFileSync and execSync against the blocking calls: every key of result and error, in its order. */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { installChildProcess } from '../../src/node/child-process/install.js';
import type { Callable } from '../../src/twin/protocol.js';
import { byTwin, outcome } from './childOutcomes.js';

installChildProcess();
const { spawnSync, execFileSync, execSync } = childProcess;

const directory = fs.mkdtempSync(join(tmpdir(), 'unblock-children-'));
fs.writeFileSync(join(directory, 'no-program'), 'text');
fs.writeFileSync(join(directory, 'bad-interpreter'), '#!/no/such/interpreter\n', { mode: 0o755 });
const written = fs.openSync(join(directory, 'written'), 'w+');
const read = fs.openSync('/dev/zero', 'r');
const stream = fs.createWriteStream('', { fd: written, autoClose: false });
afterAll(() => {
  fs.closeSync(written);
  fs.closeSync(read);
  fs.rmSync(directory, { recursive: true });
});

const sh = (script: string, options: object = {}): Case => ['spawnSync', spawnSync, 'sh', ['-c', script], options];
const utf8 = { encoding: 'utf8' };
const quiet = { stdio: 'pipe' };
const MEGABYTE = 1024 * 1024;

type Case = readonly [name: string, fn: unknown, ...args: unknown[]];

const CASES: readonly Case[] = [
  // Exit and signals.
  sh('exit 0'),
  sh('exit 7'),
  sh('kill -TERM $$'),
  sh('kill -KILL $$', utf8),
  sh('echo out; echo err >&2; exit 3', utf8),
  ['spawnSync without arguments', spawnSync, 'true'],
  ['spawnSync with options second', spawnSync, 'pwd', { cwd: '/', encoding: 'utf8' }],
  ['spawnSync with null arguments', spawnSync, 'pwd', null, { cwd: '/', encoding: 'utf8' }],
  // Time limits.
  sh('sleep 5', { timeout: 60 }),
  sh('echo before; sleep 5', { timeout: 150, encoding: 'utf8' }),
  sh('exec sleep 5', { timeout: 60, killSignal: 'SIGINT' }),
  sh('exec sleep 5', { timeout: 60, killSignal: 9 }),
  sh('exec sleep 5', { timeout: 60, killSignal: null }),
  sh('trap "exit 7" TERM; while :; do sleep 0.05; done', { timeout: 150 }),
  // What stops a child counts for more than that it has not read its input.
  sh('exec 0<&-; exec sleep 5', { timeout: 300, input: 'x'.repeat(MEGABYTE) }),
  sh('exec 0<&-; printf 12345; exec sleep 2', { maxBuffer: 4, input: 'x'.repeat(MEGABYTE) }),
  sh('exit 4', { timeout: 5000 }),
  sh('exit 4', { timeout: 0 }),
  sh('exit 4', { timeout: undefined, killSignal: undefined }),
  ['execFileSync that takes too long', execFileSync, 'sleep', ['5'], { timeout: 60 }],
  ['execSync that takes too long', execSync, 'exec sleep 5', { timeout: 60 }],
  // Output: its limit counts all pipes together, and nothing is cut off.
  sh('printf 12345; exec sleep 2', { maxBuffer: 4 }),
  sh('exec printf 12345', { maxBuffer: 5, encoding: 'latin1' }),
  sh('printf 123; printf 123 >&2; exec sleep 2', { maxBuffer: 5, killSignal: 'SIGKILL' }),
  sh(`head -c ${2 * MEGABYTE} /dev/zero`, { maxBuffer: 0 }),
  sh(`head -c ${2 * MEGABYTE} /dev/zero`, { maxBuffer: Infinity }),
  sh(`head -c ${2 * MEGABYTE} /dev/zero`, { maxBuffer: undefined }),
  sh(`head -c ${2 * MEGABYTE} /dev/zero`, { maxBuffer: null }),
  ['execSync that says too much', execSync, 'printf 12345; exec sleep 2', { maxBuffer: 4, ...quiet }],
  // Encodings.
  ...['utf8', 'latin1', 'hex', 'base64', 'base64url', 'ucs2', 'ascii', 'buffer', '', null, undefined, 'no-such'].map(
    (encoding) => sh("printf '\\303\\251a'", { encoding }),
  ),
  // Input.
  ...['text', '', Buffer.from('bytes'), Uint8Array.of(104, 105), Uint16Array.of(104, 105), null, undefined]
    .map((input) => ({ input }))
    .map((given): Case => ['spawnSync of cat', spawnSync, 'cat', [], { ...given, encoding: 'utf8' }]),
  ['spawnSync with a DataView', spawnSync, 'cat', [], { input: new DataView(Uint8Array.of(1, 104, 105).buffer, 1) }],
  ['spawnSync with a number for input', spawnSync, 'cat', [], { input: 5 }],
  ['spawnSync with an ArrayBuffer', spawnSync, 'cat', [], { input: new ArrayBuffer(2) }],
  ['spawnSync with text for bytes', spawnSync, 'cat', [], { input: 'x', encoding: 'buffer' }],
  ['spawnSync with text in hex', spawnSync, 'cat', [], { input: '6869', encoding: 'hex' }],
  ['spawnSync with unused input', spawnSync, 'cat', [], { input: 'x', stdio: ['ignore', 'pipe', 'pipe'] }],
  sh('exec 0<&-; sleep 0.1; exit 3', { input: Buffer.alloc(MEGABYTE) }),
  sh('read line; echo "$line"', { input: 'first\nsecond\n', encoding: 'utf8' }),
  ['execFileSync with input', execFileSync, 'cat', { input: 'x' }],
  ['execSync with input', execSync, 'cat', { input: 'x', encoding: 'utf8' }],
  // Descriptors.
  ...['pipe', 'ignore', null, undefined, [], ['pipe'], ['ignore', 'pipe', 'ignore'], [null, undefined, 'pipe']].map(
    (stdio) => sh('echo out; echo err >&2', { stdio }),
  ),
  sh('echo three >&3; echo out', { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], encoding: 'utf8' }),
  sh('echo three >&3', { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'ignore'] }),
  sh('head -c 3', { stdio: [read, 'pipe', 'pipe'], encoding: 'utf8' }),
  sh('echo to the file', { stdio: ['ignore', written, 'pipe'] }),
  sh('echo to the stream', { stdio: ['ignore', stream, 'pipe'] }),
  sh('true', { stdio: 'ipc' }),
  sh('true', { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] }),
  sh('true', { stdio: 'no-such' }),
  sh('true', { stdio: ['pipe', {}] }),
  sh('true', { stdio: 5 }),
  sh('true', { stdio: ['pipe', 9999, 'pipe'] }),
  // What cannot be run.
  ['spawnSync of nothing', spawnSync, ''],
  ['spawnSync of a number', spawnSync, 5],
  ['spawnSync of what is missing', spawnSync, 'no-such-program', ['a', 'b']],
  ['spawnSync of what is missing', spawnSync, '/no/such/program', [], utf8],
  ['spawnSync of what is no program', spawnSync, join(directory, 'no-program')],
  ['spawnSync of a directory', spawnSync, directory],
  ['spawnSync below a file', spawnSync, join(directory, 'no-program', 'x')],
  ['spawnSync without interpreter', spawnSync, join(directory, 'bad-interpreter')],
  ['spawnSync in a missing directory', spawnSync, 'true', [], { cwd: '/no/such' }],
  ['spawnSync in a file', spawnSync, 'true', [], { cwd: join(directory, 'no-program') }],
  ['spawnSync in a missing directory, by a shell', spawnSync, 'true', [], { cwd: '/no/such', shell: true }],
  ['spawnSync with too long an argument', spawnSync, 'true', ['x'.repeat(MEGABYTE * 3)]],
  ['spawnSync with a zero byte', spawnSync, 'true', ['a\0b']],
  ['spawnSync as a user that cannot be', spawnSync, 'true', [], { uid: -1 }],
  ['spawnSync as a user that is none', spawnSync, 'true', [], { uid: 'root' }],
  ['spawnSync as a group that cannot be', spawnSync, 'true', [], { gid: -1 }],
  ['spawnSync with bad options', spawnSync, 'true', [], 'options'],
  ['spawnSync with a bad time limit', spawnSync, 'true', [], { timeout: 1.5 }],
  ['spawnSync with a bad limit', spawnSync, 'true', [], { maxBuffer: -1 }],
  ['spawnSync with a bad signal', spawnSync, 'true', [], { killSignal: 'SIGNONE' }],
  ['spawnSync with a bad directory', spawnSync, 'true', [], { cwd: 5 }],
  ['spawnSync with bad arguments', spawnSync, 'true', 'arguments'],
  ['execFileSync of what is missing', execFileSync, 'no-such-program', ['a']],
  ['execFileSync in a missing directory', execFileSync, 'true', [], { cwd: '/no/such' }],
  ['execSync of what is missing', execSync, 'no-such-program', quiet],
  ['execSync in a missing directory', execSync, 'true', { cwd: '/no/such' }],
  ['execSync of nothing', execSync, ''],
  ['execSync of a number', execSync, 5],
  // Shells, names, environment.
  ['spawnSync by a shell', spawnSync, 'echo "$0" a', ['b c'], { shell: true, encoding: 'utf8' }],
  ['spawnSync by a named shell', spawnSync, 'echo "$0"', [], { shell: '/bin/bash', encoding: 'utf8' }],
  ['spawnSync by a missing shell', spawnSync, 'echo', ['x'], { shell: '/no/such/shell' }],
  ['spawnSync with no shell', spawnSync, 'echo', ['$HOME'], { shell: '', encoding: 'utf8' }],
  ['execSync by a named shell', execSync, 'echo "$0"', { shell: '/bin/bash', encoding: 'utf8' }],
  ['execFileSync by a shell', execFileSync, 'exit', ['3'], { shell: true, ...quiet }],
  ['spawnSync under another name', spawnSync, 'sh', ['-c', 'echo "$0"'], { argv0: 'other', encoding: 'utf8' }],
  ['execFileSync under another name', execFileSync, 'sh', ['-c', 'exit 2'], { argv0: 'other', ...quiet }],
  sh('echo "$A-$HOME"', { env: { A: 'a' }, encoding: 'utf8' }),
  sh('echo "$A-$B"', { env: { A: undefined, B: 5 }, encoding: 'utf8' }),
  sh('exit 0', { detached: true, windowsHide: true }),
  sh('exit 5', { signal: AbortSignal.abort() }),
  // Those that throw.
  ['execSync', execSync, 'echo out; echo err >&2; exit 3', quiet],
  ['execSync, killed', execSync, 'echo out; kill -9 $$', { ...quiet, ...utf8 }],
  ['execFileSync', execFileSync, 'sh', ['-c', 'echo err >&2; exit 1'], quiet],
  ['execFileSync without output', execFileSync, 'false', [], { stdio: 'ignore' }],
  ['execSync without output', execSync, 'exit 2', { stdio: ['ignore', 'pipe', 'ignore'] }],
  ['execSync with its output ignored', execSync, 'echo out', { stdio: 'ignore' }],
  ['execSync in an encoding that there is not', execSync, 'echo', { encoding: 'no-such' }],
  ['execSync in an encoding that there is not', execSync, 'echo', { encoding: 'no-such', input: '' }],
  ['execSync with input in an encoding that there is not', execSync, 'echo', { encoding: 'no-such', input: 'x' }],
  ['execSync in an encoding that is none', execSync, 'exit 3', { encoding: 5, ...quiet }],
];

describe('a twin answers as the blocking call does', () => {
  it.each(CASES.map(([name, fn, ...args], i) => ({ i, name, args, fn: fn as Callable })))(
    '$i: $name $args',
    async ({ fn, args }) => {
      const expected = await outcome(() => Reflect.apply(fn, undefined, args));
      expect(await outcome(() => byTwin(fn, args))).toEqual(expected);
    },
  );

  it('passes on the standard error of a child whose descriptors were not mentioned', async () => {
    const args = ['echo out; echo err >&2; exit 3'];
    const expected = await outcome(() => Reflect.apply(execSync as Callable, undefined, args));
    expect(expected.passed).toBe('err\n');
    expect(await outcome(() => byTwin(execSync as Callable, args))).toEqual(expected);
  });

  describe.each([
    ['enumerable', true],
    ['hidden', false],
  ])('takes no options from the prototype of all objects: %s ones', (_, enumerable) => {
    const given = { cwd: '/', uid: 1, shell: '/no/such/shell', env: { A: 'b' }, stdio: 'ignore' };
    // Node's streams take these for their own options.
    const ofStreams = { encoding: 'hex', objectMode: true, highWaterMark: 0 };

    async function polluted(call: () => unknown): Promise<unknown> {
      const values = Object.entries(enumerable ? { ...given, ...ofStreams } : given);
      for (const [name, value] of values)
        Object.defineProperty(Object.prototype, name, { value, enumerable, writable: true, configurable: true });
      try {
        return await call();
      } finally {
        for (const [name] of values) Reflect.deleteProperty(Object.prototype, name);
      }
    }

    it.each([
      ['spawnSync', spawnSync, 'pwd', []],
      ['execFileSync', execFileSync, 'pwd', []],
      ['execSync', execSync, 'pwd'],
      ['execSync with options', execSync, 'echo "$A"; pwd', { env: { A: 'a' } }],
    ] as readonly Case[])('%s', async (_, fn, ...args) => {
      const expected = await outcome(() => polluted(() => Reflect.apply(fn as Callable, undefined, args)));
      expect(await outcome(() => polluted(() => byTwin(fn as Callable, args)))).toEqual(expected);
    });
  });
});
