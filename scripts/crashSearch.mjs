/**
 * Crash search: compiles the sources of published packages, each file on its own and each package as a program, what blocks and with
 * forced colour, and fails if the compiler crashes, does not end, or writes what is no valid code.
 *
 *     pnpm crash-search [--packages N] [--skip N] [--files N] [--size N] [--seed N] [--jobs N] [--only NAME] [--cache DIR] [--workspace]
 *
 * - `--packages`: so many of the packages of crashPackages.json, chosen by the seed; all by default.
 * - `--skip`: not the first so many of them, which another run has searched.
 * - `--files`: so many files of each package at most; 2500 by default.
 * - `--size`: of each package no more than so many bytes, half of them in files that the seed chooses and half in the smallest; 600000 by default.
 * - `--jobs`: processes; 1 by default.
 * - `--only`: packages or files of this name: `rxjs`, or `rxjs/src/internal/Observable.ts`.
 * - `--cache`: where the packages are kept; the directory for temporary files by default.
 * - `--workspace`: the packages that the workspace has installed, in place of the list. Needs no network.
 *
 * What is found is printed as it comes, and with all measures written to `results.jsonl` in the cache. crashExclusions.json lists the
 * files that cannot be compiled, each with a reason; the run fails if one of them compiles, or is no longer there.
 */
import { execFileSync, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tables } from './crashTables.mjs';
import { option, readOptions } from './options.mjs';

/** Milliseconds for one file, or for one package as a program. */
const PATIENCE = 300_000;
/** Packages that are fetched at a time. */
const BATCH = 10;
const root = fileURLToPath(new URL('..', import.meta.url));
const readList = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

const options = readOptions('Compiles the sources of published packages.', {
  packages: option.count('so many of the packages', Number.POSITIVE_INFINITY),
  skip: option.count('not the first so many of them', 0, 0),
  files: option.count('so many files of a package at most', 2500),
  size: option.count('so many bytes of a package at most', 600_000),
  seed: option.count('the order of packages and files', 1),
  jobs: option.count('processes at a time', 1),
  only: option.text('a package, or files of it'),
  cache: option.text('where packages and results are kept', join(tmpdir(), 'unblock-crash-search')),
  workspace: option.flag('the packages that the workspace has installed'),
});
const cache = resolve(options.cache);
const exclusions = readList('crashExclusions.json');
mkdirSync(cache, { recursive: true });
const log = join(cache, 'results.jsonl');
rmSync(log, { force: true });

const queue = options.workspace ? workspacePackages() : install(chosen(Object.entries(readList('crashPackages.json'))));
const count = queue.length;
const worker = await buildWorker();
const problems = [];
const measures = [];
const compiled = [];
let done = 0;

await Promise.all(Array.from({ length: Math.min(options.jobs, count) }, work));
console.log(tables(measures));
console.log(`\n${kinds(compiled).join('\n')}`);
console.log(`${count} packages, ${figures(compiled)}, SEED=${options.seed}`);
console.log(problems.length === 0 ? 'no problem' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function work() {
  const inspector = createInspector();
  const [, only] = nameAndFile(options.only ?? '');
  const limits = { files: options.files, size: options.size, seed: options.seed };
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { name, directory } = next;
    const ofPackage = exclusions.filter((one) => one.package === name);
    const result = await inspector.inspect({ directory, limits, only, exclusions: ofPackage });
    appendFileSync(log, `${JSON.stringify({ name, ...result })}\n`);
    for (const { fileName, form, problem } of result.findings) {
      console.log(`${name}: ${fileName} (${form}): ${problem}`);
      problems.push(problem);
    }
    measures.push(...result.measures);
    compiled.push(...result.files);
    done++;
    if (process.stderr.isTTY) process.stderr.write(`\r${done}/${count} packages, ${compiled.length} files \x1b[K`);
    else if (done % 25 === 0) console.log(`${done}/${count} packages, ${figures(compiled)}`);
  }
  inspector.end();
}

function figures(files) {
  return `${files.length} files, ${(files.reduce((sum, { size }) => sum + size, 0) / 1e6).toFixed(1)} MB`;
}

function kinds(files) {
  const all = [...new Set(files.map(({ is }) => is))].sort();
  return all.map((kind) => `${kind}: ${figures(files.filter(({ is }) => is === kind))}`);
}

/** `@scope/name/file` in its parts. */
function nameAndFile(path) {
  const [, name = '', file] = /^((?:@[^/]*\/)?[^/]*)(?:\/(.*))?$/.exec(path) ?? [];
  return [name, file];
}

