/** The monitor on programs that are not compiled. */
import { describe, expect, it } from 'vitest';
import { lineOf, reportOf, runMonitored } from './programs.js';

const hasSqlite = process.getBuiltinModule('node:sqlite') !== undefined;
const hasHooks = 'registerHooks' in (process.getBuiltinModule('node:module') as object);

const EVERY_CALL = { UNBLOCK_MONITOR_CALL_MS: '0' };

const sites = (report: Awaited<ReturnType<typeof reportOf>>) =>
  report.calls.map(({ api, at, count }) => `${api} ${count} ${lineOf(at)}`).sort();

describe('names each call with its line', () => {
  it('in CommonJS, however the module is reached', async () => {
    const report = await reportOf(
      {
        'app.cjs': `
const { readFileSync } = require('fs');
const fs = require('node:fs');
function direct() { return readFileSync(__filename); }
function named() { return fs['read' + 'FileSync'](__filename); }
const bound = fs.statSync.bind(fs);
direct(); direct(); named();
[1, 2, 3].forEach(function each() { bound(__filename); });
`,
      },
      { preload: 'require', env: EVERY_CALL },
    );
    expect(sites(report).filter((site) => site.includes('app.cjs'))).toEqual([
      'fs.readFileSync 1 app.cjs:5 named',
      'fs.readFileSync 2 app.cjs:4 direct',
      'fs.statSync 3 app.cjs:8 each',
    ]);
  });

  it('in ES modules, with named imports and the prototypes of classes', async () => {
    const report = await reportOf(
      {
        'app.mjs': `
import { opendirSync, realpathSync } from 'node:fs';
import { execFileSync } from 'child_process';
import { createSign, generateKeyPairSync, randomBytes } from 'crypto';
import { gzipSync } from 'zlib';
const { privateKey } = generateKeyPairSync('ed25519');
const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 1024 });
createSign('sha256').update('x').sign(rsa);
const dir = opendirSync('.'); dir.readSync(); dir.closeSync();
realpathSync.native('.');
gzipSync('text');
execFileSync(process.execPath, ['--version']);
randomBytes(8); randomBytes(8, () => {});
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
`,
      },
      { env: EVERY_CALL },
    );
    expect(sites(report).filter((site) => site.includes('app.mjs'))).toEqual([
      'Atomics.wait 1 app.mjs:14',
      'WebAssembly.Module 1 app.mjs:15',
      'child_process.execFileSync 1 app.mjs:12',
      'crypto.Sign.prototype.sign 1 app.mjs:8',
      'crypto.generateKeyPairSync 1 app.mjs:6',
      'crypto.generateKeyPairSync 1 app.mjs:7',
      'crypto.randomBytes 1 app.mjs:13',
      'fs.Dir.prototype.closeSync 1 app.mjs:9',
      'fs.Dir.prototype.readSync 1 app.mjs:9',
      'fs.opendirSync 1 app.mjs:9',
      'fs.realpathSync.native 1 app.mjs:10',
      'zlib.gzipSync 1 app.mjs:11',
    ]);
  });

  it('through packages, to the line of the program', async () => {
    const report = await reportOf(
      {
        'app.cjs': `const { load } = require('config');\nfunction start() { return load(); }\nstart();\n`,
        'node_modules/config/index.js': `exports.load = () => require('fs').existsSync('x');`,
      },
      { env: EVERY_CALL },
    );
    const [found] = report.calls.filter(({ api }) => api === 'fs.existsSync');
    expect([lineOf(found?.at), lineOf(found?.from)]).toEqual(['index.js:1 exports.load', 'app.cjs:2 start']);
    // The module itself was read by the line that requires it.
    expect(sites(report)).toContainEqual(expect.stringMatching(/^require \d app\.cjs:1$/));
  });

  it('as it was written, where Node reads source maps', async () => {
    const files = {
      'app.cjs': `require('fs').readdirSync('.');\n//# sourceMappingURL=app.cjs.map\n`,
      'app.cjs.map': mapOfOneLine(),
    };
    const listing = async (nodeOptions: readonly string[]) => {
      const { calls } = await reportOf(files, { env: EVERY_CALL, nodeOptions });
      return calls.filter(({ api }) => api === 'fs.readdirSync').map(({ at }) => lineOf(at));
    };
    expect(await listing(['--enable-source-maps'])).toEqual(['source.ts:41']);
    expect(await listing([])).toEqual(['app.cjs:1']);
  });

  it.runIf(hasSqlite && hasHooks)('in modules that are watched when they are loaded', async () => {
    const text = `const db = new DatabaseSync(':memory:');\ndb.exec('create table t (n)');\ndb.prepare('select 1').get();\n`;
    const expected = [
      'node:sqlite.DatabaseSync 1 app:2',
      'node:sqlite.DatabaseSync.prototype.exec 1 app:3',
      'node:sqlite.StatementSync.prototype.get 1 app:4',
    ];
    for (const [name, load] of [
      ['app.mjs', `import { DatabaseSync } from 'node:sqlite';\n`],
      ['app.cjs', `const { DatabaseSync } = require('node:sqlite');\n`],
    ] as const) {
      const report = await reportOf({ [name]: load + text }, { env: EVERY_CALL });
      const found = sites(report).filter((site) => site.includes('sqlite'));
      expect(found).toEqual(expected.map((site) => site.replace(' app:', ` ${name}:`)));
    }
  });
});

