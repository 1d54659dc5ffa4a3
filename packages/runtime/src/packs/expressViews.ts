/**
 * View engines of Express, `(path, options, callback)`. Where an engine calls back at once, as most do, whoever renders may rely on it. So an
 * engine suspends only where compiled code renders, which waits for it.
 */
import { adapter, dress, uncaughtCallback } from '../node/roots/wrap.js';
import { box, type Callable, linkTwin, SUSPENDED, suspend, take, twinOf } from '../twin/protocol.js';
import { bag } from './exports.js';

/** The engines that have suspended in the innermost rendering that can wait for them. */
let suspended: Promise<unknown>[] | undefined;

function within<T>(engines: typeof suspended, run: () => T): T {
  const outer = suspended;
  suspended = engines;
  try {
    return run();
  } finally {
    suspended = outer;
  }
}

/** An engine that starts its twin where it is waited for. Its callback gets what the twin throws, as Express hands on what an engine throws. */
export function engine(value: unknown): unknown {
  const twin = twinOf(value);
  if (twin === undefined) return value;
  return dress(function (this: unknown, ...args: unknown[]): unknown {
    const engines = suspended;
    if (engines === undefined) return Reflect.apply(value as Callable, this, args);
    const result = within(undefined, () => Reflect.apply(twin, this, args) as unknown);
    if (result !== SUSPENDED) return result;
    engines.push(take().catch((error) => (args[2] as Callable)(error)));
    return undefined;
  }, value as Callable);
}

/** Links to `owner.render` a twin that waits for the engine. */
export function linkRendering(owner: unknown): void {
  const { render } = bag(owner);
  if (typeof render !== 'function') return;
  const rendering = adapter(render as Callable, 'last', uncaughtCallback);
  linkTwin(render as Callable, function (this: unknown, ...args: unknown[]): unknown {
    const engines: Promise<unknown>[] = [];
    const result = within(engines, () => Reflect.apply(rendering, this, args) as unknown);
    return engines.length === 0 ? result : suspend(Promise.all(engines).then(() => box(result)));
  });
}
