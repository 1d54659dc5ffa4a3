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
  const lower = (text: string) =>
    transform(babel, text, '/app/main.js', {
      presets: [[babel.presets.env, { targets: 'ie 11', modules: false }]],
      sourceType: 'script',
    }).code;
  const lowered = (text: string) => {
    const compilation = compile({
      modules: [{ fileName: '/app/main.js', text, kind: 'commonjs' }],
      resolve: () => undefined,
      closed: false,
      options: { patch: {}, runtime: 'runtime' },
    });
    return lower(compilation.rewrite('/app/main.js')?.code as string);
  };

  it('generators for engines without them suspend', async () => {
    const original = run(lower(PROGRAM));
    original.main();
    const compiled = run(lowered(PROGRAM));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const main = twin(compiled.main);
    await main?.();
    clearInterval(timer);
    expect(compiled.log).toEqual(original.log);
    expect(turns, 'nothing suspended').toBeGreaterThan(10);
    const synchronous = run(lowered(PROGRAM));
    synchronous.main();
    expect(synchronous.log).toEqual(original.log);
  });

  it('classes with private names, for engines without classes, construct at once', async () => {
    const CLASSES = `${SLEEP}
    class Store {
      #dir; seen = log(['field', new.target === undefined]);
      constructor(dir, { depth = 1 } = {}) { this.#dir = dir + depth; sleep(15); log(dir); }
      get dir() { return this.#dir; }
    }
    class Counting extends Store { #reads = 0; constructor(dir) { super(dir, { depth: 2 }); sleep(15); log(++this.#reads); } }
    class Plain { constructor(dir) { sleep(15); this.dir = dir; } }
    exports.main = function () { for (const C of [Store, Counting, Plain]) { const made = new C('x'); log([made.dir, made instanceof C]); } };`;
    const original = run(lower(CLASSES));
    original.main();
    const compiled = run(lowered(CLASSES));
    await twin(compiled.main)?.();
    expect(compiled.log).toEqual(original.log);
  });
});
