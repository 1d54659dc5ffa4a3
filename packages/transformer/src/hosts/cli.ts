#!/usr/bin/env node
/** The command `unblock`. Exit codes: 0 clean, 1 errors or too many warnings, 2 wrong use or input. */
import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { loadSettings, type Settings } from '../config/config.js';
import { type Compilation, compile } from '../engine.js';
import { InternalError, messageOf, UnblockError } from '../errors.js';
import { endOfKey, type Span, startOfKey } from '../program.js';
import { below, explainer } from '../report/explain.js';
import { type Format, format, summary } from '../report/format.js';
import { placesOf } from '../report/places.js';
import { lintResults } from '../report/results.js';
import { checkPlaces, outputs, write } from './build.js';
import { fileId } from './paths.js';
import { filesProject, type Project, tsconfigProject } from './project.js';

interface ProjectOptions {
  readonly project?: string;
  readonly wholeProgram?: boolean;
}

interface BuildOptions extends ProjectOptions {
  readonly outDir: string;
  readonly rootDir?: string;
}

async function loadProject(
  files: readonly string[],
  options: ProjectOptions & Partial<BuildOptions>,
): Promise<Project> {
  const cwd = process.cwd();
  const outDir = options.outDir === undefined ? {} : { outDir: resolve(cwd, options.outDir) };
  if (files.length > 0 && options.project !== undefined) {
    throw new UnblockError('usage', '--project and a list of files exclude each other; give one of them.');
  }
  if (files.length === 0) {
    const needless = options.wholeProgram ? '--whole-program' : options.rootDir === undefined ? '' : '--root-dir';
    if (needless !== '') throw new UnblockError('usage', `${needless} goes with a list of files, not with a tsconfig.`);
    return tsconfigProject(options.project ?? 'tsconfig.json', cwd, outDir);
  }
  return filesProject(files, cwd, {
    ...outDir,
    closed: options.wholeProgram === true,
    ...(options.rootDir !== undefined && { rootDir: options.rootDir }),
  });
}

function compileProject({ modules, resolve: resolveImport, closed }: Project, settings: Settings): Compilation {
  return compile({ modules, resolve: resolveImport, closed, options: settings.compiler });
}

interface CheckOptions extends ProjectOptions {
  readonly format: Format;
  readonly maxWarnings?: number;
}

async function check(files: readonly string[], options: CheckOptions): Promise<number> {
  const settings = await loadSettings(process.cwd());
  const project = await loadProject(files, options);
  const compilation = compileProject(project, settings);
  const sources = project.modules.map(({ fileName, text }) => ({
    fileName,
    text,
    comments: compilation.comments(fileName),
  }));
  const results = lintResults(sources, compilation.verdicts, settings.rules, display).map((result) => ({
    ...result,
    filePath: resolve(result.filePath),
  }));
  const report = format(results, options.format);
  if (report !== '') process.stdout.write(`${report}\n`);
  if (options.format === 'stylish') process.stdout.write(`${summary(compilation.verdicts)}\n`);
  const errors = results.reduce((total, { errorCount }) => total + errorCount, 0);
  const warnings = results.reduce((total, { warningCount }) => total + warningCount, 0);
  if (errors > 0) return 1;
  if (options.maxWarnings !== undefined && warnings > options.maxWarnings) {
    complain(`too many warnings: ${warnings}, and --max-warnings is ${options.maxWarnings}.`);
    return 1;
  }
  return 0;
}

async function explain(place: string, files: readonly string[], options: ProjectOptions): Promise<number> {
  const [, path, lineText, columnText] = /^(.+?):([1-9]\d*)(?::([1-9]\d*))?$/.exec(place) ?? [];
  if (path === undefined) {
    throw new UnblockError('bad-place', `${place}: expected FILE:LINE or FILE:LINE:COLUMN, such as src/app.ts:12.`);
  }
  const fileName = fileId(path);
  const settings = await loadSettings(process.cwd());
  const project = await loadProjectAround(path, files, options);
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
  const tell = explainer({
    texts: new Map(project.modules.map(({ fileName: name, text }) => [name, text])),
    rewrite: compilation.rewrite,
    display,
  });
  const { verdicts } = compilation;
  const found = verdicts.filter((verdict) => verdict.fileName === fileName && touches(verdict.span));
  const told = found.map(tell.verdict);
  if (told.length === 0) {
    for (const span of suspendingCalls(compilation, fileName)) {
      // Of a call over several lines only the first counts: its arguments are calls of their own.
      if (touches({ start: span.start, end: Math.min(span.end, span.start + 1) })) {
        told.push(tell.call(fileName, span, below(verdicts, fileName, span)));
      }
    }
  }
  if (told.length === 0) told.push(`${display(fileName)}:${line}: no blocking call, and none that leads to one.`);
  process.stdout.write(`${told.join('\n')}\n`);
  return 0;
}

