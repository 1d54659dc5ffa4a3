/** spawnSync's result, obtained through `spawn`: here, or in the spawner. */
import type { SpawnOptions, SpawnSyncReturns } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Interruption } from '../../green/interruption.js';
import { asWait } from '../../twin/waits.js';
import { within } from '../fs/paths.js';
import type { Call } from './call.js';
import type { Outcome, Request } from './collect.js';
import { errno } from './errors.js';
import { collectInTurn, mayWait } from './queue.js';
import { runInSpawner } from './spawner.js';

export interface RunOptions extends Omit<SpawnOptions, 'cwd'> {
  readonly cwd?: string | Uint8Array | URL | null;
  readonly input?: string | NodeJS.ArrayBufferView | null;
  readonly encoding?: BufferEncoding | 'buffer' | null;
  readonly maxBuffer?: number | null;
  readonly timeout?: number;
  readonly killSignal?: NodeJS.Signals | number;
}

/** As spawnSync: `error` comes first where there is one, and only then. */
export type RunResult = SpawnSyncReturns<string | Buffer>;

const DEFAULT_MAX_BUFFER = 1024 * 1024;

/**
 * Runs a child as spawnSync does. Everything is taken as it is at the time of the call: options, working directory, environment.
 *
 * @param interruption stops the child as a time limit does
 * @returns the result that spawnSync returns; failures to spawn are in `error`. Rejects if the output cannot be decoded
 */
export async function run(call: Call, interruption: Interruption | undefined): Promise<RunResult> {
  const outcome = await asWait(outcomeOf(requestOf(call), interruption));
  return result(outcome, call);
}

/** Options that mean the same to `spawn`, which has more of them than spawnSync. */
const SAME = ['argv0', 'detached', 'gid', 'shell', 'uid', 'windowsHide', 'windowsVerbatimArguments'] as const;

function requestOf({ file, args, options }: Call): Request {
  const { cwd, encoding, env, timeout, killSignal, input, stdio } = options;
  // An explicit undefined replaces the default.
  const maxBuffer = Object.hasOwn(options, 'maxBuffer') ? options.maxBuffer : DEFAULT_MAX_BUFFER;
  const same = SAME.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return {
    file,
    args: Array.from(args, (arg) => argumentText(arg, options)),
    // Without a prototype: options that it may have been given are no options of the call.
    options: Object.assign(Object.create(null) as SpawnOptions, Object.fromEntries(same), {
      ...(env && { env }),
      ...((cwd ?? undefined) !== undefined && { cwd: directoryText(cwd as string | Uint8Array | URL) }),
      stdio: Array.isArray(stdio) ? stdio.slice() : stdio || 'pipe',
    }),
    input: input ? bytes(input, encoding) : undefined,
    maxBuffer: maxBuffer || Infinity,
    timeout: timeout ?? 0,
    killSignal: killSignal ?? 'SIGTERM',
  };
}

/** An argument as a child gets it. For a shell, they are joined first, as arrays are. */
function argumentText(arg: unknown, { shell }: RunOptions): string {
  return shell ? [arg].join() : `${arg}`;
}

/** The directory as spawnSync reads it; `spawn` knows only text and URLs. */
function directoryText(cwd: string | Uint8Array | URL): string {
  return typeof cwd === 'string' || ArrayBuffer.isView(cwd) ? String(cwd) : fileURLToPath(cwd);
}

function outcomeOf(request: Request, interruption: Interruption | undefined): Promise<Outcome> {
  return runInSpawner(request, interruption) ?? runHere(request, interruption);
}

function runHere(request: Request, interruption: Interruption | undefined): Promise<Outcome> {
  const directory = currentDirectory();
  const { cwd, env } = request.options;
  // A copy is not needed where nothing can change the original before the spawn.
  const copied = mayWait() ? { env: env === undefined ? { ...process.env } : variablesOf(env) } : {};
  const options: SpawnOptions = { ...request.options, ...copied };
  // Changing to the directory that is the current one anyway would cost the child a system call.
  const inDirectory = (): Request =>
    directory === undefined || currentDirectory() === directory
      ? { ...request, options }
      : { ...request, options: { ...options, cwd: from(directory, cwd as string | undefined) } };
  return new Promise((resolve) => {
    const stop = collectInTurn(inDirectory, resolve);
    if (interruption !== undefined) interruption.release = stop;
  });
}

/** `cwd` as it is seen from `directory`. */
function from(directory: string, cwd: string | undefined): string {
  if (cwd === undefined) return directory;
  return isAbsolute(cwd) ? cwd : within(directory, cwd);
}

/** The variables as a child gets them: inherited ones too, and any value as text. */
function variablesOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const variables = Object.create(null) as NodeJS.ProcessEnv;
  for (const name in env) {
    const value: unknown = env[name];
    if (value !== undefined) variables[name] = `${value}`;
  }
  return variables;
}

/** Undefined where it has been removed: children inherit it all the same. */
function currentDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

function bytes(input: string | NodeJS.ArrayBufferView, encoding: RunOptions['encoding']): Uint8Array {
  if (typeof input === 'string') return Buffer.from(input, encoding && encoding !== 'buffer' ? encoding : 'utf8');
  // A copy, since the child reads it later.
  return Buffer.from(new Uint8Array(input.buffer, input.byteOffset, input.byteLength));
}

function decode(data: Uint8Array, encoding: RunOptions['encoding']): string | Buffer {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
}

/** What stands for the output where there was no child. */
const NO_OUTPUT = Number(process.versions.node.split('.')[0]) >= 22 ? undefined : null;

/** In spawnSync's order of keys. */
function result(outcome: Outcome, call: Call): RunResult {
  const { options } = call;
  const { code, status, signal, pid } = outcome;
  const output = outcome.output?.map((data) => (data === null ? null : decode(data, options.encoding))) ?? null;
  const stdout = output === null ? NO_OUTPUT : output[1];
  const stderr = output === null ? NO_OUTPUT : output[2];
  const error = code === undefined ? undefined : spawnError(code, call);
  return { ...(error && { error }), status, signal, output, pid, stdout, stderr } as RunResult;
}

function spawnError(code: string, { file, args, options: { shell } }: Call): NodeJS.ErrnoException {
  const program = shell ? (typeof shell === 'string' ? shell : '/bin/sh') : file;
  const error = new Error(`spawnSync ${program} ${code}`) as NodeJS.ErrnoException & { spawnargs: readonly unknown[] };
  error.errno = errno(code);
  error.code = code;
  error.syscall = `spawnSync ${program}`;
  error.path = program;
  error.spawnargs = shell ? ['-c', [file, ...args].join(' ')] : [...args];
  return error;
}
