/** What is thrown, before and after a suspension, goes where it went in the original, as the same error. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

/** A program whose callbacks throw before and after they suspended. `thrown` waits for that. */
const throwing = (body: string) => `
  const thrown = () => new Promise((resolve) => process.once('uncaughtException', resolve));
  const before = (x) => { throw new RangeError('before ' + x); };
  const after = (x) => { block(0); throw new RangeError('after ' + x); };
  async function main() { ${body} }`;

describe('a throw is uncaught', () => {
  behaveAsBefore({
    'in timers': throwing(
      `for (const start of [setTimeout, setImmediate]) for (const fail of [before, after]) { start(fail, ...(start === setTimeout ? [1, 'x'] : ['x'])); await later(15); }`,
    ),
    'in an interval, which goes on': throwing(
      `let runs = 0; const timer = setInterval(() => { runs++; if (runs === 3) clearInterval(timer); else after(runs); }, 2); await later(60); log(runs);`,
    ),
    'in nextTick and queueMicrotask': throwing(
      `for (const fail of [before, after]) { process.nextTick(fail, 'tick'); await later(10); queueMicrotask(() => fail('microtask')); await later(10); }`,
    ),
    'in callbacks of fs': throwing(
      `for (const fail of [before, after]) { fs.stat(FILE, () => fail('stat')); await later(15); }`,
    ),
    'in callbacks of crypto, dns, zlib and child processes': throwing(`
      require('crypto').randomBytes(1, () => after('crypto')); await thrown();
      require('zlib').gzip('x', () => after('zlib')); await thrown();
      require('child_process').execFile('true', () => after('child')); await thrown();`),
    'in listeners of child processes': throwing(`
      for (const fail of [before, after]) { const child = require('child_process').spawn('true'); child.on('exit', (code) => fail('exit ' + code)); await thrown(); await later(10); }`),
    'in listeners of streams': throwing(`
      const { PassThrough } = require('stream');
      for (const fail of [before, after]) { const source = fs.createReadStream(FILE, { end: 2 }); source.on('data', (data) => fail('data ' + data)); await later(30); source.destroy(); }`),
    'in http handlers': throwing(`
      const http = require('http');
      for (const fail of [before, after]) {
        const server = http.createServer((request, response) => { process.once('uncaughtException', () => response.end('late')); fail(request.url); });
        await new Promise((resolve) => server.listen(0, resolve));
        log(await (await fetch('http://localhost:' + server.address().port + '/x')).text()); await later(1);
        server.closeAllConnections(); await new Promise((resolve) => server.close(resolve));
      }`),
    'in an abort listener': throwing(
      `for (const fail of [before, after]) { const signal = AbortSignal.timeout(1); signal.addEventListener('abort', () => fail('abort')); await later(20); } log(block(1));`,
    ),
    'with values that are no errors': throwing(`
      for (const value of [undefined, null, 0, 'text', { toString: () => 'object' }]) { setTimeout(() => { block(0); throw value; }, 1); await later(10); }`),
    'with the error itself': `
      const error = Object.assign(new TypeError('same'), { code: 'E_SAME', cause: { x: 1 } });
      async function main() {
        process.prependOnceListener('uncaughtException', (caught) => log([caught === error, caught.code, caught.cause]));
        setTimeout(() => { block(0); throw error; }, 1); await later(15);
      }`,
  });
});

