/**
 * The timers and the clock as they were when the runtime was loaded. Tests put others in their place, also in `node:timers` (`mock.timers` of `node:test`) and on
 * `performance`, which only a test moves on.
 */
import { performance } from 'node:perf_hooks';
import timers from 'node:timers';

export const { clearImmediate, clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } = timers;

/** Milliseconds since the process began. */
export const timeNow: () => number = performance.now.bind(performance);
