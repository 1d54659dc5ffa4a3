/** Functions of Node that are mocked, wrapped or patched: what was put in their place is what runs. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

/** Code with `fs.readFileSync` replaced by `fake`, and put back. */
const replaced = (fake: string, body: string) => `
  const original = fs.readFileSync;
  async function main() {
    block(0);
    fs.readFileSync = ${fake};
    try { ${body} } finally { fs.readFileSync = original; }
    log(['restored', read().length, fs.readFileSync === original]);
  }
  function read() { return fs.readFileSync(FILE, 'utf8'); }`;

describe('an assigned mock runs', () => {
  behaveAsBefore({
    'in place of the original': replaced(`() => 'mocked'`, `log(read());`),
    'with the receiver and the arguments of the call': replaced(
      `function (...args) { return [this === fs, args.length, args[1], new.target]; }`,
      `log(read());`,
    ),
    'and its throw goes to the caller': replaced(
      `() => { throw new RangeError('mocked'); }`,
      `try { read(); } catch (error) { log([error.name, error.message]); }`,
    ),
    'and what it returns is not awaited, if it is a promise': replaced(
      `() => Promise.resolve('later')`,
      `const result = read(); log(result instanceof Promise); log(await result);`,
    ),
    'and calls the original': replaced(`(...args) => ['wrapped', original(...args).length]`, `log(read());`),
    'if all properties were copied to it': replaced(
      `Object.assign(() => 'mocked', Object.getOwnPropertyNames(original), original)`,
      `log([read(), Object.getOwnPropertySymbols(fs.readFileSync).length === Object.getOwnPropertySymbols(original).length]);`,
    ),
    'if all descriptors were copied to it': replaced(
      `Object.defineProperties(() => 'mocked', Object.getOwnPropertyDescriptors(original))`,
      `log([read(), fs.readFileSync.name]);`,
    ),
    'if it inherits from the original': replaced(`Object.setPrototypeOf(() => 'mocked', original)`, `log(read());`),
    'if it is a bound function': replaced(
      `function (given, path) { return [this.name, given, path === FILE]; }.bind({ name: 'bound' }, 'given')`,
      `log(read());`,
    ),
    'if it is a proxy without traps': replaced(`new Proxy(original, {})`, `log(read().length);`),
    'if it is a proxy that takes calls': replaced(
      `new Proxy(original, { apply: (target, self, args) => ['applied', target === original, self === fs, args.length] })`,
      `log(read());`,
    ),
    'if it is a proxy that answers everything': replaced(
      `new Proxy(() => 'mocked', { get: (target, key) => () => ['trap', String(key)] })`,
      `log(read());`,
    ),
    'if it is compiled and blocks itself': replaced(
      `function fake(path, encoding) { return ['fake', fs.statSync(path).isFile(), original(path, encoding).length, this === fs]; }`,
      `log(read());`,
    ),
  });
});

describe('a mock by a library', () => {
  behaveAsBefore({
    'vi.spyOn: runs the original, records the call, is restored': `
      async function main() {
        const spy = vi.spyOn(fs, 'statSync');
        try {
          log(stat());
          log([spy.mock.calls.length, spy.mock.calls[0][0] === FILE, spy.mock.results[0].type, spy.mock.contexts[0] === fs]);
        } finally { spy.mockRestore(); }
        log([stat(), spy.mock.calls.length, block('end')]);
      }
      function stat() { return fs.statSync(FILE).isFile(); }`,
    'vi.spyOn with an implementation, once and always': `
      async function main() {
        const spy = vi.spyOn(fs, 'existsSync').mockReturnValueOnce('once').mockImplementation((path) => ['always', path]);
        try { log([exists(), exists()]); } finally { spy.mockRestore(); }
        log([exists(), block('end')]);
      }
      function exists() { return fs.existsSync('/nowhere'); }`,
    'node:test mock.method': `
      async function main() {
        const { mock } = require('node:test');
        const wrapped = mock.method(fs, 'statSync');
        log([stat(), wrapped.mock.callCount(), wrapped.mock.calls[0].this === fs]);
        wrapped.mock.mockImplementation(() => ({ isFile: () => 'mocked' }));
        log([stat(), wrapped.mock.callCount()]);
        wrapped.mock.restore();
        log([stat(), block('end')]);
      }
      function stat() { return fs.statSync(FILE).isFile(); }`,
    'sinon: stubs, spies, callThrough, restore': `
      const sinon = require('sinon');
      async function main() {
        const stub = sinon.stub(fs, 'statSync');
        try {
          stub.callThrough();
          stub.withArgs('/mocked').returns({ isFile: () => 'mocked' });
          log([stat('/mocked'), stat(FILE), stub.callCount]);
        } finally { stub.restore(); }
        const spy = sinon.spy(fs, 'statSync');
        try { log([stat(FILE), spy.calledOnceWith(FILE), spy.calledOn(fs)]); } finally { spy.restore(); }
        const fake = sinon.replace(fs, 'statSync', sinon.fake.throws(new Error('faked')));
        try { stat(FILE); } catch (error) { log([error.message, fake.threw()]); } finally { sinon.restore(); }
        log([stat(FILE), block('end')]);
      }
      function stat(path) { return fs.statSync(path).isFile(); }`,
    'graceful-fs, whose functions are its own or those of fs': `
      const graceful = require('graceful-fs').gracefulify({ ...fs });
      async function main() {
        log(graceful.readFileSync(FILE, 'utf8').length === block('x').length + graceful.readFileSync(FILE).toString().length - 1);
        const fd = graceful.openSync(FILE, 'r');
        const buffer = Buffer.alloc(4);
        log([graceful.readSync(fd, buffer, 0, 4, 0), String(buffer)]);
        log(graceful.closeSync(fd));
        try { graceful.statSync('/missing'); } catch (error) { log(error.code); }
      }`,
  });
});

