/** Runs a child and collects what spawnSync's result is made of, as plain data. */
import childProcess, { type ChildProcess, type SpawnOptions } from 'node:child_process';
import { clearTimeout, setTimeout } from '../clock.js';
import { nextTick } from '../nextTick.js';
import { requireDescriptors } from './capacity.js';

const { spawn } = childProcess;

/** What is asked of a child. */
export interface Request {
  readonly file: string;
  readonly args: readonly string[];
  /** For `spawn`: no signal and no time limit of its own. */
  readonly options: SpawnOptions;
  readonly input: Uint8Array | undefined;
  /** In bytes, of all pipes together. */
  readonly maxBuffer: number;
  /** In milliseconds; 0 for none. */
  readonly timeout: number;
  readonly killSignal: NodeJS.Signals | number;
}

/** The longest time, in milliseconds, that a timer can wait: 24 days. */
const LONGEST = 2 ** 31 - 1;

/** How a child ended. */
export interface Outcome {
  /** Of the error in the result, if there is one. */
  readonly code: string | undefined;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Of every pipe; null if there was no child. */
  readonly output: readonly (Uint8Array | null)[] | null;
  readonly pid: number;
}

/**
 * Spawns a child.
 *
 * @param ended is called once, after this has returned
 * @returns stops the child as a time limit does
 */
export function collect(request: Request, ended: (outcome: Outcome) => void): () => void {
  const { file, args, options, input, maxBuffer, timeout, killSignal } = request;
  const fail = (error: NodeJS.ErrnoException) =>
    ended({ code: error.code ?? 'EIO', status: null, signal: null, output: null, pid: 0 });
  let child: ChildProcess;
  try {
    requireDescriptors(options.stdio);
    child = spawn(file, args, options);
  } catch (error) {
    nextTick(fail, error as NodeJS.ErrnoException);
    return () => {};
  }
  if (child.pid === undefined) {
    child.once('error', fail);
    return () => {};
  }
  const chunks: (Buffer[] | null)[] = child.stdio.map((stream) => (stream === null ? null : []));
  if (chunks[0]) chunks[0] = null;
  let size = 0;
  let code: string | undefined;
  let status: number | null = null;
  let signal: NodeJS.Signals | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const stop = (reason: string) => {
    if (isStopped) return;
    isStopped = true;
    // Counts for more than a child that does not read its input.
    code = reason;
    child.kill(killSignal);
    for (const stream of child.stdio) stream?.destroy();
  };
  const finish = () => {
    if (timer !== undefined) clearTimeout(timer);
    const output = chunks.map((list) => (list === null ? null : Buffer.concat(list)));
    ended({ code, status, signal, output, pid: child.pid ?? 0 });
  };

  child.on('error', () => {});
  child.stdio.forEach((stream, i) => {
    if (!stream) return;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (i === 0 && error.code === 'EPIPE') code ??= 'EPIPE';
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
    if (input !== undefined) child.stdin.end(input);
    else child.stdin.end();
  }
  child.once('exit', (exitCode, killedBy) => {
    status = exitCode;
    signal = killedBy;
    // The pipes of a stopped child are gone: there is no `close` to wait for.
    if (isStopped) {
      child.removeAllListeners('close');
      finish();
    }
  });
  child.once('close', finish);
  if (timeout > 0) timer = setTimeout(() => stop('ETIMEDOUT'), Math.min(timeout, LONGEST));
  return () => stop('ETIMEDOUT');
}
