/**
 * Twins of node:fs: they run the callback form on libuv's thread pool. Callbacks agree with the blocking forms more
 * often than promises do. Where no callback form agrees, the blocking one runs on a worker thread (`threaded.ts`).
 */
import fs from 'node:fs';
import { types } from 'node:util';
import { currentScope, type Interruption, interruptible } from '../../green/interruption.js';
import { asTwinsCall } from '../../monitor/twinForm.js';
import { type Callable, linkTwin } from '../../twin/protocol.js';
import { blockingCall } from '../blockingCall.js';
import { answer, type Done, type Offload, offload, starts } from '../offload.js';
import { linkDirectories, linkMkdtemp, withWrittenPath } from './directories.js';
import { heldBack, type Look, mayKeepWaiting } from './endless.js';
import { isOptions, isReadable, withBytes, withOptions } from './given.js';
import {
  ifNow,
  inLaterTurn,
  inPlace,
  isSlow,
  type Kind,
  NOT_NOW,
  quickOnPath,
  remember,
  wasQuick,
  wayOf,
} from './inPlace.js';
import { holdingFile, isExhaustedByCalls } from './openFiles.js';
import { filesAt, inOrder, isOrderFree, type Turn } from './order.js';
import {
  asItIs,
  directoryOfCall,
  hasRelative,
  isCurrent,
  type ResolvedArguments,
  resolvePaths,
  within,
} from './paths.js';
import { FS_FILE_ROWS, FS_ROWS, FS_TRANSFER_ROWS, type FsRow } from './table.js';
import { isRecursiveListing, linkCp, linkGlob, linkRm, listRecursively } from './threaded.js';
import { readDescriptor, readFileOf, readWhole } from './wholeRead.js';
import { wholeFileOf, writesWhole, writeWhole } from './wholeWrite.js';
import { isShownAsItIs } from './written.js';

const SLASH = 0x2f;

const exports = fs as unknown as Readonly<Record<string, Callable | undefined>>;

/** Links the twins. Functions that the running Node lacks get none. */
export function installFs(): void {
  for (const row of [...FS_ROWS, ...FS_FILE_ROWS, ...FS_TRANSFER_ROWS]) {
    const original = exports[`${row.name}Sync`];
    const callbackForm = exports[row.name];
    if (original === undefined || callbackForm === undefined) continue;
    linkTwin(original, twinFor(row, original, callbackForm));
  }
  linkExists();
  linkRealpathNative();
  linkMkdtemp();
  linkDirectories();
  linkRm();
  linkCp();
  linkGlob();
}

/** One call of a twin. */
interface Call {
  readonly self: unknown;
  /** As they are when the call is made: see `given.ts`. */
  args: readonly unknown[];
  /** Whether the bytes among the arguments are those of that time, too. */
  isKept: boolean;
  /** What was found at the last path that was looked at. */
  look: Look | undefined;
  readonly block: () => unknown;
}

