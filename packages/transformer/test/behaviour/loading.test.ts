/** Programs whose modules run `async` functions while they are loaded: what comes behind finds done what those do before their first `await`. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path/posix';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileFunction } from 'node:vm';
import * as runtime from '@unblock/runtime/compiled';
import { describe, expect, it } from 'vitest';
import { completeInPlace } from '../../../runtime/src/node/fs/inPlace.js';
import { compile } from '../../src/engine.js';

/** CommonJS modules by name; `main.js` is the program. They have `log`, and `block`, which reads a file and returns its argument. */
type Modules = Readonly<Record<string, string>>;

const load = createRequire(import.meta.url);
const PRELUDE = 'const block = (x) => { require("fs").readFileSync(FILE); return x; }; ';
const resolved = (specifier: string, from: string) =>
  specifier.startsWith('.') ? `${resolve(dirname(from), specifier)}.js` : undefined;

function compiledForms(modules: Modules, closed: boolean) {
  const inputs = Object.entries(modules).map(([name, text]) => ({
    fileName: `/app/${name}.js`,
    text: PRELUDE + text,
    kind: 'commonjs' as const,
  }));
  const options = { patch: {}, runtime: 'runtime' };
  const known = new Set(inputs.map(({ fileName }) => fileName));
  const toKnown = (specifier: string, from: string) => {
    const found = resolved(specifier, from);
    return found !== undefined && known.has(found) ? found : undefined;
  };
  if (closed) return [compile({ modules: inputs, resolve: toKnown, closed, options })];
  return inputs.map((input) => compile({ modules: [input], resolve: () => undefined, closed, options }));
}

/** Runs a program, and what it has started, until that is done, or for three seconds. */
async function logOf(
  modules: Modules,
  form: 'original' | 'whole' | 'alone',
  isDone: (log: readonly unknown[]) => boolean = () => true,
): Promise<unknown[]> {
  const forms = form === 'original' ? [] : compiledForms(modules, form === 'whole');
  const log: unknown[] = [];
  const cache = new Map<string, { exports: unknown }>();
  const evaluate = (fileName: string): unknown => {
    const known = cache.get(fileName);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    cache.set(fileName, module);
    const original = PRELUDE + modules[fileName.slice('/app/'.length, -'.js'.length)];
    const compilation = forms.find(({ plans }) => plans.has(fileName));
    const require = (specifier: string): unknown => {
      if (specifier === 'runtime') return runtime;
      const file = resolved(specifier, fileName);
      return file === undefined ? load(specifier) : evaluate(file);
    };
    const given = {
      module,
      exports: module.exports,
      require,
      FILE: import.meta.filename,
      log: (x: unknown) => log.push(x),
    };
    const code = compilation?.rewrite(fileName)?.code ?? original;
    compileFunction(code, Object.keys(given), { filename: fileName })(...Object.values(given));
    return module.exports;
  };
  completeInPlace(false);
  const [, program = ''] = process.argv;
  try {
    process.argv[1] = '/app/main.js';
    evaluate('/app/main.js');
    log.push('loaded');
    let naps = 0;
    do await sleep(60);
    while (!isDone(log) && ++naps < 50);
  } finally {
    completeInPlace(true);
    process.argv[1] = program;
  }
  return log;
}

