/**
 * The ts-patch host: a program transformer for `tspc`.
 *
 * The program that TypeScript sees stays the original one, so that diagnostics, declarations and incremental state are those of
 * plain `tsc`. Only its `emit` is replaced: JavaScript comes from a second program over the rewritten text.
 */
import { createHash, randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import type ts from 'typescript';
import { loadSettings } from '../config/config.js';
import { UnblockError } from '../errors.js';
import { createEditedProgram, type RewrittenModules, rewriteProgram, throughMaps } from './editedProgram.js';
import { inside } from './paths.js';
import { requireRuntime } from './runtimeCheck.js';
import { targetOf } from './tsProgram.js';

type TypeScript = typeof ts;

/** TypeScript's internal `EmitOnly`, which its builders pass to `emit` in place of the documented boolean. */
const EMIT_JS = 0;
const EMIT_DECLARATIONS = 1;

/** TypeScript's "file is not under rootDir" and "file is not listed within the file list of project": the file lies outside. */
const OUTSIDE_CODES: ReadonlySet<number> = new Set([6059, 6307]);

/** The number of the diagnostic that tells an {@link UnblockError}; none of TypeScript's own. */
const DIAGNOSTIC_CODE = 770_001;

/**
 * Entry point for ts-patch: `{ "transform": "@unblock/transformer/tspc", "transformProgram": true }`. Mistakes in options and sources become
 * diagnostics, and then nothing is written.
 *
 * @throws {UnblockError} `no-compiler-api`, `not-a-program-transformer` if it is not started as the entry above says
 */
export function transformProgram(
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  config: Readonly<Record<string, unknown>>,
  extras: { readonly ts: TypeScript },
): ts.Program {
  const typescript = extras?.ts;
  if (typescript === undefined) {
    throw new UnblockError(
      'not-a-program-transformer',
      'tsconfig.json, plugins: @unblock/transformer/tspc transforms programs. Add "transformProgram": true to its entry.',
    );
  }
  if (typeof typescript.createProgram !== 'function') {
    throw new UnblockError(
      'no-compiler-api',
      `TypeScript ${typescript.version ?? '7'} has no compiler API for tspc. Use TypeScript 5.9 or 6 for it, or compile with the command \`unblock build\` or with @unblock/transformer/babel.`,
    );
  }
  const options = program.getCompilerOptions();
  const declares = options.declaration === true || options.composite === true;
  const attempt = once(() => rewrite(program, config, typescript));
  if (hasVersions(program)) saltVersions(program, attempt());
  const edited = once((rewritten: RewrittenModules) =>
    rewritten.size === 0 ? undefined : createEditedProgram(program, host, rewritten, typescript),
  );
  const emitOriginal = program.emit.bind(program) as (...args: unknown[]) => ts.EmitResult;

  program.emit = ((target, writeFile, token, emitOnly, transformers, ...rest: unknown[]) => {
    const only = emitOnly as boolean | number | undefined;
    const original = (what: unknown) => emitOriginal(target, writeFile, token, what, transformers, ...rest);
    const declarationsOnly = only === true || (typeof only === 'number' && only !== EMIT_JS);
    if (declarationsOnly || options.noEmit === true || options.emitDeclarationOnly === true) return original(emitOnly);
    const { refusal, rewritten } = attempt();
    // `tsc` exits with 1 where emitting is said to be skipped, and with 2 for other diagnostics.
    if (refusal !== undefined) return { emitSkipped: false, diagnostics: refusal };
    const scripts = edited(rewritten);
    if (scripts === undefined || (options.noEmitOnError === true && hasErrors(program, declares, target, token))) {
      return original(emitOnly);
    }
    const results = declares && only !== EMIT_JS ? [original(EMIT_DECLARATIONS)] : [];
    const write =
      writeFile ?? ((name, text, bom) => (host ?? typescript.createCompilerHost(options)).writeFile(name, text, bom));
    const source = target === undefined ? undefined : scripts.getSourceFile(target.fileName);
    const emitted = scripts.emit(source, throughMaps(write, rewritten, program), token, EMIT_JS as never, transformers);
    results.push({ ...emitted, diagnostics: [] });
    const files = results.flatMap(({ emittedFiles }) => emittedFiles ?? []);
    return {
      emitSkipped: results.some(({ emitSkipped }) => emitSkipped),
      diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
      ...(options.listEmittedFiles === true && { emittedFiles: files }),
    };
  }) as ts.Program['emit'];
  return program;
}

export default transformProgram;

interface Attempt {
  readonly rewritten: RewrittenModules;
  /** What nothing is written for, without the errors that TypeScript reports itself; undefined if the program can be emitted. */
  readonly refusal: readonly ts.Diagnostic[] | undefined;
}

const NOTHING: RewrittenModules = new Map();

function rewrite(program: ts.Program, config: Readonly<Record<string, unknown>>, typescript: TypeScript): Attempt {
  if (isUnfit(program)) return { rewritten: NOTHING, refusal: [] };
  try {
    const { outFile, configFilePath } = program.getCompilerOptions();
    if (outFile !== undefined) {
      throw new UnblockError('out-file', 'the tsconfig option outFile is not supported; use outDir.');
    }
    // Asynchronous forms of methods are methods of object literals, whose `super` ES5 cannot express.
    if (targetOf(program, typescript) < typescript.ScriptTarget.ES2015) {
      throw new UnblockError('target', 'the tsconfig option target ES5 is not supported; use ES2015 or later.');
    }
    const directory = typeof configFilePath === 'string' ? dirname(configFilePath) : program.getCurrentDirectory();
    const origin = `${typeof configFilePath === 'string' ? configFilePath : 'tsconfig.json'}, plugins`;
    const settings = loadSettings(directory, { options: ownOptions(config), origin });
    const rewritten = rewriteProgram(program, settings, typescript);
    const { outDir } = program.getCompilerOptions();
    if (rewritten.size > 0)
      requireRuntime(outDir === undefined ? [directory] : [outDir, directory], settings.compiler.runtime);
    return { rewritten, refusal: undefined };
  } catch (error) {
    if (!(error instanceof UnblockError)) throw error;
    const category = typescript.DiagnosticCategory.Error;
    const told = { category, code: DIAGNOSTIC_CODE, messageText: `unblock: ${error.message}` };
    return { rewritten: NOTHING, refusal: [{ ...told, file: undefined, start: undefined, length: undefined }] };
  }
}

/**
 * Whether TypeScript reports that sources cannot be read, or do not belong here. `tsc` writes what it can of such a program; that would block, in
 * the midst of files that do not.
 */
function isUnfit(program: ts.Program): boolean {
  if (program.getSyntacticDiagnostics().length > 0) return true;
  if (!mayReachOutside(program)) return false;
  // They belong to the files that import the one outside, so that only checking all finds them.
  const diagnostics = [...program.getOptionsDiagnostics(), ...program.getSemanticDiagnostics()];
  return diagnostics.some(({ code }) => OUTSIDE_CODES.has(code));
}

function mayReachOutside(program: ts.Program): boolean {
  const { rootDir, composite, configFilePath } = program.getCompilerOptions();
  const top = rootDir ?? (composite && typeof configFilePath === 'string' ? dirname(configFilePath) : undefined);
  if (top === undefined) return false;
  const listed = new Set(program.getRootFileNames());
  return program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file))
    .some(({ fileName }) => !inside(top, fileName) || (composite === true && !listed.has(fileName)));
}

