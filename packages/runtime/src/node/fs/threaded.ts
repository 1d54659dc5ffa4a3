/**
 * Twins that run the blocking function itself, on the worker thread: those whose callback forms do other things (cpSync, rmSync), or block
 * the loop in between (globSync, recursive listings).
 */
import fs from 'node:fs';
import { type Interruption, interruptible } from '../../green/interruption.js';
import { box, type Callable, linkTwin, suspend } from '../../twin/protocol.js';
import { asWait } from '../../twin/waits.js';
import { blockingCall } from '../blockingCall.js';
import { type Ending, restack } from '../offload.js';
import { callOnWorker } from '../worker/call.js';
import { type Correct, outcomeOf } from '../worker/outcome.js';
import type { Answer } from '../worker/program.js';
import { isOptions, isReadable } from './given.js';
import { filesAt, inOrder } from './order.js';
import { absolutePaths, currentDirectory, type Restore } from './written.js';

interface ThreadedCall {
  /** The export of node:fs. */
  readonly name: string;
  readonly args: readonly unknown[];
  /** What puts the paths of the caller into the texts of an answer. */
  readonly correct: (answer: Answer) => Correct;
  /** Makes the call in place, where the thread cannot say what happened. */
  readonly block: () => unknown;
  /** Whether the thread has said so. */
  readonly tells?: (answer: Answer) => boolean;
  /** Is told when the call has ended, if it suspends. */
  readonly ending?: Ending;
  readonly interruption: Interruption | undefined;
}

/** Makes a call on the worker thread and suspends. */
function onWorker(call: ThreadedCall): unknown {
  const answer = callOnWorker(call.name, call.args, call.interruption);
  return answer === undefined ? call.block() : suspend(settle(answer, call));
}

async function settle(pending: Promise<Answer>, call: ThreadedCall): Promise<unknown> {
  try {
    const answer = await asWait(pending);
    return box(toldBy(answer, call));
  } finally {
    call.ending?.end();
  }
}

function toldBy(answer: Answer, { correct, block, tells }: ThreadedCall): unknown {
  try {
    return answer.kind === 'unsendable' || tells?.(answer) === false ? block() : outcomeOf(answer, correct(answer));
  } catch (error) {
    throw restack(error, settle);
  }
}

type Options = Readonly<Record<string, unknown>>;

/** Options as cpSync and rmSync read them (own and enumerable), if a thread can be given them: undefined if not. */
function sendableOptions(value: unknown): Options | undefined {
  if (value === undefined) return {};
  return isReadableObject(value) ? sendable({ ...value }) : undefined;
}

/** Whether the blocking functions take it for options, and find the same whenever they look. */
function isReadableObject(value: unknown): value is Options {
  return isOptions(value) && isReadable(value);
}

function sendable(options: Options): Options | undefined {
  return Object.values(options).every(isPrimitive) ? options : undefined;
}

function isPrimitive(value: unknown): boolean {
  return (typeof value !== 'object' || value === null) && typeof value !== 'function' && typeof value !== 'symbol';
}

/** cpSync, unless a filter calls back: the callback form has other errors, and copies in another order. */
export function linkCp(): void {
  const { cpSync } = fs;
  linkTwin(cpSync as Callable, function twin(this: unknown, ...args: unknown[]): unknown {
    const block = () => blockingCall(cpSync as Callable, this, args, twin);
    const options = sendableOptions(args[2]);
    const absolute = absolutePaths(args.slice(0, 2));
    if (options === undefined || absolute?.paths.length !== 2) return block();
    const { paths, restore } = absolute;
    const correct = (answer: Answer) => (isAboutLink(answer) ? ofLink(restore) : ofCopy(restore));
    const directory = currentDirectory();
    const call = { name: 'cpSync', args: [...paths, options], correct, block };
    const tells = (answer: Answer) => !(asksAboutParents(answer) && directory === currentDirectory());
    return interruptible((interruption) =>
      inOrder(
        () => filesAt(args, [0, 1]),
        'write',
        (ending) => (interruption?.isInterrupted ? undefined : onWorker({ ...call, tells, ending, interruption })),
      ),
    );
  });
}

/**
 * Whether a copy was refused for what is above its target, before anything was copied. How far Node looks differs between relative paths and
 * absolute ones (Node 22 and later).
 */
