/** What the monitor tells while a program runs, on channels of `node:diagnostics_channel`. */
import { channel } from 'node:diagnostics_channel';
import type { Category } from '../catalogue/blocking.js';
import type { Place } from './callSite.js';

/** A call that blocked the event loop. */
export interface BlockedCall {
  /** Its path in the catalogue, `fs.readFileSync`; `require` where a module was loaded. */
  readonly api: string;
  readonly category: Category;
  /** When it began, in milliseconds as of `performance.now()`. */
  readonly start: number;
  /** How long it took, in milliseconds. */
  readonly duration: number;
  /** The line that made the call; undefined where Node did, outside of any function of the program. */
  readonly at?: Place;
  /** Where that is in a package: the line of the program itself, through which it was reached. */
  readonly from?: Place;
}

/** A stretch of time in which the event loop did not turn. */
export interface HeldLoop {
  /** When it began, in milliseconds as of `performance.now()`; early by up to the period at which the monitor looks. */
  readonly start: number;
  readonly duration: number;
  /** Milliseconds of it that were spent in blocking calls; the rest is JavaScript, and what else runs on its thread. */
  readonly inCalls: number;
  /** Before the loop has turned for the first time: while the program, and what it imports, was loaded. */
  readonly loading?: true;
  /** What ran, with the time seen in it: where the monitor samples, longest first. */
  readonly functions?: readonly SampledFunction[];
}

export interface SampledFunction extends Place {
  /** Milliseconds. */
  readonly duration: number;
}

/** Names that several copies of this package agree on. */
export const CALL_CHANNEL = 'unblock:monitor:call';
export const HELD_CHANNEL = 'unblock:monitor:held';

export const calls = channel(CALL_CHANNEL);
export const held = channel(HELD_CHANNEL);
