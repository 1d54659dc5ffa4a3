import { EventEmitter } from 'node:events';
import { Readable, type ReadableOptions } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { pushBack, resumeFlow } from '../../src/node/roots/backpressure.js';

/** Resolves in the next turn of the event loop, behind all ticks and microtasks of this one. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const none = (): void => {
  throw new Error('nothing is to be told');
};

/** A stream that flows, whose first chunk is pushed back, and what it gives. */
async function stopped(
  chunks: readonly unknown[],
  { encoding, ...options }: ReadableOptions = {},
): Promise<{ stream: Readable; given: unknown[] }> {
  const stream = new Readable({ read() {}, ...options });
  if (encoding !== undefined) stream.setEncoding(encoding);
  const given: unknown[] = [];
  let isFirst = true;
  stream.on('data', (chunk) => {
    if (!isFirst) given.push(chunk);
    else expect(pushBack(stream, chunk)).toBe(true);
    isFirst = false;
  });
  for (const chunk of chunks) stream.push(chunk);
  await turn();
  return { stream, given };
}

const texts = (given: readonly unknown[]): string => given.map(String).join('');

test('a stream keeps what it has from a chunk that is pushed back on, and gives it when it flows on', async () => {
  const { stream, given } = await stopped(['a', 'b', 'c']);
  expect([given, stream.readableFlowing, stream.isPaused()]).toEqual([[], null, false]);
  stream.push('d');
  await turn();
  expect(given).toEqual([]);
  resumeFlow(stream, none);
  expect(texts(given)).toBe('abcd');
  stream.push('e');
  await turn();
  expect(texts(given)).toBe('abcde');
});

test('it ends behind what it has kept', async () => {
  const { stream, given } = await stopped(['a', 'b']);
  stream.on('end', () => given.push('end'));
  stream.push(null);
  await turn();
  expect(given).toEqual([]);
  resumeFlow(stream, none);
  await turn();
  expect(texts(given)).toBe('abend');
});

test('it reads no further than its high-water mark', async () => {
  let read = 0;
  const { stream } = await stopped([], {
    highWaterMark: 4,
    read() {
      read++;
      this.push('xy');
    },
  });
  const before = read;
  await turn();
  expect([read, stream.readableLength <= 6]).toEqual([before, true]);
  stream.destroy();
});

describe('chunks come back as they were', () => {
  test('in object mode, whatever they are', async () => {
    const chunks = [{ a: 1 }, 0, '', [1, 2]];
    const { stream, given } = await stopped(chunks, { objectMode: true });
    resumeFlow(stream, none);
    expect(given).toEqual(chunks);
    expect(given[0]).toBe(chunks[0]);
  });

  test.each([
    ['utf8', 'é€'],
    ['hex', 'c3a9e2'],
    ['base64', 'w6ni'],
  ] as const)('decoded as %s', async (encoding, text) => {
    const { stream, given } = await stopped([Buffer.from(text, encoding)], { encoding });
    expect(given).toEqual([]);
    resumeFlow(stream, none);
    expect(given.every((chunk) => typeof chunk === 'string')).toBe(true);
    stream.push(null);
    await turn();
    expect(texts(given)).toBe(text);
  });

  test('as bytes', async () => {
    const { stream, given } = await stopped([Buffer.from([0, 255, 128])]);
    resumeFlow(stream, none);
    expect(given).toEqual([Buffer.from([0, 255, 128])]);
  });
});

describe('not pushed back is what', () => {
  test('no stream gives', () => {
    expect(pushBack(new EventEmitter(), 'a')).toBe(false);
  });

  test('is no chunk of the stream: the program has emitted it', async () => {
    const { stream } = await stopped([]);
    expect(pushBack(stream, { a: 1 })).toBe(false);
  });

  test('a stream gives that does not flow', () => {
    const stream = new Readable({ read() {} });
    expect(pushBack(stream, 'a')).toBe(false);
    expect(pushBack(stream.on('data', none).pause(), 'a')).toBe(false);
  });

  test.each([
    ['has been destroyed', (stream: Readable) => void stream.destroy()],
    ['has ended', (stream: Readable) => void stream.push(null)],
    [
      'has failed',
      (stream: Readable) => {
        stream.on('error', () => {});
        stream.push(null);
        stream.push('behind the end');
      },
    ],
  ])('a stream gives that %s', async (_name, end) => {
    // A stream that is not destroyed when it is over.
    const stream = new Readable({ read() {}, autoDestroy: false }).resume();
    end(stream);
    await turn();
    expect(stream.readableFlowing).toBe(true);
    expect(pushBack(stream, 'a')).toBe(false);
  });
});

describe('meanwhile the stream', () => {
  test('is paused: it flows on when the program says so', async () => {
    const { stream, given } = await stopped(['a', 'b']);
    stream.pause();
    resumeFlow(stream, none);
    await turn();
    expect(given).toEqual([]);
    stream.resume();
    await turn();
    expect(texts(given)).toBe('ab');
  });

  test('is destroyed: nobody wants what it has', async () => {
    const { stream, given } = await stopped(['a', 'b']);
    stream.destroy();
    resumeFlow(stream, none);
    await turn();
    expect(given).toEqual([]);
  });

  test('fails: what it had before is told by the caller', async () => {
    const { stream, given } = await stopped(['a', 'b']);
    stream.on('error', () => {});
    stream.destroy(new Error('failed'));
    await turn();
    const told: unknown[] = [];
    resumeFlow(stream, (chunk) => told.push(chunk));
    expect([texts(told), given]).toEqual(['ab', []]);
  });
});

test('a stream that nobody has stopped and that does not flow is left alone', () => {
  const stream = new Readable({ read() {} });
  resumeFlow(stream, none);
  expect(stream.readableFlowing).toBe(null);
});
