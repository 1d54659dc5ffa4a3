/** The compiler's catalogue of what blocks, and the twins that there are: each names what the other has. */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { builtinModules, createRequire, isBuiltin } from 'node:module';
import zlib from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { blockingAt, blockingPaths } from '../../../transformer/src/catalogue/blocking.js';
import { modulePath } from '../../../transformer/src/catalogue/paths.js';
import { BLOCKING_ROWS, type BlockingRow, keyNamed } from '../../src/catalogue/blocking.js';
import * as api from '../../src/index.js';
import '../../src/install.js';
import { twinOf } from '../../src/twin/protocol.js';
import { HARMLESS, HARMLESS_MODULES, RULES } from './harmless.js';

const load = createRequire(import.meta.url);

type Members = Readonly<Record<string, unknown>>;

const COMPLETE = { fs, child_process: childProcess, crypto, zlib } as unknown as Readonly<Record<string, Members>>;

function member(owner: unknown, name: string): unknown {
  return owner === undefined || owner === null
    ? undefined
    : (owner as Record<string | symbol, unknown>)[keyNamed(name)];
}

const RUNTIME = '@unblock/runtime.';

function valueAt(path: string): unknown {
  if (path.startsWith(RUNTIME)) return member(api, path.slice(RUNTIME.length));
  const [root = '', ...names] = path.split('.');
  const whole = isBuiltin(root) ? exportsOf(root) : (globalThis as unknown as Members)[root];
  return names.reduce(member, whole);
}

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

/**
 * Names and values of an object's own properties: those of symbols are `@@dispose` and `@@(name)`, and the functions of accessors have `get` and `set` behind
 * the name.
 */
function own(owner: unknown): [string, unknown][] {
  if (owner === null || (typeof owner !== 'object' && typeof owner !== 'function')) return [];
  return Reflect.ownKeys(owner).flatMap((key): [string, unknown][] => {
    const name = typeof key === 'symbol' ? symbolName(key) : key;
    const { value, get, set } = Object.getOwnPropertyDescriptor(owner, key) ?? {};
    if (get === undefined && set === undefined) return [[name, value]];
    return [
      [`${name} get`, get],
      [`${name} set`, set],
    ];
  });
}

function symbolName({ description = '' }: symbol): string {
  const [, known] = /^Symbol\.(\w+)$/.exec(description) ?? [];
  return known === undefined ? `@@(${description})` : `@@${known}`;
}

/** Modules that the running Node has. Older versions do not list those that exist with the prefix only. */
const SPECIFIERS = [
  ...new Set([
    ...builtinModules,
    ...['node:sqlite', 'node:sea', 'node:test', 'node:test/reporters', 'node:ffi', 'node:quic'].filter(isBuiltin),
  ]),
  // Undocumented modules are parts of others.
].filter((specifier) => !/^(node:)?_/.test(specifier));

/** Whether a name is a module's, and not a function of one that is exported by another, too. */
type Found = Map<string, string>;

/** Every function that the running Node gives out, by path: exports and globals, their statics and the methods of their prototypes. */
function functionsOfNode(): Found {
  const found: Found = new Map();
  const seen = new Set<unknown>();
  const walk = (module: string, path: string, value: unknown, depth: number): void => {
    if (seen.has(value) || value === null || (typeof value !== 'function' && typeof value !== 'object')) return;
    seen.add(value);
    if (typeof value === 'function') found.set(module === 'global' ? path : `${module}.${path}`, module);
    // What objects hold further down are their states, such as listeners.
    if (depth === 3) return;
    for (const [name, member] of own(value)) {
      const isPrototype = typeof value === 'function' && name === 'prototype';
      if (name !== 'constructor') walk(module, `${path}.${name}`, member, isPrototype ? depth : depth + 1);
    }
  };
  const modules = SPECIFIERS.map((specifier) => [modulePath(specifier), exportsOf(specifier)] as const);
  for (const [module, exports] of modules)
    for (const name of Object.keys(exports)) walk(module, name, exports[name], 0);
  for (const [name, value] of own(globalThis))
    if (value !== globalThis && !isOfTests(name)) walk('global', name, value, 0);
  return found;
}

