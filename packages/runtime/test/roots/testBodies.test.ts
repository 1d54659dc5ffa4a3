import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { standaloneRuntime } from './standalone.js';

const runtime = standaloneRuntime();

/** Runs node:test on two bodies that suspend, one of which fails, and on two that take `done`. */
const program = `
  import test, { afterEach } from 'node:test';
  import * as module from 'node:test';
  import { applyTest } from '${runtime}/packs/nodeTest.js';
  import { registrar } from '${runtime}/twin/callee.js';
  import { link } from '${runtime}/twin/link.js';
  applyTest(module);
  const later = () => new Promise((resolve) => setTimeout(resolve, 5));
  const twin = (impl, length = 0) => link(Object.defineProperty(() => {}, 'length', { value: length }), impl);
  let ran = 0;
  registrar(afterEach, 'afterEach')(twin(async () => { await later(); console.log('after', ++ran); }));
  const it = registrar(test, 'test');
  it('passes', twin(async () => { await later(); console.log('body'); }));
  it('fails', twin(async () => { await later(); throw new Error('late'); }));
  it('calls done', twin(async (t, done) => { await later(); done(); }, 2));
  it('fails before done', twin(async (t, done) => { await later(); throw new Error('later'); }, 2));
`;

test('node:test waits for bodies and hooks that suspend, and fails those that reject', () => {
  // Vitest's own variables would make node:test report to a parent.
  const { NODE_TEST_CONTEXT: _unused, ...env } = process.env;
  const args = ['--test-reporter=tap', '--input-type=module', '-e', program];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  const outcomes = stdout.split('\n').filter((line) => /^(not )?ok|^body|^after|# (pass|fail)/.test(line));
  expect(outcomes).toEqual(
    expect.arrayContaining(['ok 1 - passes', 'not ok 2 - fails', 'ok 3 - calls done', 'not ok 4 - fails before done']),
  );
  expect(stdout).toMatch(/body[\s\S]*after 1[\s\S]*after 2[\s\S]*after 3[\s\S]*after 4/);
  expect(stdout).toMatch(/# pass 2\n# fail 2/);
});
