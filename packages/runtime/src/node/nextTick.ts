/** `process.nextTick` of Node's own process. In other realms, `process` may be another, with a `nextTick` that only a test moves on. */
import { runInThisContext } from 'node:vm';

export const nextTick = runInThisContext('process.nextTick') as typeof process.nextTick;
