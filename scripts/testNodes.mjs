/**
 * Runs the tests on other versions of Node, which come from npm.
 *
 *     pnpm test:nodes [--nodes 22,24,26] [arguments of vitest: files, --bail 1...]
 *
 * The packages have to be built. Prints a summary; the exit code is 1 if a version failed.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNode } from './nodes.mjs';

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
  const node = installNode(version);
  if (node === undefined) return { passed: 'not installed' };
  const found = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n${found}`);
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  const { status } = spawnSync(node, [vitest, 'run', ...others], { cwd: root, env, stdio: 'inherit' });
  return { found, passed: status === 0 ? 'passed' : 'failed' };
}
