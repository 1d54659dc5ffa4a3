/** What children's calls come to, in a form that can be compared between a blocking call and its twin. */
import { vi } from 'vitest';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

/** Own keys in their order, without what differs between any two runs. */
function comparable(value: unknown, within: readonly unknown[] = []): unknown {
  if (Buffer.isBuffer(value)) return `bytes ${value.toString('base64')}`;
  if (typeof value !== 'object' || value === null) return value;
  if (within.includes(value)) return `circle ${within.indexOf(value)}`;
  const inner = [...within, value];
  if (Array.isArray(value)) return value.map((item) => comparable(item, inner));
  const entries = Object.entries(value).map(([key, field]) => [
    key,
    key === 'pid' ? field > 0 : comparable(field, inner),
  ]);
  return value instanceof Error
    ? [value.constructor.name, value.message, String(value.stack).split('\n    at ')[0], ...entries]
    : entries;
}

export interface Outcome {
  readonly value?: unknown;
  readonly error?: unknown;
  /** What went to the standard error of this process. */
  readonly passed: string;
}

/** How a call ends, as what can be compared. */
export async function outcome(call: () => unknown): Promise<Outcome> {
  let passed = '';
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    // Node's own warnings come once, some time after the call.
    if (!String(chunk).includes('DeprecationWarning')) passed += String(chunk);
    return true;
  });
  try {
    return { value: comparable(await call()), passed };
  } catch (error) {
    return { error: comparable(error), passed };
  } finally {
    write.mockRestore();
  }
}

/** Calls the twin of `fn`, and waits for it. */
export function byTwin(fn: Callable, args: readonly unknown[]): unknown {
  const result = Reflect.apply(twinOf(fn) as Callable, undefined, args);
  return result === SUSPENDED ? take().then(unbox) : result;
}
