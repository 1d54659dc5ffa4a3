/** The Babel host: a plugin that rewrites the text before Babel parses it. Babel 7 and 8. */

import { resolve } from 'node:path';
import type { RewrittenModule } from '../engine.js';
import { InternalError, UnblockError } from '../errors.js';
import { SYNTAX_REMEDY } from '../parse/parse.js';
import type { Syntax } from '../program.js';
import { babelFiles } from './babelFiles.js';
import { DECLARATION } from './fileResolver.js';
import { fileId } from './paths.js';
import { type Origin, restorePositions } from './restorePositions.js';

/** Options of the plugin: those of the compiler, and `project`. See docs/babel.md. */
export type BabelOptions = Readonly<Record<string, unknown>>;

interface ParserOptions extends Syntax, Origin {
  readonly sourceType?: string;
}

type Parse = (code: string, options: ParserOptions) => object;

/** What Babel tells about the build of one file. */
interface Build {
  readonly cwd: string;
  readonly filename?: string;
  readonly caller?: { readonly supportsTopLevelAwait?: boolean };
  readonly plugins?: readonly OtherPlugin[];
  /** Plugins that run in passes of their own. */
  readonly presets?: readonly { readonly plugins?: readonly OtherPlugin[] }[];
}

interface OtherPlugin {
  readonly key?: string;
  readonly parserOverride?: Plugin['parserOverride'];
}

interface Plugin {
  readonly name: string;
  readonly manipulateOptions: (build: Build, parserOptions: ParserOptions) => void;
  readonly parserOverride: (code: string, options: ParserOptions, parse: Parse) => object | undefined;
}

const NAME = '@unblock/transformer';

/** The plugin. Without the option `project`, each file is compiled on its own. */
export function unblock(_api: object, options: BabelOptions = {}): Plugin {
  // Plugins may serve several files at a time; the options for the parser are each file's own.
  const builds = new WeakMap<ParserOptions, Build>();
  return {
    name: NAME,
    manipulateOptions(build, parserOptions) {
      builds.set(parserOptions, build);
    },
    parserOverride(code, parserOptions, parse) {
      const build = builds.get(parserOptions) ?? { cwd: process.cwd() };
      try {
        const text = code.replace(/^\uFEFF/, '');
        const rewritten = rewrite(text, build, parserOptions, options, parse);
        if (rewritten === undefined) return undefined;
        requireSoleParser(build, text, parserOptions, parse);
        return parseRewritten(text, rewritten, build, parserOptions, parse);
      } catch (error) {
        throw withoutStack(error);
      }
    },
  };
}

export default unblock;

/** Undefined if the file stays as it is, also for errors that Babel reports itself. */
function rewrite(
  text: string,
  build: Build,
  parserOptions: ParserOptions,
  options: BabelOptions,
  parse: Parse,
): RewrittenModule | undefined {
  const { cwd, filename } = build;
  const fileName = filename === undefined ? undefined : fileId(resolve(cwd, filename));
  if (fileName !== undefined && DECLARATION.test(fileName)) return undefined;
  try {
    const { sourceType } = parserOptions;
    const file = { fileName, text, sourceType, syntax: syntaxOf(parserOptions), keepsModules: keepsModules(build) };
    return babelFiles(cwd, options).rewrite(file);
  } catch (error) {
    if (!(error instanceof UnblockError) || error.code !== 'syntax-error') throw error;
    if (!canParse(text, parserOptions, parse)) return undefined;
    const remedy = 'Babel can read this syntax, Unblock cannot: keep the plugin from the file.';
    throw new UnblockError('unknown-syntax', error.message.replace(SYNTAX_REMEDY, remedy));
  }
}

function syntaxOf(parserOptions: ParserOptions): Syntax {
  const { strictMode, annexB, plugins = [] } = parserOptions;
  const allowed = Object.entries(parserOptions).filter(([name]) => name.startsWith('allow'));
  const given = Object.entries({ strictMode, annexB, plugins }).concat(allowed as []);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function canParse(text: string, parserOptions: ParserOptions, parse: Parse): boolean {
  try {
    parse(text, parserOptions);
    return true;
  } catch {
    return false;
  }
}

/** Plugins that turn ES modules into something else, or that compile for engines older than top-level `await`. */
const REPLACES_MODULES = /transform-modules-|transform-async-to-generator|transform-regenerator/;

function keepsModules(build: Build): boolean {
  if (build.caller?.supportsTopLevelAwait === false) return false;
  return !pluginsOf(build).some(({ key = '' }) => REPLACES_MODULES.test(key));
}

function pluginsOf({ plugins = [], presets = [] }: Build): OtherPlugin[] {
  return [...plugins, ...presets.flatMap((preset) => preset.plugins ?? [])];
}

/**
 * Babel refuses two results of parsers without saying whose they are.
 *
 * @throws {UnblockError} `two-parsers`
 */
function requireSoleParser(build: Build, text: string, parserOptions: ParserOptions, parse: Parse): void {
  const fail = (problem: string): never => {
    throw new UnblockError('two-parsers', `${build.filename ?? 'unknown'}: the Babel plugin ${NAME} ${problem}`);
  };
  const plugins = pluginsOf(build);
  if (plugins.filter(({ key }) => key === NAME).length > 1)
    fail('is used twice for this file. Remove one of the uses.');
  const rival = plugins.find(
    ({ key, parserOverride }) => key !== NAME && parserOverride?.(text, parserOptions, parse) !== undefined,
  );
  if (rival === undefined) return;
  fail(
    `and the plugin ${rival.key} both replace Babel's parser. Remove one of them, or run "unblock build" before Babel.`,
  );
}

function parseRewritten(
  text: string,
  rewritten: RewrittenModule,
  build: Build,
  parserOptions: ParserOptions,
  parse: Parse,
): object | undefined {
  let tree: object;
  try {
    tree = parse(rewritten.code, parserOptions);
  } catch (error) {
    // What the compiler accepts and Babel does not, Babel reports at its place in the original.
    if (!canParse(text, parserOptions, parse)) return undefined;
    throw new InternalError(build.filename ?? 'unknown', error);
  }
  restorePositions(tree, text, rewritten, parserOptions);
  return tree;
}

/** Mistakes are told by their message; where the plugin noticed them helps nobody. */
function withoutStack(error: unknown): unknown {
  if (!(error instanceof UnblockError)) return error;
  return Object.defineProperty(error, 'stack', { value: `${error.name}: ${error.message}` });
}
