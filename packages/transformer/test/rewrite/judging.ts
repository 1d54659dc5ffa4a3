/** Looks for a program that the compiler gets wrong, among the constructs' and among random ones, for `scripts/mutations.mjs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expectedTrace, PROGRAMS, traceIn, WRITTEN_ONCE_DIFFERS } from './constructs.js';
import { differenceOf, programOf } from './generated.js';
import { type Language, rewriteText } from './harness.js';
import { FORMS } from './schedules.js';

/** Whether functions are written once, and what the name of a program says then. */
const WAYS = [
  { compact: false, suffix: '' },
  { compact: true, suffix: ' written once' },
] as const;

/** Begins the names of random programs, before their seeds. */
const RANDOM = 'random program ';

/** What is to be judged. */
export interface Task {
  /** Holds what an intact compiler makes of the programs. */
  readonly file: string;
  /**
   * - `intact`: nothing is broken. `file` is written.
   * - `compiler`: the compiler may be. What is compiled as by an intact one is not run.
   * - `runtime`: the helpers may be. What stands in `file` is run, and nothing is compiled.
   */
  readonly broken: 'intact' | 'compiler' | 'runtime';
  /** Random programs: how many, the seed of the first, and how deep they nest. */
  readonly runs: number;
  readonly seed: number;
  readonly size: number;
  /** Names of programs that are tried first. */
  readonly likely: readonly string[];
}

export interface Verdict {
  readonly isWrong: boolean;
  /** One line of what has been found. */
  readonly what: string;
  /** A program that is wrong does what it should where the compiler is intact: nothing that ran before has left anything behind. */
  readonly isSure: boolean;
}

export async function judge(task: Task): Promise<Verdict> {
  const { file, broken, runs, seed, size, likely } = task;
  const known: Record<string, string> = broken === 'intact' ? {} : JSON.parse(readFileSync(file, 'utf8'));
  const compiled: Record<string, string> = {};
  let changed = 0;

  /** What is to be run of a program; undefined if nothing is. */
  function codeOf(name: string, text: string, language: Language, compact: boolean): string | undefined {
    if (broken === 'runtime') return known[name];
    const code = rewriteText(text, language, compact);
    compiled[name] = code;
    if (known[name] === code) return undefined;
    changed++;
    return code;
  }

  /** @param differs what a program that is compiled to this does otherwise */
  async function judgeProgram(
    name: string,
    text: string,
    language: Language,
    compact: boolean,
    differs: (code: string) => Promise<string | undefined>,
  ): Promise<Verdict | undefined> {
    let what: string | undefined;
    try {
      const code = codeOf(name, text, language, compact);
      what = code === undefined ? undefined : await differs(code);
    } catch (error) {
      what = `: ${String(error).split('\n', 1)[0]?.slice(0, 120)}`;
    }
    if (what === undefined) return undefined;
    const intact = known[name];
    const isSure = intact !== undefined && (await differs(intact).catch(() => '')) === undefined;
    return { isWrong: true, what: name + what, isSure };
  }

  async function judgeRandom(number: number): Promise<Verdict | undefined> {
    const text = programOf(number, size);
    for (const { compact, suffix } of WAYS) {
      const name = `${RANDOM}${number}${suffix}`;
      const verdict = await judgeProgram(name, text, 'commonjs', compact, async (code) => {
        const difference = await differenceOf(text, { compiled: code });
        return difference && ` ${difference.form}`;
      });
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }

  // Random programs are seldom the shortest way: one is tried first for the rule that only it has shown.
  const [name] = likely;
  if (name?.startsWith(RANDOM)) {
    const verdict = await judgeRandom(Number(name.slice(RANDOM.length)));
    if (verdict !== undefined) return verdict;
  }
  const likeliest = likely.flatMap((name) => PROGRAMS.filter((program) => program.name === name));
  for (const program of new Set([...likeliest, ...PROGRAMS])) {
    const { name, text, language } = program;
    for (const { compact, suffix } of WAYS) {
      if (compact && WRITTEN_ONCE_DIFFERS.has(name)) continue;
      const verdict = await judgeProgram(name + suffix, text, language, compact, async (code) => {
        for (const form of Object.keys(FORMS)) {
          if ((await traceIn(form, code, language)) !== expectedTrace(form, program)) return ` ${form}`;
        }
        return undefined;
      });
      if (verdict !== undefined) return verdict;
    }
  }
  for (let number = seed; number < seed + runs; number++) {
    const verdict = await judgeRandom(number);
    if (verdict !== undefined) return verdict;
  }
  if (broken === 'intact') writeFileSync(file, JSON.stringify(compiled));
  return { isWrong: false, what: `${changed} programs are compiled otherwise, and all mean the same`, isSure: true };
}
