/** Methods of stream classes, which signal their end by a callback. */
import { Duplex, Readable, type Transform, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import * as runtime from '@unblock/runtime/compiled';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

/** Loads `exports.X = ...` of a CommonJS module in its compiled form; `block` suspends for a turn of the loop. */
function load(text: string): Record<string, new (...args: unknown[]) => Transform> {
  const fileName = '/streams.js';
  const compilation = compile({
    modules: [{ fileName, text, kind: 'commonjs' }],
    resolve: () => undefined,
    closed: false,
    options: { patch: {}, runtime: 'runtime' },
  });
  const block = runtime.$link(
    (value: unknown) => value,
    async (value: unknown) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (value instanceof Error) throw value;
      return value;
    },
  );
  const exports = {};
  const require = (specifier: string) => {
    if (specifier === 'runtime') return runtime;
    return specifier === './block' ? block : process.getBuiltinModule(specifier);
  };
  const code = compilation.rewrite(fileName)?.code;
  if (code === undefined) throw new Error('nothing was compiled');
  new Function('exports', 'require', code)(exports, require);
  return exports;
}

const UPPER = `
  const { Transform, Writable, Readable } = require('stream');
  const block = require('./block');
  class Upper extends Transform {
    _transform(chunk, encoding, callback) {
      const text = block(String(chunk).toUpperCase());
      if (text === 'BAD') throw new Error('bad chunk');
      this.push(text);
      callback();
    }
    _flush(callback) {
      if (this.failAtEnd) block(new Error('at the end'));
      this.push(block('.'));
      callback();
    }
  }
  class Shout extends Upper {
    _transform(chunk, encoding, callback) { super._transform(block(chunk + '!'), encoding, callback); }
  }
  class Count extends Readable {
    n = 0;
    _read() { const n = block(this.n++); this.push(n === 3 ? null : String(n)); }
  }
  class Broken extends Readable { _read() { block(new Error('no source')); } }
  class Log { _write(x, e, callback) { callback(block(x)); return 'written'; } }
  class SubLog extends Log { _write(x, e, callback) { return super._write(x, e, callback); } }
  Object.assign(exports, { Upper, Shout, Count, Broken, SubLog });`;

async function textThrough(stream: Transform): Promise<string> {
  let text = '';
  await pipeline(Readable.from(['a', 'b', 'c']), stream, async (source) => {
    for await (const chunk of source) text += chunk;
  });
  return text;
}

describe('stream methods', () => {
  const { Upper, Shout, Count, Broken, SubLog } = load(UPPER) as Record<string, new () => Transform>;

  it('suspend, keep chunks in order and end after the last', async () => {
    if (Upper === undefined || Shout === undefined || Count === undefined) throw new Error('missing');
    let turns = 0;
    const counter = setInterval(() => turns++, 0);
    expect(await textThrough(new Upper())).toBe('ABC.');
    expect(await textThrough(new Shout())).toBe('A!B!C!.');
    let text = '';
    for await (const chunk of new Count()) text += chunk;
    clearInterval(counter);
    expect(text).toBe('012');
    expect(turns).toBeGreaterThan(0);
  });

  it('report failures where a throw went: the flush callback, the readable, the uncaught error', async () => {
    if (Upper === undefined || Broken === undefined) throw new Error('missing');
    const failing = Object.assign(new Upper(), { failAtEnd: true });
    await expect(textThrough(failing)).rejects.toThrow('at the end');
    await expect(finished(new Broken().resume())).rejects.toThrow('no source');
    const before = process.rawListeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const uncaught = new Promise<Error>((resolve) => process.once('uncaughtException', resolve));
    const upper = new Upper();
    // From the loop: what a function of the program calls throws to it.
    setImmediate(upper.write.bind(upper, 'bad') as unknown as () => void);
    expect((await uncaught).message).toBe('bad chunk');
    for (const listener of before) process.on('uncaughtException', listener as NodeJS.UncaughtExceptionListener);
  });

  it('of classes that are no streams stay ordinary methods', () => {
    if (SubLog === undefined) throw new Error('missing');
    let seen: unknown;
    const log = new SubLog() as unknown as { _write(x: unknown, e: string, done: (x: unknown) => void): unknown };
    expect(log._write(1, '', (value) => (seen = value))).toBe('written');
    expect(seen).toBe(1);
    expect([Duplex, Writable].some((Stream) => log instanceof Stream)).toBe(false);
  });
});