describe('a throw rejects', () => {
  behaveAsBefore({
    'the promise of then, catch and finally': throwing(`
      for (const fail of [before, after]) {
        await Promise.resolve('then').then(fail).catch((error) => log([error.name, error.message]));
        await Promise.reject(new Error('first')).catch(({ message }) => fail(message)).catch((error) => log(error.message));
        await Promise.resolve('value').finally(() => fail('finally')).catch((error) => log(error.message));
        await Promise.reject(new Error('lost')).finally(() => fail('finally')).catch((error) => log(error.message));
        await Promise.reject(new Error('kept')).finally(() => block(0)).catch((error) => log(error.message));
      }`),
    'the promise of an executor, unless it is settled': throwing(`
      for (const fail of [before, after]) {
        await new Promise(() => fail('executor')).catch((error) => log(error.message));
        log(await new Promise((resolve) => { resolve('settled'); fail('too late'); }));
      }`),
    'the promise of an async function, method and arrow': throwing(`
      const all = [async () => after('arrow'), async function () { block(0); before('function'); }, { async m() { try { after('method'); } finally { block(0); } } }.m];
      for (const f of all) { const promise = f(); log(promise instanceof Promise); await promise.catch((error) => log(error.message)); }`),
    'and is unhandled, if nobody looks': throwing(
      `Promise.resolve('x').then(after); await later(15); (async () => after('alone'))(); await later(15);`,
    ),
    'promises of Promise.all, any and allSettled': throwing(`
      const jobs = () => [(async () => block('a'))(), (async () => after('b'))()];
      for (const kind of ['all', 'any', 'allSettled']) await Promise[kind](jobs()).then((x) => log([kind, kind === 'allSettled' ? x.map((one) => one.status) : x]), (error) => log([kind, error.message]));`),
  });
});

describe('a throw is caught', () => {
  behaveAsBefore({
    'around a call that suspended': throwing(`
      function attempt(f) { try { return f('x'); } catch (error) { return [error.constructor === RangeError, error.message]; } finally { log('finally ' + block(1)); } }
      log(attempt(before)); log(attempt(after)); log(attempt(block));`),
    'and thrown again, with its cause': throwing(`
      function wrap() { try { after('inner'); } catch (cause) { throw new Error('outer', { cause }); } }
      try { wrap(); } catch (error) { log([error.message, error.cause.message, error.cause instanceof RangeError]); }`),
    'in finally, which overrides by return, break and throw': throwing(`
      function returns() { try { after('x'); } finally { block(0); return 'returned'; } }
      function breaks() { for (;;) { try { after('x'); } finally { block(0); break; } } return 'broke'; }
      function throws() { try { after('x'); } finally { block(0); throw new Error('replaced'); } }
      log([returns(), breaks()]); try { throws(); } catch (error) { log(error.message); }`),
    'from callbacks of builtins': throwing(`
      for (const fail of [before, after]) for (const run of [(f) => [1, 2].map(f), (f) => [2, 2].sort(f), (f) => 'ab'.replace(/a/, f), (f) => new Map([[1, 2]]).forEach(f), (f) => Array.from([1], f), (f) => Reflect.apply(f, null, ['r']), (f) => f.call(null, 'c')]) {
        try { run(fail); } catch (error) { log([error.name, error.message]); }
      }`),
    'in AggregateError and custom classes': `
      class Failure extends Error { constructor(message, options) { super(message, options); this.name = 'Failure'; this.extra = 1; } toJSON() { return { failed: this.message }; } }
      function fail() { block(0); throw new AggregateError([new Failure('a'), new Failure('b', { cause: 'c' })], 'many'); }
      async function main() { try { fail(); } catch (error) { log([error.name, error.message, error.errors.map((e) => [String(e), e.extra, e.cause, JSON.stringify(e), e instanceof Failure])]); } }`,
  });
});

/** A program that logs every own field of the error that each of the calls throws. */
const failing = (...calls: string[]) => `
  const path = require('path');
  const calls = [${calls.map((call) => `() => ${call}`).join(', ')}];
  function outer(run) { return run(); }
  function describe(error) {
    const own = Object.fromEntries(Object.entries(error).filter(([key]) => !['pid', 'output'].includes(key)).map(([key, value]) => [key, value === error ? 'itself' : Buffer.isBuffer(value) ? String(value) : value]));
    return [error.constructor.name, error.name, error.message, String(error), own, Object.keys(error).sort(), error.stack.split('\\n')[0], frames(error).map((name) => name.replace('async ', '')).filter((name) => ['outer', 'main'].includes(name))];
  }
  async function main() { for (const run of calls) { try { outer(run); log('no error'); } catch (error) { log(describe(error)); } } log(block(1)); }`;

