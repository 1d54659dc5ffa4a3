/** Every way in which programs come by a blocking function gives its call a verdict. */
import { describe, expect, it } from 'vitest';
import { type Compilation, compile } from '../../src/engine.js';
import { spanKey } from '../../src/program.js';
import type { Verdict } from '../../src/report/verdict.js';

type Files = Readonly<Record<string, string>>;

/** Each defines `f`, which a request handler calls. */
const CJS: Readonly<Record<string, string>> = {
  'an alias': `const fs = require('fs'); const r = fs.readFileSync; const f = (u) => r(u);`,
  'a renamed binding': `const { readFileSync: r } = require('fs'); const f = (u) => r(u);`,
  'a rest binding': `const { promises, ...rest } = require('fs'); const f = (u) => rest.readFileSync(u);`,
  'a bound function': `const fs = require('fs'); const r = fs.readFileSync.bind(fs); const f = (u) => r(u);`,
  'Reflect.apply': `const fs = require('fs'); const f = (u) => Reflect.apply(fs.readFileSync, fs, [u]);`,
  'a getter': `const o = { get fs() { return require('fs'); } }; const f = (u) => o.fs.readFileSync(u);`,
  'a setter': `const o = { set fs(value) { this.held = value; } }; o.fs = require('fs'); const f = (u) => o.held.readFileSync(u);`,
  'a defined getter': `const o = {}; Object.defineProperty(o, 'fs', { get: () => require('fs') }); const f = (u) => o.fs.readFileSync(u);`,
  'a Map': `const m = new Map(); m.set('r', require('fs').readFileSync); const f = (u) => m.get('r')(u);`,
  'an element of an array': `const a = [require('fs').readFileSync]; const f = (u) => a[0](u);`,
  'a default of a parameter': `const f = (u, fs = require('fs')) => fs.readFileSync(u);`,
  'a default of an option': `const f = (u, { read = require('fs').readFileSync } = {}) => read(u);`,
  'a class field': `class A { #fs = require('fs'); r(u) { return this.#fs.readFileSync(u); } } const a = new A(); const f = (u) => a.r(u);`,
  'module.require': `const fs = module.require('fs'); const f = (u) => fs.readFileSync(u);`,
  'an alias of require': `const load = require; const f = (u) => load('fs').readFileSync(u);`,
  'a template': 'const f = (u) => require(`fs`).readFileSync(u);',
  getBuiltinModule: `const f = (u) => globalThis.process.getBuiltinModule('node:fs').readFileSync(u);`,
  'a promise of a module': `const f = (u) => import('node:fs').then(({ readFileSync }) => readFileSync(u));`,
  'a spread copy': `const fs = { ...require('fs') }; const f = (u) => fs.readFileSync(u);`,
  'a decoration of Fastify': `const app = require('fastify')(); app.decorate('load', (u) => require('fs').readFileSync(u)); const f = (u) => app.load(u);`,
  'a decoration of Hapi': `const app = require('@hapi/hapi').server(); app.decorate('toolkit', 'load', (u) => require('fs').readFileSync(u)); const f = (u, h) => h.load(u);`,
  'a timer that starts it': `const f = (u) => { setTimeout(require('fs').readFileSync, 1, u); };`,
};

/** A handler runs each, where `t` holds the function: builtins make the objects in which it arrives. */
const PASSED_ON: Readonly<Record<string, string>> = {
  'Object.values': `const k = Object.values(t)[0]; k(u);`,
  'Object.values of a spread copy': `Object.values({ ...t })[0](u);`,
  'an alias of Object.values': `const { values } = Object; values(t)[0](u);`,
  'a loop over Object.values': `for (const each of Object.values(t)) each(u);`,
  'a method of Object.values': `Object.values(t).forEach((each) => each(u));`,
  'an element of Object.values': `Object.values(t).at(0)(u);`,
  'an iterator of Object.values': `Object.values(t).values().next().value(u);`,
  'Object.entries': `const [e] = Object.entries(t); e[1](u);`,
  'a loop over Object.entries': `for (const [, each] of Object.entries(t)) each(u);`,
  'a Map of Object.entries': `new Map(Object.entries(t)).get('readFileSync')(u);`,
  'a Set of Object.values': `for (const each of new Set(Object.values(t))) each(u);`,
  'Array.from Object.values': `Array.from(Object.values(t))[0](u);`,
  'Object.fromEntries': `Object.fromEntries([['read', t.readFileSync]]).read(u);`,
  'Object.fromEntries of Object.entries': `Object.values(Object.fromEntries(Object.entries(t)))[0](u);`,
  'Object.assign': `Object.assign({}, t).readFileSync(u);`,
  'Object.assign of a module': `const copy = {}; Object.assign(copy, fs); copy.readFileSync(u);`,
  'Object.freeze': `Object.freeze(t).readFileSync(u);`,
  'Object.create': `Object.create(t).readFileSync(u);`,
  'Object.getOwnPropertyDescriptor': `Object.getOwnPropertyDescriptor(fs, 'readFileSync').value(u);`,
  'Reflect.get': `const g = Reflect.get(fs, 'readFileSync'); g(u);`,
  'Reflect.set': `const o = {}; Reflect.set(o, 'read', t.readFileSync); o.read(u);`,
  structuredClone: `structuredClone(t).readFileSync(u);`,
  'a result of map': `['a'].map(() => t.readFileSync)[0](u);`,
  'a loop over results of map': `for (const each of ['a'].map(() => t.readFileSync)) each(u);`,
};

