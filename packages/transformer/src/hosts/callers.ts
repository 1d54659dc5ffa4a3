/** Whether anything but a project itself calls what it exports. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What names the modules of a package for others. */
const ENTRIES = ['exports', 'main', 'module', 'types', 'typings'] as const;

/** The options of a tsconfig that tell. */
export interface EmittedFor {
  readonly composite?: boolean | undefined;
  readonly declaration?: boolean | undefined;
}

/**
 * Whether other projects may call a project: it is `composite`, or it emits declarations and belongs to a package that has an entry.
 *
 * @param directory that of its tsconfig
 */
export function hasOtherCallers({ composite, declaration }: EmittedFor, directory: string): boolean {
  return composite === true || (declaration === true && hasEntry(directory));
}

function hasEntry(directory: string): boolean {
  let text: string;
  try {
    text = readFileSync(join(directory, 'package.json'), 'utf8');
  } catch {
    const above = dirname(directory);
    return above !== directory && hasEntry(above);
  }
  try {
    const manifest: unknown = JSON.parse(text);
    return typeof manifest === 'object' && manifest !== null && ENTRIES.some((name) => name in manifest);
  } catch {
    return false;
  }
}
