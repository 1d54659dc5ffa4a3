/**
 * The order of calls on one file. A blocking call was one step: nobody could read a file half written, and two writes did not mix. On the
 * thread pool they would, so that calls on one path, or on one descriptor, wait for those that were made before: readers for writers,
 * writers for all.
 */
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { box, SUSPENDED, suspend, take, takeOutermost } from '../../twin/protocol.js';
import { isOfNode } from '../blockingCall.js';
import { restack } from '../offload.js';

export type Access = 'read' | 'write';

/** The absolute path of a file, or its descriptor. */
export type FileKey = string | number;

/** One writer of a file, or readers between two writers. It is over when none of them is left. */
interface Phase {
  readonly file: FileKey;
  readonly access: Access;
  /** Calls that have not ended, whether they have begun or wait. */
  calls: number;
  /** The writer that these readers wait for, or have waited for. */
  readonly before: Phase | undefined;
  /** Calls that wait for the end. */
  waiting: (() => void)[] | undefined;
}

/** The last phase of each file on which calls are under way. */
const held = new Map<FileKey, Phase>();

const HAS_POSIX_PATHS = sep === '/';

/** What identifies the files that a call is about; links to one file are not seen to be the same. */
export function filesAt(args: readonly unknown[], positions: readonly number[]): FileKey[] {
  const files: FileKey[] = [];
  for (const position of positions) {
    const file = fileOf(args[position]);
    if (file !== undefined) files.push(file);
  }
  return files;
}

function fileOf(file: unknown): FileKey | undefined {
  if (typeof file === 'number') return file;
  if (typeof file === 'string') return isResolved(file) ? file : resolve(file);
  if (Buffer.isBuffer(file)) return resolve(String(file));
  return file instanceof URL && file.protocol === 'file:' ? resolve(fileURLToPath(file)) : undefined;
}

/** Whether a path is certainly what `resolve` makes of it: that takes longer than the rest of the order does. */
function isResolved(path: string): boolean {
  return HAS_POSIX_PATHS && path.startsWith('/') && !path.includes('/.') && !path.includes('//') && !path.endsWith('/');
}

/** Whether no call is under way that another could have to wait for. */
export function isOrderFree(): boolean {
  return held.size === 0;
}

/** The place of a call in the order. */
export class Turn {
  #phases: Phase[] | undefined;
  #isOver = false;

  /** Ends the call, whatever came of it: whoever waits for it goes on. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const phase of this.#phases ?? []) leave(phase);
  }

  /** Makes later calls on the files wait for this one, if it has not ended. */
  hold(files: readonly FileKey[], access: Access): void {
    if (this.#isOver) return;
    this.#phases = [];
    for (const file of files) this.#phases.push(enter(file, access));
  }
}

/**
 * Makes a call when those before it have finished.
 *
 * @param files names the files; only called if it matters
 * @param run makes the call: it returns its result, or suspends and ends the turn that it is given
 * @param keep is called if `run` will be later: it keeps the arguments as they are
 */
export function inOrder(
  files: () => readonly FileKey[],
  access: Access,
  run: (turn: Turn) => unknown,
  keep?: () => void,
): unknown {
  const turn = new Turn();
  let own: readonly FileKey[] | undefined;
  if (held.size > 0) {
    own = files();
    const before = phasesBefore(own, access);
    if (before.length > 0) {
      turn.hold(own, access);
      keep?.();
      return suspend(afterwards(before, run, turn));
    }
  }
  const result = run(turn);
  if (result !== SUSPENDED) return result;
  const pending = take();
  turn.hold(own ?? files(), access);
  return suspend(pending);
}

async function afterwards(before: readonly Phase[], run: (turn: Turn) => unknown, turn: Turn): Promise<unknown> {
  try {
    for (const phase of before) await endOf(phase);
    const result = retraced(run, turn);
    return result === SUSPENDED ? await takeOutermost() : box(result);
  } finally {
    turn.end();
  }
}

/** Makes a call that has waited: the function that the program called is not on the stack any more. */
function retraced(run: (turn: Turn) => unknown, turn: Turn): unknown {
  try {
    return run(turn);
  } catch (error) {
    throw isOfNode(error) ? restack(error, afterwards) : error;
  }
}

// Methods of arrays that call back are left alone in what runs inside of calls: the program may have put its own in their place.

function phasesBefore(files: readonly FileKey[], access: Access): Phase[] {
  const before: Phase[] = [];
  for (const file of files) {
    const phase = phaseBefore(file, access);
    if (phase !== undefined) before.push(phase);
  }
  return before;
}

/** What a call has to wait for. */
function phaseBefore(file: FileKey, access: Access): Phase | undefined {
  const last = held.get(file);
  if (last === undefined || access === 'write' || last.access === 'write') return last;
  return last.before === undefined || last.before.calls === 0 ? undefined : last.before;
}

function endOf(phase: Phase): Promise<void> | undefined {
  if (phase.calls === 0) return undefined;
  return new Promise((resolve) => {
    phase.waiting ??= [];
    phase.waiting.push(resolve);
  });
}

/** Enters a call among those on a file. */
function enter(file: FileKey, access: Access): Phase {
  const last = held.get(file);
  if (access === 'read' && last?.access === 'read') {
    last.calls++;
    return last;
  }
  // Writers wait for what they find when they come, and nobody asks later; to remember it would keep all phases there have been.
  const before = access === 'read' ? last : undefined;
  const phase: Phase = { file, access, calls: 1, before, waiting: undefined };
  held.set(file, phase);
  return phase;
}

function leave(phase: Phase): void {
  phase.calls--;
  if (phase.calls > 0) return;
  if (held.get(phase.file) === phase) held.delete(phase.file);
  const { waiting } = phase;
  if (waiting !== undefined) for (const goOn of waiting) goOn();
}
