/** How many children run at a time, in processes that may have few descriptors. */
import { spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const built = JSON.stringify(pathToFileURL(fileURLToPath(new URL('../../dist/index.mjs', import.meta.url))).href);

/** What a program prints as JSON in which `run` is the twin of spawnSync, and which may have `descriptors`. */
async function printed(descriptors: number, body: string): Promise<unknown> {
  const program = `
    import childProcess from 'node:child_process';
    import fs from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import { twin, withTimeout } from ${built};
    const run = twin(childProcess.spawnSync);
    const outcome = ({ error, status }) => error?.code ?? status;
    const atOnce = (count, ...args) => Promise.all(Array.from({ length: count }, () => run(...args)));
    /** Takes all descriptors but some. */
    const hold = (rest) => {
      const held = [];
      try {
        for (;;) held.push(fs.openSync('/dev/null'));
      } catch {}
      for (const fd of held.splice(0, rest)) fs.closeSync(fd);
      return held;
    };
    const print = (value) => fs.writeSync(1, JSON.stringify(value));
    ${body}`;
  const child = spawn('sh', [
    '-c',
    `ulimit -n ${descriptors}; exec "$0" --input-type=module -e "$1"`,
    process.execPath,
    program,
  ]);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

// Elsewhere the limit is not read.
describe.runIf(process.platform === 'linux')('children of blocking calls', () => {
  it('leave most descriptors to the program', async () => {
    const seen = await printed(
      256,
      `
      const calls = atOnce(150, 'sleep', ['0.5']);
      await delay(400);
      const used = fs.readdirSync('/proc/self/fd').length;
      print([used < 160, [...new Set((await calls).map(outcome))]]);`,
    );
    expect(seen).toEqual([true, [0]]);
  });

  it('wait for each other where the program holds nearly all descriptors', async () => {
    expect(
      await printed(256, `hold(14); print([...new Set((await atOnce(40, 'sleep', ['0.1'])).map(outcome))]);`),
    ).toEqual([0]);
  });

  it('are refused as by the blocking call where there is room for none', async () => {
    const seen = await printed(
      256,
      `
      await run('true');
      const held = hold(2);
      const found = outcome(await run('true'));
      const expected = outcome(childProcess.spawnSync('true'));
      held.forEach((fd) => fs.closeSync(fd));
      print([found, expected, outcome(await run('true'))]);`,
    );
    expect(seen).toEqual(['EMFILE', 'EMFILE', 0]);
  });

  it.each(['', 'hold(14);'])('begin in the order of their calls: %s', async (before) => {
    const seen = await printed(
      64,
      `${before}
      const began = [];
      const { spawn } = childProcess.ChildProcess.prototype;
      childProcess.ChildProcess.prototype.spawn = function (options) {
        const result = spawn.call(this, options);
        if (this.pid !== undefined) began.push(options.args[0]);
        return result;
      };
      // With a descriptor of this process, so that it spawns them itself.
      const stdio = ['pipe', 'pipe', 'inherit'];
      const call = (_, i) => run('sleep', [String((i % 3) / 20)], { stdio, argv0: String(i) });
      await Promise.all(Array.from({ length: 24 }, call));
      print(began.filter((name) => name !== process.execPath).map(Number));`,
    );
    expect(seen).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  it('have time limits that begin with them', async () => {
    expect(
      await printed(64, `print([...new Set((await atOnce(30, 'sleep', ['0.3'], { timeout: 800 })).map(outcome))]);`),
    ).toEqual([0]);
  });

  it('can be interrupted while they wait', async () => {
    const seen = await printed(
      64,
      `
      const before = atOnce(8, 'sleep', ['1']);
      const start = performance.now();
      const error = await withTimeout(100, () => run('sleep', ['0'])).catch((reason) => reason.name);
      print([error, performance.now() - start < 800, [...new Set((await before).map(outcome))]]);`,
    );
    expect(seen).toEqual(['TimeoutError', true, [0]]);
  });
});

it('a time limit may be longer than timers can wait', async () => {
  expect(await printed(1024, `print(outcome(await run('sleep', ['0.1'], { timeout: 2 ** 40 })));`)).toBe(0);
});
