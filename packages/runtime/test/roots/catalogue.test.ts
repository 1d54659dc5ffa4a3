/** The runtime's adapters and the catalogue that analysis reads say the same. */
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { ROOTS, type RootRow } from '../../../transformer/src/catalogue/roots.js';
import { installRoots } from '../../src/node/roots/install.js';
import { resolve } from '../../src/node/roots/resolve.js';
import { pack } from '../../src/packs/install.js';
import { rootOf } from '../../src/twin/protocol.js';

installRoots();

const load = createRequire(import.meta.url);
pack('node:test', load('node:test'));
const PLATFORM = new Set(load('node:module').builtinModules as string[]);
const nodeMajor = Number(process.versions.node.split('.')[0]);

const isPlatform = ({ module, callbackForm }: RootRow) =>
  callbackForm === undefined && (module === 'global' || module === 'node:test' || PLATFORM.has(module));
const owner = (module: string): unknown =>
  module === 'global' ? globalThis : load(module.startsWith('node:') ? module : `node:${module}`);
const rows = ROOTS.filter(isPlatform);

/** Paths on the running Node to functions with an adapter, found by looking at everything that modules export. */
function linkedFunctions(): Map<unknown, string> {
  const found = new Map<unknown, string>();
  const modules = [...PLATFORM, 'node:test'].filter(
    (name) => !name.startsWith('_') && name !== 'sys' && name !== 'punycode',
  );
  let layer: (readonly [value: unknown, path: string])[] = [
    ...modules.map((name) => [load(name.startsWith('node:') ? name : `node:${name}`), name] as const),
    [globalThis, 'global'],
  ];
  const seen = new Set<unknown>();
  for (let depth = 0; depth < 6; depth++) {
    const next: typeof layer = [];
    for (const [value, path] of layer) {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
      seen.add(value);
      if (rootOf(value) !== undefined) found.set(value, path);
      for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
        // Getters stay untouched: some load modules or print deprecations.
        if (property.value !== undefined) next.push([property.value, `${path}.${key}`]);
      }
      next.push([Object.getPrototypeOf(value), `${path}.[[Prototype]]`]);
    }
    layer = next;
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

test('the search for adapters finds those of all rows', () => {
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
