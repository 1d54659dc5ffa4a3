/**
 * `process.nextTick` of Node's own process, and `queueMicrotask` of its own realm. In other realms, and in tests, there may be others, which only a
 * test moves on.
 */
import { runInThisContext } from 'node:vm';

export const nextTick = runInThisContext('process.nextTick') as typeof process.nextTick;

export const queueMicrotask = runInThisContext('queueMicrotask') as typeof globalThis.queueMicrotask;
