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
  /** Begins with what runs now; by default with the next turn, since what a process does until its first is no turn of its loop. */
  readonly atOnce?: boolean;
  readonly sampler?: Sampler | undefined;
}

/** Tells of stretches in which the loop is held. */
export function watchLoop({ limit, onHeld, atOnce = false, sampler }: LoopWatch): Watch {
  const period = Math.max(1, Math.min(PERIOD, limit / 4));
  // When the next look is due. It is late by the time for which the loop was held at least.
  let due = atOnce ? timeNow() : undefined;
  let before = timeInCalls();
  const look = (): void => {
    const time = timeNow();
    const total = timeInCalls();
    const duration = due === undefined ? 0 : time - due;
    if (due !== undefined && duration >= limit) {
      const functions = sampler?.functionsOf(duration);
      onHeld({ start: due, duration, inCalls: Math.min(duration, total - before), ...(functions && { functions }) });
    }
    due = time + period;
    before = total;
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
