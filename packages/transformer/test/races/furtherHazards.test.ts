import { describe, expect, it } from 'vitest';
import { marks, report, serve } from './programs.js';

const USER = "let currentUser: any; function load() { return read('a'); } function show() { use(currentUser); }";
const CONTEXT = 'const ctx: any = {}; function query() { return read(ctx.user); }';
const NUMBERS = "let next = 0; function store(id: number) { fs.writeFileSync('f' + id, ''); }";
const LOG = "let last: any; function append(text: any) { fs.appendFileSync('log', text); }";
const COMMANDS = "import { execSync } from 'node:child_process';";
const STATE = 'const state = { n: 0, inner: { n: 0 } };';

/** Programs, the code of a handler in each, and the places that are reported of it. */
const HAZARDS: Readonly<Record<string, readonly [program: string, handler: string, ...expected: string[]]>> = {
  'a pattern that reads': [STATE, "const { n } = state; size('a'); state.n = n + 1;", 'state.n = n + 1'],
  'a pattern in a pattern, with a default': [
    STATE,
    "const { inner: { n: before = 1 } } = state; size('a'); state.inner.n = before + 1;",
    'state.inner.n = before + 1',
  ],
  'a pattern that is assigned': [STATE, "let n; ({ n } = state); size('a'); state.n = n + 1;", 'state.n = n + 1'],
  'a pattern that reads how many there are': [
    'const items: any[] = [];',
    "const { length } = items; const text = read('a'); items[length] = text;",
    'items[length] = text',
  ],
  'a pattern that reads a field': [
    "class Stats { total = 0; add() { const { total } = this; this.total = total + size('a'); } } const stats = new Stats();",
    'stats.add();',
    "this.total = total + size('a')",
  ],
  'a property under a key that a constant holds': [
    `${STATE} const KEY = 'n';`,
    "const v = state.n; size('a'); state[KEY] = v + 1;",
    'state[KEY] = v + 1',
  ],
  'an element under a key that a constant holds': [
    `const totals = new Map<string, number>(); const KEY = 'n';`,
    "const v = totals.get(KEY); size('a'); totals.set('n', Number(v) + 1);",
    "totals.set('n', Number(v) + 1)",
  ],
  'a property that Object.assign writes': [
    STATE,
    "const v = state.n; size('a'); Object.assign(state, { n: v + 1 });",
    'Object.assign(state, { n: v + 1 })',
  ],
  'a property of the second literal that Object.assign writes': [
    STATE,
    "Object.assign(state, { x: 1 }, { n: state.n + size('a') });",
    "Object.assign(state, { x: 1 }, { n: state.n + size('a') })",
  ],
  'a variable as a parameter of a called function': [USER, 'currentUser = req.url; load(); show();', 'show()'],
  'a variable as a parameter, for its members': [
    "let currentUser: any; function show() { use(currentUser.name); } function handle(u: any) { currentUser = u; read('a'); show(); }",
    'handle(req);',
    'show()',
  ],
  'a variable as a parameter, for its members, in place': [
    "let currentUser: any; function handle(u: any) { currentUser = u; read('a'); use(currentUser.name); }",
    'handle(req);',
    'currentUser',
  ],
  'a variable as a parameter, which a function writes': [
    `${USER} function setUser(u: any) { currentUser = u; }`,
    'setUser(req.url); load(); show();',
    'show()',
  ],
  'a variable as a parameter, which a function writes before it waits': [
    `${USER} function begin(u: any) { currentUser = u; load(); }`,
    'begin(req.url); show();',
    'show()',
  ],
  'a variable as a parameter, further down': [
    `${USER} function page() { use(1); show(); }`,
    'currentUser = req.url; load(); page();',
    'page()',
  ],
  'a property as a parameter of calls that are suspended': [
    CONTEXT,
    'ctx.user = req.url; query(); query();',
    'query()',
  ],
  'a property as a parameter of a call that reads it after it was suspended': [
    "const ctx: any = {}; function query() { read('a'); use(ctx.user); }",
    'ctx.user = req.url; query();',
    'query()',
  ],
  'a field as a parameter of methods': [
    'class Db { user: any; as(u: any) { this.user = u; } query() { return read(this.user); } } const db = new Db();',
    'db.as(req.url); db.query(); db.query();',
    'db.query()',
  ],
  'a number that is counted up after it was used': [NUMBERS, 'const id = next; store(id); next++;', 'next++'],
  'a number that is added to after it was used': [NUMBERS, 'store(next); next += 1;', 'next += 1'],
  'a number that is written anew after it was used': [NUMBERS, 'store(next); next = next + 1;', 'next = next + 1'],
  'what was compared, and is noted after the work': [
    LOG,
    'const text = req.url; if (last !== text) append(text); last = text;',
    'last = text',
  ],
  'a flag that is taken back after the work': [
    'let dirty = true; setInterval(() => { dirty = true; }, 9);',
    "if (dirty) size('a'); dirty = false;",
    'dirty = false',
  ],
  'the working directory, for two commands': [
    COMMANDS,
    "process.chdir(req.url!); execSync('a'); execSync('b');",
    "execSync('b')",
  ],
  'the working directory, for two files': [
    '',
    "process.chdir(req.url!); readFileSync('x'); fs.writeFileSync('y', '');",
    "fs.writeFileSync('y', '')",
  ],
  'the working directory, for commands of a function': [
    "const child = require('child_process'); const run = (command: string) => child.execSync(command);",
    "process.chdir(req.url!); run('a'); run('b');",
    "run('b')",
  ],
  'the working directory, which is put back': [
    COMMANDS,
    "const before = process.cwd(); process.chdir('x'); try { execSync('a'); } finally { process.chdir(before); }",
    'process.chdir(before)',
  ],
  'two sides of a yield that waits': [
    "let count = 0; function* steps() { const before = count; yield readFileSync('a'); count = before + 1; }",
    'for (const step of steps()) use(step);',
    'count = before + 1',
  ],
  'a list that is written out in a loop and cleared': [
    "const lines: string[] = []; function append(line: string) { fs.appendFileSync('log', line); }",
    'for (const line of lines) append(line); lines.length = 0;',
    'lines.length = 0',
  ],
};

