/**
 * Functions of Node that do not block, by module: whole modules where nothing in them can, and by name in those that have blocking functions. A
 * function that is neither here nor in the catalogue makes the test of the catalogue fail, until somebody has looked at it.
 */

interface Harmless {
  readonly reason: string;
  /** Names, separated by spaces. A class stands for its statics and its prototype, too; `*` for everything. */
  readonly names: string;
}

/** Names of which nothing is said by module. */
export const RULES: readonly {
  readonly reason: string;
  readonly applies: (path: string, blocks: (path: string) => boolean) => boolean;
}[] = [
  {
    reason: 'Undocumented; Node calls it itself.',
    applies: (path) => /(^|\.)_/.test(path),
  },
  {
    reason: "Has a symbol of Node's own: Node calls it itself, or it inspects, or returns a promise.",
    applies: (path) => /\.@@\(/.test(path),
  },
  {
    reason: 'Returns a promise, or an iterator that does.',
    applies: (path) => /\.@@async(Dispose|Iterator)$/.test(path),
  },
  {
    reason: 'Reads or sets what an object has at hand.',
    applies: (path) => /\.prototype\.\w+ [gs]et$/.test(path),
  },
  {
    reason: 'The callback form of a blocking function.',
    applies: (path, blocks) => blocks(`${path}Sync`),
  },
  {
    reason: 'Returns a promise, and works on the thread pool or the event loop.',
    applies: (path) => /^\w+(\/|\.)promises\./.test(path),
  },
];

const COMPUTES = 'Computes on what it is given, as the program itself does.';
/** Methods of a class, as names. */
function methods(cls: string, names: string): string {
  return names.replace(/\w+/g, (name) => `${cls}.prototype.${name}`);
}

const SHORT = 'Asks or tells the kernel or the runtime something, which is at hand.';
const EVENTS = 'Starts something, and tells its outcome by event, callback or promise.';
const RUNS = "Runs the program's own code.";
const LOADS = 'Loads code: initialisation, before anything else is running.';
const FORKS = 'Starts a process and waits for the fork (milliseconds), not for the process.';

/** Modules in which nothing blocks. */
export const HARMLESS_MODULES: Readonly<Record<string, string>> = {
  assert: COMPUTES,
  'assert/strict': COMPUTES,
  async_hooks: SHORT,
  buffer: COMPUTES,
  cluster: FORKS,
  console:
    'Writes to standard output and error. Where these are files or terminals it waits, so that programs can end right behind it.',
  constants: COMPUTES,
  diagnostics_channel: RUNS,
  dns: EVENTS,
  domain: RUNS,
  events: RUNS,
  http: EVENTS,
  http2: EVENTS,
  https: EVENTS,
  net: EVENTS,
  os: SHORT,
  path: COMPUTES,
  perf_hooks: SHORT,
  punycode: COMPUTES,
  querystring: COMPUTES,
  readline: EVENTS,
  repl: EVENTS,
  sea: 'Reads from the memory of the executable.',
  stream: EVENTS,
  'stream/consumers': EVENTS,
  'stream/web': EVENTS,
  string_decoder: COMPUTES,
  sys: COMPUTES,
  'node:test': RUNS,
  'test/reporters': COMPUTES,
  timers: EVENTS,
  trace_events: SHORT,
  tty: SHORT,
  url: COMPUTES,
  util: COMPUTES,
  vm: RUNS,
};

/** By module; the globals are under `global`. */
export const HARMLESS: Readonly<Record<string, readonly Harmless[]>> = {
  fs: [
    { reason: EVENTS, names: 'createReadStream createWriteStream ReadStream WriteStream watchFile unwatchFile' },
    { reason: 'By event; with `recursive` it blocks on Linux, which the report cannot know.', names: 'watch' },
    // The file reads its chunks itself.
    { reason: EVENTS, names: 'Dir.prototype.entries openAsBlob FileReadStream FileWriteStream' },
    { reason: COMPUTES, names: 'Dirent Stats' },
    { reason: 'The callback form of fs.realpathSync.native.', names: 'realpath.native' },
    { reason: 'A class; makes an object of a handle that is open.', names: 'Dir' },
    { reason: 'Of Node itself (Node 20).', names: 'Dir.prototype.processReadResult Dir.prototype.readSyncRecursive' },
    { reason: 'Blocks on request only, with the option `sync`.', names: 'Utf8Stream' },
  ],
  child_process: [{ reason: FORKS, names: 'ChildProcess fork' }],
  crypto: [
    { reason: COMPUTES, names: 'Certificate Cipher Cipheriv Decipher Decipheriv Hash Hmac KeyObject X509Certificate' },
    {
      reason: COMPUTES,
      names: 'createCipher createCipheriv createDecipher createDecipheriv createHash createHmac createMac',
    },
    { reason: COMPUTES, names: 'createPrivateKey createPublicKey createSecretKey createSign createVerify hash' },
    { reason: COMPUTES, names: 'createECDH createDiffieHellmanGroup getDiffieHellman parsePKCS12 timingSafeEqual' },
    { reason: 'Makes an object of a group that is known.', names: 'DiffieHellmanGroup ECDH Sign Verify' },
    {
      reason: 'Reads or sets a number.',
      names: 'DiffieHellman.prototype DiffieHellmanGroup.prototype ECDH.convertKey ECDH.prototype',
    },
    {
      reason: 'Feeds its input, in the pieces that it is given.',
      names: 'Sign.prototype.update Verify.prototype.update',
    },
    { reason: SHORT, names: 'getCipherInfo getCiphers getCurves getFips getHashes getMacs secureHeapUsed setFips' },
    { reason: 'Takes some bytes of a generator that is at hand.', names: 'getRandomValues randomUUID randomUUIDv7' },
    { reason: LOADS, names: 'setEngine' },
    { reason: 'Web Crypto: returns promises.', names: 'webcrypto subtle' },
  ],
  zlib: [
    {
      reason: EVENTS,
      names: 'BrotliCompress BrotliDecompress Deflate DeflateRaw Gunzip Gzip Inflate InflateRaw Unzip',
    },
    { reason: EVENTS, names: 'ZstdCompress ZstdDecompress createBrotliCompress createBrotliDecompress createDeflate' },
    { reason: EVENTS, names: 'createDeflateRaw createGunzip createGzip createInflate createInflateRaw createUnzip' },
    { reason: EVENTS, names: 'createZstdCompress createZstdDecompress' },
    { reason: COMPUTES, names: 'crc32' },
    { reason: 'Experimental; returns promises.', names: 'ZipBuffer ZipEntry ZipFile createZipArchive zipFiles' },
    { reason: SHORT, names: 'getMaxZipContentSize setMaxZipContentSize' },
  ],
  dgram: [{ reason: EVENTS, names: 'createSocket Socket' }],
  'node:sqlite': [
    { reason: 'A class without constructor.', names: 'Statement StatementSync Session' },
    { reason: 'Returns a promise, and copies in steps on the thread pool.', names: 'backup' },
    { reason: COMPUTES, names: 'Session.prototype' },
    // From Node 26.12 on, both have a second name.
    ...['Database', 'DatabaseSync'].map((name) => ({
      reason: SHORT,
      names: methods(
        name,
        'prepare function location aggregate createModule createSession enableLoadExtension createTagStore enableDefensive setAuthorizer',
      ),
    })),
    ...['Statement', 'StatementSync'].map((name) => ({
      reason: SHORT,
      names: methods(
        name,
        'columns setAllowBareNamedParameters setAllowUnknownNamedParameters setReadBigInts setReturnArrays stat resetStats close',
      ),
    })),
  ],
  process: [
    { reason: 'Ends the process.', names: 'abort exit execve reallyExit' },
    { reason: LOADS, names: 'binding dlopen' },
    {
      reason: SHORT,
      names: 'availableMemory chdir constrainedMemory cpuUsage cwd getActiveResourcesInfo getBuiltinModule',
    },
    {
      reason: SHORT,
      names: 'getegid geteuid getgid getgroups getuid hrtime initgroups kill memoryUsage resourceUsage',
    },
    { reason: SHORT, names: 'setegid seteuid setgid setgroups setuid threadCpuUsage umask uptime' },
    {
      reason: SHORT,
      names: 'hasUncaughtExceptionCaptureCallback setUncaughtExceptionCaptureCallback setSourceMapsEnabled',
    },
    { reason: SHORT, names: 'addUncaughtExceptionCaptureCallback assert emitWarning finalization nextTick ref unref' },
    { reason: SHORT, names: 'openStdin features' },
    {
      reason: 'Reads or sets an option.',
      names:
        'compact directory excludeEnv excludeNetwork filename reportOnFatalError reportOnSignal reportOnUncaughtException signal'.replace(
          /\w+/g,
          'report.$&',
        ),
    },
    { reason: EVENTS, names: 'disconnect emit send' },
    { reason: 'Streams, whose methods are those of their classes.', names: 'stdin stdout stderr' },
    { reason: COMPUTES, names: 'allowedNodeEnvironmentFlags env permission' },
  ],
  v8: [
    { reason: COMPUTES, names: 'DefaultDeserializer DefaultSerializer Deserializer Serializer deserialize serialize' },
    {
      reason: SHORT,
      names: 'GCProfiler cachedDataVersionTag getCppHeapStatistics getHeapCodeStatistics getHeapSpaceStatistics',
    },
    {
      reason: SHORT,
      names: 'getHeapStatistics isStringOneByteRepresentation promiseHooks setFlagsFromString startupSnapshot',
    },
    {
      reason: SHORT,
      names: 'setHeapProfileNearHeapLimit setHeapSnapshotNearHeapLimit startCpuProfile startHeapProfile stopCoverage',
    },
  ],
  module: [
    {
      reason: LOADS,
      names:
        'Module createRequire enableCompileCache findPackageJSON globalPaths prototype register registerHooks runMain',
    },
    { reason: COMPUTES, names: 'SourceMap findSourceMap isBuiltin stripTypeScriptTypes wrap wrapper' },
    {
      reason: SHORT,
      names: 'getCompileCacheDir getSourceMapsSupport setSourceMapsSupport syncBuiltinESMExports constants',
    },
  ],
  tls: [
    { reason: EVENTS, names: 'Server TLSSocket connect createServer' },
    {
      reason: COMPUTES,
      names: 'SecureContext checkServerIdentity convertALPNProtocols createSecureContext setDefaultCACertificates',
    },
    { reason: SHORT, names: 'createSecurePair getCertificateCompressionAlgorithms getCiphers' },
  ],
  worker_threads: [
    { reason: EVENTS, names: 'BroadcastChannel MessageChannel MessagePort Worker locks postMessageToThread' },
    { reason: SHORT, names: 'getEnvironmentData isMarkedAsUntransferable markAsUncloneable markAsUntransferable' },
    { reason: SHORT, names: 'moveMessagePortToContext setEnvironmentData' },
  ],
  inspector: [
    { reason: SHORT, names: 'DOMStorage Network NetworkResources Session close console url' },
    { reason: EVENTS, names: 'promises' },
  ],
  wasi: [{ reason: SHORT, names: 'WASI' }],
  ffi: [
    { reason: LOADS, names: 'DynamicLibrary dlopen dlclose dlsym' },
    { reason: 'Reads and writes memory.', names: '*' },
  ],
  global: [
    { reason: RUNS, names: 'Function Promise eval queueMicrotask setImmediate setInterval setTimeout' },
    { reason: SHORT, names: 'clearImmediate clearInterval clearTimeout gc' },
    {
      reason: COMPUTES,
      names:
        'AggregateError Array ArrayBuffer AsyncDisposableStack BigInt BigInt64Array BigUint64Array Boolean DataView Date DisposableStack Error ' +
        'EvalError FinalizationRegistry Float16Array Float32Array Float64Array Int16Array Int32Array Int8Array Intl Iterator JSON Map Math ' +
        'Number Object Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError Temporal ' +
        'TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent ' +
        'encodeURI encodeURIComponent escape isFinite isNaN parseFloat parseInt unescape',
    },
    {
      reason: COMPUTES,
      names:
        'Atomics.add Atomics.and Atomics.compareExchange Atomics.exchange Atomics.isLockFree Atomics.load Atomics.notify Atomics.or',
    },
    { reason: COMPUTES, names: 'Atomics.pause Atomics.store Atomics.sub Atomics.xor' },
    { reason: EVENTS, names: 'Atomics.waitAsync' },
    {
      reason: EVENTS,
      names:
        'WebAssembly.compile WebAssembly.compileStreaming WebAssembly.instantiate WebAssembly.instantiateStreaming',
    },
    {
      reason: SHORT,
      names:
        'WebAssembly.CompileError WebAssembly.Exception WebAssembly.Global WebAssembly.JSTag WebAssembly.LinkError WebAssembly.Memory ' +
        'WebAssembly.Module.customSections WebAssembly.Module.exports WebAssembly.Module.imports WebAssembly.RuntimeError ' +
        'WebAssembly.SuspendError WebAssembly.Suspending WebAssembly.Table WebAssembly.Tag WebAssembly.promising WebAssembly.validate',
    },
    { reason: 'A class without constructor.', names: 'Storage' },
    { reason: 'Makes an object, whose functions open the database.', names: 'localStorage' },
    {
      reason: 'Web interfaces: by event or promise.',
      names: 'BroadcastChannel Crypto CryptoKey EventSource LockManager Lock MessageChannel',
    },
    {
      reason: 'Web interfaces: by event or promise.',
      names: 'MessagePort SubtleCrypto WebSocket fetch Request Response',
    },
    {
      reason: COMPUTES,
      names:
        'AbortController AbortSignal Blob Buffer ByteLengthQueuingStrategy CloseEvent CompressionStream CountQueuingStrategy CustomEvent ' +
        'DOMException DecompressionStream ErrorEvent Event EventTarget File FormData Headers MessageEvent Navigator Performance PerformanceEntry ' +
        'PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming QuotaExceededError ' +
        'ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController ' +
        'ReadableStreamDefaultReader TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream ' +
        'TransformStreamDefaultController URL URLPattern URLSearchParams WritableStream WritableStreamDefaultController ' +
        'WritableStreamDefaultWriter atob btoa console performance structuredClone navigator crypto process sessionStorage',
    },
  ],
};
