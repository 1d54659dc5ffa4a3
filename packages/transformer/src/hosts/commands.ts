/** What the commands of `unblock` do. Each gives the exit code: 0, or 1 for errors or too many warnings. */
import { relative, resolve } from 'node:path';
import { loadSettings, type Settings } from '../config/config.js';
import { type Compilation, compile } from '../engine.js';
import { UnblockError } from '../errors.js';
import { SYNTAX_REMEDY } from '../parse/parse.js';
import { endOfKey, type Span, startOfKey } from '../program.js';
import { below, explainer } from '../report/explain.js';
import { type Format, format, summary } from '../report/format.js';
import { placesOf } from '../report/places.js';
import { lintResults } from '../report/results.js';
import { checkPlaces, outputs, write } from './build.js';
import { packageDirectory } from './packageFiles.js';
import { fileId } from './paths.js';
import { filesProject, type Project, tsconfigProject } from './project.js';

/** What the command needs of its process. */
export interface Surroundings {
  /** Absolute. */
  readonly cwd: string;
  readonly version: string;
  /** Whether the stack of a defect follows its message. */
  readonly debug: boolean;
  out(text: string): void;
  err(text: string): void;
}

export interface ProjectOptions {
  readonly project?: string;
  readonly wholeProgram?: boolean;
}

export interface BuildOptions extends ProjectOptions {
  readonly outDir: string;
  readonly rootDir?: string;
  readonly maps: boolean;
}

/** Loads the project; sources in the directory of the output are taken for earlier output. */
function loadProject(
  io: Surroundings,
  settings: Settings,
  files: readonly string[],
  options: ProjectOptions & Partial<BuildOptions>,
): Project {
  try {
    return projectOf(io, settings, files, options);
  } catch (error) {
    const { outDir, ...others } = options;
    if (outDir === undefined || !isLoadable(() => projectOf(io, settings, files, others))) throw error;
    throw new UnblockError(
      'overwrite',
      `${resolve(io.cwd, outDir)}: --out-dir holds all sources. Name another directory.`,
    );
  }
}

function isLoadable(load: () => Project): boolean {
  try {
    load();
    return true;
  } catch {
    return false;
  }
}

function projectOf(
  { cwd }: Surroundings,
  { topLevelAwait }: Settings,
  files: readonly string[],
  options: ProjectOptions & Partial<BuildOptions>,
): Project {
  const load = { topLevelAwait, ...(options.outDir !== undefined && { outDir: resolve(cwd, options.outDir) }) };
  if (files.length > 0 && options.project !== undefined) {
    throw new UnblockError('usage', '--project and a list of files exclude each other; give one of them.');
  }
  if (files.includes('')) {
    throw new UnblockError('usage', 'a file in the list has no name, as an empty variable of the shell has; name it.');
  }
  if (files.length === 0) {
    const needless = options.wholeProgram ? '--whole-program' : options.rootDir === undefined ? '' : '--root-dir';
    if (needless !== '') throw new UnblockError('usage', `${needless} goes with a list of files, not with a tsconfig.`);
    const remedy = 'Name a tsconfig with --project, or name source files.';
    return tsconfigProject(options.project ?? 'tsconfig.json', cwd, remedy, load);
  }
  return filesProject(files, cwd, {
    ...load,
    closed: options.wholeProgram === true,
    ...(options.rootDir !== undefined && { rootDir: options.rootDir }),
  });
}

function compileProject({ modules, resolve: resolveImport, closed, types }: Project, settings: Settings): Compilation {
  return compile({
    ...{ modules, resolve: resolveImport, closed, options: settings.compiler, ...(types && { types }) },
    // Packages have files that nobody loads.
    skipsUnreadable: (fileName) => packageDirectory(fileName) !== undefined,
  });
}

function warnOfUnreadable(io: Surroundings, { unreadable }: Compilation): void {
  for (const { message } of unreadable.values()) {
    const problem = message.replace(SYNTAX_REMEDY, 'The file stays as it is, and what blocks in it is not known.');
    io.err(`unblock: warning: ${problem}\n`);
  }
}

export interface CheckOptions extends ProjectOptions {
  readonly format: Format;
  readonly maxWarnings?: number;
}

export function check(io: Surroundings, files: readonly string[], options: CheckOptions): number {
  const settings = loadSettings(io.cwd);
  const project = loadProject(io, settings, files, options);
  const compilation = compileProject(project, settings);
  warnOfUnreadable(io, compilation);
  const sources = project.modules.map(({ fileName, text }) => ({
    fileName,
    text,
    comments: compilation.comments(fileName),
  }));
  const results = lintResults(sources, compilation.verdicts, settings.rules, displayIn(io), compilation.findings()).map(
    (result) => ({
      ...result,
      filePath: resolve(result.filePath),
    }),
  );
  const report = format(results, options.format);
  if (report !== '') io.out(`${report}\n`);
  if (options.format === 'stylish') io.out(`${summary(compilation.verdicts)}\n`);
  const errors = results.reduce((total, { errorCount }) => total + errorCount, 0);
  const warnings = results.reduce((total, { warningCount }) => total + warningCount, 0);
  if (errors > 0) return 1;
  if (options.maxWarnings !== undefined && warnings > options.maxWarnings) {
    io.err(`unblock: too many warnings: ${warnings}, and --max-warnings is ${options.maxWarnings}.\n`);
    return 1;
  }
  return 0;
}

