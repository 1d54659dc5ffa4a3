/**
 * A process that judges compilers, for `scripts/mutations.mjs`: it gets tasks as messages, and answers each with a verdict. For each it
 * loads the sources of the compiler anew, as they are then; the packages that these use, and the runtime, stay loaded.
 */
import { register } from 'node:module';
import type { Task } from './judging.js';

register('./versions.js', import.meta.url);

// Programs make promises that they leave alone.
process.on('unhandledRejection', () => {});

let version = 0;
process.on('message', async (task: Task) => {
  // A program that never goes on ends the process.
  process.channel?.unref();
  const { judge }: typeof import('./judging.js') = await import(`./judging.js?version=${++version}`);
  const verdict = await judge(task);
  process.channel?.ref();
  process.send?.(verdict);
});
