/** Calls of `fs` as reads and writes of what is at a path: the state that blocking programs share most. */
import type { Node } from '@babel/types';
import type { Site } from '../colour/site.js';

export interface FileAccess {
  /** The argument that names what is read. */
  readonly reads?: number;
  /** The arguments that name what is written. */
  readonly writes?: readonly number[];
  /** The argument that is written. */
  readonly value?: number;
  /** It throws if what is at the path is not as expected. */
  readonly expects?: true;
}

function all(names: string, access: FileAccess): [string, FileAccess][] {
  return names.split(' ').map((name) => [`fs.${name}Sync`, access]);
}

const ACCESSES: ReadonlyMap<string, FileAccess> = new Map([
  ...all('readFile readdir exists stat lstat access readlink', { reads: 0 }),
  ...all('writeFile', { writes: [0], value: 1 }),
  ...all('truncate', { writes: [0] }),
  ...all('mkdir unlink rmdir', { writes: [0], expects: true }),
  ...all('rm', { writes: [0], expects: true }),
  ...all('rename', { writes: [0, 1], expects: true }),
  ...all('link symlink', { writes: [1], expects: true }),
  ...all('copyFile', { writes: [1] }),
]);

/** Options by which such a call does not mind. */
const INDIFFERENT = /\b(recursive|force)\s*:\s*true\b/;

/** What a call does to files; undefined if nothing is known of it, or nothing that could go wrong. */
export function fileAccess(site: Site | undefined, call: Node, text: string): FileAccess | undefined {
  if (site === undefined || site.leaves.length !== 1 || !('arguments' in call)) return undefined;
  const access = ACCESSES.get(site.leaves[0]?.path ?? '');
  const options = call.arguments.at(-1);
  if (access?.expects !== true || options?.type !== 'ObjectExpression') return access;
  return INDIFFERENT.test(text.slice(options.start as number, options.end as number)) ? undefined : access;
}

/** What is at a path, as a step behind what the path's name is kept in. */
export const CONTENT = '<content>';

/** Names that no two calls share. */
const UNIQUE = /\b(mkdtemp|tmpName|tmpdir|randomUUID|randomBytes|uuid|nanoid|Date\.now|Math\.random|process\.pid)\b/;

export function isUnique(text: string): boolean {
  return UNIQUE.test(text);
}
