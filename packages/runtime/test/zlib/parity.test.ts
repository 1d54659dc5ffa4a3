import { inspect } from 'node:util';
import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { IN_PLACE_BYTES, installZlib } from '../../src/node/zlib/install.js';
import { SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';
import { type AnyFunction, type Case, inPlace, parity, pooled, runTwin } from '../crypto/parity.js';

installZlib();

const exports = zlib as unknown as Record<string, AnyFunction>;
const { constants } = zlib;

const words = (length: number): Buffer => {
  let text = '';
  for (let i = 0; text.length < length; i++) text += `${((i * 2654435761) >>> 0).toString(36)} the quick ${i % 7} `;
  return Buffer.from(text.slice(0, length));
};

const long = words(5000);
const arrayBufferOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

const isBrotli = (name: string): boolean => name.startsWith('brotli');
const isZstd = (name: string): boolean => name.startsWith('zstd');

/** Whether the blocking function gets as far as the data. */
const isTaken = (fn: AnyFunction, args: unknown[]): boolean => {
  try {
    fn(...args);
    return true;
  } catch (error) {
    return !/^ERR_(INVALID|OUT_OF)/.test(String((error as { code?: unknown }).code));
  }
};

const FLUSHES: readonly unknown[] = [-1, 0, 1, 2, 3, 4, 1.5, Number.NaN, 'x', null];

const flushCase = (fn: AnyFunction, input: Buffer, flush: unknown): Case => ({
  name: `flush ${inspect(flush)}`,
  args: () => [input, { flush }],
  suspends: isTaken(fn, [input, { flush }]) ? pooled : inPlace,
});

const ENCODERS = ['deflate', 'deflateRaw', 'gzip', 'brotliCompress', 'zstdCompress'].filter((name) => name in zlib);
const DECODERS: readonly (readonly [string, string])[] = (
  [
    ['inflate', 'deflate'],
    ['inflateRaw', 'deflateRaw'],
    ['gunzip', 'gzip'],
    ['unzip', 'gzip'],
    ['unzip', 'deflate'],
    ['brotliDecompress', 'brotliCompress'],
    ['zstdDecompress', 'zstdCompress'],
  ] as const
).filter(([name]) => name in zlib);

/** What is no input: refused by the blocking form before it starts. */
const REFUSED: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 5],
  ['an object', {}],
  ['an array', [1, 2]],
  ['true', true],
  ['a symbol', Symbol.for('x')],
  ['a function', () => 1],
];

const refused = (): Case[] => [
  ...REFUSED.map(([name, value]) => ({ name: `refuses ${name}`, args: () => [value], suspends: inPlace })),
  { name: 'refuses no arguments', args: () => [], suspends: inPlace },
];

const engineName = (result: unknown): unknown => {
  const { buffer, engine } = result as { buffer: Buffer; engine: object };
  return { buffer, engine: engine.constructor.name };
};

const engineBytesWritten = (result: unknown): unknown =>
  (result as { engine: { bytesWritten: number } }).engine.bytesWritten;
const engineDestroyed = (result: unknown): unknown => (result as { engine: { destroyed: boolean } }).engine.destroyed;