function twinFor(row: FsRow, original: Callable, callbackForm: Callable): Callable {
  const positions = row.paths.length > 0 ? row.paths : [row.fd ?? 0];
  return function twin(this: unknown, ...given: unknown[]): unknown {
    if (isPlainCall(row, given)) {
      const isQuick = () => row.quick?.(given) === true;
      const block = () => blockingCall(original, this, given, twin);
      const result = unlessExhausted(() => ifNow(kindOf(row, given), given[0], isQuick, block));
      if (result !== NOT_NOW) return result;
    }
    const call: Call = {
      self: this,
      args: given,
      isKept: false,
      look: undefined,
      block: () => blockingCall(original, this, call.args, twin),
    };
    if (!isOffloadable(row, given)) return call.block();
    call.args = withOptions(row, given);
    const { args, block } = call;
    if (row.name === 'readdir' && isRecursiveListing(args))
      return interruptible((interruption) => listRecursively(args, block, interruption));
    const directory = directoryOfCall(args, row.paths);
    if (directory === undefined) return block();
    if (row.access === undefined) return interruptible((interruption) => perform(call, directory, interruption));
    const access = typeof row.access === 'function' ? row.access(args) : row.access;
    return interruptible(
      (interruption) =>
        inOrder(
          () => filesAt(args, positions),
          access,
          (turn) => (interruption?.isInterrupted === true ? undefined : perform(call, directory, interruption, turn)),
          () => keep(call),
        ),
      disposeOf(row),
    );
  };

  function keep(call: Call): void {
    if (!call.isKept) call.args = withBytes(row, call.args);
    call.isKept = true;
  }

  function perform(call: Call, directory: string, interruption: Interruption | undefined, turn?: Turn): unknown {
    const { quick } = row;
    const kind = kindOf(row, call.args);
    const path = call.args[0];
    const isQuick = () => quick?.(call.args) === true;
    const way = quick === undefined || !isCurrent(directory) ? 'pool' : wayOf(kind, path, isQuick);
    if (way === 'now') {
      const result = unlessExhausted(() => inPlace(kind, path, call.block));
      if (result !== NOT_NOW) return result;
    }
    keep(call);
    const { args, block } = call;
    if (way === 'later' && !hasRelative(args, row.paths)) {
      return offload(
        inLaterTurn(kind, path, isQuick, block, () => poolCall(call, kind, args, asItIs, undefined, interruption)),
        turn,
      );
    }
    const { args: resolved, restore } = resolvePaths(args, row.paths, directory);
    const collect = resolved[0] === args[0] ? undefined : collectWritten(row.name, path, directory);
    const onPool = poolCall(call, kind, resolved, restore, collect, interruption);
    const onLook = (look: Look) => {
      call.look = look;
    };
    // Who writes a whole file has asked about it in place, where nothing is known against that.
    const isAsked = !isSlow('ask', path) && writesWhole(row.name, resolved);
    const isKnown = (position: number) => isCurrent(directory) && (isAsked || wasQuick('ask', args[position]));
    return offload(heldBack(onPool, row.name, args, resolved, isKnown, interruption, onLook), turn);
  }

  /**
   * @param resolved `args` with absolute paths
   * @param written gives an error the paths that the caller wrote
   */
  function poolCall(
    call: Call,
    kind: Kind,
    resolved: readonly unknown[],
    written: ResolvedArguments['restore'],
    collect: Offload['collect'],
    interruption: Interruption | undefined,
  ): Offload {
    const { self, args, block } = call;
    const path = args[0];
    // What realpathSync asks the file system about is absolute.
    const restore = row.name === 'realpath' ? (error: unknown) => error : written;
    const repeat = () => {
      try {
        return Reflect.apply(asTwinsCall(original), self, resolved);
      } catch (error) {
        throw restore(error);
      }
    };
    const readsDescriptor = row.name === 'readFile' && typeof path === 'number';
    const start = (done: Done): unknown => {
      if (readsDescriptor) return readDescriptor(path, args[1], done);
      const finish = (error: unknown, result?: unknown): void => {
        if (row.quick !== undefined) remember(kind, path);
        if (error && (mayAnswerMissing(args[1]) || makesParents(row, args))) answer(repeat, done);
        else if (error && row.tell !== undefined) row.tell(restore(error), original, resolved, done);
        else done(error ? restore(error) : error, result);
      };
      if (!isSlow('ask', path)) {
        const toRead = row.name === 'readFile' ? readFileOf(resolved) : undefined;
        if (toRead !== undefined && mayKeepWaiting(call.look)) return readWhole(toRead, call.look, finish);
        if (toRead !== undefined)
          return holdingFile(
            (end, isLate) => readWhole(toRead, isLate ? undefined : call.look, end),
            finish,
            interruption,
          );
        const toWrite = wholeFileOf(row.name, resolved);
        if (toWrite !== undefined) return writeWhole(toWrite, call.look, interruption, finish);
      }
      // A trailing undefined stands for an argument that was not given; the callback goes behind it all the same.
      const begin = (end: Done) => Reflect.apply(callbackForm, self, [...resolved, end]);
      if (!opensFile(row, path) || mayKeepWaiting(call.look)) return begin(finish);
      holdingFile(
        (end) => {
          if (!starts({ start: begin, block, repeatOnFailure: false }, end)) answer(block, end);
        },
        finish,
        interruption,
      );
    };
    return {
      start,
      block,
      collect,
      repeatOnFailure: row.repeatable,
      repeat,
    };
  }
}

/**
 * Whether a call needs nothing but to be made, if it is quick: most are about one path that does not depend on the working directory, or a descriptor. What
 * their options say is not asked twice.
 */
function isPlainCall({ quick, paths, options, name }: FsRow, args: readonly unknown[]): boolean {
  if (quick === undefined || paths.length > 1 || !isOrderFree() || currentScope() !== undefined) return false;
  const file = args[0];
  if (typeof file === 'string' ? file.charCodeAt(0) !== SLASH : typeof file !== 'number') return false;
  const option = options === undefined ? undefined : args[options];
  return typeof option !== 'object' || (quick === quickOnPath && name !== 'readdir');
}

/** Calls that open files by their paths. */
const OPENING: ReadonlySet<string> = new Set(['open', 'readFile', 'writeFile', 'appendFile', 'copyFile', 'readdir']);

function opensFile({ name }: FsRow, file: unknown): boolean {
  return typeof file !== 'number' && OPENING.has(name);
}

/** Makes a call in place; {@link NOT_NOW} if it has to wait for the descriptors of others. */
function unlessExhausted(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (isExhaustedByCalls(error)) return NOT_NOW;
    throw error;
  }
}

function kindOf({ kind = 'ask' }: FsRow, args: readonly unknown[]): Kind {
  return typeof kind === 'function' ? kind(args) : kind;
}

/** What makes results that name files of those that name them by absolute paths. */
function collectWritten(name: string, path: unknown, directory: string): Offload['collect'] {
  if (name === 'readdir') return (list) => withWrittenPath(list, path);
  // The first directory that was made, as far as the path tells it.
  const start = within(directory, '').length;
  return name === 'mkdir' ? (made) => (typeof made === 'string' ? made.slice(start) : made) : undefined;
}