/** Programs of which nothing is reported, and the code of a handler in each. */
const HARMLESS: Readonly<Record<string, readonly [program: string, handler: string]>> = {
  'a pattern that reads after the suspension': [STATE, "size('a'); const { n } = state; state.n = n + 1;"],
  'a pattern that reads another property': [STATE, "const { n } = state; size('a'); state.inner.n = n;"],
  'a pattern of an object of one call': [
    '',
    "const own = { n: 1 }; const { n } = own; size('a'); own.n = n + 1; use(own);",
  ],
  'a pattern of a parameter': ["function add({ n }: any) { return n + size('a'); }", 'use(add({ n: 1 }));'],
  'a pattern in whose place an accessor is called': [
    'class A { get x() { return 1; } set x(v: number) { use(v); } } const a = new A();',
    "const { x } = a; size('a'); a.x = x + 1;",
  ],
  'another property that Object.assign writes': [
    STATE,
    "const v = state.n; size('a'); Object.assign(state, { last: v });",
  ],
  'Object.assign to an object of one call': [
    '',
    "const own = { n: 1 }; Object.assign(own, { n: own.n + size('a') }); use(own);",
  ],
  'Object.assign after a read of its own': [STATE, "size('a'); Object.assign(state, { n: state.n + 1 });"],
  'a function that reads what was written just before it is called': [USER, 'load(); currentUser = req.url; show();'],
  'a function that writes, or waits where it could not': [
    `${USER} function check(u: any) { use(u); } function begin(u: any) { try { check(u); currentUser = u; } catch { load(); } }`,
    'begin(req.url); show();',
  ],
  'a function that writes what it reads': [
    `${USER} function page(u: any) { currentUser = u; show(); }`,
    'currentUser = req.url; load(); page(req.url);',
  ],
  'a function that reads what is the same for all': [`${USER}`, "currentUser = 'nobody'; load(); show();"],
  'a call that reads before it is suspended': [CONTEXT, 'ctx.user = req.url; query();'],
  'a parameter in an object of one call': [
    'function query(ctx: any) { return read(ctx.user); }',
    'const ctx: any = {}; ctx.user = req.url; query(ctx); query(ctx);',
  ],
  'a generator that reads when it is asked to': [
    'let currentUser: any; function* show() { yield 1; use(currentUser); }',
    "currentUser = req.url; const shown = show(); use(shown); size('a');",
  ],
  'a number that is counted up before it is used': [NUMBERS, 'const id = next; next++; store(id);'],
  'a number that is counted up in place': [NUMBERS, 'store(next++);'],
  'a count that nothing else uses': [NUMBERS, 'store(1); next++; use(next);'],
  'another number that is counted up': [`${NUMBERS} let done = 0;`, 'const id = next; next++; store(id); done++;'],
  'a text that is added to': [
    "let page = ''; function send(text: string) { fs.writeFileSync('f', text); }",
    "send(page); page += 'x';",
  ],
  'what was compared, and is noted before the work': [
    LOG,
    'const text = req.url; if (last !== text) { last = text; append(text); }',
  ],
  'what was compared with something else': [
    LOG,
    'const text = req.url; if (last !== null) append(text); last = req.method;',
  ],
  'a flag that is taken back before the work': [
    'let dirty = true;',
    "const was = dirty; dirty = false; if (was) size('a');",
  ],
  'commands in directories of their own': [
    COMMANDS,
    "process.chdir('/'); execSync('a', { cwd: req.url! }); execSync('b', { cwd: req.url! });",
  ],
  'a working directory that nobody changes': [COMMANDS, "execSync('a'); execSync('b'); use(process.cwd());"],
  'a working directory that is left before anything waits': [
    COMMANDS,
    "const before = process.cwd(); process.chdir(req.url!); use(process.cwd()); process.chdir(before); execSync('a');",
  ],
  'files with absolute names': ['', "process.chdir(req.url!); readFileSync('/x'); fs.writeFileSync('/y', '');"],
  'a read behind a yield that waits': [
    "let count = 0; function* steps() { yield readFileSync('a'); count = count + 1; }",
    'for (const step of steps()) use(step);',
  ],
  'a yield of a generator that has awaited': [
    "let count = 0; async function* steps() { const before = count; yield 1; size('a'); count = before + 1; }",
    '(async () => { for await (const step of steps()) use(step); })();',
  ],
  'a loop over what nobody clears': [
    'const files = new Set<string>();',
    'files.add(String(req.url)); for (const file of files) size(file);',
  ],
};

