/** Other versions of Node, from the packages `node-<platform>-<arch>` of npm. They are kept in `.cache/nodes`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLATFORM = process.platform === 'win32' ? 'win' : process.platform;
const PACKAGE = `node-${PLATFORM}-${process.arch}`;
const root = fileURLToPath(new URL('..', import.meta.url));

/** The executable; undefined if npm could not install it. It is asked again each time, for the newest of the version. */
export function installNode(version) {
  const directory = join(root, '.cache/nodes', version);
  mkdirSync(directory, { recursive: true });
  // Of its own, so that npm does not take the workspace for its project.
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  const options = { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' };
  spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', `${PACKAGE}@${version}`], options);
  const node = join(directory, 'node_modules', PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(node) ? node : undefined;
}
