/** Children of the spawner against the blocking calls: every key of result and error, and when this process spawns itself. */
import childProcess from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

// The spawner's program is a built file.
const built = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
const { spawnSync, execFileSync, execSync } = childProcess;

const directory = mkdtempSync(join(tmpdir(), 'unblock-spawner-'));
mkdirSync(join(directory, 'inner'));
writeFileSync(join(directory, 'no-program'), 'text');
const workingDirectory = process.cwd();
const umask = process.umask();
afterEach(() => {
  process.chdir(workingDirectory);
  process.umask(umask);
  delete process.env.UNBLOCK_TEST;
});
afterAll(() => rmSync(directory, { recursive: true }));

function call(fn: unknown, ...args: readonly unknown[]): Promise<unknown> {
  const result = Reflect.apply(twinOf(fn) as Callable, childProcess, args);
  return result === SUSPENDED ? take().then(unbox) : Promise.resolve(result);
}

/** The parent of a child that is called with these options, whatever it prints. */
async function parentOf(options: object = {}): Promise<number> {
  const command = 'cat > /dev/null; exec cat /proc/self/stat';
  const stat = (await call(execSync, command, { encoding: 'utf8', ...options })) as string;
  return Number(stat.split(') ')[1]?.split(' ')[1]);
}

/** Spawns that take so long that a spawner is worth its start. */
async function burst(): Promise<void> {
  const prototype = childProcess.ChildProcess.prototype as unknown as { spawn: Callable };
  const { spawn } = prototype;
  prototype.spawn = function (this: unknown, ...args: unknown[]) {
    const until = performance.now() + 60;
    while (performance.now() < until);
    return Reflect.apply(spawn, this, args);
  };
  try {
    await call(execFileSync, 'true');
  } finally {
    prototype.spawn = spawn;
  }
}

async function startSpawner(): Promise<void> {
  await burst();
  const until = performance.now() + 20_000;
  while ((await parentOf()) === process.pid) {
    if (performance.now() > until) throw new Error('no spawner');
    await delay(20);
  }
}

type Case = readonly [name: string, fn: unknown, ...args: unknown[]];
const utf8 = { encoding: 'utf8' };
const sh = (script: string, options: object = {}): Case => [script, spawnSync, 'sh', ['-c', script], options];
const MEGABYTE = 1024 * 1024;

