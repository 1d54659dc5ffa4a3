/**
 * Runs the tests on other versions of Node, which come from the packages `node-<platform>-<arch>` of npm.
 *
 *     pnpm test:nodes [--nodes 22,24,26] [arguments of vitest: files, --bail 1...]
 *
 * The packages have to be built. Prints a summary; the exit code is 1 if a version failed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLATFORM = process.platform === 'win32' ? 'win' : process.platform;
const PACKAGE = `node-${PLATFORM}-${process.arch}`;
const root = fileURLToPath(new URL('..', import.meta.url));
const { versions, others } = readArguments(process.argv.slice(2));

const results = versions.map((version) => ({ version, ...test(version) }));
console.log('\nNode      result');
for (const { version, found, passed } of results) console.log(`${(found ?? version).padEnd(10)}${passed}`);
process.exitCode = results.every(({ passed }) => passed === 'passed') ? 0 : 1;

function readArguments(given) {
  if (given[0] !== '--nodes') return { versions: ['22', '24', '26'], others: given };
  const [, list = '', ...others] = given;
  const versions = list.split(',');
  if (versions.every((version) => /^\d+(\.\d+)*$/.test(version))) return { versions, others };
  console.error('--nodes takes versions, such as 22,24');
  process.exit(2);
}

/** Child processes of the tests find this Node, too: as `process.execPath`, and first in PATH. */
function test(version) {
  const node = install(version);
  if (node === undefined) return { passed: 'not installed' };
  const found = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n${found}`);
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  const { status } = spawnSync(node, [vitest, 'run', ...others], { cwd: root, env, stdio: 'inherit' });
  return { found, passed: status === 0 ? 'passed' : 'failed' };
}

/** The executable; undefined if npm could not install it. It is asked again each time, for the newest of the version. */
function install(version) {
  const directory = join(root, '.cache/nodes', version);
  mkdirSync(directory, { recursive: true });
  // Of its own, so that npm does not take the workspace for its project.
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  const options = { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' };
  spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', `${PACKAGE}@${version}`], options);
  const node = join(directory, 'node_modules', PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(node) ? node : undefined;
}
