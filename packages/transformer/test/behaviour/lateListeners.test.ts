/** Listeners that are attached behind a blocking call: what Node has made meanwhile has nothing told before. */
import { describe, expect, it } from 'vitest';
import { behaveAsBefore, type Program, run } from './harness.js';

/** `busy()` suspends however `block` does. */
const behaveAsListened = (programs: Readonly<Record<string, string | Program>>) =>
  behaveAsBefore(programs, ['whole', 'alone']);

/** A program in which `busy()` blocks for longer than children, files and servers take. `seen` logs all events of an emitter that are listened to. */
const using = (body: string, top = '') => `
  const childProcess = require('child_process'); const http = require('http'); const net = require('net');
  const { Worker } = require('worker_threads'); const readline = require('readline'); const { once } = require('events');
  const { spawn, fork, execFileSync, execFile } = childProcess; const node = process.execPath;
  function busy() { block(0); execFileSync('sleep', ['0.2']); block(1); }
  const seen = (emitter, ...events) => { for (const event of events) emitter.on(event, (x) => log([event, x instanceof Error ? x.code : Buffer.isBuffer(x) ? String(x) : typeof x === 'object' ? null : x])); };
  const until = (emitter, event) => new Promise((resolve) => emitter.on(event, () => resolve()));
  ${top}
  async function main() { ${body} await later(5); }`;

describe('a child', () => {
  behaveAsListened({
    'that cannot be spawned tells whoever listens later': using(`
      function run() { const child = spawn('/nowhere/at/all'); busy(); seen(child, 'error', 'exit'); return until(child, 'close'); }
      await run();`),
    'that exits before tells so, and keeps its output': using(`
      function run() {
        const child = spawn(node, ['-e', 'console.log("out"); console.error("err"); process.exitCode = 3']);
        busy();
        log([child.exitCode, child.listenerCount('exit')]);
        child.stdout.setEncoding('utf8'); let text = ''; child.stdout.on('data', (x) => { text += x; });
        child.stderr.on('data', (x) => { text += x; });
        seen(child, 'exit', 'close');
        return until(child, 'close').then(() => log(text));
      }
      await run();`),
    'that is handed back': using(`
      function begin() { const child = spawn('/nowhere/at/all'); busy(); return child; }
      function run() { const child = begin(); busy(); seen(child, 'error'); return until(child, 'close'); }
      await run();`),
    'that an object holds': using(
      `const runner = new Runner(); runner.start(); await until(runner.child, 'close');
       const other = new Other(); seen(other.child, 'error'); await until(other.child, 'close');`,
      `class Runner { start() { this.child = spawn('/nowhere/at/all'); busy(); this.listen(); } listen() { seen(this.child, 'error'); } }
       class Other { child; constructor() { this.child = spawn('/nowhere/at/all'); busy(); } }`,
    ),
    'that a variable of the module holds': using(
      `function run() { child = spawn('/nowhere/at/all'); busy(); listen(); return until(child, 'close'); } await run();`,
      `let child; function listen() { seen(child, 'error'); }`,
    ),
    'that is made in one of two ways': using(`
      function run(isFork) { const child = isFork ? fork('/nowhere/at/all.js', { stdio: 'ignore' }) : spawn('/nowhere/at/all'); busy(); seen(child, 'error', 'exit'); return until(child, 'close'); }
      await run(false);`),
    'whose listener throws': using(`
      function run() {
        const child = spawn('/nowhere/at/all'); busy();
        child.on('error', () => { throw new Error('from the listener'); });
        seen(child, 'close');
      }
      run(); await later(200); log('went on');`),
    'that nobody listens to fails as it did': using(`
      function run() { const child = spawn('/nowhere/at/all'); busy(); child.on('close', () => log('closed')); }
      run(); await later(200); log('went on');`),
    'in a loop': using(`
      function run() {
        const closed = [];
        for (const code of [1, 2]) { const child = spawn(node, ['-e', 'process.exitCode = ' + code]); busy(); seen(child, 'exit'); closed.push(until(child, 'close')); }
        return closed;
      }
      await Promise.all(run());`),
    'that is listened to in a loop': using(`
      function run() { const child = spawn('/nowhere/at/all'); busy(); for (const event of ['error', 'exit']) child.on(event, (x) => log([event, x.code])); return until(child, 'close'); }
      await run();`),
    'in functions inside each other': using(`
      function run() {
        const outer = spawn('/nowhere/at/all');
        const inner = () => { const child = spawn('/nowhere/too'); busy(); seen(child, 'error'); return until(child, 'close'); };
        const closed = inner(); busy();
        seen(outer, 'error'); return Promise.all([closed, until(outer, 'close')]);
      }
      await run();`),
    'behind an await is heard as late as it was': using(`
      async function run() {
        const child = spawn('/nowhere/at/all'); busy(); child.on('error', (error) => log(error.code));
        await until(child, 'close'); busy(); seen(child, 'exit'); log(child.exitCode < 0);
      }
      await run();`),
    'that an async function returns': using(`
      async function begin() { const child = spawn('/nowhere/at/all'); busy(); return child; }
      const child = await begin(); busy(); seen(child, 'error'); await until(child, 'close');`),
    'that a field makes before a constructor waits': using(`
      class Job { child = spawn('/nowhere/at/all'); first = busy(); constructor(x = busy()) { busy(); this.x = x; } }
      function run() { const job = new Job(); busy(); seen(job.child, 'error'); return until(job.child, 'close'); }
      await run();`),
    'that is made beside one that waits in a section': using(
      `
      async function first() { const child = spawn(node, ['-e', '0']); atomic(() => busy()); await until(child, 'close'); }
      async function second() { const stream = fs.createReadStream('/nowhere/at/all'); atomic(() => block(2)); seen(stream, 'error'); await until(stream, 'close'); }
      const both = [first(), second()]; await Promise.all(both);`,
      `const { atomic } = require('@unblock/runtime');`,
    ),
    'whose messages come before anybody listens': using(`
      const child = spawn(node, ['-e', 'process.send(1); setTimeout(() => process.disconnect(), 700)'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      function run() { busy(); busy(); return until(child, 'close'); }
      const closed = run(); await later(50); seen(child, 'message'); await closed; await later(5);`),
    'whose messages come before it disconnects': using(`
      function run() {
        const child = spawn(node, ['-e', 'process.send(1); process.send(2, () => process.disconnect())'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }); busy();
        seen(child, 'message', 'exit'); return until(child, 'close');
      }
      await run();`),
    'whose lines are read': using(`
      function run() {
        const child = spawn(node, ['-e', 'console.log("a"); console.log("b")']); const lines = readline.createInterface({ input: child.stdout });
        busy(); seen(lines, 'line', 'close'); return until(lines, 'close');
      }
      await run();`),
  });
});

