/** What streams do while a listener of theirs, or a method that they call, is suspended. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

const using = (body: string): string => `
  const { Readable, Writable, Transform, PassThrough } = require('stream'); const { once } = require('events'); const zlib = require('zlib');
  const net = require('net'); const http = require('http'); const { spawn } = require('child_process'); const readline = require('readline');
  const closed = (emitter, event = 'close') => new Promise((resolve) => emitter.on(event, () => { log(event); resolve(); }));
  const chunks = () => fs.createReadStream(FILE, { start: 0, end: 39, highWaterMark: 10 });
  async function main() { ${body} await later(20); }`;

describe('a stream, in a suspended listener of its data', () => {
  behaveAsBefore({
    'is paused': using(`
      const stream = chunks();
      stream.on('data', () => { block(0); log('data'); stream.pause(); setTimeout(() => { log('resumed'); stream.resume(); }, 20); });
      await closed(stream);`),
    'is ended': using(`
      const stream = chunks(); let count = 0;
      stream.on('data', () => { block(0); log('data'); if (++count === 2) stream.destroy(); });
      await closed(stream);`),
    'gets something back': using(`
      const stream = chunks(); let count = 0;
      stream.on('data', (chunk) => { block(0); log(String(chunk).length); if (++count === 2) stream.unshift('back'); });
      await closed(stream);`),
    'gives what the program emits itself': using(`
      const stream = chunks(); let count = 0;
      stream.on('data', (chunk) => { block(0); log(typeof chunk); if (++count === 1) stream.emit('data', 5); });
      await closed(stream);`),
    'is a request of a client, which is closed behind its response': using(`
      const server = http.createServer((request, response) => { response.write('a'); setTimeout(() => response.end('b'), 2); }).listen(0); await once(server, 'listening');
      let body = ''; const request = http.get({ port: server.address().port, agent: false }, (response) => { response.on('data', (chunk) => { block(0); body += chunk; }); });
      await once(request, 'close'); log(body); server.close();`),
  });
});

describe('a stream that is made before a suspension', () => {
  behaveAsBefore({
    'gives its data before its error': using(`
      const zipped = zlib.gzipSync(require('crypto').createHash('sha512').update('a').digest('hex').repeat(3));
      const unzip = zlib.createGunzip(); let length = 0;
      unzip.on('data', (chunk) => { length += chunk.length; }).on('error', (error) => log([error.code, length > 0]));
      unzip.end(zipped.subarray(0, zipped.length - 10)); block(0); await closed(unzip);`),
    'is read by an interface of promises': using(`
      const lines = readline.promises.createInterface({ input: Readable.from(['a\\nb\\n']) }); block(0);
      lines.on('line', (line) => log(line)); await closed(lines);`),
    'is read by another module for it': using(`
      const lines = require('readline/promises').createInterface({ input: Readable.from(['a\\nb\\n']) }); block(0);
      lines.on('line', (line) => log(line)); await closed(lines);`),
    'and told of what a listener of another does': using(`
      const child = spawn('true'); const lines = readline.createInterface({ input: new PassThrough() }); block(0);
      lines.on('line', (line) => log(line)); child.on('spawn', () => { lines.write('x\\n'); log('written'); });
      await closed(child); lines.close();`),
  });
});

describe('promise callbacks', () => {
  behaveAsBefore({
    'run between events that have waited': using(`
      const stream = chunks(); stream.on('data', () => { block(0); });
      await once(stream, 'end'); log('end'); await once(stream, 'close'); log('close');`),
  });
});

describe('a method of a stream', () => {
  const writing = `const stream = new Writable({ write(chunk, encoding, done) { fs.readFileSync(FILE); log('write ' + chunk); done(); } });`;
  behaveAsBefore({
    'has run when the program has called it': using(
      `block(0); ${writing} log(stream.write('a')); log('written'); stream.end('b'); log('ended');`,
    ),
    'throws to the program that has called it': using(`
      block(0); const stream = new Writable({ write() { fs.readFileSync('/nowhere'); } });
      try { stream.write('a'); } catch (error) { log(error.code); }`),
    'has run when the program has read': using(`
      block(0); const stream = new Readable({ objectMode: true, read() { fs.readFileSync(FILE); this.push('item'); } }); log(stream.read());`),
    'has run when a promise that has called it resolves': using(`
      block(0); ${writing} await Promise.resolve('a').then(stream.write.bind(stream)).then(() => log('written'));
      await new Promise((resolve) => queueMicrotask(stream.end.bind(stream, 'b', resolve))); log('ended');`),
    'that calls back before it blocks keeps what it is given in order': using(`
      let text = ''; const sink = new Writable({ objectMode: true, write(chunk, encoding, done) { done(); block(0); text += chunk; } });
      Readable.from(['a', 'b', 'c', 'd', 'e', 'f']).pipe(sink); await closed(sink); log(text);`),
    'that calls back before it blocks pushes what follows in order': using(`
      class Between extends Transform { _transform(chunk, encoding, done) { done(null, chunk); block(0); this.push('-'); } }
      let text = ''; for await (const chunk of Readable.from(['a', 'b', 'c']).pipe(new Between())) text += chunk; log(text);`),
    'that calls back before it blocks has ended before the stream does': using(`
      let count = 0; const sink = new Writable({ objectMode: true, write(chunk, encoding, done) { done(); block(0); count++; }, final(done) { log(count); done(); } });
      Readable.from([1]).pipe(sink); await closed(sink);`),
    'that calls back before it blocks has made what others use': using(`
      let isReady = false; const sink = new Writable({ construct(done) { done(); block(0); isReady = true; }, write(chunk, encoding, done) { log(isReady); done(); } });
      sink.on('finish', () => log('finish')); setImmediate(sink.end.bind(sink), 'a'); await closed(sink);`),
    'that has called back and fails': using(`
      const sink = new Writable({ write(chunk, encoding, done) { done(new Error('early')); block(0); log('end'); } });
      sink.on('error', (error) => log(error.message)); Readable.from(['a', 'b']).pipe(sink); await closed(sink);`),
    'that has called back and throws': using(`
      const sink = new Writable({ write(chunk, encoding, done) { done(); }, final(done) { done(); block(0); throw new Error('late'); } });
      sink.on('error', (error) => log(error.message)).on('prefinish', () => log('prefinish')); Readable.from(['a']).pipe(sink); await closed(sink);`),
    'suspends where a pipe calls it': using(
      `${writing} Readable.from(['a', 'b']).pipe(stream); await closed(stream, 'finish');`,
    ),
  });
});
