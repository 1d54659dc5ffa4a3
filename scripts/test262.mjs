/**
 * Runs the tests of Test262, the suite of the standard of ECMAScript, in original and compiled form, every function coloured.
 *
 *     pnpm test262 --suite <folder> [--only <part of a name> ...] [--every 10 --first 0] [--jobs 2]
 *
 * Prints each test whose compiled form does otherwise than the original. `scripts/test262Exclusions.json` lists those that must, each with its
 * reason. The exit code is 1 if another one does, or if one that is listed does not.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { option, readOptions } from './options.mjs';
import { makeScratch, ROOT } from './scratch.mjs';

/** A test that takes longer does not end, in milliseconds. */
const PATIENCE = 60_000;
/** Tests of a process: what they leave behind stays in memory. */
const CHUNK = 1000;

const {
  suite,
  only = [''],
  every,
  first,
  jobs,
} = readOptions('Runs Test262 in original and compiled form.', {
  suite: option.text('the folder of a checkout of https://github.com/tc39/test262', join(ROOT, '../test262')),
  only: option.texts('tests whose path has this in it'),
  every: option.count('every so many-th of these', 1),
  first: option.count('which of them is the first', 0, 0),
  jobs: option.count('processes at a time', Math.min(4, availableParallelism())),
});
const place = resolve(suite);
if (!existsSync(join(place, 'harness/assert.js'))) {
  console.error(
    `${place} is no checkout of Test262: give its folder with --suite (git clone --depth 1 https://github.com/tc39/test262).`,
  );
  process.exit(2);
}
const exclusions = JSON.parse(readFileSync(join(ROOT, 'scripts/test262Exclusions.json'), 'utf8'));
const excluded = new Set(exclusions.flatMap(({ tests }) => tests.map((name) => `test/${name}`)));

const files = readdirSync(join(place, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js') && !name.includes('_FIXTURE'))
  .map((name) => `test/${name}`)
  .filter((name) => only.some((part) => name.includes(part)))
  .sort()
  .filter((_, i) => i % every === first % every);
/** Outcomes that are no difference. */
const NONE = { same: 0, unfit: 0, refused: 0 };
const counts = { ...NONE, excluded: 0, different: 0, programs: 0 };
const scratch = makeScratch(`test262-${process.pid}`);
const program = join(scratch, 'packages/transformer/test/rewrite/test262Run.js');
const queue = [...files];
let judged = 0;

try {
  await Promise.all(Array.from({ length: jobs }, work));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(
  `${files.length} tests, ${counts.programs} programs: ${counts.same} the same, ${counts.different} different, ` +
    `${counts.excluded} as listed, ${counts.refused} refused with a message, ${counts.unfit} not fit to be run inside a function on Node ${process.versions.node}`,
);
process.exitCode = counts.different === 0 && counts.same > 0 ? 0 : 1;

async function work() {
  while (queue.length > 0) await runChunk();
}

/** Runs tests of the queue in a process, until it has to be replaced. */
async function runChunk() {
  const child = spawn(process.execPath, ['--expose-gc', program, place], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (let i = 0; i < CHUNK; i++) {
    const file = queue.shift();
    if (file === undefined) break;
    child.stdin.write(`${file}\n`);
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    const { done, value } = await answers.next();
    clearTimeout(timer);
    const { outcomes, isSpoilt } = done ? { outcomes: ['its process ended'], isSpoilt: true } : JSON.parse(value);
    judge(file, outcomes);
    if (++judged % 1000 === 0) console.log(`${judged} of ${files.length}`);
    if (isSpoilt) break;
  }
  child.kill('SIGKILL');
}

function judge(file, outcomes) {
  counts.programs += outcomes.length;
  const differences = outcomes.filter((outcome) => !(outcome in NONE));
  for (const outcome of outcomes) if (outcome in NONE) counts[outcome]++;
  if (excluded.has(file)) {
    counts.excluded += differences.length;
    if (differences.length > 0 || !outcomes.includes('same')) return;
    counts.different++;
    console.log(`${file}: is listed in test262Exclusions.json, and does the same`);
  } else {
    counts.different += differences.length;
    for (const difference of differences) console.log(`${file}: ${difference}`);
  }
}