describe('streams', () => {
  behaveAsListened({
    'of a file that is missing': using(`
      function run() { const stream = fs.createReadStream('/nowhere/at/all'); busy(); seen(stream, 'error', 'open', 'end'); return until(stream, 'close'); }
      await run();`),
    'of a file': using(`
      function run() { const stream = fs.createReadStream(FILE, { end: 9 }); busy(); seen(stream, 'ready', 'data', 'end'); return until(stream, 'close'); }
      await run();`),
    'that are paused behind': using(`
      const stream = fs.createReadStream(FILE, { end: 9 });
      function run() { seen(stream, 'data', 'end'); busy(); stream.pause(); log(stream.isPaused()); }
      run(); await later(50); log('resuming'); stream.resume(); await until(stream, 'close');`),
    'that are destroyed behind': using(`
      const stream = fs.createReadStream(FILE);
      function run() { seen(stream, 'data', 'end', 'close'); busy(); stream.destroy(); }
      run(); await later(50); log(stream.destroyed);`),
    'that write for ever are not kept in memory': using(`
      const child = spawn(node, ['-e', 'const write = () => process.stdout.write(Buffer.alloc(65536), write); write()']);
      function run() { let bytes = 0; child.stdout.on('data', (chunk) => { bytes += chunk.length; }); busy(); busy(); busy(); child.stdout.pause(); return () => bytes; }
      const bytes = run(); await later(50); log(bytes() < 1e6 && child.stdout.readableLength < 1e6); child.kill(); await until(child, 'exit');`),
    'that are listened to in a tick behind': using(`
      function run() { const stream = fs.createReadStream('/nowhere/at/all'); busy(); process.nextTick(() => seen(stream, 'error')); return new Promise((resolve) => process.nextTick(() => stream.on('close', resolve))); }
      await run();`),
    'that are listened to behind an await of nothing': using(`
      await new Promise((resolve) => setTimeout(async () => { const stream = fs.createReadStream('/nowhere/at/all'); await null; busy(); seen(stream, 'error'); stream.on('close', resolve); }, 1));`),
    'that are iterated': using(`
      async function run() { const stream = fs.createReadStream('/nowhere/at/all'); busy(); try { for await (const chunk of stream) log(chunk.length); } catch (error) { log(error.code); } }
      await run();`),
    'that are piped': using(`
      function run() {
        const from = fs.createReadStream(FILE); const into = fs.createWriteStream('/nowhere/at/all'); busy();
        seen(into, 'error', 'finish'); from.pipe(into); return until(into, 'close');
      }
      await run();`),
  });
});