describe('hazards of further kinds', () => {
  it.each(Object.entries(HAZARDS))('%s', (_, [program, handler, ...expected]) => {
    expect(marks(`${program} ${serve(handler)}`)).toEqual(expected.map((place) => `race-hazard: ${place}`));
  });
});

describe('no hazards', () => {
  it.each(Object.entries(HARMLESS))('%s', (_, [program, handler]) => {
    expect(report(`${program} ${serve(handler)}`)).toEqual([]);
  });
});

describe('sections', () => {
  it.each(Object.entries(HAZARDS))('exclude: %s', (_, [program, handler]) => {
    const writers = program.includes('setInterval')
      ? program.replace('dirty = true; }', 'atomic(() => { dirty = true; }); }')
      : program;
    expect(report(`${writers} ${serve(`atomic(() => { ${handler} });`)}`)).toEqual([]);
  });

  it.each(Object.entries(HAZARDS).filter(([, [program]]) => !program.includes('setInterval')))(
    'that a comment makes exclude: %s',
    (_, [program, handler]) => {
      const marked = `/* @unblock-atomic */ function serveOne(req: any) { ${handler} }`;
      expect(report(`${program} ${marked} ${serve('serveOne(req);')}`)).toEqual([]);
    },
  );
});

describe('messages', () => {
  it('name the read in a called function', () => {
    const text = `let user: any;\nfunction show() {\nuse(user);\n}\n${serve("user = req.url;\nread('a');\nshow();")}`;
    expect(report(text)).toEqual([
      'race-hazard | show() | user is written at main.ts:6:35 and read by this call (main.ts:4:5); in between, read() at main.ts:7:1 may suspend, ' +
        'and another call may have written it. Chain: read (main.ts:7) > fs.readFileSync (main.ts:1).',
    ]);
  });

  it('name a read that the called function comes to when it has been suspended', () => {
    const text = `let user: any;\nfunction show() {\nread('a'); use(user);\n}\n${serve('user = req.url;\nshow();')}`;
    expect(report(text)).toEqual([
      'race-hazard | show() | user is written at main.ts:6:35 and read by this call (main.ts:4:16), which may suspend before that, ' +
        'and another call may have written it. Chain: show (main.ts:7) > read (main.ts:4) > fs.readFileSync (main.ts:1).',
    ]);
  });

  it('say of a number that others may use it, too', () => {
    const text = `let next = 0;\n${serve("size('f' + next);\nnext++;")}`;
    expect(report(text)).toEqual([
      'race-hazard | next++ | next is read at main.ts:3:46 and written here; in between, size() at main.ts:3:35 may suspend, ' +
        'and others may use the same value. Chain: size (main.ts:3) > fs.readFileSync (main.ts:1).',
    ]);
  });

  it('name the working directory', () => {
    const text = serve("process.chdir(req.url!);\nread('a');\nfs.rmSync('b');");
    expect(report(text)).toEqual([
      "race-hazard | fs.rmSync('b') | the working directory is written at main.ts:2:35 and read here; in between, read() at main.ts:3:1 may suspend, " +
        'and another call may have written it. Chain: read (main.ts:3) > fs.readFileSync (main.ts:1).',
    ]);
  });
});
