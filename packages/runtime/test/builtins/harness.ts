/** Calls builtins with callbacks, as they are and by their twins, and takes down what happens. */
import { link } from '../../src/twin/link.js';
import { box, type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

/** What a case is given: the same for the builtin and for its twin. */
export interface Bench {
  /** Calls a builtin. */
  readonly run: (fn: unknown, self: unknown, ...args: unknown[]) => Promise<unknown>;
  /** A callback with this behaviour, which is noted with its arguments and receiver. */
  readonly callback: (behaviour: (...args: never[]) => unknown) => Callable;
  /** An object whose operations are noted. */
  readonly watched: <T extends object>(target: T) => T;
  readonly note: (entry: unknown) => void;
}

export type Case = (bench: Bench) => Promise<unknown>;

/** Whether the next callback suspends. */
export type Schedule = () => boolean;

export interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
  readonly trace: readonly unknown[];
}

export function byBuiltin(test: Case): Promise<Outcome> {
  return outcome(test, (fn, self, args) => Reflect.apply(fn, self, args), undefined);
}

export function byTwin(test: Case, schedule: Schedule): Promise<Outcome> {
  return outcome(
    test,
    (fn, self, args) => {
      const twin = twinOf(fn);
      if (twin === undefined) throw new Error(`${fn.name} has no twin: the case tests nothing`);
      const result = Reflect.apply(twin, self, args);
      return result === SUSPENDED ? take().then(unbox) : result;
    },
    schedule,
  );
}

async function outcome(
  test: Case,
  call: (fn: Callable, self: unknown, args: unknown[]) => unknown,
  schedule: Schedule | undefined,
): Promise<Outcome> {
  const trace: unknown[] = [];
  const note = (entry: unknown) => trace.push(entry);
  const callback = (behaviour: (...args: never[]) => unknown): Callable => {
    const body = function (this: unknown, ...args: unknown[]) {
      note(['called', this === undefined ? undefined : String(this), ...args.map(shown)]);
      return Reflect.apply(behaviour, this, args as never[]);
    };
    if (schedule === undefined) return body;
    return link(body, async function (this: unknown, ...args: unknown[]) {
      if (schedule()) await new Promise((resolve) => setImmediate(resolve));
      return box(Reflect.apply(body, this, args));
    });
  };
  const watched = <T extends object>(target: T): T =>
    new Proxy(
      target,
      Object.fromEntries(
        (['get', 'has', 'set', 'deleteProperty', 'defineProperty'] as const).map((trap) => [
          trap,
          (...args: unknown[]) => {
            note([trap, String(args[1]), ...(trap === 'set' ? [shown(args[2])] : [])]);
            return Reflect.apply(Reflect[trap], Reflect, args);
          },
        ]),
      ),
    );
  try {
    const run: Bench['run'] = async (fn, self, ...args) => call(fn as Callable, self, args);
    return { value: await test({ run, callback, watched, note }), trace };
  } catch (error) {
    return { error: `${(error as Error)?.constructor?.name}: ${error}`, trace };
  }
}

function shown(value: unknown): unknown {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `[${Array.from(value as unknown[], String)}]`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : value;
}
