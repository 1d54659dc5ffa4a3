/** Verdicts on calls that are reached in roundabout ways, held against what the compiled program does. */
import { describe } from 'vitest';
import { behaveAsBefore, judgeAsTheyBehave } from './harness.js';

/** A program whose functions are stored before its `main` runs; `load(x)` blocks. */
const stored = (setup: string, body: string) =>
  `const load = (x) => block(x); const names = ['load', 'run']; ${setup} async function main() { log(${body}); await later(5); }`;

describe('functions that are stored under keys that only running tells', () => {
  judgeAsTheyBehave({
    'of an object': [stored(`const api = {}; for (const name of names) api[name] = load;`, `api.load(1)`), 'patched'],
    'of an object that is filled elsewhere': [
      stored(
        `const fill = (o, name) => { o[name] = (x) => load(x); }; const api = {}; names.forEach((name) => fill(api, name));`,
        `api.run(1)`,
      ),
      'patched',
    ],
    'of an object without prototype': [
      stored(`const api = Object.create(null); api[names[0]] = load;`, `api.load(1)`),
      'patched',
    ],
    'of an object in an object': [
      stored(`const api = { v1: {} }; api.v1[names[0]] = load;`, `api.v1.load(1)`),
      'patched',
    ],
    'of an object that a function makes': [
      stored(`function make() { const o = {}; for (const name of names) o[name] = load; return o; }`, `make().load(1)`),
      'patched',
    ],
    'of what is reduced': [
      stored(`const api = names.reduce((o, name) => { o[name] = load; return o; }, {});`, `api.load(1)`),
      'patched',
    ],
    'of an object literal': [stored(`const api = { [names[0]]: load };`, `api.load(1)`), 'patched'],
    'as methods of an object literal': [
      stored(`const api = { [names[0]](x) { return load(x); } };`, `api.load(1)`),
      'patched',
    ],
    'as methods of a class': [
      stored(
        `class Api { [names[0]](x) { return load(x); } static [names[1]](x) { return x; } }`,
        `new Api().load(Api.run(1))`,
      ),
      'patched',
    ],
    'of this': [
      stored(
        `class Api { constructor() { for (const name of names) this[name] = load; } } class Sub extends Api {}`,
        `new Sub().load(1)`,
      ),
      'patched',
    ],
    'of a prototype': [
      stored(
        `class Api {} for (const name of names) Api.prototype[name] = function (x) { return load(x); };`,
        `new Api().run(1)`,
      ),
      'patched',
    ],
    'of a class': [stored(`class Api {} for (const name of names) Api[name] = load;`, `Api.run(1)`), 'patched'],
    'of a function': [stored(`function api() {} for (const name of names) api[name] = load;`, `api.run(1)`), 'patched'],
    'and are taken out by a pattern': [
      stored(`const api = {}; api[names[0]] = load;`, `(({ load }) => load(1))(api)`),
      'patched',
    ],
    'and are assigned to another object': [
      stored(`const table = {}; table[names[0]] = load; const api = Object.assign({}, table);`, `api.load(1)`),
      'patched',
    ],
    'and are copied to another object': [
      stored(
        `const table = {}; table[names[0]] = load; const api = {}; for (const key in table) api[key] = table[key];`,
        `api.load(1)`,
      ),
      'patched',
    ],
    'out of an array': [
      stored(
        `const all = [load, (x) => x]; const api = {}; names.forEach((name, i) => { api[name] = all[i]; });`,
        `api.load(1)`,
      ),
      'patched',
    ],
    'out of entries': [
      stored(
        `const api = {}; for (const [i, value] of Object.entries([load, load])) api[names[i]] = value;`,
        `api.run(1)`,
      ),
      'patched',
    ],
    'out of values': [
      stored(
        `const all = Object.values({ a: load, b: load }); const api = {}; names.forEach((name, i) => { api[name] = all[i]; });`,
        `api.run(1)`,
      ),
      'patched',
    ],
    'where there are too many': [
      stored(
        `const api = {}; ${Array.from({ length: 40 }, (_, i) => `api[names[0] + ${i}] = (x) => load(x);`).join(' ')}`,
        `api.load39(1)`,
      ),
      'blocking unknown-key',
    ],
    'and are spread': [
      stored(`const table = {}; table[names[0]] = load; const api = { ...table };`, `api.load(1)`),
      'patched',
    ],
    'by Reflect.set': [stored(`const api = {}; Reflect.set(api, names[0], load);`, `(api.load(1), 2)`), 'patched'],
    'as classes': [
      stored(
        `const api = {}; for (const name of names) api[name] = class { constructor(x) { this.x = load(x); } };`,
        `new api.load(1).x`,
      ),
      'patched',
    ],
    'of an object of which nothing is known': [
      stored(
        `function Api() {} for (const name of names) Api.prototype[name] = function (x) { return load(x); };`,
        `new Api().run(1)`,
      ),
      'blocking unknown-key',
    ],
  });
});

/** Functions that are assigned by name, and called by keys that only running tells. `one` is the first of `names`. */
const byKey = (setup: string, call: string) =>
  stored(`const one = names[0]; ${setup}`, call.includes(';') ? `(() => { ${call} })()` : call);
