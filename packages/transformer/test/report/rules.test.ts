import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { RULES } from '../../src/report/rules.js';
import { type Given, program } from './program.js';

const read = "import fs from 'node:fs'; import http from 'node:http'; const read = () => fs.readFileSync('a');";
/** Runs `code` in a request handler. */
const serve = (code: string) => `http.createServer((req, res) => { ${code} });`;

/** A program for every rule of blocking calls, that the rule is for. */
const PROGRAMS: Readonly<Record<string, Given & { readonly text: string }>> = {
  initialisation: { text: `${read} read();` },
  getter: { text: `${read} ${serve('JSON.stringify({ get size() { return read().length; } });')}` },
  setter: { text: `${read} ${serve('Object.assign({ set size(n: number) { read(); } }, { size: 1 });')}` },
  constructor: {
    text: `${read} class A extends Object { constructor() { const init = () => super(); init(); read(); } } ${serve('new A();')}`,
  },
  iteration: {
    text: `${read} function* all() { yield read(); } ${serve('let text; for (using held = null; [text] = all(); ) break;')}`,
  },
  'parameter-default': {
    text: `${read} async function f(x = read(), y = () => x) { var x = y(); } ${serve('f();')}`,
  },
  'field-initialiser': {
    text: `${read} class A { text = this.load(); accessor kept = 1; load() { return read(); } } ${serve('new A();')}`,
  },
  'static-block': { text: `${read} ${serve('class A { static #own = 1; static { read(); } }')}` },
  'computed-field': {
    text: `${read} const key = 'f'; class A { [key] = () => read(); } ${serve("new A()['f']();")}`,
  },
  'enum-initialiser': { text: `${read} ${serve('enum E { size = read().length } E.size;')}` },
  namespace: { text: `${read} async function f() { namespace N { export const text = read(); } }` },
  'self-assignment': {
    name: 'main.cjs',
    kind: 'commonjs',
    text: `const fs = require('node:fs'); const f = function g() { g = fs.readFileSync('a'); }; require('node:http').createServer(() => f());`,
  },
  'invalid-target': {
    name: 'main.cjs',
    kind: 'commonjs',
    text: `const fs = require('node:fs'); require('node:http').createServer(() => f()); function f() { fs.readFileSync('a')++; }`,
  },
  'await-name': {
    name: 'main.cjs',
    kind: 'commonjs',
    text: `const fs = require('node:fs'); require('node:http').createServer(() => f()); function f() { const await = 1; fs.readFileSync('a'); }`,
  },
  'arguments-callee': {
    name: 'main.cjs',
    kind: 'commonjs',
    text: `const fs = require('node:fs'); require('node:http').createServer(() => o.m()); const o = { m() { super.m; arguments.callee; fs.readFileSync('a'); } };`,
  },
  decorator: { text: `${read} const d: any = (x: any) => x; ${serve('@d(read()) class A {} new A();')}` },
  'decorated-method': {
    text: `${read} const d: any = (x: any) => x; class A { @d get #m() { return read(); } m() { return this.#m; } } ${serve('new A().m();')}`,
  },
  'super-in-object-method': {
    text: `${read} const o = { m() { super.toString(); read(); }, ...JSON.parse('{}') }; ${serve('o.m();')}`,
  },
  'stream-method': {
    text: `${read} export const methods = { _transform(chunk: any, encoding: any, done: any) { read(); done(); } };`,
  },
  'untransformed-package': { text: `${read} import each from 'each'; ${serve('each([1], () => read());')}` },
  'native-callback': { text: `${read} process.on('exit', () => read());` },
  coercion: { text: `${read} export const o = { toString() { return String(read()); } };` },
  eval: {
    name: 'main.cjs',
    kind: 'commonjs',
    text: `const fs = require('node:fs'); require('node:http').createServer(() => f()); function f() { eval('1'); fs.readFileSync('a'); }`,
  },
  with: {
    name: 'main.cjs',
    kind: 'commonjs',
    text: `const fs = require('node:fs'); require('node:http').createServer(() => f()); function f() { with ({}) { fs.readFileSync('a'); } }`,
  },
  'hoisted-mock': { text: `${read} jest.mock('./a', () => { fs.readFileSync('b'); return read; });` },
  'nested-too-deep': {
    text: `${read} function outer() { read(); const mid = () => { read(); setTimeout(() => read()); }; mid(); } outer(); ${serve('outer();')}`,
  },
  'no-counterpart': { text: `${read} ${serve("fs.cpSync('a', 'b', { filter: () => true });")}` },
  'round-trip': { text: `import Libpq from 'libpq'; const read = (pq) => pq.cancel(); ${serve('read(new Libpq());')}` },
  disabled: { text: `${read} ${serve('read();')}`, patch: { fs: false } },
  'unknown-key': {
    text: `${read} export function fill(target: any, name: string) { target[name] = () => read(); }`,
  },
  unreached: { text: `${read} function never() { read(); }` },
};

