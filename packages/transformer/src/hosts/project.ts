/** The program that a host was asked for: a tsconfig's files, or files and globs. */
import { existsSync, type Stats, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, resolve, sep } from 'node:path';
import { globSync } from 'tinyglobby';
import type ts from 'typescript';
import { UnblockError } from '../errors.js';
import type { ModuleInput, TypeOracle } from '../program.js';
import { DECLARATION, fileResolver, type Resolve, resolverAmong, resolverOfWorkspace, SOURCE } from './fileResolver.js';
import { moduleKinds, sourceModule } from './moduleKind.js';
import { fileId, inside } from './paths.js';
import { tsconfigFiles } from './tsconfigFiles.js';
import { isClosed, programImports, projectModules } from './tsProgram.js';
import { typeOracle } from './typeOracle.js';

export interface Project {
  readonly modules: readonly ModuleInput[];
  readonly resolve: Resolve;
  readonly types?: TypeOracle;
  /** Absolute directory that the output mirrors. */
  readonly root: string;
  /** How messages call the project: its tsconfig, or `the files given`. */
  readonly name: string;
  /** Whether nothing else is compiled; see `ProgramInput.closed`. */
  readonly closed: boolean;
}

/** How a project is to be loaded. */
export interface LoadOptions {
  /** Absolute; an output directory whose earlier output is no source. */
  readonly outDir?: string;
  /** Whether top levels may await, in modules that surely run as ES modules. False by default. */
  readonly topLevelAwait?: boolean;
}

/**
 * Loads a project by its tsconfig: with the TypeScript that the project has installed, or, where that has no compiler API
 * (TypeScript 7) or there is none, by reading the tsconfig.
 *
 * Synchronous, as all loading is, since compilers call their plugins synchronously.
 *
 * @param path the tsconfig or its directory, relative to `cwd`
 * @param remedy what to do if there is no such file; one sentence
 * @throws {UnblockError} `no-tsconfig`, `bad-tsconfig`, `unreadable`, `syntax-error`
 */
export function tsconfigProject(path: string, cwd: string, remedy: string, options: LoadOptions = {}): Project {
  const { outDir, topLevelAwait = false } = options;
  const given = resolve(cwd, path);
  const isDirectory = statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isDirectory ? resolve(given, 'tsconfig.json') : given;
  if (!existsSync(file)) {
    throw new UnblockError('no-tsconfig', `${file}: no such file. ${remedy}`);
  }
  const keep = (name: string) => outDir === undefined || !inside(outDir, name);
  const typescript = compilerApi(file);
  const {
    modules,
    resolve: resolveImport,
    rootDir,
    isClosed,
    ...more
  } = typescript ? programFiles(file, typescript, keep, topLevelAwait) : tsconfigFiles(file, keep, topLevelAwait);
  return {
    ...more,
    modules,
    resolve: resolveImport,
    root: rootDir ?? commonDirectory(modules),
    name: file,
    closed: isClosed,
  };
}

function programFiles(file: string, typescript: typeof ts, keep: (name: string) => boolean, topLevelAwait: boolean) {
  const fail = (message: string | ts.DiagnosticMessageChain): never => {
    const text = typescript.flattenDiagnosticMessageText(message, ' ').replace(/\.$/, '');
    throw new UnblockError('bad-tsconfig', `${file}: ${text}. Correct the tsconfig.`);
  };
  const { config, error } = typescript.readConfigFile(file, typescript.sys.readFile);
  if (error) return fail(error.messageText);
  const parsed = typescript.parseJsonConfigFileContent(config, typescript.sys, dirname(file), undefined, file);
  const [problem] = parsed.errors;
  if (problem) return fail(problem.messageText);
  const program = typescript.createProgram(parsed.fileNames.filter(keep), parsed.options);
  const modules = projectModules(program, typescript, topLevelAwait);
  if (modules.length === 0) return fail('no source files match files, include and exclude');
  const imports = programImports(program, modules, typescript);
  return {
    modules,
    resolve: imports.resolve,
    types: typeOracle(program, typescript),
    rootDir: parsed.options.rootDir,
    // The sources of referenced projects may be compiled, and are not at hand.
    isClosed: (parsed.projectReferences ?? []).length === 0 && isClosed(program, imports, typescript),
  };
}

