/**
 * Breaks the compiler on purpose, one rule at a time, and requires that a program shows it: one of `fixtures/constructs`, or a random one.
 * The rules are in packages/transformer/test/rewrite/mutations. Each is broken in a copy of the sources.
 *
 *     pnpm mutations [--only <part of a file's or rule's name>] [--runs 100] [--seed 1] [--jobs 2]
 *
 * Prints for each rule what showed it. The exit code is 1 if a rule can be broken without a trace, or is no longer in the sources.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { makeScratch, PLACE, ROOT, writeSource } from './scratch.mjs';

const JUDGE = 'packages/transformer/test/rewrite/judge.js';
/** How deep the random programs nest. */
const SIZE = '2';
const RULES = 'packages/transformer/test/rewrite/mutations';
/** Holds, by file and rule, the program that showed it last. It is tried first, and then those of other rules of the file. */
const SHOWN = join(PLACE, 'mutations.json');
/** In milliseconds. A compiler that does not come to an end is noticed, too. */
const PATIENCE = 600_000;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
  },
});

const copies = Array.from({ length: Number(values.jobs) }, (_, i) => makeScratch(`mutations-${process.pid}-${i}`));
try {
  process.exitCode = await main();
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
}

async function main() {
  const load = (file) => import(pathToFileURL(join(copies[0], RULES, file)).href);
  const { MUTATIONS } = await load('index.js');
  const { broken } = await load('rules.js');
  const all = Object.entries(MUTATIONS).flatMap(([file, rules]) =>
    Object.entries(rules).map(([rule, edit]) => ({ file, rule, edit })),
  );
  const chosen = all.filter(({ file, rule }) => `${file} ${rule}`.includes(values.only));
  const intact = await judge(copies[0]);
  if (intact.isWrong) {
    console.log(`Nothing is broken yet, and still: ${intact.what}`);
    return 1;
  }
  let shown = 0;
  const shownBy = existsSync(SHOWN) ? JSON.parse(readFileSync(SHOWN, 'utf8')) : {};
  const queue = [...chosen];
  async function work(copy) {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { file, rule, edit } = next;
      const text = broken(readFileSync(join(ROOT, file), 'utf8'), edit);
      shownBy[file] ??= {};
      const likely = likelyPrograms(shownBy[file], rule);
      const { isWrong, what } = text === undefined ? GONE : await judgeWith(file, text, copy, likely);
      if (isWrong) {
        shown++;
        shownBy[file][rule] = /^[^ :]+/.exec(what)?.[0];
        writeFileSync(SHOWN, JSON.stringify(shownBy));
      }
      console.log(`${isWrong ? '' : 'NOT SHOWN  '}${basename(file)}: ${rule}: ${what}`);
    }
  }
  await Promise.all(copies.map(work));
  console.log(`${chosen.length} rules broken, ${shown} shown`);
  return shown === chosen.length && shown > 0 ? 0 : 1;
}

/** Programs that may show a rule, the most likely first. */
function likelyPrograms(shownBy, rule) {
  const counts = new Map();
  for (const program of Object.values(shownBy)) counts.set(program, (counts.get(program) ?? 0) + 1);
  if (shownBy[rule] !== undefined) counts.set(shownBy[rule], Number.POSITIVE_INFINITY);
  return [...counts].sort(([, a], [, b]) => b - a).map(([program]) => program);
}

const GONE = { isWrong: false, what: 'no longer in the sources' };

/** What shows that a file has another text. */
async function judgeWith(file, text, copy, likely) {
  writeSource(copy, file, text);
  try {
    return await judge(copy, file, likely);
  } finally {
    writeSource(copy, file);
  }
}

/** Whether the compiler of a copy, in which `file` is changed, gets a program wrong. */
function judge(copy, file, likely = []) {
  const args = [values.runs, values.seed, SIZE, join(copies[0], 'compiled.json')];
  // The helpers are not in the compiled text.
  if (file !== undefined) args.push(file.startsWith('packages/runtime') ? 'known' : 'compile', ...likely);
  const child = spawn(process.execPath, [join(copy, JUDGE), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer);
      const what = output.stdout.trim() || /^\w*Error.*$/m.exec(output.stderr)?.[0] || `exit code ${code}`;
      resolve({ isWrong: code !== 0, what });
    });
  });
}
