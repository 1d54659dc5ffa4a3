/** Compiled programs with `withTimeout` and `withSignal`: blocking code is interrupted where it waits. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

const directory = mkdtempSync(join(tmpdir(), 'unblock-limits-'));
afterAll(() => rmSync(directory, { recursive: true }));

const entry = (name: string) => fileURLToPath(new URL(`../../../runtime/dist/${name}.mjs`, import.meta.url));

const TEXT = `
import { execFileSync } from 'node:child_process';
import { withSignal, withTimeout } from '@unblock/runtime';

function sleep(ms) { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms); }
function report(n) {
  for (let i = 0; i < n; i++) sleep(40);
  return \`\${n} parts\`;
}
function limited(n) {
  try {
    return withTimeout(1000, () => report(n));
  } catch (error) {
    sleep(1);
    return error.name;
  }
}
setTimeout(() => {
  const start = Date.now();
  console.log(limited(2), limited(1e6));
  console.log(Date.now() - start < 20000);
}, 1);
setTimeout(() => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('the client has gone')), 20);
  try {
    withSignal(controller.signal, () => execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']));
  } catch (error) {
    console.log(error.message);
  }
}, 1);
`;

it('interrupts what is suspended, and nothing else', () => {
  const { rewrite, verdicts } = compile({
    modules: [{ fileName: '/app.mjs', text: TEXT, kind: 'esm' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: entry('compiled') },
  });
  expect(verdicts.map(({ status }) => status)).toEqual(['patched', 'patched']);
  const file = join(directory, 'app.mjs');
  const code = rewrite('/app.mjs')?.code ?? '';
  writeFileSync(file, code.replace("'@unblock/runtime'", JSON.stringify(entry('index'))));
  const output = execFileSync(process.execPath, [file], { encoding: 'utf8', timeout: 50_000 });
  expect(output.split('\n').filter(Boolean).sort()).toEqual(['2 parts TimeoutError', 'the client has gone', 'true']);
});
