/** A source of events that a suspended listener closes tells nothing more but that it has been closed. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

/** A program with a directory; `write(name)` writes a file there without blocking. */
const watching = (body: string) => `
  const path = require('path'); const os = require('os'); const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  async function main() {
    const directory = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'unblock-sources-')); const file = path.join(directory, 'watched');
    const write = (name, text = 'x') => fs.promises.writeFile(path.join(directory, name), text);
    ${body}
    await later(30); await fs.promises.rm(directory, { recursive: true, force: true }); await later(10);
  }`;

describe('what watches files', () => {
  behaveAsBefore({
    'is closed': watching(`
      const watcher = fs.watch(directory, () => { block(0); log('event'); watcher.close(); }); watcher.on('close', () => log('close'));
      await later(5); await write('a'); await write('b');`),
    'is closed, and watches what is below a directory': watching(`
      const watcher = fs.watch(directory, { recursive: true }, () => { block(0); log('event'); watcher.close(); }); watcher.on('close', () => log('close'));
      await later(20); await write('a'); await write('b');`),
    'loses the listener for another': watching(`
      const names = new Set();
      function first(event, name) { block(0); names.add('first ' + name); watcher.off('change', first); watcher.on('change', second); }
      function second(event, name) { block(0); names.add('second ' + name); }
      const watcher = fs.watch(directory, first); await later(5); await write('a'); await write('b'); await later(30); log([...names].sort()); watcher.close();`),
    'watches no more': watching(`
      await write('watched'); fs.watchFile(file, { interval: 5 }, () => { log('change'); sleep(60); block(0); fs.unwatchFile(file); });
      for (let i = 2; i < 10; i++) { await later(8); await write('watched', 'x'.repeat(i)); }`),
    'loses its listener': watching(`
      function listener() { log('change'); sleep(60); block(0); fs.unwatchFile(file, listener); }
      await write('watched'); fs.watchFile(file, { interval: 5 }, listener);
      for (let i = 2; i < 10; i++) { await later(8); await write('watched', 'x'.repeat(i)); }`),
  });
});

/** A program with a socket `s`, which is sent three datagrams. */
const receiving = (body: string) => `
  const dgram = require('dgram');
  async function main() {
    ${body}
    await new Promise((resolve) => s.bind(0, '127.0.0.1', resolve));
    const client = dgram.createSocket('udp4'); const { port } = s.address();
    for (const x of ['1', '2', '3']) client.send(x, port, '127.0.0.1');
    await later(30); client.close(); await later(5);
  }`;

describe('a datagram socket', () => {
  behaveAsBefore({
    'is closed': receiving(`
      const s = dgram.createSocket('udp4'); s.on('message', (x) => { block(0); log(String(x)); s.close(); }); s.on('close', () => log('close'));`),
    'is closed before the suspension': receiving(`
      const s = dgram.createSocket('udp4'); s.on('message', (x) => { s.close(); block(0); log(String(x)); }); s.on('close', () => log(block('close')));`),
    'is closed by a later listener': receiving(`
      const s = dgram.createSocket('udp4'); s.on('message', (x) => { block(0); log(String(x)); if (String(x) === '2') s.close(); }); s.on('close', () => log('close'));`),
    'is closed by the callback that it was made with': receiving(`
      const s = dgram.createSocket('udp4', (x) => { block(0); log(String(x)); s.close(() => log('close')); });`),
    'gives what it is sent in order to the callback that it was made with': receiving(`
      let count = 0; const s = dgram.createSocket('udp4', (x) => { block(0); log([++count, String(x)]); block(0); log(count); if (count === 3) s.close(); });`),
  });
});
