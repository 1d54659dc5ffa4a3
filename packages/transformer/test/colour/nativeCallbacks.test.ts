/** Callbacks are asynchronous where the event loop calls them, or a builtin with a twin; elsewhere they run inside whatever calls them. */
import { describe, expect, it } from 'vitest';
import { LOOP_EVENTS as RUNTIME_EVENTS } from '../../../runtime/src/node/roots/loopEvents.js';
import { LOOP_EVENTS } from '../../src/catalogue/events.js';
import { compile } from '../../src/engine.js';

function statusOf(text: string): string {
  const { verdicts } = compile({
    modules: [{ fileName: '/app/module.js', text, kind: 'commonjs' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: '@unblock/runtime/compiled', roots: [] },
  });
  return verdicts.map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)].join(' ')).join(', ');
}

const LISTENER = "() => require('fs').readFileSync('x')";

describe('a blocking listener', () => {
  it.each([
    ['a server', `require('http').createServer().on('request', ${LISTENER});`, 'patched'],
    ['a stream', `require('fs').createReadStream('x').on('data', ${LISTENER});`, 'patched'],
    [
      'something unknown, of an event that the loop emits',
      `module.exports = (x) => x.on('data', ${LISTENER});`,
      'patched',
    ],
    ['a signal', `process.on('SIGTERM', ${LISTENER});`, 'patched'],
    ['the exit of the process', `process.on('exit', ${LISTENER});`, 'blocking native-callback'],
    ['uncaught errors', `process.on('uncaughtException', ${LISTENER});`, 'blocking native-callback'],
    [
      'an emitter of a package',
      `require('chokidar').watch('.').on('add', ${LISTENER});`,
      'blocking untransformed-package',
    ],
    [
      'an emitter of a package, of an event that the loop emits on its own emitters',
      `require('chokidar').watch('.').on('change', ${LISTENER});`,
      'partly untransformed-package',
    ],
    [
      'what an emitter of a package tells of',
      `new (require('ws').WebSocketServer)().on('connection', (socket) => { socket.on('message', ${LISTENER}); });`,
      'partly untransformed-package',
    ],
    ['a child that a package spawns', `require('cross-spawn')('ls').stdout.on('data', ${LISTENER});`, 'patched'],
    [
      'a child that a package spawns by name',
      `require('cross-spawn').spawn('ls').on('close', ${LISTENER});`,
      'patched',
    ],
    ['an application of a package', `require('express')().on('mount', ${LISTENER});`, 'blocking untransformed-package'],
    ['a message port', `port.addEventListener('message', ${LISTENER});`, 'patched'],
    ['an abort signal', `signal.addEventListener('abort', ${LISTENER});`, 'blocking native-callback'],
    [
      'an event target, which dispatches',
      `const t = new EventTarget(); t.addEventListener('x', ${LISTENER}); setTimeout(() => t.dispatchEvent(new Event('x')));`,
      'blocking native-callback',
    ],
    [
      'an emitter of the program, which emits in a timer',
      `const e = new (require('events'))(); e.on('x', ${LISTENER}); setTimeout(() => e.emit('x'));`,
      'patched',
    ],
    [
      'an emitter of the program, which emits at once',
      `const e = new (require('events'))(); e.on('x', ${LISTENER}); e.emit('x');`,
      'blocking initialisation',
    ],
    [
      'an emitter that never emits',
      `const e = new (require('events'))(); e.on('x', ${LISTENER});`,
      'blocking unreached',
    ],
  ])('of %s', (_, text, expected) => {
    expect(statusOf(text)).toBe(expected);
  });
});

it('a handler of a framework, registered under a name that only running tells, may suspend', () => {
  const route = "for (const method of ['get', 'post']) app[method]('/', () => require('fs').readFileSync('x'));";
  expect(statusOf(`const app = require('express')(); ${route}`)).toBe('partly untransformed-package');
});

describe('a blocking callback of an iterator', () => {
  const READ = "(x) => require('fs').readFileSync(x)";
  it.each([
    ['that is called at once', `names.values().forEach(${READ})`, 'patched'],
    ['that is called from next, by a method that awaits it', `names.values().map(${READ}).toArray()`, 'patched'],
    ['in a longer chain', `names.values().map(${READ}).filter(Boolean).take(3).some(Boolean)`, 'patched'],
    ['that is called from next, by the language', `[...names.values().map(${READ})]`, 'blocking native-callback'],
    ['that is called from next, further on', `names.keys().take(1).filter(${READ}).next()`, 'blocking native-callback'],
    ['of an array of values', `Object.values(names).map(${READ})`, 'patched'],
  ])('%s', (_, text, expected) => {
    expect(statusOf(`setTimeout((names) => ${text});`)).toBe(expected);
  });
});

