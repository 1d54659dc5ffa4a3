/** Many children at once: spawns are spread over turns of the event loop, with the surroundings of the time of the call. */
import childProcess from 'node:child_process';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, expect, it } from 'vitest';
import { installChildProcess } from '../../src/node/child-process/install.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

installChildProcess();
const COUNT = 24;
const workingDirectory = process.cwd();
afterEach(() => {
  delete process.env.UNBLOCK_TEST;
  process.chdir(workingDirectory);
});

function call(...args: unknown[]): Promise<unknown> {
  const result = Reflect.apply(twinOf(childProcess.execFileSync) as Callable, childProcess, args);
  if (result !== SUSPENDED) throw new Error('execFileSync did not suspend');
  return take().then(unbox);
}

it.each([undefined, null])(
  'a child gets the environment and directory of the time of its call (env: %s)',
  async (env) => {
    process.chdir(tmpdir());
    const calls = Array.from({ length: COUNT }, (_, i) => {
      process.env.UNBLOCK_TEST = String(i);
      return call('sh', ['-c', 'echo $UNBLOCK_TEST $PWD'], { env, encoding: 'utf8' });
    });
    process.env.UNBLOCK_TEST = 'later';
    process.chdir(workingDirectory);
    expect(await Promise.all(calls)).toEqual(calls.map((_, i) => `${i} ${realpathSync(tmpdir())}\n`));
  },
);

it('a burst does not hold up the event loop', async () => {
  let turns = 0;
  let done = false;
  const tick = () => {
    turns++;
    if (!done) setImmediate(tick);
  };
  setImmediate(tick);
  const started: number[] = [];
  const spawn = childProcess.ChildProcess.prototype as unknown as { spawn: Callable };
  const original = spawn.spawn;
  spawn.spawn = function (this: unknown, ...args: unknown[]) {
    started.push(turns);
    const until = performance.now() + 11;
    while (performance.now() < until);
    return Reflect.apply(original, this, args);
  };
  try {
    await Promise.all(Array.from({ length: COUNT }, () => call('true')));
  } finally {
    spawn.spawn = original;
    done = true;
  }
  expect(new Set(started).size).toBe(COUNT);
});
