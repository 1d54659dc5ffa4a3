/** Heavy calls by the hundred: other users of the thread pool do not wait for all of them, and each works on what it was given. */
import crypto from 'node:crypto';
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { installCrypto } from '../../src/node/crypto/install.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

installCrypto();
const COUNT = 40;

function call(fn: unknown, ...args: unknown[]): Promise<unknown> {
  const result = Reflect.apply(twinOf(fn) as Callable, crypto, args);
  return result === SUSPENDED ? take().then(unbox) : Promise.resolve(result);
}

it('a file is read before the heavy calls that were made earlier have all finished', async () => {
  const order: string[] = [];
  const hashes = Array.from({ length: COUNT }, () =>
    call(crypto.scryptSync, 'password', 'salt', 32).then(() => order.push('hash')),
  );
  const read = fs.promises.readFile(import.meta.filename).then(() => order.push('file'));
  await Promise.all([...hashes, read]);
  expect(order.indexOf('file')).toBeLessThan(COUNT / 2);
});

it('a call that waits works on the bytes and options of the time when it was made', async () => {
  const fill = Array.from({ length: 8 }, () => call(crypto.scryptSync, 'password', 'salt', 32));
  const password = Buffer.from('secret');
  const options = { N: 1024 };
  const expected = crypto.scryptSync(password, 'salt', 32, options);
  const waiting = call(crypto.scryptSync, password, 'salt', 32, options);
  password.fill(0);
  options.N = 2;
  expect(await waiting).toEqual(expected);
  await Promise.all(fill);
});

it('a call that waits is refused as the blocking form refuses it', async () => {
  const fill = Array.from({ length: 8 }, () => call(crypto.scryptSync, 'password', 'salt', 32));
  const refused = () => crypto.scryptSync('password', 'salt', 32, { N: 3 });
  let expected: unknown;
  try {
    refused();
  } catch (error) {
    expected = error;
  }
  const wait = async () => call(crypto.scryptSync, 'password', 'salt', 32, { N: 3 });
  await expect(wait()).rejects.toMatchObject({ message: (expected as Error).message });
  await Promise.all(fill);
  expect(await call(crypto.scryptSync, 'password', 'salt', 32)).toBeInstanceOf(Buffer);
});