describe('an error of a blocking function has the same class, message, fields and stack', () => {
  behaveAsBefore({
    'of files that do not exist': failing(
      ...[
        'readFileSync',
        'statSync',
        'lstatSync',
        'readdirSync',
        'accessSync',
        'openSync',
        'unlinkSync',
        'rmdirSync',
        'readlinkSync',
        'realpathSync',
        'truncateSync',
        'opendirSync',
        'rmSync',
      ].map((name) => `fs.${name}('/missing/file')`),
      `fs.writeFileSync('/missing/file', 'x')`,
      `fs.appendFileSync('/missing/file', 'x')`,
      `fs.mkdirSync('/missing/file')`,
      `fs.chmodSync('/missing/file', 0o600)`,
      `fs.utimesSync('/missing/file', 1, 2)`,
      `fs.renameSync('/missing/a', '/missing/b')`,
      `fs.copyFileSync('/missing/a', '/missing/b')`,
      `fs.linkSync('/missing/a', '/missing/b')`,
      `fs.symlinkSync('target', '/missing/b')`,
      `fs.mkdtempSync('/missing/prefix-')`,
    ),
    'of relative paths': failing(
      `fs.readFileSync('missing-here.txt')`,
      `fs.statSync('./missing/../missing.txt')`,
      `fs.renameSync('missing-a', 'missing-b')`,
      `fs.readdirSync('missing-here')`,
    ),
    'of directories and files in the wrong place': failing(
      `fs.readFileSync('/tmp')`,
      `fs.readdirSync(FILE)`,
      `fs.mkdirSync('/tmp')`,
      `fs.rmdirSync(FILE)`,
      `fs.readlinkSync(FILE)`,
      `fs.statSync(FILE + '/below')`,
    ),
    'of arguments': failing(
      `fs.readFileSync()`,
      `fs.readFileSync(FILE, 'no-encoding')`,
      `fs.statSync({})`,
      `fs.writeFileSync(FILE, Symbol('x'), 'x')`,
      `fs.openSync(FILE, 'bad flags')`,
      `fs.readSync('fd')`,
      `fs.closeSync(-1)`,
      `fs.readFileSync('a\\0b')`,
      `fs.existsSync()`,
      `fs.mkdtempSync(1)`,
    ),
    'of closed descriptors': failing(
      `fs.closeSync(987654)`,
      `fs.fstatSync(987654)`,
      `fs.readSync(987654, Buffer.alloc(1))`,
      `fs.writeSync(987654, 'x')`,
      `fs.fsyncSync(987654)`,
      `fs.readFileSync(987654)`,
    ),
    'of commands': failing(
      `require('child_process').execSync('echo out; echo err >&2; exit 3', { stdio: 'pipe' })`,
      `require('child_process').execFileSync('/missing/command', ['x'])`,
      `require('child_process').execFileSync('sh', ['-c', 'kill -9 $$'], { encoding: 'utf8' })`,
      `require('child_process').execSync('sleep 5', { timeout: 50, stdio: 'pipe' })`,
      `require('child_process').execSync()`,
      `require('child_process').execFileSync('true', { cwd: '/missing' })`,
    ),
    'of crypto and zlib': failing(
      `require('crypto').pbkdf2Sync('p', 's', 0, 8, 'sha256')`,
      `require('crypto').pbkdf2Sync('p', 's', 1, 8, 'no-digest')`,
      `require('crypto').scryptSync('p', 's', 8, { N: 3 })`,
      `require('crypto').generateKeyPairSync('nothing')`,
      `require('crypto').randomFillSync('x')`,
      `require('crypto').sign('sha256', Buffer.from('x'), 'no key')`,
      `require('zlib').gunzipSync(Buffer.from('no gzip'))`,
      `require('zlib').inflateSync('x')`,
      `require('zlib').gzipSync()`,
      `require('zlib').brotliDecompressSync(Buffer.from('xyz'))`,
    ),
  });
});