/** A map from the first line to line 41 of `source.ts`, as any tool would write it. */
function mapOfOneLine(): string {
  return JSON.stringify({ version: 3, sources: ['source.ts'], names: [], mappings: 'AAwCA', sourcesContent: [''] });
}

it('counts the outermost of nested calls only', async () => {
  const report = await reportOf({ 'app.cjs': `require('fs').writeFileSync('out', 'text');` }, { env: EVERY_CALL });
  expect(sites(report).filter((site) => site.includes('app.cjs'))).toEqual(['fs.writeFileSync 1 app.cjs:1']);
});

it('sums up short calls by function, and tells long ones one by one', async () => {
  const { calls, short } = await reportOf({
    'app.cjs': `
const fs = require('fs');
for (let i = 0; i < 200; i++) fs.accessSync('.');
require('child_process').execFileSync(process.execPath, ['-e', '0']);
`,
  });
  const count = calls.filter(({ api }) => api === 'fs.accessSync').reduce((sum, call) => sum + call.count, 0);
  expect((short.find(({ api }) => api === 'fs.accessSync')?.count ?? 0) + count).toBe(200);
  expect(calls.find(({ api }) => api === 'child_process.execFileSync')?.longest).toBeGreaterThan(5);
});

const BUSY = `
function busy(ms) { const end = performance.now() + ms; while (performance.now() < end) Math.sqrt(end); }
setTimeout(function tick() { busy(150); }, 20);
setTimeout(() => {}, 300);
`;

describe('stretches in which the loop is held', () => {
  it('are told apart: calls, and JavaScript', async () => {
    const { held } = await reportOf({
      'app.cjs': `${BUSY}
setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200), 250);`,
    });
    expect(held.count).toBeGreaterThanOrEqual(2);
    const inJavaScript = held.stretches.map(({ duration, inCalls }) => duration - inCalls);
    expect(Math.max(...inJavaScript)).toBeGreaterThan(130);
    expect(Math.max(...held.stretches.map(({ inCalls }) => inCalls))).toBeGreaterThan(180);
  });

  it.each(['app.cjs', 'app.mjs'])(
    'are told as the loading of the program, where that is what they are: %s',
    // On a busy machine, Node may turn the loop before it has read an ES module: loading is over then, as far as the monitor knows.
    { retry: 2 },
    async (name) => {
      const loading = `const end = performance.now() + 300; while (performance.now() < end) Math.sqrt(end);`;
      for (const rest of ['setTimeout(() => {}, 100);', '', 'process.exit();']) {
        const { held } = await reportOf({ [name]: `${loading}\n${rest}` });
        expect(held.count).toBeGreaterThanOrEqual(1);
        expect(held.stretches.filter((stretch) => stretch.loading)).toEqual([held.loading]);
        const { duration = 0, inCalls = 0 } = held.loading ?? {};
        expect(duration - inCalls).toBeGreaterThan(250);
      }
      const { stderr } = await runMonitored({ [name]: loading });
      expect(stderr).toMatch(/ held for 50 ms or longer .* [34]\d\d ms of it while the program was loaded\.\n/);
    },
  );

  it('are not told as loading, where they come later', async () => {
    const { held } = await reportOf({ 'app.cjs': BUSY });
    expect(held.stretches.filter(({ duration, loading }) => duration > 130 && !loading)).toHaveLength(1);
  });

  it('are told with what ran, on request', async () => {
    const { functions } = await reportOf({ 'app.cjs': BUSY }, { env: { UNBLOCK_MONITOR_SAMPLE: '1' } });
    // V8 may have put the one function into the other.
    const busy = functions.filter((sampled) => /^app\.cjs:(2 busy|3 tick)$/.test(lineOf(sampled)));
    expect(busy.reduce((sum, { duration }) => sum + duration, 0)).toBeGreaterThan(100);
  });
});

it('publishes calls and stretches while the program runs', async () => {
  const { stdout, stderr } = await runMonitored(
    {
      'app.mjs': `
import { subscribe } from 'node:diagnostics_channel';
import { execFileSync } from 'node:child_process';
const seen = [];
subscribe('unblock:monitor:call', ({ api, category, duration, at }) => seen.push([api, category, duration > 1, at.line]));
subscribe('unblock:monitor:held', ({ duration, inCalls }) => seen.push(['held', duration >= inCalls]));
setTimeout(() => {
  execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 60)']);
  setTimeout(() => console.log(JSON.stringify(seen)), 30);
}, 30);
`,
    },
    { env: { UNBLOCK_MONITOR: 'none' } },
  );
  const seen = JSON.parse(stdout) as unknown[];
  expect(seen).toContainEqual(['child_process.execFileSync', 'child_process', true, 8]);
  expect(seen).toContainEqual(['held', true]);
  expect(stderr).toBe('');
});

