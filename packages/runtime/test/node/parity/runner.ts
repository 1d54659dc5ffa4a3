/** Runs tables of calls: the blocking function in one sandbox and its twin in another just like it, once for each way that a twin has. */
import fs from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeInPlace, remember } from '../../../src/node/fs/inPlace.js';
import { installFs } from '../../../src/node/fs/install.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../../src/twin/protocol.js';
import { descriptorOf, type Outcome, outcomeOf, plain } from './outcome.js';
import { argumentsOf, type Exception, type Exceptions, functionOf, type Row, situationOf, titleOf } from './rows.js';
import { makeSandbox, type Sandbox } from './sandbox.js';

installFs();
// Frames of Node's and of these tests alike come before those that are looked for.
Error.stackTraceLimit = 50;

const NOBODY = 65_534;

/** What a call did. */
interface Seen {
  readonly outcome: Outcome;
  /** The arguments as the call has left them; descriptors with their positions. */
  readonly args: unknown;
  readonly disk: readonly string[];
}

export type Call = (fn: Callable, args: readonly unknown[]) => unknown;

export const blocking: Call = (fn, args) => Reflect.apply(fn, fs, args);

export const byTwin: Call = (fn, args) => {
  const twin = twinOf(fn);
  if (twin === undefined) throw new Error(`${fn.name} has no twin`);
  const result = Reflect.apply(twin, fs, args);
  return result === SUSPENDED ? take().then(unbox) : result;
};

const twinInPlace: Call = (fn, args) => {
  // As if a call had found the directory to be quick.
  for (const arg of args) {
    if (typeof arg !== 'string' && typeof arg !== 'number') continue;
    remember('ask', arg);
    remember('change', arg);
  }
  return byTwin(fn, args);
};

/**
 * One test for each function and each of the ways that twins have; its name tells how many calls it compares.
 *
 * @param rows those whose functions the running Node lacks are left out
 * @param exceptions of some of the rows
 */
export function compareCalls(rows: readonly Row[], exceptions: Exceptions = {}): void {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await makeSandbox();
  });
  afterAll(() => sandbox.remove());
  const here = rows.filter((row) => functionOf(row) !== undefined);
  const exceptionOf = (row: Row): Exception => exceptions[titleOf(row)] ?? {};
  for (const row of here) {
    const { aborts } = exceptionOf(row);
    if (aborts?.when) it.skip(`${titleOf(row)}: ${aborts.reason}`, () => {});
  }
  const comparable = here.filter((row) => !exceptionOf(row).aborts?.when);
  const byFunction = new Map<string, Row[]>();
  for (const row of comparable) byFunction.set(row[0], [...(byFunction.get(row[0]) ?? []), row]);
  const tables = [...byFunction].map(([name, table]) => ({ name, table, count: table.length }));

  it('each case is there once, and each exception has one', () => {
    const titles = rows.map(titleOf);
    expect(Object.keys(exceptions).filter((title) => !titles.includes(title))).toEqual([]);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });

  describe.each([
    ['on the thread pool', byTwin, false],
    ['in place where it may', twinInPlace, true],
  ] as const)('%s', (_, call, inPlace) => {
    beforeAll(() => completeInPlace(inPlace));
    it.each(tables)('$name, cases: $count', async ({ table }) => {
      const expected: Record<string, Seen> = {};
      const actual: Record<string, Seen> = {};
      for (const row of table) {
        const title = titleOf(row);
        const original = await see(sandbox, row, blocking);
        const twin = namedAs(original, await see(sandbox, row, call));
        const { differs } = exceptionOf(row);
        if (differs?.when) expect(twin, `${title} now agrees, remove: ${differs.reason}`).not.toEqual(original);
        else if (!isDeepStrictEqual(twin, original)) [expected[title], actual[title]] = [original, twin];
      }
      expect(actual).toEqual(expected);
    });
  });
}

/** The blocking form of some Nodes hides the frames of a mistake: then the twin may show them. */
function namedAs({ outcome }: Seen, twin: Seen): Seen {
  const isHidden = (failure: Outcome) => 'error' in failure && !(failure.error as { namesCaller: boolean }).namesCaller;
  if (!isHidden(outcome) || !('error' in twin.outcome)) return twin;
  return { ...twin, outcome: { error: { ...(twin.outcome.error as object), namesCaller: false } } };
}

async function see(sandbox: Sandbox, row: Row, call: Call): Promise<Seen> {
  sandbox.restore();
  const fn = functionOf(row) as Callable;
  const { args, clear } = argumentsOf(row, sandbox.root);
  const isNobody = situationOf(row).asNobody === true && process.geteuid?.() === 0;
  if (isNobody) process.seteuid?.(NOBODY);
  let outcome: Outcome;
  try {
    outcome = await outcomeOf(() => call(fn, args));
  } finally {
    if (isNobody) process.seteuid?.(0);
  }
  if (row[0] === 'openSync' && 'value' in outcome) outcome = { value: opened(outcome.value as number) };
  const isDescriptors = typeof args[0] === 'number' && row[1] !== args[0];
  const seen = args.map((arg, i) => (i === 0 && isDescriptors ? descriptorOf(arg as number) : plain(arg)));
  clear();
  return withoutChance({ outcome, args: seen, disk: sandbox.contents() }, row[0]);
}

function opened(fd: number): unknown {
  const found = descriptorOf(fd);
  fs.closeSync(fd);
  return found;
}

/** As text and back, so that the order of keys counts and nothing is shared; without the chance in names of temporary directories. */
function withoutChance(seen: Seen, name: string): Seen {
  const text = JSON.stringify(seen, (_, value) => (value === undefined ? 'undefined!' : value));
  const plainly = JSON.parse(
    chancesIn(seen, name).reduce((rest, chance) => rest.replaceAll(chance, '?'), text),
  ) as Seen;
  return { ...plainly, disk: [...plainly.disk].sort() };
}

function chancesIn({ outcome, disk }: Seen, name: string): string[] {
  if (!name.startsWith('mkdtemp') || !('value' in outcome)) return [];
  const chance = /tmp-(\w{6})/.exec(disk.join(' ')) ?? /(\w{6})"\W*$/.exec(JSON.stringify(outcome));
  const letters = chance?.[1] ?? '?';
  return [letters, Buffer.from(letters).toString('hex')];
}