const NAMED: Readonly<Record<string, string>> = {
  'of an object': byKey(`const api = {}; api.load = load;`, `api[one](1)`),
  'of an object literal that has others': byKey(`const api = { run: (x) => x }; api.load = load;`, `api[one](1)`),
  'of exports': byKey(`exports.load = load;`, `exports[one](1)`),
  'of module.exports': byKey(`module.exports.load = load;`, `module.exports[one](1)`),
  'of an object that is exported': byKey(
    `const api = module.exports = { main }; exports = api; exports.load = load;`,
    `api[one](1)`,
  ),
  'of a function': byKey(`function api() {} api.load = load;`, `api[one](1)`),
  'of a class': byKey(`class Api {} Api.load = load;`, `Api[one](1)`),
  'of an object in an object': byKey(`const api = { v1: {} }; api.v1.load = load;`, `api.v1[one](1)`),
  'of an object that is assigned': byKey(`const api = {}; api.v1 = {}; api.v1.load = load;`, `api.v1[one](1)`),
  'in a chain': byKey(`const api = {}; api.load = {}; api.load.load = load;`, `api[one][one](1)`),
  'of an object in a field': byKey(
    `class Api { constructor() { this.all = {}; this.all.load = load; } run(name, x) { return this.all[name](x); } }`,
    `new Api().run(one, 1)`,
  ),
  'of this': byKey(
    `class Api { constructor() { this.load = load; } run(name, x) { return this[name](x); } }`,
    `new Api().run(one, 1)`,
  ),
  'of this, and read by what it extends': byKey(
    `class Base { run(name, x) { return this[name](x); } } class Api extends Base { constructor() { super(); this.load = load; } }`,
    `new Api().run(one, 1)`,
  ),
  'of the prototype of a class': byKey(
    `class Api {} Api.prototype.load = function (x) { return load(x); };`,
    `new Api()[one](1)`,
  ),
  'by Object.assign to the prototype of a class': byKey(
    `class Api {} Object.assign(Api.prototype, { load });`,
    `new Api()[one](1)`,
  ),
  'of a prototype': byKey(`function Api() {} Api.prototype.load = load;`, `new Api()[one](1)`),
  'of a prototype with a name of its own': byKey(
    `function Api() {} const fn = Api.prototype; fn.load = load;`,
    `new Api()[one](1)`,
  ),
  'of a prototype that is a literal': byKey(`function Api() {} Api.prototype = { load };`, `new Api()[one](1)`),
  'of a literal that becomes a prototype': byKey(
    `function Api() {} const proto = {}; Api.prototype = proto; Api.prototype.load = load;`,
    `proto[one](1)`,
  ),
  'by Object.assign to a prototype': byKey(
    `function Api() {} Object.assign(Api.prototype, { load });`,
    `new Api()[one](1)`,
  ),
  'by Object.assign': byKey(
    `const table = {}; table.load = load; const api = {}; Object.assign(api, table);`,
    `api[one](1)`,
  ),
  'of a prototype, and read in a method': byKey(
    `function Api() {} Api.prototype.load = load; Api.prototype.run = function (name, x) { return this[name](x); };`,
    `new Api().run(one, 1)`,
  ),
  'of a prototype, and read in a method of a literal': byKey(
    `function Api() {} Api.prototype = { run: function (name, x) { return this[name](x); } }; Api.prototype.load = load;`,
    `new Api().run(one, 1)`,
  ),
  'by a function that makes objects': byKey(`function Api() { this.load = load; }`, `new Api()[one](1)`),
  'by a function that another calls': byKey(
    `function Base() { this.load = load; } function Api() { Base.call(this); }`,
    `new Api()[one](1)`,
  ),
  'of a prototype that is inherited': byKey(
    `function Base() {} Base.prototype.run = function (name, x) { return this[name](x); };
     function Api() {} Api.prototype = Object.create(Base.prototype); Api.prototype.load = load;`,
    `new Api().run(one, 1)`,
  ),
  'of a prototype that is inherited by util.inherits': byKey(
    `function Base() {} Base.prototype.load = load; function Api() {} require('util').inherits(Api, Base);`,
    `new Api()[one](1)`,
  ),
  'of what an object is made of': byKey(
    `const base = {}; base.load = load; const api = Object.create(base);`,
    `api[one](1)`,
  ),
  'of what an object inherits': byKey(
    `const base = {}; base.load = load; const api = {}; Object.setPrototypeOf(api, base);`,
    `api[one](1)`,
  ),
  'of an object whose method reads them': byKey(
    `const api = {}; api.load = load; api.run = function (name, x) { return this[name](x); };`,
    `api.run(one, 1)`,
  ),
  'and are called in a loop': byKey(`const api = {}; api.load = load;`, `for (const key in api) return api[key](1);`),
  'and are called for each key': byKey(
    `const api = {}; api.load = load;`,
    `Object.keys(api).map((key) => api[key](1)).join()`,
  ),
  'and are called for each value': byKey(
    `const api = {}; api.load = load;`,
    `for (const each of Object.values(api)) return each(1);`,
  ),
  'and are called for each entry': byKey(
    `const api = {}; api.load = load;`,
    `for (const [, each] of Object.entries(api)) return each(1);`,
  ),
  'and are taken out by a pattern': byKey(
    `const api = {}; api.load = load;`,
    `const { [one]: each } = api; return each(1);`,
  ),
  'and are taken out of the rest of a pattern': byKey(
    `const api = {}; api.load = load;`,
    `const { run, ...rest } = api; return rest[one](1);`,
  ),
  'as classes': byKey(
    `const api = {}; api.load = class { constructor(x) { this.x = load(x); } };`,
    `new api[one](1).x`,
  ),
  'by Object.defineProperty': byKey(
    `const api = {}; Object.defineProperty(api, 'load', { value: load });`,
    `api[one](1)`,
  ),
  'by Object.defineProperties': byKey(
    `const api = {}; Object.defineProperties(api, { load: { value: load } });`,
    `api[one](1)`,
  ),
  'by a getter that is defined': byKey(
    `const api = {}; Object.defineProperty(api, 'load', { get: () => load });`,
    `api[one](1)`,
  ),
  'by Reflect.set': byKey(`const api = {}; Reflect.set(api, 'load', load);`, `(api[one](1), 2)`),
  'and are called by call': byKey(`const api = {}; api.load = load;`, `api[one].call(api, 1)`),
  'and are called if they are there': byKey(`const api = {}; api.load = load;`, `api?.[one]?.(1)`),
  'by a function that is given the object': byKey(
    `const add = (to) => { to.load = load; }; const api = {}; add(api);`,
    `api[one](1)`,
  ),
  'where there are too many': byKey(
    `const api = {}; api.load = load; ${Array.from({ length: 40 }, (_, i) => `api.f${i} = (x) => x + ${i};`).join(' ')}`,
    `api[one](1)`,
  ),
};

