/**
 * The ts-patch host: a program transformer for `tspc`.
 *
 * The program that TypeScript sees stays the original one, so that diagnostics, declarations and incremental state are those of
 * plain `tsc`. Only its `emit` is replaced: JavaScript comes from a second program over the rewritten text.
 */
import { createHash } from 'node:crypto';
import remapping, { type SourceMapInput } from '@jridgewell/remapping';
import type ts from 'typescript';
import { settings } from '../config/config.js';
import { type Compilation, compile, type RewrittenModule } from '../engine.js';
import { UnblockError } from '../errors.js';
import { projectModules, resolver } from './tsProgram.js';
import { typeOracle } from './typeOracle.js';

type TypeScript = typeof ts;

/** TypeScript's internal `EmitOnly`, which its builders pass to `emit` in place of the documented boolean. */
const EMIT_JS = 0;
const EMIT_DECLARATIONS = 1;

/**
 * Entry point for ts-patch: `{ "transform": "@unblock/transformer/tspc", "transformProgram": true }`.
 *
 * @throws {UnblockError} for bad options, and for `outFile`, which has no module structure to keep
 */
export function transformProgram(
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  config: Readonly<Record<string, unknown>>,
  extras: { readonly ts: TypeScript },
): ts.Program {
  const options = program.getCompilerOptions();
  if (options.outFile !== undefined) {
    throw new UnblockError('out-file', 'Unblock cannot compile with the tsconfig option outFile. Use outDir instead.');
  }
  const session = createSession(program, host, config, extras.ts);
  saltVersions(program, session);
  const emitOriginal = program.emit.bind(program) as (...args: unknown[]) => ts.EmitResult;
  program.emit = ((target, writeFile, token, emitOnly, transformers, ...rest: unknown[]) => {
    const only = emitOnly as boolean | number | undefined;
    const original = (what: unknown) => emitOriginal(target, writeFile, token, what, transformers, ...rest);
    const declarationsOnly = only === true || (typeof only === 'number' && only !== EMIT_JS);
    if (declarationsOnly || options.noEmit === true || options.emitDeclarationOnly === true) return original(emitOnly);
    const edited = session.editedProgram();
    if (edited === undefined) return original(emitOnly);
    // The original goes first: it is the one that knows of `noEmitOnError`.
    const declarations = original(EMIT_DECLARATIONS);
    if (declarations.emitSkipped) return declarations;
    const write = writeFile ?? ((fileName, text, bom) => (host ?? defaultHost()).writeFile(fileName, text, bom));
    const source = target === undefined ? undefined : edited.getSourceFile(target.fileName);
    const scripts = edited.emit(source, session.composing(write), token, EMIT_JS as never, transformers);
    return {
      emitSkipped: scripts.emitSkipped,
      diagnostics: declarations.diagnostics,
      ...(declarations.emittedFiles && {
        emittedFiles: [...declarations.emittedFiles, ...(scripts.emittedFiles ?? [])],
      }),
    };
  }) as ts.Program['emit'];
  return program;

  function defaultHost(): ts.CompilerHost {
    return extras.ts.createCompilerHost(options);
  }
}

export default transformProgram;

interface Session {
  compilation(): Compilation | undefined;
  rewritten(fileName: string): RewrittenModule | undefined;
  /** The program over the rewritten text; undefined if nothing is rewritten. */
  editedProgram(): ts.Program | undefined;
  /** A write callback that leads source maps through to the original text. */
  composing(write: ts.WriteFileCallback): ts.WriteFileCallback;
}

function createSession(
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  config: Readonly<Record<string, unknown>>,
  typescript: TypeScript,
): Session {
  const rewritten = new Map<string, RewrittenModule>();
  const compileOnce = once((): Compilation | undefined => {
    const modules = projectModules(program, typescript);
    // TypeScript reports syntax errors itself, and better.
    if (program.getSyntacticDiagnostics().length > 0) return undefined;
    const compilation = compile({
      modules,
      resolve: resolver(program, modules, typescript),
      closed: true,
      types: typeOracle(program, typescript),
      options: settings(ownOptions(config), 'tsconfig.json, plugins').compiler,
    });
    for (const { fileName } of modules) {
      const module = compilation.rewrite(fileName);
      if (module !== undefined) rewritten.set(fileName, module);
    }
    return compilation;
  });
  const rewrittenOf = (fileName: string) => {
    compileOnce();
    return rewritten.get(fileName);
  };
  return {
    compilation: compileOnce,
    rewritten: rewrittenOf,
    editedProgram: once(() => {
      compileOnce();
      if (rewritten.size === 0) return undefined;
      return createEditedProgram(program, host, rewritten, typescript);
    }),
    composing: (write) => (fileName, text, bom, onError, sourceFiles, data) => {
      const source = sourceFiles?.[0];
      const module = source === undefined ? undefined : rewrittenOf(source.fileName);
      const original = source === undefined ? undefined : program.getSourceFile(source.fileName)?.text;
      write(
        fileName,
        module ? throughMap(fileName, text, module, original ?? '') : text,
        bom,
        onError,
        sourceFiles,
        data,
      );
    },
  };
}

