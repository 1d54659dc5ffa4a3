/**
 * Looks for a program that the compiler gets wrong, in a process of its own, for `scripts/mutations.mjs`: among the constructs' and among
 * random ones. Prints one line of what it finds. Exit code: 1 if there is something, 0 if not.
 *
 *     node judge.js <random programs> <seed of the first> <size> [<file>]
 *
 * `file` holds what programs compile to; those that compile to the same are not run. It is written if it is not there.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expectedTrace, PROGRAMS, traceIn } from './constructs.js';
import { differenceOf, programOf } from './generated.js';
import { rewriteText } from './harness.js';
import { FORMS } from './schedules.js';

const [, , runs, first, size, file] = process.argv;
const known: Record<string, string> | undefined =
  file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
const compiled: Record<string, string> = {};
let changed = 0;

function isKnown(name: string, code: string): boolean {
  const hash = createHash('sha1').update(code).digest('base64');
  compiled[name] = hash;
  const same = known?.[name] === hash;
  if (!same) changed++;
  return same;
}

async function wrongConstruct(): Promise<string | undefined> {
  for (const program of PROGRAMS) {
    const { name, text, language } = program;
    try {
      const code = rewriteText(text, language);
      if (isKnown(name, code)) continue;
      for (const form of Object.keys(FORMS)) {
        if ((await traceIn(form, code, language)) !== expectedTrace(form, program)) return `${name} ${form}`;
      }
    } catch (error) {
      return `${name}: ${String(error).split('\n', 1)[0]?.slice(0, 120)}`;
    }
  }
  return undefined;
}

async function wrongRandom(): Promise<string | undefined> {
  for (let seed = Number(first); seed < Number(first) + Number(runs); seed++) {
    const text = programOf(seed, Number(size));
    const name = `random program ${seed}`;
    try {
      if (isKnown(name, rewriteText(text, 'commonjs'))) continue;
      const difference = await differenceOf(text);
      if (difference !== undefined) return `${name} ${difference.form}`;
    } catch (error) {
      return `${name}: ${String(error).split('\n', 1)[0]?.slice(0, 120)}`;
    }
  }
  return undefined;
}

const found = (await wrongConstruct()) ?? (await wrongRandom());
console.log(found ?? `${changed} programs are compiled otherwise, and all mean the same`);
if (file !== undefined && known === undefined) writeFileSync(file, JSON.stringify(compiled));
process.exit(found === undefined ? 0 : 1);
