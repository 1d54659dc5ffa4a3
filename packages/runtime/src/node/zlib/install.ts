/**
 * Twins of the one-shot functions of node:zlib: they run the callback form, on libuv's thread pool.
 *
 * Memory: large input is not copied, because copying costs a good part of what compressing does. The synchronous call saw the bytes as they
 * were when it was called; a task that writes into a large buffer while another compresses it gets a mixture.
 */
import { types } from 'node:util';
import zlib from 'node:zlib';
import { interruptible } from '../../green/interruption.js';
import { type Callable, linkTwin } from '../../twin/protocol.js';
import { blockingCall } from '../blockingCall.js';
import { bytesAsTheyAre } from '../bytes.js';
import { type Offload, offload } from '../offload.js';

/**
 * Up to how many bytes of input are processed in place. Measured on Node 20.20 and 24.21, Linux x64, two cores: 1 KiB takes
 * 13 to 15 µs to deflate and 6 to 7 µs to inflate; the stream behind the callback form costs the main thread 12 to 31 µs and the
 * caller 88 to 132 µs.
 */
export const IN_PLACE_BYTES = 1024;

interface OneShot {
  /** The callback form; the blocking one adds `Sync`. */
  readonly name: string;
  /**
   * When small inputs may be processed in place: `always` where the input's size bounds the time (deflate expands at most
   * 1032 times, to 1 MiB here), `defaults` where options can make it slow, `never` where the defaults are (brotli quality 11)
   * or a few bytes may expand without bound.
   */
  readonly inPlace: 'always' | 'defaults' | 'never';
  /** Whether the one-shot call tells the encoder the size of the input, which the stream cannot know: it is in the output. */
  readonly pledgesSize?: true;
  /** The greatest value of the option `flush`. */
  readonly flushes: number | undefined;
  /** How the blocking form of what decompresses marks the input as the last. */
  readonly last?: number | undefined;
}

const { BROTLI_OPERATION_EMIT_METADATA, BROTLI_OPERATION_FINISH, Z_BLOCK, Z_FINISH } = zlib.constants;
const { ZSTD_e_end } = zlib.constants as { readonly ZSTD_e_end?: number };

const DEFLATING = { inPlace: 'always', flushes: Z_BLOCK } as const;
const INFLATING = { ...DEFLATING, last: Z_FINISH } as const;
const BROTLI = { inPlace: 'never', flushes: BROTLI_OPERATION_EMIT_METADATA } as const;
const ZSTD = { flushes: ZSTD_e_end } as const;

const ONE_SHOTS: readonly OneShot[] = [
  { name: 'deflate', ...DEFLATING },
  { name: 'deflateRaw', ...DEFLATING },
  { name: 'gzip', ...DEFLATING },
  { name: 'inflate', ...INFLATING },
  { name: 'inflateRaw', ...INFLATING },
  { name: 'gunzip', ...INFLATING },
  { name: 'unzip', ...INFLATING },
  { name: 'brotliCompress', ...BROTLI },
  { name: 'brotliDecompress', ...BROTLI, last: BROTLI_OPERATION_FINISH },
  { name: 'zstdCompress', ...ZSTD, inPlace: 'defaults', pledgesSize: true },
  { name: 'zstdDecompress', ...ZSTD, inPlace: 'never', last: ZSTD_e_end },
];

/** Links the twins. Functions that the running Node lacks (zstd: Node 20) get none. */
export function installZlib(): void {
  const exports = zlib as unknown as Readonly<Record<string, unknown>>;
  for (const row of ONE_SHOTS) {
    const original = exports[`${row.name}Sync`];
    const callbackForm = exports[row.name];
    if (typeof original !== 'function' || typeof callbackForm !== 'function') continue;
    linkTwin(original as Callable, twinFor(row, original as Callable, callbackForm as Callable));
  }
}