describe('what comes behind', () => {
  const programs: Readonly<Record<string, Modules>> = {
    'in the same module': {
      main: 'let config; async function load() { config = block(1); await null; config = block(2); log(config); } load(); log(config);',
    },
    'in a module that loads it': {
      main: 'const db = require("./db"); log(db.config.port);',
      db: 'async function load() { exports.config = block({ port: 1 }); } load();',
    },
    'where a module that blocks nowhere calls': {
      main: 'const { load, read } = require("./db"); load(); log(read());',
      db: 'let config; exports.load = async () => { config = block(1); }; exports.read = () => config;',
    },
    'below a function and a constructor': {
      main: 'const { Store } = require("./store"); function start() { const store = new Store(); store.open(); return store; } log(start().files); log(1);',
      store:
        'exports.Store = class { constructor() { this.ready = this.fill(); } async fill() { this.files = [1, 2].map(block); } async open() { for (const file of this.files) log(block(file)); } };',
    },
    'behind callbacks, getters and generators': {
      main: `
        let seen = []; class A { get text() { return block('getter'); } *items() { yield block('item'); } }
        async function one(name) { seen.push(block(name), new A().text, ...new A().items()); for (const x of new A().items()) seen.push(x); }
        ['a', 'b'].forEach(one); log(seen.join());`,
    },
    'behind private members': {
      main: `
        class A { #n = 1; #read() { return block(this.#n); } get #text() { return block('text'); } async run() { this.all = [this.#read(), this.#text]; } }
        const a = new A(); a.run(); log(a.all);`,
    },
    'where an error is caught': {
      main: 'let state; async function load() { try { block(0); throw new Error("no"); } catch { state = block("failed"); } } load(); log(state);',
    },
    'where a module fails': {
      main: 'try { require("./bad"); } catch (error) { log(error.message); } let x; async function load() { x = block(1); } load(); log(x);',
      bad: 'let x; async function load() { x = block(1); } load(); throw new Error("bad" + x);',
    },
    'where a module is loaded later': {
      main: 'setTimeout(() => { const db = require("./db"); log(db.config); }, 5); log("main");',
      db: 'async function load() { exports.config = block(1); } load();',
    },
    'where a try is left before its await': {
      main: 'let db; async function load() { try { JSON.parse("-"); await null; } catch {} db = block(1); } load(); log(db);',
    },
    'where finally comes before the await': {
      main: 'let db; async function load() { try { JSON.parse("-"); await null; } finally { db = block(1); } } load().catch(() => 0); log(db);',
    },
    'where a block is left before its await': {
      main: 'let db; async function load(x) { a: { if (x) break a; await null; } db = block(1); } load(1); log(db);',
    },
    'where a loop goes on before its await': {
      main: 'let db; async function load(x) { do { if (x) continue; await null; } while ((db = block(0))); } load(1); log(db);',
    },
    'behind a private getter that a try leads to': {
      main: 'class A { get #text() { return block("text"); } async run() { try { JSON.parse("-"); await null; } catch {} this.all = [this.#text]; } } const a = new A(); a.run(); log(a.all);',
    },
    'behind the first step of an async generator': {
      main: 'let db; async function* items() { db = block(1); yield 1; } items().next(); log(db); async function run() { db = 0; for await (const x of items()) log(x); } run(); log(db);',
    },
    'in an argument of the last call': {
      main: 'let db; async function load() { db = block(1); } async function main(promise, x) { log(x); await promise; } main(load(), db);',
    },
    'in what is attached to the last call': {
      main: 'let db; async function load() { db = block(1); } function report(x) { log(x); return () => 0; } load().then(report(db));',
    },
    'where a conversion calls': {
      main: 'let db; async function load() { db = block(1); } String({ toString() { load(); return ""; } }); log(db);',
    },
    'where a trap of a proxy calls': {
      main: 'let db; async function load() { db = block(1); } new Proxy({}, { get() { load(); } }).x; log(db);',
    },
    'where code of Node calls, in a module that loads this one': {
      main: 'const db = require("./db"); db.run(1, () => 0); log(db.config);',
      db: 'async function load() { exports.config = block(1); } exports.run = require("util").callbackify(load);',
    },
    'of a stream': {
      main: 'let db; const { Writable } = require("stream"); class Log extends Writable { _write(chunk, encoding, done) { db = block(1); done(); } } new Log().write("x"); log(db);',
    },
    'of a stream that options make': {
      main: 'let db; const { Writable } = require("stream"); new Writable({ write(chunk, encoding, done) { db = block(1); done(); } }).write("x"); log(db);',
    },
    'of a module that ends with the call, loaded for what it does': {
      main: 'require("./" + "set"); log(globalThis.loadedBySet); delete globalThis.loadedBySet;',
      set: 'async function main() { globalThis.loadedBySet = block(1); } main();',
    },
    'in the middle of another generator': {
      main: `
        setTimeout(() => {
          function* items() { yield block(1); yield block(2); yield block(3); }
          for (const x of items()) { log(x); try { require("./bad"); } catch (error) { log(error.message); } }
        }, 1);`,
      bad: 'let x; async function load() { x = block(1); } load(); throw new Error("bad" + x);',
    },
  };
  it.each(Object.entries(programs))('%s', async (_, modules) => {
    const original = await logOf(modules, 'original');
    const isDone = (log: readonly unknown[]) => log.length >= original.length;
    expect(await logOf(modules, 'whole', isDone)).toEqual(original);
    expect(await logOf(modules, 'alone', isDone)).toEqual(original);
  });
});