describe('functions that are assigned by name and called by keys that only running tells', () => {
  judgeAsTheyBehave(
    Object.fromEntries(Object.entries(NAMED).map(([name, text]) => [name, [text, 'patched'] as const])),
  );
});

describe('the same in a program of which nothing else is known', () => {
  behaveAsBefore(NAMED);
});

describe('functions that are assigned to the global object', () => {
  judgeAsTheyBehave({
    'and called by their name': [
      stored(`globalThis.verdictsLoad = load;`, `verdictsLoad(1)); delete globalThis.verdictsLoad; log(2`),
      'patched',
    ],
    'as a property of global': [
      stored(`global.verdictsRun = (x) => load(x);`, `verdictsRun(1)); delete globalThis.verdictsRun; log(2`),
      'patched',
    ],
  });
});

/** A program with streams and emitters; `tell` blocks and logs. */
const streaming = (body: string, top = '') => `
  const { PassThrough, Readable, Transform, Writable } = require('stream'); const { EventEmitter } = require('events'); const net = require('net');
  function tell(x) { block(0); log(x === undefined ? 'told' : String(x)); return true; }
  ${top}
  async function main() { ${body} await later(20); log('end'); }`;

describe('listeners of streams that the program makes', () => {
  judgeAsTheyBehave({
    'of data': [
      streaming(`const s = new PassThrough(); s.on('data', tell); s.write('a'); s.end('b');`),
      'blocking native-callback',
    ],
    'of the end, on a stream of a class of the program': [
      streaming(
        `const s = new Upper(); s.on('finish', () => tell('finish')).on('end', () => tell('end')).on('close', () => log('close')); s.resume(); s.end('b');`,
        `class Upper extends Transform { _transform(c, e, done) { done(null, c); } }`,
      ),
      'patched',
    ],
    'in the class': [
      streaming(
        `new Sink().end('b');`,
        `class Sink extends Writable { constructor() { super(); this.on('finish', () => tell('finish')); this.once('close', () => tell('close')); } _write(c, e, done) { done(); } }`,
      ),
      'patched',
    ],
    'of errors': [
      streaming(
        `const s = new Writable({ write(c, e, done) { done(new Error('refused')); } }); s.on('error', (error) => tell(error.message)).on('close', () => log('close')); s.write('b');`,
      ),
      'patched',
    ],
    'of a stream of items': [
      streaming(`Readable.from(['a']).on('data', () => tell('data')).on('end', () => log('ended'));`),
      'blocking native-callback',
    ],
    'of a stream of items, and its end': [
      streaming(`Readable.from(['a']).on('data', () => log('data')).on('end', () => tell('ended'));`),
      'patched',
    ],
    'of a stream that another is connected to': [
      streaming(`Readable.from(['a']).pipe(new PassThrough()).once('data', tell);`),
      'blocking native-callback',
    ],
    'of the end of a stream that another is connected to': [
      streaming(
        `Readable.from(['a']).pipe(new PassThrough()).on('data', () => log('data')).once('end', () => tell('end'));`,
      ),
      'patched',
    ],
    'of the end of what a pipeline connects': [
      streaming(`const s = new PassThrough(); s.on('end', () => tell('end')).on('close', () => log('close')); require('stream').pipeline(Readable.from(['a']), s, () => {});
        for await (const chunk of s) log(String(chunk));`),
      'patched',
    ],
    'of an emitter that the program emits with, by the name of an event of the loop': [
      streaming(`const e = new EventEmitter(); e.on('data', tell); e.emit('data', 1);`),
      'patched',
    ],
    'of an emitter of a class of the program': [
      streaming(
        `new Bus().go();`,
        `class Bus extends EventEmitter { constructor() { super(); this.on('message', tell); } go() { this.emit('message', 1); } }`,
      ),
      'patched',
    ],
    'of an emitter that tells of its own listeners': [
      streaming(`const e = new EventEmitter(); e.on('newListener', (event) => tell(event)); e.on('x', () => log(1));`),
      'blocking native-callback',
    ],
    'of a class that extends one of the loop': [
      streaming(
        `const s = new Socket(); s.on('close', () => tell('close')); s.destroy();`,
        `class Socket extends net.Socket {}`,
      ),
      'patched',
    ],
  });
});