const ESM: Readonly<Record<string, string>> = {
  'a default import': `import fs from 'fs'; const f = (u) => fs.readFileSync(u);`,
  'a namespace': `import * as fs from 'node:fs'; const f = (u) => fs.default.readFileSync(u);`,
  createRequire: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const f = (u) => require('fs').readFileSync(u);`,
  'createRequire of the module': `import Module from 'module'; const f = (u) => Module.createRequire(import.meta.url)('fs').readFileSync(u);`,
  'import()': `const f = async (u) => { const { default: fs } = await import('node:fs'); return fs.readFileSync(u); };`,
};

const FILES: Readonly<Record<string, Files>> = {
  'export * from fs': {
    'b.mjs': `export * from 'fs';`,
    'a.mjs': `import { readFileSync } from './b.mjs'; const f = (u) => readFileSync(u);`,
  },
  'export * from fs, twice': {
    'c.mjs': `export * from 'fs';`,
    'b.mjs': `export * from './c.mjs';`,
    'a.mjs': `import * as b from './b.mjs'; const f = (u) => b.readFileSync(u);`,
  },
  'a barrel of barrels': {
    'd.mjs': `import fs from 'fs'; export function read(u) { return fs.readFileSync(u); }`,
    'c.mjs': `export * from './d.mjs';`,
    'b.mjs': `export * from './c.mjs';`,
    'a.mjs': `import { read } from './b.mjs'; const f = (u) => read(u);`,
  },
  'a module that is imported later': {
    'b.mjs': `import fs from 'fs'; export const read = (u) => fs.readFileSync(u);`,
    'a.mjs': `const f = (u) => import('./b.mjs').then((b) => b.read(u));`,
  },
};

/** Where only the name tells what is called. */
const BY_NAME: Readonly<Record<string, string>> = {
  'a copy, key by key': `const fs = require('fs'), my = {}; for (const k in fs) my[k] = fs[k]; const f = (u) => my.readFileSync(u);`,
  'options that are filled in': `const fs = require('fs'); const fill = (o) => ['readFileSync'].forEach((m) => { o[m] = o[m] || fs[m]; });
    const f = (u) => { const o = {}; fill(o); return o.readFileSync(u); };`,
  'a parameter': `const f = (u, fs) => fs.readFileSync(u);`,
  'a package': `const fs = require('mz/fs'); const f = (u) => fs.readFileSync(u);`,
  'a function of a package': `const { readFileSync } = require('mz/fs'); const f = (u) => readFileSync(u);`,
  'a package that begins as Node does': `const rp = require('fs.realpath'); const f = (u) => rp.readFileSync(u);`,
};

/** What does not block, or is somebody else's. */
const NONE: Readonly<Record<string, string>> = {
  'fs.promises': `const fs = require('fs'); const f = (u) => fs.promises.readFile(u);`,
  promisify: `const { promisify } = require('util'); const r = promisify(require('fs').readFile); const f = (u) => r(u);`,
  'a function of the program with such a name': `class A { readFileSync(u) { return u; } } const f = (u, a = new A()) => a.readFileSync(u);`,
  'a property that is defined by a computed name': `const fs = require('fs');
    const fix = (o, k) => Object.defineProperty(o, k, { value: fs.readFileSync }); fix({}, 'x'); const f = (u) => u.trim();`,
};

const SERVER = `\nhttp.createServer((request, response) => { response.end(f(request.url)); });\n`;

function verdicts(files: Files, closed: boolean): readonly Verdict[] {
  return compiled(files, closed).verdicts;
}

function compiled(files: Files, closed: boolean): Compilation {
  const modules = Object.entries(files).map(([name, text]) => {
    const esm = name.endsWith('.mjs');
    const load = esm ? `import http from 'node:http';` : `const http = require('http');`;
    return {
      fileName: `/${name}`,
      text: name.startsWith('a.') ? `${load}\n${text}${SERVER}` : text,
      kind: esm ? ('esm' as const) : ('commonjs' as const),
    };
  });
  const resolve = (specifier: string) => (specifier.startsWith('./') ? specifier.slice(1) : undefined);
  const options = { patch: {}, runtime: '@unblock/runtime/compiled' };
  return compile({ modules, resolve, closed, options });
}

const PROGRAMS: readonly (readonly [string, Files])[] = [
  ...Object.entries(CJS).map(([name, text]) => [name, { 'a.cjs': text }] as const),
  ...Object.entries(ESM).map(([name, text]) => [name, { 'a.mjs': text }] as const),
  ...Object.entries(FILES),
];

describe.each([
  ['a program of which all is known', true],
  ['a program of which there is more', false],
])('%s', (_, closed) => {
  it.each(PROGRAMS)('%s is followed', (_name, files) => {
    expect(verdicts(files, closed).map(({ api, status }) => `${api} ${status}`)).toEqual(['fs.readFileSync patched']);
  });

  it.each(Object.entries(PASSED_ON))('what %s holds is followed', (_name, code) => {
    const text = `const fs = require('fs'); const { readFileSync } = fs; const t = { readFileSync }; const f = (u) => { ${code} };`;
    const { verdicts: found, plans } = compiled({ 'a.cjs': text }, closed);
    expect(found.map(({ api, status }) => `${api} ${status}`)).toEqual(['fs.readFileSync patched']);
    const spans = found.map(({ span }) => spanKey(span));
    expect(spans.map((span) => plans.get('/a.cjs')?.calls.get(span)?.suspends)).toEqual([true]);
  });

  it.each(Object.entries(BY_NAME))('%s is taken for what its name says', (_name, text) => {
    const found = verdicts({ 'a.cjs': text }, closed).map(({ api, status }) => `${api} ${status}`);
    expect(found).toEqual(['fs.readFileSync (by its name) patched']);
  });

  it.each(Object.entries(NONE))('%s is no blocking call', (_name, text) => {
    expect(verdicts({ 'a.cjs': text }, closed)).toEqual([]);
  });

  it.each([
    [
      'a function',
      '_.map(u, (name) => fs.readFileSync(name))',
      closed ? 'blocking' : 'partly',
      'is reached from a function that',
    ],
    ['a blocking function itself', '_.memoize(fs.readFileSync)', 'blocking', 'is handed to an uncompiled package'],
  ])('%s that a package is given is reported, with the call that gives it', (_name, call, status, message) => {
    const text = `const fs = require('fs'); const _ = require('lodash'); const f = (u) => { ${call}; };`;
    const [verdict] = verdicts({ 'a.cjs': text }, closed);
    expect(verdict).toMatchObject({ status, reasons: [{ rule: 'untransformed-package' }] });
    expect(verdict?.reasons[0]?.message).toContain(message);
  });
});

it.each([
  ['push', `const list = []; list.push(read); const f = (u) => list.forEach((each) => each(u));`],
  ['set', `const map = new Map(); map.set('read', read); const f = (u) => map.get('read')(u);`],
  ['forEach', `const f = (u) => fs.promises.names.forEach(read);`],
])('a function that %s is given is not one that a package calls', (_, text) => {
  const [verdict] = verdicts(
    { 'a.cjs': `const fs = require('fs'); const read = (u) => fs.readFileSync(u); ${text}` },
    true,
  );
  expect(verdict).toMatchObject({ status: 'patched' });
});

it('a call counts once, however many computed accesses may lead to it', () => {
  const text = `const fs = require('fs'); const f = (u) => { const r = u ? fs[u] : fs[u + 'Sync']; return r(u); };`;
  expect(verdicts({ 'a.cjs': text }, true)).toHaveLength(1);
});

it.each([
  ['called as a method', 'any.writeFileSync(u);'],
  ['taken before', 'const write = any.writeFileSync; write(u);'],
])('a function of fs that any value may have is reported, whatever else has its name: %s', (_, call) => {
  const many = Array.from({ length: 40 }, (_, i) => `any = { e: ${i} };`).join('\n');
  const text = `const fs = require('fs'); let any = fs; ${many}
    exports.other = { writeFileSync() { return 1; } };
    const f = (u) => { ${call} };`;
  expect(verdicts({ 'a.cjs': text }, true)).toMatchObject([{ api: 'fs.writeFileSync', status: 'patched' }]);
});
