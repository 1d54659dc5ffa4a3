/** What the calls of spawnSync, execFileSync and execSync are given, read once, when they are made. */
import childProcess from 'node:child_process';
import { asTwinsCall } from '../../monitor/twinForm.js';
import type { Callable } from '../../twin/protocol.js';
import { withoutStacks } from '../callSites.js';
import { hasGenuineTicks } from '../nextTick.js';
import type { RunOptions } from './run.js';

const { spawnSync } = childProcess;

/** A call as spawnSync takes it. */
export interface Call {
  readonly file: string;
  /** Without the program. */
  readonly args: readonly unknown[];
  /** A copy of the program's own options, without a prototype: what these inherit does not count, and what becomes of them neither. */
  readonly options: RunOptions;
}

/** A call of execFileSync or execSync, which throw what has failed. */
export interface CheckedCall extends Call {
  /** What the error names; throws where an argument cannot be text. */
  readonly command: () => string;
  /** Whether the child's standard error goes to that of this process. */
  readonly tellsErrors: boolean;
}

/** `(file[, args][, options])`; undefined if spawnSync refuses what it is given for options. */
export function callOfSpawnSync([file, second, third]: readonly unknown[]): Call | undefined {
  if (Array.isArray(second)) return callOf(file, second, third);
  return second === undefined || second === null ? callOf(file, [], third) : callOf(file, [], second);
}

function callOf(file: unknown, args: readonly unknown[], options: unknown = {}): Call | undefined {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return undefined;
  return { file: file as string, args: args.slice(), options: copyOf(options) };
}

/** `(file[, args][, options])`; undefined if execFileSync may refuse what it is given for options. */
export function callOfExecFileSync([file, second, third]: readonly unknown[]): CheckedCall | undefined {
  const isSecond = typeof second === 'object' && second !== null && !Array.isArray(second);
  // It takes a callback, too, and does not call it.
  if (isSecond && (third ?? undefined) !== undefined) return undefined;
  const given = (isSecond ? second : third) ?? {};
  const call = callOf(file, Array.isArray(second) ? second : [], given);
  if (call === undefined || !(isSecond || Array.isArray(second) || (second ?? undefined) === undefined))
    return undefined;
  // It looks at these two before it copies the options, so that inherited ones count.
  const { argv0, stdio } = given as { readonly argv0?: unknown; readonly stdio?: unknown };
  if (argv0 !== call.options.argv0) return undefined;
  return { ...call, command: () => [argv0 || call.file, ...call.args].join(' '), tellsErrors: !stdio };
}

/** `(command[, options])`; undefined if execSync refuses the command. */
export function callOfExecSync([command, given]: readonly unknown[]): CheckedCall | undefined {
  if (typeof command !== 'string') return undefined;
  const copy = copyOf(typeof given === 'function' ? {} : given);
  const options = Object.assign(copy, { shell: typeof copy.shell === 'string' ? copy.shell : true });
  return { file: command, args: [], options, command: () => command, tellsErrors: !options.stdio };
}

function copyOf(options: unknown): RunOptions {
  return Object.assign(Object.create(null), options);
}

/** An `input` that spawnSync refuses, after everything else has been checked and before anything is spawned. */
const REFUSED = { input: Symbol('validated') };

/** No variables: for runs that do not happen, reading the environment would be in vain. */
const NO_ENVIRONMENT = {};

/** Options that cannot be invalid where their values are of these kinds. No option is one that all objects have. */
const PLAIN_OPTIONS: ReadonlyMap<string, (value: unknown) => boolean> = new Map(
  Object.entries<(value: unknown) => boolean>({
    cwd: isPlainText,
    encoding: (value) => typeof value === 'string' && Buffer.isEncoding(value),
    input: (value) => typeof value === 'string',
    maxBuffer: (value) => typeof value === 'number' && value >= 0,
    shell: (value) => typeof value === 'boolean' || isPlainText(value),
    stdio: (value) => value === 'pipe' || value === 'ignore' || value === 'inherit' || isPlainStdio(value),
    timeout: (value) => Number.isInteger(value) && (value as number) >= 0,
    windowsHide: (value) => typeof value === 'boolean',
  }),
);

function isPlainText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}

/** spawnSync makes shorter lists longer, and fails if it cannot. */
function isPlainStdio(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 3) return false;
  return value.every((item) => item === 'pipe' || item === 'ignore' || item === 'inherit');
}

/**
 * Whether a call is so ordinary that spawnSync cannot refuse it. Asking spawnSync costs an error, whose memory the next fork copies:
 * a tenth of a spawn.
 */
function isPlain({ file, args, options }: Call): boolean {
  return (
    isPlainText(file) &&
    args.every((arg) => typeof arg === 'string' && !arg.includes('\0')) &&
    Object.entries(options).every(([name, value]) => value === undefined || PLAIN_OPTIONS.get(name)?.(value) === true)
  );
}

/**
 * Whether the arguments are valid, as spawnSync itself judges them: it checks `input` last, and a bad one keeps it from spawning. What it
 * refuses for another reason is left to the blocking call, which says so exactly.
 */
export function isRunnable(call: Call): boolean {
  // Node's own streams and children use the tick of the process, which tests replace, and take for options what a program has given to all objects.
  if (!hasGenuineTicks() || Object.keys(Object.prototype).length > 0) return false;
  if (isPlain(call)) return true;
  const { file, args, options } = call;
  const { input, encoding, stdio } = options;
  if (isEmpty(options.cwd)) return false;
  if (input && typeof input !== 'string' && !ArrayBuffer.isView(input)) return false;
  // Text needs an encoding before the run; an unknown one fails after it.
  if (!isRunnableStdio(stdio || 'pipe')) return false;
  if (encoding && typeof input === 'string' && input !== '' && !Buffer.isEncoding(encoding)) return false;
  const refused = [file, args, { ...options, env: options.env || NO_ENVIRONMENT, ...REFUSED }];
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

/** Whether a directory has no name: spawnSync fails there, and `spawn` does not. */
function isEmpty(cwd: RunOptions['cwd']): boolean {
  return cwd === '' || (ArrayBuffer.isView(cwd) && cwd.byteLength === 0);
}

/** What spawnSync itself takes; other streams and `overlapped` abort the process there. */
function isRunnableStdio(stdio: unknown): boolean {
  const known = (item: unknown) =>
    ['pipe', 'inherit', 'ignore', undefined, null].includes(item as string) ||
    typeof item === 'number' ||
    typeof (item as { fd?: unknown }).fd === 'number';
  return Array.isArray(stdio) ? stdio.every(known) : known(stdio);
}
