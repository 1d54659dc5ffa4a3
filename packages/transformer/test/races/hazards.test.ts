import { describe, expect, it } from 'vitest';
import { type Given, marks, report, serve } from './programs.js';

/** Programs, and what is reported of each: rule and marked place. */
const HAZARDS: Readonly<Record<string, readonly [text: string, ...expected: string[]]>> = {
  'an update whose operand is read first': [
    `let count = 0; ${serve("count += size('a');")}`,
    "race-hazard: count += size('a')",
  ],
  'an update by way of a local variable': [
    `let count = 0; ${serve("const before = count; const n = size('a'); count = before + n;")}`,
    'race-hazard: count = before + n',
  ],
  'an update of a field of an object that handlers share': [
    `class Stats { total = 0; add(file: string) { this.total += size(file); } } const stats = new Stats(); ${serve("stats.add('a');")}`,
    'race-hazard: this.total += size(file)',
  ],
  'a field of an object that a closure of the server keeps': [
    `class Stats { total = 0; add(file: string) { this.total += size(file); } }
     function start() { const stats = new Stats(); ${serve("stats.add('a');")} } start();`,
    'race-hazard: this.total += size(file)',
  ],
  'a field of what a shared object holds': [
    `class Inner { n = 0; add() { this.n = this.n + size('a'); } } class Outer { inner = new Inner(); add() { this.inner.add(); } }
     const outer = new Outer(); ${serve('outer.add();')}`,
    "race-hazard: this.n = this.n + size('a')",
  ],
  'a captured variable of what began once': [
    `function start() { let count = 0; ${serve("count += size('a');")} } start();`,
    "race-hazard: count += size('a')",
  ],
  'a getter that is read': [
    `let count = 0; class A { get x() { return size('a'); } } ${serve('count += new A().x;')}`,
    'race-hazard: count += new A().x',
  ],
  'a setter that is called between a read and a write': [
    `let count = 0; class A { set x(v: string) { size(v); } } ${serve("const before = count; new A().x = 'a'; count = before + 1;")}`,
    'race-hazard: count = before + 1',
  ],
  'a getter that a pattern reads': [
    `let count = 0; class A { get x() { return size('a'); } } ${serve('const before = count; const { x } = new A(); count = before + x;')}`,
    'race-hazard: count = before + x',
  ],
  'a property of a constant object': [
    `const state = { balance: 9 }; ${serve("if (state.balance > 5) { size('a'); state.balance -= 5; }")}`,
    'race-hazard: state.balance -= 5',
  ],
  'an object under a key, by way of a local variable': [
    `const users = new Map<string, any>(); ${serve("const user = users.get('k'); user.visits = user.visits + size('a');")}`,
    "race-hazard: user.visits = user.visits + size('a')",
  ],
  'an object that was found in a list': [
    `const users: any[] = []; ${serve("const user = users.find((u) => u.id === req.url); const n = user.n; user.n = n + size('a');")}`,
    "race-hazard: user.n = n + size('a')",
  ],
  'a guard that is set after the work': [
    `let busy = false; ${serve("if (busy) return; size('a'); busy = true; use(); busy = false;")}`,
    'race-hazard: busy = true',
  ],
  'what is put back, behind a call of one of many functions': [
    `let current: unknown; const pages: any[] = [(x: any) => size(x), () => 2, () => 3, () => 4, () => 5, () => 6];
     function render(page: any) { const before = current; current = page; try { return page('a'); } finally { current = before; } } ${serve('render(pages[req.url!.length]);')}`,
    'race-hazard: current = before',
  ],
  'a property of what a module exports that is put back': [
    `const shared = require('./shared').state; ${serve("const before = shared.now; shared.now = req; size('a'); shared.now = before;")}`,
    'race-hazard: shared.now = before',
  ],
  'a once-only start': [
    `let started = false; ${serve("if (!started) { size('a'); started = true; }")}`,
    'race-hazard: started = true',
  ],
  'an index that is taken before the work': [
    `const items: any[] = []; ${serve("const id = items.length; const text = read('a'); items[id] = text;")}`,
    'race-hazard: items[id] = text',
  ],
  'an index in the place of the assignment': [
    `const items: any[] = []; ${serve("items[items.length] = read('a');")}`,
    "race-hazard: items[items.length] = read('a')",
  ],
  'a limit': [
    `const open = new Set<string>(); ${serve("if (open.size < 10) { size('a'); open.add(String(req.url)); }")}`,
    'race-hazard: open.add(String(req.url))',
  ],
  'a buffer that is written out and thrown away': [
    `let lines: string[] = []; ${serve("lines.push('x'); fs.appendFileSync('log', lines.join('')); lines = [];")}`,
    'race-hazard: lines = []',
  ],
  'a buffer that is cleared': [
    `const lines: string[] = []; ${serve("lines.push('x'); fs.appendFileSync('log', lines.join('')); lines.length = 0;")}`,
    'race-hazard: lines.length = 0',
  ],
  'a variable that is put back': [
    `let depth = 0; ${serve("const before = depth; depth = before + 1; size('a'); depth = before;")}`,
    'race-hazard: depth = before',
  ],
  'a variable as a parameter': [
    `let current: any; function handle(url: any) { current = url; size('a'); use(current); } ${serve('handle(req.url);')}`,
    'race-hazard: current',
  ],
  'in a loop': [
    `let total = 0; ${serve("for (const f of ['a', 'b']) total += size(f);")}`,
    'race-hazard: total += size(f)',
  ],
  'in a later round of a loop': [
    `let last = 0; ${serve("let n = last; for (const f of ['a', 'b']) { last = n + 1; n = size(f) + last; }")}`,
    'race-hazard: last = n + 1',
  ],
  'in a callback': [
    `let total = 0; ${serve("['a', 'b'].forEach((f) => { total += size(f); });")}`,
    'race-hazard: total += size(f)',
  ],
  'behind a catch': [
    `let busy = false; ${serve("if (busy) return; try { size('a'); } catch { use(); } busy = true;")}`,
    'race-hazard: busy = true',
  ],
  'a read and a write by called functions': [
    `let ready = false; const isReady = () => ready; function begin() { size('a'); ready = true; } ${serve('if (!isReady()) begin();')}`,
    'race-hazard: begin()',
  ],
  'a value that a called function writes': [
    `let count = 0; const get = () => count; const set = (n: number) => { count = n; };
     ${serve("const before = get(); const n = size('a'); set(before + n);")}`,
    'race-hazard: set(before + n)',
  ],
  'fields by way of methods': [
    `class Counter { n = 0; get() { return this.n; } set(n: number) { this.n = n; } add() { const n = this.get(); this.set(n + size('a')); } }
     const counter = new Counter(); ${serve('counter.add();')}`,
    "race-hazard: this.set(n + size('a'))",
  ],
  'an async function in place': [
    `let count = 0; async function add() { count = count + size('a'); await work(); } ${serve('add();')}`,
    "race-hazard: count = count + size('a')",
  ],
  'async callbacks that run at the same time': [
    `async function all() { let total = 0; await Promise.all(['a', 'b'].map(async (f) => { total += size(f); await work(); })); return total; }
     ${serve('all();')}`,
    "eager-prefix: ['a', 'b'].map(async (f) => { total += size(f); await work(); })",
    'race-hazard: total += size(f)',
  ],
  'a timer and a handler': [
    `let count = 0; setInterval(() => { count = count + size('a'); }, 9); process.on('SIGHUP', () => { count = 0; });`,
    "race-hazard: count = count + size('a')",
  ],
  'a cache that is filled': [
    `const cache = new Map<string, string>(); ${serve("if (!cache.has('k')) cache.set('k', read('a'));")}`,
    "race-fill: cache.set('k', read('a'))",
  ],
  'a variable that is filled': [`let text: any; ${serve("text ??= read('a');")}`, "race-fill: text ??= read('a')"],
  'a cache that is looked at once': [
    `const cache: any = {}; function load(k: string) { let hit = cache[k]; if (hit) return hit; hit = read(k); cache[k] = hit; return hit; } ${serve("load('a');")}`,
    'race-fill: cache[k] = hit',
  ],
  'an object that is made once': [
    `class Store { constructor(public text: string) {} } let store: any; ${serve("if (!store) store = new Store(read('a'));")}`,
    "race-hazard: store = new Store(read('a'))",
  ],
  'a file that is read, changed and written': [
    `const DB = 'db.json'; const load = () => JSON.parse(read(DB)); const save = (data: any) => fs.writeFileSync(DB, JSON.stringify(data));
     ${serve('const data = load(); data.n++; save(data);')}`,
    'race-file: save(data)',
  ],
  'a file that is made where there is none': [
    `${serve("if (!fs.existsSync('dir')) fs.mkdirSync('dir');")}`,
    "race-file: fs.mkdirSync('dir')",
  ],
  'a file that a private field names': [
    `class Users { #file = 'users'; load() { return JSON.parse(read(this.#file)); } save(data: any) { fs.writeFileSync(this.#file, JSON.stringify(data)); } }
     const users = new Users(); ${serve('const data = users.load(); data.n++; users.save(data);')}`,
    'race-file: users.save(data)',
  ],
  'a file that is removed where there is one': [
    `function remove(file: string) { if (fs.existsSync(file)) fs.unlinkSync(file); } ${serve('remove(String(req.url));')}`,
    'race-file: fs.unlinkSync(file)',
  ],
  'a file that a getter reads and a setter writes': [
    `class Store { path = 'a'; get data() { return JSON.parse(read(this.path)); } set data(value: unknown) { fs.writeFileSync(this.path, JSON.stringify(value)); } }
     const store = new Store(); ${serve('const data = store.data; data.count++; store.data = data;')}`,
    'race-file: store.data',
  ],
  'a file that is written in one of two ways, as a setting says that nobody changes': [
    `const DB = 'db'; const settings = { safe: true }; const load = () => JSON.parse(read(DB));
     const save = (data: any) => { size('key'); if (settings.safe) fs.writeFileSync(DB, JSON.stringify(data)); else fs.writeFileSync(DB, data); };
     ${serve('const data = load(); data.n++; save(data);')}`,
    'race-file: save(data)',
  ],
  'a file that a getter reads for a pattern': [
    `class Store { path = 'a'; get data() { return JSON.parse(read(this.path)); } save(value: unknown) { fs.writeFileSync(this.path, JSON.stringify(value)); } }
     const store = new Store(); ${serve('const { data } = store; store.save(data + 1);')}`,
    'race-file: store.save(data + 1)',
  ],
};

