/** A tsconfig's program without TypeScript's compiler API, which TypeScript 7 does not have. */
import { dirname, resolve } from 'node:path';
import { createFilesMatcher, createPathsMatcher, parseTsconfig, type TsConfigJsonResolved } from 'get-tsconfig';
import { escapePath, globSync } from 'tinyglobby';
import { compiling, messageOf, UnblockError } from '../errors.js';
import { extractFacts } from '../facts/extract.js';
import { parseModule } from '../parse/parse.js';
import type { ModuleInput } from '../program.js';
import { hasOtherCallers } from './callers.js';
import { DECLARATION, fileResolver, type Resolve, resolverAmong, resolverOfWorkspace, SOURCE } from './fileResolver.js';
import { moduleKinds, sourceModule } from './moduleKind.js';
import { fileId } from './paths.js';

export interface TsconfigFiles {
  readonly modules: readonly ModuleInput[];
  readonly resolve: Resolve;
  readonly rootDir: string | undefined;
  readonly isClosed: boolean;
}

/**
 * The sources that `files`, `include` and `exclude` select, and what they import; imports follow `paths`.
 *
 * @param keep whether a file may belong to the program
 * @param topLevelAwait whether top levels may await, in modules that surely run as ES modules
 * @throws {UnblockError} `bad-tsconfig`, `unreadable`
 */
export function tsconfigFiles(path: string, keep: (file: string) => boolean, topLevelAwait: boolean): TsconfigFiles {
  let config: TsConfigJsonResolved;
  try {
    config = parseTsconfig(path);
  } catch (error) {
    throw new UnblockError('bad-tsconfig', `${path}: the file cannot be read: ${messageOf(error)}. Correct it.`);
  }
  const { allowJs = false, rootDir } = config.compilerOptions ?? {};
  const directory = dirname(path);
  const isSource = (file: string) =>
    SOURCE.test(file) && !DECLARATION.test(file) && (allowJs || /\.[mc]?tsx?$/.test(file)) && keep(file);

  const matches = createFilesMatcher({ path, config });
  const candidates = globSync(
    searched(config).map(
      (base) => `${escapePath(fileId(resolve(directory, base)))}/**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}`,
    ),
    { cwd: directory, absolute: true, ignore: ['**/node_modules/**'] },
  );
  const named = (config.files ?? []).map((file) => fileId(resolve(directory, file)));
  const selected = [...named, ...candidates.map(fileId).filter((file) => matches(file) !== undefined)].filter(isSource);

  const tryPaths = createPathsMatcher({ path, config });
  const resolveFile = fileResolver((specifier) => (/^[./]/.test(specifier) ? [] : (tryPaths?.(specifier) ?? [])));
  const follow: Resolve = (specifier, fromFile) => {
    const found = resolveFile(specifier, fromFile);
    return found !== undefined && isSource(found) && !found.includes('/node_modules/') ? found : undefined;
  };
  const { modules, imports } = withImports([...new Set(selected)].sort(), follow, topLevelAwait);
  if (modules.length === 0) {
    throw new UnblockError('bad-tsconfig', `${path}: no source files match files, include and exclude. Correct them.`);
  }
  const own = new Set(modules.map(({ fileName }) => fileName));
  const resolveImport = resolverOfWorkspace(resolverAmong(own, resolveFile), resolveFile);
  const isApart = ({ specifier, fromFile }: Import) => {
    const found = resolveImport(specifier, fromFile);
    return found !== undefined && !own.has(found);
  };
  return {
    modules,
    resolve: resolveImport,
    rootDir: rootDir === undefined ? undefined : resolve(directory, rootDir),
    // The sources of referenced projects, and of packages of the same workspace, may be compiled, and are not at hand.
    isClosed:
      (config.references ?? []).length === 0 &&
      !hasOtherCallers(config.compilerOptions ?? {}, directory) &&
      !imports.some(isApart),
  };
}

/** The directories in which files may match, up to the first wildcard of each pattern. */
function searched({ files, include }: TsConfigJsonResolved): string[] {
  const patterns = include ?? (files === undefined ? ['**/*'] : []);
  return patterns.map((pattern) => {
    const [head = ''] = pattern.split(/[*?]/, 1);
    return head === pattern ? pattern : `${head.slice(0, head.lastIndexOf('/') + 1)}.`;
  });
}

interface Import {
  readonly specifier: string;
  readonly fromFile: string;
}

function withImports(files: readonly string[], follow: Resolve, topLevelAwait: boolean) {
  const kinds = moduleKinds();
  const modules = new Map<string, ModuleInput>();
  const imports: Import[] = [];
  const queue = [...files];
  for (let fileName = queue.shift(); fileName !== undefined; fileName = queue.shift()) {
    if (modules.has(fileName)) continue;
    const module = sourceModule(fileName, kinds, topLevelAwait);
    modules.set(fileName, module);
    for (const specifier of importsOf(module)) {
      imports.push({ specifier, fromFile: fileName });
      const found = follow(specifier, fileName);
      if (found !== undefined) queue.push(found);
    }
  }
  return { modules: [...modules.values()], imports };
}

/** None if the module cannot be parsed: that is for compilation to tell. */
function importsOf(module: ModuleInput): readonly string[] {
  try {
    return compiling(module.fileName, () => extractFacts(parseModule(module))).imports;
  } catch (error) {
    if (error instanceof UnblockError) return [];
    throw error;
  }
}
