/** Which calls a spawner can make exactly as this process would, and what it has to be told for that. */
import type { SpawnOptions } from 'node:child_process';
import fs, { type Stats } from 'node:fs';
import { isAbsolute } from 'node:path';
import { asTwinsCall } from '../../monitor/twinForm.js';
import { within } from '../fs/paths.js';
import type { Request } from './collect.js';
import { identity } from './identity.js';

const statSync = asTwinsCall(fs.statSync);

/** What goes through the channel is copied several times, input while the loop stands still: more bytes than these do not. */
const MOST_INPUT = 4 * 1024 * 1024;
const MOST_OUTPUT = 64 * 1024 * 1024;

/** What a spawner has inherited when it was started. */
export interface Surroundings {
  /** See {@link identity}. */
  readonly identity: string;
  /** Of the directory: names may come to mean others. */
  readonly directory: Stats;
}

/** The request with its surroundings spelled out, if a child of the spawner would be like one of this process. */
export function sendableOf(request: Request, at: Surroundings): Request | undefined {
  const { file, args, options, input, maxBuffer } = request;
  if (maxBuffer > MOST_OUTPUT || (input?.length ?? 0) > MOST_INPUT || !isPlain(options)) return undefined;
  // Node warns this process of it.
  if (options.shell && args.length > 0) return undefined;
  // A child that asks who its parent is has to be a child of this process.
  if (![file, ...args].every((text) => typeof text === 'string' && !/ppid/i.test(text))) return undefined;
  if (input !== undefined && ['PPID', 'ppid'].some((text) => asBuffer(input).includes(text))) return undefined;
  try {
    if (identity() !== at.identity) return undefined;
    const cwd = directoryFor(options.cwd ?? undefined, at);
    return { ...request, options: { ...options, ...(cwd && { cwd }), env: copyOf(options.env ?? process.env) } };
  } catch {
    return undefined;
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/**
 * What tells the spawner the directory for a child.
 *
 * @throws where that is impossible: this process is in a directory that has been moved or removed
 */
function directoryFor(cwd: string | undefined, at: Surroundings): string | undefined {
  const current = statSync('.');
  if ((cwd !== undefined && isAbsolute(cwd)) || isSame(current, at.directory)) return cwd;
  const path = process.cwd();
  if (!isSame(current, statSync(path))) throw new Error('The directory has another name, or none.');
  return cwd === undefined ? path : within(path, cwd);
}

function isSame(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

type PlainOptions = SpawnOptions & { readonly cwd?: string | null };

/** Options that mean the same in another process. Descriptors do not. */
const PLAIN_OPTIONS: ReadonlyMap<string, (value: unknown) => boolean> = new Map(
  Object.entries<(value: unknown) => boolean>({
    argv0: isText,
    cwd: (value) => value === null || isText(value),
    detached: isBoolean,
    env: (value) => value === null || typeof value === 'object',
    gid: Number.isInteger,
    shell: (value) => isBoolean(value) || isText(value),
    stdio: (value) => (Array.isArray(value) ? value.every(isPlainStdio) : isPlainStdio(value)),
    uid: Number.isInteger,
    windowsHide: isBoolean,
  }),
);

function isPlain(options: SpawnOptions): options is PlainOptions {
  return Object.entries(options).every(
    ([name, value]) => value === undefined || PLAIN_OPTIONS.get(name)?.(value) === true,
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isPlainStdio(item: unknown): boolean {
  return item === undefined || item === null || item === 'pipe' || item === 'ignore';
}

/**
 * The variables as a child gets them.
 *
 * @throws where a copy could differ: children get inherited variables too, and any value as text
 */
function copyOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const copy = Object.create(null) as NodeJS.ProcessEnv;
  for (const name in env) {
    const value: unknown = env[name];
    if (!Object.hasOwn(env, name) || !['string', 'number', 'boolean', 'undefined'].includes(typeof value)) {
      throw new TypeError(`The variable ${name} is not plain.`);
    }
    copy[name] = value as string | undefined;
  }
  return copy;
}
