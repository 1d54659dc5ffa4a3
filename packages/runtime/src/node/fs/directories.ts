/** Twins of what lists and makes directories, whose results name the path that was given. */
import fs from 'node:fs';
import { normalize, resolve } from 'node:path';
import { type Callable, linkTwin } from '../../twin/protocol.js';
import { blockingCall } from '../blockingCall.js';
import { offload } from '../offload.js';

type Options = Readonly<Record<string, unknown>> | undefined;

function optionsOf(value: unknown): Options {
  return typeof value === 'object' && value !== null ? (value as Options) : undefined;
}

/**
 * Whether a listing carries the path that was given, in Dirents or below it, and cannot be had from the callback form: that path
 * is written in a way that Node normalises in some of the entries only, or is no string (Node 24 crashes on recursive listings of buffers).
 */
export function isAwkwardListing([path, options]: readonly unknown[]): boolean {
  const { withFileTypes, recursive, encoding } = optionsOf(options) ?? {};
  if (!withFileTypes && !recursive) return false;
  return typeof path !== 'string' || normalize(path) !== path || path.endsWith('/') || encoding === 'buffer';
}

/** Gives Dirents the path that the caller wrote in place of the absolute one. */
export function withWrittenPaths(listing: unknown, written: unknown): unknown {
  if (typeof written !== 'string' || written.startsWith('/') || !Array.isArray(listing)) return listing;
  const absolute = resolve(written);
  for (const entry of listing as { path?: string; parentPath?: string }[]) {
    if (typeof entry !== 'object') continue;
    for (const key of ['path', 'parentPath'] as const) {
      const own = Object.getOwnPropertyDescriptor(entry, key);
      if (typeof own?.value !== 'string' || !own.writable || !own.value.startsWith(absolute)) continue;
      entry[key] = written + own.value.slice(absolute.length);
    }
  }
  return listing;
}

/** The blocking form reports its template and keeps a relative prefix, the callback form the name that it tried. */
export function linkMkdtemp(): void {
  const { mkdtempSync, mkdtemp } = fs;
  linkTwin(mkdtempSync, function twin(this: unknown, ...args: unknown[]): unknown {
    const block = () => blockingCall(mkdtempSync, this, args, twin);
    const [prefix, options] = args;
    const encoding = optionsOf(options)?.encoding ?? options ?? 'utf8';
    if (typeof prefix !== 'string' || prefix === '' || prefix.includes('\0') || encoding !== 'utf8') return block();
    // Resolving drops a slash at the end, which makes the name begin with the random letters.
    const absolute = resolve(prefix) + (prefix.endsWith('/') ? '/' : '');
    return offload({
      start: (done) => mkdtemp(absolute, (error, made) => done(error, made && prefix + made.slice(absolute.length))),
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

/** Open directories: opendirSync, and the methods of what it returns. */
export function linkDirectories(): void {
  const { opendirSync, opendir, Dir } = fs;
  linkTwin(opendirSync, function twin(this: unknown, ...args: unknown[]): unknown {
    const block = () => blockingCall(opendirSync, this, args, twin);
    const [path, options] = args;
    const { bufferSize } = optionsOf(options) ?? {};
    // A relative path would show in the directory; and Node crashes on a buffer size of 0.
    if (typeof path !== 'string' || !path.startsWith('/') || bufferSize === 0 || isFunction(options)) return block();
    return offload({
      start: (done) => Reflect.apply(opendir as Callable, this, [path, options ?? {}, done]),
      block,
      repeatOnFailure: true,
    });
  });
  const prototype = Dir.prototype as unknown as Readonly<Record<string, Callable>>;
  for (const name of ['read', 'close']) {
    const original = prototype[`${name}Sync`];
    const callbackForm = prototype[name];
    if (original === undefined || callbackForm === undefined) continue;
    linkTwin(original, function twin(this: unknown): unknown {
      const block = () => blockingCall(original, this, [], twin);
      if (!(this instanceof Dir)) return block();
      return offload({
        start: (done) => Reflect.apply(callbackForm, this, [done]),
        block,
        repeatOnFailure: true,
      });
    });
  }
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
