/** A TypeScript program as input of the compiler. */
import type ts from 'typescript';
import type { ModuleInput } from '../program.js';

type TypeScript = typeof ts;

/** The files that the project itself compiles. */
export function projectModules(program: ts.Program, typescript: TypeScript): ModuleInput[] {
  return program
    .getSourceFiles()
    .filter(
      (file) =>
        !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file) && !/\.json$/.test(file.fileName),
    )
    .map((file) => ({
      fileName: file.fileName,
      text: file.text,
      kind: typescript.isExternalModule(file) ? 'esm' : 'commonjs',
    }));
}

/** Resolves imports as the program's options say. */
export function resolver(program: ts.Program, modules: readonly ModuleInput[], typescript: TypeScript) {
  const known = new Set(modules.map(({ fileName }) => fileName));
  const options = program.getCompilerOptions();
  const cache = typescript.createModuleResolutionCache(program.getCurrentDirectory(), (name) => name, options);
  return (specifier: string, fromFile: string): string | undefined => {
    const mode = program.getSourceFile(fromFile)?.impliedNodeFormat;
    const found = typescript.resolveModuleName(specifier, fromFile, options, typescript.sys, cache, undefined, mode);
    const fileName = found.resolvedModule?.resolvedFileName;
    return fileName !== undefined && known.has(fileName) ? fileName : undefined;
  };
}
