/** The blocking functions of node:fs and how their callback forms stand in for them. */
import { type Tell, tellOfReading, tellOfWriting } from './failures.js';
import {
  isPositioned,
  type Kind,
  type Quick,
  quickOnDescriptor,
  quickOnPath,
  quickRead,
  quickTransfer,
} from './inPlace.js';
import type { Access } from './order.js';
import {
  quickAppendFile,
  quickOpenForAnything,
  quickRename,
  quickUnlink,
  quickWrite,
  quickWriteFile,
} from './quickChanges.js';

export interface FsRow {
  /** Name without `Sync`. */
  readonly name: string;
  /** Positions of arguments that are paths. */
  readonly paths: readonly number[];
  /** Position of a file descriptor. */
  readonly fd?: number;
  /** Position of an argument that may be an object of options. */
  readonly options?: number;
  /** Position of what is written: bytes, or a list of them. */
  readonly data?: number;
  /**
   * Whether a failed call may be repeated synchronously to obtain the exact error: only where the call has no effect, so that it does
   * no harm should it succeed by then.
   */
  readonly repeatable: boolean | ((error: unknown) => boolean);
  /** Which calls are quick enough to complete in place. */
  readonly quick?: Quick;
  /** With which others a quick call is measured; `ask` if it is not given. */
  readonly kind?: Kind | ((args: readonly unknown[]) => Kind);
  /** Tells of a failed call that is not {@link repeatable}. */
  readonly tell?: Tell;
  /** What a call does to the files that it names; undefined where its order does not matter. */
  readonly access?: Access | ((args: readonly unknown[]) => Access);
}

const openingAccess = ([, flags]: readonly unknown[]): Access =>
  flags === undefined || flags === 'r' || flags === 0 ? 'read' : 'write';

const openingKind = (args: readonly unknown[]): Kind => (openingAccess(args) === 'read' ? 'ask' : 'change');

/** A read without a position moves that of the descriptor. */
const readingAccess = (args: readonly unknown[]): Access => (isPositioned(args) ? 'read' : 'write');

/**
 * What readFile reports of a directory and of descriptors is not what readFileSync does. Its other errors are; and by now there may be a
 * FIFO where there was nothing, which would be waited for.
 */
const isToldOtherwise = (error: unknown): boolean => {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === 'EISDIR' || syscall === undefined || syscall === 'fstat';
};

const ON_PATH = [0];
const ON_TWO = [0, 1];

function rows(names: string, shape: Omit<FsRow, 'name'>): FsRow[] {
  return names.split(' ').map((name) => ({ name, ...shape }));
}

/** Measured with other calls that change something: a disk that has much to write keeps these waiting, and not those that read. */
function change(quick: Quick): Pick<FsRow, 'quick' | 'kind'> {
  return { quick, kind: 'change' };
}

export const FS_ROWS: readonly FsRow[] = [
  ...rows('access', { paths: ON_PATH, repeatable: true, quick: quickOnPath, access: 'read' }),
  ...rows('stat lstat', { paths: ON_PATH, options: 1, repeatable: true, quick: quickOnPath, access: 'read' }),
  ...rows('readdir readlink realpath', { paths: ON_PATH, options: 1, repeatable: true, quick: quickOnPath }),
  ...rows('statfs', { paths: ON_PATH, options: 1, repeatable: true }),
  ...rows('open', {
    paths: ON_PATH,
    repeatable: false,
    quick: quickOpenForAnything,
    kind: openingKind,
    access: openingAccess,
  }),
  ...rows('chmod chown lchmod lchown lutimes truncate utimes', { paths: ON_PATH, repeatable: false, access: 'write' }),
  ...rows('unlink', { paths: ON_PATH, repeatable: false, ...change(quickUnlink), access: 'write' }),
  ...rows('mkdir rmdir', { paths: ON_PATH, options: 1, repeatable: false, ...change(quickOnPath) }),
  ...rows('copyFile link', { paths: ON_TWO, repeatable: false, access: 'write' }),
  ...rows('rename', { paths: ON_TWO, repeatable: false, ...change(quickRename), access: 'write' }),
  // The target of a symbolic link is text, not a path that is opened.
  ...rows('symlink', { paths: [1], repeatable: false, access: 'write' }),
  ...rows('fstat', { paths: [], fd: 0, options: 1, repeatable: true, quick: quickOnDescriptor, access: 'read' }),
  ...rows('close', { paths: [], fd: 0, repeatable: false, quick: quickOnDescriptor, access: 'write' }),
  ...rows('fchmod fchown fdatasync fsync ftruncate futimes', { paths: [], fd: 0, repeatable: false, access: 'write' }),
];

const WRITING: Omit<FsRow, 'name'> = {
  ...{ paths: ON_PATH, fd: 0, data: 1, options: 2 },
  repeatable: false,
  tell: tellOfWriting,
  access: 'write',
};

/** Functions that take a path or a file descriptor and transfer data. */
export const FS_FILE_ROWS: readonly FsRow[] = [
  ...rows('readFile', {
    ...{ paths: ON_PATH, fd: 0, options: 1, quick: quickRead, access: 'read' },
    ...{ repeatable: isToldOtherwise, tell: tellOfReading },
  }),
  ...rows('writeFile', { ...WRITING, ...change(quickWriteFile) }),
  ...rows('appendFile', { ...WRITING, ...change(quickAppendFile) }),
];

/** Transfers on a file descriptor, whose callbacks get the byte count first. */
export const FS_TRANSFER_ROWS: readonly FsRow[] = [
  ...rows('read', { paths: [], fd: 0, options: 2, repeatable: false, quick: quickTransfer, access: readingAccess }),
  ...rows('write', {
    ...{ paths: [], fd: 0, data: 1, options: 2, repeatable: false, tell: tellOfWriting, access: 'write' },
    ...change(quickWrite),
  }),
  ...rows('readv', { paths: [], fd: 0, repeatable: false, access: 'write' }),
  ...rows('writev', { paths: [], fd: 0, data: 1, repeatable: false, access: 'write' }),
];
