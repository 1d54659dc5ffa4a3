/** A TypeScript program as input of the compiler. */
import { dirname } from 'node:path';
import type ts from 'typescript';
import type { ModuleInput, ModuleKind } from '../program.js';
import { hasOtherCallers } from './callers.js';
import { RUNTIME } from './fileResolver.js';

type TypeScript = typeof ts;

/**
 * The files that the project itself compiles.
 *
 * @param topLevelAwait whether files that are emitted as ES modules may await at their top level
 */
export function projectModules(program: ts.Program, typescript: TypeScript, topLevelAwait = false): ModuleInput[] {
  const kindOf = moduleKinds(program, typescript);
  return program
    .getSourceFiles()
    .filter(
      (file) =>
        !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file) && !/\.json$/.test(file.fileName),
    )
    .map((file) => ({
      fileName: file.fileName,
      text: file.text,
      kind: kindOf(file),
      ...(topLevelAwait && { topLevelAwait: mayAwait(file, program, typescript) }),
    }));
}

/** Files with module syntax are ES modules for the compiler, whatever they are emitted as; others are what Node takes their output for. */
function moduleKinds(program: ts.Program, typescript: TypeScript): (file: ts.SourceFile) => ModuleKind {
  const { ES2015, ESNext, Preserve, NodeNext } = typescript.ModuleKind;
  const { module = typescript.ModuleKind.CommonJS } = program.getCompilerOptions();
  const keepsSyntax = (module >= ES2015 && module <= ESNext) || module === Preserve;
  const inEsPackage = (fileName: string) =>
    typescript.getImpliedNodeFormatForFile(fileName, undefined, typescript.sys, { module: NodeNext }) === ESNext;
  return (file) =>
    typescript.isExternalModule(file) || (keepsSyntax && inEsPackage(file.fileName)) ? 'esm' : 'commonjs';
}

/** Whether TypeScript emits the file as an ES module for a language version that has top-level `await`. */
function mayAwait(file: ts.SourceFile, program: ts.Program, typescript: TypeScript): boolean {
  const { ModuleKind: Kind, ScriptTarget } = typescript;
  if (!typescript.isExternalModule(file) || targetOf(program, typescript) < ScriptTarget.ES2017) return false;
  const { module = Kind.CommonJS } = program.getCompilerOptions();
  if (module >= Kind.Node16 && module <= Kind.NodeNext) return file.impliedNodeFormat === Kind.ESNext;
  return module === Kind.ES2022 || module === Kind.ESNext || module === Kind.Preserve;
}

/** The language version that a program is emitted for; the default differs between TypeScript's versions. */
export function targetOf(program: ts.Program, typescript: TypeScript): ts.ScriptTarget {
  const { getEmitScriptTarget } = typescript as TypeScript & {
    readonly getEmitScriptTarget?: (options: ts.CompilerOptions) => ts.ScriptTarget;
  };
  const options = program.getCompilerOptions();
  return getEmitScriptTarget?.(options) ?? options.target ?? typescript.ScriptTarget.ES2015;
}

/** Where the imports of a program lead. */
export interface ProgramImports {
  /** See `ProgramInput.resolve`. A file that is not of the program, but of a project that is compiled apart, is named as well. */
  resolve(specifier: string, fromFile: string): string | undefined;
  /** Whether `fileName` is code, or a declaration, of a project that is compiled apart. */
  isApart(fileName: string): boolean;
}

/** Resolves imports as the program's options say. */
export function programImports(
  program: ts.Program,
  modules: readonly ModuleInput[],
  typescript: TypeScript,
): ProgramImports {
  const known = new Set(modules.map(({ fileName }) => fileName));
  const options = program.getCompilerOptions();
  const cache = typescript.createModuleResolutionCache(program.getCurrentDirectory(), (name) => name, options);
  const referenced = new Set(
    (program.getResolvedProjectReferences() ?? []).flatMap((reference) => reference?.commandLine.fileNames ?? []),
  );
  const own = new Set([...known, ...program.getRootFileNames()]);
  // Packages of the same workspace are links in node_modules.
  const real = (fileName: string) =>
    options.preserveSymlinks === true ? (typescript.sys.realpath?.(fileName) ?? fileName) : fileName;
  const isApart = (fileName: string) =>
    !own.has(fileName) &&
    !fileName.endsWith('.json') &&
    (referenced.has(fileName) || !real(fileName).includes('/node_modules/'));
  return {
    isApart,
    resolve(specifier, fromFile) {
      if (RUNTIME.test(specifier)) return undefined;
      const mode = program.getSourceFile(fromFile)?.impliedNodeFormat;
      const found = typescript.resolveModuleName(specifier, fromFile, options, typescript.sys, cache, undefined, mode);
      const fileName = found.resolvedModule?.resolvedFileName;
      return fileName !== undefined && (known.has(fileName) || isApart(fileName)) ? fileName : undefined;
    },
  };
}

/** Loads modules that nobody knows. */
const LOADER = /^(node:)?module$/;

/**
 * Whether a program is all that is compiled. It is not if {@link hasOtherCallers other projects may call it}, if it refers to other projects, or
 * if it imports what may be compiled apart: a package of the same workspace, or a file outside the program.
 */
export function isClosed(program: ts.Program, { isApart, resolve }: ProgramImports, typescript: TypeScript): boolean {
  const options = program.getCompilerOptions();
  const { configFilePath } = options;
  const directory = typeof configFilePath === 'string' ? dirname(configFilePath) : program.getCurrentDirectory();
  if (hasOtherCallers(options, directory)) return false;
  if ((program.getProjectReferences() ?? []).length > 0) return false;
  // The checker sets the parents of the nodes that are asked for them here.
  program.getTypeChecker();
  const files = program.getSourceFiles().filter((file) => !file.isDeclarationFile && !isApart(file.fileName));
  return !files.some((file) =>
    importsOf(file, typescript).some((specifier) => {
      if (LOADER.test(specifier)) return true;
      const found = resolve(specifier, file.fileName);
      return found !== undefined && isApart(found);
    }),
  );
}

/** The specifiers that a file imports values from. TypeScript keeps them in a property that its declarations do not name. */
function importsOf(file: ts.SourceFile, typescript: TypeScript): string[] {
  const { imports = [] } = file as ts.SourceFile & { readonly imports?: readonly ts.StringLiteralLike[] };
  const isTypeOnly = ({ parent }: ts.Node) =>
    (typescript.isImportDeclaration(parent) && parent.importClause?.isTypeOnly === true) ||
    (typescript.isExportDeclaration(parent) && parent.isTypeOnly) ||
    typescript.isLiteralTypeNode(parent);
  return imports.filter((literal) => !isTypeOnly(literal)).map(({ text }) => text);
}