describe('a worker', () => {
  behaveAsListened({
    'that has sent messages and ended': using(`
      function run() {
        const worker = new Worker('require("worker_threads").parentPort.postMessage(7)', { eval: true }); busy();
        seen(worker, 'message', 'exit'); return until(worker, 'exit');
      }
      await run();`),
    'that fails': using(`
      function run() {
        const worker = new Worker('throw new TypeError("broken")', { eval: true }); busy();
        worker.on('error', (error) => log(String(error))); seen(worker, 'exit'); return until(worker, 'exit');
      }
      await run();`),
  });
});

describe('connections', () => {
  behaveAsListened({
    'that are refused': using(`
      function run() { const socket = net.connect(1, '127.0.0.1'); busy(); seen(socket, 'error', 'connect'); return until(socket, 'close'); }
      await run();`),
    'whose server answers and ends at once': using(`
      const server = net.createServer((socket) => socket.end('hello')); await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      function run() { const socket = net.connect(server.address().port, '127.0.0.1'); busy(); seen(socket, 'connect', 'data', 'end'); return until(socket, 'close'); }
      await run(); server.close();`),
    'of requests that fail': using(`
      function run() { const request = http.get('http://127.0.0.1:1/'); busy(); seen(request, 'error', 'response'); return until(request, 'close'); }
      await run();`),
    'of requests that are answered': using(`
      const server = http.createServer((request, response) => response.end('hello')); await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      function run() {
        const request = http.get({ port: server.address().port, host: '127.0.0.1', agent: false }); busy();
        request.on('response', (response) => seen(response, 'data', 'end', 'close')); return until(request, 'close');
      }
      await run(); server.close();`),
    'of requests whose answer nobody wants': using(`
      const server = http.createServer((request, response) => response.end('x'.repeat(1e6))); await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      function run() { const request = http.get({ port: server.address().port, host: '127.0.0.1', agent: false }); busy(); seen(request, 'error'); return until(request, 'close'); }
      await run(); log('closed'); server.close();`),
  });
});

describe('a program that waits in a loop', () => {
  it('hears what it has listened to before, though it listens to more behind', async () => {
    const text = using(`
      function ask() {
        const child = spawn('/nowhere/at/all'); let code = '';
        child.on('error', (error) => { code = error.code; });
        while (code === '') busy();
        child.on('close', () => {}); return code;
      }
      log(ask());`);
    expect((await run({ text }, 'whole')).log).toEqual(['ENOENT']);
  });

  it('hears what it is called back with, though it listens behind', async () => {
    const text = using(`
      function ask() {
        let output; const child = execFile(node, ['-e', 'console.log(7)'], (error, text) => { output = text; });
        while (output === undefined) busy();
        child.on('close', () => {}); return output;
      }
      log(ask());`);
    expect((await run({ text }, 'whole')).log).toEqual(['7\n']);
  });

  it('hears what it has listened to before, where a method waits for it', async () => {
    const text = using(`
      class Pool {
        running = 0; children = [];
        run() {
          for (let i = 0; i < 3; i++) {
            const child = spawn('/nowhere/at/all'); this.running++;
            child.on('error', () => { this.running--; });
            this.children.push(child); this.makeRoom();
          }
          return this.children.length;
        }
        makeRoom() { while (this.running >= 2) busy(); }
      }
      log(new Pool().run());`);
    expect((await run({ text }, 'whole')).log).toEqual([3]);
  });

  it('hears what it asks each time round', async () => {
    const text = using(`
      function ask() {
        const worker = new Worker('const { parentPort } = require("worker_threads"); parentPort.on("message", (x) => parentPort.postMessage(x * 2))', { eval: true });
        const answers = [];
        while (answers.length < 2) { worker.once('message', (x) => answers.push(x)); worker.postMessage(answers.length + 1); while (answers.length === 0) busy(); busy(); }
        worker.terminate(); return answers;
      }
      log(await ask());`);
    expect((await run({ text }, 'whole')).log).toEqual([[2, 4]]);
  });
});

describe('what is made in less frequent ways', () => {
  behaveAsListened({
    'a stream by its class': using(`
      const zlib = require('zlib'); function run() { const stream = new zlib.Gunzip(); stream.end('none'); busy(); seen(stream, 'error'); return until(stream, 'close'); }
      await run();`),
    'a stream by a class that is called': using(`
      const zlib = require('zlib'); function run() { const stream = zlib.Gunzip(); stream.end('none'); busy(); seen(stream, 'error'); return until(stream, 'close'); }
      await run();`),
    'a socket by its other name': using(`
      function run() { const stream = new net.Stream(); stream.connect(1, '127.0.0.1'); busy(); seen(stream, 'error'); return until(stream, 'close'); }
      await run();`),
    'a server of HTTP/2': using(`
      const taken = net.createServer().listen(0); await until(taken, 'listening');
      function run() { const server = require('http2').createServer(); server.listen(taken.address().port); busy(); seen(server, 'error'); }
      run(); await later(20); taken.close();`),
  });
});
