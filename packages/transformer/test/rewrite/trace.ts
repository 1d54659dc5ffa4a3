/** What a program does, as text. */
import { inspect, types } from 'node:util';

import type { Run } from './harness.js';

/**
 * The trace of a run: each call of `block`, whether it blocks or may suspend, each entry of the log, printed as it was then, and the
 * end. A result that the run promises is waited for.
 */
export async function traceOf(run: Run): Promise<string> {
  const lines: string[] = [];
  const note = (what: string, value: unknown) => lines.push(`${what} ${print(value)}`);
  try {
    const value = await run(
      (entry) => note('logs', entry),
      (given, suspends) => note(suspends ? 'suspends on' : 'blocks on', given),
    );
    note('returns', value);
  } catch (error) {
    lines.push(`throws ${error}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The trace of the same run where nothing suspends. */
export function whereAllBlocks(trace: string): string {
  return trace.replace(/^suspends on /gm, 'blocks on ');
}

function print(value: unknown): string {
  // Stacks are not the same.
  if (value instanceof Error) return String(value);
  hideMarks(value, new Set());
  const text = inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    maxArrayLength: null,
    maxStringLength: null,
    compact: true,
    breakLength: 100,
  });
  // From Node 24 on, keys that are symbols have no brackets.
  return text.replace(/\[(Symbol\([^)]*\))\]:/g, '$1:');
}

/** Node marks promises with numbers once anybody has asked for the flow of control: other programs, for one. */
function hideMarks(value: unknown, seen: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || types.isProxy(value) || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Promise) {
    for (const mark of Object.getOwnPropertySymbols(value)) Object.defineProperty(value, mark, { enumerable: false });
  }
  for (const { value: held } of Object.values(Object.getOwnPropertyDescriptors(value))) hideMarks(held, seen);
}
