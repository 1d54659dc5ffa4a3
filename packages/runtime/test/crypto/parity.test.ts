import crypto, { type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { installCrypto } from '../../src/node/crypto/install.js';
import { RANDOM_IN_PLACE_BYTES } from '../../src/node/crypto/table.js';
import { linkRoot, rootOf, SUSPENDED, twinOf } from '../../src/twin/protocol.js';
import { type AnyFunction, badArguments, type Case, hang, inPlace, length, parity, pooled, runTwin } from './parity.js';

installCrypto();

const exports = crypto as unknown as Record<string, AnyFunction>;

/** The same bytes in views of all kinds. */
function viewsOf(text: string): readonly (readonly [name: string, view: unknown])[] {
  const { buffer } = new Uint8Array(Buffer.from(text, 'latin1'));
  const views = [
    new Uint8Array(buffer),
    new Uint16Array(buffer),
    new Uint32Array(buffer),
    new Float64Array(buffer),
    new BigInt64Array(buffer),
    new DataView(buffer),
  ].map((view) => [view.constructor.name, view] as const);
  return [...views, ['ArrayBuffer', buffer]];
}
const major = Number(process.versions.node.split('.')[0]);

const digest = (name: string): Case => ({ name, args: () => ['secret', 'salt', 3, 40, name], suspends: pooled });

describe('pbkdf2Sync', () => {
  parity(crypto.pbkdf2Sync as AnyFunction, [
    ...['sha1', 'sha256', 'sha512'].map(digest),
    { name: 'unknown digest', args: () => ['secret', 'salt', 3, 40, 'md-nothing'], suspends: inPlace },
    { name: 'buffers', args: () => [Buffer.from('p'), new Uint8Array(8), 1000, 64, 'sha256'], suspends: pooled },
    { name: 'no bytes', args: () => ['', '', 1, 0, 'sha256'], suspends: pooled },
    {
      name: 'backing store',
      args: () => ['p', 's', 1, 8, 'sha256'],
      suspends: pooled,
      view: (r) => (r as Buffer).buffer.byteLength,
    },
    { name: 'too many arguments', args: () => ['p', 's', 1, 8, 'sha256', 'more'], suspends: pooled },
    { name: 'a function too many', args: () => ['p', 's', 1, 8, 'sha256', hang], suspends: pooled },
    { name: 'no arguments', args: () => [], suspends: inPlace },
    { name: 'zeros within', args: () => ['pass\0word', 'sa\0lt', 100, 16, 'sha256'], suspends: pooled },
    { name: 'empty texts', args: () => ['', '', 1, 32, 'sha256'], suspends: pooled },
    ...viewsOf('password').map(([name, view]) => ({
      name: `password and salt as ${name}`,
      args: () => [view, view, 2, 20, 'sha256'],
      suspends: pooled,
    })),
    ...[0, 2 ** 31, 2 ** 32, Infinity, -Infinity, 'str', []].flatMap((value) => [
      { name: `iterations ${inspect(value)}`, args: () => ['p', 's', value, 20, 'sha1'], suspends: inPlace },
      {
        name: `length ${inspect(value)}`,
        args: () => ['p', 's', 1, value, 'sha1'],
        suspends: value === 0 ? pooled : inPlace,
      },
    ]),
    ...badArguments(() => ['secret', 'salt', 3, 40, 'sha256'], { 0: ['a bad text'], 1: ['a bad text'] }),
  ]);
});

describe('scryptSync', () => {
  const good = () => ['secret', 'salt', 32, { N: 1024 }];
  parity(crypto.scryptSync as AnyFunction, [
    { name: 'defaults', args: () => ['secret', 'salt', 64], suspends: pooled },
    { name: 'options', args: good, suspends: pooled },
    {
      name: 'options by long names',
      args: () => ['p', 's', 32, { cost: 16, blockSize: 4, parallelization: 2 }],
      suspends: pooled,
    },
    { name: 'no bytes', args: () => ['p', 's', 0], suspends: pooled },
    { name: 'both names', args: () => ['p', 's', 32, { N: 16, cost: 16 }], suspends: inPlace },
    { name: 'N no power of two', args: () => ['p', 's', 32, { N: 15 }], suspends: inPlace },
    { name: 'beyond maxmem', args: () => ['p', 's', 32, { N: 2 ** 18 }], suspends: inPlace },
    // The vectors of RFC 7914 that take no time.
    { name: 'RFC 7914, 1', args: () => ['', '', 64, { N: 16, p: 1, r: 1 }], suspends: pooled },
    { name: 'RFC 7914, 2', args: () => ['password', 'NaCl', 64, { N: 1024, p: 16, r: 8 }], suspends: pooled },
    ...[
      { N: 1, p: 1, r: 1 },
      { N: 3, p: 1, r: 1 },
      { N: 2 ** 16, p: 1, r: 1 },
      { N: 2, p: 2 ** 30, r: 1 },
      { N: 2 ** 10, p: 1, r: 8, maxmem: 2 ** 20 },
      { p: 1, parallelization: 1 },
      { r: 1, blockSize: 1 },
      { maxmem: 2 ** 53 },
      { N: -1 },
      { N: 1.5 },
      { p: '1' },
      { r: null },
    ].map((options) => ({ name: inspect(options), args: () => ['pass', 'salt', 1, options], suspends: inPlace })),
    { name: 'a maxmem beyond 32 bits', args: () => ['', '', 4, { maxmem: 2 ** 52 }], suspends: pooled },
    ...[0.42, -42, 2 ** 31, 2 ** 32].map((size) => ({
      name: `length ${size}`,
      args: () => ['', '', size],
      suspends: inPlace,
    })),
    { name: 'maxmem of a wrong type', args: () => ['p', 's', 32, { maxmem: 'x' }], suspends: inPlace },
    ...badArguments(good, {
      0: ['a bad text'],
      1: ['a bad text'],
      3: ['undefined', 'null', '-1', '1.5', 'NaN', '2 ** 40', 'a bad text', 'an object', 'a symbol'],
    }),
    { name: 'options null', args: () => ['p', 's', 32, null], suspends: pooled },
    { name: 'options a number', args: () => ['p', 's', 32, 5], suspends: pooled },
  ]);
});

describe('hkdfSync', () => {
  const good = () => ['sha256', 'key', 'salt', 'info', 64];
  parity(crypto.hkdfSync as AnyFunction, [
    { name: 'strings', args: good, suspends: pooled },
    {
      name: 'KeyObject',
      args: () => ['sha512', crypto.createSecretKey(Buffer.from('key')), 's', 'i', 9],
      suspends: pooled,
    },
    {
      name: 'ArrayBuffer',
      args: () => ['sha1', new ArrayBuffer(8), new Uint16Array(4), Buffer.alloc(2), 20],
      suspends: pooled,
    },
    { name: 'too long for the digest', args: () => ['sha256', 'k', 's', 'i', 255 * 32 + 1], suspends: inPlace },
    { name: 'info too long', args: () => ['sha256', 'k', 's', Buffer.alloc(1025), 8], suspends: inPlace },
    { name: 'no bytes', args: () => ['sha256', 'k', 's', 'i', 0], suspends: pooled },
    ...badArguments(good, { 1: ['a bad text'], 2: ['a bad text'], 3: ['a bad text'], 4: ['2 ** 40'] }),
    {
      name: 'argument 4 is 2 ** 40',
      args: () => good().with(4, 2 ** 40),
      suspends: inPlace,
      aborts: {
        when: major >= 22,
        reason: 'hkdfSync fails a native assertion on lengths beyond 32 bits since Node 22',
      },
    },
  ]);
});

describe('randomBytes', () => {
  parity(crypto.randomBytes as AnyFunction, [
    { name: 'none', args: () => [0], suspends: inPlace, view: length },
    { name: 'few', args: () => [RANDOM_IN_PLACE_BYTES], suspends: inPlace, view: length },
    { name: 'many', args: () => [RANDOM_IN_PLACE_BYTES + 1], suspends: pooled, view: length },
    { name: 'undefined for the callback', args: () => [100_000, undefined], suspends: pooled, view: length },
    { name: 'null for the callback', args: () => [100_000, null], suspends: inPlace },
    { name: 'a number for the callback', args: () => [100_000, 7], suspends: inPlace },
    { name: 'no arguments', args: () => [], suspends: inPlace },
    { name: 'a fraction', args: () => [1.5], suspends: inPlace, view: length },
    ...badArguments(() => [8], { 0: ['1.5'] }),
  ]);
});

describe('randomInt', () => {
  parity(crypto.randomInt as AnyFunction, [
    { name: 'max', args: () => [1], suspends: inPlace },
    { name: 'min and max', args: () => [5, 6], suspends: inPlace },
    { name: 'empty range', args: () => [5, 5], suspends: inPlace },
    { name: 'range too wide', args: () => [0, 2 ** 48 + 1], suspends: inPlace },
    { name: 'no arguments', args: () => [], suspends: inPlace },
  ]);
});

const byteLength = (result: unknown) => [Object.prototype.toString.call(result), (result as ArrayBuffer).byteLength];

describe('randomFillSync', () => {
  const big = () => Buffer.alloc(50_000);
  parity(crypto.randomFillSync as AnyFunction, [
    { name: 'few', args: () => [Buffer.alloc(16)], suspends: inPlace, view: byteLength },
    { name: 'many', args: () => [big()], suspends: pooled, view: byteLength },
    { name: 'ArrayBuffer', args: () => [new ArrayBuffer(50_000)], suspends: pooled, view: byteLength },
    { name: 'Float64Array', args: () => [new Float64Array(9000)], suspends: pooled, view: byteLength },
    { name: 'offset', args: () => [big(), 49_999], suspends: pooled, view: (r) => (r as Buffer).subarray(0, 49_999) },
    {
      name: 'offset in elements',
      args: () => [new Uint32Array(9000), 8990],
      suspends: pooled,
      view: (r) => (r as Uint32Array).subarray(0, 8990),
    },
    {
      name: 'size',
      args: () => [big(), 10, 5],
      suspends: pooled,
      view: (r) => [(r as Buffer).subarray(0, 10), (r as Buffer).subarray(15)].map(String),
    },
    { name: 'size 0', args: () => [big(), 10, 0], suspends: pooled },
    { name: 'offset beyond the end', args: () => [big(), 50_001], suspends: inPlace },
    { name: 'size beyond the end', args: () => [big(), 49_999, 2], suspends: inPlace },
    { name: 'no arguments', args: () => [], suspends: inPlace },
    { name: 'fractions', args: () => [big(), 1.5, 1.5], suspends: pooled, view: byteLength },
    { name: 'size undefined', args: () => [big(), 0, undefined], suspends: pooled, view: byteLength },
    ...badArguments(() => [big(), 0, 1], { 1: ['undefined', '1.5'], 2: ['undefined', '1.5'] }),
    { name: 'offset undefined', args: () => [big(), undefined, 1], suspends: pooled, view: byteLength },
  ]);
});

const prime = (result: unknown) => [Object.prototype.toString.call(result), (result as ArrayBuffer).byteLength];

describe('generatePrimeSync and checkPrimeSync', () => {
  parity(crypto.generatePrimeSync as AnyFunction, [
    { name: 'ArrayBuffer', args: () => [32], suspends: pooled, view: prime },
    { name: 'bigint', args: () => [32, { bigint: true }], suspends: pooled, view: (r) => typeof r },
    { name: 'the only one', args: () => [3, { bigint: true, add: 4n, rem: 3n }], suspends: pooled },
    { name: 'safe', args: () => [16, { safe: true }], suspends: pooled, view: prime },
    { name: 'add larger than the prime', args: () => [8, { add: 1000n }], suspends: inPlace },
    ...[0, 2 ** 31, 2 ** 32, 'hello', false, {}, []].map((size) => ({
      name: `size ${inspect(size)}`,
      args: () => [size],
      suspends: inPlace,
    })),
    ...['safe', 'add', 'rem', 'bigint'].flatMap((option) =>
      ['test', -1, {}, []].map((value) => ({
        name: `${option} ${inspect(value)}`,
        args: () => [8, { [option]: value }],
        suspends: inPlace,
      })),
    ),
    ...[{ add: -1n }, { add: 5n, rem: -1n }, { add: 3n, rem: 5n }].map((options) => ({
      name: inspect(options),
      args: () => [20, options],
      suspends: inPlace,
    })),
    ...badArguments(() => [32, {}], { 0: [], 1: ['undefined', 'an object'] }),
  ]);
  parity(crypto.checkPrimeSync as AnyFunction, [
    { name: 'a prime', args: () => [2n ** 61n - 1n], suspends: pooled },
    { name: 'no prime', args: () => [2n ** 61n - 3n], suspends: pooled },
    { name: 'a Buffer', args: () => [Buffer.from([0x65])], suspends: pooled },
    { name: 'checks', args: () => [7n, { checks: 10 }], suspends: pooled },
    { name: 'checks of a wrong type', args: () => [7n, { checks: 'x' }], suspends: inPlace },
    { name: 'negative', args: () => [-7n], suspends: inPlace },
    ...[0n, 1n, 2n, 2n ** 521n - 1n].map((value) => ({ name: `${value}`, args: () => [value], suspends: pooled })),
    ...[-1, {}, [], 1.5, 2 ** 31].map((checks) => ({
      name: `checks ${inspect(checks)}`,
      args: () => [7n, { checks }],
      suspends: inPlace,
    })),
    ...viewsOf('\x65\0\0\0\0\0\0\x01').map(([name, view]) => ({ name, args: () => [view], suspends: pooled })),
    ...badArguments(() => [7n, {}], { 1: ['undefined', 'an object'] }),
  ]);
});

describe('generateKeySync', () => {
  parity(crypto.generateKeySync as AnyFunction, [
    { name: 'aes', args: () => ['aes', { length: 256 }], suspends: inPlace },
    { name: 'hmac', args: () => ['hmac', { length: 512 }], suspends: pooled },
    { name: 'aes of a wrong length', args: () => ['aes', { length: 100 }], suspends: inPlace },
    { name: 'hmac of a wrong length', args: () => ['hmac', { length: 1 }], suspends: inPlace },
    ...['aes', 'hmac'].flatMap((type) =>
      [-1, 0, 4, 123.5, 'x', true, null, {}, 2 ** 31, Infinity].map((size) => ({
        name: `${type} of length ${inspect(size)}`,
        args: () => [type, { length: size }],
        suspends: inPlace,
      })),
    ),
    ...[0, true, {}, undefined, 'none'].map((type) => ({
      name: `type ${inspect(type)}`,
      args: () => [type, { length: 128 }],
      suspends: inPlace,
    })),
    ...badArguments(() => ['hmac', { length: 64 }]),
  ]);
});

/** Keys are random: their form, and for PEM and JWK what is not random. */
const keyForm = (result: unknown): unknown =>
  Object.fromEntries(
    Object.entries(result as Record<string, unknown>).map(([key, value]) => {
      if (typeof value === 'string') return [key, value.split('\n')[0]];
      if (Buffer.isBuffer(value)) return [key, 'DER'];
      if (typeof value === 'object' && value !== null && 'kty' in value) return [key, { ...Object.keys(value) }];
      return [key, [value, (value as KeyObject).asymmetricKeyDetails]];
    }),
  );

const ENCODING = { type: 'pkcs1', format: 'pem' };
const NO_TYPES: readonly unknown[] = [undefined, null, 0, true, {}];
const NO_FORMATS: readonly unknown[] = [undefined, null, 0, false, 'a', {}];
const NO_NUMBERS: readonly unknown[] = [null, 'a', true, {}, [], 1.3, 512.1, -1, 2 ** 32 + 1];

const rsaWith = (options: object): readonly unknown[] => ['rsa', { modulusLength: 1024, ...options }];
const encrypted = (more: object) => rsaWith({ privateKeyEncoding: { type: 'pkcs8', format: 'pem', ...more } });

/** What generateKeyPairSync is not given: it says so at once. */
const REFUSED_PAIRS: readonly (readonly unknown[])[] = [
  ...['publicKeyEncoding', 'privateKeyEncoding'].flatMap((key) => [
    ...[0, 'a', true].map((encoding) => rsaWith({ [key]: encoding })),
    ...NO_TYPES.map((type) => rsaWith({ [key]: { ...ENCODING, type } })),
    ...NO_FORMATS.map((format) => rsaWith({ [key]: { ...ENCODING, format } })),
    ...['sec1', 'no-such'].map((type) => rsaWith({ [key]: { ...ENCODING, type } })),
  ]),
  rsaWith({ publicKeyEncoding: { ...ENCODING, type: 'pkcs8' } }),
  rsaWith({ privateKeyEncoding: { ...ENCODING, type: 'spki' } }),
  ...[0, true, {}].map((cipher) => encrypted({ cipher })),
  ...[undefined, null, 5, false, true].map((passphrase) => encrypted({ cipher: 'aes-128-cbc', passphrase })),
  rsaWith({ privateKeyEncoding: { type: 'pkcs1', format: 'der', cipher: 'aes-128-cbc', passphrase: 'x' } }),
  ...NO_NUMBERS.flatMap((value) => [
    rsaWith({ modulusLength: value }),
    ...(value === null ? [] : [rsaWith({ publicExponent: value })]),
    ['dsa', { modulusLength: value }],
    ...(value === null || value === 2 ** 32 + 1 ? [] : [['dsa', { modulusLength: 2048, divisorLength: value }]]),
  ]),
  ...[true, {}, [], 123, undefined, null, 'abcdef'].map((namedCurve) => ['ec', { namedCurve }]),
  ...['no-such', 0, true, {}].map((paramEncoding) => ['ec', { namedCurve: 'P-256', paramEncoding }]),
  ['ec', { namedCurve: 'P-256', privateKeyEncoding: ENCODING }],
  ['ed25519', { publicKeyEncoding: ENCODING }],
  ['ed25519', 0],
  ...[{}, { group: 0 }, { group: 'modp0' }, { prime: 0 }, { primeLength: -1 }, { primeLength: 'x' }].map((options) => [
    'dh',
    options,
  ]),
  ...['prime', 'primeLength', 'generator'].map((key) => ['dh', { group: 'modp14', [key]: 2 }]),
  ['dh', { prime: Buffer.from([23]), primeLength: 8 }],
  ...[0, true, {}, [], 'no-such'].map((hashAlgorithm) => ['rsa-pss', { modulusLength: 1024, hashAlgorithm }]),
  ...[0, true, {}, 'no-such'].map((mgf1HashAlgorithm) => ['rsa-pss', { modulusLength: 1024, mgf1HashAlgorithm }]),
  ...['x', true, {}, -1, 1.5, 2 ** 31].map((saltLength) => ['rsa-pss', { modulusLength: 1024, saltLength }]),
  ['rsa-pss', { modulusLength: 1024, hash: 'sha256', hashAlgorithm: 'sha1' }],
  ...[0, null, undefined, true, {}, 'rsa2', 'RSA'].map((type) => [type, { modulusLength: 1024 }]),
];

/** What OpenSSL finds out. */
const FAILING_PAIRS: readonly (readonly unknown[])[] = [
  rsaWith({ publicExponent: 1 }),
  rsaWith({ publicExponent: 0x10001 + 1 }),
];

describe('generateKeyPairSync', () => {
  const spki = (format: string) => ({ type: 'spki', format });
  const pkcs8 = (format: string, more = {}) => ({ type: 'pkcs8', format, ...more });
  const ec = (more = {}) => ['ec', { namedCurve: 'P-256', ...more }];
  const made = (name: string, args: () => unknown[]): Case => ({ name, args, suspends: pooled, view: keyForm });
  const refused = (name: string, args: () => unknown[]): Case => ({ name, args, suspends: inPlace });
  parity(crypto.generateKeyPairSync as AnyFunction, [
    made('rsa', () => ['rsa', { modulusLength: 1024 }]),
    made('rsa-pss', () => ['rsa-pss', { modulusLength: 1024, hashAlgorithm: 'sha256', saltLength: 20 }]),
    made('ec', () => ec()),
    made('ed25519 without options', () => ['ed25519']),
    made('x25519, options null', () => ['x25519', undefined]),
    made('dh group', () => ['dh', { group: 'modp14' }]),
    made('PEM', () => ec({ publicKeyEncoding: spki('pem'), privateKeyEncoding: pkcs8('pem') })),
    made('DER', () => ec({ publicKeyEncoding: spki('der'), privateKeyEncoding: pkcs8('der') })),
    made('JWK', () => ec({ publicKeyEncoding: { format: 'jwk' }, privateKeyEncoding: { format: 'jwk' } })),
    made('only the public key encoded', () => ec({ publicKeyEncoding: spki('pem') })),
    made('only the private key encoded', () => ec({ privateKeyEncoding: { type: 'sec1', format: 'pem' } })),
    made('encrypted', () => ec({ privateKeyEncoding: pkcs8('pem', { cipher: 'aes-256-cbc', passphrase: 'x' }) })),
    { name: 'rsa with a tiny modulus', args: () => ['rsa', { modulusLength: 8 }], suspends: pooled },
    {
      name: 'rsa with an even exponent',
      args: () => ['rsa', { modulusLength: 1024, publicExponent: 4 }],
      suspends: pooled,
    },
    made('PKCS #1, encrypted', () => [
      ...rsaWith({ privateKeyEncoding: { ...ENCODING, cipher: 'aes-128-cbc', passphrase: 'x' } }),
    ]),
    refused('unknown curve', () => ['ec', { namedCurve: 'P-nothing' }]),
    refused('unknown cipher', () => ec({ privateKeyEncoding: pkcs8('pem', { cipher: 'none', passphrase: 'x' }) })),
    refused('cipher without passphrase', () => ec({ privateKeyEncoding: pkcs8('pem', { cipher: 'aes-256-cbc' }) })),
    refused('unknown format', () => ec({ publicKeyEncoding: spki('xyz') })),
    refused('jwk with a type it lacks', () => [
      'rsa',
      { modulusLength: 1024, publicKeyEncoding: { format: 'nothing', type: 'jwk' } },
    ]),
    refused('rsa without modulusLength', () => ['rsa', {}]),
    ...REFUSED_PAIRS.map((args) => refused(inspect(args, { depth: 4, breakLength: Infinity }), () => [...args])),
    ...FAILING_PAIRS.map((args) => ({
      name: inspect(args, { depth: 4, breakLength: Infinity }),
      args: () => [...args],
      suspends: pooled,
    })),
    refused('no arguments', () => []),
    ...badArguments(() => ['rsa', { modulusLength: 1024 }]),
  ]);
});

describe.runIf('argon2Sync' in crypto)('argon2Sync', () => {
  const good = { message: 'secret', nonce: Buffer.alloc(16), parallelism: 1, tagLength: 32, memory: 64, passes: 2 };
  parity(exports.argon2Sync as AnyFunction, [
    ...['argon2d', 'argon2i', 'argon2id'].map((name) => ({ name, args: () => [name, good], suspends: pooled })),
    { name: 'nonce too short', args: () => ['argon2id', { ...good, nonce: Buffer.alloc(1) }], suspends: inPlace },
    { name: 'unknown algorithm', args: () => ['argon3', good], suspends: inPlace },
    ...badArguments(() => ['argon2id', good]),
  ]);
});

test('what has no twin in this Node has no callback form', () => {
  const names = Object.getOwnPropertyNames(crypto).filter(
    (key) => key.endsWith('Sync') && twinOf(exports[key]) === undefined,
  );
  expect(names).toEqual([]);
  expect(twinOf(crypto.diffieHellman) !== undefined).toBe(crypto.diffieHellman.length >= 2);
});

test('a call with a callback stays one: the original, or its root adapter', async () => {
  const twin = twinOf(crypto.randomBytes) as AnyFunction;
  const bytes = await new Promise((resolve) => {
    expect(twin(100_000, (_error: unknown, result: unknown) => resolve(result))).toBeUndefined();
  });
  expect(bytes).toHaveLength(100_000);
  expect(rootOf(crypto.verify)).toBeUndefined();
  const adapter = vi.fn(() => 'adapted');
  linkRoot(crypto.verify, adapter);
  expect((twinOf(crypto.verify) as AnyFunction)('sha256', 1, 2, 3, hang)).toBe('adapted');
  expect(adapter).toHaveBeenCalledWith('sha256', 1, 2, 3, hang);
});

test('originals keep blocking', () => {
  expect(crypto.pbkdf2Sync('p', 's', 1, 8, 'sha256')).toBeInstanceOf(Buffer);
  expect(crypto.randomBytes(100_000)).not.toBe(SUSPENDED);
});

test('the loop runs while the pool derives a key', async () => {
  const order: string[] = [];
  setImmediate(() => order.push('immediate'));
  await runTwin(crypto.pbkdf2Sync as AnyFunction, ['p', 's', 50_000, 32, 'sha256']);
  order.push('derived');
  expect(order).toEqual(['immediate', 'derived']);
});

test('an error names the code that awaits it', async () => {
  async function userFunctionThatGenerates() {
    return await runTwin(crypto.generateKeyPairSync as AnyFunction, ['rsa', { modulusLength: 8 }]);
  }
  const { outcome, suspended } = await userFunctionThatGenerates();
  expect(suspended).toBe(true);
  expect((outcome as { error: Error }).error.stack).toContain('userFunctionThatGenerates');
});

test('a result with a then method is not flattened', async () => {
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested.
  const buffer = Object.assign(Buffer.alloc(50_000), { then: vi.fn() });
  const { outcome, suspended } = await runTwin(crypto.randomFillSync as AnyFunction, [buffer]);
  expect([outcome, suspended]).toEqual([{ value: buffer }, true]);
  expect(buffer.then).not.toHaveBeenCalled();
});