/** ts-patch passes the whole entry of `plugins`, with the settings that it reads itself. */
function ownOptions(config: Readonly<Record<string, unknown>>): object {
  const own = [
    ...['transform', 'transformProgram', 'name', 'import', 'type', 'resolvePathAliases', 'isEsm', 'tsConfig'],
    ...['after', 'afterDeclarations'],
  ];
  return Object.fromEntries(Object.entries(config).filter(([key]) => !own.includes(key)));
}

/** What `noEmitOnError` asks, in TypeScript's order. */
function hasErrors(
  program: ts.Program,
  declares: boolean,
  target?: ts.SourceFile,
  token?: ts.CancellationToken,
): boolean {
  return (
    program.getOptionsDiagnostics(token).length > 0 ||
    program.getSyntacticDiagnostics(target, token).length > 0 ||
    program.getGlobalDiagnostics(token).length > 0 ||
    program.getSemanticDiagnostics(target, token).length > 0 ||
    (declares && program.getDeclarationDiagnostics(target, token).length > 0)
  );
}

type Versioned = ts.SourceFile & { version?: string };

const baseVersions = new WeakMap<ts.SourceFile, string>();

/** Only builders, of incremental and watch mode, give files a version. */
function hasVersions(program: ts.Program): boolean {
  return program.getSourceFiles().some((file: Versioned) => file.version !== undefined);
}

/**
 * A file is written differently when functions in *other* files change their colour. Builders skip files whose version is the old one, so
 * the version has to tell the rewritten text, too. What was refused gets a version that never comes again: it must not count as emitted
 * later, and the next build has to refuse it anew if nothing has changed.
 */
function saltVersions(program: ts.Program, { rewritten, refusal }: Attempt): void {
  const refused = `not-emitted-${randomUUID()}`;
  for (const file of program.getSourceFiles() as readonly Versioned[]) {
    if (file.version === undefined) continue;
    const base = baseVersions.get(file) ?? file.version;
    baseVersions.set(file, base);
    const module = rewritten.get(file.fileName);
    if (refusal !== undefined) file.version = `${base}-${refused}`;
    else
      file.version = module === undefined ? base : `${base}-${createHash('sha256').update(module.code).digest('hex')}`;
  }
}

function once<A extends unknown[], T>(compute: (...args: A) => T): (...args: A) => T {
  let result: { readonly value: T } | undefined;
  return (...args) => {
    result ??= { value: compute(...args) };
    return result.value;
  };
}
