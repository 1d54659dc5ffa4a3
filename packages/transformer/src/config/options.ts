/** The options themselves: names, types, defaults. */

import { blockingAt, blockingPaths, CATEGORIES, type Category, type Switches } from '../catalogue/blocking.js';
import { UnblockError } from '../errors.js';
import type { CompilerOptions } from '../program.js';
import { RULES, type RuleId, type Severity } from '../report/rules.js';
import { nearest } from './suggestions.js';

/** What `unblock.config.*` may hold. Every option has a default. */
export interface UnblockOptions {
  /**
   * Categories and functions that are left blocking: `{ fs: false, 'fs.readFileSync': true }`. What is said of a function counts for more than what is
   * said of its category. Categories: fs, child_process, crypto, zlib, atomics, pg, other.
   */
  readonly patch?: { readonly [category in Category]?: boolean } & { readonly [path: `${string}.${string}`]: boolean };
  /** Specifier from which compiled code imports its helpers; `@unblock/runtime/compiled` by default. */
  readonly runtime?: string;
  /**
   * Functions of uncompiled packages whose callbacks may run asynchronously, because their caller awaits or ignores what they return:
   * `bullmq.Worker` by module and export, `.process` for methods of this name. None by default.
   */
  readonly roots?: readonly string[];
  /**
   * Packages that are compiled in another run, such as by `unblock build` beside `tspc`: their functions may suspend, so that their calls are awaited.
   * None by default. Packages whose handlers Unblock knows (express, koa, fastify...) need not stand here.
   */
  readonly packages?: readonly string[];
  /** Whether the top level of ES modules may await blocking calls; `sync` by default: modules initialise as they were written. */
  readonly topLevel?: 'sync' | 'await';
  /**
   * Functions that only asynchronous code is seen to call are written once, as their asynchronous form: less code, but uncompiled code that calls
   * them synchronously all the same runs them several times slower. False by default.
   */
  readonly compact?: boolean;
  /**
   * What calls do of which nothing is known in a program that is compiled in parts: of callbacks, and of methods of objects that come from elsewhere.
   * `block` by default. With `suspend` they are awaited, and so is all that leads to one, also where nothing blocks: other promise callbacks may come in between.
   */
  readonly unknownCalls?: 'block' | 'suspend';
  /** Severity by rule id without the `unblock/` prefix. */
  readonly rules?: { readonly [id in Exclude<RuleId, 'constructor'>]?: Severity } & {
    // Every object has a property of this name.
    readonly constructor?: unknown;
  };
}

/** Types a configuration: `export default defineConfig({ ... })`. Returns its argument. */
export function defineConfig(options: UnblockOptions): UnblockOptions {
  return options;
}

/** Options with defaults filled in. */
export interface Settings {
  readonly compiler: CompilerOptions;
  readonly topLevelAwait: boolean;
  readonly rules: Readonly<Record<string, Severity>>;
}

const OPTIONS = ['patch', 'runtime', 'roots', 'packages', 'topLevel', 'compact', 'unknownCalls', 'rules'];
const SEVERITIES: readonly unknown[] = ['off', 'warn', 'error'];

export function settingsOf(options: UnblockOptions): Settings {
  const { patch = {}, runtime, roots = [], packages = [], topLevel, compact = false, rules = {} } = options;
  const { unknownCalls = 'block' } = options;
  return {
    compiler: {
      ...{ patch: patch as Switches, runtime: runtime ?? '@unblock/runtime/compiled' },
      ...{ roots, packages, compact, unknownCalls },
    },
    topLevelAwait: topLevel === 'await',
    rules: rules as Settings['rules'],
  };
}

/**
 * Checks that options are known and of the right type. An option that is `undefined` counts as not given.
 *
 * @param origin where the options come from, for messages: a file, or the host
 * @param others options that the host checks itself
 * @throws {UnblockError} `bad-option`, naming origin, option and remedy
 */
