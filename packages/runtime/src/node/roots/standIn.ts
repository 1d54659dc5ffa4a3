/** Functions that are registered in place of listeners, with the listeners that they stand for. */
import type { Callable } from '../../twin/protocol.js';

export interface StandIn {
  readonly listener: Callable;
  /** Has to be called before the listener is run without the stand-in. Returns false if the listener must not run, because it is to be called once and has been. */
  readonly claim: () => boolean;
  /** Runs a claimed listener as the stand-in would; undefined if the listener is to be called directly. */
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
