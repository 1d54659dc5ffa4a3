/** What Node does about a rejection that nobody handles, it does later where something is suspended. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { asWait, beginWait, endWait, isWaiting, watchWaits } from '../../src/twin/waits.js';
import { standaloneRuntime } from '../roots/standalone.js';

const runtime = standaloneRuntime();

/** Runs a module in a process of its own: what it prints, and its exit code. `meanwhile` is what happens while something is suspended. */
function run(isSuspended: boolean, flags: readonly string[], meanwhile: string) {
  const program = `
    const { installRejections } = await import(${JSON.stringify(`${runtime}/node/rejections.js`)});
    const { beginWait, endWait } = await import(${JSON.stringify(`${runtime}/twin/waits.js`)});
    installRejections();
    const wait = ${isSuspended} ? beginWait() : undefined;
    ${meanwhile}
    setTimeout(() => { console.log('goes on'); if (wait) endWait(wait); setTimeout(() => console.log('at the end'), 5); }, 5);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr: stderr.replace(/\(node:\d+\)|rejection id: \d+|\n +at .*/g, '') };
}

describe('a rejection that nobody handles', () => {
  const MODES = ['throw', 'warn', 'none', 'strict', 'warn-with-error-codes'].map(
    (mode) => `--unhandled-rejections=${mode}`,
  );
  const PROGRAMS = {
    'of an error': `Promise.reject(new TypeError('no'));`,
    'of another value': `Promise.reject({ code: 7 });`,
    'with a listener': `process.on('unhandledRejection', (reason, promise) => console.log(reason, promise)); Promise.reject(5);`,
    'with a listener of what is uncaught': `process.on('uncaughtException', (error, origin) => console.log(error.message, origin)); Promise.reject(new Error('no'));`,
  };
  it.each(MODES.flatMap((mode) => Object.entries(PROGRAMS).map(([name, text]) => [name, mode, text] as const)))(
    '%s, %s',
    (_, mode, text) => {
      const original = run(false, [mode], text);
      const later = run(true, [mode], text);
      expect(later.status).toBe(original.status);
      expect(later.stderr).toBe(original.stderr);
      expect(later.stdout.split('\n').sort()).toEqual(expect.arrayContaining(original.stdout.split('\n').sort()));
      if (mode.endsWith('=throw')) expect(later.stdout).toMatch(/^goes on\n/);
    },
  );

  it('is nothing where it is handled in the end', () => {
    const text = `const p = Promise.reject(new Error('no')); setTimeout(() => p.catch(({ message }) => console.log(message)), 1);`;
    expect(run(false, [], text)).toMatchObject({ status: 1 });
    expect(run(true, [], text)).toEqual({ status: 0, stdout: 'no\ngoes on\nat the end\n', stderr: '' });
  });
});

describe('where the process ends before', () => {
  /** With something suspended that never ends, and keeps nothing alive. */
  const ending = (text: string) => {
    const program = `
      const { installRejections } = await import(${JSON.stringify(`${runtime}/node/rejections.js`)});
      const { beginWait, endWait } = await import(${JSON.stringify(`${runtime}/twin/waits.js`)});
      installRejections();
      const wait = beginWait();
      ${text}`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    return { status, stdout, isTold: stderr.includes('Error: no') };
  };
  const rejects = `Promise.reject(new Error('no'));`;
  const listens = `process.on('unhandledRejection', ({ message }) => console.log(message));`;

  it.each([
    ['as nothing is left to do', rejects, { status: 1, stdout: '', isTold: true }],
    ['as nothing is left to do, with a listener', listens + rejects, { status: 0, stdout: 'no\n', isTold: false }],
    ['by somebody else', `${rejects} setTimeout(() => process.exit(0), 5);`, { status: 1, stdout: '', isTold: true }],
    [
      'by somebody else, with a listener',
      `${listens} ${rejects} setTimeout(() => process.exit(0), 5);`,
      { status: 0, stdout: 'no\n', isTold: false },
    ],
    [
      'by somebody else, and others listen to the exit',
      `process.on('exit', (code) => console.log(code)); ${rejects} setTimeout(() => process.exit(0), 5);`,
      { status: 1, stdout: '1\n', isTold: true },
    ],
    [
      'by what was suspended, as it did before anybody was told',
      `${rejects} setTimeout(() => { endWait(wait); process.exit(0); }, 5);`,
      { status: 0, stdout: '', isTold: false },
    ],
  ])('%s', (_, text, expected) => {
    expect(ending(text)).toEqual(expected);
  });

  it('tells of each, though a listener throws', () => {
    const text = `
      process.on('uncaughtException', ({ message }) => console.log('uncaught', message));
      process.on('unhandledRejection', (error) => { throw error; });
      for (const at of [1, 3, 5]) setTimeout(() => { Promise.reject(new Error('at ' + at)); }, at);
      setTimeout(() => endWait(wait), 20);`;
    expect(ending(text).stdout).toBe('uncaught at 1\nuncaught at 3\nuncaught at 5\n');
  });
});

describe('a watch', () => {
  const turn = () => new Promise(setImmediate);

  it('ends when what had been suspended has gone on to its end', async () => {
    const [first, second] = [beginWait(), beginWait()];
    const ended = vi.fn();
    watchWaits(ended, 10_000);
    const other = beginWait();
    endWait(first);
    // Goes on at once, and suspends again.
    const next = beginWait();
    await turn();
    endWait(second);
    await turn();
    expect(ended).not.toHaveBeenCalled();
    endWait(next);
    await turn();
    expect(ended).toHaveBeenCalledOnce();
    endWait(other);
    await turn();
    expect(ended).toHaveBeenCalledOnce();
    expect(isWaiting()).toBe(false);
  });

  it('does not wait for what has been suspended since by others', async () => {
    const first = beginWait();
    const ended = vi.fn();
    watchWaits(ended, 10_000);
    const other = beginWait();
    endWait(first);
    await turn();
    expect(ended).toHaveBeenCalledOnce();
    endWait(other);
    expect(isWaiting()).toBe(false);
  });

  it('follows each of several that go on in one turn', async () => {
    const event = new Promise(setImmediate);
    const first = asWait(event).then(beginWait);
    const ended = vi.fn();
    watchWaits(ended, 10_000);
    await asWait(event);
    await turn();
    await turn();
    expect(ended).not.toHaveBeenCalled();
    endWait(await first);
    await turn();
    await turn();
    expect(ended).toHaveBeenCalledOnce();
    expect(isWaiting()).toBe(false);
  });

  it('ends in time, though what is suspended never ends', async () => {
    const wait = beginWait();
    const ended = vi.fn();
    watchWaits(ended, 20);
    await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce(), 5000);
    endWait(wait);
    await turn();
    expect(ended).toHaveBeenCalledOnce();
  });
});
