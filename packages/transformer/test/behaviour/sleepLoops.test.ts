/** Loops that sleep leave the event loop to others, and wait as long as they did. */
import { compileFunction } from 'node:vm';
import * as runtime from '@unblock/runtime/compiled';
import { expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

const LOOPS = {
  'until an end': 'const end = Date.now() + ms; while (Date.now() < end);',
  'a difference': 'const start = performance.now(); while (performance.now() - start < ms) {}',
  'dates that are made anew': 'const start = new Date(); while (new Date() - start < ms) {}',
  'a variable for the clock': 'const start = Date.now(); let now; do { now = Date.now(); } while (now - start < ms);',
  'a variable that is stale': 'const end = Date.now() + ms; let now = 0; while (now < end) now = Date.now();',
  'a for statement': 'for (var start = +new Date(); +new Date() < start + ms; );',
} as const;

async function compiled(loop: string, compact: boolean): Promise<{ readonly took: number; readonly turns: number }> {
  const text = `
exports.main = async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const before = performance.now();
  sleep(60);
  const took = performance.now() - before;
  clearInterval(timer);
  return { took, turns };
};
function sleep(ms) { ${loop} }`;
  const { rewrite, verdicts } = compile({
    modules: [{ fileName: '/app.cjs', text, kind: 'commonjs' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: 'runtime', compact },
  });
  expect(verdicts.map(({ api, status }) => [api, status])).toEqual([['busy loop', 'patched']]);
  const exports: { main?: () => Promise<{ took: number; turns: number }> } = {};
  compileFunction(rewrite('/app.cjs')?.code ?? '', ['exports', 'require'])(exports, () => runtime);
  return (exports.main as NonNullable<typeof exports.main>)();
}

it.each(Object.entries(LOOPS))('%s', async (_, loop) => {
  for (const compact of [false, true]) {
    const { took, turns } = await compiled(loop, compact);
    expect(took).toBeGreaterThanOrEqual(59);
    expect(turns).toBeGreaterThan(0);
  }
});
