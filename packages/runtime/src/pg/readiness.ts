/**
 * Waiting until the socket of a libpq connection can be read or written. libpq closes the socket where the connection is lost, and watching a
 * closed socket ends the process: the watcher only ever runs while nothing calls libpq.
 */
import type { Libpq } from './driver.js';
import { POLL_WRITE, type PollState } from './waitCallback.js';

/** The package drops events that tell of nothing but an error: look anew after this many milliseconds. */
const RECHECK = 250;

/** A server that waits for us to read may keep us from writing, which is not watched at the same time. */
const RECHECK_WRITE = 20;

/** @returns resolves to false when `timeout` milliseconds are over */
export function ready(pq: Libpq, state: PollState, timeout: number): Promise<boolean> {
  if (timeout <= 0) return Promise.resolve(false);
  return new Promise((resolve) => whenReady(pq, state, timeout, resolve));
}

/** Calls `then` when polling may lead on, with true, or when `timeout` milliseconds, which are more than none, are over, with false. */
export function whenReady(pq: Libpq, state: PollState, timeout: number, then: (isInTime: boolean) => void): void {
  // A lost connection: there is nothing to wait for. Others have their turn all the same.
  if (pq.connected !== true || pq.socket() < 0) {
    setImmediate(then, true);
    return;
  }
  const isWriting = state === POLL_WRITE;
  const recheck = isWriting ? RECHECK_WRITE : RECHECK;
  const listener = listenerOf(pq);
  const wake = (isInTime: boolean): void => {
    clearTimeout(timer);
    listener.wake = undefined;
    stopWatching(pq, isWriting);
    then(isInTime);
  };
  const timer = setTimeout(() => wake(recheck < timeout), Math.min(recheck, Math.ceil(timeout)));
  listener.wake = wake;
  if (isWriting) pq.writable(ignore);
  else pq.startReader();
}

/** What hears first that a socket is ready. */
interface Listener {
  /** Ends the wait that is under way. */
  wake: ((isInTime: boolean) => void) | undefined;
  readonly emit: Libpq['emit'];
}

const listeners = new WeakMap<Libpq, Listener>();

/** Listeners of the program would take what a command waits for; the loop tells them of what is left afterwards. */
function listenerOf(pq: Libpq): Listener {
  const known = listeners.get(pq);
  if (known !== undefined && pq.emit === known.emit) return known;
  const own = Object.hasOwn(pq, 'emit') ? pq.emit : undefined;
  const listener: Listener = {
    wake: undefined,
    emit(event: string, ...args: unknown[]): boolean {
      const { wake } = listener;
      if (wake === undefined || (event !== 'readable' && event !== 'writable')) {
        return (own ?? (Object.getPrototypeOf(pq) as Libpq).emit).call(pq, event, ...args);
      }
      wake(true);
      return true;
    },
  };
  // Staying there costs less than coming and going with every wait.
  Object.defineProperty(pq, 'emit', { configurable: true, writable: true, value: listener.emit });
  listeners.set(pq, listener);
  return listener;
}

function ignore(): void {}

function stopWatching(pq: Libpq, isWriting: boolean): void {
  if (isWriting) pq.removeListener('writable', ignore);
  if (pq.connected !== true) return;
  // Nothing stops watching for writes but such an event, or watching for reads.
  if (isWriting) pq.startReader();
  pq.stopReader();
}

/** Lets the listeners of the program hear of what can be read again. */
export function listenAgain(pq: Libpq): void {
  if (pq.connected === true && pq.socket() >= 0 && pq.listenerCount('readable') > 0) pq.startReader();
}
