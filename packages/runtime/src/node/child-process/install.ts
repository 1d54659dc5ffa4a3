/** Twins of spawnSync, execFileSync and execSync, built over `spawn`. */
import childProcess, { type SpawnSyncReturns } from 'node:child_process';
import { type Interruption, interruptible } from '../../green/interruption.js';
import { asTwinsCall } from '../../monitor/twinForm.js';
import { type Callable, linkTwin, suspend } from '../../twin/protocol.js';
import { withoutStacks } from '../callSites.js';
import { hasGenuineTicks } from '../nextTick.js';
import { restack } from '../offload.js';
import { type RunOptions, type RunResult, run } from './run.js';

const { spawnSync, execFileSync, execSync } = childProcess;

/** No variables: for runs that do not happen, reading the environment would be in vain. */
const NO_ENVIRONMENT = {};

/** An `input` that spawnSync refuses, after everything else has been checked and before anything is spawned. */
const REFUSED = { input: Symbol('validated') };

export function installChildProcess(): void {
  linkTwin(spawnSync, (...given: unknown[]): unknown => {
    const call = normalise(given);
    if (!isRunnable(call)) return Reflect.apply(asTwinsCall(spawnSync), undefined, given);
    return interruptible((interruption) => suspend(runUnchecked(call, interruption)));
  });
  linkTwin(execFileSync, (...given: unknown[]): unknown => {
    const call = normalise(given);
    if (!isRunnable(call)) return Reflect.apply(asTwinsCall(execFileSync), undefined, given);
    const shown = [(call.options as { argv0?: string }).argv0 ?? call.file, ...call.args].join(' ');
    return interruptible((interruption) => suspend(runChecked(call, shown, interruption)));
  });
  linkTwin(execSync as Callable, (...given: unknown[]): unknown => {
    const [command, options = {}] = given as [string, RunOptions?];
    if (typeof command !== 'string' || typeof options !== 'object' || options === null) {
      return Reflect.apply(asTwinsCall(execSync) as Callable, undefined, given);
    }
    const call = { file: command, args: [], options: { ...options, shell: options.shell || true } };
    if (!isRunnable(call)) return Reflect.apply(asTwinsCall(execSync) as Callable, undefined, given);
    return interruptible((interruption) => suspend(runChecked(call, command, interruption)));
  });
}

interface Call {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: RunOptions;
}

/** `(file[, args][, options])`, as spawnSync reads it. */
function normalise(given: readonly unknown[]): Call {
  const [file, second, third] = given;
  const hasArgs = Array.isArray(second);
  const skipped = second === undefined || second === null;
  const options = (hasArgs || skipped ? third : second) ?? {};
  return { file: file as string, args: hasArgs ? (second as string[]).slice() : [], options: options as RunOptions };
}

/** Options that cannot be invalid where their values are of these kinds. */
const PLAIN_OPTIONS: Readonly<Record<string, (value: unknown) => boolean>> = {
  cwd: isPlainText,
  encoding: (value) => typeof value === 'string' && Buffer.isEncoding(value),
  input: (value) => typeof value === 'string',
  maxBuffer: (value) => typeof value === 'number' && value >= 0,
  shell: (value) => typeof value === 'boolean' || isPlainText(value),
  stdio: (value) => value === 'pipe' || value === 'ignore' || value === 'inherit' || isPlainStdio(value),
  timeout: (value) => Number.isInteger(value) && (value as number) >= 0,
  windowsHide: (value) => typeof value === 'boolean',
};

function isPlainText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}

function isPlainStdio(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => item === 'pipe' || item === 'ignore' || item === 'inherit');
}

/**
 * Whether a call is so ordinary that spawnSync cannot refuse it. Asking spawnSync costs an error, whose memory the next fork copies:
 * a tenth of a spawn.
 */
function isPlain({ file, args, options }: Call): boolean {
  return (
    isPlainText(file) &&
    args.every((arg) => typeof arg === 'string' && !arg.includes('\0')) &&
    Object.entries(options).every(([name, value]) => value === undefined || PLAIN_OPTIONS[name]?.(value) === true)
  );
}

/**
 * Whether the arguments are valid, as spawnSync itself judges them: it checks `input` last, and a bad one keeps it from spawning. What it
 * refuses for another reason is left to the blocking call, which says so exactly.
 */
function isRunnable(call: Call): boolean {
  const { file, args, options } = call;
  if (typeof options !== 'object' || options === null) return false;
  // Node's own streams and children use the tick of the process, which tests replace.
  if (!hasGenuineTicks()) return false;
  if (isPlain(call)) return true;
  const { input, encoding } = options;
  // spawnSync fails there, and `spawn` does not.
  if (options.cwd === '') return false;
  const stdio = options.stdio;
  if (input !== undefined && input !== null && typeof input !== 'string' && !ArrayBuffer.isView(input)) return false;
  // Text needs an encoding before the run; an unknown one fails after it.
  if (!isRunnableStdio(stdio ?? 'pipe')) return false;
  if (encoding && typeof input === 'string' && input !== '' && !Buffer.isEncoding(encoding)) return false;
  const env = options.env ?? NO_ENVIRONMENT;
  const refused = [file, args, { ...options, env, stdio: stdio ?? 'pipe', ...REFUSED }];
  try {
    withoutStacks(() => Reflect.apply(asTwinsCall(spawnSync) as Callable, undefined, refused));
    return false;
  } catch (error) {
    return (
      (error as NodeJS.ErrnoException).code === 'ERR_INVALID_ARG_TYPE' &&
      /options\.stdio\[0\]|"options\.input"|input/.test((error as Error).message)
    );
  }
}

/** What spawnSync itself takes; other streams and `overlapped` abort the process there. */
function isRunnableStdio(stdio: unknown): boolean {
  const known = (item: unknown) =>
    ['pipe', 'inherit', 'ignore', undefined, null].includes(item as string) ||
    typeof item === 'number' ||
    typeof (item as { fd?: unknown }).fd === 'number';
  return Array.isArray(stdio) ? stdio.every(known) : known(stdio);
}

/** spawnSync: what it throws for a run that took place is about the encoding. */
async function runUnchecked(call: Call, interruption: Interruption | undefined): Promise<RunResult> {
  try {
    return await run(call.file, call.args, call.options, interruption);
  } catch (error) {
    throw restack(error, runUnchecked);
  }
}

/** execFileSync and execSync: the output, or an error made of the result. */
async function runChecked(call: Call, command: string, interruption: Interruption | undefined): Promise<unknown> {
  const result = await runUnchecked(call, interruption);
  const inheritStderr = call.options.stdio === undefined || call.options.stdio === null;
  if (inheritStderr && result.stderr?.length) process.stderr.write(result.stderr);
  const error = failureOf(result, command);
  if (error === undefined) return result.stdout;
  Error.captureStackTrace?.(error, runChecked);
  throw error;
}

function failureOf(result: RunResult, command: string): Error | undefined {
  const { error } = result as SpawnSyncReturns<string | Buffer>;
  if (error !== undefined) return Object.assign(error, result);
  if (result.status === 0) return undefined;
  const stderr = result.stderr?.length ? `\n${result.stderr.toString()}` : '';
  return Object.assign(new Error(`Command failed: ${command}${stderr}`), result);
}
