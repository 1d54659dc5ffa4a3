/**
 * Runs Node's own tests in their original form and compiled, and tells which come to something else.
 *
 *     pnpm node-tests --tests DIR [--node 24.12.0] [--only test-fs-read]... [--forms compiled,suspending] [--jobs 2]
 *
 * `DIR` is the folder `test` of Node's sources, of the same version. nodeTestExclusions.json lists the tests that come to something else, each with a
 * reason; one that does not any more is a mistake. The exit code is 1 if there was one.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installNode } from './nodes.mjs';
import { readExclusions } from './nodeTests/exclusions.mjs';
import { COMPILED_FORMS, writeProgram } from './nodeTests/programs.mjs';
import { runProgram } from './nodeTests/run.mjs';
import { Tally } from './nodeTests/tally.mjs';
import { option, readOptions } from './options.mjs';

/** What the tests are of whose functions block: they run in all forms. */
const BLOCKING = ['child-process', 'crypto', 'fs', 'zlib'];
/**
 * What others are of. With every call suspended, these listen too late, as docs/differences.md says: streams and servers that a test makes, and starts,
 * go on meanwhile.
 */
const OTHERS = [
  ...['async-hooks', 'async-local-storage', 'domain', 'event', 'eventemitter', 'events', 'eventsource', 'eventtarget'],
  ...['http', 'https', 'net', 'process', 'promise', 'promises', 'readline', 'signal', 'stdin', 'stdout', 'stream'],
  ...['timers', 'worker'],
];
/** Milliseconds that an original may take; a compiled one may take twice as long. */
const PATIENCE = 20_000;
/** How often a compiled test may fail: other programs take the processor from tests that measure time. */
const ATTEMPTS = 2;

const options = readOptions("Runs Node's own tests in original and compiled form.", {
  tests: option.text("the folder `test` of Node's sources"),
  node: option.text('the version of Node that they are of', '24.12.0'),
  only: option.texts('tests whose names begin with this'),
  forms: option.choice('in which they are compiled', COMPILED_FORMS),
  jobs: option.count('processes at a time', 2),
});
if (options.tests === undefined) fail("--tests DIR names the folder `test` of Node's sources.");
const node = installNode(options.node) ?? fail(`Node ${options.node} could not be installed.`);
const tests = resolve(options.tests);
const names = readdirSync(join(tests, 'parallel')).filter(isWanted);
// Short: the path of a socket has some hundred characters at most.
const directory = mkdtempSync(join(tmpdir(), 'unt-'));
const exclusions = readExclusions(new URL('nodeTestExclusions.json', import.meta.url));
const tally = new Tally(options.forms);
const queue = names.entries();

process.once('SIGINT', finish);
await Promise.all(Array.from({ length: options.jobs }, work));
finish();

/** Also of what has run until it is interrupted. */
function finish() {
  rmSync(directory, { recursive: true, force: true });
  console.log(`\n${tally.table()}\n\n${tally.mistakes === 0 ? 'no' : tally.mistakes} mistakes`);
  process.exit(tally.mistakes === 0 ? 0 : 1);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

function isWanted(name) {
  return groupOf(name) !== undefined && (options.only ?? ['']).some((beginning) => name.startsWith(beginning));
}

function groupOf(name) {
  return [...BLOCKING, ...OTHERS].find(
    (group) => /\.m?js$/.test(name) && (name.startsWith(`test-${group}-`) || name.startsWith(`test-${group}.`)),
  );
}

function formsOf(group) {
  return BLOCKING.includes(group) ? options.forms : options.forms.filter((form) => form !== 'suspending');
}

async function work() {
  for (const [number, name] of queue) await compare(name, String(number));
}

async function compare(name, number) {
  const group = groupOf(name);
  const text = readFileSync(join(tests, 'parallel', name), 'utf8');
  const run = (form, patience) => runOnce(name, text, form, join(directory, number), patience);
  const original = await run('original', PATIENCE);
  if (!original.passed || original.skipped) {
    tally.add(group, 'original', original.skipped ? 'skipped' : 'fails');
    return;
  }
  tally.add(group, 'original', 'passes');
  for (const form of formsOf(group)) {
    let outcome;
    let isSame = false;
    for (let attempt = 0; attempt < ATTEMPTS && !isSame; attempt++) {
      outcome = await run(form, 2 * PATIENCE);
      isSame = outcome.passed && outcome.isEnded === original.isEnded;
    }
    tally.add(group, form, isSame ? 'same' : 'differs');
    const mistake = exclusions.mistake(name, form, isSame);
    if (mistake !== undefined) tally.addMistake(`${name} (${form}): ${mistake}`, isSame ? {} : outcome);
  }
}

async function runOnce(name, text, form, place, patience) {
  try {
    return await runProgram(node, writeProgram(tests, name, form, place), text, patience);
  } catch (error) {
    return { passed: false, outcome: 'not compiled', printed: error.stack };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