const CASES: readonly Case[] = [
  sh('exit 0'),
  sh('exit 7', utf8),
  sh('kill -TERM $$'),
  sh('kill -KILL $$', utf8),
  sh('echo out; echo err >&2; exit 3', utf8),
  sh('echo out; echo err >&2; exit 3', { encoding: 'buffer' }),
  sh('exec sleep 5', { timeout: 60 }),
  sh('echo before; exec sleep 5', { timeout: 200, encoding: 'utf8' }),
  sh('exec sleep 5', { timeout: 60, killSignal: 'SIGINT' }),
  sh('exec sleep 5', { timeout: 60, killSignal: 9 }),
  sh('trap "exit 7" TERM; while :; do sleep 0.05; done', { timeout: 150 }),
  sh('printf 12345; exec sleep 2', { maxBuffer: 4 }),
  sh('exec printf 12345', { maxBuffer: 5, encoding: 'latin1' }),
  sh('head -c 3000000 /dev/zero', { maxBuffer: 3 * MEGABYTE }),
  sh('cat', { input: 'text', encoding: 'utf8' }),
  sh('cat', { input: Buffer.from([0, 255, 10]) }),
  sh('cat', { input: 'x'.repeat(MEGABYTE) }),
  sh('cat', { input: new Uint16Array([1, 2, 3]) }),
  sh('cat', { input: 'ff', encoding: 'hex' }),
  sh('exec 0<&-; sleep 0.1', { input: 'x'.repeat(MEGABYTE) }),
  sh('pwd', { cwd: directory, encoding: 'utf8' }),
  sh('pwd', { cwd: 'packages', encoding: 'utf8' }),
  sh('pwd', { cwd: '/no/such/place', encoding: 'utf8' }),
  sh('echo $A-$B', { env: { A: '1', B: 2 }, encoding: 'utf8' }),
  sh('env | wc -l', { env: {}, encoding: 'utf8' }),
  sh('env | wc -l', { env: '', encoding: 'utf8' }),
  sh('env | sort', { env: ['x', 'y'], encoding: 'utf8' }),
  sh('env | sort', {
    env: JSON.parse('{ "__proto__": "x", "A": "line\\nline", "B": "", "C": false }'),
    encoding: 'utf8',
  }),
  sh('pwd', { cwd: '', encoding: 'utf8' }),
  sh('echo $0', { argv0: 'named', encoding: 'utf8' }),
  sh('echo lost; echo kept >&2', { stdio: ['pipe', 'ignore', 'pipe'], encoding: 'utf8' }),
  sh('echo lost', { stdio: 'ignore' }),
  sh('exec sleep 5', { timeout: 60, stdio: 'ignore' }),
  ['a directory as bytes', spawnSync, 'pwd', { cwd: Buffer.from('/usr'), ...utf8 }],
  ['a directory as a URL', spawnSync, 'pwd', { cwd: pathToFileURL('/usr'), ...utf8 }],
  sh('umask; ulimit -n; nice; id', utf8),
  sh('trap', utf8),
  sh("grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status", utf8),
  sh('ls /proc/self/fd | wc -l', utf8),
  sh('cut -d" " -f5,6 /proc/self/stat', utf8),
  ['a program that does not exist', spawnSync, 'no-such-program-here', ['a']],
  ['a file that is no program', spawnSync, join(directory, 'no-program')],
  ['a directory as program', spawnSync, directory],
  ['a path through a file', spawnSync, join(directory, 'no-program', 'x')],
  ['too many arguments', spawnSync, 'true', ['x'.repeat(3 * MEGABYTE)]],
  ['execFileSync', execFileSync, 'printf', ['%s', 'ü'], utf8],
  ['execFileSync that fails', execFileSync, 'sh', ['-c', 'echo out; echo err >&2; exit 5'], { stdio: 'pipe' }],
  ['execFileSync that takes too long', execFileSync, 'sleep', ['5'], { timeout: 60 }],
  ['execFileSync of nothing', execFileSync, 'no-such-program-here', { stdio: 'pipe' }],
  ['execSync', execSync, 'echo a; echo b', utf8],
  ['execSync with a shell', execSync, 'echo $0', { shell: '/bin/bash', encoding: 'utf8' }],
  ['execSync that fails', execSync, 'exit 9', { stdio: 'pipe' }],
  ['execSync with an unknown user', execSync, 'true', { uid: 123456, stdio: 'pipe' }],
];

/** Everything that can be seen of a result, or of an error. */
function seen(outcome: unknown): unknown {
  if (Buffer.isBuffer(outcome)) return `buffer ${outcome.toString('latin1')}`;
  if (typeof outcome !== 'object' || outcome === null) return outcome;
  return Object.entries(outcome).map(([key, value]) => {
    if (key === 'pid') return [key, typeof value === 'number' && value > 0];
    if (value instanceof Error && value !== outcome) return [key, value.constructor.name, value.message, seen(value)];
    return [key, value === outcome ? 'itself' : Array.isArray(value) ? value.map(seen) : seen(value)];
  });
}

async function outcomeOf(fn: () => unknown): Promise<unknown> {
  try {
    return ['returned', seen(await fn())];
  } catch (error) {
    return ['threw', (error as Error).constructor.name, (error as Error).message, seen(error)];
  }
}

