/** Functions that the monitor watches are those that they were, as far as a program can tell. */
import crypto from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { BLOCKING_ROWS } from '../../src/catalogue/blocking.js';
import { type BlockedCall, CALL_CHANNEL } from '../../src/monitor/channels.js';
import { watchCalls } from '../../src/monitor/watchCalls.js';
import { rootOf, SUSPENDED, take, twinOf } from '../../src/twin/protocol.js';
import '../../src/install.js';

type Members = Readonly<Record<string, unknown>>;

type Compiled = new (bytes: Uint8Array) => object;

/** The types of Node leave it to those of browsers. */
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: { readonly Module: Compiled } };

function valueAt(path: string): unknown {
  const [root = '', ...names] = path.split('.');
  const whole: unknown = process.getBuiltinModule(root) ?? (globalThis as unknown as Members)[root];
  const owner = names.slice(0, -1).reduce<unknown>((value, name) => (value as Members | undefined)?.[name], whole);
  // Node deprecates what it gives out by getters.
  return Object.getOwnPropertyDescriptor(owner ?? {}, names.at(-1) ?? '')?.value;
}

/** What is loaded late is watched then. */
const paths = BLOCKING_ROWS.map(({ path }) => path).filter(
  (path) => !/^(node:sqlite|wasi|localStorage|@unblock)/.test(path),
);

const before = new Map(
  paths.flatMap((path) => {
    const fn = valueAt(path);
    return typeof fn === 'function' ? [[path, { fn, properties: describe(fn) }] as const] : [];
  }),
);

/** Own properties, but for links. */
function describe(fn: object): readonly unknown[] {
  return Reflect.ownKeys(fn)
    .filter((key) => typeof key !== 'symbol' || !key.description?.startsWith('unblock.'))
    .map((key) => {
      const { value, ...flags } = Object.getOwnPropertyDescriptor(fn, key) ?? {};
      return [key, typeof value === 'function' ? value.name : value, flags] as const;
    })
    .sort(([a], [b]) => String(a).localeCompare(String(b)));
}

const { readFileSync: readBefore, existsSync: existsBefore } = fs;
const { readSync: readDirBefore } = fs.Dir.prototype;
watchCalls(0);

it('watches what there is', () => {
  expect(before.size).toBeGreaterThan(90);
  for (const [path, { fn }] of before) expect([path, valueAt(path) !== fn]).toEqual([path, true]);
});

it.each([...before])('%s keeps its properties', (path, { properties }) => {
  expect(describe(valueAt(path) as object)).toEqual(properties);
});

it.each([...before])('%s can be called with new if it could before', (path, { fn }) => {
  const isConstructor = (value: unknown) => {
    try {
      Reflect.construct(Object, [], value as new () => object);
      return true;
    } catch {
      return false;
    }
  };
  expect(isConstructor(valueAt(path))).toBe(isConstructor(fn));
});

it('keeps classes, subclasses and instances', () => {
  const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  class Own extends WebAssembly.Module {}
  const made = new WebAssembly.Module(bytes);
  expect(made).toBeInstanceOf(WebAssembly.Module);
  expect(made.constructor).toBe(WebAssembly.Module);
  expect(new Own(bytes)).toBeInstanceOf(Own);
  expect(() => (WebAssembly.Module as unknown as (b: Uint8Array) => void)(bytes)).toThrow(TypeError);
  const group = crypto.createDiffieHellmanGroup('modp1');
  const { DiffieHellman } = crypto as unknown as { DiffieHellman: (...args: unknown[]) => crypto.DiffieHellman };
  // Without `new`, too.
  const prime = group.getPrime();
  expect(DiffieHellman(prime)).toBeInstanceOf(DiffieHellman);
  // A key may begin with zeros, which it then has not.
  expect(prime.length - DiffieHellman(prime).generateKeys().length).toBeLessThan(9);
});

it('keeps this, results and errors', () => {
  expect(fs.readFileSync(import.meta.filename, 'utf8')).toBe(readBefore(import.meta.filename, 'utf8'));
  const dir = fs.opendirSync('.');
  expect(dir.readSync()).not.toBeNull();
  dir.closeSync();
  const failure = (read: typeof readBefore) => {
    try {
      return read('/nowhere');
    } catch (error) {
      return { ...(error as object), message: (error as Error).message };
    }
  };
  expect(failure(fs.readFileSync)).toEqual(failure(readBefore));
  const misused = failure(fs.Dir.prototype.readSync.bind({} as fs.Dir) as never);
  expect(misused).toEqual(failure(readDirBefore.bind({} as fs.Dir) as never));
  expect(misused).toHaveProperty('message');
});

it('is seen through the namespace of ES modules', async () => {
  const { readFileSync } = await import('node:fs');
  expect(readFileSync).toBe(fs.readFileSync);
  expect(readFileSync).not.toBe(readBefore);
});

it('leaves what promisify finds', () => {
  expect(promisify(crypto.generateKeyPair).name).toBe('generateKeyPair');
});

it('finds twins that were linked before', async () => {
  const twin = twinOf(fs.existsSync);
  expect(twin).toBeDefined();
  expect(twinOf(existsBefore)).toBeDefined();
  expect(twin?.('/nowhere/at/all')).toBe(SUSPENDED);
  expect(await take()).toBe(false);
  expect(rootOf(crypto.randomBytes)).toBeDefined();
});

it('tells no calls with a callback', async () => {
  const seen: string[] = [];
  const listen = (call: unknown) => seen.push((call as BlockedCall).api);
  subscribe(CALL_CHANNEL, listen);
  await new Promise((resolve) => crypto.randomBytes(8, resolve));
  crypto.randomBytes(8);
  unsubscribe(CALL_CHANNEL, listen);
  expect(seen).toEqual(['crypto.randomBytes']);
});
