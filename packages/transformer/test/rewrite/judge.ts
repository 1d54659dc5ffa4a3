/**
 * Looks for a program that the compiler gets wrong, in a process of its own: among the constructs' and among random ones. Prints one
 * line of what it finds. Exit code: 1 if there is something, 0 if not.
 *
 *     node judge.js <random programs> <seed of the first> <size>
 */
import { expectedTrace, PROGRAMS, traceIn } from './constructs.js';
import { differenceOf, programOf } from './generated.js';
import { rewriteText } from './harness.js';
import { FORMS } from './schedules.js';

async function wrongConstruct(): Promise<string | undefined> {
  for (const program of PROGRAMS) {
    const { name, text, language } = program;
    try {
      const compiled = rewriteText(text, language);
      for (const form of Object.keys(FORMS)) {
        if ((await traceIn(form, compiled, language)) !== expectedTrace(form, program)) return `${name} ${form}`;
      }
    } catch (error) {
      return `${name}: ${String(error).split('\n', 1)[0]}`;
    }
  }
  return undefined;
}

async function wrongRandom(runs: number, first: number, size: number): Promise<string | undefined> {
  for (let seed = first; seed < first + runs; seed++) {
    const form = await differenceOf(programOf(seed, size)).then((found) => found?.form, String);
    if (form !== undefined) return `random program ${seed} ${form}`;
  }
  return undefined;
}

const [runs = 0, first = 0, size = 0] = process.argv.slice(2).map(Number);
const found = (await wrongConstruct()) ?? (await wrongRandom(runs, first, size));
if (found !== undefined) console.log(found);
process.exit(found === undefined ? 0 : 1);
