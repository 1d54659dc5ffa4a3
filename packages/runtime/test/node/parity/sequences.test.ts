/** Twins of node:fs that run at the same time against blocking calls, which cannot. */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeInPlace } from '../../../src/node/fs/inPlace.js';
import type { Callable } from '../../../src/twin/protocol.js';
import { type Outcome, outcomeOf, plain } from './outcome.js';
import { functionOf } from './rows.js';
import { blocking, byTwin, type Call } from './runner.js';
import { makeSandbox, type Sandbox } from './sandbox.js';
import { FD, SEQUENCES, type Sequence } from './sequences.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
afterAll(() => sandbox.remove());

async function run({ opens, calls }: Sequence, call: Call, isConcurrent: boolean): Promise<unknown> {
  sandbox.restore();
  const fd = opens === undefined ? undefined : fs.openSync(...opens);
  const outcomes: Promise<Outcome>[] = [];
  const given: unknown[] = [];
  for (const row of calls) {
    const args = row.slice(1).map((arg) => (arg === FD ? fd : Buffer.isBuffer(arg) ? Buffer.from(arg) : arg));
    given.push(args);
    const outcome = outcomeOf(() => call(functionOf(row) as Callable, args));
    outcomes.push(outcome);
    if (!isConcurrent) await outcome;
  }
  const settled = await Promise.all(outcomes);
  const args = plain(given);
  if (fd !== undefined && !calls.some(([name]) => name === 'closeSync')) fs.closeSync(fd);
  return { settled, args, disk: sandbox.contents() };
}

describe.each([
  ['on the thread pool', false],
  ['in place where it may', true],
])('calls that are made at once do what they do one after the other, %s', (_, inPlace) => {
  beforeAll(() => completeInPlace(inPlace));

  it.each(SEQUENCES)('$name', async (sequence) => {
    const expected = await run(sequence, blocking, false);
    expect(await run(sequence, byTwin, true)).toEqual(expected);
  });
});
