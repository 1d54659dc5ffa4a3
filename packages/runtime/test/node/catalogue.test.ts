/** The compiler's catalogue of what blocks, and the twins that there are: each names what the other has. */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { builtinModules, createRequire, isBuiltin } from 'node:module';
import zlib from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { blockingAt, blockingPaths } from '../../../transformer/src/catalogue/blocking.js';
import { modulePath } from '../../../transformer/src/catalogue/paths.js';
import * as api from '../../src/index.js';
import '../../src/install.js';
import { twinOf } from '../../src/twin/protocol.js';

const load = createRequire(import.meta.url);

type Members = Readonly<Record<string, unknown>>;

const COMPLETE = { fs, child_process: childProcess, crypto, zlib } as unknown as Readonly<Record<string, Members>>;

function member(owner: unknown, name: string): unknown {
  return owner === undefined || owner === null ? undefined : (owner as Members)[name];
}

const RUNTIME = '@unblock/runtime.';

function valueAt(path: string): unknown {
  if (path.startsWith(RUNTIME)) return member(api, path.slice(RUNTIME.length));
  const [root = '', ...names] = path.split('.');
  const whole = isBuiltin(root) ? exportsOf(root) : (globalThis as unknown as Members)[root];
  return names.reduce(member, whole);
}

/** What has the suffix and does not block. */
const HARMLESS: ReadonlySet<string> = new Set([
  // A class without constructor, whose blocking methods have rows.
  'node:sqlite.StatementSync',
]);

/** What a module of Node exports. Some modules and exports warn that they are experimental or deprecated. */
function exportsOf(specifier: string): Members {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  try {
    const exported = load(specifier) as Members;
    return Object.fromEntries(Object.getOwnPropertyNames(exported).map((name) => [name, exported[name]]));
  } finally {
    warn.mockRestore();
  }
}

/** Names and values of an object's own properties; accessors have none. */
function own(owner: unknown): [string, unknown][] {
  if (owner === null || (typeof owner !== 'object' && typeof owner !== 'function')) return [];
  return Object.entries(Object.getOwnPropertyDescriptors(owner)).map(([name, { value }]) => [name, value]);
}

/** Functions with the suffix that blocking functions have: exports, and members of exports and of their prototypes. */
function suffixed(): string[] {
  // Older versions do not list modules that exist with the prefix only.
  const specifiers = new Set([...builtinModules, ...['node:sqlite', 'node:sea', 'node:test'].filter(isBuiltin)]);
  return [...specifiers].flatMap((specifier) =>
    own(exportsOf(specifier)).flatMap(([name, value]) => {
      const below = own(value).map(([key, member]) => [`${name}.${key}`, member] as const);
      const inherited = below.flatMap(([path, member]) =>
        path === `${name}.prototype` ? own(member).map(([key, method]) => [`${path}.${key}`, method] as const) : [],
      );
      return [[name, value] as const, ...below, ...inherited]
        .filter(([path, found]) => path.endsWith('Sync') && typeof found === 'function')
        .map(([path]) => `${modulePath(specifier)}.${path}`.replace(/\.default\./, '.'));
    }),
  );
}

/** What this version of Node does not have, or does not export. */
const ABSENT =
  /^node:sqlite\.|^zlib\.(zstd|Zip|createZip)|^fs\.(glob|mkdtempDisposable|openAsBlob|Utf8Stream|statfs)|^fs\.lchmodSync$|^dgram\.|^crypto\.(argon2|encapsulate|decapsulate|prng|rng|pseudo)/;

/** What packages have: `fixtures/postgres/test/catalogue.test.ts` looks there. */
const OF_PACKAGES = /^(libpq|pg-native)\./;

const present = blockingPaths().filter((path) => typeof valueAt(path) === 'function');

it('the catalogue names every function of Node that is called blocking', () => {
  const found = suffixed();
  expect(found.filter((path) => blockingAt(path) === undefined && !HARMLESS.has(path))).toEqual([]);
  expect(found.length).toBeGreaterThan(60);
});

it('the catalogue names functions that there are', () => {
  const absent = blockingPaths().filter((path) => typeof valueAt(path) !== 'function');
  expect(absent.filter((path) => !ABSENT.test(path) && !OF_PACKAGES.test(path))).toEqual([]);
});

it('has a twin for each that the catalogue says has one, and for no other', () => {
  const linked = present.filter((path) => twinOf(valueAt(path)) !== undefined);
  expect(linked).toEqual(present.filter((path) => blockingAt(path)?.twin === true));
});

it('the catalogue names every function of these modules that has a twin', () => {
  const linked = Object.entries(COMPLETE).flatMap(([module, exports]) =>
    Object.getOwnPropertyNames(exports).flatMap((name) =>
      // Reading some names makes Node warn that they are deprecated.
      twinOf(Object.getOwnPropertyDescriptor(exports, name)?.value) === undefined ? [] : [`${module}.${name}`],
    ),
  );
  expect(linked.filter((path) => blockingAt(path) === undefined)).toEqual([]);
  expect(linked.length).toBeGreaterThan(60);
});
