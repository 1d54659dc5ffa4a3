/** Verdicts: what became of every blocking call, and why. */
import type { Span } from '../program.js';

export type VerdictStatus = 'patched' | 'partly' | 'blocking';

/** One step of a call chain, from the entry point down to the blocking call. */
export interface Frame {
  readonly fileName: string;
  readonly span: Span;
  /** What a person calls it: `handler`, `PageStore#read`, `(anonymous)`, `module initialisation`, `fs.readFileSync`. */
  readonly name: string;
}

/** Why a call stays synchronous on some path. */
export interface Reason {
  /** Rule id without the `unblock/` prefix; see `report/rules.ts`. */
  readonly rule: string;
  /** One sentence without the chain. */
  readonly message: string;
  /** From the entry point to the blocking call. */
  readonly chain: readonly Frame[];
}

/** A call that blocks by what it calls, and stays as it is. */
export interface StayingCall {
  readonly fileName: string;
  readonly span: Span;
  /** One for each way to the call that keeps it; the chains end with the function that makes it. Empty where only what it calls keeps it. */
  readonly reasons: readonly Reason[];
}

export interface Verdict {
  readonly fileName: string;
  readonly span: Span;
  /** The blocking API: `fs.readFileSync`, `Atomics.wait`. */
  readonly api: string;
  readonly category: string;
  readonly status: VerdictStatus;
  /** Empty if patched on every path; initialisation counts as a reason of its own rule, which is off by default. */
  readonly reasons: readonly Reason[];
  /** For patched and partly patched calls: one chain from a root to the call, along which it suspends. */
  readonly patchedChain: readonly Frame[] | undefined;
}
