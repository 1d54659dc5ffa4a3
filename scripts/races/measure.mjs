/**
 * What the report says of races in published packages, against what a person has found each message to be.
 *
 *     pnpm races [PACKAGE...]
 *
 * Packages and versions stand in `packages.json`, and come from npm. `judged.json` says of each message, by rule, file and line:
 *
 * - `real`: in some interleaving the program does something else than it did, and something wrong.
 * - `benign`: what the message says may happen, and does no harm.
 * - `false`: it cannot happen.
 *
 * Prints a line for each package and the totals; the exit code is 1 if a message has not been judged, or a judged one is gone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = join(root, '.cache/races');
const cli = join(root, 'packages/transformer/dist/cli.mjs');
const versions = JSON.parse(readFileSync(new URL('packages.json', import.meta.url), 'utf8'));
const judged = JSON.parse(readFileSync(new URL('judged.json', import.meta.url), 'utf8'));

const RULES = ['race-hazard', 'race-file', 'eager-prefix', 'race-fill'];
/** Text of a package that is not what runs. */
const LEFT_OUT = /^(node_modules|tests?|__tests__|docs|examples?|benchmarks?)$/;

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(versions);
install();
const totals = new Map(RULES.map((rule) => [rule, { real: 0, benign: 0, false: 0 }]));
let unknown = 0;
for (const name of names) report(name);
console.log(`\n${'rule'.padEnd(14)}real  benign  false`);
for (const [rule, { real, benign, false: wrong }] of totals) {
  console.log(`${rule.padEnd(14)}${String(real).padEnd(6)}${String(benign).padEnd(8)}${wrong}`);
}
process.exitCode = unknown === 0 ? 0 : 1;

function install() {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, dependencies: versions }));
  writeFileSync(join(directory, 'unblock.config.json'), JSON.stringify({ rules: { 'race-fill': 'warn' } }));
  const missing = names.filter((name) => !existsSync(join(directory, 'node_modules', name, 'package.json')));
  if (missing.length === 0) return;
  const { status } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('npm could not install the packages');
}

function report(name) {
  const home = join(directory, 'node_modules', name);
  const files = sources(home).map((file) => relative(directory, file));
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'check', ...files, '--format', 'json'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status === 2 || status === null) throw new Error(`${name}: ${stderr}`);
  const found = JSON.parse(stdout).flatMap(({ filePath, messages }) =>
    messages.flatMap(({ ruleId, line, message }) => {
      const rule = ruleId.replace('unblock/', '');
      return RULES.includes(rule) ? [{ rule, key: `${rule} ${relative(home, filePath)}:${line}`, message }] : [];
    }),
  );
  const known = judged[name] ?? {};
  const counts = RULES.map((rule) => `${rule} ${found.filter((one) => one.rule === rule).length}`);
  console.log(`${name}@${versions[name]}, ${files.length} files: ${counts.join(', ')}`);
  for (const { rule, key, message } of found) {
    const [verdict] = (known[key] ?? '').split(':');
    const total = totals.get(rule);
    if (verdict in total) total[verdict]++;
    else {
      unknown++;
      console.log(`  not judged: ${key}  ${message}`);
    }
  }
  for (const key of Object.keys(known)) {
    if (found.some((one) => one.key === key)) continue;
    unknown++;
    console.log(`  no longer reported: ${key}`);
  }
}

/** JavaScript that people have written: minified text is one line a program, of which no place can be judged. */
function sources(home) {
  return readdirSync(home, { withFileTypes: true }).flatMap((entry) => {
    const path = join(home, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.test(entry.name) ? [] : sources(path);
    const isSource = /\.[cm]?js$/.test(entry.name) && !/\.min\.[cm]?js$/.test(entry.name);
    return isSource && statSync(path).size < 400_000 ? [path] : [];
  });
}
