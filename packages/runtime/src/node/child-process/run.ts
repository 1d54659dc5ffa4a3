/** spawnSync's result, obtained through `spawn`. */
import childProcess, { type ChildProcess, type SpawnOptions, type SpawnSyncReturns } from 'node:child_process';
import type { Interruption } from '../../green/interruption.js';
import { errno } from './errors.js';
import { maySpawn, paced } from './queue.js';

const { spawn } = childProcess;

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
export function run(
  file: string,
  args: readonly string[],
  options: RunOptions,
  interruption: Interruption | undefined,
): Promise<RunResult> {
  const { encoding: _encoding, maxBuffer: _maxBuffer, timeout, killSignal, input, ...rest } = options;
  // An explicit undefined replaces the default.
  const maxBuffer = Object.hasOwn(options, 'maxBuffer') ? options.maxBuffer : DEFAULT_MAX_BUFFER;
  const directory = currentDirectory();
  const spawnOptions: SpawnOptions = {
    ...rest,
    stdio: stdioOf(options),
    // A copy is not needed where nothing can change the original before the spawn.
    ...((options.env ?? undefined) === undefined && !maySpawn() && { env: { ...process.env } }),
  };
  delete spawnOptions.signal;
  // spawn's own time limit and spawnSync's differ in what they kill and report.
  delete (spawnOptions as { timeout?: number }).timeout;
  return new Promise((resolve, reject) => {
    paced(() => {
      if (interruption?.isInterrupted) return;
      let child: ChildProcess;
      // Changing to the directory that is the current one anyway would cost the child a system call.
      if ((options.cwd ?? undefined) === undefined && currentDirectory() !== directory) spawnOptions.cwd = directory;
      try {
        child = spawn(file, args, spawnOptions);
      } catch (error) {
        resolve(spawnFailure(error as NodeJS.ErrnoException, file, args, options));
        return;
      }
      const stop = collect(
        child,
        {
          ...{ file, args, options, input },
          maxBuffer: maxBuffer || Infinity,
          timeout: timeout ?? 0,
          killSignal: killSignal ?? 'SIGTERM',
        },
        resolve,
        reject,
      );
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

function stdioOf(options: RunOptions): SpawnOptions['stdio'] {
  const { stdio = 'pipe' } = options;
  return stdio === null ? 'pipe' : stdio;
}

interface Running {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: RunOptions;
  readonly maxBuffer: number;
  readonly timeout: number;
  readonly killSignal: NodeJS.Signals | number;
  readonly input: RunOptions['input'];
}

/** Returns what stops the child early. */
function collect(
  child: ChildProcess,
  running: Running,
  resolve: (result: RunResult) => void,
  reject: (error: unknown) => void,
): () => void {
  const { file, args, options, maxBuffer, timeout, killSignal, input } = running;
  const chunks: (Buffer[] | null)[] = child.stdio.map((stream) => (stream === null ? null : []));
  if (chunks[0]) chunks[0] = null;
  let size = 0;
  let failure: Error | undefined;
  let status: number | null = null;
  let signal: NodeJS.Signals | null = null;
  let timer: NodeJS.Timeout | undefined;

  const fail = (code: string) => {
    failure ??= spawnError(code, file, args, options);
  };
  let isStopped = false;
  const stop = (code: string) => {
    if (isStopped) return;
    isStopped = true;
    // Counts for more than a child that does not read its input.
    failure = spawnError(code, file, args, options);
    child.kill(killSignal);
    for (const stream of child.stdio) stream?.destroy();
  };
  const finish = () => {
    if (timer !== undefined) clearTimeout(timer);
    let output: (string | Buffer | null)[];
    try {
      output = chunks.map((list) => (list === null ? null : decode(Buffer.concat(list), options.encoding)));
    } catch (error) {
      reject(error);
      return;
    }
    resolve(result(failure, { status, signal, output, pid: child.pid ?? 0 }));
  };

  child.once('error', (error: NodeJS.ErrnoException) => {
    if (child.pid !== undefined) return;
    if (timer !== undefined) clearTimeout(timer);
    resolve(spawnFailure(error, file, args, options));
  });
  if (child.pid === undefined) return () => {};
  child.stdio.forEach((stream, i) => {
    if (!stream) return;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (i === 0 && error.code === 'EPIPE') fail('EPIPE');
    });
    const list = chunks[i];
    if (!list) return;
    stream.on('data', (chunk: Buffer) => {
      list.push(chunk);
      size += chunk.length;
      if (size > maxBuffer) stop('ENOBUFS');
    });
  });
  if (child.stdin) {
    if (input !== undefined && input !== null && input !== '') child.stdin.end(bytes(input, options.encoding));
    else child.stdin.end();
  }
  child.once('exit', (code, killedBy) => {
    status = code;
    signal = killedBy;
    // The pipes of a stopped child are gone: there is no `close` to wait for.
    if (isStopped) {
      child.removeAllListeners('close');
      finish();
    }
  });
  child.once('close', finish);
  if (timeout > 0) timer = setTimeout(() => stop('ETIMEDOUT'), timeout);
  return () => stop('ETIMEDOUT');
}

function bytes(input: string | NodeJS.ArrayBufferView, encoding: RunOptions['encoding']): string | Uint8Array {
  if (typeof input === 'string') return Buffer.from(input, encoding && encoding !== 'buffer' ? encoding : 'utf8');
  return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
}

function decode(data: Buffer, encoding: RunOptions['encoding']): string | Buffer {
  return encoding && encoding !== 'buffer' ? data.toString(encoding) : data;
}

interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: (string | Buffer | null)[] | null;
  readonly pid: number;
}

/** In spawnSync's order of keys. */
function result(error: Error | undefined, { status, signal, output, pid }: Outcome): RunResult {
  const stdout = output?.[1];
  const stderr = output?.[2];
  return { ...(error && { error }), status, signal, output, pid, stdout, stderr } as RunResult;
}

const NO_OUTPUT = Number(process.versions.node.split('.')[0]) >= 22 ? undefined : null;

function spawnFailure(
  cause: NodeJS.ErrnoException,
  file: string,
  args: readonly string[],
  options: RunOptions,
): RunResult {
  const error = spawnError(cause.code ?? 'EIO', file, args, options);
  return {
    error,
    status: null,
    signal: null,
    output: null,
    pid: 0,
    stdout: NO_OUTPUT,
    stderr: NO_OUTPUT,
  } as unknown as RunResult;
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
