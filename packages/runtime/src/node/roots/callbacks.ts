/** Adapters of Node's functions that call their last argument back from the event loop. */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import readline from 'node:readline';
import stream from 'node:stream';
import tls from 'node:tls';
import zlib from 'node:zlib';
import { type Callable, linkRoot } from '../../twin/protocol.js';
import { http2 } from '../http2.js';
import { concurrentListener, emittedCallback, listeningCallback, serialCallback } from './emitters.js';
import { answerCallback } from './lines.js';
import { keepOrder } from './orderedEmit.js';
import { linkPaths } from './resolve.js';
import { markWatcher } from './sources.js';
import { uncaughtCallback } from './wrap.js';

const RESOLVE =
  'resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa ' +
  'resolveSrv resolveTlsa resolveTxt reverse';

/** Paths from a module to functions whose last argument, if it is a function, is called from the event loop. */
const CALLBACK_LAST: readonly (readonly [module: object, paths: string])[] = [
  [
    fs,
    'access appendFile chmod chown close copyFile cp exists fchmod fchown fdatasync fstat fsync ftruncate futimes glob lchown ' +
      'link lstat lutimes mkdir mkdtemp open opendir read readdir readFile readlink readv realpath realpath.native rename rm ' +
      'rmdir stat statfs symlink truncate unlink utimes write writeFile writev Dir.prototype.read Dir.prototype.close',
  ],
  [dns, `lookup lookupService ${RESOLVE}`],
  [dns.Resolver.prototype, RESOLVE],
  [
    zlib,
    'brotliCompress brotliDecompress deflate deflateRaw gunzip gzip inflate inflateRaw unzip zstdCompress zstdDecompress ' +
      'Gzip.prototype.flush Gzip.prototype.close Gzip.prototype.params',
  ],
  [
    crypto,
    'argon2 checkPrime decapsulate diffieHellman encapsulate generateKey generateKeyPair generatePrime hkdf pbkdf2 ' +
      'pseudoRandomBytes randomBytes randomFill randomInt scrypt sign verify',
  ],
  [childProcess, 'exec execFile'],
  [http, 'OutgoingMessage.prototype.write OutgoingMessage.prototype.end ServerResponse.prototype.writeEarlyHints'],
  [http2, 'Http2ServerResponse.prototype.write Http2ServerResponse.prototype.end'],
  [net, 'Server.prototype.getConnections Socket.prototype.end'],
  [tls, 'TLSSocket.prototype.renegotiate'],
  [dgram, 'Socket.prototype.send'],
  [readline, 'clearLine clearScreenDown cursorTo moveCursor'],
  [stream, 'pipeline finished Writable.prototype.write Writable.prototype.end'],
];

/** The same for callbacks that Node registers as listeners. */
const REGISTERED: readonly (readonly [module: object, paths: string])[] = [
  [
    http,
    'Server.prototype.close Server.prototype.setTimeout OutgoingMessage.prototype.setTimeout ' +
      'IncomingMessage.prototype.setTimeout ClientRequest.prototype.setTimeout',
  ],
  [https, 'Server.prototype.close Server.prototype.setTimeout'],
  [http2, 'connect Http2ServerRequest.prototype.setTimeout Http2ServerResponse.prototype.setTimeout'],
  [net, 'Server.prototype.close Socket.prototype.setTimeout'],
  [dgram, 'Socket.prototype.close'],
];

/** The same for those that use what they are called on, which stays silent while they are suspended. */
const LISTENING: readonly (readonly [module: object, paths: string])[] = [
  [http, 'get request ClientRequest'],
  [https, 'get request'],
  [net, 'connect createConnection Server.prototype.listen Socket.prototype.connect'],
  [tls, 'connect'],
  [dgram, 'Socket.prototype.bind Socket.prototype.connect'],
];

/** The same for servers, with the order of what their last argument listens to. */
const SERVERS: readonly (readonly [module: object, paths: string, order: 'concurrent' | 'silencing'])[] = [
  [http, 'createServer Server', 'concurrent'],
  [https, 'createServer Server', 'concurrent'],
  [http2, 'createServer createSecureServer', 'silencing'],
  [net, 'createServer Server', 'silencing'],
  [tls, 'createServer Server', 'silencing'],
];

export function installCallbacks(): void {
  for (const [module, paths] of CALLBACK_LAST) linkPaths(module, paths, 'last', uncaughtCallback);
  for (const [module, paths] of REGISTERED) linkPaths(module, paths, 'last', (value) => emittedCallback(value));
  for (const [module, paths] of LISTENING) linkPaths(module, paths, 'last', listeningCallback);
  for (const [module, paths, order] of SERVERS) {
    linkPaths(module, paths, 'last', (value) => handler(value, order === 'silencing'), prepare);
  }
  linkPaths(fs, 'watch watchFile', 'last', serialCallback, prepareWatcher);
  linkPaths(dgram, 'createSocket', 'last', serialCallback, prepare);
  const question = readline.Interface.prototype.question as Callable;
  linkRoot(question, function (this: EventEmitter, ...args: unknown[]): unknown {
    const callback = args.at(-1);
    const replaced =
      typeof callback === 'function' ? [...args.slice(0, -1), answerCallback(this, callback as Callable)] : args;
    return Reflect.apply(question, this, replaced);
  });
}

function handler(value: unknown, silencesArguments: boolean): unknown {
  return emittedCallback(value, (listener) => concurrentListener(listener, silencesArguments));
}

function prepare(made: unknown): void {
  if (made instanceof EventEmitter) keepOrder(made);
}

function prepareWatcher(made: unknown): void {
  prepare(made);
  markWatcher(made as object);
}