describe('listeners of an emit that is not called at once', () => {
  judgeAsTheyBehave({
    bound: [
      streaming(`const e = new EventEmitter(); e.on('x', tell); const fire = e.emit.bind(e, 'x'); log(fire(1));`),
      'patched',
    ],
    'bound, and handed on': [
      streaming(
        `const run = (callback) => callback(1); const e = new EventEmitter(); e.on('x', tell); run(e.emit.bind(e, 'x')); log('told');`,
      ),
      'patched',
    ],
    'of a class': [
      streaming(
        `const bus = new Bus(); bus.on('x', tell); bus.go(); log('told');`,
        `class Bus extends EventEmitter { go() { const run = this.emit.bind(this, 'x'); run(1); } }`,
      ),
      'patched',
    ],
    'called by call': [
      streaming(
        `const e = new EventEmitter(); e.on('x', tell); const { emit } = e; emit.call(e, 'x', 1); log('told');`,
      ),
      'patched',
    ],
    'called by apply': [
      streaming(
        `const e = new EventEmitter(); e.on('x', tell); EventEmitter.prototype.emit.apply(e, ['x', 1]); log('told');`,
      ),
      'patched',
    ],
  });
});

describe('callbacks of streams', () => {
  const methods = ['map', 'filter', 'forEach', 'flatMap', 'some', 'every', 'find', 'reduce'];
  const taken: Readonly<Record<string, string>> = { map: '.toArray()', filter: '.toArray()', flatMap: '.toArray()' };
  judgeAsTheyBehave(
    Object.fromEntries(
      methods.map((method) => [
        `of ${method}`,
        [
          streaming(
            `log(await Readable.from(['a', 'b']).${method}((x, y) => { tell(method(y)); return [x]; })${taken[method] ?? ''});`,
            `const method = (y) => typeof y;`,
          ),
          'patched',
        ],
      ]),
    ),
  );
  judgeAsTheyBehave({
    'of streams of the loop': [
      streaming(`await fs.createReadStream(String(FILE), { end: 3 }).map((x) => tell(x)).toArray();`),
      'patched',
    ],
    'that throw': [
      streaming(
        `await Readable.from(['a']).forEach((x) => { tell(x); throw new Error(x); }).catch((error) => log(error.message));`,
      ),
      'patched',
    ],
    'one after the other': [
      streaming(
        `let running = 0; log(await Readable.from(['a', 'b', 'c']).map((x) => { log(++running); tell(x); running--; return x; }).toArray());`,
      ),
      'patched',
    ],
  });
});

/** A program with contexts of asynchronous execution. */
const inContext = (body: string) => `
  const { AsyncLocalStorage, AsyncResource } = require('async_hooks'); const storage = new AsyncLocalStorage();
  function told() { const before = storage.getStore(); block(0); log([before, storage.getStore(), [...arguments]]); return 'told'; }
  async function main() { ${body} }`;

describe('functions that run in a context', () => {
  judgeAsTheyBehave({
    'bound by AsyncLocalStorage': [
      inContext(
        `const bound = storage.run(1, () => AsyncLocalStorage.bind(told)); log(storage.run(2, () => bound('x')));`,
      ),
      'patched',
    ],
    'bound by AsyncResource': [
      inContext(`const bound = storage.run(1, () => AsyncResource.bind(told)); log(bound('x'));`),
      'patched',
    ],
    'bound by a resource': [
      inContext(`const resource = storage.run(1, () => new AsyncResource('x')); log(resource.bind(told)('x'));`),
      'patched',
    ],
    'of a snapshot': [
      inContext(
        `const restore = storage.run(1, () => AsyncLocalStorage.snapshot()); log(storage.run(2, () => restore(told, 'x')));`,
      ),
      'patched',
    ],
    'of a resource': [
      inContext(
        `const resource = storage.run(1, () => new AsyncResource('x')); log(resource.runInAsyncScope(told, undefined, 'x'));`,
      ),
      'patched',
    ],
  });
});