/** Of whole files; its programs are in `test/crash`. */
const OF_FILES = ['too-deep'];
const OF_COMMENTS = ['misplaced-atomic', 'unused-disable', 'disable-without-reason'];
/** Their programs are in `test/races`. */
const OF_RACES = ['race-hazard', 'race-file', 'race-fill', 'eager-prefix'];

/** Its programs are in `packageCalls.test.ts`. */
const OF_PACKAGES = ['package-call'];

describe('rules', () => {
  it('all have a program here', () => {
    const tested = [...Object.keys(PROGRAMS), ...OF_FILES, ...OF_COMMENTS, ...OF_RACES, ...OF_PACKAGES];
    expect(tested.sort()).toEqual([...RULES.keys()].sort());
  });

  it('all stand in the documentation, with their default', () => {
    const page = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../docs/report.md');
    const rows = [...readFileSync(page, 'utf8').matchAll(/^\| `([\w-]+)` +\| (\w+) +\|/gm)];
    expect(rows.map(([, id, severity]) => `${id} ${severity}`)).toEqual(
      [...RULES].map(([id, { severity }]) => `${id} ${severity}`),
    );
  });

  for (const [rule, { text, ...given }] of Object.entries(PROGRAMS)) {
    it(`${rule} names the call, the reason and the chain`, () => {
      const { results, compilation } = program(text, { ...given, rules: { [rule]: 'error' } });
      const found = results[0]?.messages.filter(({ ruleId }) => ruleId === `unblock/${rule}`) ?? [];
      expect(found, JSON.stringify(compilation.verdicts)).not.toHaveLength(0);
      for (const { message, severity } of found) {
        expect(severity).toBe(2);
        expect(message).toMatch(
          /^(fs\.\w+|libpq\.prototype\.cancel) .*?\. (On other paths it is patched\. )?Chain: .* > \1 \(src\/main\.c?[jt]s:1\)\.$/,
        );
        expect(message).toContain(RULES.get(rule)?.message);
      }
      const silent = program(text, { ...given, rules: { [rule]: 'off' } }).results[0]?.messages ?? [];
      expect(silent.some(({ ruleId }) => ruleId === `unblock/${rule}`)).toBe(false);
    });
  }
});