/** Programs of which nothing is reported. */
const HARMLESS: Readonly<Record<string, string | readonly [string, Given]>> = {
  'accessors that are read and written, whose state is found in them': `class A { get x() { return read('a'); } set x(v: string) { use(v); read('b'); } }
    const a = new A(); ${serve("a.x += 'b'; a.x = a.x;")}`,
  'files that private fields of a class and of its base name': `class Users { #file = 'users'; load() { return JSON.parse(read(this.#file)); } }
    class Groups extends Users { #file = 'groups'; save(data: any) { fs.writeFileSync(this.#file, JSON.stringify(data)); } fill() { const data = this.load(); data.n++; this.save(data); } }
    const groups = new Groups(); ${serve('groups.fill();')}`,
  'local variables': serve("let n = 0; for (const f of ['a', 'b']) n += size(f); use(n);"),
  'objects of one call': `class Sum { n = 0; add(f: string) { this.n += size(f); } } ${serve("const sum = new Sum(); sum.add('a'); use(sum);")}`,
  'objects that are made for one call and held by another such': `class Sum { n = 0; add(f: string) { this.n += size(f); } } class Job { sum = new Sum(); run() { this.sum.add('a'); } }
    ${serve('new Job().run();')}`,
  'an object in the making': `class Store { n = 0; constructor() { this.n = this.n + size('a'); } get() { return this.n; } } const store = new Store();
    ${serve('use(store.get(), new Store());')}`,
  'callbacks that run one after the other': serve("let n = 0; ['a', 'b'].forEach((f) => { n += size(f); }); use(n);"),
  'the operand first': `let count = 0; ${serve("count = size('a') + count;")}`,
  'a read after the suspension': `let count = 0; ${serve("const n = size('a'); count += n;")}`,
  'a guard that is set at once': `let busy = false; ${serve("if (busy) return; busy = true; try { size('a'); } finally { busy = false; }")}`,
  'a buffer that is replaced before it is written out': `let lines: string[] = []; ${serve("const own = lines; lines = []; fs.appendFileSync('log', own.join(''));")}`,
  'a check that is made again': `let text: any; ${serve("if (!text) { const found = read('a'); if (!text) text = found; }")}`,
  'a comparison with what was read': `let count = 0; ${serve("const before = count; const n = size('a'); if (count === before) count = before + n;")}`,
  'a queue that is taken from': `const queue: string[] = []; ${serve('while (queue.length > 0) { const file = queue.shift(); size(String(file)); }')}`,
  'an await that was there': `let count = 0; async function add() { const before = count; await work(); count = before + 1; } ${serve('add(); size("a");')}`,
  'what modules do when they are loaded': `let count = 0; function load() { count += size('a'); } load(); load(); ${serve('use(count);')}`,
  'a program with one flow of control': `let count = 0; async function main() { count += size('a'); await work(); count += size('b'); } main();`,
  'a timer that never overlaps itself': `let count = 0; setInterval(() => { count += size('a'); }, 9);`,
  'events of one emitter': `let count = 0; process.stdin.on('data', () => { count += size('a'); }); process.stdin.on('end', () => { count = size('b') + count; });`,
  'events of an emitter of one call': serve(
    "let n = 0; req.on('data', () => { n += size('a'); }); req.on('end', () => { n = n + size('b'); use(n); });",
  ),
  'tests, which run one after the other': `let count = 0; test('a', () => { count += size('a'); }); test('b', () => { count += size('b'); }); declare function test(name: string, body: () => void): void;`,
  'what nothing calls': `let count = 0; function unused() { count += size('a'); } ${serve("use(count); size('b');")}`,
  'calls that stay synchronous': `let count = 0; class A { toString() { count += size('a'); return ''; } } ${serve('String(new A());')}`,
  'requests as objects of their own': serve("const r: any = req; r.locals = r.locals + size('a');"),
  'different keys': `const cache: any = {}; ${serve("const a = cache.a; size('f'); cache.b = a;")}`,
  'a method that has the name of one of the language': `const names: string[] = []; class Text { charCodeAt() { return size('a'); } } let at = 0;
    function scan(text: any) { const from = at; text.charCodeAt(0); at = from + 1; } ${serve('scan(req.url); use(new Text().charCodeAt(), names);')}`,
  'files with names of their own': serve(
    "const file = '/tmp/' + crypto.randomUUID(); if (!fs.existsSync(file)) fs.mkdirSync(file);",
  ),
  'a directory that may be there already': serve(
    "if (!fs.existsSync('dir')) fs.mkdirSync('dir', { recursive: true });",
  ),
  'a removal that may fail': serve("try { if (fs.existsSync('f')) fs.unlinkSync('f'); } catch { use(); }"),
};

