/** `next` of Express and Connect, as it is given to handlers: what it starts is waited for where a handler goes on behind it. */
import { inCommon } from '../twin/common.js';
import { box, type Callable, linkTwin, suspend } from '../twin/protocol.js';

/** Of all copies of this package in the process. */
const nexts = inCommon('nexts/1', (): { areAwaited: boolean; collecting: Promise<unknown>[] | undefined } => ({
  areAwaited: false,
  /** What has suspended in the call of a `next` that is going on; undefined outside of all. */
  collecting: undefined,
}));

/** Called by modules with handlers that wait: without any, handlers get the router's own `next`. */
export function awaitNext(): void {
  nexts.areAwaited = true;
}

/** Lets the handler that has called `next` wait for what `ended` returns, which does not reject. */
export function reportSuspended(ended: () => Promise<unknown>): void {
  nexts.collecting?.push(ended());
}

/** The `next` of one handler. */
export interface Continuation {
  readonly next: Callable;
  /** What it has started that has suspended. */
  readonly started: readonly Promise<unknown>[];
}

/** A `next` that can be waited for, in place of `original`; undefined where nobody waits. */
export function continuationOf(original: unknown): Continuation | undefined {
  if (!nexts.areAwaited || typeof original !== 'function') return undefined;
  const started: Promise<unknown>[] = [];
  const call = (self: unknown, args: unknown[]): unknown => {
    const around = nexts.collecting;
    nexts.collecting = started;
    try {
      return Reflect.apply(original, self, args);
    } finally {
      nexts.collecting = around;
    }
  };
  const next = function next(this: unknown, ..._error: unknown[]): unknown {
    return call(this, _error);
  };
  linkTwin(next, function (this: unknown, ...args: unknown[]): unknown {
    const before = started.length;
    const result = call(this, args);
    return started.length === before ? result : suspend(Promise.all(started.slice(before)).then(() => box(result)));
  });
  return { next, started };
}
