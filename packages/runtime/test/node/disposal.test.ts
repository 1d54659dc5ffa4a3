/** The twin of the method that disposes of an open directory, which Node 20 does not have. */
import fs from 'node:fs';
import { expect, it } from 'vitest';
import '../../src/install.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

const key = (Symbol as { readonly dispose?: symbol }).dispose ?? Symbol('none');
const dispose = (fs.Dir.prototype as unknown as Readonly<Record<symbol, Callable>>)[key];

it.runIf(dispose !== undefined)('closes a directory, once, without blocking', async () => {
  const twin = twinOf(dispose) as Callable;
  const run = (directory: unknown): unknown => {
    const result = Reflect.apply(twin, directory, []);
    return result === SUSPENDED ? take().then(unbox) : result;
  };
  const directory = fs.opendirSync('.');
  const disposed = run(directory);
  expect(disposed).toBeInstanceOf(Promise);
  expect(await disposed).toBe(undefined);
  expect(() => directory.readSync()).toThrow(expect.objectContaining({ code: 'ERR_DIR_CLOSED' }));
  expect(await run(directory)).toBe(undefined);
  expect(() => run({})).toThrow(TypeError);
});