function twinFor(row: OneShot, original: Callable, callbackForm: Callable): Callable {
  return function twin(this: unknown, ...args: unknown[]): unknown {
    const block = () => blockingCall(original, this, args, twin);
    const [source, options] = args;
    // The callback forms take a function for the callback, and write anything that is not bytes to a stream.
    if (typeof options === 'function') return block();
    const input = bytesOf(source);
    if (input === undefined) return block();
    if (input.byteLength <= IN_PLACE_BYTES) {
      if (row.inPlace === 'always' || (row.inPlace === 'defaults' && options === undefined)) return block();
    }
    const given = typeof source === 'string' ? input : bytesAsTheyAre(input);
    const call: Offload = {
      start: (done) => Reflect.apply(callbackForm, this, [given, toldOf(row, options, given.byteLength), done]),
      block,
      collect: unpooled,
      // The errors agree, and repeating the work up to a fault at the end of a long input would block.
      repeatOnFailure: false,
    };
    return interruptible(() => offload(call));
  };
}

/** The options that make the callback form do what the blocking one does with `options`. */
function toldOf(row: OneShot, options: unknown, size: number): unknown {
  return flushing(row, row.pledgesSize ? pledging(options, size) : options);
}

/**
 * The options without their `flush`, which the blocking form ignores where it is one: all input is the last. So is what is decompressed: otherwise a
 * truncated one fails only when what is there has been decompressed, and may have exceeded `maxOutputLength`.
 */
function flushing({ flushes, last }: OneShot, options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return last === undefined ? options : { flush: last };
  const { flush, finishFlush = last } = options as { readonly flush?: unknown; readonly finishFlush?: unknown };
  if (flush === undefined ? last === undefined : !isFlush(flush, flushes)) return options;
  return Object.create(options, { flush: { value: last === undefined ? undefined : finishFlush } });
}

/** Whether both forms take a value for the option: NaN is the default. */
function isFlush(value: unknown, greatest = 0): boolean {
  return typeof value === 'number' && !(value < 0 || value > greatest);
}

function bytesOf(source: unknown): ArrayBufferView | undefined {
  if (typeof source === 'string') return Buffer.from(source);
  if (ArrayBuffer.isView(source)) return source;
  return types.isAnyArrayBuffer(source) ? Buffer.from(source) : undefined;
}

/**
 * Moves a result out of Node's buffer pool. Until Node 24 the result of a blocking call starts at offset 0 of an ArrayBuffer of its own
 * (of `chunkSize` bytes), so that `new DataView(result.buffer)` works; small results of the callback forms are slices of
 * the pool, where the same code would read foreign bytes.
 *
 * @param result what the callback got: a Buffer, or `{ buffer, engine }` with the option `info`
 */
function unpooled(result: unknown): unknown {
  if (!Buffer.isBuffer(result)) {
    const { buffer, engine } = result as { buffer: Buffer; engine: unknown };
    return { buffer: unpooled(buffer), engine };
  }
  if (result.byteLength === result.buffer.byteLength) return result;
  return Buffer.from(new Uint8Array(result).buffer);
}

/**
 * The options with the size of the input, unless they state one that counts. Inherits, because options may be inherited or
 * getters; primitives have no options.
 */
function pledging(options: unknown, size: number): unknown {
  if (typeof options !== 'object' || options === null) return { pledgedSrcSize: size };
  const stated = (options as { pledgedSrcSize?: unknown }).pledgedSrcSize;
  if (stated !== undefined && blockingFormHeedsPledge()) return options;
  return Object.create(options, { pledgedSrcSize: { value: size } });
}

let heedsPledge: boolean | undefined;

/** Whether zstdCompressSync checks `pledgedSrcSize`, as its callback form does (Node 24 and 26), or ignores it (Node 22.23). */
function blockingFormHeedsPledge(): boolean {
  if (heedsPledge === undefined) {
    try {
      zlib.zstdCompressSync('two', { pledgedSrcSize: 1 });
      heedsPledge = false;
    } catch {
      heedsPledge = true;
    }
  }
  return heedsPledge;
}
