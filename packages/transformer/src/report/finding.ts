/** What the report says apart from verdicts: about places that may not mean any more what they meant. */
import type { Span } from '../program.js';
import type { Frame } from './verdict.js';

/** A place that a message names by file, line and column. */
export interface Spot {
  readonly fileName: string;
  readonly span: Span;
}

export interface Finding {
  /** Rule id without the `unblock/` prefix. */
  readonly rule: string;
  readonly fileName: string;
  readonly span: Span;
  /** One or more sentences. */
  readonly message: readonly (string | Spot)[];
  /** From a call down to the blocking call that it leads to; empty where there is none. */
  readonly chain: readonly Frame[];
}
