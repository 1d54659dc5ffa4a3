/** Adapters of node:test: a test fails if its body rejects, as it does if the body throws. */
import test from 'node:test';
import { linkPaths } from './resolve.js';
import { testBody } from './wrap.js';

export function installTestBodies(): void {
  linkPaths(test, 'it it.skip it.todo it.only test test.skip test.todo test.only', 'last', testBody);
  linkPaths(test, 'before after beforeEach afterEach', [0], testBody);
}