// Elsewhere processes are not copied when they spawn.
describe.runIf(process.platform === 'linux')('the spawner', () => {
  beforeAll(async () => {
    await import(pathToFileURL(built('compiled.mjs')).href);
    await startSpawner();
  });

  it.each(CASES)('gives what the blocking call gives: %s', async (_name, fn, ...args) => {
    const twin = await outcomeOf(() => call(fn, ...args));
    expect(twin).toEqual(await outcomeOf(() => Reflect.apply(fn as Callable, childProcess, args)));
  });

  it('spawns with the environment and directory of the time of the call', async () => {
    process.chdir(directory);
    process.env.UNBLOCK_TEST = 'first';
    const calls = [undefined, 'inner', '..'].map((cwd) =>
      call(execSync, 'echo $UNBLOCK_TEST; pwd; cat /proc/self/stat', { cwd, encoding: 'utf8' }),
    ) as Promise<string>[];
    process.env.UNBLOCK_TEST = 'later';
    process.chdir('/');
    const lines = (await Promise.all(calls)).map((text) => text.split('\n').slice(0, 2));
    expect(lines).toEqual([
      ['first', directory],
      ['first', join(directory, 'inner')],
      ['first', tmpdir()],
    ]);
    expect(await parentOf()).not.toBe(process.pid);
  });

  it('spawns where this process is, whatever has become of the names of directories', async () => {
    const first = join(directory, 'first');
    const second = join(directory, 'second');
    const where = 'pwd; stat -c %i .';
    const checked = async (options: object = {}) => {
      const blocking = childProcess.execSync(where, { encoding: 'utf8', stdio: 'pipe', ...options });
      expect(await call(execSync, where, { encoding: 'utf8', stdio: 'pipe', ...options })).toBe(blocking);
    };
    mkdirSync(join(first, 'inner'), { recursive: true });
    process.chdir(first);
    await checked();
    await checked({ cwd: 'inner' });
    renameSync(first, second);
    await checked();
    mkdirSync(first);
    await checked();
    await checked({ cwd: '.' });
    process.chdir(directory);
    symlinkSync(join(second, 'inner'), 'link');
    await checked({ cwd: 'link/..' });
    rmSync(second, { recursive: true });
    rmSync(first, { recursive: true });
    expect(await parentOf()).not.toBe(process.pid);
  });

  it('treats variables that process.env inherits as the blocking call does', async () => {
    const prototype = Object.getPrototypeOf(process.env);
    Object.setPrototypeOf(process.env, { UNBLOCK_INHERITED: 'yes', __proto__: prototype });
    try {
      // They have them up to Node 20.
      const blocking = childProcess.execSync('echo $UNBLOCK_INHERITED', { encoding: 'utf8' });
      expect(await call(execSync, 'echo $UNBLOCK_INHERITED', utf8)).toBe(blocking);
    } finally {
      Object.setPrototypeOf(process.env, prototype);
    }
  });

  it.each([
    ['pipes', {}, false],
    ['ignored output', { stdio: ['ignore', 'pipe', 'ignore'] }, false],
    ['variables of its own', { env: { PATH: process.env.PATH } }, false],
    ['a descriptor', { stdio: ['pipe', 'pipe', 'inherit'] }, true],
    ['variables that are inherited', { env: Object.create({ ...process.env }) }, true],
    ['much input', { input: 'x'.repeat(5 * MEGABYTE) }, true],
    ['a directory as bytes', { cwd: Buffer.from('/usr') }, false],
    ['a limit of its own', { maxBuffer: 5 * MEGABYTE }, false],
    ['no limit', { maxBuffer: Infinity }, true],
    ['options that mean nothing', { unknown: true }, false],
  ])('a call with %s', async (_what, options, isHere) => {
    expect((await parentOf(options)) === process.pid).toBe(isHere);
  });

  it('is not asked for children that ask for their parent', async () => {
    expect(await call(execSync, 'echo $PPID', utf8)).toBe(`${process.pid}\n`);
    expect(await call(execFileSync, 'sh', [], { input: 'echo $PPID', ...utf8 })).toBe(`${process.pid}\n`);
  });

  it('is not asked while children would inherit another umask', async () => {
    process.umask(0o077);
    expect(await parentOf()).toBe(process.pid);
    expect(await call(execSync, 'umask', utf8)).toBe('0077\n');
    process.umask(umask);
    expect(await parentOf()).not.toBe(process.pid);
  });

  it('is not asked while children would inherit other limits of the system', async () => {
    const file = '/proc/self/oom_score_adj';
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, '900');
    try {
      expect(await call(execFileSync, 'cat', [file], utf8)).toBe('900\n');
    } finally {
      // Only the superuser may lower it again below what it has been at the start.
      writeFileSync(file, before);
    }
    expect(await parentOf()).not.toBe(process.pid);
  });

  it('keeps the loop free', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await Promise.all(Array.from({ length: 50 }, () => call(execFileSync, 'true')));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });

  it('stops what is interrupted, spawned or not', async () => {
    const file = join(directory, 'written');
    const { TimeoutError, withTimeout } = await import(pathToFileURL(built('index.mjs')).href);
    const command = `exec 2>&-; sleep 0.6; echo >> ${file}`;
    const run = () => Reflect.apply(twinOf(execSync) as Callable, childProcess, [command, { stdio: 'pipe' }]);
    const runs = Array.from({ length: 40 }, () =>
      call(withTimeout, 150, run).catch((error: Error) => error.constructor),
    );
    expect(new Set(await Promise.all(runs))).toEqual(new Set([TimeoutError]));
    await delay(900);
    expect(existsSync(file)).toBe(false);
    expect(await parentOf()).not.toBe(process.pid);
  });
});

