/** The source files of a published package. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DECLARATION, SOURCE } from '../../src/hosts/fileResolver.js';
import { moduleKinds, sourceModule } from '../../src/hosts/moduleKind.js';
import { fileId } from '../../src/hosts/paths.js';
import type { ModuleInput } from '../../src/program.js';
import { shuffled } from './shuffled.js';

export interface Limits {
  /** Of the files of a package, so many at most, chosen by the seed. */
  readonly files: number;
  /** None is added once there are so many bytes. */
  readonly size: number;
  readonly seed: number;
}

/** What a package has of sources: each text once, in the order of their names. */
export function sourcesOf(directory: string, { files, size, seed }: Limits): ModuleInput[] {
  const kinds = moduleKinds();
  const seen = new Set<string>();
  const found: ModuleInput[] = [];
  let total = 0;
  for (const fileName of shuffled(sourceFiles(directory), seed)) {
    if (found.length >= files || total >= size) break;
    const module = sourceModule(fileId(fileName), kinds);
    const identity = createHash('sha1')
      .update(`${extensionOf(fileName)} ${module.kind} ${module.text}`)
      .digest('hex');
    if (seen.has(identity)) continue;
    seen.add(identity);
    total += module.text.length;
    found.push(module);
  }
  return found.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
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