describe('patched functions', () => {
  behaveAsBefore({
    'before the module takes them apart': `
      const genuine = fs.existsSync;
      fs.existsSync = () => 'patched';
      const { existsSync } = fs;
      fs.existsSync = genuine;
      function main2() { return [existsSync(FILE), fs.existsSync(FILE), block(1)]; }
      async function main() { log(main2()); }`,
    'after the module has taken them apart': `
      const { existsSync } = fs;
      async function main() {
        fs.existsSync = () => 'patched';
        try { log(both()); } finally { fs.existsSync = existsSync; }
      }
      function both() { return [existsSync(FILE), fs.existsSync(FILE), block(1)]; }`,
    'while a call of another task is suspended': `
      const { statSync } = fs;
      function task(name) { block(0); return [name, fs.statSync(FILE).isFile()]; }
      async function main() {
        log(task('before'));
        fs.statSync = () => ({ isFile: () => 'patched' });
        try { log(task('after')); } finally { fs.statSync = statSync; }
      }`,
    'by an uncompiled module, which wraps the callback form in its own synchronous one': {
      text: `
        const restore = require('patcher');
        async function main() {
          try { log([fs.existsSync(FILE), fs.existsSync.calls, block(1)]); } finally { restore(); }
          log(fs.existsSync.calls);
        }`,
      uncompiled: {
        patcher: `
          const fs = require('fs'); const { existsSync } = fs;
          fs.existsSync = Object.assign(function (...args) { fs.existsSync.calls++; return ['patched', existsSync.apply(this, args)]; }, existsSync, { calls: 0 });
          module.exports = () => { fs.existsSync = existsSync; };`,
      },
    },
    'with syncBuiltinESMExports': `
      const { syncBuiltinESMExports } = require('module');
      const { existsSync } = fs;
      async function main() {
        fs.existsSync = () => 'patched';
        syncBuiltinESMExports();
        try { log([fs.existsSync(FILE), block(1)]); } finally { fs.existsSync = existsSync; syncBuiltinESMExports(); }
        log(fs.existsSync(FILE));
      }`,
    'execSync and execFileSync': `
      const childProcess = require('child_process');
      const { execSync, execFileSync } = childProcess;
      function run() { return [childProcess.execSync('x'), childProcess.execFileSync('y', ['z'])]; }
      async function main() {
        childProcess.execSync = (command) => 'ran ' + command;
        childProcess.execFileSync = function (file, args) { return [this === childProcess, file, args]; };
        try { log([run(), block(1)]); } finally { Object.assign(childProcess, { execSync, execFileSync }); }
        log(String(childProcess.execSync('echo genuine')));
      }`,
    'in a copy of the module': `
      const mine = { ...fs, existsSync: () => 'mine' };
      async function main() { log([mine.existsSync(FILE), mine.statSync(FILE).isFile(), block(1)]); }`,
    'behind a proxy of the module': `
      const seen = [];
      const proxied = new Proxy(fs, {
        get(target, key, receiver) {
          const value = Reflect.get(target, key, receiver);
          if (typeof value !== 'function') return value;
          return (...args) => { seen.push(key); return value.apply(target, args); };
        },
      });
      async function main() { log([proxied.statSync(FILE).isFile(), proxied.existsSync(FILE), seen, block(1)]); }`,
    'behind an object that inherits from the module': `
      const heir = Object.create(fs, { existsSync: { value: () => 'own' } });
      async function main() { log([heir.existsSync(FILE), heir.statSync(FILE).isFile(), block(1)]); }`,
    'behind a getter': `
      const { existsSync } = fs;
      async function main() {
        let loads = 0;
        const own = Object.getOwnPropertyDescriptor(fs, 'existsSync');
        Object.defineProperty(fs, 'existsSync', { configurable: true, get() { loads++; return () => 'got ' + loads; } });
        try { log([fs.existsSync(FILE), fs.existsSync(FILE), loads, block(1)]); } finally { Object.defineProperty(fs, 'existsSync', own); }
        log(fs.existsSync === existsSync);
      }`,
    'in the prototype of what a call returns': `
      const { Stats } = fs;
      async function main() {
        const genuine = Stats.prototype.isFile;
        Stats.prototype.isFile = function () { return ['patched', genuine.call(this)]; };
        try { log(fs.statSync(FILE).isFile()); } finally { Stats.prototype.isFile = genuine; }
        log(fs.statSync(FILE).isFile());
      }`,
    'in Array.prototype': `
      async function main() {
        const { map } = Array.prototype;
        Array.prototype.map = function (fn) { return ['patched', fn(this[0])]; };
        try { log(values()); } finally { Array.prototype.map = map; }
        log(values());
      }
      function values() { return [1, 2].map((x) => block(x)); }`,
    'setTimeout, by fake timers': `
      async function main() {
        vi.useFakeTimers({ toFake: ['setTimeout'] });
        let fired = 0;
        try {
          setTimeout(() => { fired++; block(1); fired += 10; }, 1000);
          log(fired);
          vi.advanceTimersByTime(1000);
        } finally { vi.useRealTimers(); }
        await later(20);
        log([fired, block(1)]);
      }`,
  });
});

