/**
 * Crash search: compiles the sources of published packages, each file on its own and each package as a program, what blocks and with forced colour, and
 * fails if the compiler crashes, writes what is no valid code, or takes more than linear time.
 *
 *     pnpm crash-search [--packages N] [--files N] [--size N] [--seed N] [--only NAME] [--cache DIR] [--workspace]
 *
 * - `--packages`: so many of the packages of crashPackages.json, chosen by the seed; all by default.
 * - `--files`: so many files of each package at most, chosen by the seed; 2500 by default.
 * - `--size`: of each package no more files once they have so many characters; a million by default.
 * - `--only`: packages or files of this name: `rxjs`, or `rxjs/src/internal/Observable.ts`.
 * - `--cache`: where the packages are kept; `.cache/crash-search` by default.
 * - `--workspace`: the packages that the workspace has installed, in place of the list.
 *
 * What is found is printed as it comes, and with all measures written to `results.jsonl` in the cache. crashExclusions.json lists the files that are no JavaScript, or
 * that the parser does not take; the run fails if one of them compiles.
 */
import { execFileSync, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tables } from './crashTables.mjs';

/** Milliseconds for one file, or for one package as a program. */
const PATIENCE = 600_000;
const root = fileURLToPath(new URL('..', import.meta.url));
const readList = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

const options = readOptions();
const cache = resolve(root, options.cache);
const exclusions = readList('crashExclusions.json').map((entry) => ({ ...entry, matches: globOf(entry.files) }));
mkdirSync(cache, { recursive: true });
const log = join(cache, 'results.jsonl');
rmSync(log, { force: true });

const packages = options.workspace
  ? workspacePackages()
  : install(chosen(Object.entries(readList('crashPackages.json'))));
const worker = await buildWorker();
const problems = [];
const measures = [];
let files = 0;
let size = 0;
let child;

for (const [i, { name, directory }] of packages.entries()) {
  const [, file] = nameAndFile(options.only ?? '');
  const limits = { files: options.files, size: options.size, seed: options.seed };
  const result = await inspect(name, { directory, limits, only: file });
  appendFileSync(log, `${JSON.stringify({ name, ...result })}\n`);
  const found = [...result.findings, ...judge(name, directory, result)];
  for (const { fileName, form, problem } of found) {
    console.log(`${name}: ${relative(directory, fileName)} (${form}): ${problem}`);
    problems.push(problem);
  }
  measures.push(...result.measures);
  files += result.files.length;
  size += result.size;
  if (process.stderr.isTTY) process.stderr.write(`\r${i + 1}/${packages.length} packages, ${files} files \x1b[K`);
}
child?.kill();
console.log(tables(measures));
console.log(`${packages.length} packages, ${files} files, ${(size / 1e6).toFixed(1)} MB, SEED=${options.seed}`);
console.log(problems.length === 0 ? 'no problem' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

function readOptions() {
  const { values } = parseArgs({
    options: {
      packages: { type: 'string', default: 'Infinity' },
      files: { type: 'string', default: '2500' },
      size: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      cache: { type: 'string', default: '.cache/crash-search' },
      workspace: { type: 'boolean', default: false },
    },
  });
  const numbers = ['packages', 'files', 'size', 'seed'].map((name) => [name, Number(values[name])]);
  return { ...values, ...Object.fromEntries(numbers) };
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
  return shuffled(wanted).slice(0, options.packages);
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
  return entries.map(([name, version]) => {
    const directory = join(cache, 'packages', `${name.replace('/', '+')}@${version}`);
    if (!existsSync(directory)) unpack(`${name}@${version}`, directory);
    return { name, directory };
  });
}

function unpack(spec, directory) {
  const temporary = join(cache, 'unpacking');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(join(temporary, 'package'), { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', temporary, spec], {
    cwd: temporary,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  const tarball = readdirSync(temporary).find((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', tarball, '-C', 'package', '--strip-components=1'], { cwd: temporary });
  mkdirSync(join(directory, '..'), { recursive: true });
  renameSync(join(temporary, 'package'), directory);
}

/** What stands in the store of pnpm, each package once. */
function workspacePackages() {
  const store = join(root, 'node_modules/.pnpm');
  const found = readdirSync(store).flatMap((entry) => {
    const modules = join(store, entry, 'node_modules');
    const name = entry.replace(/(?<=.)@.*/, '').replace('+', '/');
    const directory = join(modules, name);
    return existsSync(directory) ? [[`${name} ${entry}`, directory]] : [];
  });
  const [only] = nameAndFile(options.only ?? '');
  return shuffled(found.filter(([name]) => options.only === undefined || name.startsWith(`${only} `)))
    .slice(0, options.packages)
    .map(([name, directory]) => ({ name: name.replace(/ .*/, ''), directory }));
}

/** The process that compiles, as one file made of the sources as they are now. */
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

/** The result of a package; one that does not end, or that takes the process with it, is a finding. */
function inspect(name, task) {
  child ??= fork(worker, {
    execArgv: ['--expose-gc', '--experimental-vm-modules', '--no-warnings', '--max-old-space-size=8192'],
  });
  const running = child;
  return new Promise((done) => {
    let at = name;
    let timer;
    const fail = (problem) => {
      running.removeAllListeners();
      running.kill();
      child = undefined;
      clearTimeout(timer);
      done({ findings: [{ fileName: at, form: '', problem }], measures: [], files: [], size: 0, unreadable: {} });
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
        done(message);
      }
    });
    running.send(task);
  });
}

/** Holds what could not be read against the list of what cannot. */
function judge(name, directory, { files: compiled, unreadable }) {
  const nameOf = (file) => relative(directory, file).replaceAll('\\', '/');
  const excluded = (file) => exclusions.find((one) => one.package === name && one.matches.test(nameOf(file)));
  const found = [];
  for (const [fileName, { message, isValid }] of Object.entries(unreadable)) {
    const is = isValid ? 'not parsed' : 'no JavaScript';
    if (excluded(fileName)?.is !== is) found.push({ fileName, form: is, problem: message });
  }
  for (const fileName of compiled) {
    if (excluded(fileName)) found.push({ fileName, form: 'excluded', problem: 'excluded, but it compiles' });
  }
  return found;
}

/** `*` stands for anything within a name, `**` for any path. */
function globOf(pattern) {
  const parts = pattern.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replace(/[\\^$+?.()|[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
