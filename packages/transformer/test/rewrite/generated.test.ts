/**
 * Random programs in original and compiled form.
 *
 * SEED replays a run, RUNS sets the number of programs, SIZE how deep they nest.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { programs, writeProgram } from './generator.js';
import { loadCompiled, loadOriginal, type Schedule } from './harness.js';
import { random } from './schedules.js';

const RUNS = Number(process.env.RUNS ?? 150);
const SEED = Number(process.env.SEED ?? Date.now() & 0x7fffffff);
const SIZE = Number(process.env.SIZE ?? 3);

const SCHEDULES: readonly (readonly [string, () => Schedule])[] = [
  ['nothing suspends', () => () => false],
  ['everything suspends', () => () => true],
  ['calls suspend at random', () => random(7)],
];

it(`random programs mean the same (SEED=${SEED} RUNS=${RUNS} SIZE=${SIZE})`, {
  timeout: 60_000 + RUNS * 200,
}, async () => {
  const property = fc.asyncProperty(programs(SIZE), async (program) => {
    const text = writeProgram(program);
    const original = await trace(loadOriginal(text, 'commonjs'));
    // How deep the stack goes is not the same.
    fc.pre(!JSON.stringify(original).includes('Maximum call stack'));
    const compiled = loadCompiled(text, 'commonjs');
    expect(await trace(compiled.uncoloured), text).toEqual(original);
    for (const [name, schedule] of SCHEDULES) {
      expect(await trace(compiled.asynchronous(schedule())), `${name}\n${text}`).toEqual(original);
    }
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: process.env.SHRINK === '0' });
});

/** What a run does, as plain data. */
async function trace(run: (log: (entry: unknown) => void) => unknown): Promise<unknown[]> {
  const log: unknown[] = [];
  try {
    log.push(['returned', snapshot(await run((entry) => log.push(snapshot(entry))))]);
  } catch (error) {
    log.push(['threw', snapshot(error)]);
  }
  return log;
}

/**
 * A value as it is now. Functions by name and length, because their text differs; errors of the language by class, because V8 puts
 * source text into some of their messages.
 */
function snapshot(value: unknown, depth = 4): unknown {
  if (typeof value === 'function') return `function ${value.name}/${value.length}`;
  if (typeof value === 'symbol' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : value;
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