/** ts-patch passes the whole entry of `plugins`, with the settings that it reads itself. */
function ownOptions(config: Readonly<Record<string, unknown>>): object {
  const own = [
    'transform',
    'transformProgram',
    'name',
    'import',
    'type',
    'resolvePathAliases',
    'isEsm',
    'tsConfig',
    'after',
  ];
  return Object.fromEntries(Object.entries(config).filter(([key]) => !own.includes(key)));
}

function createEditedProgram(
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  rewritten: ReadonlyMap<string, RewrittenModule>,
  typescript: TypeScript,
): ts.Program {
  const { plugins: _plugins, ...options } = program.getCompilerOptions();
  const edited: ts.CompilerOptions = {
    ...options,
    declaration: false,
    declarationMap: false,
    composite: false,
    incremental: false,
    noEmit: false,
    noEmitOnError: false,
  };
  delete edited.tsBuildInfoFile;
  const base = host ?? typescript.createCompilerHost(edited);
  return typescript.createProgram({
    rootNames: program.getRootFileNames(),
    options: edited,
    ...(program.getProjectReferences() && {
      projectReferences: program.getProjectReferences() as ts.ProjectReference[],
    }),
    host: {
      ...base,
      getSourceFile: (fileName, languageVersion, onError, create) => {
        const module = rewritten.get(fileName);
        if (module !== undefined) return typescript.createSourceFile(fileName, module.code, languageVersion, true);
        return program.getSourceFile(fileName) ?? base.getSourceFile(fileName, languageVersion, onError, create);
      },
    },
  });
}

const baseVersions = new WeakMap<ts.SourceFile, string>();

/**
 * A file is written differently when functions in *other* files change their colour. Builders skip files whose version is the old one, so
 * the version has to tell the rewritten text, too. Only builders give files a version.
 */
function saltVersions(program: ts.Program, session: Session): void {
  const files = program.getSourceFiles() as readonly (ts.SourceFile & { version?: string })[];
  if (!files.some(({ version }) => version !== undefined)) return;
  for (const file of files) {
    if (file.version === undefined) continue;
    const base = baseVersions.get(file) ?? file.version;
    baseVersions.set(file, base);
    const module = session.rewritten(file.fileName);
    file.version = module === undefined ? base : `${base}-${createHash('sha256').update(module.code).digest('hex')}`;
  }
}

const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

/** Emitted text whose source map, in a file of its own or inline, is led on to the original text. */
function throughMap(fileName: string, text: string, module: RewrittenModule, original: string): string {
  if (fileName.endsWith('.map')) return JSON.stringify(compose(JSON.parse(text), module, original));
  const inline = INLINE_MAP.exec(text);
  if (inline === null) return text;
  const map = compose(JSON.parse(Buffer.from(inline[1] as string, 'base64').toString()), module, original);
  const encoded = Buffer.from(JSON.stringify(map)).toString('base64');
  return `${text.slice(0, inline.index)}//# sourceMappingURL=data:application/json;base64,${encoded}`;
}

interface EmittedMap {
  file?: string;
  sourceRoot?: string;
  sources: string[];
  sourcesContent?: (string | null)[];
}

function compose(emitted: EmittedMap, module: RewrittenModule, original: string): object {
  const { sourceRoot: _root, ...rootless } = emitted;
  const composed = remapping(rootless as unknown as SourceMapInput, (_, context) =>
    context.depth === 1 ? (module.map as unknown as SourceMapInput) : null,
  );
  return {
    version: 3,
    ...(emitted.file !== undefined && { file: emitted.file }),
    ...(emitted.sourceRoot !== undefined && { sourceRoot: emitted.sourceRoot }),
    sources: emitted.sources,
    names: composed.names,
    mappings: composed.mappings,
    ...(emitted.sourcesContent && { sourcesContent: [original] }),
  };
}

function once<T>(compute: () => T): () => T {
  let done = false;
  let value: T;
  return () => {
    if (!done) {
      value = compute();
      done = true;
    }
    return value;
  };
}
