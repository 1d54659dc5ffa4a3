/** The program that the command line was asked for: a tsconfig's files, or files and globs. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import type ts from 'typescript';
import { UnblockError } from '../errors.js';
import type { ModuleInput, ModuleKind, TypeOracle } from '../program.js';
import { projectModules, resolver } from './tsProgram.js';
import { typeOracle } from './typeOracle.js';

export interface Project {
  readonly modules: readonly ModuleInput[];
  readonly resolve: (specifier: string, fromFile: string) => string | undefined;
  readonly types?: TypeOracle;
  /** Directory that the output mirrors. */
  readonly root: string;
}

/**
 * Loads a project by its tsconfig, with the TypeScript that the project has installed.
 *
 * @throws {UnblockError} `no-tsconfig`, `bad-tsconfig`, `no-typescript`
 */
export function tsconfigProject(path: string, cwd: string): Project {
  const given = resolve(cwd, path);
  const file = existsSync(given) && statSync(given).isDirectory() ? resolve(given, 'tsconfig.json') : given;
  if (!existsSync(file)) {
    throw new UnblockError('no-tsconfig', `${file}: no such file. Give a tsconfig with -p, or name source files.`);
  }
  const typescript = projectTypeScript(file);
  const { config, error } = typescript.readConfigFile(file, typescript.sys.readFile);
  if (error)
    throw new UnblockError(
      'bad-tsconfig',
      `${file}: ${typescript.flattenDiagnosticMessageText(error.messageText, ' ')}`,
    );
  const parsed = typescript.parseJsonConfigFileContent(config, typescript.sys, dirname(file));
  const [problem] = parsed.errors;
  if (problem) {
    throw new UnblockError(
      'bad-tsconfig',
      `${file}: ${typescript.flattenDiagnosticMessageText(problem.messageText, ' ')}`,
    );
  }
  const program = typescript.createProgram(parsed.fileNames, parsed.options);
  const modules = projectModules(program, typescript);
  return {
    modules,
    resolve: resolver(program, modules, typescript),
    types: typeOracle(program, typescript),
    root: parsed.options.rootDir ?? commonRoot(modules),
  };
}

function projectTypeScript(tsconfig: string): typeof ts {
  try {
    const found = createRequire(tsconfig)('typescript') as typeof ts;
    if (typeof found.createProgram === 'function') return found;
  } catch {
    // Reported below, like a TypeScript that has no compiler API.
  }
  throw new UnblockError(
    'no-typescript',
    `${tsconfig}: a tsconfig needs TypeScript 5.9 or 6 beside it (7 has no compiler API). Install one, or name source files instead of -p.`,
  );
}

/**
 * Loads source files by names and globs.
 *
 * @throws {UnblockError} `no-files`
 */
export async function filesProject(patterns: readonly string[], cwd: string): Promise<Project> {
  const found = await glob([...patterns], { cwd, absolute: true, ignore: ['**/node_modules/**', '**/*.d.ts'] });
  const files = found.filter((file) => /\.[mc]?[jt]sx?$/.test(file)).sort();
  if (files.length === 0) throw new UnblockError('no-files', `No source files match ${patterns.join(' ')} in ${cwd}.`);
  const modules = files.map((fileName) => {
    const text = readFileSync(fileName, 'utf8');
    return { fileName, text, kind: kindOf(fileName, text) };
  });
  return { modules, resolve: relativeResolver(new Set(files)), root: commonRoot(modules) };
}

/** As Node decides, but that ESM syntax in a `.js` or `.ts` file is believed. */
function kindOf(fileName: string, text: string): ModuleKind {
  if (/\.c[jt]s$/.test(fileName)) return 'commonjs';
  if (/\.m[jt]s$/.test(fileName)) return 'esm';
  return /^\s*(import\b(?!\s*\()|export\b)/m.test(text) ? 'esm' : 'commonjs';
}

const EXTENSIONS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '/index.ts', '/index.js'];

/** Resolves relative specifiers among the given files; TypeScript sources may be named by the extension they are emitted with. */
function relativeResolver(files: ReadonlySet<string>) {
  return (specifier: string, fromFile: string): string | undefined => {
    if (!specifier.startsWith('.')) return undefined;
    const base = resolve(dirname(fromFile), specifier).replaceAll('\\', '/');
    const bases = [base, base.replace(/\.([mc]?)js(x?)$/, '.$1ts$2')];
    return bases.flatMap((name) => EXTENSIONS.map((extension) => name + extension)).find((name) => files.has(name));
  };
}

function commonRoot(modules: readonly ModuleInput[]): string {
  let root = dirname(modules[0]?.fileName ?? '.');
  while (root !== dirname(root) && !modules.every(({ fileName }) => fileName.startsWith(`${root}/`)))
    root = dirname(root);
  return root;
}
