/** Notices when the event loop does not turn. */
import { clearInterval, setInterval, timeNow } from '../node/clock.js';
import type { HeldLoop } from './channels.js';
import { timeInCalls } from './watchCalls.js';

/** Milliseconds between two looks, at most. */
const PERIOD = 10;

export interface Watch {
  /** Looks once more, for what runs now, and stops. */
  readonly stop: () => void;
}

/** What a sampler of the running code can say of the time that has just gone by. */
export interface Sampler {
  /** @param duration milliseconds back from now */
  readonly functionsOf: (duration: number) => HeldLoop['functions'];
}

export interface LoopWatch {
  /** Milliseconds from which on a stretch counts. */
  readonly limit: number;
  readonly onHeld: (stretch: HeldLoop) => void;
  /** Whether the program is loaded now: what holds the loop until it turns is told as that. */
  readonly loading?: boolean;
  readonly sampler?: Sampler | undefined;
}

/** Tells of stretches in which the loop is held, from now on. */
export function watchLoop({ limit, onHeld, loading = false, sampler }: LoopWatch): Watch {
  const period = Math.max(1, Math.min(PERIOD, limit / 4));
  // When the next look is due. It is late by the time for which the loop was held at least.
  let due = timeNow();
  let before = timeInCalls();
  let isLoading = loading;
  const look = (): void => {
    const time = timeNow();
    const total = timeInCalls();
    const duration = time - due;
    if (duration >= limit) {
      const functions = sampler?.functionsOf(duration);
      const inCalls = Math.min(duration, total - before);
      onHeld({ start: due, duration, inCalls, ...(isLoading && { loading: true }), ...(functions && { functions }) });
    }
    due = time + period;
    before = total;
    isLoading = false;
  };
  const timer = setInterval(look, period);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      look();
    },
  };
}