function encoderCases(name: string): Case[] {
  const tiny: boolean = isBrotli(name) ? pooled : inPlace;
  const zlibFamily: Case[] = [
    ...[0, 1, 6, 9].map((level) => ({ name: `level ${level}`, args: () => [long, { level }], suspends: pooled })),
    { name: 'level out of range', args: () => [long, { level: 99 }], suspends: inPlace },
    {
      name: 'windowBits, memLevel, strategy',
      args: () => [long, { windowBits: 10, memLevel: 4, strategy: 2 }],
      suspends: pooled,
    },
    { name: 'dictionary', args: () => [long, { dictionary: Buffer.from('the quick') }], suspends: pooled },
    { name: 'dictionary of a wrong type', args: () => [long, { dictionary: 7 }], suspends: inPlace },
  ];
  return [
    { name: 'Buffer', args: () => [long], suspends: pooled },
    { name: 'string with characters beyond ASCII', args: () => ['žluťoučký kůň 🐎 '.repeat(200)], suspends: pooled },
    { name: 'Uint16Array', args: () => [new Uint16Array(arrayBufferOf(long))], suspends: pooled },
    { name: 'DataView of a part', args: () => [new DataView(arrayBufferOf(long), 100, 3000)], suspends: pooled },
    { name: 'ArrayBuffer', args: () => [arrayBufferOf(long)], suspends: pooled },
    {
      name: 'large and incompressible',
      args: () => [Buffer.from(words(300_000).map((b, i) => b ^ (i * 31)))],
      suspends: pooled,
    },
    { name: 'one byte too long for in place', args: () => [long.subarray(0, IN_PLACE_BYTES + 1)], suspends: pooled },
    { name: 'just short enough for in place', args: () => [long.subarray(0, IN_PLACE_BYTES)], suspends: tiny },
    { name: 'empty', args: () => [Buffer.alloc(0)], suspends: tiny },
    { name: 'empty string', args: () => [''], suspends: tiny },
    { name: 'options null', args: () => [long, null], suspends: pooled },
    { name: 'options a number', args: () => [long, 5], suspends: pooled },
    { name: 'options a function', args: () => [long, () => {}], suspends: inPlace },
    { name: 'inherited options', args: () => [long, Object.create({ chunkSize: 100 })], suspends: pooled },
    { name: 'chunkSize', args: () => [long, { chunkSize: 64 }], suspends: pooled },
    { name: 'chunkSize out of range', args: () => [long, { chunkSize: 1 }], suspends: inPlace },
    { name: 'chunkSize of a wrong type', args: () => [long, { chunkSize: 'x' }], suspends: inPlace },
    { name: 'flush out of range', args: () => [long, { flush: 99 }], suspends: inPlace },
    { name: 'maxOutputLength exceeded', args: () => [long, { maxOutputLength: 10 }], suspends: pooled },
    { name: 'info', args: () => [long, { info: true }], suspends: pooled, view: engineName },
    { name: 'info: bytesWritten', args: () => [long, { info: true }], suspends: pooled, view: engineBytesWritten },
    {
      name: 'info: the engine is destroyed',
      args: () => [long, { info: true }],
      suspends: pooled,
      view: engineDestroyed,
      differs: {
        when: true,
        reason: 'the callback form ends and destroys the stream, the blocking one only closes its handle',
      },
    },
    ...(isBrotli(name) || isZstd(name) ? [] : zlibFamily),
    ...refused(),
  ];
}