describe('what the language calls', () => {
  judgeAsTheyBehave({
    'next, for a loop that awaits': [
      `const items = { [Symbol.asyncIterator]() { let n = 0; return { next() { n++; return Promise.resolve({ done: n > 2, value: block(n) }); } }; } };
       async function main() { for await (const item of items) log(item); }`,
      'patched',
    ],
    'return, for a loop that awaits': [
      `class Items { [Symbol.asyncIterator]() { return this; } next() { return Promise.resolve({ done: false, value: 1 }); } return() { log(block('left')); return Promise.resolve({}); } }
       async function main() { for await (const item of new Items()) { log('item'); break; } }`,
      'patched',
    ],
    'next, for a generator that delegates': [
      `const items = { [Symbol.asyncIterator]() { let n = 0; return { next() { return Promise.resolve({ done: n++ > 0, value: block(n) }); } }; } };
       async function* all() { yield* items; } async function main() { for await (const item of all()) log(item); }`,
      'patched',
    ],
    'next, for a stream': [
      `const items = { [Symbol.asyncIterator]() { let n = 0; return { next() { return Promise.resolve({ done: n++ > 0, value: block('x') }); } }; } };
       async function main() { log(await require('stream').Readable.from(items).toArray()); }`,
      'blocking native-callback',
    ],
    'then, where it is awaited': [
      `class Query { then(done) { done(block('rows')); } } async function main() { log(await new Query()); }`,
      'blocking coercion',
    ],
    'then, where it resolves a promise': [
      `const query = { then(done) { done(block('rows')); } }; async function main() { await Promise.resolve(query); log(1); }`,
      'blocking coercion',
    ],
    'then, where an async function returns it': [
      `class Query { then(done) { done(block('rows')); } } const make = async () => new Query(); async function main() { log(await make()); }`,
      'blocking coercion',
    ],
  });
});

describe('members that natives call, of classes that extend them', () => {
  judgeAsTheyBehave({
    'set, of a map that is made of entries': [
      `class Table extends Map { set(k, v) { return super.set(k, block(v)); } } async function main() { log([...new Table([[1, 2]])]); }`,
      'blocking native-callback',
    ],
    'set, by super': [
      `class Table extends Map { constructor(entries) { super(entries); } set(k, v) { return super.set(k, block(v)); } } async function main() { log([...new Table([[1, 2]])]); }`,
      'blocking native-callback',
    ],
    'set, of an empty map': [
      `class Table extends Map { set(k, v) { return super.set(k, block(v)); } } async function main() { const t = new Table(); t.set(1, 2); log([...t]); }`,
      'patched',
    ],
    'add, of a class between': [
      `class Base extends Set { add(v) { return super.add(block(v)); } } class Sub extends Base {} async function main() { log([...new Sub([1])]); }`,
      'blocking native-callback',
    ],
    'executors of promises': [
      `class Task extends Promise {} async function main() { log(await new Task((done) => done(block(1)))); }`,
      'blocking native-callback',
    ],
    'constructors of promises': [
      `class Task extends Promise { constructor(executor) { super(executor); log(block('made')); } } async function main() { log(await Task.resolve(1).then((x) => x)); }`,
      'blocking native-callback',
    ],
    'constructors of arrays': [
      `class List extends Array { constructor(...items) { super(...items); log(block('made')); } } const make = () => List.from([1]); async function main() { log(make().slice(0).length); }`,
      'blocking native-callback',
    ],
    'handlers of servers of a class': [
      `const http = require('http'); class Server extends http.Server {}
       async function main() { const server = new Server((request, response) => response.end(block('x'))); await new Promise((done) => server.listen(0, done));
         log(await (await fetch('http://localhost:' + server.address().port)).text()); server.closeAllConnections(); server.close(); }`,
      'blocking native-callback',
    ],
    'methods of streams': [
      `const { Readable, Writable } = require('stream'); class Sink extends Writable { write(chunk) { log(String(block(chunk))); return true; } end() { log('end'); } }
       async function main() { Readable.from(['a']).pipe(new Sink()); await later(20); }`,
      'blocking native-callback',
    ],
  });
});

describe('executors of promises', () => {
  judgeAsTheyBehave({
    'in an array, beside what is taken from another one and calls an unknown method': [
      `const jobs = [{ id: 1 }]; function run(job) { try { job.start(job); } catch (error) { log(error.name); } }
       async function main() { run(jobs.shift()); log(await Promise.any([Promise.reject(1), new Promise((done) => done(block(2)))])); }`,
      'patched',
    ],
  });
});

describe('constructors that an object names', () => {
  judgeAsTheyBehave({
    'of its own class': [
      `class Page { constructor(x) { this.x = block(x); } again() { return new this.constructor(2); } } async function main() { log(new Page(1).again().x); }`,
      'patched',
    ],
    'of a subclass': [
      `class Base { again() { return new this.constructor(2); } } class Page extends Base { constructor(x) { super(); this.x = block(x); } }
       async function main() { const page = new Page(1); log(page.again().x); }`,
      'patched',
    ],
    'of a class on which a static method is called': [
      `class Base { static make() { return new this(); } } class Page extends Base { constructor() { super(); this.x = block(1); } } async function main() { log(Page.make().x); }`,
      'patched',
    ],
    'of a class that registers itself by a method which it inherits': [
      `const known = new Map(); class Base { static register(name) { known.set(name, this); } static of(name) { return new (known.get(name))(); } }
       class Page extends Base { static { this.register('page'); } constructor() { super(); this.x = block(1); } } async function main() { log(Base.of('page').x); }`,
      'patched',
    ],
  });
});

