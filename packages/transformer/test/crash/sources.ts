/** The source files of a published package. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DECLARATION, SOURCE } from '../../src/hosts/fileResolver.js';
import { moduleKinds, sourceModule } from '../../src/hosts/moduleKind.js';
import { fileId } from '../../src/hosts/paths.js';
import type { ModuleInput } from '../../src/program.js';
import { shuffled } from './shuffled.js';

export interface Limits {
  /** Of the files of a package, so many at most, chosen by the seed. */
  readonly files: number;
  /** In bytes; what no longer fits is left out. */
  readonly size: number;
  readonly seed: number;
}

/**
 * What a package has of sources: each text once, in the order of their names. Where that is too much, half of the size is for files of any
 * size, chosen by the seed, and the rest for the smallest ones, which are many.
 */
export function sourcesOf(directory: string, { files, size, seed }: Limits): ModuleInput[] {
  const kinds = moduleKinds();
  const seen = new Set<string>();
  const found: ModuleInput[] = [];
  const all = sourceFiles(directory).map((fileName) => ({ fileName, size: statSync(fileName).size }));
  take(shuffled(all, seed), size / 2);
  take(
    all.sort((a, b) => a.size - b.size || (a.fileName < b.fileName ? -1 : 1)),
    size / 2,
  );
  return found.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));

  function take(candidates: readonly { readonly fileName: string; readonly size: number }[], most: number): void {
    let left = most;
    for (const { fileName, size: own } of candidates) {
      if (found.length >= files) return;
      if (own > left) continue;
      const module = sourceModule(fileId(fileName), kinds);
      const identity = createHash('sha1')
        .update(`${extensionOf(fileName)} ${module.kind} ${module.text}`)
        .digest('hex');
      if (seen.has(identity)) continue;
      seen.add(identity);
      left -= own;
      found.push(module);
    }
  }
}

function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name) && !DECLARATION.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.slice(directory.length).includes('node_modules'))
    .sort();
}

export function extensionOf(fileName: string): string {
  return /\.[^./]*$/.exec(fileName)?.[0] ?? '';
}

/** What a text is, for the figures of a search. */
export type SourceKind = 'TypeScript' | 'ES module' | 'CommonJS' | 'minified' | 'generated';

const GENERATED = /__esModule|__webpack_require__|sourceMappingURL|@generated|(auto|automatically).generated/i;

export function sourceKindOf({ fileName, text, kind }: ModuleInput): SourceKind {
  if (/^\.[mc]?tsx?$/.test(extensionOf(fileName))) return 'TypeScript';
  const lines = text.split('\n').length;
  if (text.length > 1000 && text.length / lines > 200) return 'minified';
  if (GENERATED.test(text)) return 'generated';
  return kind === 'esm' ? 'ES module' : 'CommonJS';
}
