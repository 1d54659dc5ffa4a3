/** Adapters of the promise intrinsics. Subclasses and other libraries' promises have none, and run their callbacks in place. */
import { type Callable, linkRoot, unbox } from '../../twin/protocol.js';
import { linkPaths } from './resolve.js';
import { adapter, asyncCallback, started } from './wrap.js';

export function installPromises(): void {
  linkRoot(Promise, adapter(Promise as unknown as Callable, [0], executor));
  linkPaths(Promise, 'prototype.then', [0, 1], asyncCallback);
  linkPaths(Promise, 'prototype.catch prototype.finally try', [0], asyncCallback);
}

/** A throw in an executor rejects the promise; so does one after a suspension. What an executor returns is ignored. */
function executor(callback: unknown): unknown {
  return started(callback, (pending, [, reject]) => {
    pending.then(unbox, reject as (error: unknown) => void);
  });
}
