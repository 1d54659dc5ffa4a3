/** Which installed packages use others. */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { ModuleInput } from '../program.js';
import { inside } from './paths.js';

/** A string that may name a package, or a file of one: what is imported, and what is loaded by its name, such as a view engine. */
const NAME = /(['"`])((?:@[\w.-]+\/)?[\w-][\w.-]*)(?:\/[^'"`\s]*)?\1/g;

/**
 * The directories of those packages that use one of `packages`, themselves or through others. Only what a program uses counts: what its texts
 * name, what its package.json depends on, and what these depend on.
 *
 * @param packages directories
 * @param root absolute; packages outside are left out
 */
export function usersOf(packages: ReadonlySet<string>, program: readonly ModuleInput[], root: string): string[] {
  const installations = new Installations(root);
  const used = new Map<string, readonly string[]>();
  const pending = [...installations.namedIn(program), ...installations.dependenciesOf(root)];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    if (used.has(directory)) continue;
    const dependencies = installations.dependenciesOf(directory);
    used.set(directory, dependencies);
    pending.push(...dependencies);
  }
  const users = new Set<string>();
  const reaches = (directory: string) => packages.has(directory) || users.has(directory);
  for (let known = -1; known < users.size; ) {
    known = users.size;
    for (const [directory, dependencies] of used) {
      if (!packages.has(directory) && dependencies.some(reaches)) users.add(directory);
    }
  }
  return [...users];
}

/** What is installed below a directory, as Node looks for it. */
class Installations {
  readonly #root: string;
  readonly #names = new Map<string, ReadonlySet<string>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Packages that texts name. */
  namedIn(program: readonly ModuleInput[]): string[] {
    const found = new Set<string>();
    for (const { fileName, text } of program) {
      for (const [, , name = ''] of text.matchAll(NAME)) {
        const directory = this.#find(name, dirname(resolve(fileName)));
        if (directory !== undefined) found.add(directory);
      }
    }
    return [...found];
  }

  /** Packages that the package.json of `directory` depends on, as far as they are installed. */
  dependenciesOf(directory: string): string[] {
    const { dependencies, peerDependencies, optionalDependencies } = manifestIn(directory);
    const names = [dependencies, peerDependencies, optionalDependencies].flatMap((some) => Object.keys(some ?? {}));
    return names.flatMap((name) => this.#find(name, directory) ?? []);
  }

  #find(name: string, from: string): string | undefined {
    for (let directory = from; inside(this.#root, directory); directory = dirname(directory)) {
      const modules = join(directory, 'node_modules');
      if (this.#namesIn(modules).has(name)) return join(modules, name);
      if (directory === this.#root) break;
    }
    return undefined;
  }

  #namesIn(modules: string): ReadonlySet<string> {
    const known = this.#names.get(modules);
    if (known !== undefined) return known;
    const names = entriesOf(modules).flatMap((name) =>
      name.startsWith('@') ? entriesOf(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    );
    const installed = new Set(names.filter((name) => isInstalled(join(modules, name))));
    this.#names.set(modules, installed);
    return installed;
  }
}

/** Packages of the workspace are linked, and are sources of the program. */
function isInstalled(directory: string): boolean {
  try {
    return realpathSync(directory).includes(`${sep}node_modules${sep}`);
  } catch {
    return false;
  }
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

type Dependencies = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies?: Dependencies;
  readonly peerDependencies?: Dependencies;
  readonly optionalDependencies?: Dependencies;
}

/** A package.json; without anything where there is none that can be read. */
function manifestIn(directory: string): Manifest {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null ? manifest : {};
  } catch {
    return {};
  }
}
