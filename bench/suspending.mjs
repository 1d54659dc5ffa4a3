/**
 * What a compiled call costs that suspends, against hand-written `await`: three functions deep, in interleaved rounds in one process. Prints ratios of
 * time, and of the processor time of all threads: the median over the rounds, and the quarters of them below and above which the others are.
 *
 *     pnpm bench:suspending [--rounds 31]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { completeInPlace } from '@unblock/runtime';
import { compile } from '@unblock/transformer';
import { option, readOptions } from '../scripts/options.mjs';

const { rounds } = readOptions('Compares calls that suspend with the same ones by hand.', {
  rounds: option.count('how often each is measured', 31),
});

const BLOCKING = `
import { readFileSync } from 'node:fs';
const shared = new Int32Array(new SharedArrayBuffer(4));
function load(path) { const text = readFileSync(path, 'utf8'); return text.length; }
function page(path) { const length = load(path); return length + 1; }
function pause(ms) { Atomics.wait(shared, 0, 0, ms); return ms; }
function nap(ms) { const slept = pause(ms); return slept + 1; }
export async function readAll(path, count) { let sum = 0; for (let i = 0; i < count; i++) sum += page(path); return sum; }
export async function sleepAll(ms, count) { let sum = 0; for (let i = 0; i < count; i++) sum += nap(ms); return sum; }
`;

const BY_HAND = `
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
async function load(path) { const text = await readFile(path, 'utf8'); return text.length; }
async function page(path) { const length = await load(path); return length + 1; }
async function pause(ms) { await setTimeout(ms); return ms; }
async function nap(ms) { const slept = await pause(ms); return slept + 1; }
export async function readAll(path, count) { let sum = 0; for (let i = 0; i < count; i++) sum += await page(path); return sum; }
export async function sleepAll(ms, count) { let sum = 0; for (let i = 0; i < count; i++) sum += await nap(ms); return sum; }
`;

const directory = mkdtempSync(join(tmpdir(), 'unblock-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true }));
const small = join(directory, 'small.txt');
writeFileSync(small, 'text '.repeat(400));

const compiled = await loaded('compiled.mjs', compiledText());
const byHand = await loaded('byHand.mjs', BY_HAND);

function compiledText() {
  const fileName = '/bench.mjs';
  const program = {
    modules: [{ fileName, text: BLOCKING, kind: 'esm' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: import.meta.resolve('@unblock/runtime/compiled') },
  };
  return compile(program).rewrite(fileName).code;
}

function loaded(name, text) {
  const file = join(directory, name);
  writeFileSync(file, text);
  return import(pathToFileURL(file).href);
}

const CASES = [
  { name: 'read in place', inPlace: true, run: (program, count) => program.readAll(small, count), calls: 1500 },
  { name: 'read on the pool', inPlace: false, run: (program, count) => program.readAll(small, count), calls: 1500 },
  { name: 'sleep 1 ms', inPlace: true, run: (program, count) => program.sleepAll(1, count), calls: 160 },
];

/** What so many calls take in so many flows: milliseconds, and microseconds of processors. */
async function measure(program, { run, calls, inPlace }, flows) {
  completeInPlace(inPlace);
  const usedBefore = process.cpuUsage();
  const started = performance.now();
  await Promise.all(Array.from({ length: flows }, () => run(program, Math.ceil(calls / flows))));
  const time = performance.now() - started;
  const { user, system } = process.cpuUsage(usedBefore);
  return { time, processor: user + system };
}

/** The number that so much of a sorted list is below. */
const quantile = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)];

for (const test of CASES) {
  for (const flows of [1, 32]) {
    const ratios = { time: [], processor: [] };
    for (let round = -2; round < rounds; round++) {
      const programs = round % 2 === 0 ? [compiled, byHand] : [byHand, compiled];
      const taken = new Map();
      for (const program of programs) taken.set(program, await measure(program, test, flows));
      if (round < 0) continue;
      for (const [metric, list] of Object.entries(ratios))
        list.push(taken.get(compiled)[metric] / taken.get(byHand)[metric]);
    }
    const texts = Object.entries(ratios).map(([metric, list]) => {
      const [low, middle, high] = [0.25, 0.5, 0.75].map((share) =>
        quantile(
          list.sort((a, b) => a - b),
          share,
        ).toFixed(2),
      );
      return `${metric} ${middle} (${low} to ${high})`.padEnd(28);
    });
    console.log(`${test.name.padEnd(18)}${String(flows).padStart(3)} flows  compiled / by hand  ${texts.join('')}`);
  }
}
