/** Compiled programs under the monitor: what suspends is no news, what still blocks is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { lineOf, reportOf } from '../../../runtime/test/monitor/programs.js';
import { compile } from '../../src/engine.js';

const directory = mkdtempSync(join(tmpdir(), 'unblock-monitored-'));
afterAll(() => rmSync(directory, { recursive: true }));
const FILE = join(directory, 'file.txt');
writeFileSync(FILE, 'text '.repeat(10_000));

const TEXT = `
import { execFileSync } from 'node:child_process';
import { scryptSync } from 'node:crypto';
import fs, { readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

function sleep(ms) { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms); }
function work() {
  sleep(100);
  execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 50)'], { cwd: undefined, killSignal: 'SIGTERM' });
  scryptSync('password', 'salt', 64, { N: 2 ** 15, maxmem: 2 ** 27 });
  for (let i = 0; i < 300; i++) { readFileSync(${JSON.stringify(FILE)}); statSync(${JSON.stringify(FILE)}); }
  gzipSync(readFileSync(${JSON.stringify(FILE)}));
  return fs.existsSync(${JSON.stringify(FILE)});
}
class Late { toString() { sleep(60); return 'late'; } }
setTimeout(() => {
  work();
  console.error(JSON.stringify(\`\${new Late()}\`));
}, 1);
`;

function compiled(): string {
  const { rewrite } = compile({
    modules: [{ fileName: '/app.mjs', text: TEXT, kind: 'esm' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: fileURLToPath(new URL('../../../runtime/dist/compiled.mjs', import.meta.url)) },
  });
  return rewrite('/app.mjs')?.code ?? '';
}

const apis = (calls: readonly { readonly api: string }[]) => calls.map(({ api }) => api);

it('tells the calls of the original', async () => {
  const { calls, short } = await reportOf({ 'app.mjs': TEXT });
  expect(apis(calls)).toEqual(
    expect.arrayContaining(['Atomics.wait', 'child_process.execFileSync', 'crypto.scryptSync']),
  );
  expect(apis(short)).toEqual(expect.arrayContaining(['fs.readFileSync', 'fs.statSync']));
});

it('tells of its compiled form what still blocks', async () => {
  const { calls, short } = await reportOf({ 'app.mjs': compiled() });
  // What completes in place, or has spawnSync check arguments, may take its time once, where the machine is busy with something else.
  const isOdd = ({ api, count }: { readonly api: string; readonly count: number }) =>
    (api.startsWith('fs.') || api === 'child_process.spawnSync') && count < 3;
  const ofProgram = calls.filter((call) => lineOf(call.at).startsWith('app.mjs') && !isOdd(call));
  expect(ofProgram.map(({ api, count }) => [api, count])).toEqual([['Atomics.wait', 1]]);
  expect(lineOf(ofProgram[0]?.at)).toMatch(/sleep$/);
  // Node's own loader may read files.
  expect(apis(short).filter((api) => !/^fs\.(readFileSync|realpathSync|writeSync)$/.test(api))).toEqual([]);
  const read = short.find(({ api }) => api === 'fs.readFileSync');
  expect(read?.count ?? 0).toBeLessThan(50);
});
