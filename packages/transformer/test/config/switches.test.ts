/** The option `patch`: what is switched off stays as it was written, and is reported so. */
import { expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

const TEXT = `
import { readFileSync, statSync, realpathSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { createServer } from 'node:http';
createServer((request, response) => {
  const { size } = statSync(request.url);
  response.end(gzipSync(readFileSync(realpathSync.native(request.url)) + size));
  request.app.mkdirSync('x');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
});
`;

function compiled(patch: Readonly<Record<string, boolean>>) {
  const { verdicts, rewrite } = compile({
    modules: [{ fileName: '/app.mjs', text: TEXT, kind: 'esm' }],
    resolve: () => undefined,
    closed: true,
    options: { patch, runtime: '@unblock/runtime/compiled' },
  });
  const off = verdicts.filter(({ reasons }) => reasons.some(({ rule }) => rule === 'disabled'));
  expect(verdicts.filter(({ status }) => status !== 'patched')).toEqual(off);
  expect(verdicts).toHaveLength(6);
  return { off: off.map(({ api }) => api).sort(), code: rewrite('/app.mjs')?.code ?? TEXT };
}

it.each<[Readonly<Record<string, boolean>>, string[]]>([
  [{}, []],
  [{ zlib: false }, ['zlib.gzipSync']],
  [{ fs: false }, ['fs.mkdirSync (by its name)', 'fs.readFileSync', 'fs.realpathSync.native', 'fs.statSync']],
  [{ 'fs.readFileSync': false }, ['fs.readFileSync']],
  [{ 'fs.realpathSync': false }, []],
  [{ 'fs.mkdirSync': false }, ['fs.mkdirSync (by its name)']],
  [{ fs: false, 'fs.readFileSync': true, 'fs.mkdirSync': true }, ['fs.realpathSync.native', 'fs.statSync']],
  [{ fs: true, 'fs.realpathSync.native': false, 'fs.statSync': false }, ['fs.realpathSync.native', 'fs.statSync']],
  [{ 'Atomics.wait': false }, ['Atomics.wait']],
])('%j', (patch, off) => {
  expect(compiled(patch).off).toEqual(off);
});

it('leaves the text of what is switched off', () => {
  const { code } = compiled({ 'fs.statSync': false, 'Atomics.wait': false });
  expect(code).toContain('= statSync(request.url)');
  expect(code).toContain('Atomics.wait(new Int32Array(');
  expect(code).not.toContain('$callee(statSync');
  expect(code).toContain('$callee(readFileSync');
  const nothing = { fs: false, zlib: false, atomics: false };
  expect(compiled(nothing).code).toBe(TEXT);
  expect(compiled({ ...nothing, 'fs.statSync': true }).code).toContain('$callee(statSync');
});