describe.runIf(process.platform === 'linux')('a process with a spawner', () => {
  /** Runs a program in which `call` is the twin of execSync and `spawner` the process number of the spawner. */
  const program = (body: string) => `
    const childProcess = await import('node:child_process');
    const { $SUSPENDED, $take, $unbox } = await import(${JSON.stringify(pathToFileURL(built('compiled.mjs')).href)});
    const twin = childProcess.execSync[Object.getOwnPropertySymbols(childProcess.execSync)[0]];
    const call = (...args) => {
      const result = twin(...args);
      return result === $SUSPENDED ? $take().then($unbox) : Promise.resolve(result);
    };
    const { spawn } = childProcess.ChildProcess.prototype;
    childProcess.ChildProcess.prototype.spawn = function (...args) {
      const until = performance.now() + 60;
      while (performance.now() < until);
      return spawn.apply(this, args);
    };
    await call('true');
    childProcess.ChildProcess.prototype.spawn = spawn;
    const parent = async () => Number(String(await call('exec cat /proc/self/stat')).split(') ')[1].split(' ')[1]);
    let spawner = process.pid;
    while (spawner === process.pid) spawner = await parent();
    ${body}`;
  const runProgram = (body: string, options: object = {}) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', program(body)], { encoding: 'utf8', ...options });
  const isAlive = (pid: number) => {
    try {
      return !readFileSync(`/proc/${pid}/status`, 'utf8').includes('State:\tZ');
    } catch {
      return false;
    }
  };
  const goes = async (pid: number) => {
    const until = performance.now() + 5000;
    while (isAlive(pid) && performance.now() < until) await delay(20);
    return !isAlive(pid);
  };

  it.each(['', 'process.exit(0)', 'process.kill(process.pid, "SIGKILL")'])(
    'ends, and its spawner with it: %s',
    async (end) => {
      const { stdout, stderr } = runProgram(`process.stdout.write(String(spawner)); ${end}`, { timeout: 20_000 });
      expect(stderr).toBe('');
      expect(await goes(Number(stdout))).toBe(true);
    },
  );

  it('waits for its children', () => {
    const { stdout } = runProgram(`call('sleep 0.3; echo done').then((text) => process.stdout.write(text));`);
    expect(stdout).toBe('done\n');
  });

  it('gets an error for a child that it loses with the spawner, and spawns itself from then on', () => {
    const { stdout } = runProgram(`
      const lost = call('sleep 5').catch((error) => error.code);
      process.kill(spawner, 'SIGKILL');
      console.log(await lost, (await parent()) === process.pid);`);
    expect(stdout).toBe('EIO true\n');
  });

  it('spawns and reads although tests have put stand-ins in the place of the timers', () => {
    const { stdout } = runProgram(
      `
      const fs = await import('node:fs');
      const read = fs.readFileSync[Object.getOwnPropertySymbols(fs.readFileSync)[0]];
      globalThis.setImmediate = globalThis.setTimeout = () => ({});
      const own = childProcess.spawnSync[Object.getOwnPropertySymbols(childProcess.spawnSync)[0]];
      const hold = (until) => { while (performance.now() < until); };
      for (let i = 0; i < 40; i++) {
        if (read('/etc/passwd') === $SUSPENDED) await $take();
        hold(performance.now() + 0.2);
      }
      await Promise.all(Array.from({ length: 40 }, () => call('exec true', { stdio: ['inherit', 'pipe', 'pipe'] })));
      own('sleep', ['5'], { timeout: 50 });
      console.log($unbox(await $take()).error.code);`,
      { timeout: 20_000 },
    );
    expect(stdout).toBe('ETIMEDOUT\n');
  });

  it('does not measure the coverage of children where the program has stopped to', () => {
    const { stdout } = runProgram(
      `
      delete process.env.NODE_V8_COVERAGE;
      process.stdout.write(String(await call('echo "[$NODE_V8_COVERAGE]"')));`,
      { env: { ...process.env, NODE_V8_COVERAGE: join(directory, 'coverage') } },
    );
    expect(stdout).toBe('[]\n');
  });

  it('keeps its spawner through signals that are for the group', () => {
    const { stdout } = runProgram(`
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGTSTP', 'SIGTTOU']) process.kill(spawner, signal);
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log((await parent()) === spawner);`);
    expect(stdout).toBe('true\n');
  });
});
