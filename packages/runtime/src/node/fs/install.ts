/**
 * Twins of node:fs: they run the callback form on libuv's thread pool. Callbacks agree with the blocking forms more
 * often than promises do. Functions without a callback form that agrees have no twin and keep blocking: cpSync, rmSync on error
 * paths, opendirSync, globSync and what newer Nodes add to them.
 */
import fs from 'node:fs';
import { type Callable, linkTwin } from '../../twin/protocol.js';
import { type Offload, offload } from '../offload.js';
import { inPlace, mayCompleteInPlace, remember } from './inPlace.js';
import { resolvePaths } from './paths.js';
import { FS_FILE_ROWS, FS_ROWS, FS_TRANSFER_ROWS, type FsRow } from './table.js';

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
  linkRm();
}

function twinFor(row: FsRow, original: Callable, callbackForm: Callable): Callable {
  return function (this: unknown, ...args: unknown[]): unknown {
    const block = () => Reflect.apply(original, this, args);
    if (!isOffloadable(row, args)) return block();
    const [path] = args;
    const quick = row.quick !== undefined;
    if (quick && mayCompleteInPlace(path) && row.quick(args)) return inPlace(path, block);
    const { args: resolved, restore } = resolvePaths(withoutSignal(args), row.paths);
    return offload(start(callbackForm, this, resolved, block, row.repeatable, restore, quick ? path : undefined));
  };
}

function start(
  callbackForm: Callable,
  self: unknown,
  args: readonly unknown[],
  block: () => unknown,
  repeatOnFailure: boolean,
  restore: (error: unknown) => unknown,
  quickPath: unknown,
): Offload {
  // A trailing undefined stands for an argument that was not given; the callback goes behind it all the same.
  return {
    start: (done) =>
      Reflect.apply(callbackForm, self, [
        ...args,
        (error: unknown, ...results: unknown[]) => {
          if (quickPath !== undefined) remember(quickPath);
          done(error ? restore(error) : error, ...results);
        },
      ]),
    block,
    repeatOnFailure,
  };
}

/** Whether the callback form would take these arguments as the blocking form does; if not, the latter says what is wrong. */
function isOffloadable(row: FsRow, args: readonly unknown[]): boolean {
  // The callback forms would take a function for the callback.
  if (args.some((arg) => typeof arg === 'function')) return false;
  if (row.fd !== undefined && typeof args[row.fd] === 'number' && !isDescriptor(args[row.fd])) return false;
  if (row.fd !== undefined && row.paths.length === 0 && !isDescriptor(args[row.fd])) return false;
  switch (row.name) {
    case 'stat':
    case 'lstat':
      // Answers from an error; and a null for the options is refused by some blocking forms only.
      return args[1] !== null && (args[1] as { throwIfNoEntry?: unknown } | undefined)?.throwIfNoEntry !== false;
    case 'read':
      // Without a buffer the callback form allocates one.
      return ArrayBuffer.isView(args[1]);
    case 'write':
      return ArrayBuffer.isView(args[1]) || typeof args[1] === 'string';
    case 'readv':
    case 'writev':
      return Array.isArray(args[1]);
    case 'readdir':
      // Entries carry the path that was given, and Node 24 crashes on recursive listings of buffers.
      return !hasOption(args[1], 'withFileTypes') && !hasOption(args[1], 'recursive');
    default:
      return true;
  }
}

function hasOption(options: unknown, name: string): boolean {
  return typeof options === 'object' && options !== null && Boolean((options as Record<string, unknown>)[name]);
}

/** A descriptor that is open: asynchronous calls on others report another error, and some crash the process. */
function isDescriptor(fd: unknown): boolean {
  return Number.isInteger(fd) && (fd as number) >= 0 && (fd as number) <= 0x7fffffff;
}

/** The blocking forms ignore `signal`. */
function withoutSignal(args: readonly unknown[]): unknown[] {
  return args.map((arg) => {
    if (typeof arg !== 'object' || arg === null || ArrayBuffer.isView(arg) || !('signal' in arg)) return arg;
    return Object.create(arg, { signal: { value: undefined } });
  });
}

/** existsSync never throws: its callback has no error. */
function linkExists(): void {
  const { existsSync, access } = fs;
  linkTwin(existsSync, function (this: unknown, ...args: unknown[]): unknown {
    const [path] = args;
    if (typeof path === 'string' && mayCompleteInPlace(path)) {
      return inPlace(path, () => Reflect.apply(existsSync, this, args));
    }
    const { args: resolved } = resolvePaths(args.slice(0, 1), [0]);
    return offload({
      start: (done) =>
        access(resolved[0] as fs.PathLike, (error) => {
          remember(path);
          done(undefined, error === null);
        }),
      block: () => Reflect.apply(existsSync, this, args),
      repeatOnFailure: false,
    });
  });
}

function linkRealpathNative(): void {
  const original = fs.realpathSync.native;
  linkTwin(
    original,
    twinFor({ name: 'realpath.native', paths: [0], repeatable: true }, original, fs.realpath.native as Callable),
  );
}

/** The blocking form reports its template, the callback form the name that it tried. */
function linkMkdtemp(): void {
  const { mkdtempSync, mkdtemp } = fs;
  linkTwin(mkdtempSync, function (this: unknown, ...args: unknown[]): unknown {
    const block = () => Reflect.apply(mkdtempSync, this, args);
    const [prefix] = args;
    if (typeof prefix !== 'string' || !prefix.startsWith('/') || args.some((arg) => typeof arg === 'function'))
      return block();
    return offload({
      start: (done) => Reflect.apply(mkdtemp as Callable, this, [...args, done]),
      block,
      repeatOnFailure: false,
      describeFailure: (error) => restoreTemplate(error, prefix),
    });
  });
}

function restoreTemplate(error: unknown, prefix: string): unknown {
  const failed = error as Error & { path?: string };
  if (!(error instanceof Error) || typeof failed.path !== 'string') return error;
  const message = failed.message.replace(failed.path, () => `${prefix}XXXXXX`);
  if (typeof failed.stack === 'string') failed.stack = failed.stack.replace(failed.message, () => message);
  failed.message = message;
  failed.path = `${prefix}XXXXXX`;
  return error;
}

/**
 * rmSync of what exists, with `force` or not. Failures differ in shape from the blocking form's (Node 24 and later), so they are taken
 * from a blocking call, which fails on the same entry.
 */
function linkRm(): void {
  const { rmSync, rm } = fs;
  linkTwin(rmSync, twinFor({ name: 'rm', paths: [0], repeatable: true }, rmSync, rm as Callable));
}