function asksAboutParents(answer: Answer): boolean {
  return answer.kind === 'error' && answer.fields.some(([, value]) => value === 'ERR_FS_CP_EINVAL');
}

/** rmSync: since Node 24 the callback form treats files below files and paths that end in a slash otherwise, and fails with other errors. */
export function linkRm(): void {
  const { rmSync } = fs;
  linkTwin(rmSync, function twin(this: unknown, ...args: unknown[]): unknown {
    const block = () => blockingCall(rmSync, this, args, twin);
    const options = sendableOptions(args[1]);
    const absolute = absolutePaths(args.slice(0, 1));
    if (options === undefined || absolute === undefined) return block();
    const { paths, restore } = absolute;
    const call = { name: 'rmSync', args: [...paths, options], correct: () => restore, block };
    // Those that are about options, before anything is removed, show a URL as it is.
    const tells = ({ kind }: Answer) => kind !== 'systemError' || typeof args[0] === 'string';
    return interruptible((interruption) =>
      inOrder(
        () => filesAt(args, [0]),
        'write',
        (ending) => (interruption?.isInterrupted ? undefined : onWorker({ ...call, tells, ending, interruption })),
      ),
    );
  });
}

const unchanged: Restore = (text) => text;

function ofCopy(restore: Restore): Correct {
  return (text) => (namesTargets(text) ? text : restore(text));
}

/** Whether a symbolic link could not be made. */
function isAboutLink(answer: Answer): boolean {
  return answer.kind === 'error' && answer.fields.some(([key, value]) => key === 'syscall' && value === 'symlink');
}

/** What the link was to lead to is no path of the caller's, and absolute already: only the place of the link is. */
function ofLink(restore: Restore): Correct {
  return (text, field) => {
    if (field === 'path') return text;
    const place = field === 'message' ? text.lastIndexOf("' -> '") + 1 : 0;
    return text.slice(0, place) + restore(text.slice(place));
  };
}

/** Messages about symbolic links name the targets of the links, which are absolute already. */
function namesTargets(text: string): boolean {
  return /^(cp: )?cannot overwrite \S+ with \S+$/.test(text);
}

/** globSync, unless `exclude` calls back. */
export function linkGlob(): void {
  const { globSync } = fs as unknown as { globSync?: Callable };
  if (globSync === undefined) return;
  linkTwin(globSync, function twin(this: unknown, ...args: unknown[]): unknown {
    const block = () => blockingCall(globSync, this, args, twin);
    const [patterns, given] = args;
    const options = globOptions(given);
    if (options === undefined || !(typeof patterns === 'string' || isTexts(patterns))) return block();
    const call = { name: 'globSync', args: [patterns, options], correct: () => unchanged, block };
    return interruptible((interruption) => onWorker({ ...call, interruption }));
  });
}

function globOptions(given: unknown): Options | undefined {
  if (given === undefined) return globOptions({});
  if (!isReadableObject(given)) return undefined;
  const { exclude, cwd = '.', followSymlinks, withFileTypes } = given;
  if (exclude !== undefined && exclude !== null && !isTexts(exclude)) return undefined;
  const absolute = absolutePaths([cwd === '.' ? currentDirectory() : cwd]);
  // Entries name the directory as it was written.
  if (absolute === undefined || (withFileTypes && cwd !== absolute.paths[0])) return undefined;
  if (!isPrimitive(followSymlinks)) return undefined;
  return { exclude, cwd: absolute.paths[0], followSymlinks, withFileTypes: Boolean(withFileTypes) };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Whether readdirSync walks a tree: the callback form does so in place (Node 20), or asks about each entry in place. */
export function isRecursiveListing([, options]: readonly unknown[]): boolean {
  return typeof options === 'object' && options !== null && Boolean((options as Options).recursive);
}

/** @param args those of a {@link isRecursiveListing recursive listing} */
export function listRecursively(
  args: readonly unknown[],
  block: () => unknown,
  interruption: Interruption | undefined,
): unknown {
  // Inherited ones count.
  const { encoding, recursive, signal, withFileTypes } = args[1] as Options;
  const options = sendable({ encoding, recursive, signal, withFileTypes });
  const absolute = absolutePaths(args.slice(0, 1));
  if (options === undefined || absolute === undefined || encoding === 'buffer') return block();
  const { paths, restore } = absolute;
  return onWorker({ name: 'readdirSync', args: [...paths, options], correct: () => restore, block, interruption });
}
