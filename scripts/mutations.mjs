/**
 * Breaks the compiler on purpose, one rule at a time, and requires that a program shows it: one of `fixtures/constructs`, or a random one.
 * The rules are in packages/transformer/test/rewrite/mutations. Each is broken in a copy of the sources.
 *
 *     pnpm mutations [--only <part of a file's or rule's name> ...] [--runs 100] [--seed 1] [--jobs 2]
 *
 * Prints for each rule what showed it. The exit code is 1 if a rule can be broken without a trace, or is no longer in the sources.
 */
import { fork } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { option, readOptions } from './options.mjs';
import { makeScratch, ROOT, writeSource } from './scratch.mjs';

const JUDGE = 'packages/transformer/test/rewrite/judge.js';
/** How deep the random programs nest. */
const SIZE = 2;
const RULES = 'packages/transformer/test/rewrite/mutations';
/** Holds, by file and rule, the program that showed it last. It is tried first, and then those of other rules of the file. */
const SHOWN = join(ROOT, RULES, 'shown.json');
/** Rules that a process judges: their compilers stay in memory. */
const JUDGED = 40;
/** In milliseconds. A compiler that does not come to an end is noticed, too. */
const PATIENCE = 600_000;

const GONE = { isWrong: false, what: 'no longer in the sources' };

const {
  only = [''],
  runs,
  seed,
  jobs,
} = readOptions('Breaks rules of the compiler, and looks for a program that shows it.', {
  only: option.texts('rules whose file or name has this in it'),
  runs: option.count('random programs that may show a rule that no other does', 100, 0),
  seed: option.count('the seed of the first of them', 1),
  jobs: option.count('processes at a time', Math.min(4, availableParallelism())),
});

const copies = Array.from({ length: jobs }, (_, i) => makeScratch(`mutations-${process.pid}-${i}`));
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
  const chosen = all.filter(({ file, rule }) => only.some((part) => `${file} ${rule}`.includes(part)));
  const judges = copies.map(judgesOf);
  const intact = await judges[0].judge();
  if (intact.isWrong) {
    console.log(`Nothing is broken yet, and still: ${intact.what}`);
    return 1;
  }
  let shown = 0;
  const shownBy = shownBefore(MUTATIONS);
  const queue = [...chosen];
  async function work(judges) {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { file, rule, edit } = next;
      const text = broken(readFileSync(join(ROOT, file), 'utf8'), edit);
      const likely = likelyPrograms(shownBy[file], rule);
      const { isWrong, what } = text === undefined ? GONE : await judgeWith(judges, file, text, likely);
      if (isWrong) {
        shown++;
        shownBy[file][rule] = /^(?:random program \d+|[^ :]+)/.exec(what)?.[0] ?? null;
      } else shownBy[file][rule] = null;
      writeFileSync(SHOWN, `${JSON.stringify(shownBy, null, 2)}\n`);
      console.log(`${isWrong ? '' : 'NOT SHOWN  '}${basename(file)}: ${rule}: ${what}`);
    }
  }
  await Promise.all(judges.map(work));
  for (const { end } of judges) end();
  console.log(`${chosen.length} rules broken, ${shown} shown`);
  return shown === chosen.length && shown > 0 ? 0 : 1;
}

/** What has shown the rules that there are, as far as that is known, in their order. */
function shownBefore(mutations) {
  const known = JSON.parse(readFileSync(SHOWN, 'utf8'));
  return Object.fromEntries(
    Object.entries(mutations).map(([file, rules]) => [
      file,
      Object.fromEntries(Object.keys(rules).map((rule) => [rule, known[file]?.[rule] ?? null])),
    ]),
  );
}

/** Programs that may show a rule, the most likely first. */
function likelyPrograms(shownBy, rule) {
  const counts = new Map();
  for (const program of Object.values(shownBy)) counts.set(program, (counts.get(program) ?? 0) + 1);
  counts.delete(null);
  if (shownBy[rule] !== null) counts.set(shownBy[rule], Number.POSITIVE_INFINITY);
  return [...counts].sort(([, a], [, b]) => b - a).map(([program]) => program);
}

/** What shows that a file has another text. */
async function judgeWith(judges, file, text, likely) {
  writeSource(judges.copy, file, text);
  try {
    return await judges.judge(file, likely);
  } finally {
    writeSource(judges.copy, file);
  }
}

/** The processes that judge the compiler of a copy, one after the other. */
function judgesOf(copy) {
  let child;
  let judged = 0;
  const end = () => {
    child?.removeAllListeners();
    child?.kill('SIGKILL');
    child = undefined;
  };
  /** The verdict about what stands in the copy, in which `file` is changed. */
  async function judge(file, likely = []) {
    // The runtime stays loaded. The compilers of all rules so far do, too.
    const broken = file === undefined ? 'intact' : file.startsWith('packages/runtime') ? 'runtime' : 'compiler';
    if (broken !== 'compiler' || judged >= JUDGED) end();
    const isFirst = child === undefined;
    if (isFirst) {
      child = fork(join(copy, JUDGE), [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
      judged = 0;
    }
    judged++;
    const task = {
      file: join(copies[0], 'compiled.json'),
      broken,
      runs,
      seed,
    };
    const verdict = await answer(child, { ...task, size: SIZE, likely });
    if (!verdict.isSure || broken !== 'compiler') end();
    // What programs before have left behind may be the reason.
    return verdict.isSure || isFirst ? verdict : judge(file, likely);
  }
  return { copy, judge, end };
}

/** What a process answers to a task. One that ends instead has noticed something, too. */
function answer(child, task) {
  let errors = '';
  child.stderr
    .setEncoding('utf8')
    .removeAllListeners('data')
    .on('data', (text) => {
      errors += text;
    });
  return new Promise((resolve) => {
    const settle = (verdict) => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(verdict);
    };
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    child.once('message', settle);
    child.once('exit', (code) => {
      const what = /^\w*Error.*$/m.exec(errors)?.[0] ?? `exit code ${code}`;
      settle({ isWrong: true, what, isSure: false });
    });
    child.send(task);
  });
}
