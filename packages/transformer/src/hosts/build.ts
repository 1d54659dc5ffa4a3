/** Compiled sources as files, each where its source stands below the project's root. */
import { chmodSync, copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { Compilation } from '../engine.js';
import { messageOf, UnblockError } from '../errors.js';
import type { ModuleInput } from '../program.js';
import { inputMap, outputMap, relocated } from './inputMaps.js';
import { packageDirectory, packageFiles } from './packageFiles.js';
import { inside } from './paths.js';
import type { Project } from './project.js';
import { requireRuntime } from './runtimeCheck.js';

/** A file to write: `text`, or a copy of `source`. `source` also gives the permissions. */
interface Output {
  readonly path: string;
  readonly text?: string;
  readonly source?: string;
}

export interface Outputs {
  readonly files: readonly Output[];
  /** One sentence each, about what does not keep the output from being right. */
  readonly warnings: readonly string[];
}

/**
 * Refuses what cannot be written where it belongs; cheap, so before compilation.
 *
 * @param outDir absolute
 * @throws {UnblockError} `outside`, `overwrite`
 */
export function checkPlaces({ modules, root }: Project, outDir: string): void {
  const stray = modules.find(({ fileName }) => !inside(root, fileName));
  if (stray) {
    throw new UnblockError(
      'outside',
      `${stray.fileName}: file outside the project, whose rootDir is ${root}. Widen rootDir, or leave the file out.`,
    );
  }
  const sources = new Set(modules.map(({ fileName }) => resolve(fileName)));
  const clash = modules.find(({ fileName }) => sources.has(outputPath(fileName, root, outDir)));
  if (clash) {
    throw new UnblockError(
      'overwrite',
      `${outputPath(clash.fileName, root, outDir)}: --out-dir would overwrite this source. Name another directory.`,
    );
  }
}

/**
 * Rewrites every module. Files that stay as they are will be copied byte for byte, with their source maps; so will the other files of
 * packages in `node_modules` of which sources are compiled, and packages that use these.
 *
 * @param options of the output: `runtime`, the specifier from which compiled code imports; whether it has source `maps`
 * @throws {UnblockError} `no-runtime` if compiled code could not import it
 */
export function outputs(
  project: Project,
  compilation: Compilation,
  outDir: string,
  { runtime, maps }: { readonly runtime: string; readonly maps: boolean },
): Outputs {
  const results = project.modules.map((module) => moduleOutputs(module, project.root, compilation, { outDir, maps }));
  if (results.some(({ changed }) => changed)) requireRuntime([outDir, project.root], runtime);
  const files = results.flatMap((result) => result.files);
  return {
    files: [...files, ...copies(project, files, outDir)],
    warnings: mapWarnings(results),
  };
}

/** One for each source without its map, but only one for each package: whoever installs it cannot mend it. */
function mapWarnings(results: readonly { readonly fileName: string; readonly warning: string | undefined }[]) {
  const warnings = new Map<string, { readonly first: string; others: number }>();
  for (const { fileName, warning } of results) {
    if (warning === undefined) continue;
    const key = packageDirectory(fileName) ?? fileName;
    const known = warnings.get(key);
    if (known === undefined) warnings.set(key, { first: warning, others: 0 });
    else known.others++;
  }
  return [...warnings.values()].map(({ first, others }) => {
    if (others === 0) return first;
    return `${first} The same goes for ${others} other ${others === 1 ? 'file' : 'files'} of the package.`;
  });
}

/** The other files of compiled packages, and of those that use them. */
function copies({ modules, root }: Project, files: readonly Output[], outDir: string): Output[] {
  const written = new Set(files.map(({ path }) => path));
  return packageFiles(modules, root)
    .filter((source) => !inside(outDir, source))
    .map((source) => ({ path: outputPath(source, root, outDir), source }))
    .filter(({ path }) => !written.has(path));
}

function moduleOutputs(
  { fileName, text }: ModuleInput,
  root: string,
  compilation: Compilation,
  { outDir, maps }: { readonly outDir: string; readonly maps: boolean },
) {
  const path = outputPath(fileName, root, outDir);
  const input = inputMap(fileName, text, compilation.comments(fileName));
  const warning = input?.problem;
  const rewritten = compilation.rewrite(fileName);
  if (rewritten === undefined) {
    const files: Output[] = [{ path, source: fileName }];
    const mapPath = input?.file && resolve(dirname(path), relative(dirname(fileName), input.file));
    if (input?.map && mapPath && inside(outDir, mapPath)) {
      files.push({ path: mapPath, text: JSON.stringify(relocated(input.map, path)) });
    }
    return { fileName, files, warning, changed: false };
  }
  const code = input === undefined ? rewritten.code : withoutLast(rewritten.code, input.comment);
  if (!maps) return { fileName, files: [{ path, text: code, source: fileName }], warning, changed: true };
  const map = outputMap(rewritten.map, fileName, input?.map, path);
  const end = code.endsWith('\n') ? '' : '\n';
  const url = `//# sourceMappingURL=${encodeURIComponent(basename(path))}.map\n`;
  return {
    fileName,
    files: [
      { path, text: code + end + url, source: fileName },
      { path: `${path}.map`, text: JSON.stringify(map) },
    ],
    warning,
    changed: true,
  };
}

function withoutLast(code: string, part: string): string {
  const at = code.lastIndexOf(part);
  return at === -1 ? code : code.slice(0, at) + code.slice(at + part.length);
}

function outputPath(fileName: string, root: string, outDir: string): string {
  return resolve(outDir, relative(root, fileName));
}

/**
 * Writes all files.
 *
 * @throws {UnblockError} `write`
 */
export function write(files: readonly Output[]): void {
  for (const { path, text, source } of files) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      if (text !== undefined) writeFileSync(path, text);
      else if (source !== undefined) copyFileSync(source, path);
      if (source !== undefined) chmodSync(path, statSync(source).mode);
    } catch (error) {
      throw new UnblockError('write', `${path}: the output cannot be written: ${messageOf(error)}. Check --out-dir.`);
    }
  }
}
