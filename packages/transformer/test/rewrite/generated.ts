/** Random programs in original and compiled form. */
import { inspect } from 'node:util';
import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import type ts from 'typescript';
import { type Dialect, programs, writeProgram } from './generator.js';
import { STANDARD_DECORATORS } from './generatorTypes.js';
import { formsOf, loadOriginal, moduleOf, type Run, rewriteText, Untested } from './harness.js';
import { reduce } from './reduce.js';
import { FORMS, UNCOLOURED } from './schedules.js';

/** How deep the expressions and statements of a program nest, if nothing else is said. */
export const SIZE = 3;

/** The text of the random program number `seed`. */
export function programOf(seed: number, size: number, dialect: Dialect = 'commonjs'): string {
  const [program] = fc.sample(programs(size, dialect), { seed, numRuns: 1 });
  if (program === undefined) throw new Error('fast-check gave no program');
  return writeProgram(program);
}

/** How a program is run whose `using` the running Node may not have: TypeScript writes it otherwise, and leaves the rest. */
const LOWERED: ts.CompilerOptions = { alwaysStrict: false };

function emittedFor(text: string, dialect: Dialect): ts.CompilerOptions | undefined {
  if (dialect === 'tsx') {
    return { jsxFragmentFactory: 'Frag', experimentalDecorators: !text.includes(STANDARD_DECORATORS) };
  }
  return /\busing\b/.test(text) ? LOWERED : undefined;
}

/** What compiled code does otherwise than the original. */
export interface Difference {
  readonly form: string;
  readonly original: string;
  readonly compiled: string;
}

/** In which forms a program is run whose functions are written twice, and in which one whose functions are written once. */
interface Runs {
  readonly twice: readonly string[];
  readonly once: readonly string[];
}

const ALL_RUNS: Runs = {
  twice: Object.keys(FORMS),
  once: [UNCOLOURED, 'when everything suspends', 'when calls suspend at random (1)'],
};

/** The runs of one of many programs, of which nothing is known to be wrong: one random schedule, and functions written once in every fourth. */
function runsFor(seed: number): Runs {
  const isRandom = (form: string) => form.includes('at random');
  const random = ALL_RUNS.twice.filter(isRandom);
  return {
    twice: ALL_RUNS.twice.filter((form) => !isRandom(form) || form === random[seed % random.length]),
    once: seed % 4 === 0 ? ALL_RUNS.once : [],
  };
}

/** How two forms of a program are compared. */
interface Comparison {
  /** What the program compiles to, where that is known. */
  readonly compiled?: string;
  readonly runs?: Runs;
  readonly dialect?: Dialect;
}

/** The first form of the compiled program that does not do what the original does. */
export async function differenceOf(
  text: string,
  { compiled, runs = ALL_RUNS, dialect = 'commonjs' }: Comparison = {},
): Promise<Difference | undefined> {
  let run: Run;
  try {
    run = loadOriginal(text, dialect, emittedFor(text, dialect));
  } catch (error) {
    // TypeScript fails by itself at some programs whose types make no sense.
    if ((error as Error).message.startsWith('Debug Failure')) return undefined;
    throw error;
  }
  const original = await traceOf(run);
  // How deep the stack goes is not the same.
  if (original.includes('Maximum call stack') || ranDeep(original)) return undefined;
  const difference = await differenceIn(runs.twice, original, dialect, () => compiled ?? rewriteText(text, dialect));
  if (difference !== undefined || compiled !== undefined || runs.once.length === 0) return difference;
  const once = await differenceIn(runs.once, original, dialect, () => rewriteText(text, dialect, true));
  return once && { ...once, form: `written once, ${once.form}` };
}

async function differenceIn(
  forms: readonly string[],
  original: string,
  dialect: Dialect,
  compile: () => string,
): Promise<Difference | undefined> {
  const found = (form: string, otherwise: string) => ({ form, original, compiled: otherwise });
  let code: string;
  try {
    code = compile();
  } catch (error) {
    return found('when it is compiled', String(error));
  }
  for (const form of forms) {
    let run: Run;
    try {
      run = (FORMS[form] as (typeof FORMS)[string])(formsOf(code, dialect, emittedFor(code, dialect)));
    } catch (error) {
      if (error instanceof Untested) throw error;
      return found('when it is loaded', String(error));
    }
    const trace = await traceOf(run);
    if (trace !== original) return showsHelpers(trace) ? undefined : found(form, trace);
  }
  return undefined;
}

