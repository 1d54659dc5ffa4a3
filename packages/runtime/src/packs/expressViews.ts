/**
 * View engines of Express, `(path, options, callback)`. Where an engine calls back at once, as most do, whoever renders may rely on it. So an
 * engine suspends only where compiled code renders, which waits for it.
 */
import { dress, replaceCallbacks, uncaughtCallback } from '../node/roots/wrap.js';
import { box, type Callable, linkRoot, linkTwin, SUSPENDED, suspend, takeOutermost, twinOf } from '../twin/protocol.js';
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
    engines.push(takeOutermost().catch((error) => (args[2] as Callable)(error)));
    return undefined;
  }, value as Callable);
}

/**
 * `render`, with a callback that starts its twin where it is called later, as Express 5 does. Called at once, by Express 4 and an engine that
 * calls back at once, the callback runs as it is: whoever renders may go on with what it has left.
 *
 * @param finish what becomes of a rendering, and of the engines that have suspended in it; `end` says that whoever renders goes on
 */
function rendering(
  render: Callable,
  canWait: boolean,
  finish: (result: unknown, engines: readonly Promise<unknown>[], end: () => void) => unknown,
): Callable {
  return function (this: unknown, ...args: unknown[]): unknown {
    let isRunning = true;
    const end = () => {
      isRunning = false;
    };
    const engines: Promise<unknown>[] = [];
    const replaced = replaceCallbacks(args, 'last', (value) => {
      const later = uncaughtCallback(value);
      if (later === value) return value;
      return dress(function (this: unknown, ...given: unknown[]): unknown {
        return Reflect.apply((isRunning ? value : later) as Callable, this, given);
      }, value as Callable);
    });
    try {
      const result = within(canWait ? engines : undefined, () => Reflect.apply(render, this, replaced) as unknown);
      return finish(result, engines, end);
    } catch (error) {
      end();
      throw error;
    }
  };
}

/** Links to `owner.render` an adapter, and a twin that waits for the engine. */
export function linkRendering(owner: unknown): void {
  const { render } = bag(owner);
  if (typeof render !== 'function') return;
  const atOnce = (result: unknown, _engines: unknown, end: () => void) => {
    end();
    return result;
  };
  linkRoot(render as Callable, rendering(render as Callable, false, atOnce));
  linkTwin(
    render as Callable,
    rendering(render as Callable, true, (result, engines, end) => {
      if (engines.length === 0) return atOnce(result, engines, end);
      return suspend(
        Promise.all(engines)
          .finally(end)
          .then(() => box(result)),
      );
    }),
  );
}
