/** Clients of HTTP servers that end their side of the connection, close it, or keep it, while a handler is suspended. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

/** A program with a server; `talk(...parts)` sends parts as a client, `'END'` ends its side, `'RESET'` breaks the connection, functions are what it waits for, and returns what came back until the server ends its own. */
const serving = (handler: string, body: string, listening = '') => `
  const http = require('http'); const net = require('net');
  const GET = (path) => 'GET ' + path + ' HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n';
  const events = [];
  const server = http.createServer((request, response) => { ${handler} });
  ${listening}
  const talk = (...parts) => new Promise((resolve) => {
    let text = ''; const client = net.connect({ port: server.address().port, allowHalfOpen: true });
    client.on('data', (chunk) => { text += chunk; }).on('error', (error) => { text += error.code; }).on('end', () => text += '|END').on('close', () => resolve(text.replace(/Date: .*?\\r\\n/g, '').split('\\r\\n')));
    client.on('end', () => client.end());
    (async () => { for (const part of parts) { if (part === 'END') client.end(); else if (part === 'DESTROY') client.destroy(); else if (part === 'RESET') client.resetAndDestroy(); else if (typeof part === 'number') await later(part); else if (typeof part === 'function') while (!part()) await later(1); else client.write(part); } })();
  });
  async function main() {
    await new Promise((done) => server.listen(0, done));
    try { ${body} } finally { server.closeAllConnections(); await new Promise((done) => server.close(done)); }
    await later(5); log(events);
  }`;
const ANSWER = `response.end(block('answer to ' + request.url));`;

describe('a client of a server whose handler suspends', () => {
  behaveAsBefore({
    'half-closes right behind its request': serving(ANSWER, `log(await talk(GET('/a'), 'END'));`),
    'half-closes behind several requests': serving(
      ANSWER,
      `log(await talk(GET('/a') + GET('/b') + GET('/c'), 'END'));`,
    ),
    'half-closes behind a request with a body': serving(
      `request.on('data', (chunk) => response.write(block(String(chunk)))).on('end', () => response.end(block('.')));`,
      `log(await talk('POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 4\\r\\n\\r\\nbody', 'END'));`,
    ),
    'half-closes within a request': serving(
      ANSWER,
      `log(await talk('POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 9\\r\\n\\r\\nbody', 'END'));`,
    ),
    'half-closes, and is answered later, which is too late': serving(
      `block(0); setTimeout(() => response.end('late'), 30); response.on('close', () => events.push('response closed'));`,
      `log(await talk(GET('/a'), 'END'));`,
    ),
    'half-closes, where the server lets it': serving(
      `block(0); setTimeout(() => response.end('late'), 30);`,
      `server.httpAllowHalfOpen = true; log(await talk(GET('/a'), 'END')); log(server.httpAllowHalfOpen);`,
    ),
    'keeps the connection': serving(ANSWER, `log(await talk(GET('/a'), 20, GET('/b'), 20, 'END'));`),
    'sends nothing, and half-closes': serving(ANSWER, `log(block(1)); log(await talk('END'));`),
    'half-closes when it has been answered': serving(ANSWER, `log(await talk(GET('/a'), 30, 'END'));`),
    'goes away': serving(
      `response.on('close', () => events.push(['closed', response.writableFinished])); request.on('close', () => events.push('request')); block(0); events.push('handled');`,
      `log(await talk(GET('/a'), () => events.includes('handled'), 'DESTROY')); while (events.length < 3) await later(1);`,
    ),
    'goes away, which is told when the handler has ended': serving(
      `let opened; response.on('close', () => events.push(['response', opened])); request.on('close', () => events.push(['request', opened])); request.socket.on('close', () => events.push(['socket', opened])); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60); opened = block('opened');`,
      `log(await talk(GET('/a'), 20, 'RESET')); while (events.length < 3) await later(1); events.sort();`,
    ),
    'waits longer than the server has patience with a silent client': serving(
      `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120); ${ANSWER}`,
      `server.setTimeout(40); log(await talk(GET('/a'), 'END'));`,
    ),
    'is nobody, as in tests of handlers': serving(
      `response.end(block(request.url));`,
      `const { IncomingMessage, ServerResponse } = http; const request = new IncomingMessage(); request.url = '/made'; const response = new ServerResponse(request);
       response.end = (text) => events.push(text); server.emit('request', request, response); while (events.length < 1) await later(1);`,
    ),
    'is told by the socket as before': serving(
      `request.socket.once('end', () => events.push('socket ended')).once('close', () => events.push('socket closed')); response.on('finish', () => events.push('finish')); ${ANSWER}`,
      `log(await talk(GET('/a'), 'END')); log(server.httpAllowHalfOpen);`,
    ),
    'has a handler that throws': serving(
      `if (block(request.url) === '/a') { events.push('threw'); throw new Error('thrown'); } response.end('b');`,
      `log(await talk(GET('/a') + GET('/b'), 'END', () => events.includes('threw'), 20, 'DESTROY'));`,
    ),
    'has a listener that was added': serving(
      '',
      `log(await talk(GET('/a'), 'END'));`,
      `server.on('request', (request, response) => { response.end(block('one')); });`,
    ),
  });
});