describe('hazards', () => {
  it.each(Object.entries(HAZARDS))('%s', (_, [text, ...expected]) => {
    expect(marks(text)).toEqual(expected);
  });
});

describe('no hazard', () => {
  it.each(Object.entries(HARMLESS))('%s', (_, given) => {
    const [text, more] = typeof given === 'string' ? [given, {}] : given;
    expect(report(text, more)).toEqual([]);
  });
});

describe('modules', () => {
  it('share what one exports and others import', () => {
    const state = 'export const state = { count: 0 }; export let n = 0; export function set(x: number) { n = x; }';
    const text = `import { n, set, state } from './state'; ${serve("state.count += size('a'); const before = n; size('a'); set(before + 1);")}`;
    expect(marks(text, { modules: { './state': state } })).toEqual([
      "race-hazard: state.count += size('a')",
      'race-hazard: set(before + 1)',
    ]);
  });

  it('that are not the whole program may be called by anybody', () => {
    const text = "let count = 0; export function add() { count += size('a'); }";
    expect(marks(text)).toEqual([]);
    expect(marks(text, { closed: false })).toEqual(["race-hazard: count += size('a')"]);
  });
});

describe('messages', () => {
  it('name the read, the call in between, and the chain to what blocks', () => {
    const text = `let count = 0;\nfunction add() {\n  count += size('a');\n}\n${serve('add();')}`;
    expect(report(text)).toEqual([
      "race-hazard | count += size('a') | count is read at main.ts:4:3 and written here; in between, size() at main.ts:4:12 may suspend, " +
        'and what others write to it meanwhile is lost. Chain: size (main.ts:4) > fs.readFileSync (main.ts:1).',
    ]);
  });

  it('name the write in a called function, and a function that also writes', () => {
    const text = `let count = 0; const set = (n: number) => {\ncount = n; };\nsetInterval(() => {\nconst n = count;\nset(n + size('a')); }, 1);\nprocess.on('SIGHUP', () => { count = 0; });`;
    expect(report(text)).toEqual([
      "race-hazard | set(n + size('a')) | count is read at main.ts:5:11 and written by this call (main.ts:3:1); in between, size() at main.ts:6:9 " +
        'may suspend, and what others write to it meanwhile is lost. (anonymous) writes to it too (main.ts:7:22). Chain: size (main.ts:6) > fs.readFileSync (main.ts:1).',
    ]);
  });

  it('can be disabled where the write stands', () => {
    const text = `let count = 0;\n// unblock-disable-next-line race-hazard -- a rough figure will do\n${serve("count += size('a');")}`;
    expect(report(text)).toEqual([]);
  });
});