function decoderCases(name: string, encoder: string): Case[] {
  const packed = exports[`${encoder}Sync`]?.(Buffer.from(words(9000).map((b, i) => b ^ (i % 13)))) as Buffer;
  const bomb = exports[`${encoder}Sync`]?.(Buffer.alloc(2_000_000)) as Buffer;
  const tiny: boolean = isBrotli(name) || isZstd(name) ? pooled : inPlace;
  const small = exports[`${encoder}Sync`]?.(Buffer.from('small')) as Buffer;
  const flipped = Buffer.from(packed);
  for (let i = 40; i < 60; i++) flipped[i] = (flipped[i] ?? 0) ^ 0xff;
  return [
    { name: 'Buffer', args: () => [packed], suspends: pooled },
    { name: 'ArrayBuffer', args: () => [arrayBufferOf(packed)], suspends: pooled },
    { name: 'DataView', args: () => [new DataView(arrayBufferOf(packed))], suspends: pooled },
    { name: 'expands much', args: () => [bomb], suspends: bomb.length > IN_PLACE_BYTES ? pooled : tiny },
    { name: 'small input', args: () => [small], suspends: tiny },
    { name: 'truncated', args: () => [packed.subarray(0, packed.length - 400)], suspends: pooled },
    { name: 'corrupt', args: () => [flipped], suspends: pooled },
    { name: 'corrupt, small', args: () => [small.subarray(0, 4)], suspends: tiny },
    { name: 'not compressed', args: () => [long], suspends: pooled },
    { name: 'a string, not compressed', args: () => ['x'.repeat(2000)], suspends: pooled },
    { name: 'garbage behind', args: () => [Buffer.concat([packed, Buffer.from('garbage')])], suspends: pooled },
    { name: 'zeros behind', args: () => [Buffer.concat([packed, Buffer.alloc(9)])], suspends: pooled },
    { name: 'two members', args: () => [Buffer.concat([packed, packed])], suspends: pooled },
    { name: 'empty', args: () => [Buffer.alloc(0)], suspends: tiny },
    { name: 'maxOutputLength exceeded', args: () => [packed, { maxOutputLength: 100 }], suspends: pooled },
    ...[1, 1000, 3000, 8999, 9000].flatMap((maxOutputLength) =>
      [1, 5, 400].map((missing) => ({
        name: `${missing} bytes missing, maxOutputLength ${maxOutputLength}`,
        args: () => [packed.subarray(0, packed.length - missing), { maxOutputLength }],
        suspends: pooled,
      })),
    ),
    ...[1000, 500_000, 2_000_000].map((maxOutputLength) => ({
      name: `expands much, and a byte is missing, maxOutputLength ${maxOutputLength}`,
      args: () => [bomb.subarray(0, -1), { maxOutputLength }],
      suspends: bomb.length > IN_PLACE_BYTES + 1 ? pooled : tiny,
    })),
    { name: 'flush', args: () => [packed, { flush: 1 }], suspends: pooled },
    { name: 'flush out of range', args: () => [packed, { flush: 99 }], suspends: inPlace },
    { name: 'finishFlush', args: () => [packed.subarray(0, -400), { finishFlush: 1 }], suspends: pooled },
    { name: 'finishFlush out of range', args: () => [packed, { finishFlush: 99 }], suspends: inPlace },
    { name: 'chunkSize', args: () => [packed, { chunkSize: 100 }], suspends: pooled },
    { name: 'info', args: () => [packed, { info: true }], suspends: pooled, view: engineName },
    ...refused(),
  ];
}

describe.each(ENCODERS.map((name) => [name] as const))('%sSync', (name) => {
  parity(exports[`${name}Sync`] as AnyFunction, encoderCases(name));
});

describe.each(DECODERS)('%sSync of what %sSync made', (name, encoder) => {
  parity(exports[`${name}Sync`] as AnyFunction, decoderCases(name, encoder));
});

describe('backing store of the result', () => {
  const zeros = Buffer.alloc(3000);
  parity(zlib.gzipSync as AnyFunction, [
    {
      name: 'size of the ArrayBuffer',
      args: () => [zeros],
      suspends: pooled,
      view: (result) => (result as Buffer).buffer.byteLength,
      differs: {
        when: true,
        reason: 'a whole chunk (a slice of the pool in Node 26) with the blocking form, exact with the twin',
      },
    },
  ]);
  test.each([undefined, { info: true }])('starts at offset 0, options %j', async (options) => {
    const { outcome } = await runTwin(zlib.gzipSync as AnyFunction, [zeros, options]);
    const { value } = outcome as { value: Buffer & { buffer: Buffer } };
    const result = options ? value.buffer : (value as Buffer);
    expect(zlib.gunzipSync(new Uint8Array(result.buffer))).toEqual(zeros);
  });
});

test('small input is that of the time of the call', async () => {
  const text = words(5000);
  const input = Buffer.from(text);
  expect(Reflect.apply(twinOf(zlib.gzipSync) as AnyFunction, zlib, [input])).toBe(SUSPENDED);
  const pending = take();
  input.fill('x');
  expect(zlib.gunzipSync(unbox(await pending) as Buffer)).toEqual(text);
});