/** What gives back a descriptor that nobody waits for any more. */
function disposeOf({ name }: FsRow): ((fd: unknown) => void) | undefined {
  if (name !== 'open') return undefined;
  return (fd) => {
    // It may not have been opened at all.
    if (typeof fd === 'number') fs.close(fd);
  };
}

/** A missing file may be an answer: `statSync(path, { throwIfNoEntry: false })`. Which errors are differs between versions. */
function mayAnswerMissing(options: unknown): boolean {
  return typeof options === 'object' && (options as { throwIfNoEntry?: unknown } | null)?.throwIfNoEntry === false;
}

/** What keeps a recursive mkdir from making a directory is not told alike. To make directories again does no harm. */
function makesParents({ name }: FsRow, args: readonly unknown[]): boolean {
  return name === 'mkdir' && isRecursive(args);
}

function isRecursive([, options]: readonly unknown[]): boolean {
  return Boolean((options as { recursive?: unknown } | null | undefined)?.recursive);
}

/** Whether the callback form would take these arguments as the blocking form does; if not, the latter says what is wrong. */
function isOffloadable(row: FsRow, args: readonly unknown[]): boolean {
  // The callback forms would take a function for the callback.
  for (const arg of args) if (typeof arg === 'function') return false;
  const options = row.options === undefined ? undefined : args[row.options];
  if (isOptions(options) && !isReadable(options)) return false;
  for (const position of row.paths) if (!isShownAsItIs(args[position])) return false;
  if (row.fd !== undefined && typeof args[row.fd] === 'number' && !isDescriptor(args[row.fd])) return false;
  if (row.fd !== undefined && row.paths.length === 0 && !isDescriptor(args[row.fd])) return false;
  switch (row.name) {
    case 'stat':
    case 'lstat':
    case 'fstat':
      // Refused by some blocking forms only.
      return args[1] !== null;
    case 'rmdir':
      // The callback form takes a link with a slash behind it for what it leads to, and fails with other errors. Both warn of the option,
      // which Node 26 has no more.
      return !isRecursive(args);
    case 'read':
      // Without a buffer the callback form allocates one, and it takes what is behind options for an offset and a length.
      return ArrayBuffer.isView(args[1]) && (typeof args[2] !== 'object' || args.length === 3);
    case 'write':
      return ArrayBuffer.isView(args[1]) || typeof args[1] === 'string';
    case 'realpath':
      // Becomes a list of numbers.
      return !types.isUint8Array(args[0]) || Buffer.isBuffer(args[0]);
    case 'readv':
    case 'writev':
      return Array.isArray(args[1]);
    default:
      return true;
  }
}

/** A descriptor that is open: asynchronous calls on others report another error, and some crash the process. */
function isDescriptor(fd: unknown): boolean {
  return Number.isInteger(fd) && (fd as number) >= 0 && (fd as number) <= 0x7fffffff;
}

const EXISTS: FsRow = { name: 'exists', paths: [0], repeatable: false, quick: quickOnPath };

/** existsSync never throws: its callback has no error. */
function linkExists(): void {
  const { existsSync, access } = fs;
  linkTwin(existsSync, function (this: unknown, ...given: unknown[]): unknown {
    if (isPlainCall(EXISTS, given)) {
      const block = () => Reflect.apply(asTwinsCall(existsSync), this, given);
      const result = ifNow('ask', given[0], () => true, block);
      if (result !== NOT_NOW) return result;
    }
    const args = withBytes({ paths: [0] }, given);
    const directory = directoryOfCall(args, [0]);
    if (directory === undefined) return Reflect.apply(asTwinsCall(existsSync), this, args);
    return interruptible(() =>
      inOrder(
        () => filesAt(args, [0]),
        'read',
        (turn) => perform(this, args, directory, turn),
      ),
    );
  });
  function perform(self: unknown, args: readonly unknown[], directory: string, turn: Turn): unknown {
    const [path] = args;
    const block = () => Reflect.apply(asTwinsCall(existsSync), self, args);
    const way = typeof path === 'string' && isCurrent(directory) ? wayOf('ask', path, () => true) : 'pool';
    if (way === 'now') return inPlace('ask', path, block);
    const onPool = () => {
      const { args: resolved } = resolvePaths(args.slice(0, 1), [0], directory);
      return {
        start: (done: Done) =>
          access(resolved[0] as fs.PathLike, (error) => {
            remember('ask', path);
            done(undefined, error === null);
          }),
        block,
        repeatOnFailure: false,
      };
    };
    return offload(way === 'later' ? inLaterTurn('ask', path, () => true, block, onPool) : onPool(), turn);
  }
}

function linkRealpathNative(): void {
  const original = fs.realpathSync.native;
  linkTwin(
    original,
    twinFor(
      { name: 'realpath.native', paths: [0], repeatable: true, quick: quickOnPath },
      original,
      fs.realpath.native as Callable,
    ),
  );
}
