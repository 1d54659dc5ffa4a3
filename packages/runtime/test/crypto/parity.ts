/** Comparing a blocking function with its twin: same value or same error, and whether the twin suspended. */
import { KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

export type AnyFunction = (...args: unknown[]) => unknown;

export interface Case {
  readonly name: string;
  /** Arguments, made anew for each of the two calls. */
  readonly args: () => unknown[];
  /** Whether the twin is expected to leave the loop free, and so to suspend. */
  readonly suspends: boolean;
  /** What to compare of the result, where it is random or refers to a native handle. */
  readonly view?: (result: unknown) => unknown;
  /** The case is known to differ where `when` holds; agreement fails the test, so that the entry gets removed. */
  readonly differs?: { readonly when: boolean; readonly reason: string };
  /** Node itself aborts where `when` holds, so that nothing can be compared. */
  readonly aborts?: { readonly when: boolean; readonly reason: string };
}

export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** Runs the original. */
export function runOriginal(fn: AnyFunction, args: unknown[], self?: unknown): Outcome {
  try {
    return { value: Reflect.apply(fn, self, args) };
  } catch (error) {
    return { error };
  }
}

/** Runs the twin as compiled code does. */
export async function runTwin(
  fn: AnyFunction,
  args: unknown[],
  self?: unknown,
): Promise<{ outcome: Outcome; suspended: boolean }> {
  const twin = twinOf(fn);
  if (twin === undefined) throw new Error(`${fn.name} has no twin`);
  let suspended = false;
  try {
    const result: unknown = Reflect.apply(twin, self, args);
    suspended = result === SUSPENDED;
    return { outcome: { value: suspended ? unbox(await take()) : result }, suspended };
  } catch (error) {
    return { outcome: { error }, suspended };
  }
}

/** Plain data that says everything observable about an outcome but the frames of a stack. */
export function describeOutcome(outcome: Outcome, view: (result: unknown) => unknown = (result) => result): unknown {
  if ('value' in outcome) return { value: plain(view(outcome.value)) };
  const { error } = outcome;
  if (!(error instanceof Error)) return { thrown: error };
  return {
    class: error.constructor.name,
    name: error.name,
    message: error.message,
    fields: { ...error },
    keys: Object.keys(error),
    head: String(error.stack).split('\n    at ')[0],
  };
}

function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return { buffer: value.toString('hex') };
  if (ArrayBuffer.isView(value)) {
    return {
      view: value.constructor.name,
      bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex'),
    };
  }
  if (value instanceof ArrayBuffer) return { arrayBuffer: Buffer.from(value).toString('hex') };
  if (value instanceof KeyObject)
    return { keyObject: value.type, asymmetric: value.asymmetricKeyType, size: value.symmetricKeySize };
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}

/** One test per case: the twin of `fn` gives what `fn` gives, and suspends where it should. */
export function parity(fn: AnyFunction, cases: readonly Case[]): void {
  for (const row of cases.filter(({ aborts }) => aborts?.when))
    test.skip(`${row.name}: ${row.aborts?.reason}`, () => {});
  const comparable = cases.filter(({ aborts }) => !aborts?.when);
  test.each(comparable.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const expected = describeOutcome(runOriginal(fn, row.args()), row.view);
    const { outcome, suspended } = await runTwin(fn, row.args());
    const actual = describeOutcome(outcome, row.view);
    if (row.differs?.when) expect(actual, `now agrees, remove: ${row.differs.reason}`).not.toEqual(expected);
    else expect(actual).toEqual(expected);
    expect(suspended, 'suspended').toBe(row.suspends);
  });
}

/** Values of {@link Case.suspends}. */
export const pooled = true;
export const inPlace = false;

/** A view for random bytes. */
export const length = (result: unknown): unknown => [Object.prototype.toString.call(result), (result as Buffer).length];

/** A function where none belongs. */
export const hang = (): void => {};

/** The bad values that every parameter is tried with. */
const BAD: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['-1', -1],
  ['1.5', 1.5],
  ['NaN', Number.NaN],
  ['2 ** 40', 2 ** 40],
  ['a bad text', 'nonsense'],
  ['an object', {}],
  ['a symbol', Symbol.for('x')],
  ['a function', hang],
];

/** Good arguments with one of them replaced by each bad value; none of these may get as far as the pool. */
export function badArguments(
  good: () => unknown[],
  accepted: Readonly<Record<number, readonly string[]>> = {},
): Case[] {
  return good().flatMap((_, at) =>
    BAD.filter(([name]) => !accepted[at]?.includes(name)).map(([name, value]) => ({
      name: `argument ${at} is ${name}`,
      args: () => good().with(at, value),
      suspends: inPlace,
    })),
  );
}
