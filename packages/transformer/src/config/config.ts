/** Options, the same for every host, from a configuration file or from the host. */
import { closest, distance } from 'fastest-levenshtein';
import { createJiti } from 'jiti';
import { type Loader, lilconfig } from 'lilconfig';
import { UnblockError } from '../errors.js';
import type { CompilerOptions } from '../program.js';
import { RULES, type Severity } from '../report/rules.js';

/** What `unblock.config.*` may hold. Every option has a default. */
export interface UnblockOptions {
  /** Categories that are left blocking: `{ fs: false }`. Categories: fs, child_process, crypto, zlib, atomics, other. */
  readonly patch?: Readonly<Record<string, boolean>>;
  /** Specifier from which compiled code imports its helpers; `@unblock/runtime/compiled` by default. */
  readonly runtime?: string;
  /** Severity by rule id without the `unblock/` prefix. */
  readonly rules?: Readonly<Record<string, Severity>>;
}

/** Types a configuration: `export default defineConfig({ ... })`. Returns its argument. */
export function defineConfig(options: UnblockOptions): UnblockOptions {
  return options;
}

export interface Settings {
  readonly compiler: CompilerOptions;
  readonly rules: Readonly<Record<string, Severity>>;
}

const OPTIONS = ['patch', 'runtime', 'rules'];
const CATEGORIES = ['fs', 'child_process', 'crypto', 'zlib', 'atomics', 'other'];
const SEVERITIES: readonly unknown[] = ['off', 'warn', 'error'];

/**
 * Checks options and fills in defaults.
 *
 * @param origin where the options come from, for messages: a file, or the host
 * @throws {UnblockError} `bad-option`, naming origin, option and remedy
 */
export function settings(given: unknown, origin: string): Settings {
  const options = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof options !== 'object' || Array.isArray(options)) fail(origin, 'the configuration has to be an object.');
  checkKeys(options, OPTIONS, 'option', origin);
  const { patch = {}, runtime = '@unblock/runtime/compiled', rules = {} } = options as UnblockOptions;
  if (typeof runtime !== 'string') fail(origin, 'the option runtime has to be a module specifier.');
  checkKeys(patch, CATEGORIES, 'category in the option patch', origin);
  for (const [name, value] of Object.entries(patch)) {
    if (typeof value !== 'boolean') fail(origin, `the option patch.${name} has to be true or false.`);
  }
  checkKeys(rules, [...RULES.keys()], 'rule in the option rules', origin);
  for (const [name, value] of Object.entries(rules)) {
    if (!SEVERITIES.includes(value)) fail(origin, `the option rules.${name} has to be "off", "warn" or "error".`);
  }
  return { compiler: { patch, runtime }, rules };
}

function checkKeys(given: unknown, known: readonly string[], what: string, origin: string): void {
  if (typeof given !== 'object' || given === null) fail(origin, `expected an object for each ${what}.`);
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const near = closest(key, [...known]);
    const hint =
      distance(key, near) <= Math.max(2, key.length / 3) ? ` Did you mean ${near}?` : ` Known: ${known.join(', ')}.`;
    fail(origin, `unknown ${what}: ${key}.${hint}`);
  }
}

function fail(origin: string, message: string): never {
  throw new UnblockError('bad-option', `${origin}: ${message}`);
}

/**
 * The settings of the configuration file in `directory` or above it, or the defaults.
 *
 * @throws {UnblockError} `bad-option`, or `bad-config` if the file cannot be loaded
 */
export async function loadSettings(directory: string): Promise<Settings> {
  const load: Loader = (path) => createJiti(import.meta.url).import(path, { default: true });
  const extensions = ['ts', 'mts', 'js', 'mjs', 'cjs'];
  const search = lilconfig('unblock', {
    searchPlaces: [...extensions.map((extension) => `unblock.config.${extension}`), 'unblock.config.json'],
    loaders: Object.fromEntries(extensions.map((extension) => [`.${extension}`, load])),
  });
  let found: Awaited<ReturnType<typeof search.search>>;
  try {
    found = await search.search(directory);
  } catch (error) {
    throw new UnblockError('bad-config', `The unblock.config file cannot be loaded: ${(error as Error).message}`);
  }
  return found === null ? settings({}, 'defaults') : settings(found.config, found.filepath);
}