describe('others have their turn', () => {
  const TICKS =
    'let ticks = 0; const timer = setInterval(() => ticks++, 0); const end = () => { clearInterval(timer); log(ticks > 0); };';
  const WORK = 'for (let i = 0; i < 40; i++) block(i);';
  const programs: Readonly<Record<string, Modules>> = {
    'where the program ends with the call': { main: `${TICKS} async function main() { ${WORK} end(); } main();` },
    'where handlers are attached to it': {
      main: `${TICKS} async function main() { ${WORK} end(); } if (timer) { void main().catch(log).finally(() => 0); } function later() {}`,
    },
    'where the program knows by itself whether it is one': {
      main: `${TICKS} async function main() { ${WORK} end(); } if (process.argv[1]) { main().catch(log); }`,
    },
    'behind the first await': {
      main: `${TICKS} async function main() { await null; ${WORK} end(); } main(); log('behind');`,
    },
    'behind a module that is loaded in the middle': {
      main: `${TICKS} setTimeout(() => { ticks = 0; require("./lazy"); ${WORK} end(); }, 1);`,
      lazy: 'async function load() { log(block(1)); } load(); log(2);',
    },
    'in what is called later': {
      main: `${TICKS} async function load() { log(block(1)); } load(); log(2); setTimeout(async () => { ticks = 0; ${WORK} end(); }, 1);`,
    },
  };
  it.each(Object.entries(programs))('%s', async (_, modules) => {
    const isDone = (log: readonly unknown[]) => log.some((entry) => typeof entry === 'boolean');
    const original = await logOf(modules, 'original', isDone);
    expect(original.filter((entry) => typeof entry === 'boolean')).toEqual([false]);
    for (const form of ['whole', 'alone'] as const) {
      const compiled = await logOf(modules, form, isDone);
      expect(compiled.filter((entry) => typeof entry === 'boolean')).toEqual([true]);
      expect(compiled.filter((entry) => typeof entry !== 'boolean')).toEqual(
        original.filter((entry) => typeof entry !== 'boolean'),
      );
    }
  });
});

describe('the verdict', () => {
  const statusOf = (modules: Modules) => {
    const [compilation] = compiledForms(modules, true);
    return compilation?.verdicts.map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)].join(' '));
  };
  it.each([
    ['while it is loaded', 'async function load() { block(1); } load(); log(1);', 'partly initialisation'],
    ['behind the first await', 'async function load() { await null; block(1); } load(); log(1);', 'patched'],
    [
      'behind an await that may not be',
      'async function load(x) { if (x) await null; block(1); } load(); log(1);',
      'partly initialisation',
    ],
    [
      'before the await of a statement',
      'async function load() { await log(block(1)); } load(); log(1);',
      'partly initialisation',
    ],
    [
      'behind a loop that awaits',
      'async function load() { for await (const x of []) block(x); } load(); log(1);',
      'patched',
    ],
    ['at the end of the program', 'async function main() { block(1); } main();', 'patched'],
    [
      'at the end of a module that exports',
      'async function main() { block(1); } exports.main = main; main();',
      'partly initialisation',
    ],
    [
      'at the end, below a function',
      'async function load() { block(1); } function main() { load(); } main();',
      'partly initialisation',
    ],
    [
      'in an async generator',
      'async function* items() { yield block(1); } items().next(); log(1);',
      'partly initialisation',
    ],
    [
      'behind the first item of an async generator',
      'async function* items() { yield 1; block(1); } items().next(); log(1);',
      'patched',
    ],
  ])('%s', (_, main, verdict) => {
    expect(statusOf({ main })).toEqual([verdict]);
  });

  it('at the end of a module that another loads', () => {
    const loaded = { main: 'require("./other");', other: 'async function load() { block(1); } load();' };
    expect(statusOf(loaded)).toContain('partly initialisation');
  });
});

describe('the exit', () => {
  it('waits for nobody: what an async function does at once is done', () => {
    const text = `${PRELUDE} const { writeSync } = require("fs"); async function save() { writeSync(1, block("saved")); } process.on("exit", () => { save(); });`;
    const fileName = '/app/main.js';
    const options = { patch: {}, runtime: load.resolve('@unblock/runtime/compiled') };
    const module = { fileName, text: text.replace('FILE', '"/dev/null"'), kind: 'commonjs' as const };
    const { rewrite } = compile({ modules: [module], resolve: () => undefined, closed: true, options });
    const code = rewrite(fileName)?.code ?? '';
    expect(code).toContain('await');
    expect(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' })).toBe('saved');
  });
});