function chosen(entries) {
  const [only] = nameAndFile(options.only ?? '');
  const wanted = options.only === undefined ? entries : entries.filter(([name]) => name === only);
  if (wanted.length === 0) {
    console.error(`no package of the name ${only}`);
    process.exit(2);
  }
  return shuffled(wanted).slice(options.skip, options.packages);
}

/** By the seed, so that a part of the list is as mixed as the whole. */
function shuffled(list) {
  const order = new Map(list.map((item) => [item, hash(`${options.seed} ${item[0]}`)]));
  return [...list].sort((a, b) => order.get(a) - order.get(b));
}

function hash(text) {
  return createHash('sha1').update(text).digest().readUInt32BE();
}

/** Fetches what is not in the cache yet; nothing of the packages is run. */
function install(entries) {
  const wanted = entries.map(([name, version]) => {
    const directory = join(cache, 'packages', `${name.replace('/', '+')}@${version}`);
    return { name, version, directory };
  });
  const missing = wanted.filter(({ directory }) => !existsSync(directory));
  for (let i = 0; i < missing.length; i += BATCH) fetchPackages(missing.slice(i, i + BATCH));
  return wanted;
}

function fetchPackages(packages) {
  const temporary = mkdtempSync(join(cache, 'unpacking-'));
  const specs = packages.map(({ name, version }) => `${name}@${version}`);
  const listed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error', ...specs], {
    cwd: temporary,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 30,
    shell: process.platform === 'win32',
  });
  const tarballs = new Map(JSON.parse(listed).map(({ name, filename }) => [name, filename]));
  mkdirSync(join(cache, 'packages'), { recursive: true });
  for (const { name, directory } of packages) {
    const unpacked = mkdtempSync(join(temporary, 'package-'));
    execFileSync('tar', ['-xzf', join(temporary, tarballs.get(name)), '-C', unpacked, '--strip-components=1'], {
      stdio: 'pipe',
    });
    renameSync(unpacked, directory);
  }
  rmSync(temporary, { recursive: true, force: true });
}

/** What stands in the store of pnpm, each package once. */
function workspacePackages() {
  const store = join(root, 'node_modules/.pnpm');
  const found = readdirSync(store).flatMap((entry) => {
    const name = entry.replace(/(?<=.)@.*/, '').replace('+', '/');
    const directory = join(store, entry, 'node_modules', name);
    return existsSync(directory) ? [[`${name} ${entry}`, directory]] : [];
  });
  const [only] = nameAndFile(options.only ?? '');
  return shuffled(found.filter(([name]) => options.only === undefined || name.startsWith(`${only} `)))
    .slice(options.skip, options.packages)
    .map(([name, directory]) => ({ name: name.replace(/ .*/, ''), directory }));
}

/** The program of the processes that compile, as one file made of the sources as they are now. */
async function buildWorker() {
  const { build } = await import('tsdown');
  const transformer = join(root, 'packages/transformer');
  const outDir = join(transformer, '.cache/crash');
  await build({
    cwd: transformer,
    config: false,
    entry: [join(transformer, 'test/crash/worker.ts')],
    outDir,
    format: 'esm',
    dts: false,
    logLevel: 'error',
  });
  return join(outDir, 'worker.mjs');
}

/** A process that compiles one package after the other. One that does not end, or that takes the process with it, is a finding. */
function createInspector() {
  let child;
  function inspect(task) {
    child ??= fork(worker, {
      execArgv: [
        ...['--expose-gc', '--experimental-vm-modules', '--no-warnings'],
        // Parsing makes many objects that are short of life.
        ...['--max-old-space-size=8192', '--max-semi-space-size=128'],
      ],
    });
    const running = child;
    return new Promise((resolveResult) => {
      let at = '';
      let timer;
      const fail = (problem) => {
        running.removeAllListeners();
        running.kill('SIGKILL');
        child = undefined;
        clearTimeout(timer);
        resolveResult({ findings: [{ fileName: at, form: '', problem }], measures: [], files: [] });
      };
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => fail(`no end within ${PATIENCE / 1000} s`), PATIENCE);
      };
      wait();
      running.once('exit', (code, signal) => fail(`the process ended: ${signal ?? code}`));
      running.on('message', (message) => {
        wait();
        if (message.kind === 'progress') at = message.fileName;
        else {
          clearTimeout(timer);
          running.removeAllListeners();
          resolveResult(message);
        }
      });
      running.send(task);
    });
  }
  return { inspect, end: () => child?.kill() };
}
