/** Adapters of node:test: a test fails if its body rejects, as it does if the body throws. */
import { linkPaths } from '../node/roots/resolve.js';
import { testBody } from '../node/roots/wrap.js';
import { mainExport } from './exports.js';

/**
 * Links those of `test`, the module's export. Only a program that imports the module has it loaded: it looks at the standard streams, and from then on
 * a pipe no longer blocks.
 */
export function applyTest(test: unknown): void {
  const main = mainExport(test);
  linkPaths(main, 'it it.skip it.todo it.only test test.skip test.todo test.only', 'last', testBody);
  linkPaths(main, 'before after beforeEach afterEach', [0], testBody);
}