/** What the test framework has added. */
function isOfTests(name: string): boolean {
  return /^__?vi|^@@\((expect|matchers|asymmetric|\$\$)/.test(name);
}

function blocks(path: string): boolean {
  return blockingAt(path) !== undefined;
}

/** Why a function does not block; undefined if nobody has said so. */
function whyHarmless(path: string, module: string): string | undefined {
  const whole = HARMLESS_MODULES[module];
  if (whole !== undefined) return whole;
  const rule = RULES.find(({ applies }) => applies(path, blocks));
  if (rule !== undefined) return rule.reason;
  const property = path.replace(/ [gs]et$/, '');
  const name = module === 'global' ? property : property.slice(module.length + 1);
  const isNamed = (known: string) => known === '*' || name === known || name.startsWith(`${known}.`);
  return HARMLESS[module]?.find(({ names }) => names.split(' ').some(isNamed))?.reason;
}

/** Classes without constructor, whose blocking methods have rows. */
const CLASSES_WITH_SUFFIX: ReadonlySet<string> = new Set(['node:sqlite.StatementSync']);

const [MAJOR = 0, MINOR = 0] = process.versions.node.split('.').map(Number);

function isThere(since: NonNullable<BlockingRow['since']>): boolean {
  const [major = 0, minor = 0] = String(since).split('.').map(Number);
  return MAJOR > major || (MAJOR === major && MINOR >= minor);
}

/** What the rows say that this Node has, and exports. */
const expected = BLOCKING_ROWS.filter(
  ({ since = 0, platform = process.platform, hidden, ofPackage }) =>
    isThere(since) && platform === process.platform && hidden !== true && ofPackage !== true,
).map(({ path }) => path);

const present = blockingPaths().filter((path) => typeof valueAt(path) === 'function');

const functions = functionsOfNode();

it('every function of Node is in the catalogue, or known not to block', () => {
  expect(functions.size).toBeGreaterThan(1500);
  const unknown = [...functions].filter(([path, module]) => !blocks(path) && whyHarmless(path, module) === undefined);
  expect(unknown.map(([path]) => path)).toEqual([]);
});

it('what has the suffix of blocking functions is in the catalogue', () => {
  const suffixed = [...functions.keys()].filter((path) => path.endsWith('Sync'));
  expect(suffixed.filter((path) => !blocks(path) && !CLASSES_WITH_SUFFIX.has(path))).toEqual([]);
  expect(suffixed.length).toBeGreaterThan(60);
});

it('the catalogue names functions that there are, from the version on that it says', () => {
  expect(present).toEqual(expected);
});

it('says of each function with a twin what stands in for it, and where', () => {
  const withTwin = BLOCKING_ROWS.filter(({ counterpart }) => counterpart !== undefined);
  const places = new Set(withTwin.map(({ adapter = 'nowhere' }) => adapter));
  const source = (place: string) => new URL(`../../src/${place}`, import.meta.url);
  expect([...places].filter((place) => !fs.existsSync(source(place)) && !fs.existsSync(source(`${place}.ts`)))).toEqual(
    [],
  );
  const formOf = ({ path, callbackForm = path.replace(/Sync(\.native)?$/, '$1') }: BlockingRow) =>
    valueAt(callbackForm);
  const byCallback = withTwin.filter(({ path, counterpart }) => counterpart === 'callback' && present.includes(path));
  expect(byCallback.filter((row) => typeof formOf(row) !== 'function')).toEqual([]);
  const without = BLOCKING_ROWS.filter(({ counterpart }) => counterpart === undefined);
  expect(
    without.filter(({ adapter, counterpartSince }) => adapter !== undefined || counterpartSince !== undefined),
  ).toEqual([]);
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
