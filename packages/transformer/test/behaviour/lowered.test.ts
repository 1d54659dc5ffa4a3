/** Compiled code that a build tool lowers for old engines: async functions and generators become objects of its own. */
import { createRequire } from 'node:module';
import { twin } from '@unblock/runtime';
import * as runtime from '@unblock/runtime/compiled';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { BABELS, transform } from '../hosts/babels.js';

const SLEEP = 'const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);';
const PROGRAM = `${SLEEP}
function* walk(n) { try { for (let i = 0; i < n; i++) { sleep(15); const got = yield i; if (got) log(got); } return 'end'; } finally { sleep(15); log('closed'); } }
function* both() { log(yield* walk(2)); yield* walk(5); }
class Tree { *[Symbol.iterator]() { yield this.constructor.name; yield* walk(1); } }
exports.main = function () {
  for (const i of walk(3)) log(i);
  for (const i of both()) { log(i); if (i > 2) break; }
  const it = both(); log(it.next()); log(it.next('sent')); log(it.return('early')); log(it.next());
  const thrown = walk(1); thrown.next(); try { thrown.throw(new Error('in')); } catch (error) { log(error.message); }
  log([...new Tree(), ...walk(1)]); log(walk(1) instanceof walk);
};`;

function run(code: string): { main: () => unknown; log: unknown[] } {
  const log: unknown[] = [];
  const exports: { main?: () => unknown } = {};
  const load = createRequire(import.meta.url);
  const require = (specifier: string) => (specifier === 'runtime' ? runtime : load(specifier));
  new Function('exports', 'require', 'log', code)(exports, require, (entry: unknown) => log.push(entry));
  return { main: exports.main as () => unknown, log };
}

describe.each(BABELS)('Babel $version', (babel) => {
  it('generators for engines without them suspend', async () => {
    const lower = (text: string) =>
      transform(babel, text, '/app/main.js', {
        presets: [[babel.presets.env, { targets: 'ie 11', modules: false }]],
        sourceType: 'script',
      }).code;
    const original = run(lower(PROGRAM));
    original.main();
    const compilation = compile({
      modules: [{ fileName: '/app/main.js', text: PROGRAM, kind: 'commonjs' }],
      resolve: () => undefined,
      closed: false,
      options: { patch: {}, runtime: 'runtime' },
    });
    const compiled = run(lower(compilation.rewrite('/app/main.js')?.code as string));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const main = twin(compiled.main);
    await main?.();
    clearInterval(timer);
    expect(compiled.log).toEqual(original.log);
    expect(turns, 'nothing suspended').toBeGreaterThan(10);
    const synchronous = run(lower(compilation.rewrite('/app/main.js')?.code as string));
    synchronous.main();
    expect(synchronous.log).toEqual(original.log);
  });
});