/** Without a tsconfig or a list of files, the file alone is the project. */
async function loadProjectAround(path: string, files: readonly string[], options: ProjectOptions): Promise<Project> {
  if (files.length > 0) return loadProject([path, ...files], options);
  try {
    return await loadProject([], options);
  } catch (error) {
    const none = error instanceof UnblockError && error.code === 'no-tsconfig' && options.project === undefined;
    if (!none) throw error;
    return loadProject([path], options);
  }
}

function suspendingCalls({ plans }: Compilation, fileName: string): Span[] {
  const calls = [...(plans.get(fileName)?.calls ?? [])];
  return calls.flatMap(([key, { suspends }]) => (suspends ? { start: startOfKey(key), end: endOfKey(key) } : []));
}

async function build(files: readonly string[], options: BuildOptions): Promise<number> {
  const settings = await loadSettings(process.cwd());
  const project = await loadProject(files, options);
  const outDir = resolve(options.outDir);
  checkPlaces(project, outDir);
  const compilation = compileProject(project, settings);
  // Everything is compiled before anything is written, so that a failure leaves no partial output.
  const { files: written, warnings } = outputs(project, compilation, outDir, settings.compiler.runtime);
  write(written);
  for (const warning of warnings) complain(`warning: ${warning}`);
  process.stdout.write(`${summary(compilation.verdicts)}\n`);
  return 0;
}

function display(fileName: string): string {
  return relative(process.cwd(), fileName);
}

function complain(message: string): void {
  process.stderr.write(`unblock: ${message}\n`);
}

function count(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(value);
}

function commandLine(done: (status: number) => void): Command {
  const { version } = createRequire(import.meta.url)('@unblock/transformer/package.json') as { version: string };
  const program = new Command('unblock')
    .description('Compiles blocking Node.js code into non-blocking code, and reports what keeps blocking.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text) => complain(oneLine(text)) });
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('-p, --project <tsconfig>', 'tsconfig file or its directory (default: ./tsconfig.json)')
      .option('--whole-program', 'the files given are all that is compiled');

  command('check', 'report the blocking calls that could not be patched')
    .argument('[files...]', 'files, directories or globs, in place of a tsconfig')
    .addOption(new Option('--format <name>', 'output').choices(['stylish', 'json']).default('stylish'))
    .option('--max-warnings <n>', 'exit with 1 on more warnings than that', count)
    .action(async (files: string[], options: CheckOptions) => done(await check(files, options)));
  command('explain', 'why a call blocks, or what it became')
    .argument('<file:line>', 'the call; a column may follow')
    .argument('[files...]', 'other files of the program, in place of a tsconfig')
    .action(async (place: string, files: string[], options: ProjectOptions) =>
      done(await explain(place, files, options)),
    );
  command('build', 'write the compiled sources, in the language that they are in')
    .argument('[files...]', 'files, directories or globs, in place of a tsconfig')
    .requiredOption('--out-dir <dir>', 'where to write')
    .option('--root-dir <dir>', 'directory that the output mirrors (default: the deepest that holds all files)')
    .action(async (files: string[], options: BuildOptions) => done(await build(files, options)));
  return program;
}

/** Commander's message and its suggestion, which it writes on a line of its own, as one line. */
function oneLine(text: string): string {
  const [problem = '', ...more] = text.trim().split(/\s*\n\s*/);
  return [`${problem.replace(/^error: /, '').replace(/\.?$/, '.')}`, ...more].join(' ').replace(/\((.*)\)$/, '$1');
}

/** Tells an error in one line; the stack of a defect follows if the environment variable DEBUG contains `unblock`. */
function tellError(error: unknown): void {
  if (error instanceof UnblockError) {
    complain(error.message);
    return;
  }
  const what = error instanceof InternalError ? '' : 'internal error: ';
  complain(`${what}${messageOf(error)}. Please report it with the stack (set DEBUG=unblock).`);
  if (process.env.DEBUG?.includes('unblock')) {
    const { stack, cause } = error as Error;
    process.stderr.write(`${cause instanceof Error ? cause.stack : stack}\n`);
  }
}

try {
  await commandLine((status) => {
    process.exitCode = status;
  }).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    tellError(error);
    process.exitCode = 2;
  }
}
