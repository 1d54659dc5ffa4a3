/** Adapters of the promise intrinsics. Subclasses and other libraries' promises have none, and run their callbacks in place. */
import { linkPaths } from './resolve.js';
import { asyncCallback } from './wrap.js';

export function installPromises(): void {
  linkPaths(Promise, 'prototype.then', [0, 1], asyncCallback);
  linkPaths(Promise, 'prototype.catch prototype.finally', [0], asyncCallback);
}
