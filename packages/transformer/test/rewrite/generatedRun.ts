/**
 * Compares random programs in a process of its own, for `scripts/generated.mjs`. Prints a line of JSON for each: its seed before it is
 * compared, and what there is to say of a mistake.
 *
 *     node generatedRun.js <seed of the first> <how many> <size> <dialect>...
 */
import { mistakeIn } from './generated.js';
import { moduleMistakeIn } from './generatedModules.js';
import type { Dialect } from './generator.js';

// Programs make promises that they leave alone.
process.on('unhandledRejection', () => {});
// Node warns of what modules that load each other do not find yet.
process.removeAllListeners('warning');

const [first = 0, runs = 0, size = 0] = process.argv.slice(2, 5).map(Number);
const dialects = process.argv.slice(5) as (Dialect | 'modules')[];
const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
for (let seed = first; seed < first + runs; seed++) {
  for (const dialect of dialects) {
    print({ seed });
    const comparison = dialect === 'modules' ? moduleMistakeIn(seed) : mistakeIn(seed, size, dialect);
    const mistake = await comparison.catch((error) => `Random program ${seed} (${dialect}): ${(error as Error).stack}`);
    if (mistake !== undefined) print({ mistake });
  }
}
process.exit();
