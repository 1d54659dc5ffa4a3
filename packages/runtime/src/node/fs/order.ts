/**
 * The order of calls on one file. A blocking call was one step: nobody could read a file half written, and two writes did not mix. On the
 * thread pool they would, so that calls on one path, or on one descriptor, wait for those that were made before: readers for writers,
 * writers for all.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { box, SUSPENDED, suspend, take } from '../../twin/protocol.js';
import { isOfNode } from '../blockingCall.js';
import { restack } from '../offload.js';

export type Access = 'read' | 'write';

interface Holders {
  /** Settles when the last writer has finished; never rejects. */
  writer: Promise<void> | undefined;
  readonly readers: Set<Promise<void>>;
}

const held = new Map<string, Holders>();

/** What identifies the files that a call is about; links to one file are not seen to be the same. */
export function filesAt(args: readonly unknown[], positions: readonly number[]): string[] {
  return positions.flatMap((position) => {
    const file = args[position];
    if (typeof file === 'number') return [`#${file}`];
    if (typeof file === 'string') return [resolve(file)];
    if (Buffer.isBuffer(file)) return [resolve(String(file))];
    return file instanceof URL && file.protocol === 'file:' ? [resolve(fileURLToPath(file))] : [];
  });
}

/**
 * Makes a call when those before it have finished.
 *
 * @param files names the files; only called if it matters
 * @param run makes the call, and returns its result or suspends
 */
export function inOrder(files: () => readonly string[], access: Access, run: () => unknown): unknown {
  if (held.size > 0) {
    const own = files();
    const before = own.flatMap((file) => holdersToWaitFor(file, access));
    if (before.length > 0) return suspend(afterwards(before, run, hold(own, access)));
  }
  const result = run();
  if (result !== SUSPENDED) return result;
  return suspend(whileHeld(take(), hold(files(), access)));
}

// Each promise here has one reaction: V8 follows no more than that from an error to the functions that await it.

async function whileHeld(pending: Promise<unknown>, release: () => void): Promise<unknown> {
  try {
    return await pending;
  } finally {
    release();
  }
}

async function afterwards(before: readonly Promise<void>[], run: () => unknown, release: () => void): Promise<unknown> {
  try {
    for (const other of before) await other;
    const result = retraced(run);
    return result === SUSPENDED ? await take() : box(result);
  } finally {
    release();
  }
}

/** Makes a call that has waited: the function that the program called is not on the stack any more. */
function retraced(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    throw isOfNode(error) ? restack(error, afterwards) : error;
  }
}

function holdersToWaitFor(file: string, access: Access): Promise<void>[] {
  const holders = held.get(file);
  if (holders === undefined) return [];
  const writers = holders.writer === undefined ? [] : [holders.writer];
  return access === 'read' ? writers : [...writers, ...holders.readers];
}

/** Enters a call among the holders of its files; returns what takes it out again. */
function hold(files: readonly string[], access: Access): () => void {
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  for (const file of files) {
    const holders = held.get(file) ?? { writer: undefined, readers: new Set() };
    if (access === 'write') {
      // Whoever comes later waits for this one, which waits for those before.
      holders.writer = finished;
      holders.readers.clear();
    } else holders.readers.add(finished);
    held.set(file, holders);
  }
  return () => {
    for (const file of files) {
      const holders = held.get(file);
      if (holders === undefined) continue;
      if (holders.writer === finished) holders.writer = undefined;
      holders.readers.delete(finished);
      if (holders.writer === undefined && holders.readers.size === 0) held.delete(file);
    }
    finish();
  };
}