describe('options of one format', () => {
  const truncated = zlib.gzipSync(words(9000)).subarray(0, 1500);
  parity(zlib.gunzipSync as AnyFunction, [
    {
      name: 'finishFlush accepts a truncated input',
      args: () => [truncated, { finishFlush: constants.Z_SYNC_FLUSH }],
      suspends: pooled,
    },
  ]);
  const withDictionary = zlib.deflateSync(words(9000), { dictionary: Buffer.from('the quick') });
  parity(zlib.inflateSync as AnyFunction, [
    {
      name: 'dictionary right',
      args: () => [withDictionary, { dictionary: Buffer.from('the quick') }],
      suspends: pooled,
    },
    { name: 'dictionary missing', args: () => [withDictionary], suspends: pooled },
    { name: 'dictionary wrong', args: () => [withDictionary, { dictionary: Buffer.from('a slow') }], suspends: pooled },
  ]);
  parity(zlib.brotliCompressSync as AnyFunction, [
    {
      name: 'brotli quality',
      args: () => [long, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }],
      suspends: pooled,
    },
    { name: 'brotli unknown parameter', args: () => [long, { params: { 9999: 3 } }], suspends: inPlace },
    ...FLUSHES.map((flush) => flushCase(zlib.brotliCompressSync as AnyFunction, long, flush)),
  ]);
  const packed = zlib.brotliCompressSync(words(90_000));
  parity(
    zlib.brotliDecompressSync as AnyFunction,
    FLUSHES.map((flush) => flushCase(zlib.brotliDecompressSync as AnyFunction, packed, flush)),
  );
});

/** Options of the zlib family, and values that are none, too small or too large. */
const OPTION_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  level: [-2, -1, 10, 1.5, Number.NaN, Infinity, 'x', '6', null, {}],
  windowBits: [0, 7, 8, 15, 16, -1, Number.NaN, 'x', null],
  memLevel: [0, 1, 9, 10, Number.NaN, 'x', null],
  strategy: [-1, 0, 4, 5, 2.5, Number.NaN, 'x', null],
  chunkSize: [63, 64, 0, -1, 1.5, Infinity, Number.NaN, '64', null],
  flush: [-1, 0, 1, 2, 3, 4, 5, 6, 2.5, Infinity, Number.NaN, 'x', null],
  finishFlush: [-1, 0, 1, 2, 3, 4, 5, 6, Infinity, Number.NaN, 'x', null],
  maxOutputLength: [0, -1, 1.5, Infinity, Number.NaN, '5', null],
  dictionary: [null, '', 'text', [], new ArrayBuffer(4), new Uint16Array(4)],
  info: [1, 'yes', null],
};

describe.each(['gzip', 'deflate', 'deflateRaw', 'gunzip', 'inflate', 'inflateRaw', 'unzip'])(
  'options of %sSync',
  (name) => {
    const fn = exports[`${name}Sync`] as AnyFunction;
    const [, encoder] = DECODERS.find(([decoder]) => decoder === name) ?? [];
    const input = encoder === undefined ? long : (exports[`${encoder}Sync`]?.(words(90_000)) as Buffer);
    parity(
      fn,
      Object.entries(OPTION_VALUES).flatMap(([option, values]) =>
        values.map((value) => ({
          name: `${option} ${inspect(value)}`,
          args: () => [input, { [option]: value }],
          suspends: isTaken(fn, [input, { [option]: value }]) ? pooled : inPlace,
          ...(option === 'info'
            ? { view: (result: unknown) => (Buffer.isBuffer(result) ? result : engineName(result)) }
            : {}),
        })),
      ),
    );
  },
);

