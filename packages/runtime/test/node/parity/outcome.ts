/** Everything that can be seen of a call but what differs between any two: as plain data whose order counts. */
import fs from 'node:fs';
import { LONG_AGO } from './sandbox.js';

/** Fields of Stats that are those of the file, not of the moment or the disk. */
const LASTING: ReadonlySet<string> = new Set(['mode', 'nlink', 'uid', 'gid', 'rdev', 'size']);

/** The function that makes all calls here: stacks have to name it. */
const CALLER = 'theProgram';

export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** Waits for what `call` returns, or throws. */
export async function outcomeOf(call: () => unknown): Promise<Outcome> {
  try {
    return { value: plain(await theProgram(call)) };
  } catch (error) {
    return { error: plain(error) };
  }
}

async function theProgram(call: () => unknown): Promise<unknown> {
  return await call();
}

export function plain(value: unknown, within: readonly unknown[] = []): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value !== 'object' || value === null) return value;
  if (within.includes(value)) return `circle ${within.indexOf(value)}`;
  const inner = [...within, value];
  if (ArrayBuffer.isView(value)) return [value.constructor.name, bytesOf(value)];
  if (Array.isArray(value)) return value.map((item) => plain(item, inner));
  const own = Object.entries(value).map(([key, field]) => [key, plain(field, inner)]);
  if (value instanceof Error) return errorOf(value, own);
  if (value instanceof fs.Dirent) return [...own, kindOf(value), value.parentPath];
  if (value instanceof fs.Dir) {
    const { path } = value;
    value.closeSync();
    return ['Dir', path, own];
  }
  if ('mode' in value && 'ino' in value) return statsOf(value as fs.Stats);
  // Of a file system, only what it is lasts.
  if ('bfree' in value)
    return [value.constructor.name, own.map(([key, field]) => [key, key === 'type' ? field : typeof field])];
  return [value.constructor?.name, own];
}

function bytesOf(view: ArrayBufferView): string {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('latin1');
}

function errorOf(error: Error, own: readonly unknown[]): unknown {
  const stack = String(error.stack);
  return {
    class: error.constructor.name,
    name: error.name,
    message: error.message,
    own,
    keys: Reflect.ownKeys(error).map(String),
    head: stack.split('\n    at ')[0],
    namesCaller: stack.includes(CALLER),
  };
}

const KINDS = ['isFile', 'isDirectory', 'isSymbolicLink', 'isFIFO', 'isSocket', 'isBlockDevice', 'isCharacterDevice'];

function kindOf(of: object): unknown {
  return KINDS.filter((kind) => (of as Record<string, () => boolean>)[kind]?.());
}

function statsOf(stats: fs.Stats): unknown {
  const fields = Object.entries(stats).map(([key, value]) => {
    if (LASTING.has(key)) return [key, plain(value)];
    return [key, Number(value) === LONG_AGO * 1000 ? 'long ago' : typeof value];
  });
  return [stats.constructor.name, fields, kindOf(stats), stats.mtime instanceof Date];
}

/** What a descriptor is at: its position and flags, as Linux tells them. */
export function descriptorOf(fd: number): unknown {
  try {
    const info = fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
    return [fs.readlinkSync(`/proc/self/fd/${fd}`), info.split('\n').slice(0, 2)];
  } catch {
    return 'closed';
  }
}
