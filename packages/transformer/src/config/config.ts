/** Where options come from: a configuration file and the host. The same for every host. */
import { createJiti } from 'jiti';
import { type LilconfigResult, lilconfigSync } from 'lilconfig';
import { UnblockError } from '../errors.js';
import { checkOptions, type Settings, settingsOf, type UnblockOptions } from './options.js';

export { defineConfig, type Settings, type UnblockOptions } from './options.js';

/** Options that a host was given; they win over the configuration file's. */
export interface HostOptions {
  readonly options: unknown;
  /** The host's name for messages: `tsconfig.json, plugins`. */
  readonly origin: string;
  /** Options of the host's own, which it checks itself. */
  readonly others?: readonly string[];
}

export interface LoadedSettings extends Settings {
  /** Absolute path of the configuration file; undefined if there is none. */
  readonly configFile: string | undefined;
}

/**
 * The settings of the configuration file in `directory` or above it, of the host, and the defaults, in this order. `patch` and `rules` are
 * merged key by key, other options replace each other. Synchronous, since compilers call their plugins synchronously; therefore the
 * configuration file cannot use top-level `await`.
 *
 * @throws {UnblockError} `bad-option`, or `bad-config` if the file cannot be loaded
 */
export function loadSettings(directory: string, host?: HostOptions): LoadedSettings {
  const own = host === undefined ? {} : checkOptions(host.options, host.origin, host.others);
  const file = findConfig(directory);
  const shared = file === null ? {} : checkOptions(file.config, file.filepath);
  return { ...settingsOf(merge(shared, own)), configFile: file?.filepath };
}

function merge(shared: UnblockOptions, own: UnblockOptions): UnblockOptions {
  return {
    ...shared,
    ...own,
    patch: { ...shared.patch, ...own.patch },
    rules: { ...shared.rules, ...own.rules },
  };
}

const EXTENSIONS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'];

function findConfig(directory: string): LilconfigResult {
  const search = lilconfigSync('unblock', {
    searchPlaces: [...EXTENSIONS, 'json'].map((extension) => `unblock.config.${extension}`),
    loaders: {
      ...Object.fromEntries(EXTENSIONS.map((extension) => [`.${extension}`, loadScript])),
      '.json': loadJson,
    },
    ignoreEmptySearchPlaces: false,
  });
  return search.search(directory);
}

/** Watch builds load a changed file again, hence no cache of modules. */
function loadScript(path: string, content: string): unknown {
  try {
    if (content.trim() === '') throw new Error('the file is empty');
    const module = createJiti(path, { moduleCache: false })(path) as { readonly default?: unknown };
    return module.default ?? module;
  } catch (error) {
    return fail(path, error, 'A configuration that awaits at top level is not supported. ');
  }
}

function loadJson(path: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    return fail(path, error, '');
  }
}

function fail(path: string, error: unknown, limit: string): never {
  const message = error instanceof Error ? error.message : String(error);
  const [line = ''] = message.split('\n');
  const hint = /\bawait\b/.test(message) ? limit : '';
  throw new UnblockError(
    'bad-config',
    `${path}: the configuration cannot be loaded: ${line.replace(/\.$/, '')}. ${hint}Correct the file.`,
  );
}