describe('what stands behind a member, and beginnings of one', () => {
  const member = zlib.gzipSync(words(5000));
  const magic = [0x1f, 0x8b];
  const behind: readonly (readonly number[])[] = [
    [0],
    [0x1f],
    magic,
    [...magic, 8],
    [...magic, 0xff, 0xff],
    [...magic, ...Array(10).fill(0)],
    [0, ...magic, 8],
    [...Array(10).fill(0), ...magic],
    [0x78, 0x9c],
  ];
  for (const name of ['gunzip', 'unzip']) {
    parity(exports[`${name}Sync`] as AnyFunction, [
      ...behind.flatMap((bytes) => [
        {
          name: `${name}: ${bytes} behind`,
          args: () => [Buffer.concat([member, Buffer.from(bytes)])],
          suspends: pooled,
        },
        { name: `${name}: ${bytes} alone`, args: () => [Buffer.from(bytes)], suspends: inPlace },
      ]),
      {
        name: `${name}: an empty member between`,
        args: () => [Buffer.concat([member, zlib.gzipSync(''), member])],
        suspends: pooled,
      },
      {
        name: `${name}: a member of the other format`,
        args: () => [Buffer.concat([member, zlib.deflateSync(words(3000))])],
        suspends: pooled,
      },
    ]);
  }
});

describe.runIf('zstdCompressSync' in zlib)('zstd sizes', () => {
  const compress = exports.zstdCompressSync as AnyFunction;
  // Earlier Nodes ignore it.
  const heedsPledge = !isTaken(compress, [long, { pledgedSrcSize: null }]);
  const level = constants.ZSTD_c_compressionLevel;
  const decompress = exports.zstdDecompressSync as AnyFunction;
  // Also defined where the tests are left out.
  const packed = 'zstdCompressSync' in zlib ? (compress(words(90_000)) as Buffer) : long;
  parity(
    decompress,
    FLUSHES.map((flush) => flushCase(decompress, packed, flush)),
  );
  parity(compress, [
    ...FLUSHES.map((flush) => flushCase(compress, long, flush)),
    ...[1025, 65_536, 131_072, 131_073, 1_000_000].map((size) => ({
      name: `${size} bytes`,
      args: () => [words(size)],
      suspends: pooled,
    })),
    { name: 'small with options', args: () => ['tiny', { params: { [level]: 19 } }], suspends: pooled },
    { name: 'level 19', args: () => [words(50_000), { params: { [level]: 19 } }], suspends: pooled },
    { name: 'pledgedSrcSize right', args: () => [long, { pledgedSrcSize: long.length }], suspends: pooled },
    { name: 'pledgedSrcSize wrong', args: () => [long, { pledgedSrcSize: 3 }], suspends: pooled },
    {
      name: 'pledgedSrcSize null',
      args: () => [long, { pledgedSrcSize: null }],
      suspends: heedsPledge ? inPlace : pooled,
    },
    // Refused where it is heeded at all.
    {
      name: 'pledgedSrcSize of a wrong type',
      args: () => [long, { pledgedSrcSize: 'x' }],
      suspends: heedsPledge ? inPlace : pooled,
    },
  ]);
});

test('every one-shot function of this Node has a twin', () => {
  // Zip archives (Node 26) are not one-shot compression.
  const without = Object.keys(zlib).filter((key) => key.endsWith('Sync') && twinOf(exports[key]) === undefined);
  expect(without).toEqual('createZipArchiveSync' in zlib ? ['createZipArchiveSync'] : []);
});

test('the loop runs while the pool compresses', async () => {
  const order: string[] = [];
  setImmediate(() => order.push('immediate'));
  await runTwin(zlib.brotliCompressSync as AnyFunction, [words(60_000)]);
  order.push('compressed');
  expect(order).toEqual(['immediate', 'compressed']);
});

test('an error names the code that awaits it', async () => {
  async function userFunctionThatDecompresses() {
    return await runTwin(zlib.gunzipSync as AnyFunction, [long]);
  }
  const { outcome, suspended } = await userFunctionThatDecompresses();
  expect(suspended).toBe(true);
  expect((outcome as { error: Error }).error.stack).toMatch(
    /^Error: incorrect header check\n {4}at .*userFunctionThatDecompresses/s,
  );
});
