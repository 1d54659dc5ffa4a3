/** Adapters of node:test: a test fails if its body rejects, as it does if the body throws. */
import test from 'node:test';
import { unbox } from '../../twin/protocol.js';
import { linkPaths } from './resolve.js';
import { started } from './wrap.js';

export function installTestBodies(): void {
  linkPaths(test, 'it it.skip it.todo it.only test test.skip test.todo test.only', 'last', body);
  linkPaths(test, 'before after beforeEach afterEach', [0], body);
}

/** Bodies that take a `done` callback must not return a promise. */
function body(value: unknown): unknown {
  return started(value, (pending, args) => {
    const done = args.at(-1);
    if (typeof done !== 'function') return pending.then(unbox);
    pending.then(undefined, (error) => done(error));
    return undefined;
  });
}
