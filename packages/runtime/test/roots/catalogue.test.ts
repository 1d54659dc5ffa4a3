/** The runtime's adapters and the catalogue that analysis reads say the same. */
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { ROOTS, type RootRow } from '../../../transformer/src/catalogue/roots.js';
import { installRoots } from '../../src/node/roots/install.js';
import { resolve } from '../../src/node/roots/resolve.js';
import { rootOf } from '../../src/twin/protocol.js';

installRoots();

const load = createRequire(import.meta.url);
const PLATFORM = new Set(load('node:module').builtinModules as string[]);
const nodeMajor = Number(process.versions.node.split('.')[0]);

const isPlatform = ({ module }: RootRow) => module === 'global' || module === 'node:test' || PLATFORM.has(module);
const owner = (module: string): unknown =>
  module === 'global' ? globalThis : load(module.startsWith('node:') ? module : `node:${module}`);
const rows = ROOTS.filter(isPlatform);

/** Paths on the running Node to functions with an adapter, found by looking at everything that modules export. */
function linkedFunctions(): Map<unknown, string> {
  const found = new Map<unknown, string>();
  const seen = new Set<unknown>();
  const visit = (value: unknown, path: string, depth: number): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    if (rootOf(value) !== undefined) found.set(value, path);
    if (depth === 0) return;
    for (const key of Reflect.ownKeys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (property?.value !== undefined && typeof key === 'string') visit(property.value, `${path}.${key}`, depth - 1);
    }
    visit(Object.getPrototypeOf(value), `${path}.[[Prototype]]`, depth - 1);
  };
  const modules = [...PLATFORM, 'node:test'].filter(
    (name) => !name.startsWith('_') && name !== 'sys' && name !== 'punycode',
  );
  for (const name of modules) visit(load(name.startsWith('node:') ? name : `node:${name}`), name, 6);
  for (const key of Reflect.ownKeys(globalThis)) {
    const property = Object.getOwnPropertyDescriptor(globalThis, key);
    if (property?.value !== undefined && typeof key === 'string') visit(property.value, key, 3);
  }
  return found;
}

describe('every row', () => {
  test.each(rows.map((row) => [`${row.module} ${row.path}`, row] as const))('%s has an adapter', (_name, row) => {
    const fn = resolve(owner(row.module), row.path);
    if (fn === undefined && row.since !== undefined && row.since > nodeMajor) return;
    expect(typeof fn).toBe('function');
    expect(rootOf(fn)).toBeTypeOf('function');
  });
});

test('every adapter has a row', () => {
  const known = new Set(rows.map((row) => resolve(owner(row.module), row.path)));
  const unknown = [...linkedFunctions()].filter(([fn]) => !known.has(fn)).map(([, path]) => path);
  expect(unknown).toEqual([]);
});

test('the search for adapters finds most of them', () => {
  const found = linkedFunctions();
  const missed = rows.filter((row) => {
    const fn = resolve(owner(row.module), row.path);
    return fn !== undefined && !found.has(fn);
  });
  expect(missed.map((row) => row.path)).toEqual([]);
});

test('no row occurs twice', () => {
  const names = ROOTS.map((row) => `${row.module} ${row.path}`);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
