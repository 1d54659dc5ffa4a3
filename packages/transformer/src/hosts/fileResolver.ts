/** Resolution of imports among source files, without a TypeScript program. */
import fs, { realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import enhancedResolve from 'enhanced-resolve';
import { fileId } from './paths.js';

const { CachedInputFileSystem, ResolverFactory } = enhancedResolve;

export const SOURCE = /\.[mc]?[jt]sx?$/;
export const DECLARATION = /\.d\.([^/.]+\.)?[mc]?ts$/;

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

export type Resolve = (specifier: string, fromFile: string) => string | undefined;

/**
 * Resolves relative paths, packages of a workspace, `#imports` and a package's own name as Node does; directories and missing
 * extensions as build tools do; TypeScript sources also by the extension that they are emitted with.
 *
 * @param aliases absolute candidates for a specifier, tried first (`paths` of a tsconfig)
 * @returns the file that an import leads to, a source or not, with links followed
 */
export function fileResolver(aliases: (specifier: string) => readonly string[] = () => []): Resolve {
  const fileSystem = new CachedInputFileSystem(fs, 60_000);
  const base = {
    fileSystem,
    useSyncFileSystemCalls: true,
    extensions: EXTENSIONS,
    extensionAlias: {
      '.js': ['.js', '.ts', '.tsx'],
      '.jsx': ['.jsx', '.tsx'],
      '.mjs': ['.mjs', '.mts'],
      '.cjs': ['.cjs', '.cts'],
    },
    mainFields: ['main'],
  };
  // An import may stand for either after compilation; where a package distinguishes, its ES module is taken.
  const resolvers = ['import', 'require'].map((condition) =>
    ResolverFactory.createResolver({ ...base, conditionNames: [condition, 'node'] }),
  );
  return (specifier, fromFile) => {
    if (isBuiltin(specifier)) return undefined;
    const from = dirname(fromFile);
    for (const candidate of [...aliases(specifier), specifier]) {
      for (const resolver of resolvers) {
        try {
          const found = resolver.resolveSync({}, from, candidate);
          if (found !== false) return fileId(found.replace(/[?#].*$/, ''));
        } catch {
          // The next one.
        }
      }
    }
    return undefined;
  };
}

/** The same, but only to files of the program, named as the program names them. */
export function resolverAmong(files: Iterable<string>, resolveFile: Resolve): Resolve {
  const known = new Set(files);
  const byRealPath = new Map([...known].map((file) => [realPath(file), file]));
  return (specifier, fromFile) => {
    if (/^\.\.?\//.test(specifier)) {
      const exact = fileId(resolve(dirname(fromFile), specifier));
      if (known.has(exact)) return exact;
    }
    const found = resolveFile(specifier, fromFile);
    return found === undefined ? undefined : byRealPath.get(found);
  };
}

/** A package that is never compiled, wherever it has been linked from. */
export const RUNTIME = /^@unblock\/runtime(\/|$)/;

/** Also to what may be compiled apart from the program: packages of the same workspace, which are linked, to code that lies in no `node_modules`. */
export function resolverOfWorkspace(among: Resolve, resolveFile: Resolve): Resolve {
  return (specifier, fromFile) => {
    const known = among(specifier, fromFile);
    if (known !== undefined || /^[./]/.test(specifier) || RUNTIME.test(specifier)) return known;
    const found = resolveFile(specifier, fromFile);
    return found !== undefined && SOURCE.test(found) && !found.includes('/node_modules/') ? found : undefined;
  };
}

function realPath(file: string): string {
  try {
    return fileId(realpathSync(file));
  } catch {
    return file;
  }
}
