/**
 * Runs tests of Test262 in a process of its own, for `scripts/test262.mjs`: their names come as lines, and for each goes a line of JSON.
 *
 *     node test262Run.js <folder of the suite>
 */
import { createInterface } from 'node:readline';
import { rememberBuiltins } from './builtins.js';
import { differenceOf, testsOf } from './test262.js';

// Tests make promises that they leave alone.
process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});
process.removeAllListeners('warning');

const [suite = ''] = process.argv.slice(2);
const tell = process.stdout.write.bind(process.stdout);
const { stringify } = JSON;
const restore = rememberBuiltins();

for await (const file of createInterface({ input: process.stdin })) {
  const outcomes: (string | undefined)[] = [];
  let isSpoilt = false;
  for (const test of testsOf(suite, file)) {
    const difference = await differenceOf(test, () => {
      const isRestored = restore();
      isSpoilt ||= !isRestored;
      return isRestored;
    });
    outcomes.push(difference);
    if (isSpoilt) break;
  }
  tell(`${stringify({ file, outcomes: outcomes.map((outcome) => outcome ?? 'same'), isSpoilt })}\n`);
}
