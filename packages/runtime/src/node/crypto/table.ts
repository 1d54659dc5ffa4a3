/** The blocking functions of node:crypto that have a callback form. */
import crypto from 'node:crypto';
import { types } from 'node:util';

export interface BlockingCrypto {
  /** The export that blocks. */
  readonly name: string;
  /** The export that takes a callback; the same one for functions that block when called without. */
  readonly callbackForm: string;
  /** How many arguments come before the callback. */
  readonly arity: number;
  /** What the callback form wants for arguments that are undefined, where only the blocking form has defaults. */
  readonly defaults?: readonly unknown[];
  /** See Offload.collect. */
  readonly collect?: (first: unknown, second: unknown) => unknown;
  /** The call keeps a thread of the pool busy for long. */
  readonly heavy?: true;
  /** Whether this call is cheaper in place than through the thread pool. */
  readonly cheap?: (args: readonly unknown[]) => boolean;
}

/**
 * Up to how many random bytes are made in place. Measured on Node 20.20 and 24.21, Linux x64, two cores: 16 KiB take 12 µs in
 * place; through the pool the same call costs the main thread 6 to 16 µs and its caller 50 to 66 µs. At 64 KiB: 44 µs against 7.
 */
export const RANDOM_IN_PLACE_BYTES = 16_384;

const byteLength = (value: unknown): number | undefined => {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return types.isArrayBuffer(value) ? value.byteLength : undefined;
};

const fewBytes = (length: unknown): boolean => typeof length === 'number' && length <= RANDOM_IN_PLACE_BYTES;

const keyPair = (publicKey: unknown, privateKey: unknown) => ({ publicKey, privateKey });

const randomBytesNamed = (name: string): BlockingCrypto => ({
  name,
  callbackForm: name,
  arity: 1,
  cheap: ([size]) => fewBytes(size),
});

/** Rows whose export the running Node lacks, or whose `callbackForm` takes no callback there, are skipped by the installer. */
export const BLOCKING_CRYPTO: readonly BlockingCrypto[] = [
  { name: 'argon2Sync', callbackForm: 'argon2', arity: 2, heavy: true },
  { name: 'checkPrimeSync', callbackForm: 'checkPrime', arity: 2, heavy: true },
  { name: 'generatePrimeSync', callbackForm: 'generatePrime', arity: 2, defaults: [undefined, {}], heavy: true },
  // 2 to 3 µs in place, 11 to 20 µs of main thread through the pool. The length of an AES key is at most 256 bits; that of
  // an HMAC key is not bounded.
  { name: 'generateKeySync', callbackForm: 'generateKey', arity: 2, cheap: ([type]) => type === 'aes' },
  { name: 'generateKeyPairSync', callbackForm: 'generateKeyPair', arity: 2, collect: keyPair, heavy: true },
  { name: 'hkdfSync', callbackForm: 'hkdf', arity: 5 },
  { name: 'pbkdf2Sync', callbackForm: 'pbkdf2', arity: 5, heavy: true },
  { name: 'scryptSync', callbackForm: 'scrypt', arity: 4, heavy: true },
  {
    name: 'randomFillSync',
    callbackForm: 'randomFill',
    arity: 3,
    defaults: [undefined, 0],
    cheap: ([buffer]) => fewBytes(byteLength(buffer)),
  },
  randomBytesNamed('randomBytes'),
  // The same function as randomBytes, unless --pending-deprecation wraps it.
  randomBytesNamed('pseudoRandomBytes'),
  randomBytesNamed('prng'),
  randomBytesNamed('rng'),
  // Takes its bytes from a cache of 6 KiB, which is filled in place in a few microseconds (0.1 to 0.3 µs a call on average).
  { name: 'randomInt', callbackForm: 'randomInt', arity: 2, cheap: () => true },
  { name: 'sign', callbackForm: 'sign', arity: 3 },
  { name: 'verify', callbackForm: 'verify', arity: 4 },
  { name: 'diffieHellman', callbackForm: 'diffieHellman', arity: 1 },
  { name: 'encapsulate', callbackForm: 'encapsulate', arity: 1 },
  { name: 'decapsulate', callbackForm: 'decapsulate', arity: 2 },
];

/** The exports of the running Node's node:crypto, by name. */
export const exportsOfCrypto = crypto as unknown as Readonly<Record<string, unknown>>;

/**
 * Whether `callbackForm` of `row` takes a callback here. The optional ones were added to the same function (diffieHellman:
 * Node 24, not 22.23), where a Node that lacks them ignores the argument and would never call back. checkPrime's defaults hide
 * its parameters from `length`, so that only functions which are their own callback form are asked.
 */
export function takesCallback(row: BlockingCrypto, callbackForm: { readonly length: number }): boolean {
  return row.name !== row.callbackForm || callbackForm.length > row.arity;
}