/**
 * A program with a server of `net` or `tls` that hands its sockets to `answer`; `talk(...parts)` sends parts as a client, ends its side, and returns what came back until the
 * server ends its own. `through` makes streams whose method blocks, `told` is what the server's socket tells.
 */
const echoing = (answer: string, body: string, options = '') => `
  const net = require('net'); const { Transform, Readable, Writable, PassThrough, pipeline } = require('stream');
  const told = []; const text = (chunk) => String(chunk).toUpperCase();
  const through = (more) => new Transform({ transform(chunk, encoding, callback) { callback(null, block(text(chunk))); }, ...more });
  const server = net.createServer({ ${options} }, (socket) => {
    for (const event of ['end', 'finish', 'close']) socket.on(event, () => told.push(event));
    socket.on('error', (error) => told.push(error.code));
    ${answer}
  });
  const talk = (...parts) => new Promise((resolve) => {
    let text = ''; const client = net.connect({ port: server.address().port, allowHalfOpen: true });
    client.on('data', (chunk) => { text += chunk; }).on('error', (error) => { text += error.code; }).on('end', () => text += '|END').on('close', () => resolve(text));
    client.on('end', () => client.end());
    (async () => { for (const part of parts) { if (typeof part === 'number') await later(part); else client.write(part); } client.end(); })();
  });
  async function main() {
    await new Promise((done) => server.listen(0, done));
    try { ${body} } finally { await new Promise((done) => server.close(done)); }
    while (!told.includes('close')) await later(1); log(told);
  }`;

describe('a client half-closes, whose socket is written to by a stream that suspends:', () => {
  behaveAsBefore({
    'a transform that it is piped through': echoing('socket.pipe(through()).pipe(socket);', `log(await talk('one'));`),
    'a transform, and chunks that come in turn': echoing(
      'socket.pipe(through()).pipe(socket);',
      `log(await talk('one', 20, 'two', 20, 'three'));`,
    ),
    'several in turn': echoing(
      'socket.pipe(through()).pipe(new PassThrough()).pipe(through()).pipe(socket);',
      `log(await talk('one', 20, 'two'));`,
    ),
    'a pipeline': echoing(
      `pipeline(socket, through(), through(), socket, (error) => told.push(['piped', error?.code]));`,
      `log(await talk('one', 20, 'two'));`,
    ),
    'one that goes on in a later turn': echoing(
      `socket.pipe(through({ transform(chunk, encoding, callback) { const read = block(text(chunk)); setImmediate(() => callback(null, read)); } })).pipe(socket);`,
      `log(await talk('one'));`,
    ),
    'one that has more to say at the end': echoing(
      `socket.pipe(through({ flush(callback) { callback(null, block('.')); } })).pipe(socket);`,
      `log(await talk('one'));`,
    ),
    'one that throws': echoing(
      `socket.pipe(through({ transform(chunk, encoding, callback) { block(0); throw new Error('thrown'); } })).pipe(socket); setTimeout(() => socket.destroy(), 60);`,
      `log(await talk('one'));`,
    ),
    'one that fails': echoing(
      `socket.pipe(through({ transform(chunk, encoding, callback) { callback(new Error(block('failed'))); } }).on('error', (error) => { told.push(error.message); socket.end('failed'); })).pipe(socket);`,
      `log(await talk('one'));`,
    ),
    'one that destroys the socket': echoing(
      `socket.pipe(through({ transform(chunk, encoding, callback) { block(0); socket.destroy(); callback(null, chunk); } })).pipe(socket);`,
      `log(await talk('one'));`,
    ),
    'a source of its own': echoing(
      `let n = 0; new Readable({ read() { this.push(n === 3 ? null : block(String(n++))); } }).pipe(socket); socket.resume();`,
      `log(await talk('one'));`,
    ),
    'a transform, where the server lets it': echoing(
      `socket.pipe(through({ flush(callback) { callback(null, block('.')); } })).pipe(socket);`,
      `log(await talk('one'));`,
      'allowHalfOpen: true',
    ),
    'a transform of a request, behind whose answer it is': serving(
      `const { Transform } = require('stream');
       request.pipe(new Transform({ transform(chunk, encoding, callback) { callback(null, block(String(chunk).toUpperCase())); }, flush(callback) { callback(null, block('.')); } })).pipe(response);`,
      `log(await talk('POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 4\\r\\n\\r\\nbody', 'END'));`,
    ),
  });
});
