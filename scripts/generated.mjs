/**
 * Compares many random programs in original and compiled form. Each has a number, its seed; programs run in several processes.
 *
 *     pnpm generated [--runs 2000] [--seed <of the first program>] [--size 3] [--dialects commonjs,tsx,modules] [--jobs 2]
 *
 * A program that differs is made small and printed, with the command that replays it. Ends early after some of them. The exit code is
 * 1 if there was one.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { option, readOptions } from './options.mjs';
import { makeScratch } from './scratch.mjs';

/** Programs of a process: loaded code stays in memory. */
const CHUNK = 200;
/** Most of what a program leaves is young; threads that collect it would take the cores of other processes. */
const GARBAGE = ['--single-threaded-gc', '--max-semi-space-size=64'];
/** Mistakes after which to stop. */
const ENOUGH = 5;
/** A program that takes longer does not end, in milliseconds. Making one smaller takes up to a minute. */
const PATIENCE = 180_000;

const { runs, seed, size, dialects, jobs } = readOptions('Compares random programs in original and compiled form.', {
  runs: option.count('how many programs', 2000),
  seed: option.count('the seed of the first; another one every time unless given', Date.now() & 0x7fffffff),
  size: option.count('how deep expressions and statements nest', 3, 0),
  dialects: option.choice('in which each is written; "modules" are programs of several', [
    'commonjs',
    'tsx',
    'modules',
  ]),
  jobs: option.count('processes at a time', Math.min(4, availableParallelism())),
});
const directory = makeScratch(`generated-${process.pid}`);
const program = join(directory, 'packages/transformer/test/rewrite/generatedRun.js');
let next = seed;
let compared = 0;
let mistakes = 0;

try {
  await Promise.all(Array.from({ length: jobs }, work));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
console.log(`${compared} programs of size ${size} from seed ${seed} on: ${mistakes === 0 ? 'no' : mistakes} mistakes`);
process.exitCode = mistakes === 0 ? 0 : 1;

async function work() {
  while (next < seed + runs && mistakes < ENOUGH) {
    const first = next;
    next = Math.min(first + CHUNK, seed + runs);
    await compare(first, next - first);
  }
}

async function compare(first, count) {
  const child = spawn(process.execPath, [...GARBAGE, program, first, count, size, ...dialects].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = first;
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  };
  wait();
  const exit = new Promise((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    wait();
    const { seed: begun, mistake } = JSON.parse(line);
    if (begun === undefined) report(mistake);
    else {
      last = begun;
      compared++;
      if (compared % 500 === 0) console.log(`${compared} of ${runs}`);
    }
  }
  clearTimeout(timer);
  const code = await exit;
  if (code !== 0) report(`Random program ${last}: its process ended with ${code ?? 'a signal, after a long silence'}.`);
}

function report(mistake) {
  mistakes++;
  console.log(`\n${mistake}\n`);
}
