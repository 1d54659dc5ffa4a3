import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { testBody } from '../../src/node/roots/wrap.js';
import type { Callable } from '../../src/twin/protocol.js';
import { blocking, sleep } from './helpers.js';
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
  it('fails behind done', twin(async (t, done) => { done(); await later(); throw new Error('later'); }, 2));
  it('fails before done', twin(async (t, done) => { await later(); throw new Error('later'); }, 2));
`;

test('node:test waits for bodies and hooks that suspend, and fails those that reject', () => {
  // Vitest's own variables would make node:test report to a parent.
  const { NODE_TEST_CONTEXT: _unused, ...env } = process.env;
  const args = ['--test-reporter=tap', '--input-type=module', '-e', program];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  const outcomes = stdout.split('\n').filter((line) => /^(not )?ok|^body|^after|# (pass|fail)/.test(line));
  expect(outcomes).toEqual(
    expect.arrayContaining([
      'ok 1 - passes',
      'not ok 2 - fails',
      'ok 3 - calls done',
      'not ok 4 - fails behind done',
      'not ok 5 - fails before done',
    ]),
  );
  expect(stdout).toMatch(/body[\s\S]*after 1[\s\S]*after 2[\s\S]*after 3[\s\S]*after 4[\s\S]*after 5/);
  expect(stdout).toMatch(/# pass 2\n# fail 3/);
});

/** A body that rejects behind a suspension, with the number of parameters that it declares. */
const failing = (parameters: number) => {
  const impl: Callable = async () => {
    await sleep(1);
    throw new Error('late');
  };
  return testBody(blocking(Object.defineProperty(impl, 'length', { value: parameters })));
};

// Vitest hands bodies a context that is a function, which is no `done`.
test.fails('Vitest waits for bodies that suspend', failing(0));
test.fails('Vitest waits for bodies that suspend and take its context', failing(1));

test('a body that takes `done` tells it of a failure, and returns nothing', async () => {
  const told = await new Promise((resolve) => expect(failing(1)(resolve)).toBeUndefined());
  expect(told).toEqual(new Error('late'));
});
