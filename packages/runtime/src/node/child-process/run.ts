/** spawnSync's result, obtained through `spawn`: here, or in the spawner. */
import type { SpawnOptions, SpawnSyncReturns } from 'node:child_process';
import type { Interruption } from '../../green/interruption.js';
import { asWait } from '../../twin/waits.js';
import { collect, type Outcome, type Request } from './collect.js';
import { errno } from './errors.js';
import { maySpawn, paced } from './queue.js';
import { runInSpawner } from './spawner.js';

export interface RunOptions extends SpawnOptions {
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
 * Runs a child as spawnSync does. Working directory and environment are those at the time of the call.
 *
 * @param file the program
 * @param args its arguments, without the program
 * @param interruption stops the child as a time limit does
 * @returns the result that spawnSync returns; failures to spawn are in `error`. Rejects if the output cannot be decoded
 */
export async function run(
  file: string,
  args: readonly string[],
  options: RunOptions,
  interruption: Interruption | undefined,
): Promise<RunResult> {
  const outcome = await asWait(outcomeOf(requestOf(file, args, options), interruption));
  return result(outcome, file, args, options);
}

function requestOf(file: string, args: readonly string[], options: RunOptions): Request {
  const { encoding, maxBuffer: _maxBuffer, timeout, killSignal, input, ...rest } = options;
  // An explicit undefined replaces the default.
  const maxBuffer = Object.hasOwn(options, 'maxBuffer') ? options.maxBuffer : DEFAULT_MAX_BUFFER;
  const spawnOptions: SpawnOptions = { ...rest, stdio: options.stdio ?? 'pipe' };
  delete spawnOptions.signal;
  return {
    file,
    args,
    options: spawnOptions,
    input: input === undefined || input === null || input === '' ? undefined : bytes(input, encoding),
    maxBuffer: maxBuffer || Infinity,
    timeout: timeout ?? 0,
    killSignal: killSignal ?? 'SIGTERM',
  };
}

function outcomeOf(request: Request, interruption: Interruption | undefined): Promise<Outcome> {
  return runInSpawner(request, interruption) ?? runHere(request, interruption);
}

/** Of a child that was interrupted before it was spawned: nobody takes it. */
const NOT_RUN: Outcome = { code: undefined, status: null, signal: null, output: null, pid: 0 };

function runHere(request: Request, interruption: Interruption | undefined): Promise<Outcome> {
  const directory = currentDirectory();
  const options: SpawnOptions = { ...request.options };
  // A copy is not needed where nothing can change the original before the spawn.
  if ((options.env ?? undefined) === undefined && !maySpawn()) options.env = { ...process.env };
  return new Promise((resolve) => {
    paced(() => {
      if (interruption?.isInterrupted) {
        resolve(NOT_RUN);
        return;
      }
      // Changing to the directory that is the current one anyway would cost the child a system call.
      if ((options.cwd ?? undefined) === undefined && currentDirectory() !== directory) options.cwd = directory;
      const stop = collect({ ...request, options }, resolve);
      if (interruption !== undefined) interruption.release = stop;
    });
  });
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
  return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
}

function decode(data: Uint8Array, encoding: RunOptions['encoding']): string | Buffer {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
}

/** What stands for the output where there was no child. */
const NO_OUTPUT = Number(process.versions.node.split('.')[0]) >= 22 ? undefined : null;

/** In spawnSync's order of keys. */
function result(outcome: Outcome, file: string, args: readonly string[], options: RunOptions): RunResult {
  const { code, status, signal, pid } = outcome;
  const output = outcome.output?.map((data) => (data === null ? null : decode(data, options.encoding))) ?? null;
  const stdout = output === null ? NO_OUTPUT : output[1];
  const stderr = output === null ? NO_OUTPUT : output[2];
  const error = code === undefined ? undefined : spawnError(code, file, args, options);
  return { ...(error && { error }), status, signal, output, pid, stdout, stderr } as RunResult;
}

function spawnError(code: string, file: string, args: readonly string[], options: RunOptions): NodeJS.ErrnoException {
  const shell = options.shell;
  const program = shell ? (typeof shell === 'string' ? shell : '/bin/sh') : file;
  const error = new Error(`spawnSync ${program} ${code}`) as NodeJS.ErrnoException & { spawnargs: readonly string[] };
  error.errno = errno(code);
  error.code = code;
  error.syscall = `spawnSync ${program}`;
  error.path = program;
  error.spawnargs = shell ? ['-c', [file, ...args].join(' ')] : [...args];
  return error;
}
