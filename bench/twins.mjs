/**
 * What the twins of Node's blocking calls cost: each against the call that one writes by hand, with a callback that settles a promise (and small reads
 * against `fs.promises`), in interleaved rounds in one process. Prints ratios of time, and of the processor time of all threads, which other processes on the
 * machine disturb less: the median over the rounds, and the quarters of them below and above which the others are.
 *
 *     pnpm bench:twins [--rounds 15] [--only TEXT] [--json FILE] [--pool]
 *
 * With `--pool`, no call completes in place: that is what calls cost which have to wait.
 */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { completeInPlace } from '@unblock/runtime';
import { $callee as callee, $SUSPENDED as SUSPENDED, $take as take, $unbox as unbox } from '@unblock/runtime/compiled';
import { option, readOptions } from '../scripts/options.mjs';

const { rounds, only, json, pool } = readOptions('Compares twins with calls by hand.', {
  rounds: option.count('how often each is measured', 15),
  only: option.text('cases whose name has this in it', ''),
  json: option.text('the file for the rows'),
  pool: option.flag('all calls go to the thread pool'),
});
if (pool) completeInPlace(false);

const directory = fs.mkdtempSync(join(tmpdir(), 'unblock-bench-'));
process.on('exit', () => fs.rmSync(directory, { recursive: true }));
const small = join(directory, 'small.txt');
const large = join(directory, 'large.txt');
fs.writeFileSync(small, 'text '.repeat(400));
fs.writeFileSync(large, 'text '.repeat(200_000));
for (let i = 0; i < 20; i++) fs.writeFileSync(join(directory, `file-${i}`), '');
const fd = fs.openSync(small, 'r');
const buffer = Buffer.alloc(512);
const text = 'text '.repeat(20_000);

/** What a call of `fn` with a callback comes to. */
const called = (fn, args) =>
  new Promise((resolve, reject) => fn(...args, (error, value) => (error ? reject(error) : resolve(value))));

const CASES = [
  {
    name: 'readFile, 2 KB',
    twin: fs.readFileSync,
    hand: fs.readFile,
    promise: fs.promises.readFile,
    args: [small, 'utf8'],
    calls: 1500,
  },
  { name: 'readFile, 1 MB', twin: fs.readFileSync, hand: fs.readFile, args: [large], calls: 400 },
  {
    name: 'writeFile, 100 KB',
    twin: fs.writeFileSync,
    hand: fs.writeFile,
    args: [join(directory, 'out.txt'), text],
    lane: (i) => [join(directory, `out-${i}.txt`), text],
    calls: 800,
  },
  { name: 'stat', twin: fs.statSync, hand: fs.stat, args: [small], calls: 3000 },
  { name: 'readdir', twin: fs.readdirSync, hand: fs.readdir, args: [directory], calls: 1500 },
  { name: 'read', twin: fs.readSync, hand: fs.read, args: [fd, buffer, 0, 512, 0], calls: 3000 },
  { name: 'realpath', twin: fs.realpathSync.native, hand: fs.realpath.native, args: [small], calls: 2000 },
  { name: 'gzip, 100 KB', twin: zlib.gzipSync, hand: zlib.gzip, args: [text], calls: 60 },
  { name: 'randomBytes, 64 KB', twin: crypto.randomBytes, hand: crypto.randomBytes, args: [65_536], calls: 1000 },
  {
    name: 'pbkdf2',
    twin: crypto.pbkdf2Sync,
    hand: crypto.pbkdf2,
    args: ['secret', 'salt', 500, 32, 'sha256'],
    calls: 300,
  },
  {
    name: 'execFile',
    twin: childProcess.execFileSync,
    hand: (...args) => childProcess.execFile(...args.slice(0, 2), { encoding: 'buffer' }, args.at(-1)),
    args: ['true', []],
    calls: 40,
    children: true,
  },
].filter(({ name }) => name.includes(only));

const WAYS = {
  async twin({ twin, args }) {
    const result = callee(twin)(...args);
    return result === SUSPENDED ? unbox(await take()) : result;
  },
  'hand-written': ({ hand, args }) => called(hand, args),
  'fs.promises': ({ promise, args }) => promise(...args),
};

/** What so many calls take, so many of them at a time: milliseconds, and microseconds of processors. */
async function measure(way, test, concurrency) {
  const usedBefore = process.cpuUsage();
  const started = performance.now();
  const share = Math.ceil(test.calls / concurrency);
  await Promise.all(
    Array.from({ length: concurrency }, async (_, i) => {
      // Calls that change one file wait for each other, as twins: each lane has its own.
      const own = test.lane === undefined ? test : { ...test, args: test.lane(i) };
      for (let call = 0; call < share; call++) await way(own);
    }),
  );
  const time = performance.now() - started;
  const { user, system } = process.cpuUsage(usedBefore);
  return { time, processor: user + system };
}

/** The number that so much of a sorted list is below. */
const quantile = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)];

const rows = [];
for (const test of CASES) {
  const rivals = test.promise === undefined ? ['hand-written'] : ['hand-written', 'fs.promises'];
  for (const concurrency of [1, 32]) {
    const taken = { twin: [], 'hand-written': [], 'fs.promises': [] };
    for (let round = -2; round < rounds; round++) {
      const ways = ['twin', ...rivals];
      if (round % 2 === 0) ways.reverse();
      for (const way of ways) {
        const measured = await measure(WAYS[way], test, concurrency);
        if (round >= 0) taken[way].push(measured);
      }
    }
    for (const rival of rivals) {
      // What children use, and what spawns them, is not this process's.
      const metrics = test.children ? ['time'] : ['time', 'processor'];
      const [time, processor = ''] = metrics.map((metric) => {
        const ratios = taken.twin.map((own, i) => own[metric] / taken[rival][i][metric]).sort((a, b) => a - b);
        const row = { bench: 'twins', case: test.name, metric, concurrency, subject: 'twin', rival };
        rows.push({ ...row, ratio: quantile(ratios, 0.5), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) });
        const { ratio, low, high } = rows.at(-1);
        return `${metric} ${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
      });
      console.log(
        `${test.name.padEnd(20)}${String(concurrency).padStart(3)} at a time  twin / ${rival.padEnd(14)}${time.padEnd(28)}${processor}`,
      );
    }
  }
}
if (json !== undefined) fs.writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