describe('functions that are handed to what calls none of them', () => {
  judgeAsTheyBehave({
    'timers that are cleared': [
      `const run = () => log(block('timer')); async function main() { const timer = setTimeout(run, 5); const other = setInterval(run, 5); clearInterval(other); await later(30); clearTimeout(timer); }`,
      'patched',
    ],
    'results of generators that are printed': [
      `function* items() { yield block(1); } async function main() { const it = items(); console.log(it, it.next()); const { done } = it.next(); log(done ? 1 : 2); }`,
      'patched',
    ],
    'listeners that are removed': [
      `const { EventEmitter } = require('events'); const listener = () => log(block('heard'));
       async function main() { const emitter = new EventEmitter(); emitter.on('x', listener); emitter.emit('x'); emitter.off('x', listener); emitter.removeListener('x', listener); emitter.emit('x'); }`,
      'patched',
    ],
  });
});

describe('typed arrays that are made of', () => {
  judgeAsTheyBehave({
    'what a function returns': [
      `async function main() { log([...Float64Array.from([1, 2], (x) => block(x))]); }`,
      'patched',
    ],
    'what a generator gives': [
      `function* items() { yield block(1); yield 2; } async function main() { const made = Uint8Array.from(items()); log([...made]); }`,
      'patched',
    ],
  });
});

describe('functions under names by which the language calls them', () => {
  judgeAsTheyBehave({
    'of a prototype': [
      `function Page() {} Page.prototype.toString = function () { return block('page'); }; async function main() { log(\`\${new Page()}\`); }`,
      'blocking coercion',
    ],
    'of an object literal': [
      `const page = { valueOf: function () { return block(1); } }; async function main() { log(page + 1); }`,
      'blocking coercion',
    ],
    'that are assigned': [
      `const page = {}; page.toJSON = () => block('page'); async function main() { log(JSON.stringify([page])); }`,
      'blocking coercion',
    ],
    'that are defined': [
      `class Page {} Object.defineProperty(Page.prototype, 'toString', { value: () => block('page') }); async function main() { log([new Page()].join()); }`,
      'blocking coercion',
    ],
  });
});

/** A class with a method that blocks, and `main`, which logs what `body` gives. */
const ofPage = (method: string, body: string) =>
  `class Page { ${method} { return block('page'); } } const page = new Page(); async function main() { log(${body}); await later(5); }`;

describe('methods under names by which the language calls them, where the program calls them itself', () => {
  judgeAsTheyBehave({
    'by toString': [ofPage('toString()', 'page.toString()'), 'partly coercion'],
    'by toLocaleString': [ofPage('toLocaleString()', 'page.toLocaleString()'), 'partly coercion'],
    'by toJSON': [ofPage('toJSON()', 'page.toJSON()'), 'partly coercion'],
    'by valueOf': [ofPage('valueOf()', 'page?.valueOf()'), 'partly coercion'],
    'by Symbol.toPrimitive': [
      ofPage('[Symbol.toPrimitive]()', `page[Symbol.toPrimitive]('string')`),
      'partly coercion',
    ],
    'of a static method': [ofPage('static toString()', 'Page.toString()'), 'partly coercion'],
    'of a subclass': [
      `class Page { toString() { return block('page'); } } class Sub extends Page { toString() { return 'sub ' + super.toString(); } }
       async function main() { log(new Sub().toString()); await later(5); }`,
      'partly coercion',
    ],
    'of an object literal': [
      `const page = { toJSON() { return block('page'); } }; async function main() { log(page.toJSON()); await later(5); }`,
      'partly coercion',
    ],
    'of a value of which nothing is known': [
      `const pages = [1, { toString() { return block('page'); } }]; async function main() { log(pages.map((it) => it.toString())); await later(5); }`,
      'partly coercion',
    ],
    'by itself, which nothing waits for': [ofPage('toString()', 'String(page)'), 'blocking coercion'],
    'by JSON.stringify, which nothing waits for': [
      `async function main() { log(JSON.stringify({ toJSON() { return block('page'); } })); await later(5); }`,
      'blocking coercion',
    ],
    'by its getter, which the language reads, too': [
      `const page = { get toString() { block(1); return () => 'page'; } }; async function main() { log(page.toString()); }`,
      'blocking coercion',
    ],
    'by Symbol.dispose': [ofPage('[Symbol.dispose]()', 'page[Symbol.dispose]()'), 'patched'],
    'by Symbol.asyncDispose': [ofPage('[Symbol.asyncDispose]()', 'await page[Symbol.asyncDispose]()'), 'patched'],
    'by Symbol.dispose, of an object literal': [
      `const page = { [Symbol.dispose]: () => block('page') }; async function main() { log(page[Symbol.dispose]()); await later(5); }`,
      'patched',
    ],
  });
});