/** TypeScript as the project has it; undefined if it has none, or one without a compiler API. */
function compilerApi(tsconfig: string): typeof ts | undefined {
  try {
    const found = createRequire(tsconfig)('typescript') as Partial<typeof ts>;
    return typeof found.createProgram === 'function' ? (found as typeof ts) : undefined;
  } catch {
    return undefined;
  }
}

/** How a list of files is to be taken. */
export interface FilesOptions extends LoadOptions {
  /** Whether the files are the whole program: nothing else is compiled. */
  readonly closed: boolean;
  /** Directory that the output mirrors, relative to `cwd`; by default the deepest that holds all files. */
  readonly rootDir?: string;
}

/**
 * Loads source files by names, directories and globs; what follows a `!` is left out, wherever it stands. `node_modules` (unless it is named) and
 * declaration files are left out of directories and globs, and so are scripts without an extension (`bin/www`).
 *
 * @throws {UnblockError} `no-files` for a pattern without a source, `unreadable`
 */
export function filesProject(patterns: readonly string[], cwd: string, options: FilesOptions): Project {
  const { closed, rootDir, outDir, topLevelAwait } = options;
  const isExclusion = (pattern: string) => pattern.startsWith('!') && statsOf(resolve(cwd, pattern)) === undefined;
  const excluded = new Set(patterns.filter(isExclusion).flatMap((pattern) => matching(pattern.slice(1), cwd, outDir)));
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (isExclusion(pattern)) continue;
    const files = matching(pattern, cwd, outDir).filter((file) => !excluded.has(file));
    if (files.length === 0) {
      throw new UnblockError(
        'no-files',
        `${pattern}: no source file in ${cwd} matches. Name JavaScript or TypeScript files.`,
      );
    }
    for (const file of files) found.add(file);
  }
  if (found.size === 0)
    throw new UnblockError('no-files', `${patterns.join(', ')}: nothing is named besides what is left out.`);
  const kinds = moduleKinds();
  const modules = [...found].sort().map((fileName) => sourceModule(fileName, kinds, topLevelAwait));
  const resolveFile = fileResolver();
  const among = resolverAmong(found, resolveFile);
  return {
    modules,
    resolve: closed ? among : resolverOfWorkspace(among, resolveFile),
    root: rootDir === undefined ? commonDirectory(modules) : resolve(cwd, rootDir),
    name: 'the files given',
    closed,
  };
}

/** Left out, unless a pattern names or lies in such a directory. */
const PACKAGES = ['**/node_modules/**'];

/** A name that exists is meant literally, though it may look like a glob (`[id].ts`). */
function matching(pattern: string, cwd: string, outDir: string | undefined): string[] {
  const stats = statsOf(resolve(cwd, pattern));
  if (stats?.isFile()) return isSource(pattern) || isScript(pattern) ? [fileId(resolve(cwd, pattern))] : [];
  const slashed = sep === '/' ? pattern : pattern.replaceAll(sep, '/');
  const found = stats?.isDirectory()
    ? globSync('**/*', { cwd: resolve(cwd, pattern), absolute: true, ignore: PACKAGES })
    : globSync(slashed, { cwd, absolute: true, ignore: slashed.includes('node_modules') ? [] : PACKAGES });
  return found.filter((file) => isSource(file) && (outDir === undefined || !inside(outDir, file))).map(fileId);
}

function isSource(file: string): boolean {
  return SOURCE.test(file) && !DECLARATION.test(file);
}

/** A script without an extension (`bin/www`) is JavaScript to Node. */
function isScript(file: string): boolean {
  return extname(file) === '';
}

/** Undefined for what cannot be a name, too: a pattern may be longer than names are. */
function statsOf(name: string): Stats | undefined {
  try {
    return statSync(name, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function commonDirectory(modules: readonly ModuleInput[]): string {
  let root = dirname(modules[0]?.fileName ?? resolve('.'));
  while (root !== dirname(root) && !modules.every(({ fileName }) => inside(root, fileName))) root = dirname(root);
  return root;
}