describe('verdicts', () => {
  it('do not take an async function with direct eval for one that waits', () => {
    const text = `const fs = require('node:fs'); exports.f = async () => { eval('1'); fs.readFileSync('a'); };`;
    for (const closed of [true, false]) {
      const [verdict] = program(text, { name: 'main.cjs', kind: 'commonjs', closed }).compilation.verdicts;
      expect([verdict?.status, verdict?.reasons[0]?.rule]).toEqual(['blocking', 'eval']);
    }
  });

  it('tell calls that a worker thread can make from those that call back', () => {
    const statuses = (text: string) =>
      program(`${read} ${serve(text)}`).compilation.verdicts.flatMap(({ api, status }) =>
        api === 'fs.readFileSync' ? [] : [`${api} ${status}`],
      );
    expect(statuses("fs.cpSync('a', 'b', { recursive: true });")).toEqual(['fs.cpSync patched']);
    expect(statuses("fs.globSync('*');")).toEqual(['fs.globSync patched']);
    expect(statuses("fs.globSync('*', { exclude: (name: string) => name === 'x' });")).toEqual([
      'fs.globSync blocking',
    ]);
    expect(statuses("fs.openAsBlobSync('a');")).toEqual(['fs.openAsBlobSync blocking']);
  });

  it.each([
    ['imported', "import _ from 'lodash';"],
    ['imported as a namespace', "import * as _ from 'lodash';"],
    ['required', "const _ = require('lodash');"],
  ])('are plainly blocking where a package that is %s has a method with the name of a builtin', (_, load) => {
    const { verdicts } = program(`${load} ${read} ${serve("_.map(['a'], (n) => fs.readFileSync(n));")}`).compilation;
    expect(verdicts.at(-1)).toMatchObject({ status: 'blocking', reasons: [{ rule: 'untransformed-package' }] });
  });

  it('of a callback are partly blocking where a package or an array may have the method', () => {
    const text = `import _ from 'lodash'; ${read} ${serve('(req.url ? _ : Object.values(req)).map((n) => fs.readFileSync(n));')}`;
    const { verdicts } = program(text).compilation;
    expect(verdicts.map(({ status }) => status)).toContain('partly');
  });

  it('name calls of methods of what Node returns', () => {
    const { verdicts } = program(
      `${read} ${serve("const dir = fs.opendirSync('a'); dir.readSync(); dir.closeSync();")}`,
    ).compilation;
    expect(verdicts.filter(({ status }) => status === 'patched').map(({ api }) => api)).toEqual([
      ...['fs.opendirSync', 'fs.Dir.prototype.readSync', 'fs.Dir.prototype.closeSync'],
    ]);
  });

  it.each([
    ["new sqlite.DatabaseSync('a');", 'node:sqlite.DatabaseSync'],
    ["db.exec('select 1');", 'node:sqlite.DatabaseSync.prototype.exec'],
    ["db.prepare('select 1').all();", 'node:sqlite.StatementSync.prototype.all'],
    ["const s = db.prepare('select 1'); s.get();", 'node:sqlite.StatementSync.prototype.get'],
    ["db.prepare('select 1').run();", 'node:sqlite.StatementSync.prototype.run'],
    [
      "for (const row of db.prepare('select 1').iterate()) res.write(row);",
      'node:sqlite.StatementSync.prototype.iterate',
    ],
    ['process.report.writeReport();', 'process.report.writeReport'],
    ["crypto.createSign('a').update('b').sign('c');", 'crypto.Sign.prototype.sign'],
    ["const v = crypto.createVerify('a'); v.update('b'); v.verify('c', 'd');", 'crypto.Verify.prototype.verify'],
    ['crypto.createDiffieHellman(512);', 'crypto.createDiffieHellman'],
    ["crypto.getDiffieHellman('modp14').generateKeys();", 'crypto.DiffieHellmanGroup.prototype.generateKeys'],
    ["crypto.createECDH('secp256k1').generateKeys();", 'crypto.ECDH.prototype.generateKeys'],
    ['crypto.publicEncrypt(req, res);', 'crypto.publicEncrypt'],
    ['crypto.privateDecrypt(req, res);', 'crypto.privateDecrypt'],
    ['new WebAssembly.Module(req);', 'WebAssembly.Module'],
    ['new WebAssembly.Instance(req);', 'WebAssembly.Instance'],
    ['inspector.waitForDebugger();', 'inspector.waitForDebugger'],
    ["dgram.createSocket('udp4').bindSync(1);", 'dgram.Socket.prototype.bindSync'],
  ])('say that %s has no counterpart', (code, api) => {
    const load = `import crypto from 'node:crypto'; import dgram from 'node:dgram'; import http from 'node:http';
      import inspector from 'node:inspector'; import * as sqlite from 'node:sqlite'; const db = new sqlite.DatabaseSync('a');`;
    const { verdicts } = program(`${load} ${serve(code)}`).compilation;
    expect(verdicts.slice(1)).toMatchObject([{ api, status: 'blocking', reasons: [{ rule: 'no-counterpart' }] }]);
  });

  it('name what WebAssembly calls back', () => {
    const text = `${read} ${serve('new WebAssembly.Instance(req, { env: { read: () => fs.readFileSync(req) } });')}`;
    const found = program(text).compilation.verdicts.slice(1);
    expect(found.map(({ api, reasons: [reason] }) => `${api} ${reason?.rule}`)).toEqual([
      ...['fs.readFileSync native-callback', 'WebAssembly.Instance no-counterpart'],
    ]);
  });

  it.each([
    "crypto.subtle.sign('a', req, res);",
    "crypto.createHash('a').update('b').digest();",
    "vm.runInNewContext('1');",
    'new Store().run(req, () => res.end());',
    "other.prepare('select 1').all();",
  ])('are not given to %s', (code) => {
    const load = `import { AsyncLocalStorage as Store } from 'node:async_hooks'; import crypto from 'node:crypto';
      import http from 'node:http'; import vm from 'node:vm'; import other from 'sqlite';`;
    expect(program(`${load} ${serve(code)}`).compilation.verdicts).toEqual([]);
  });

  it('tell a field of each object from one of the class', () => {
    const rules = (text: string) =>
      program(text).compilation.verdicts.flatMap(({ reasons }) => reasons.map(({ rule }) => rule));
    expect(rules(`${read} class A { text = read(); } ${serve('new A();')}`)).toEqual([]);
    expect(rules(`${read} class A { text = read(); } new A();`)).toEqual(['initialisation']);
    expect(rules(`${read} class A { static text = read(); } ${serve('A.text;')}`)).toEqual(['initialisation']);
    expect(rules(`${read} ${serve('class A { static text = read(); } A.text;')}`)).toEqual([]);
    expect(rules(`${read} ${serve('class A { static #text = read(); }')}`)).toEqual(['static-block']);
    expect(rules(`${read} ${serve('function* g() { class A { static text = read(); } } [...g()];')}`)).toEqual([
      'static-block',
    ]);
    expect(rules(`${read} ${serve('abstract class A { static [req.x] = super.x ?? read(); static y; }')}`)).toEqual([]);
    expect(rules(`${read} ${serve('const f = () => A; class A { static text = read(); }')}`)).toEqual(['static-block']);
  });

  it.each([
    ['class A { text = this.load(); #late = 1; load() { return read(); } }', undefined],
    ['class A { @d size = 0; text; constructor() { this.text = this.load(); } load() { return read(); } }', undefined],
    ['class A { @d size = 0; text = read(); }', 'field-initialiser'],
    ['class A extends Object { #x = read(); constructor() { try { super(); } catch {} } }', undefined],
    ['class A { #x = 1; constructor(x = this.load(), y = super.x) {} load() { return read(); } }', undefined],
    ['class A extends Object { constructor(x = super(read())) { delete super.x; } }', undefined],
    ['class A { #x = read(); constructor({ [req.key]: [first, ...rest] }) {} }', undefined],
    [
      'class B { constructor() { read(); } } class A extends B { constructor() { (async () => super())(); } }',
      'constructor',
    ],
  ])('of constructors say what keeps them from waiting: %s', (code, rule) => {
    const { verdicts } = program(`${read} const d: any = (x: any) => x; ${serve(`${code} new A(req);`)}`).compilation;
    expect(verdicts.map(({ reasons }) => reasons.map((reason) => reason.rule))).toEqual([
      rule === undefined ? [] : [rule],
    ]);
  });

  it('follow a call below a function that is nested too deep', () => {
    const { verdicts } = program(PROGRAMS['nested-too-deep']?.text ?? '').compilation;
    expect(verdicts).toMatchObject([{ status: 'partly' }]);
    expect(verdicts[0]?.reasons.map(({ rule }) => rule)).toContain('nested-too-deep');
  });

  const keys = (verdicts: ReturnType<typeof compile>['verdicts']) =>
    verdicts.map(({ fileName, span, api }) => `${fileName}:${span.start}-${span.end} ${api}`);

  it('are one a blocking call, over every program here', () => {
    for (const [rule, { text, ...given }] of Object.entries(PROGRAMS)) {
      const { verdicts } = program(text, given).compilation;
      expect(new Set(keys(verdicts)).size, rule).toBe(verdicts.length);
      const written = text.match(/fs\.\w+Sync\(|pq\.cancel\(/g)?.length;
      expect(verdicts.length, rule).toBe(written);
    }
  });

  it('are one for each blocking call that the sample application spells out', () => {
    const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../fixtures/docs-server/src');
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const modules = names.map((name) => {
      const fileName = join(root, name);
      return { fileName, text: readFileSync(fileName, 'utf8'), kind: 'esm' as const };
    });
    const known = new Set(names.map((name) => join(root, name)));
    const { verdicts } = compile({
      modules,
      resolve: (specifier, from) => {
        const file = resolve(dirname(from), specifier).replace(/\.js$/, '.ts');
        return known.has(file) ? file : undefined;
      },
      closed: true,
      options: { patch: {}, runtime: '@unblock/runtime/compiled' },
    });
    const written = modules.flatMap(({ fileName, text }) =>
      [
        ...text.matchAll(
          /(?<![\w.])(?:(?:client\.)?[a-zA-Z]+Sync|this\.#pool\.withConnection|Atomics\.wait|randomBytes)(?:<\w+>)?\(|\/\/ @unblock-atomic/g,
        ),
      ].map(({ index }) => `${relative(root, fileName)}:${index}`),
    );
    const told = verdicts.map(({ fileName, span }) => `${relative(root, fileName)}:${span.start}`);
    expect(written.length).toBeGreaterThan(20);
    expect(told.sort()).toEqual(written.sort());
    const status = (wanted: string) => verdicts.filter((verdict) => verdict.status === wanted).length;
    expect(status('patched') + status('partly') + status('blocking')).toBe(verdicts.length);
    // All that serves requests is patched; what stays runs while the server starts.
    expect(new Set(verdicts.flatMap(({ reasons }) => reasons.map(({ rule }) => rule)))).toEqual(
      new Set(['initialisation']),
    );
    for (const { status: is, reasons, patchedChain } of verdicts) {
      expect(is === 'patched').toBe(reasons.length === 0 && patchedChain !== undefined);
      expect(is === 'blocking').toBe(patchedChain === undefined);
      if (is === 'blocking') expect(reasons).not.toHaveLength(0);
    }
  });
});
