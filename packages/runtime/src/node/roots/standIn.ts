/** Functions that are registered in place of listeners, and what they stand for. */
import type { Callable } from '../../twin/protocol.js';

export interface StandIn {
  readonly listener: Callable;
  /** To be called before the listener is run by another way than the stand-in: false if it must not run (again). */
  readonly claim: () => boolean;
  /** Runs the listener as the stand-in does, when it has been claimed; undefined where the listener itself is to be called. */
  readonly start: ((self: unknown, args: unknown[]) => unknown) | undefined;
}

const standIns = new WeakMap<Callable, StandIn>();

export function declareStandIn(wrapper: Callable, standIn: StandIn): void {
  standIns.set(wrapper, standIn);
}

/** What `raw` stands for, if it is one of ours. */
export function standingFor(raw: Callable): StandIn | undefined {
  return standIns.get(raw);
}
