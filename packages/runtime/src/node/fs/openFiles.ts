/**
 * How many files calls on whole files hold open at a time. A blocking program holds one, whoever waits for it. If each of a thousand requests held one, the process
 * would run out of descriptors where it did not before.
 */
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
 * @param start makes the call; it may be called again where that has failed to open the file
 */
export function holdingFile(start: (done: Done) => void, done: Done): void {
  const begin = (): void => {
    open++;
    start((error, result) => {
      open--;
      if (isExhaustedByCalls(error)) {
        waiting.unshift(begin);
        return;
      }
      done(error, result);
      while (open < MOST && waiting.length > 0) waiting.shift()?.();
    });
  };
  if (open < MOST && waiting.length === 0) begin();
  else waiting.push(begin);
}