/** Whether a run has made a string of a function, whose text is what has been compiled. */
function showsHelpers(trace: string): boolean {
  return /\$[A-Za-z]+\d*\b|\$\.|now\(impl/.test(trace);
}

/** Whether a run has used far more fuel than it had: something has called itself until the stack was full, and the error was caught. */
function ranDeep(trace: string): boolean {
  const fuel = /^returns \[.* (-\d+) \]$/m.exec(trace)?.[1];
  return fuel !== undefined && Number(fuel) < -500;
}

/** How long a program is made smaller, in milliseconds. */
const REDUCING = 60_000;

/** What there is to say of the random program number `seed`, made small; undefined if it does what it should. */
export async function mistakeIn(
  seed: number,
  size: number,
  dialect: Dialect = 'commonjs',
): Promise<string | undefined> {
  const text = programOf(seed, size, dialect);
  // Some originals do one thing when they are run first and another from then on: they differ from themselves.
  for (let i = 0; i < 2; i++) {
    if ((await differenceOf(text, { runs: runsFor(seed), dialect })) === undefined) return undefined;
  }
  const shows = async (candidate: string) => {
    try {
      return ends(candidate, dialect) && (await differenceOf(candidate, { dialect })) !== undefined;
    } catch {
      return false;
    }
  };
  const small = await reduce(moduleOf(text, dialect), shows, Date.now() + REDUCING);
  let difference: Difference | undefined;
  // Some programs show it in every other run.
  for (const candidate of [small, small, text, text]) difference ??= await differenceOf(candidate, { dialect });
  if (difference === undefined) return `The random program ${seed} does otherwise, but not each time.`;
  const { form, original, compiled } = difference;
  return [
    `The random program ${seed} does otherwise ${form}.`,
    `Replay: pnpm generated --seed ${seed} --runs 1 --size ${size} --dialects ${dialect}`,
    `What is left of it when made small:\n${small.replace(/^\s*\n/gm, '')}`,
    `The original:\n${original}`,
    `The compiled form:\n${compiled}`,
  ].join('\n\n');
}

const ENDS = 'whether a program ends';

/** Whether a program, of which something was left out, still ends. */
function ends(text: string, dialect: Dialect): boolean {
  const run = loadOriginal(text, dialect, emittedFor(text, dialect));
  const host = globalThis as { [ENDS]?: () => void };
  host[ENDS] = () => {
    Promise.resolve(run(() => {})).catch(() => {});
  };
  try {
    runInThisContext(`globalThis['${ENDS}']()`, { timeout: 1000 });
  } catch (error) {
    return (error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT';
  }
  return true;
}

/** How many turns of the event loop without a sign of life count as the end of a program that never returns: it waits for one at a time. */
const PATIENCE = 500;

/** What a run does, a line for each thing. */
async function traceOf(run: Run): Promise<string> {
  const lines: string[] = [];
  let turns = 0;
  const note = (what: string) => (value: unknown) => {
    turns = 0;
    lines.push(`${what} ${print(value)}`);
  };
  let isOver = false;
  const never = async () => {
    while (turns++ < PATIENCE && !isOver) await new Promise(setImmediate);
    throw new RangeError('never returns');
  };
  try {
    note('returns')(await Promise.race([run(note('logs'), note('calls block with')), never()]));
  } catch (error) {
    note('throws')(error);
  } finally {
    isOver = true;
  }
  return lines.join('\n');
}

/** A value as text; see {@link snapshot}. */
export function print(value: unknown): string {
  const all = { depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null };
  return inspect(snapshot(value), { ...all, breakLength: Number.POSITIVE_INFINITY });
}

/**
 * A value as it is now. Functions by name and length, because their text differs; errors of the language by class, because V8 puts
 * source text into some of their messages.
 */
function snapshot(value: unknown, depth = 4): unknown {
  if (typeof value === 'function') return `function ${value.name}/${value.length}`;
  // TypeScript indents what stands in a body that tells its call what it comes to, and with it the text of functions there.
  if (typeof value === 'string') return value.replace(/^ +/gm, '');
  if (typeof value === 'symbol' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value === globalThis) return 'global';
  if (value instanceof Error) return value instanceof RangeError ? [value.name, value.message] : value.name;
  if (depth === 0) return inspect(value, { depth: -1 });
  if (Array.isArray(value)) return Array.from(value, (item, i) => (i in value ? snapshot(item, depth - 1) : 'hole'));
  const own = Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, property]) => [
    key,
    'value' in property ? snapshot(property.value, depth - 1) : 'accessor',
  ]);
  return { class: Object.getPrototypeOf(value)?.constructor?.name, own };
}