export function explain(io: Surroundings, place: string, files: readonly string[], options: ProjectOptions): number {
  const [, path, lineText, columnText] = /^(.+?):([1-9]\d*)(?::([1-9]\d*))?$/.exec(place) ?? [];
  if (path === undefined) {
    throw new UnblockError('bad-place', `${place}: expected FILE:LINE or FILE:LINE:COLUMN, such as src/app.ts:12.`);
  }
  const fileName = fileId(resolve(io.cwd, path));
  const settings = loadSettings(io.cwd);
  const project = loadProjectAround(io, settings, path, files, options);
  const module = project.modules.find((candidate) => candidate.fileName === fileName);
  if (module === undefined) {
    const remedy = 'Name its tsconfig with --project, or name the files of its program after it.';
    throw new UnblockError('outside', `${path}: not a file of the project (${project.name}). ${remedy}`);
  }
  const places = placesOf(module.text);
  const line = Number(lineText);
  if (line > places.lineCount) {
    throw new UnblockError('bad-place', `${place}: the file has ${places.lineCount} lines. Name one of them.`);
  }
  const touches = ({ start, end }: Span) => {
    const [from, to] = [places.at(start), places.at(end)];
    if (from.line > line || to.line < line) return false;
    const column = columnText === undefined ? undefined : Number(columnText);
    if (column === undefined) return true;
    return !(from.line === line && from.column > column) && !(to.line === line && to.column <= column);
  };

  const compilation = compileProject(project, settings);
  const unreadable = compilation.unreadable.get(fileName);
  if (unreadable !== undefined) throw unreadable;
  const tell = explainer({
    texts: new Map(project.modules.map(({ fileName: name, text }) => [name, text])),
    rewrite: compilation.rewrite,
    display: displayIn(io),
  });
  const { verdicts } = compilation;
  const found = verdicts.filter((verdict) => verdict.fileName === fileName && touches(verdict.span));
  const told = found.map(tell.verdict);
  if (told.length === 0) {
    // Of a call over several lines only the first counts: its arguments are calls of their own.
    const begins = ({ start, end }: Span) => touches({ start, end: Math.min(end, start + 1) });
    for (const span of suspendingCalls(compilation, fileName)) {
      if (begins(span)) told.push(tell.call(fileName, span, below(verdicts, fileName, span)));
    }
    for (const call of compilation.staying()) {
      if (call.fileName !== fileName || !begins(call.span)) continue;
      told.push(tell.staying(call, below(verdicts, fileName, call.span)));
    }
  }
  if (told.length === 0)
    told.push(`${displayIn(io)(fileName)}:${line}: no blocking call, and none that is seen to lead to one.`);
  io.out(`${told.join('\n')}\n`);
  return 0;
}

/** Without a tsconfig or a list of files, the file alone is the project. */
function loadProjectAround(
  io: Surroundings,
  settings: Settings,
  path: string,
  files: readonly string[],
  options: ProjectOptions,
): Project {
  if (files.length > 0) return loadProject(io, settings, [path, ...files], options);
  try {
    return loadProject(io, settings, [], options);
  } catch (error) {
    const none = error instanceof UnblockError && error.code === 'no-tsconfig' && options.project === undefined;
    if (!none) throw error;
    return loadProject(io, settings, [path], options);
  }
}

function suspendingCalls({ plans }: Compilation, fileName: string): Span[] {
  const calls = [...(plans.get(fileName)?.calls ?? [])];
  return calls.flatMap(([key, { suspends }]) => (suspends ? { start: startOfKey(key), end: endOfKey(key) } : []));
}

export function build(io: Surroundings, files: readonly string[], options: BuildOptions): number {
  const settings = loadSettings(io.cwd);
  const project = loadProject(io, settings, files, options);
  const outDir = resolve(io.cwd, options.outDir);
  checkPlaces(project, outDir);
  const compilation = compileProject(project, settings);
  // Everything is compiled before anything is written, so that a failure leaves no partial output.
  const { files: written, warnings } = outputs(project, compilation, outDir, {
    runtime: settings.compiler.runtime,
    maps: options.maps,
  });
  write(written);
  warnOfUnreadable(io, compilation);
  for (const warning of warnings) io.err(`unblock: warning: ${warning}\n`);
  io.out(`${summary(compilation.verdicts)}\n`);
  return 0;
}

/** Files are called by their path from where the command runs. */
function displayIn({ cwd }: Surroundings) {
  return (fileName: string): string => relative(cwd, fileName);
}
