/** `next` of Express and Connect, as it is given to handlers: what it starts is waited for where the handler goes on behind it. */
import { dress } from '../node/roots/wrap.js';
import { box, type Callable, linkTwin, suspend } from '../twin/protocol.js';

/** What has suspended in the call of a `next` that is going on; undefined outside of all. */
let collecting: Promise<unknown>[] | undefined;

/** Lets the handler that has called `next` wait for what `ended` returns, which does not reject. */
export function reportSuspended(ended: () => Promise<unknown>): void {
  if (collecting !== undefined) collecting.push(ended());
}

/** The `next` of one handler. */
export interface Continuation {
  readonly next: Callable;
  hasStarted(): boolean;
  /** Resolves when everything has ended that this `next` has started. */
  ended(): Promise<unknown>;
}

export function continuationOf(original: Callable): Continuation {
  const started: Promise<unknown>[] = [];
  const call = (self: unknown, args: unknown[]): unknown => {
    const around = collecting;
    collecting = started;
    try {
      return Reflect.apply(original, self, args);
    } finally {
      collecting = around;
    }
  };
  const next = dress(function (this: unknown, ...args: unknown[]): unknown {
    return call(this, args);
  }, original);
  linkTwin(next, function (this: unknown, ...args: unknown[]): unknown {
    const before = started.length;
    const result = call(this, args);
    return started.length === before ? result : suspend(Promise.all(started.slice(before)).then(() => box(result)));
  });
  return { next, hasStarted: () => started.length > 0, ended: () => Promise.all(started) };
}
