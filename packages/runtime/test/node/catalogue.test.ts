/** The compiler's catalogue of what blocks, and the twins that there are: each names what the other has. */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import v8 from 'node:v8';
import workerThreads from 'node:worker_threads';
import zlib from 'node:zlib';
import { expect, it } from 'vitest';
import { blockingAt, blockingPaths } from '../../../transformer/src/catalogue/blocking.js';
import '../../src/install.js';
import { twinOf } from '../../src/twin/protocol.js';

type Members = Readonly<Record<string, unknown>>;

const COMPLETE = { fs, child_process: childProcess, crypto, zlib } as unknown as Readonly<Record<string, Members>>;
const MODULES: Members = { ...COMPLETE, worker_threads: workerThreads, v8, process, Atomics };

function member(owner: unknown, name: string): unknown {
  return owner === undefined || owner === null ? undefined : (owner as Members)[name];
}

const valueAt = (path: string): unknown => path.split('.').reduce(member, MODULES as unknown);

/** Functions with the suffix that blocking functions have, at most two steps below a module. */
function suffixed(): string[] {
  return Object.entries(COMPLETE).flatMap(([module, exports]) =>
    Object.entries(exports).flatMap(([name, value]) => {
      if (typeof value !== 'function') return [];
      const { prototype } = value as { prototype?: object };
      const below = [
        ...Object.getOwnPropertyNames(value).map((key) => `${name}.${key}`),
        ...(prototype ? Object.getOwnPropertyNames(prototype).map((key) => `${name}.prototype.${key}`) : []),
      ];
      return [name, ...below].filter((path) => path.endsWith('Sync')).map((path) => `${module}.${path}`);
    }),
  );
}

const present = blockingPaths().filter((path) => typeof valueAt(path) === 'function');

it('the catalogue names every function of these modules that is called blocking', () => {
  expect(suffixed().filter((path) => blockingAt(path) === undefined)).toEqual([]);
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
