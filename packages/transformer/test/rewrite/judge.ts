/**
 * Looks for a program that the compiler gets wrong, in a process of its own, for `scripts/mutations.mjs`: among the constructs' and among
 * random ones. Prints one line of what it finds. Exit code: 1 if there is something, 0 if not.
 *
 *     node judge.js <random programs> <seed of the first> <size> <file> [compile | known <program> ...]
 *
 * `file` holds what an intact compiler makes of the programs. It is written where there is no last argument. With `compile`, programs
 * that are compiled to the same are not run; with `known`, what stands there is run, and nothing is compiled. The programs
 * that are named are tried first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expectedTrace, PROGRAMS, traceIn } from './constructs.js';
import { differenceOf, programOf } from './generated.js';
import { type Language, rewriteText } from './harness.js';
import { FORMS } from './schedules.js';

const [, , runs, first, size, file = '', task, ...likely] = process.argv;
const known: Record<string, string> = task === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'));
const compiled: Record<string, string> = {};
let changed = 0;

/** What is to be run of a program; undefined if nothing is. */
function codeOf(name: string, text: string, language: Language): string | undefined {
  if (task === 'known') return known[name];
  const code = rewriteText(text, language);
  compiled[name] = code;
  if (known[name] === code) return undefined;
  changed++;
  return code;
}

async function wrongConstruct(): Promise<string | undefined> {
  const likeliest = likely.flatMap((name) => PROGRAMS.filter((program) => program.name === name));
  for (const program of new Set([...likeliest, ...PROGRAMS])) {
    const { name, text, language } = program;
    try {
      const code = codeOf(name, text, language);
      if (code === undefined) continue;
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
      const code = codeOf(name, text, 'commonjs');
      if (code === undefined) continue;
      const difference = await differenceOf(text, code);
      if (difference !== undefined) return `${name} ${difference.form}`;
    } catch (error) {
      return `${name}: ${String(error).split('\n', 1)[0]?.slice(0, 120)}`;
    }
  }
  return undefined;
}

const found = (await wrongConstruct()) ?? (await wrongRandom());
console.log(found ?? `${changed} programs are compiled otherwise, and all mean the same`);
if (task === undefined) writeFileSync(file, JSON.stringify(compiled));
process.exit(found === undefined ? 0 : 1);
