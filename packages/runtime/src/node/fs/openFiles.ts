/**
 * How many files calls on whole files hold open at a time. A blocking program holds one, whoever waits for it. If each of a thousand requests held one, the process
 * would run out of descriptors where it did not before.
 */
import type { Interruption } from '../../green/interruption.js';
import { THREADS } from '../lanes.js';
import type { Done } from '../offload.js';

/** More than the threads of the pool are busy with. */
const MOST = 4 * THREADS;

/** Where a process, or the system, has no descriptor left. */
const EXHAUSTED: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE']);

let open = 0;
/** Calls that wait until another has closed its file. */
const waiting: (() => void)[] = [];

/** Whether an error says that there is no descriptor left, while calls have some that they will give back. */
export function isExhaustedByCalls(error: unknown): boolean {
  return open > 0 && EXHAUSTED.has((error as NodeJS.ErrnoException | null | undefined)?.code);
}

/**
 * Makes a call that opens a file and closes it, when not too many others have one open. Where there is no descriptor left while others have some, it is made again.
 *
 * @param start makes the call; it may be called again where that has failed to open the file. `isLate` says that what was seen of the file before
 *   may be no longer so
 * @param interruption ends the call at once while it waits
 */
export function holdingFile(
  start: (done: Done, isLate: boolean) => void,
  done: Done,
  interruption: Interruption | undefined,
): void {
  let isLate = false;
  const begin = (): void => {
    open++;
    start((error, result) => {
      open--;
      if (isExhaustedByCalls(error)) {
        isLate = true;
        waiting.unshift(begin);
        heed();
        return;
      }
      done(error, result);
      while (open < MOST && waiting.length > 0) waiting.shift()?.();
    }, isLate);
  };
  const heed = (): void => {
    if (interruption?.isInterrupted) leave();
    else if (interruption !== undefined) interruption.release = leave;
  };
  const leave = (): void => {
    const at = waiting.indexOf(begin);
    if (at < 0) return;
    waiting.splice(at, 1);
    // Nobody takes the outcome, but others may wait for the end: calls on the same file.
    done(undefined);
  };
  if (open < MOST && waiting.length === 0) {
    begin();
    return;
  }
  isLate = true;
  waiting.push(begin);
  heed();
}
