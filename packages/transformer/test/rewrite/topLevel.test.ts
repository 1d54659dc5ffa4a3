/** Top-level await of ES modules, on request. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

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
