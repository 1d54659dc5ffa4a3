/** The rewritten form of a TypeScript program: a second program that emits its JavaScript. */
import type ts from 'typescript';
import type { Settings } from '../config/config.js';
import { compile, type RewrittenModule } from '../engine.js';
import { throughMap } from './emittedMap.js';
import { isClosed, programImports, projectModules } from './tsProgram.js';
import { typeOracle } from './typeOracle.js';

type TypeScript = typeof ts;

/** The modules of a program that the compiler rewrites, by file name; the others stay as they are. */
export type RewrittenModules = ReadonlyMap<string, RewrittenModule>;

/**
 * Compiles a program without syntax errors.
 *
 * @throws {UnblockError} `syntax-error` for what TypeScript can read and the compiler cannot
 */
export function rewriteProgram(program: ts.Program, settings: Settings, typescript: TypeScript): RewrittenModules {
  const modules = projectModules(program, typescript, settings.topLevelAwait);
  const imports = programImports(program, modules, typescript);
  const compilation = compile({
    modules,
    resolve: imports.resolve,
    closed: isClosed(program, imports, typescript),
    types: typeOracle(program, typescript),
    options: settings.compiler,
  });
  const rewritten = new Map<string, RewrittenModule>();
  for (const { fileName } of modules) {
    const module = compilation.rewrite(fileName);
    if (module !== undefined) rewritten.set(fileName, module);
  }
  return rewritten;
}

/** The program over the rewritten text, for emitting JavaScript only. Files that are not rewritten are those of `program`. */
export function createEditedProgram(
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  rewritten: RewrittenModules,
  typescript: TypeScript,
): ts.Program {
  // Other transformers of the syntax tree come with each call of `emit`.
  const { plugins: _plugins, tsBuildInfoFile: _file, ...options } = program.getCompilerOptions();
  const edited: ts.CompilerOptions = {
    ...options,
    declaration: false,
    declarationMap: false,
    composite: false,
    incremental: false,
    noEmit: false,
    noEmitOnError: false,
    // The original program has been checked. Without this, emitting would check every file once more.
    noCheck: true,
  };
  const base = host ?? typescript.createCompilerHost(edited);
  const references = program.getProjectReferences();
  return typescript.createProgram({
    rootNames: program.getRootFileNames(),
    options: edited,
    ...(references && { projectReferences: references }),
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

/** A write callback that leads the source maps of rewritten modules through to their original text. */
export function throughMaps(
  write: ts.WriteFileCallback,
  rewritten: RewrittenModules,
  program: ts.Program,
): ts.WriteFileCallback {
  return (fileName, text, bom, onError, sourceFiles, data) => {
    const source = sourceFiles?.[0]?.fileName;
    const module = source === undefined ? undefined : rewritten.get(source);
    const original = source === undefined ? undefined : program.getSourceFile(source)?.text;
    const mapped = module === undefined || original === undefined ? text : throughMap(fileName, text, module, original);
    write(fileName, mapped, bom, onError, sourceFiles, data);
  };
}