describe('at the end', () => {
  it('prints a table', async () => {
    const { stderr, stdout, code } = await runMonitored(
      {
        'app.cjs': `
function wait() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); }
wait(); wait();
console.log('done');
process.exitCode = 3;
`,
      },
      { preload: 'require' },
    );
    expect([stdout, code]).toEqual(['done\n', 3]);
    expect(stderr).toMatch(/^unblock monitor: \d+ calls blocked the event loop for 1 ms or longer, \d+ ms in all\.\n/);
    expect(stderr).toMatch(/ {2}in all +calls +longest +function +from\n/);
    expect(stderr).toMatch(/ +\d+ ms +2 +\d+ ms +Atomics\.wait +app\.cjs:2:\d+ \(wait\)\n/);
  });

  it('says when nothing blocked', async () => {
    const { stderr } = await runMonitored({ 'app.mjs': '' }, { env: { UNBLOCK_MONITOR_CALL_MS: '5000' } });
    expect(stderr).toContain('unblock monitor: no call blocked the event loop for 5000 ms or longer.');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s, too', async (name) => {
    const program = `console.log('ready'); setInterval(() => {}, 1000);`;
    const { stderr, signal, code } = await runMonitored(
      { 'app.cjs': program },
      { onReady: (child) => child.kill(name) },
    );
    expect(stderr).toContain('unblock monitor:');
    expect([code, signal]).toEqual([null, name]);
  });

  it('leaves signals to a program that listens to them', async () => {
    const { stdout, stderr, code } = await runMonitored(
      {
        'app.cjs': `
process.once('SIGTERM', () => setTimeout(() => { console.log('closed'); process.exit(7); }, 50));
console.log('ready'); setInterval(() => {}, 1000);`,
      },
      { onReady: (child) => child.kill('SIGTERM') },
    );
    expect([stdout, code]).toEqual(['ready\nclosed\n', 7]);
    expect(stderr.match(/unblock monitor:/g)).toHaveLength(1);
  });

  it('ends a program whose listeners end the process only where nobody else listens, as signal-exit does', async () => {
    const program = `
const listener = () => {
  if (process.listeners('SIGTERM').length > 1) return;
  console.log('cleaned up');
  process.off('SIGTERM', listener);
  process.kill(process.pid, 'SIGTERM');
};
process.on('SIGTERM', listener);
console.log('ready'); setTimeout(() => process.exit(9), 10_000);`;
    const { stdout, stderr, signal, code } = await runMonitored(
      { 'app.cjs': program },
      { onReady: (child) => child.kill('SIGTERM') },
    );
    expect([stdout, code, signal]).toEqual(['ready\ncleaned up\n', null, 'SIGTERM']);
    expect(stderr.match(/unblock monitor:/g)).toHaveLength(1);
  });

  it('writes the file that a placeholder names', async () => {
    const { stdout } = await runMonitored(
      {
        'app.cjs': `
const { fork } = require('child_process');
if (process.send === undefined) fork(__filename).on('exit', () => {
  console.log(require('fs').existsSync('report-' + process.pid + '.json'), require('fs').readdirSync('.').filter((name) => /^report-\\d+\\.json$/.test(name)).length);
});`,
      },
      { env: { UNBLOCK_MONITOR: 'json:report-{pid}.json' } },
    );
    expect(stdout).toBe('false 1\n');
  });
});

it('keeps out of worker threads', async () => {
  const { stderr, stdout } = await runMonitored({
    'app.cjs': `
const { Worker, isMainThread } = require('worker_threads');
if (isMainThread) new Worker(__filename);
else { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); console.log('waited'); }`,
  });
  expect(stdout).toBe('waited\n');
  expect(stderr.match(/unblock monitor:/g)).toHaveLength(1);
  expect(stderr).not.toContain('Atomics.wait');
});

it('starts once, whichever of its builds are loaded', async () => {
  const { PRELOADS } = await import('./programs.js');
  const { stderr } = await runMonitored({ 'app.cjs': '' }, { nodeOptions: PRELOADS.require });
  expect(stderr.match(/unblock monitor:/g)).toHaveLength(1);
});

it.each([
  [
    { UNBLOCK_MONITOR: 'jso' },
    'UNBLOCK_MONITOR is "jso". Set it to table, json or none, or to table:FILE or json:FILE.',
  ],
  [
    { UNBLOCK_MONITOR_CALL_MS: '-1' },
    'UNBLOCK_MONITOR_CALL_MS is "-1". Set it to a number of milliseconds, 0 or more.',
  ],
  [{ UNBLOCK_MONITOR_LOOP_MS: 'x' }, 'UNBLOCK_MONITOR_LOOP_MS is "x". Set it to a number of milliseconds, 5 or more.'],
  [{ UNBLOCK_MONITOR_SAMPLE: 'yes' }, 'UNBLOCK_MONITOR_SAMPLE is "yes". Set it to 1 or 0.'],
])('refuses %j before the program starts', async (env, message) => {
  const { stderr, stdout, code } = await runMonitored({ 'app.cjs': 'console.log(1)' }, { env });
  expect([stderr, stdout, code]).toEqual([`unblock monitor: ${message}\n`, '', 2]);
});
