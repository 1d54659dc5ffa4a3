/** Functions and classes of Node that make an emitter of which the event loop has something to tell, and to which nobody listens yet. */

const CREATORS: Readonly<Record<string, string>> = {
  child_process: 'spawn fork exec execFile',
  cluster: 'fork',
  fs: 'createReadStream createWriteStream ReadStream WriteStream watch watchFile',
  worker_threads: 'Worker',
  http: 'request get createServer Server ClientRequest',
  https: 'request get createServer Server',
  http2: 'createServer createSecureServer',
  net: 'connect createConnection createServer Server Socket Stream',
  tls: 'connect createServer Server TLSSocket',
  dgram: 'createSocket',
  readline: 'createInterface Interface promises.createInterface promises.Interface',
  'readline/promises': 'createInterface Interface',
  zlib:
    'createGzip createGunzip createDeflate createInflate createDeflateRaw createInflateRaw createUnzip createBrotliCompress ' +
    'createBrotliDecompress createZstdCompress createZstdDecompress ' +
    'Gzip Gunzip Deflate Inflate DeflateRaw InflateRaw Unzip BrotliCompress BrotliDecompress ZstdCompress ZstdDecompress',
};

const PATHS: ReadonlySet<string> = new Set(
  Object.entries(CREATORS).flatMap(([module, names]) => names.split(' ').map((name) => `${module}.${name}`)),
);

/** Whether a path names what makes such an emitter. */
export function makesEmitter(path: string): boolean {
  return PATHS.has(path.replace('.default.', '.'));
}

/** Every name that these paths consist of. */
export const emitterNames: readonly string[] = Object.values(CREATORS).flatMap((names) => names.split(/[ .]/));

/** Methods of emitters by which somebody listens. */
export const ATTACHING: ReadonlySet<string> = new Set([
  ...['on', 'once', 'addListener', 'prependListener', 'prependOnceListener', 'addEventListener'],
  ...['pipe', 'pipeThrough', 'question'],
]);

/** Methods of emitters that return the emitter. */
export const RETURNING_THEMSELVES: ReadonlySet<string> = new Set([
  ...['on', 'once', 'addListener', 'prependListener', 'prependOnceListener', 'off', 'removeListener'],
  ...['setEncoding', 'setMaxListeners', 'setTimeout', 'setNoDelay', 'setKeepAlive', 'pause', 'resume', 'ref', 'unref'],
]);