/** A program whose `main` logs what the language makes of `page`, which it also calls by itself where `call` says so. */
const keyed = (setup: string, shown: string, call = '') =>
  `${setup} async function main() { log(${shown}); ${call === '' ? '' : `log(${call});`} await later(5); }`;
const BLOCKS = `{ return block('page'); }`;

describe('methods under keys that constants hold', () => {
  judgeAsTheyBehave({
    'a symbol taken from Symbol': [
      keyed(`const { toPrimitive } = Symbol; class A { [toPrimitive]() ${BLOCKS} }`, `String(new A())`),
      'blocking coercion',
    ],
    'a symbol under a name of its own, called by the program, too': [
      keyed(
        `const { toPrimitive: p } = Symbol; class A { [p]() ${BLOCKS} } const a = new A();`,
        'a + ``',
        'a[Symbol.toPrimitive]()',
      ),
      'partly coercion',
    ],
    'a string, called by the program, too': [
      keyed(`const KEY = 'toJSON'; const o = { [KEY]() ${BLOCKS} };`, 'JSON.stringify(o)', 'o[KEY]()'),
      'partly coercion',
    ],
    'a string, by name': [keyed(`const KEY = 'load'; const o = { [KEY]() ${BLOCKS} };`, 'o.load()'), 'patched'],
    'a string, of what is written by name': [
      keyed(`const KEY = 'load'; class A { load() ${BLOCKS} }`, 'new A()[KEY]()'),
      'patched',
    ],
    'another constant': [
      keyed(`const NAME = 'toString'; const KEY = NAME; class A { [KEY]() ${BLOCKS} }`, 'String(new A())', '1'),
      'blocking coercion',
    ],
    'what is assigned, and called elsewhere': [
      keyed(
        `const KEY = 'toJSON'; const run = () => block('page'); const o = {}; o[KEY] = run;`,
        'JSON.stringify(o)',
        'run()',
      ),
      'partly coercion',
    ],
    'what is defined, and called elsewhere': [
      keyed(
        `const KEY = 'toJSON'; const run = () => block('page'); const o = Object.defineProperty({}, KEY, { value: run });`,
        'JSON.stringify(o)',
        'run()',
      ),
      'partly coercion',
    ],
    'what is defined under a symbol': [
      keyed(
        `const run = () => block('page'); const o = Object.defineProperty({}, Symbol.toPrimitive, { value: run });`,
        'String(o)',
        'run()',
      ),
      'partly coercion',
    ],
    'a symbol that nothing but the language reads, of an object that is called elsewhere': [
      keyed(
        `const run = () => block(true); const { hasInstance } = Symbol; const o = { [hasInstance]: run };`,
        '1 instanceof o',
        'run()',
      ),
      'partly coercion',
    ],
    'a symbol of Node': [
      keyed(
        `const inspect = Symbol.for('nodejs.util.inspect.custom'); class A { [inspect]() ${BLOCKS} }`,
        `require('util').inspect(new A())`,
      ),
      'blocking coercion',
    ],
    'a symbol of Node, where it is required': [
      keyed(`class A { [require('util').inspect.custom]() ${BLOCKS} }`, `require('util').format(new A())`),
      'blocking coercion',
    ],
    'a symbol of Node, taken from its function': [
      keyed(
        `const { inspect: show } = require('util'); const { custom } = show; class A { [custom]() ${BLOCKS} }`,
        `show(new A())`,
      ),
      'blocking coercion',
    ],
    'a symbol of Node, assigned, and called elsewhere': [
      keyed(
        `const util = require('util'); const run = () => block('page'); class A {} A.prototype[util.inspect.custom] = run;`,
        `util.inspect(new A())`,
        'run()',
      ),
      'partly coercion',
    ],
    'a template without gaps': [
      keyed(`class A { [\`toString\`]() ${BLOCKS} }`, 'String(new A())'),
      'blocking coercion',
    ],
    'a template without gaps, called by name': [
      keyed(`class A { [\`load\`]() ${BLOCKS} }`, 'new A().load()', 'new A()[`load`]()'),
      'patched',
    ],
    'an iterator': [
      keyed(`const { iterator } = Symbol; class A { *[iterator]() { yield block('page'); } }`, '[...new A()]'),
      'patched',
    ],
    'an accessor': [
      keyed(`const KEY = 'text'; class A { get [KEY]() ${BLOCKS} }`, 'new A().text', 'new A()[KEY]'),
      'patched',
    ],
    'what `using` disposes of': [
      `const { dispose } = Symbol; class A { [dispose]() { log(block('page')); } } async function main() { { using a = new A(); } await later(5); }`,
      'patched',
    ],
    'exports of the module': [
      keyed(`const KEY = 'load'; module.exports[KEY] = () => block('page');`, 'module.exports.load()'),
      'patched',
    ],
    'a method that streams call': [
      `const { Writable } = require('stream'); const KEY = '_write'; class A extends Writable { [KEY](c, e, done) { block(1); done(); } }
       async function main() { new A().end('x', () => log('end')); await later(20); }`,
      'blocking unreached',
    ],
    'a method that streams call, whose name is a string': [
      `const { Writable } = require('stream'); class A extends Writable { '_write'(c, e, done) { block(1); done(); } }
       async function main() { new A().end('x', () => log('end')); await later(20); }`,
      'blocking unreached',
    ],
  });
});

