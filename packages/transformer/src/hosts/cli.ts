#!/usr/bin/env node
/** The command `unblock`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import remapping, { type SourceMapInput } from '@jridgewell/remapping';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { loadSettings, type Settings } from '../config/config.js';
import { type Compilation, compile } from '../engine.js';
import { UnblockError } from '../errors.js';
import { type Format, format, summary } from '../report/format.js';
import { lintResults, position } from '../report/results.js';
import type { Frame, Verdict } from '../report/verdict.js';
import { filesProject, type Project, tsconfigProject } from './project.js';

interface ProjectOptions {
  readonly project?: string;
}

interface Loaded {
  readonly project: Project;
  readonly compilation: Compilation;
  readonly settings: Settings;
}

async function load(files: readonly string[], options: ProjectOptions): Promise<Loaded> {
  const cwd = process.cwd();
  const settings = await loadSettings(cwd);
  const project =
    options.project === undefined && files.length > 0
      ? await filesProject(files, cwd)
      : tsconfigProject(options.project ?? 'tsconfig.json', cwd);
  const compilation = compile({
    modules: project.modules,
    resolve: project.resolve,
    closed: true,
    ...(project.types && { types: project.types }),
    options: settings.compiler,
  });
  return { project, compilation, settings };
}

interface CheckOptions extends ProjectOptions {
  readonly format: Format;
  readonly maxWarnings?: number;
}

async function check(files: readonly string[], options: CheckOptions): Promise<number> {
  const { project, compilation, settings } = await load(files, options);
  const results = lintResults(project.modules, compilation.verdicts, settings.rules, display);
  process.stdout.write(`${format(results, compilation.verdicts, options.format)}\n`);
  const errors = results.reduce((total, { errorCount }) => total + errorCount, 0);
  const warnings = results.reduce((total, { warningCount }) => total + warningCount, 0);
  if (errors > 0) return 1;
  if (options.maxWarnings !== undefined && warnings > options.maxWarnings) {
    process.stderr.write(`Too many warnings (${warnings}; --max-warnings is ${options.maxWarnings}).\n`);
    return 1;
  }
  return 0;
}

async function explain(place: string, options: ProjectOptions): Promise<number> {
  const match = /^(.*?):(\d+)(?::\d+)?$/.exec(place);
  if (match === null) throw new UnblockError('bad-place', `${place}: expected FILE:LINE, such as src/app.ts:12.`);
  const fileName = resolve(match[1] as string).replaceAll('\\', '/');
  const line = Number(match[2]);
  const { project, compilation } = await load([], options);
  const module = project.modules.find((candidate) => candidate.fileName === fileName);
  if (module === undefined) {
    throw new UnblockError('outside', `${match[1]}: not a file of the project. Name the project with -p.`);
  }
  const texts = new Map(project.modules.map(({ fileName: name, text }) => [name, text]));
  const found = compilation.verdicts.filter(
    (verdict) => verdict.fileName === fileName && spansLine(module.text, verdict, line),
  );
  if (found.length === 0) {
    process.stdout.write(`${display(fileName)}:${line}: no blocking call.\n`);
    return 0;
  }
  for (const verdict of found) process.stdout.write(`${explanation(verdict, texts)}\n`);
  return 0;
}

function spansLine(text: string, { span }: Verdict, line: number): boolean {
  return position(text, span.start).line <= line && line <= position(text, span.end).line;
}

function explanation(verdict: Verdict, texts: ReadonlyMap<string, string>): string {
  const chain = (frames: readonly Frame[]) =>
    frames.map((frame, i) => {
      const { line, column } = position(texts.get(frame.fileName) ?? '', frame.span.start);
      return `  ${'  '.repeat(i)}${frame.name}  ${display(frame.fileName)}:${line}:${column}`;
    });
  const { line, column } = position(texts.get(verdict.fileName) ?? '', verdict.span.start);
  const lines = [`${display(verdict.fileName)}:${line}:${column}  ${verdict.api}: ${verdict.status}`];
  if (verdict.patchedChain) lines.push(' suspends when reached by', ...chain(verdict.patchedChain));
  for (const reason of verdict.reasons)
    lines.push(` ${reason.message} (unblock/${reason.rule})`, ...chain(reason.chain));
  return lines.join('\n');
}

interface BuildOptions extends ProjectOptions {
  readonly outDir: string;
}

async function build(files: readonly string[], options: BuildOptions): Promise<number> {
  const { project, compilation, settings } = await load(files, options);
  requireRuntime(project, settings);
  // Everything is rewritten before anything is written, so that a failure leaves no partial output.
  const outputs = project.modules.flatMap((module) => {
    const path = resolve(options.outDir, relative(project.root, module.fileName));
    const rewritten = compilation.rewrite(module.fileName);
    if (rewritten === undefined) return [{ path, text: module.text }];
    const name = path.slice(path.lastIndexOf('/') + 1);
    const earlier = inlineMap(module.text);
    const map = {
      ...(earlier === undefined ? rewritten.map : remapping([rewritten.map as SourceMapInput, earlier], () => null)),
      file: name,
    };
    if (earlier === undefined) map.sources = [relative(dirname(path), module.fileName)];
    const code = rewritten.code.replace(INLINE_MAP, '');
    return [
      { path, text: `${code.endsWith('\n') ? code : `${code}\n`}//# sourceMappingURL=${name}.map\n` },
      { path: `${path}.map`, text: JSON.stringify(map) },
    ];
  });
  const inputs = new Set(project.modules.map(({ fileName }) => resolve(fileName)));
  const clash = outputs.find(({ path }) => inputs.has(path));
  if (clash)
    throw new UnblockError(
      'overwrite',
      `${clash.path}: --out-dir would overwrite this source. Name another directory.`,
    );
  try {
    for (const { path, text } of outputs) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  } catch (error) {
    throw new UnblockError('write', `--out-dir ${options.outDir}: ${(error as Error).message}.`);
  }
  process.stdout.write(`${summary(compilation.verdicts)}\n`);
  return 0;
}

const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json;(?:charset=[\w-]+;)?base64,([\w+/=]+)\s*$/;

function inlineMap(text: string): SourceMapInput | undefined {
  const match = INLINE_MAP.exec(text);
  return match ? (JSON.parse(Buffer.from(match[1] as string, 'base64').toString()) as SourceMapInput) : undefined;
}

function requireRuntime(project: Project, { compiler }: Settings): void {
  try {
    createRequire(join(project.root, 'package.json')).resolve(compiler.runtime);
  } catch {
    throw new UnblockError(
      'no-runtime',
      `${project.root}: ${compiler.runtime} cannot be found from here, but compiled code imports it. Install @unblock/runtime.`,
    );
  }
}

function display(fileName: string): string {
  return relative(process.cwd(), fileName) || fileName;
}

function count(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('Expected a number.');
  return Number(value);
}

const program = new Command('unblock')
  .description('Compiles blocking Node.js code into non-blocking code, and reports what keeps blocking.')
  .exitOverride();
let status = 0;

program
  .command('check')
  .description('report the blocking calls that could not be patched')
  .argument('[files...]', 'files or globs, in place of a tsconfig')
  .option('-p, --project <tsconfig>', 'tsconfig file or its directory')
  .addOption(new Option('--format <name>', 'output').choices(['stylish', 'json']).default('stylish'))
  .option('--max-warnings <n>', 'exit with 1 on more warnings than that', count)
  .action(async (files: string[], options: CheckOptions) => {
    status = await check(files, options);
  });
program
  .command('explain')
  .description('why the call at a line blocks, or what it became')
  .argument('<file:line>')
  .option('-p, --project <tsconfig>', 'tsconfig file or its directory')
  .action(async (place: string, options: ProjectOptions) => {
    status = await explain(place, options);
  });
program
  .command('build')
  .description('write the compiled sources, in the language that they are in')
  .argument('[files...]', 'files or globs, in place of a tsconfig')
  .option('-p, --project <tsconfig>', 'tsconfig file or its directory')
  .requiredOption('--out-dir <dir>', 'where to write')
  .action(async (files: string[], options: BuildOptions) => {
    status = await build(files, options);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) status = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof UnblockError) {
    process.stderr.write(`unblock: ${error.message}\n`);
    status = 2;
  } else throw error;
}
process.exitCode = status;
