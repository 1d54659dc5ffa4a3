/** Twins of what lists and makes directories, whose results name the path that was given. */
import fs from 'node:fs';
import { resolve } from 'node:path';
import { interruptible } from '../../green/interruption.js';
import { isError } from '../../twin/objects.js';
import { type Callable, linkTwin, twinOf } from '../../twin/protocol.js';
import { blockingCall } from '../blockingCall.js';
import { type Offload, offload } from '../offload.js';
import { directoryOfCall, within } from './paths.js';
import { isShownAsItIs } from './written.js';

type Options = Readonly<Record<string, unknown>> | undefined;

function optionsOf(value: unknown): Options {
  return typeof value === 'object' && value !== null ? (value as Options) : undefined;
}

/** Gives the entries of one directory the path that the caller wrote in place of the absolute one. */
export function withWrittenPath(listing: unknown, written: unknown): unknown {
  if (!Array.isArray(listing)) return listing;
  for (const entry of listing as object[]) {
    if (!(entry instanceof fs.Dirent)) continue;
    for (const key of ['path', 'parentPath']) {
      if (Object.hasOwn(entry, key)) Reflect.set(entry, key, written);
    }
  }
  return listing;
}

/** mkdtempSync, and mkdtempDisposableSync where Node has it. */
export function linkMkdtemp(): void {
  linkTemporary(fs.mkdtempSync as Callable, (path) => path);
  const { mkdtempDisposableSync } = fs as { mkdtempDisposableSync?: Callable };
  if (mkdtempDisposableSync !== undefined) linkTemporary(mkdtempDisposableSync, disposable);
}

/**
 * The blocking form reports its template and keeps a relative prefix, the callback form the name that it tried.
 *
 * @param result what the blocking form returns, of the path as it is shown and as it is
 */
function linkTemporary(original: Callable, result: (path: string, absolute: string) => unknown): void {
  const { mkdtemp, rmdir } = fs;
  linkTwin(original, function twin(this: unknown, ...args: unknown[]): unknown {
    const block = () => blockingCall(original, this, args, twin);
    const [prefix, options] = args;
    const encoding = optionsOf(options)?.encoding ?? options ?? 'utf8';
    if (typeof prefix !== 'string' || prefix === '' || prefix.includes('\0') || encoding !== 'utf8') return block();
    if (!isShownAsItIs(prefix)) return block();
    const directory = directoryOfCall(args, [0]);
    if (directory === undefined) return block();
    const absolute = prefix.startsWith('/') ? prefix : within(directory, prefix);
    let made = '';
    const call: Offload = {
      start: (done) =>
        mkdtemp(absolute, (error, path) => {
          made = path;
          done(error, path && result(prefix + path.slice(absolute.length), path));
        }),
      block,
      repeatOnFailure: false,
      describeFailure: (error) => restoreTemplate(error, prefix),
    };
    return interruptible(
      () => offload(call),
      () => rmdir(made, () => {}),
    );
  });
}

/** What mkdtempDisposableSync returns: its `remove` goes by the absolute path, and has a twin as rmSync has. */
function disposable(path: string, absolute: string): unknown {
  const { rmSync } = fs;
  const whole = resolve(absolute);
  const all = { recursive: true, force: true };
  const remove = (): void => rmSync(whole, all);
  linkTwin(remove, () => (twinOf(rmSync) ?? rmSync)(whole, all));
  const dispose = Symbol.dispose as symbol;
  const result = {
    path,
    remove,
    [dispose](): void {
      remove();
    },
  };
  linkTwin(result[dispose] as Callable, () => (twinOf(remove) ?? remove)());
  return result;
}

function restoreTemplate(error: unknown, prefix: string): unknown {
  const failed = error as Error & { path?: string };
  if (!isError(error) || typeof failed.path !== 'string') return error;
  const message = failed.message.replace(failed.path, () => `${prefix}XXXXXX`);
  if (typeof failed.stack === 'string') failed.stack = failed.stack.replace(failed.message, () => message);
  failed.message = message;
  failed.path = `${prefix}XXXXXX`;
  return error;
}

/** Open directories: opendirSync, and the methods of what it returns. */
export function linkDirectories(): void {
  const { opendirSync, opendir, Dir } = fs;
  linkTwin(opendirSync, function twin(this: unknown, ...args: unknown[]): unknown {
    const block = () => blockingCall(opendirSync, this, args, twin);
    const [path, options] = args;
    const { bufferSize } = optionsOf(options) ?? {};
    // A relative path shows in the directory and its entries, and no other form of the call keeps it: that call, which reads nothing
    // yet, is made in place. Node crashes on a buffer size of 0.
    if (typeof path !== 'string' || !path.startsWith('/') || bufferSize === 0 || isFunction(options)) return block();
    const call: Offload = {
      start: (done) => Reflect.apply(opendir as Callable, this, [path, options ?? {}, done]),
      block,
      repeatOnFailure: true,
    };
    return interruptible(
      () => offload(call),
      (opened) => (opened as fs.Dir).close(() => {}),
    );
  });
  const prototype = Dir.prototype as unknown as Readonly<Record<string | symbol, Callable>>;
  const { read, readSync, close, closeSync } = prototype;
  if (readSync !== undefined && read !== undefined) linkMethod(readSync, read);
  if (close === undefined) return;
  if (closeSync !== undefined) linkMethod(closeSync, close);
  // Node 20 has no such method.
  const dispose = prototype[(Symbol as { readonly dispose?: symbol }).dispose ?? ''];
  if (dispose !== undefined) linkMethod(dispose, disposal(close as Callable));
}

/** Closes a directory that may be closed already. */
function disposal(close: Callable): Callable {
  return function (this: unknown, done: unknown): void {
    const closed = (error: NodeJS.ErrnoException | null) =>
      (done as (error: unknown) => void)(error?.code === 'ERR_DIR_CLOSED' ? null : error);
    Reflect.apply(close, this, [closed]);
  };
}

/** Links a method of directories without arguments. */
function linkMethod(original: Callable, callbackForm: Callable): void {
  linkTwin(original, function twin(this: unknown): unknown {
    const block = () => blockingCall(original, this, [], twin);
    if (!(this instanceof fs.Dir)) return block();
    const call: Offload = {
      start: (done) => Reflect.apply(callbackForm, this, [done]),
      block,
      repeatOnFailure: true,
    };
    return interruptible(() => offload(call));
  });
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