describe('the list of events that the loop emits', () => {
  const names = (of: (row: (typeof RUNTIME_EVENTS)[number]) => boolean) =>
    new Set(
      RUNTIME_EVENTS.filter(of).flatMap(({ concurrent = '', silencing = '', serial = '' }) =>
        `${concurrent} ${silencing} ${serial}`.split(' ').filter((name) => name !== ''),
      ),
    );

  it("is the runtime's, for emitters", () => {
    expect([...LOOP_EVENTS.emitters].sort()).toEqual([...names(({ of }) => of !== process)].sort());
  });

  it("is the runtime's, for the process", () => {
    expect([...LOOP_EVENTS.process].sort()).toEqual([...names(({ of }) => of === process)].sort());
  });
});

describe('a blocking function that Node wraps', () => {
  const WRAPPERS = [
    "require('util').promisify",
    "require('util').deprecate",
    "require('util').callbackify",
    "require('perf_hooks').performance.timerify",
    'performance.timerify',
  ];
  it.each(WRAPPERS)('%s', (wrapper) => {
    const text = `const wrapped = ${wrapper}(${LISTENER}); setTimeout(() => wrapped());`;
    expect(statusOf(text)).toBe('blocking native-callback');
  });
});

describe('a blocking method with the name of a method of collections', () => {
  const SESSIONS = "class Sessions { find(token) { return String(require('fs').readFileSync(token)); } }";
  const greet = (name: string) =>
    `setTimeout((i) => { const names = [${name}]; require('package').greet(names[i][i]); });`;

  it.each([
    [
      'does not return its object',
      `${SESSIONS} const sessions = new Sessions(); ${greet("sessions.find('x')")}`,
      'patched',
    ],
    [
      'may return it, where it is inherited from elsewhere',
      `${SESSIONS} class Own extends require('package') { read() { return new Sessions().find('x'); } } const own = new Own(); ${greet('own.find(String)')}`,
      'partly untransformed-package',
    ],
    [
      'returns elements where a class extends Array',
      "class List extends Array {} const list = new List(); list.push(() => require('fs').readFileSync('x')); setTimeout(() => list.find(Boolean)());",
      'patched',
    ],
  ])('%s', (_, text, expected) => {
    expect(statusOf(text)).toBe(expected);
  });
});

describe('a view engine of Express', () => {
  const app =
    "const app = require('express')(); app.engine('x', (path, options, done) => done(null, require('fs').readFileSync(path)));";

  it.each([
    ['that a handler renders with', "app.get('/', (req, res) => res.render('a.x'));", 'patched'],
    [
      'that the application renders with',
      "app.get('/', (req, res) => app.render('a.x', (error, text) => res.send(text)));",
      'patched',
    ],
    [
      'that something renders with that cannot wait',
      "app.get('/', (req, res) => require('lodash').map([1], () => res.render('a.x')));",
      'partly untransformed-package',
    ],
  ])('%s', (_, handler, expected) => {
    expect(statusOf(`${app} ${handler}`)).toBe(expected);
  });

  it('is waited for by the handler', () => {
    const text = `${app} app.get('/', (req, res) => res.render('a.x'));`;
    const compilation = compile({
      modules: [{ fileName: '/app/module.js', text, kind: 'commonjs' }],
      resolve: () => undefined,
      closed: true,
      options: { patch: {}, runtime: '@unblock/runtime/compiled' },
    });
    expect(compilation.rewrite('/app/module.js')?.code).toMatch(/method\(.*render.*await/);
  });
});

describe('a blocking callback of a method', () => {
  it.each([
    ['of a file that is written', `require('fs').createWriteStream('x').end('a', ${LISTENER});`, 'patched'],
    ['of a stream of zlib', `const zlib = require('zlib'); zlib.createGzip().flush(${LISTENER});`, 'patched'],
    ['of a child', `require('child_process').spawn('x').stdin.write('a', ${LISTENER});`, 'patched'],
    ['of an interface', `require('readline').createInterface({}).question('a', ${LISTENER});`, 'patched'],
    [
      'of a response, which may as well be an object of a package',
      `require('http').createServer((request, response) => { response.end('a', ${LISTENER}); });`,
      'partly untransformed-package',
    ],
    [
      'that no object of Node has',
      `require('http').createServer((request, response) => { response.each(${LISTENER}); });`,
      'blocking untransformed-package',
    ],
  ])('%s', (_, text, status) => {
    expect(statusOf(text)).toBe(status);
  });
});
