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
