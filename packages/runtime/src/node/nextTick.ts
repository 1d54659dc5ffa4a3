/**
 * `process.nextTick` of Node's own process, and `queueMicrotask` of its own realm. In other realms, and in tests, there may be others, which only a
 * test moves on.
 */
import { runInThisContext } from 'node:vm';

const nodeProcess = runInThisContext('process') as NodeJS.Process;

export const { nextTick } = nodeProcess;

/** Whether what Node leaves for the next tick comes by itself. */
export function hasGenuineTicks(): boolean {
  return nodeProcess.nextTick === nextTick;
}

export const queueMicrotask = runInThisContext('queueMicrotask') as typeof globalThis.queueMicrotask;
