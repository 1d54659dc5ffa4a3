/** Compiled programs where the language's own objects are not as they were, and where the runtime is no package of its own. */
import { cpSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runNode, unblock, Workspace } from './cliProjects.js';

const workspace = new Workspace();
afterAll(() => workspace.remove());

/** Reads files, runs children, connects streams, and fails, in functions and while it is loaded. */
const PROGRAM = `
const fs = require('fs'), { spawnSync, execFileSync } = require('child_process'), { Readable, Transform, Writable } = require('stream');
function attempt(body) { try { return body(); } catch (error) { return [error.code ?? error.message, error.status]; } }
function work() {
  return [
    attempt(() => fs.readFileSync('a.txt', 'utf8')), attempt(() => fs.readFileSync('none')), attempt(() => null.x),
    attempt(() => String(spawnSync(process.execPath, ['-p', '1'], { env: { A: '1' }, input: new Uint8Array(1) }).stdout)),
    attempt(() => execFileSync(process.execPath, ['-e', 'process.exit(3)'], { stdio: 'pipe' })),
  ];
}
class Sink extends Writable { _write(chunk, encoding, done) { console.log('sink', String(chunk), fs.readFileSync('a.txt', 'utf8')); done(); } }
async function main() {
  console.log(JSON.stringify(work()));
  const sink = new Sink(); sink.write('x'); console.log('written');
  for await (const chunk of Readable.from(['b']).pipe(new Transform({ transform(chunk, e, done) { done(null, chunk + fs.readFileSync('a.txt', 'utf8')); } }))) console.log(String(chunk));
  setTimeout(() => console.log(JSON.stringify(work())), 1);
}
main();
`;

const SURROUNDINGS: Readonly<Record<string, readonly [before: string, ...flags: string[]]>> = {
  'an Error that is frozen before': [`Object.freeze(Error);`],
  'an Error that is frozen behind the imports': [`require('fs'); setImmediate(() => Object.freeze(Error));`],
  'frozen intrinsics': ['', '--frozen-intrinsics', '--no-warnings'],
  'other traces of stacks': [`Error.captureStackTrace = (target) => { target.stack = 'none'; };`],
  'no traces of stacks': [`delete Error.captureStackTrace; delete Error.stackTraceLimit;`],
  'stacks that are prepared': [`Error.prepareStackTrace = (error, sites) => sites.length;`],
  'no prototype setters': ['', '--disable-proto=delete'],
};

describe('a program behaves as before with', () => {
  it.each(Object.entries(SURROUNDINGS))('%s', async (_, [before, ...flags]) => {
    const root = workspace.project({ 'main.js': `${before}\n${PROGRAM}`, 'a.txt': 'A', 'package.json': '{}' });
    expect(await unblock(root, 'build', 'main.js', '--out-dir', 'out')).toMatchObject({ status: 0 });
    const original = runNode(root, ...flags, 'main.js');
    expect(original).toMatchObject({ status: 0 });
    expect(runNode(root, ...flags, 'out/main.js')).toEqual(original);
  });
});

it('streams suspend where the runtime is a part of the program', async () => {
  const root = workspace.project(
    {
      'main.js': `
const { Readable, Transform } = require('stream');
let ticks = 0; const timer = setInterval(() => ticks++, 1);
const waiting = new Transform({ transform(chunk, encoding, done) { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60); done(null, chunk); } });
Readable.from(['a', 'b']).pipe(waiting).on('data', () => {}).on('end', () => { clearInterval(timer); console.log(ticks > 5); });`,
      'unblock.config.json': JSON.stringify({ runtime: '../runtime/compiled.cjs' }),
      'package.json': '{}',
    },
    [],
  );
  const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../../../runtime/dist');
  cpSync(dist, join(root, 'runtime'), { recursive: true });
  expect(await unblock(root, 'build', 'main.js', '--out-dir', 'out')).toMatchObject({ status: 0 });
  expect(runNode(root, 'out/main.js')).toMatchObject({ stdout: 'true\n', stderr: '' });
});

describe('a program goes on where tests have replaced', () => {
  const WAIT = `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)`;
  it.each([
    ['performance.now', `performance.now = () => 0;`, WAIT],
    ['setTimeout of Node', `mock.timers.enable({ apis: ['setTimeout'] });`, WAIT],
    [
      'setTimeout of Node, in a loop',
      `mock.timers.enable({ apis: ['setTimeout'] });`,
      `(() => { const end = Date.now() + 5; while (Date.now() < end); })()`,
    ],
    [
      'setImmediate of Node',
      `mock.timers.enable({ apis: ['setImmediate'] });`,
      `(() => { for (let i = 0; i < 5000; i++) fs.readFileSync(__filename); })()`,
    ],
    [
      'setImmediate of Node, with children',
      `mock.timers.enable({ apis: ['setImmediate'] });`,
      `(() => { for (let i = 0; i < 5; i++) execSync('true'); })()`,
    ],
    ['process.nextTick', `process.nextTick = () => {};`, `String(execSync('echo 1'))`],
  ])('%s', async (_, before, call) => {
    const root = workspace.project({
      'main.js': `const fs = require('fs'), { execSync } = require('child_process'), { mock } = require('node:test');
setTimeout(() => { fs.readFileSync(__filename); ${before} const result = ${call}; fs.writeSync(1, 'done ' + result); }, 1);`,
      'package.json': '{}',
    });
    expect(await unblock(root, 'build', 'main.js', '--out-dir', 'out')).toMatchObject({ status: 0 });
    const original = runNode(root, 'main.js');
    expect(original.stdout).toMatch(/^done/);
    expect(runNode(root, 'out/main.js').stdout).toBe(original.stdout);
  });
});
