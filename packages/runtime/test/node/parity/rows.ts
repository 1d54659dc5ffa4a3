/** The form of the tables: a row is a function of node:fs by its name, and the arguments of one call. */
import fs from 'node:fs';
import { inspect } from 'node:util';
import type { Callable } from '../../../src/twin/protocol.js';

export interface Difference {
  /** Whether it is expected on this Node. */
  readonly when: boolean;
  readonly reason: string;
}

export interface Situation {
  /** The user that makes the call has no rights but those of everybody, where the tests run as root. */
  readonly asNobody?: true;
}

/** What keeps a call of the tables from being compared. */
export interface Exception {
  /** The call is known to differ; an agreement fails, so that the entry gets removed. */
  readonly differs?: Difference;
  /** Node itself aborts, or never comes back, where `when` holds: nothing can be compared. */
  readonly aborts?: Difference;
}

/** `[name, ...args]`, or the same with the situation of the call behind it: see {@link where}. */
export type Row = readonly [name: string, ...args: unknown[]];

const situations = new WeakMap<Row, Situation>();

/** Says of rows in which situation their calls are made. */
export function where(situation: Situation, rows: readonly Row[]): readonly Row[] {
  for (const row of rows) situations.set(row, { ...situations.get(row), ...situation });
  return rows;
}

/** By the title of the row. */
export type Exceptions = Readonly<Record<string, Exception>>;

export function situationOf(row: Row): Situation {
  return situations.get(row) ?? {};
}

/** Bytes of the longest name. */
export const LINUX_NAME_MAX = 255;

export const MAJOR = Number(process.versions.node.split('.')[0]);

/** An argument that is made anew for each call. */
class Made {
  constructor(
    readonly text: string,
    readonly make: (root: string) => unknown,
    /** Undoes what making it did. */
    readonly after: (value: unknown) => void = () => {},
  ) {}
}

/** A descriptor, opened before the call and closed behind it. */
export function fd(path: string, flags = 'r', position = 0): Made {
  return new Made(
    `fd(${path}, ${flags}${position === 0 ? '' : `, at ${position}`})`,
    () => {
      const opened = fs.openSync(path, flags);
      if (position > 0) fs.readSync(opened, Buffer.alloc(position));
      return opened;
    },
    (opened) => {
      try {
        fs.closeSync(opened as number);
      } catch {
        // The call has closed it.
      }
    },
  );
}

/** A path of the sandbox, absolute. */
export function at(path: string): Made {
  return new Made(`/${path}`, (root) => `${root}/${path}`);
}

export function bufferAt(path: string | Buffer): Made {
  return new Made(`Buffer /${path}`, (root) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path)]));
}

export function urlAt(path: string, end = ''): Made {
  return new Made(`URL /${path}${end}`, (root) => new URL(`file://${root}/${encodeURIComponent(path)}${end}`));
}

/** A value made by `make`, such as a buffer that the call writes to. */
export function made(text: string, make: () => unknown): Made {
  return new Made(text, make);
}

/** Options that are those of an array. */
export function arrayWith(options: object): Made {
  return made(`[] with ${inspect(options)}`, () => Object.assign([], options));
}

/** Options in all the ways in which an object may have them. */
export function inAllWays(options: Readonly<Record<string, unknown>>): readonly Made[] {
  const text = inspect(options);
  const accessors = Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, { get: () => value, configurable: true }]),
  );
  class Own {}
  class Getters {}
  Object.defineProperties(Getters.prototype, accessors);
  return [
    made(`own ${text}`, () => ({ ...options })),
    made(`without a prototype ${text}`, () => Object.assign(Object.create(null), options)),
    made(`inherited ${text}`, () => Object.create(options)),
    made(`of a class ${text}`, () => Object.assign(new Own(), options)),
    made(`getters of a class ${text}`, () => new Getters()),
    made(`hidden ${text}`, () => Object.defineProperties({}, accessors)),
    made(`a Proxy of ${text}`, () => new Proxy({ ...options }, {})),
    made(`a Map with ${text}`, () => Object.assign(new Map(), options)),
    made(`a Date with ${text}`, () => Object.assign(new Date(0), options)),
    made(`a view with ${text}`, () => Object.defineProperties(new Uint8Array(2), accessors)),
    made(`a function with ${text}`, () => Object.defineProperties(() => {}, accessors)),
    arrayWith(options),
  ];
}

export function bytes(length: number): Made {
  return made(`bytes(${length})`, () => Buffer.alloc(length, '.'));
}

/** The arguments of a call of `row`, and what clears up behind it. */
export function argumentsOf([, ...args]: Row, root: string): { args: unknown[]; clear: () => void } {
  const values = args.map((arg) => (arg instanceof Made ? arg.make(root) : arg));
  return {
    args: values,
    clear() {
      for (const [i, arg] of args.entries()) if (arg instanceof Made) arg.after(values[i]);
    },
  };
}

/** The function of `row`; undefined where the running Node has none. */
export function functionOf([name]: Row): Callable | undefined {
  return name.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], fs) as
    | Callable
    | undefined;
}

export function titleOf(row: Row): string {
  const [name, ...args] = row;
  const text = args.map((arg) => (arg instanceof Made ? arg.text : textOf(arg))).join(', ');
  return `${name}(${text})${situationOf(row).asNobody ? ' as nobody' : ''}`;
}

function textOf(value: unknown): string {
  if (typeof value === 'string' && value.length > 60) return `'${value.slice(0, 8)}' of ${value.length} characters`;
  if (typeof value === 'function') return String(value);
  return inspect(value, { breakLength: Infinity, depth: 3 });
}