export function checkOptions(given: unknown, origin: string, others: readonly string[] = []): UnblockOptions {
  const fail = (message: string): never => {
    throw new UnblockError('bad-option', `${origin}: ${message}`);
  };
  if (!isRecord(given)) return fail('the configuration has to be an object, such as { patch: { fs: false } }.');
  const known = [...OPTIONS, ...others];
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) fail(`unknown option: ${key}.${suggestion(key, known)}`);
  }
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { patch = {}, runtime = '-', roots = [], topLevel = 'sync', compact = false, rules = {} } = options;
  const { packages = [], unknownCalls = 'block' } = options;

  if (!isRecord(patch)) return fail('the option patch has to be an object, such as { fs: false }.');
  for (const [name, value] of Object.entries(patch)) {
    const mistake = mistakeInSwitch(name, value);
    if (mistake !== undefined) fail(mistake);
  }
  if (typeof runtime !== 'string' || runtime === '') fail('the option runtime has to be a module specifier.');
  if (!Array.isArray(roots)) return fail('the option roots has to be an array, such as ["bullmq.Worker"].');
  for (const root of roots as readonly unknown[]) {
    if (typeof root === 'string' && /^[^.\s][^\s]*\.[^.\s]+$|^\.[^.\s]+$/.test(root)) continue;
    fail(
      `the option roots has ${JSON.stringify(root)}; expected "module.export", such as "bullmq.Worker", or ".method".`,
    );
  }
  if (!Array.isArray(packages)) return fail('the option packages has to be an array, such as ["fs-extra"].');
  for (const name of packages as readonly unknown[]) {
    if (typeof name === 'string' && /^(?:@[^/\s]+\/)?[^@./\s][^/\s]*$/.test(name)) continue;
    fail(`the option packages has ${JSON.stringify(name)}; expected the name of a package, such as "fs-extra".`);
  }
  if (topLevel !== 'sync' && topLevel !== 'await') fail('the option topLevel has to be "sync" or "await".');
  if (typeof compact !== 'boolean') fail('the option compact has to be true or false.');
  if (unknownCalls !== 'block' && unknownCalls !== 'suspend')
    fail('the option unknownCalls has to be "block" or "suspend".');
  if (!isRecord(rules)) return fail('the option rules has to be an object, such as { unreached: "off" }.');
  for (const [name, value] of Object.entries(rules)) {
    if (!RULES.has(name)) fail(`unknown rule in the option rules: ${name}.${suggestion(name, [...RULES.keys()])}`);
    if (!SEVERITIES.includes(value)) fail(`the option rules.${name} has to be "off", "warn" or "error".`);
  }
  return options as UnblockOptions;
}

/** What is wrong with one entry of the option `patch`; undefined if nothing is. */
function mistakeInSwitch(name: string, value: unknown): string | undefined {
  const isCategory = (CATEGORIES as readonly string[]).includes(name);
  const api = isCategory ? undefined : blockingAt(name);
  if (!isCategory && (api === undefined || api.path !== name)) {
    return name.includes('.')
      ? `unknown function in the option patch: ${name}.${suggestedPath(name)}`
      : `unknown category in the option patch: ${name}.${suggestion(name, CATEGORIES)}`;
  }
  if (typeof value !== 'boolean')
    return `the option patch${isCategory ? `.${name}` : `["${name}"]`} has to be true or false.`;
  if (value && api?.twin === false) {
    return `the option patch["${name}"] cannot be true: nothing asynchronous does what this function does, so that it stays blocking. Remove it.`;
  }
  return undefined;
}

/** Functions are named by module and export, without `node:`. */
function suggestedPath(name: string): string {
  const plain = name.replace(/^node:(?!sqlite\.)/, '');
  const near = nearest(plain, blockingPaths());
  return near !== undefined
    ? ` Did you mean ${near}?`
    : ' Expected the path of a blocking function, such as fs.readFileSync.';
}

/** Plain objects, and module namespaces; not arrays, promises and the like. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as { then?: unknown }).then !== 'function'
  );
}

/** The known name that an unknown one was meant to be, or all of them. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name.replace(/^unblock\//, ''), known);
  return near !== undefined ? ` Did you mean ${near}?` : ` Known: ${known.join(', ')}.`;
}
