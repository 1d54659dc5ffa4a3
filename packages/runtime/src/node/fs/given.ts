/**
 * Arguments as they are when a call is made: a blocking call saw nothing of what the program did to them later, and what suspends would. Options
 * are always read at once, bytes and paths only copied where the call suspends.
 */
import { types } from 'node:util';
import { bytesAsTheyAre, COPIED } from '../bytes.js';
import type { FsRow } from './table.js';

/** What functions of the table look up in an object of options. */
const OPTIONS = [
  ...['encoding', 'flag', 'mode', 'flush', 'signal', 'recursive', 'withFileTypes', 'bigint', 'throwIfNoEntry'],
  ...['offset', 'length', 'position', 'maxRetries', 'retryDelay', 'buffer'],
  // Errors name the class of what is no object of options.
  'constructor',
];

/** Whether an argument may hold options; the callback forms and the runtime take those as the blocking forms do. */
export function isOptions(arg: unknown): arg is object {
  return typeof arg === 'object' && arg !== null;
}

/**
 * Whether options can be read before the call: some blocking forms refuse arrays, and a Proxy may answer otherwise each time that it
 * is asked.
 */
export function isReadable(options: object): boolean {
  return !Array.isArray(options) && !types.isProxy(options);
}

/** `args` with options that stay as they are now. */
export function withOptions({ options: position }: FsRow, args: readonly unknown[]): readonly unknown[] {
  const options = position === undefined ? undefined : args[position];
  return isOptions(options) ? replaced(args, position as number, optionsAsTheyAre(options)) : args;
}

function replaced(args: readonly unknown[], position: number, value: unknown): readonly unknown[] {
  const result = [...args];
  result[position] = value;
  return result;
}

/** Options are read here, once. Whether they are own and enumerable stays: some functions do not see others. */
function optionsAsTheyAre(options: object): object {
  return isPlain(options) ? withoutSignal({ ...options }) : (valuesOf(options, options) as object);
}

function isPlain(options: object): boolean {
  return (
    Object.getPrototypeOf(options) === Object.prototype &&
    Object.keys(options).length === Object.getOwnPropertyNames(options).length
  );
}

/** @param level `options`, or what they inherit from */
function valuesOf(level: object | null, options: object): object | null {
  if (level === null || level === Object.prototype) return level;
  const own: PropertyDescriptorMap = {};
  for (const name of OPTIONS) {
    const { enumerable } = Object.getOwnPropertyDescriptor(level, name) ?? {};
    if (enumerable !== undefined) own[name] = { enumerable, value: Reflect.get(level, name, options), writable: true };
  }
  return withoutSignal(Object.create(valuesOf(Object.getPrototypeOf(level), options), own));
}

/** The blocking forms ignore `signal`, but for refusing what is none. */
function withoutSignal(options: { signal?: unknown }): object {
  if (Object.hasOwn(options, 'signal') && isSignal(options.signal)) options.signal = undefined;
  return options;
}

function isSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value;
}

/** `args` with paths, times and data that stay as they are now, but for large data. */
export function withBytes(
  { paths, data }: Pick<FsRow, 'paths' | 'data'>,
  args: readonly unknown[],
): readonly unknown[] {
  const result = [...args];
  // Not `map`, which the program may have replaced.
  for (let position = 0; position < result.length; position++) {
    const arg = result[position];
    if (position === data) result[position] = dataAsTheyAre(arg);
    else if (types.isDate(arg)) result[position] = new Date(arg);
    // What is read into is among the arguments of functions without paths.
    else if (paths.length > 0) result[position] = pathAsItIs(arg);
  }
  return result;
}

function pathAsItIs(path: unknown): unknown {
  if (path instanceof URL) return new URL(path.href);
  // Of the same class: what functions show of a path depends on it.
  return types.isUint8Array(path) ? Uint8Array.prototype.slice.call(path) : path;
}

function dataAsTheyAre(data: unknown): unknown {
  if (ArrayBuffer.isView(data)) return bytesAsTheyAre(data);
  return Array.isArray(data) ? viewsAsTheyAre(data) : data;
}

function viewsAsTheyAre(views: readonly unknown[]): readonly unknown[] {
  let size = 0;
  for (const view of views) size += ArrayBuffer.isView(view) ? view.byteLength : 0;
  const isSmall = size <= COPIED;
  return Array.from(views, (view) => (isSmall && ArrayBuffer.isView(view) ? bytesAsTheyAre(view) : view));
}
