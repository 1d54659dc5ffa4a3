/** Top-level await of ES modules, on request. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { unfulfilled } from './fulfilment.js';
import { linkSuspending } from './suspending.js';

const directory = mkdtempSync(join(tmpdir(), 'unblock-top-level-'));
afterAll(() => rmSync(directory, { recursive: true }));

const TEXT = `
import { readFileSync } from 'node:fs';
const read = () => readFileSync(import.meta.filename, 'utf8');
export const log = [];
setImmediate(() => log.push('loop'));
class C { static size = read().length; }
export const size = read().length + C.size;
export default read() === read();
log.push('end');
`;

function compiled(topLevelAwait: boolean) {
  const fileName = '/module.mjs';
  return compile({
    modules: [{ fileName, text: TEXT, kind: 'esm', topLevelAwait }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: fileURLToPath(new URL('../../../runtime/dist/compiled.mjs', import.meta.url)) },
  });
}

describe('the top level of an ES module', () => {
  it('stays synchronous by default', () => {
    expect(compiled(false).rewrite('/module.mjs')).toBeUndefined();
    expect(compiled(false).verdicts.map((verdict) => verdict.status)).toEqual(['blocking']);
  });

  it('awaits on request, outside static fields', async () => {
    const { verdicts, rewrite } = compiled(true);
    expect(verdicts.map(({ status, reasons }) => [status, reasons.map(({ rule }) => rule)])).toEqual([
      ['partly', ['static-block']],
    ]);
    const file = join(directory, 'module.mjs');
    writeFileSync(file, rewrite('/module.mjs')?.code ?? '');
    const { log, size, default: same } = await import(/* @vite-ignore */ file);
    expect(log).toEqual(['loop', 'end']);
    expect(size).toBeGreaterThan(TEXT.length);
    expect(same).toBe(true);
  });
});

/** What a module whose statements may not be put into a block does: `block` stands for a blocking call. */
const PATTERNS = `
const { block, log } = globalThis.trial;
function* items(...list) {
  try { for (const item of list) yield block(item); } finally { log('closed after ' + block('close')); }
}
const seen = () => { try { return [a, b]; } catch (error) { return error.name; } };
export const [a = seen(), b = [a, seen()], ...[c]] = items(undefined, undefined, 3);
export let d, e = 1, [f = () => f.name, { g } = { g: block('g') }] = items();
export var [h = block('h')] = items(), i = h;
let held
[d, held = block('held')] = items(4)
;[e] = items(5)
if (e) [held] = items(6);
else [held] = items();
for (const [x = block('x'), y] of [items(7), items()]) log([x, y]);
for (let [x = block(0)] = items(); x < 2; [x] = items(x + 1)) log(x);
outer: for (const key in { p: 1, q: 2 }) if (([held = block(key)] = items()) && held === 'p') continue outer;
switch (block(1)) { case 1: const [z = block('z')] = items(); log(z); }
{ const [inner = block('inner')] = items(); log(inner); }
try { const [, [last]] = items(1, null); } catch (error) { log(error.message); }
class Parent { static of([x = block('of')] = items()) { return x; } }
log([a, b, c, d, e, f(), g, h, i, held, Parent.of()]);
export const [broken = (() => { throw new RangeError(block('broken')); })(), after = log('never')] = items();
`;

describe('array patterns among the statements of a module', () => {
  async function runOf(code: string, name: string, suspends: boolean) {
    const log: unknown[] = [];
    const called = (value: unknown) => {
      log.push(['block', value]);
      return value;
    };
    const block = linkSuspending(
      (value: unknown) => called(value),
      called,
      () => suspends,
    );
    Object.assign(globalThis, { trial: { block, log: (entry: unknown) => log.push(entry) } });
    const file = join(directory, name);
    writeFileSync(file, code);
    const error = await import(/* @vite-ignore */ file).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return [log, String(error)];
  }
  const fileName = '/patterns.mjs';
  const compilation = compile({
    modules: [{ fileName, text: PATTERNS, kind: 'esm', topLevelAwait: true }],
    resolve: () => undefined,
    closed: false,
    options: {
      patch: {},
      forced: true,
      runtime: fileURLToPath(new URL('../../../runtime/dist/compiled.mjs', import.meta.url)),
    },
  });
  const code = compilation.rewrite(fileName)?.code ?? '';

  it('wait, and declare what they declared', () => {
    expect(unfulfilled(compilation, fileName, PATTERNS, compilation.rewrite(fileName))).toEqual([]);
    expect(code).toContain('export const a = ');
    expect(code).toMatch(/await .*item\(\)/);
  });

  it.each([false, true])('do the same, and close what fails (suspending: %s)', async (suspends) => {
    const original = await runOf(PATTERNS, `original-${suspends}.mjs`, suspends);
    expect(await runOf(code, `compiled-${suspends}.mjs`, suspends)).toEqual(original);
    expect(original[1]).toBe('RangeError: broken');
  });
});
