/** The files of compiled packages that are no sources of the program. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ModuleInput } from '../program.js';
import { usersOf } from './packageUsers.js';
import { inside } from './paths.js';

const PACKAGE = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/@][^\\/]*)[\\/]/;

/** The directory of the innermost installed package that a path leads into: `node_modules/name` or `node_modules/@scope/name`. */
export function packageDirectory(path: string): string | undefined {
  return PACKAGE.exec(path)?.[1];
}

/**
 * All files of the installed packages that `sources` belong to, absolute, the sources among them, and those of the packages that are installed
 * within. Without its package.json, Node does not take the directory for the package, and looks for another installation; without those
 * within, it would find other versions of them.
 *
 * So of the packages that the program uses and that use one of those themselves: from where they are installed they would find another copy of
 * it, with classes and state of its own.
 *
 * @param root absolute; packages that are not wholly below it are left out
 */
export function packageFiles(sources: readonly ModuleInput[], root: string): string[] {
  const compiled = new Set(
    sources
      .flatMap(({ fileName }) => packageDirectory(resolve(fileName)) ?? [])
      .filter((directory) => inside(root, directory)),
  );
  if (compiled.size === 0) return [];
  const directories = [...compiled, ...usersOf(compiled, sources, root)];
  return [...new Set(directories.flatMap((directory) => filesBelow(directory)))];
}

/** @param above the real directories that `directory` lies in, which links in them may lead back to */
function filesBelow(directory: string, above: readonly string[] = []): string[] {
  const real = realpathSync(directory);
  if (above.includes(real)) return [];
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    // Executables of packages within are links to files that are copied, too.
    if (name === '.bin' || stats === undefined) return [];
    return stats.isDirectory() ? filesBelow(path, [...above, real]) : stats.isFile() ? [path] : [];
  });
}
