import { describe, expect, it } from 'vitest';
import { marks, report, serve } from './programs.js';

const LOAD = "let config: any; async function load() { config = read('c'); await work(); }";

/** Programs in which effects move, and the calls that are not awaited. */
const MOVED: Readonly<Record<string, readonly [text: string, ...expected: string[]]>> = {
  'a variable that the caller reads': [`${LOAD} ${serve('load(); use(config);')}`, 'eager-prefix: load()'],
  'a variable of which the caller reads a member': [
    `${LOAD} ${serve('load(); use(config.name);')}`,
    'eager-prefix: load()',
  ],
  'a variable of which the caller calls a method': [
    `${LOAD} ${serve('load(); config.list();')}`,
    'eager-prefix: load()',
  ],
  'a variable that the caller writes': [`${LOAD} ${serve('load(); config = 1;')}`, 'eager-prefix: load()'],
  'a variable that a called function reads': [
    `${LOAD} const get = () => config; ${serve('load(); use(get());')}`,
    'eager-prefix: load()',
  ],
  'a promise that is awaited too late': [
    `${LOAD} ${serve('(async () => { const loading = load(); use(config); await loading; })();')}`,
    'eager-prefix: load()',
  ],
  'a promise that is handed on': [`${LOAD} ${serve('use(load()); use(config);')}`, 'eager-prefix: load()'],
  'a promise with reactions': [`${LOAD} ${serve('load().catch(() => {}); use(config);')}`, 'eager-prefix: load()'],
  'what handlers read, started when the program has been loaded': [
    `${LOAD} ${serve('use(config);')} load();`,
    'eager-prefix: load()',
  ],
  'what handlers read, started when the top level has waited': [
    `${LOAD} await work(); load(); ${serve('use(config);')}`,
    'eager-prefix: load()',
  ],
  'a field, by way of the object': [
    `class Store { data: any; async load() { this.data = read('d'); await work(); } }
     ${serve('const store = new Store(); store.load(); use(store.data);')}`,
    'eager-prefix: store.load()',
  ],
  'an object that is handed over': [
    `async function fill(o: any) { o.x = read('o'); await work(); } ${serve('const o: any = {}; fill(o); use(o.x);')}`,
    'eager-prefix: fill(o)',
  ],
  'a captured variable': [
    serve("let config: any; const load = async () => { config = read('c'); await work(); }; load(); use(config);"),
    'eager-prefix: load()',
  ],
  'what a function does that suspends itself': [
    `let config: any; function parse() { config = read('c'); } async function load() { parse(); await work(); } ${serve('load(); use(config);')}`,
    'eager-prefix: load()',
  ],
  'one call after the other': [
    `const list: string[] = []; async function add(file: string) { list.push(read(file)); await work(); }
     ${serve("(async () => { await Promise.all(['a', 'b'].map(add)); })();")}`,
    "eager-prefix: ['a', 'b'].map(add)",
  ],
  'two functions': [
    `${LOAD} async function change() { config = { ...config }; await work(); } ${serve('(async () => { await Promise.all([load(), change()]); })();')}`,
    'eager-prefix: load()',
  ],
  'a getter that blocks': [
    `const o = { get text() { return read('c'); } }; let config: any; async function load() { config = o.text; await work(); } ${serve('load(); use(config);')}`,
    'eager-prefix: load()',
  ],
  'a getter that blocks, of what is called or read further': [
    `class A { get text() { return read('c'); } get f() { read('f'); return () => 1; } }
     let config: any; async function load(a: A) { config = a.text.length; await work(); } async function run(a: A) { config = a.f(); await work(); }
     ${serve('load(new A()); use(config);')} ${serve('run(new A()); use(config);')}`,
    ...['eager-prefix: load(new A())', 'eager-prefix: run(new A())'],
  ],
  'a getter that the caller reads': [
    `${LOAD} const o = { get config() { return config; } }; ${serve('load(); use(o.config);')}`,
    'eager-prefix: load()',
  ],
  'a getter that the caller reads, of the object that is filled': [
    `class Store { data: any; get size() { return this.data; } async load() { this.data = read('d'); await work(); } }
     const store = new Store(); ${serve('store.load(); use(store.size);')}`,
    'eager-prefix: store.load()',
  ],
  'a setter that the caller writes': [
    `${LOAD} const o = { set config(value: any) { config = value; } }; ${serve('load(); o.config = 1;')}`,
    'eager-prefix: load()',
  ],
};

const IN_PLACE: Readonly<Record<string, string>> = {
  'what handlers read, started when the module is loaded': `${LOAD} load(); ${serve('use(config);')}`,
  'awaited at once': `${LOAD} ${serve('(async () => { await load(); use(config); })();')}`,
  'awaited before anything else': `${LOAD} ${serve('(async () => { const loading = load(); await loading; use(config); })();')}`,
  'nothing behind it': `${LOAD} ${serve('load();')}`,
  'nothing that both touch': `${LOAD} ${serve('load(); use(req);')}`,
  'written before the suspension': `let busy = false; async function run() { busy = true; size('a'); await work(); } ${serve('run(); use(busy);')}`,
  'written after the first await': `let config: any; async function load() { size('a'); await work(); config = 1; } ${serve('load(); use(config);')}`,
  'nothing that blocks before the first await': `let config: any; async function load() { config = 1; await work(); size('a'); } ${serve('load(); use(config);')}`,
  'what each call has for itself': serve(
    "(async () => { await Promise.all(['a', 'b'].map(async (f) => { const text = read(f); await work(); return text; })); })();",
  ),
  'results under keys of their own': serve(
    "const texts: any = {}; (async () => { await Promise.all(['a', 'b'].map(async (f) => { texts[f] = read(f); await work(); })); use(texts); })();",
  ),
  'a getter that reads something else': `${LOAD} const o = { get text() { return 1; } }; ${serve('load(); use(o.text);')}`,
  'async generators, which begin when they are asked': `let config: any; async function* all() { config = read('c'); yield 1; } ${serve('const items = all(); use(config, items);')}`,
};

describe('effects move', () => {
  it.each(Object.entries(MOVED))('%s', (_, [text, ...expected]) => {
    expect(marks(text).filter((mark) => mark.startsWith('eager'))).toEqual(expected);
  });

  it('is told with both places', () => {
    expect(report(`${LOAD}\n${serve('load();\nuse(config);')}`)).toEqual([
      'eager-prefix | load() | The caller goes on before load has come to its first await, because read() at main.ts:2:51 may suspend: ' +
        'config may be read at main.ts:4:5 before it is written at main.ts:2:42. Chain: read (main.ts:2) > fs.readFileSync (main.ts:1).',
    ]);
  });
});

it('is told of calls of one function', () => {
  const [text = ''] = MOVED['one call after the other'] ?? [];
  expect(report(text)).toEqual([expect.stringContaining('may suspend: another such call may write list at main.ts:')]);
  expect(report(text)).toEqual([expect.stringContaining(' before this one does. Chain: ')]);
});

describe('effects stay', () => {
  it.each(Object.entries(IN_PLACE))('%s', (_, text) => {
    expect(marks(text).filter((mark) => mark.startsWith('eager'))).toEqual([]);
  });
});
