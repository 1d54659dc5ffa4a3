import crypto from 'node:crypto';
import { describe } from 'vitest';
import { installCrypto } from '../../src/node/crypto/install.js';
import { type AnyFunction, badArguments, inPlace, length, parity, pooled } from './parity.js';

installCrypto();

const exports = crypto as unknown as Record<string, AnyFunction>;

describe('sign and verify', () => {
  const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
  const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ed = crypto.generateKeyPairSync('ed25519');
  const x = crypto.generateKeyPairSync('x25519');
  const data = Buffer.from('data to sign');
  const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const pss = { padding: crypto.constants.RSA_PKCS1_PSS_PADDING };
  const tiny = crypto.generateKeyPairSync('rsa', { modulusLength: 512 });
  parity(crypto.sign as AnyFunction, [
    { name: 'rsa', args: () => ['sha256', data, rsa.privateKey], suspends: pooled },
    { name: 'PEM', args: () => ['sha256', data, pem], suspends: pooled },
    {
      name: 'JWK',
      args: () => ['sha256', data, { key: rsa.privateKey.export({ format: 'jwk' }), format: 'jwk' }],
      suspends: pooled,
    },
    { name: 'pss', args: () => ['sha256', data, { key: rsa.privateKey, ...pss }], suspends: pooled, view: length },
    {
      name: 'ec',
      args: () => ['sha256', data, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }],
      suspends: pooled,
      view: length,
    },
    { name: 'ed25519', args: () => [null, data, ed.privateKey], suspends: pooled },
    { name: 'algorithm undefined', args: () => [undefined, data, ed.privateKey], suspends: pooled },
    { name: 'undefined for the callback', args: () => [null, data, ed.privateKey, undefined], suspends: pooled },
    { name: 'null for the callback', args: () => [null, data, ed.privateKey, null], suspends: inPlace },
    { name: 'digest too big for the key', args: () => ['sha512', data, tiny.privateKey], suspends: pooled },
    {
      name: 'pss salt too long',
      args: () => ['sha256', data, { key: tiny.privateKey, ...pss, saltLength: 64 }],
      suspends: pooled,
    },
    { name: 'a digest for ed25519', args: () => ['sha256', data, ed.privateKey], suspends: pooled },
    { name: 'a key that cannot sign', args: () => [null, data, x.privateKey], suspends: pooled },
    { name: 'unknown digest', args: () => ['nothing', data, rsa.privateKey], suspends: inPlace },
    { name: 'a public key', args: () => ['sha256', data, rsa.publicKey], suspends: inPlace },
    { name: 'a string as data', args: () => ['sha256', 'data', rsa.privateKey], suspends: pooled },
    { name: 'a broken PEM', args: () => ['sha256', data, 'no key'], suspends: inPlace },
    { name: 'no arguments', args: () => [], suspends: inPlace },
    ...badArguments(() => ['sha256', data, rsa.privateKey], { 0: ['undefined', 'null'], 1: ['a bad text'] }),
  ]);
  const signature = crypto.sign('sha256', data, rsa.privateKey);
  parity(crypto.verify as AnyFunction, [
    { name: 'right', args: () => ['sha256', data, rsa.publicKey, signature], suspends: pooled },
    { name: 'by the private key', args: () => ['sha256', data, rsa.privateKey, signature], suspends: pooled },
    { name: 'other data', args: () => ['sha256', Buffer.from('x'), rsa.publicKey, signature], suspends: pooled },
    { name: 'other key', args: () => ['sha256', data, ec.publicKey, signature], suspends: pooled },
    { name: 'short signature', args: () => ['sha256', data, rsa.publicKey, Buffer.alloc(3)], suspends: pooled },
    {
      name: 'ed25519',
      args: () => [null, data, ed.publicKey, crypto.sign(null, data, ed.privateKey)],
      suspends: pooled,
    },
    { name: 'a digest for ed25519', args: () => ['sha256', data, ed.publicKey, signature], suspends: pooled },
    { name: 'a key that cannot verify', args: () => [null, data, x.publicKey, signature], suspends: pooled },
    { name: 'null for the callback', args: () => ['sha256', data, rsa.publicKey, signature, null], suspends: inPlace },
    ...badArguments(() => ['sha256', data, rsa.publicKey, signature], {
      0: ['undefined', 'null'],
      1: ['a bad text'],
      3: ['a bad text'],
    }),
  ]);
});

describe.runIf(crypto.diffieHellman.length >= 2)('diffieHellman with a callback', () => {
  const one = crypto.generateKeyPairSync('x25519');
  const two = crypto.generateKeyPairSync('x25519');
  const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  parity(crypto.diffieHellman as AnyFunction, [
    { name: 'x25519', args: () => [{ privateKey: one.privateKey, publicKey: two.publicKey }], suspends: pooled },
    {
      name: 'keys that do not match',
      args: () => [{ privateKey: one.privateKey, publicKey: ec.publicKey }],
      suspends: inPlace,
    },
    {
      name: 'null for the callback',
      args: () => [{ privateKey: one.privateKey, publicKey: two.publicKey }, null],
      suspends: inPlace,
    },
    ...badArguments(() => [{}]),
  ]);
});

describe.runIf('encapsulate' in crypto)('encapsulate and decapsulate', () => {
  const keys = 'encapsulate' in crypto ? crypto.generateKeyPairSync('x25519') : undefined;
  const encapsulated = (exports.encapsulate?.(keys?.publicKey) ?? {}) as { sharedKey?: Buffer; ciphertext?: Buffer };
  const lengths = (result: unknown) =>
    Object.entries(result as Record<string, Buffer>).map(([key, value]) => [key, value.length]);
  parity(exports.encapsulate as AnyFunction, [
    { name: 'encapsulate', args: () => [keys?.publicKey], suspends: pooled, view: lengths },
    ...badArguments(() => [keys?.publicKey]),
  ]);
  parity(exports.decapsulate as AnyFunction, [
    { name: 'decapsulate', args: () => [keys?.privateKey, encapsulated.ciphertext], suspends: pooled },
    { name: 'short ciphertext', args: () => [keys?.privateKey, Buffer.alloc(3)], suspends: pooled },
    ...badArguments(() => [keys?.privateKey, encapsulated.ciphertext], { 1: ['a bad text'] }),
    { name: 'a text as ciphertext', args: () => [keys?.privateKey, 'nonsense'], suspends: pooled },
  ]);
});
