/** The built runtime in realms of their own, which share Node's modules: as Jest runs test files. */
import fs, { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BUILT = fileURLToPath(new URL('../../dist/compiled.cjs', import.meta.url));

type Runtime = typeof import('../../src/compiled.js');
type Twin = (...args: unknown[]) => unknown;

interface Realm {
  readonly runtime: Runtime;
  /** Evaluates code in the realm. */
  readonly run: (code: string) => unknown;
}

/**
 * Loads the built runtime into a realm of its own.
 *
 * @param mocks what its modules get in place of Node's modules
 * @param globals what the realm has besides those of the language and `process`
 */
function realm(mocks: Readonly<Record<string, object>> = {}, globals: Readonly<Record<string, unknown>> = {}): Realm {
  const ofLanguage: string[] = vm.runInNewContext('Object.getOwnPropertyNames(globalThis)');
  const ofNode = Object.entries(Object.getOwnPropertyDescriptors(globalThis)).filter(
    ([name]) => !ofLanguage.includes(name),
  );
  // Some are accessors: assigning would set those of this realm.
  const given = Object.getOwnPropertyDescriptors({ process: { ...process }, ...globals });
  const context = vm.createContext(Object.defineProperties({}, { ...Object.fromEntries(ofNode), ...given }));
  const loaded = new Map<string, { exports: object }>();
  const load = (file: string): object => {
    const found = loaded.get(file);
    if (found !== undefined) return found.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const require = createRequire(file);
    const within = (id: string) => mocks[id] ?? (id.startsWith('.') ? load(require.resolve(id)) : require(id));
    const wrapped = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(file, 'utf8')}\n})`;
    vm.runInContext(wrapped, context, { filename: file })(module.exports, within, module, file, dirname(file));
    return module.exports;
  };
  return { runtime: load(BUILT) as Runtime, run: (code) => vm.runInContext(code, context) };
}

/** What a call of compiled code in `runtime`'s realm comes to. */
async function called({ runtime }: Realm, fn: unknown, ...args: unknown[]): Promise<unknown> {
  const result: unknown = (runtime.$callee(fn, 'fn') as Twin)(...args);
  return result === runtime.$SUSPENDED ? runtime.$unbox(await runtime.$take()) : result;
}

let folder: string;
let source: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unblock-realms-'));
  source = join(folder, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'one.txt'), 'one');
});
afterAll(() => rmSync(folder, { recursive: true }));

// The first to be loaded, so that its twins and adapters are those that are linked.
test('timers that only a test moves on, or none, are no timers of the runtime', async () => {
  const never = () => ({ unref: () => undefined });
  const stopped = { ...process, nextTick: never };
  const { runtime, run } = realm(
    {},
    { process: stopped, setTimeout: never, setInterval: never, setImmediate: undefined },
  );
  const wait = run('Atomics.wait');
  const cell = run('new Int32Array(new SharedArrayBuffer(4))');
  const sleep = () => called({ runtime, run }, wait, runtime.$unshared(cell), 0, 0, 5);
  expect(await sleep()).toBe('timed-out');

  const handler = runtime.$link(
    () => {},
    async (request: IncomingMessage, response: ServerResponse) => {
      await sleep();
      let length = 0;
      const onData = runtime.$link(
        () => {},
        async (chunk: Buffer) => {
          await sleep();
          length += chunk.length;
        },
      );
      runtime.$methodRegistrar(request.on, 'request.on').call(request, 'data', onData);
      request.on('end', () => response.end(String(length)));
    },
  );
  const server: Server = runtime.$registrar(http.createServer)(handler);
  await new Promise<void>((listens) => server.listen(0, listens));
  const { port } = server.address() as AddressInfo;
  for (const body of ['one', 'three']) {
    const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body });
    expect(await response.text()).toBe(String(body.length));
  }
  server.close();
});

test('a realm takes what a twin has left that another realm has linked', async () => {
  const [first, second] = [realm(), realm()];
  for (const each of [first, second, first]) {
    const copy = join(folder, 'copy');
    expect(await called(each, fs.cpSync, source, copy, { recursive: true })).toBe(undefined);
    expect(await called(each, fs.readFileSync, join(copy, 'one.txt'), 'utf8')).toBe('one');
    expect(await called(each, fs.rmSync, copy, { recursive: true })).toBe(undefined);
    expect(fs.existsSync(copy)).toBe(false);
  }
});

test('errors, which are those of the main realm, say what the blocking call says', async () => {
  const other = realm();
  const calls: readonly [(...args: never[]) => unknown, ...string[]][] = [
    [fs.rmdirSync, 'missing'],
    [fs.mkdtempSync, 'missing/x'],
    [fs.copyFileSync, 'missing', 'other'],
    [fs.opendirSync, 'missing'],
  ];
  for (const [fn, ...args] of calls) {
    const failed = await failureOf(() => called(other, fn, ...args));
    const expected = await failureOf(() => Reflect.apply(fn, fs, args));
    expect([failed.message, { ...failed }]).toEqual([expected.message, { ...expected }]);
    expect(failed.stack).toContain('realms.test.ts');
  }
});

async function failureOf(call: () => unknown): Promise<Error> {
  try {
    await call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('The call did not fail.');
}

test('mocks of modules are for the program', async () => {
  const readFile = () => 'mocked';
  const mocked = realm({ 'node:fs': { readFileSync: readFile, readFile }, 'node:http': {}, 'node:events': {} });
  expect(Reflect.ownKeys(readFile)).toEqual(['length', 'name']);
  expect(await called(mocked, readFile, 'anything')).toBe('mocked');
  expect(await called(mocked, fs.readFileSync, join(source, 'one.txt'), 'utf8')).toBe('one');
});