/** A program that hands on what blocks; `main` logs what `body` gives. */
const handedOn = (setup: string, body: string) =>
  `${INNER.filter(([name]) => `${setup}${body}`.includes(name))
    .map(([, text]) => text)
    .join('')} ${setup} async function main() { log(${body}); await later(5); }`;
const INNER = [
  ['blocked', `const blocked = (x = 1) => block(x);`],
  ['inner', `function inner(f) { return f(2); }`],
] as const;

describe('functions that are handed on in lists', () => {
  judgeAsTheyBehave({
    'arguments, by apply': [
      handedOn(`function on() { return inner.apply(this, arguments); }`, `on(blocked)`),
      'patched',
    ],
    'arguments, by Reflect.apply': [
      handedOn(`function on() { return Reflect.apply(inner, this, arguments); }`, `on(blocked) > 0`),
      'patched',
    ],
    'arguments, spread': [handedOn(`function on() { return inner(...arguments); }`, `on(blocked)`), 'patched'],
    'arguments, one by one': [handedOn(`function on() { return inner(arguments[0]); }`, `on(blocked)`), 'patched'],
    'arguments of a function around': [
      handedOn(`function on() { return (() => inner(arguments[0]))(); }`, `on(blocked)`),
      'patched',
    ],
    'arguments, as an array of a slice': [
      handedOn(`function on() { const all = [].slice.call(arguments); return inner(all[0]); }`, `on(blocked)`),
      'patched',
    ],
    'arguments, as an array': [
      handedOn(`function on() { return Array.from(arguments)[0](1); }`, `on(blocked)`),
      'patched',
    ],
    'arguments, in a loop': [
      handedOn(`function on() { for (const f of arguments) return f(1); }`, `on(blocked)`),
      'patched',
    ],
    'arguments, by a pattern': [
      handedOn(`function on() { const [f] = arguments; return f(1); }`, `on(blocked)`),
      'patched',
    ],
    'arguments, as build tools copy them': [
      handedOn(
        `function on() { for (var n = arguments.length, all = new Array(n), i = 0; i < n; i++) all[i] = arguments[i]; return inner.apply(void 0, all); }`,
        `on(blocked) > 0`,
      ),
      'patched',
    ],
    'to a constructor of ES5': [
      handedOn(
        `function A(f) { this.f = f; } A.prototype.go = function () { return this.f(1); }; function B() { A.apply(this, arguments); } B.prototype = Object.create(A.prototype);`,
        `new B(blocked).go()`,
      ),
      'patched',
    ],
    'to a method of the parent': [
      handedOn(
        `class A { run(f) { return f(1); } } class B extends A { run() { return super.run.apply(this, arguments); } }`,
        `new B().run(blocked)`,
      ),
      'patched',
    ],
    'to what is wrapped': [
      handedOn(
        `const wrap = (f) => function () { return f.apply(this, arguments); }; const on = wrap(inner);`,
        `on(blocked)`,
      ),
      'patched',
    ],
    'a rest parameter, by apply': [
      handedOn(`function on(...all) { return inner.apply(null, all); }`, `on(blocked)`),
      'patched',
    ],
    'a rest parameter whose items differ': [
      handedOn(`const use = (x, f) => f(x); const on = (...all) => use(...all);`, `on(1, blocked) > 0`),
      'patched',
    ],
    'iterables in a rest parameter': [
      handedOn(
        `class Tree { constructor(...all) { this.all = all; } *[Symbol.iterator]() { yield block(1); for (const one of this.all) yield* one; } }`,
        `[...new Tree(new Tree(), new Tree())].join()`,
      ),
      'patched',
    ],
    'behind what a function is bound to': [
      handedOn(`const second = (x, f) => f(x); const on = second.bind(null, 1);`, `on(blocked) > 0`),
      'patched',
    ],
    'what a reducer makes': [
      handedOn(
        `const wrap = (next) => (x) => next(block(x)); const on = [wrap, wrap].reduceRight((next, make) => make(next), (x) => x);`,
        `on(1)`,
      ),
      'patched',
    ],
    'to a method that is borrowed from an array': [
      handedOn(``, `[].map.call([1, 2], (x) => blocked(x)).join()`),
      'patched',
    ],
    'to a method that is borrowed from the prototype of arrays': [
      handedOn(``, `Array.prototype.map.call([1, 2], (x) => blocked(x)).join()`),
      'patched',
    ],
    'in objects that a callback makes': [
      handedOn(`const jobs = [1, 2].map((x) => ({ x, run: blocked }));`, `jobs.map((job) => job.run(job.x)).join()`),
      'patched',
    ],
    'as the object of a method': [
      handedOn(
        `const app = () => log(blocked()); app.start = function () { setTimeout(this, 1); };`,
        `typeof app.start()`,
      ),
      'patched',
    ],
    'in fields that are called by a key': [
      handedOn(
        `class A { onend = (x) => blocked(x); tell(name, x) { return this['on' + name](x); } }`,
        `new A().tell('end', 1)`,
      ),
      'patched',
    ],
  });
});