describe('properties of functions', () => {
  behaveAsBefore({
    'of a compiled function are those of the original, and its text is not lost': `
      function read(path, encoding = 'utf8') { return fs.readFileSync(path, encoding); }
      read.cache = new Map();
      async function main() {
        log([read.name, read.length, Object.keys(read), JSON.stringify({ read }), typeof read.prototype, read.toString().startsWith('function read(path')]);
        const keys = []; for (const key in read) keys.push(key);
        log([keys, Object.getOwnPropertyNames(read).sort(), read(FILE).length]);
      }`,
    'copied to a wrapper do not make it the function': `
      function read(path) { return fs.readFileSync(path, 'utf8').length; }
      function count(fn) {
        let calls = 0;
        const wrapper = (...args) => { calls++; return [calls, fn(...args)]; };
        return Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(fn));
      }
      const counted = count(read);
      const assigned = Object.assign((path) => ['assigned', path === FILE], read);
      async function main() { log([counted(FILE), counted(FILE), counted.name, assigned(FILE), block(1)]); }`,
    'copied by an uncompiled decorator': {
      text: `
        const memoize = require('memoize');
        const read = memoize(function read(path) { log('reading'); return fs.readFileSync(path, 'utf8').length; });
        async function main() { log(block(read(FILE) === read(FILE))); log(read.name); }`,
      uncompiled: {
        memoize: `module.exports = (fn) => {
          const known = new Map();
          const memoized = (x) => { if (!known.has(x)) known.set(x, fn(x)); return known.get(x); };
          for (const key of Reflect.ownKeys(fn)) {
            const own = Object.getOwnPropertyDescriptor(memoized, key);
            if (own === undefined || own.configurable) Object.defineProperty(memoized, key, Object.getOwnPropertyDescriptor(fn, key));
          }
          return memoized;
        };`,
      },
    },
    'util.promisify.custom, copied and own': `
      const { promisify } = require('util');
      function read(path, done) { done(null, fs.readFileSync(path, 'utf8').length > 0); }
      function custom() { return block('original'); }
      custom[promisify.custom] = async (x) => ['custom', block(x)];
      const copy = Object.assign(() => 'copy', custom);
      async function main() {
        log(await promisify(read)(FILE));
        log([custom(), await promisify(custom)(1)]);
        log([copy(), await promisify(copy)(2)]);
      }`,
    'util.deprecate, util.debuglog, util.callbackify': `
      const util = require('util');
      const old = util.deprecate(function old(x) { return block(['old', x]); }, 'old is old', 'BEH0001');
      const withCallback = util.callbackify(async (x) => block(['called', x]));
      async function main() {
        process.noDeprecation = true;
        try { log(old(1)); } finally { delete process.noDeprecation; }
        log(await new Promise((resolve, reject) => withCallback(2, (error, value) => (error ? reject(error) : resolve(block(value))))));
      }`,
    'of Node functions stay what they are to enumeration': `
      async function main() {
        log(Object.keys(fs.readFileSync));
        log(Object.getOwnPropertyNames(fs.readFileSync).sort());
        log([fs.readFileSync.name, fs.readFileSync.length, JSON.stringify(fs.readFileSync) === undefined, block(1)]);
      }`,
    'of a frozen function': `
      const read = Object.freeze(function read() { return fs.readFileSync(FILE, 'utf8').length > 0; });
      async function main() { log([read(), Object.isFrozen(read), block(1)]); }`,
  });
});
