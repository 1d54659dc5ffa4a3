import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter, errorMonitor } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { installRoots } from '../../src/node/roots/install.js';
import { methodRegistrar } from '../../src/twin/callee.js';
import { type Callable, linkTwin, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';
import { blocking, register, sleep, uncaughtDuring, until } from './helpers.js';

installRoots();

// What is emitted here stands for what the loop emits.
vi.mock('../../src/node/roots/stackOrigin.js', async (load) => ({
  ...(await load<typeof import('../../src/node/roots/stackOrigin.js')>()),
  isEmittedByProgram: () => false,
}));

/** A socket that is never connected; its events are emitted by hand, as the loop would. */
const socket = () => new net.Socket();

/** A listener that logs, suspends, and logs again. */
const slow = (log: string[], ms = 2) =>
  blocking(async (value: unknown) => {
    log.push(`start ${value}`);
    await sleep(ms);
    log.push(`end ${value}`);
  });

const REGISTERING = ['on', 'addListener', 'once', 'prependListener', 'prependOnceListener'] as const;

describe.each(REGISTERING)('%s of a loop event', (name) => {
  test('starts the twin, with the emitter as this; listeners() shows the original', async () => {
    const emitter = socket();
    let self: unknown;
    const listener = blocking(async function (this: unknown) {
      self = this;
      await sleep(1);
    });
    expect(register(emitter, name, 'timeout', listener)).toBe(emitter);
    expect(emitter.listeners('timeout')).toEqual([listener]);
    expect(emitter.emit('timeout')).toBe(true);
    expect(self).toBe(emitter);
    expect(emitter.listenerCount('timeout')).toBe(/once/i.test(name) ? 0 : 1);
    await sleep(3);
  });

  test('off removes it', () => {
    const emitter = socket();
    const listener = blocking(async () => {});
    register(emitter, name, 'timeout', listener);
    emitter.off('timeout', listener as () => void);
    expect([emitter.listenerCount('timeout'), emitter.emit('timeout')]).toEqual([0, false]);
  });

  test('another event, and another emitter, get the listener itself', () => {
    for (const emitter of [socket(), new EventEmitter()]) {
      const listener = blocking(async () => {});
      register(emitter, name, 'custom', listener);
      const [raw] = emitter.rawListeners('custom') as { listener?: unknown }[];
      expect(raw?.listener ?? raw).toBe(listener);
      expect(Object.hasOwn(emitter, 'emit')).toBe(false);
    }
  });

  test('newListener and the errors for listeners that are no functions are those of the original', () => {
    const emitter = socket();
    const seen: unknown[] = [];
    emitter.on('newListener', (event, listener) => seen.push([event, listener]));
    const listener = blocking(async () => {});
    register(emitter, name, 'timeout', listener);
    // EventEmitter reports what a wrapper stands for.
    expect(seen).toEqual([['timeout', listener]]);
    expect(() => register(emitter, name, 'timeout', 'no function')).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });
});

test('once runs once, and is removed before it runs', async () => {
  const emitter = socket();
  const counts: number[] = [];
  register(
    emitter,
    'once',
    'timeout',
    blocking(async () => {
      counts.push(emitter.listenerCount('timeout'));
      await sleep(1);
    }),
  );
  emitter.emit('timeout');
  emitter.emit('timeout');
  await sleep(5);
  expect(counts).toEqual([0]);
});

test('prependListener comes first', () => {
  const emitter = socket();
  const log: string[] = [];
  emitter.on('timeout', () => log.push('plain'));
  register(
    emitter,
    'prependListener',
    'timeout',
    blocking(async () => void log.push('twin')),
  );
  emitter.emit('timeout');
  expect(log[0]).toBe('twin');
});

describe('serial order', () => {
  test('later events wait, also for listeners without a twin, and stay in order', async () => {
    const emitter = socket();
    const log: string[] = [];
    register(emitter, 'on', 'data', slow(log));
    emitter.on('data', (value) => log.push(`plain ${value}`));
    emitter.on('end', () => log.push('end of stream'));
    expect([emitter.emit('data', 1), emitter.emit('data', 2), emitter.emit('end'), emitter.emit('lookup')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(log).toEqual(['start 1']);
    await until(() => log.includes('end of stream'));
    expect(log).toEqual(['start 1', 'end 1', 'plain 1', 'start 2', 'end 2', 'plain 2', 'end of stream']);
  });

  test('events that are not the loop’s own do not wait', async () => {
    const emitter = socket();
    const log: string[] = [];
    register(emitter, 'on', 'data', slow(log));
    emitter.on('custom', () => log.push('custom'));
    emitter.emit('data', 1);
    emitter.emit('custom');
    expect(log).toEqual(['start 1', 'custom']);
    await until(() => log.length === 3);
  });

  test('nothing is put off while nothing suspends', () => {
    const emitter = socket();
    const log: string[] = [];
    register(emitter, 'on', 'data', slow(log));
    emitter.removeAllListeners('data');
    emitter.on('data', (value) => log.push(`a ${value}`));
    emitter.on('data', (value) => log.push(`b ${value}`));
    emitter.emit('data', 1);
    expect(log).toEqual(['a 1', 'b 1']);
    expect(Object.keys(emitter)).not.toContain('emit');
  });

  test('a listener that is removed while its event waits', async () => {
    const emitter = socket();
    const log: string[] = [];
    const second = (value: unknown) => log.push(`second ${value}`);
    register(emitter, 'on', 'data', slow(log));
    emitter.on('data', second);
    emitter.emit('data', 1);
    emitter.emit('data', 2);
    emitter.off('data', second);
    await until(() => log.includes('end 2'));
    await sleep(2);
    // The list was copied when the first event was emitted; the second is emitted when its turn comes.
    expect(log).toEqual(['start 1', 'end 1', 'second 1', 'start 2', 'end 2']);
  });

  test('a rejection is uncaught, ends its own emission, and precedes the next event', async () => {
    const emitter = socket();
    const log: string[] = [];
    const error = new Error('late');
    register(
      emitter,
      'on',
      'data',
      blocking(async (value: unknown) => {
        await sleep(1);
        if (value === 1) throw error;
        log.push(`twin ${value}`);
      }),
    );
    emitter.on('data', (value) => log.push(`plain ${value}`));
    const caught = await uncaughtDuring(async () => {
      process.once('uncaughtException', () => log.push('uncaught'));
      emitter.emit('data', 1);
      emitter.emit('data', 2);
      await until(() => log.includes('plain 2'));
    });
    expect(caught).toEqual([[error, 'uncaughtException']]);
    expect(log).toEqual(['uncaught', 'twin 2', 'plain 2']);
  });

  test('a throw of a listener that waited is uncaught, and later events still come', async () => {
    const emitter = socket();
    const log: string[] = [];
    register(emitter, 'on', 'data', slow(log, 1));
    emitter.on('end', () => {
      throw new Error('in end');
    });
    emitter.on('close', () => log.push('close'));
    const caught = await uncaughtDuring(async () => {
      for (const event of ['data', 'end', 'close']) emitter.emit(event, 1);
      await until(() => log.includes('close'));
    });
    expect(caught.map(([error]) => String(error))).toEqual(['Error: in end']);
  });

  test('an error without listeners throws as before, at once or when its turn comes', async () => {
    const emitter = socket();
    const log: string[] = [];
    const error = new Error('nobody listens');
    register(emitter, 'on', 'data', slow(log, 1));
    expect(() => emitter.emit('error', error)).toThrow(error);
    const caught = await uncaughtDuring(async () => {
      emitter.emit('data', 1);
      expect(emitter.emit('error', error)).toBe(false);
      await sleep(5);
    });
    expect(caught).toEqual([[error, 'uncaughtException']]);
  });

  test('the error monitor sees errors first, once', () => {
    const emitter = socket();
    const log: string[] = [];
    register(emitter, 'on', 'data', slow(log));
    emitter.on('error', () => log.push('a'));
    emitter.on('error', () => log.push('b'));
    (emitter as EventEmitter).on(errorMonitor, () => log.push('monitor'));
    emitter.emit('error', new Error('seen'));
    expect(log).toEqual(['monitor', 'a', 'b']);
  });

  test('events that wait keep the asynchronous context they were emitted in', async () => {
    const emitter = socket();
    const storage = new AsyncLocalStorage<number>();
    const seen: unknown[] = [];
    register(emitter, 'on', 'data', slow([], 1));
    emitter.on('end', () => seen.push(storage.getStore()));
    storage.run(1, () => emitter.emit('data', 1));
    storage.run(2, () => emitter.emit('end'));
    await until(() => seen.length === 1);
    expect(seen).toEqual([2]);
  });

  test.each(['before', 'after'])('an emit that the program puts on the instance %s sees every event', async (when) => {
    const emitter = socket();
    const log: string[] = [];
    const override = () => {
      const inherited = emitter.emit;
      emitter.emit = function (this: net.Socket, event: string, ...args: unknown[]) {
        log.push(`emit ${event}`);
        return Reflect.apply(inherited, this, [event, ...args]) as boolean;
      } as typeof emitter.emit;
    };
    if (when === 'before') override();
    register(emitter, 'on', 'data', slow(log, 1));
    if (when === 'after') override();
    emitter.emit('data', 1);
    emitter.emit('data', 2);
    await until(() => log.includes('end 2'));
    expect(log.filter((line) => line === 'emit data')).toHaveLength(2);
    expect(log.filter((line) => !line.startsWith('emit'))).toEqual(['start 1', 'end 1', 'start 2', 'end 2']);
  });

  test('a subclass with an emit of its own', async () => {
    const log: string[] = [];
    class Logged extends net.Socket {
      override emit(event: string | symbol, ...args: unknown[]): boolean {
        log.push(`emit ${String(event)}`);
        return super.emit(event as 'data', ...(args as [Buffer]));
      }
    }
    const emitter = new Logged();
    log.length = 0;
    register(emitter, 'on', 'data', slow(log, 1));
    log.length = 0;
    emitter.emit('data', 1 as never);
    emitter.emit('data', 2 as never);
    await until(() => log.includes('end 2'));
    // The socket also emits resume, some time.
    expect(log.filter((line) => line !== 'emit resume')).toEqual([
      'emit data',
      'start 1',
      'end 1',
      'emit data',
      'start 2',
      'end 2',
    ]);
  });

  test('captureRejections still routes promises of plain listeners', async () => {
    const emitter = new net.Socket({ captureRejections: true } as never);
    const errors: unknown[] = [];
    emitter.on('error', (error) => errors.push(error));
    register(emitter, 'on', 'data', slow([], 1));
    const error = new Error('captured');
    emitter.on('data', () => Promise.reject(error));
    emitter.emit('data', 1);
    await until(() => errors.length > 0);
    expect(errors).toEqual([error]);
  });
});

test.each(['data', 'end'])(
  'a socket that may not be half open is ended after its suspended listener of %s',
  async (event) => {
    const ended: string[] = [];
    const server = net.createServer((connection) => {
      register(
        connection,
        'on',
        event,
        blocking(async () => {
          await sleep(20);
          connection.write(event);
        }),
      );
      connection.on('error', ({ message }) => ended.push(message)).on('close', () => ended.push('closed'));
      connection.resume();
    });
    await new Promise<void>((resolve) => void server.listen(0, resolve));
    const client = net.connect((server.address() as net.AddressInfo).port);
    let received = '';
    client.on('data', (chunk) => {
      received += chunk;
    });
    client.end('request');
    await until(() => ended.length > 0 && client.closed);
    server.close();
    expect([received, ended]).toEqual([event, ['closed']]);
  },
);

describe('concurrent order', () => {
  test('connections do not wait for each other, and stay silent while their listener is suspended', async () => {
    const log: string[] = [];
    const server = net.createServer();
    register(
      server,
      'on',
      'connection',
      blocking(async (client: net.Socket) => {
        log.push('start');
        await sleep(15);
        client.on('error', () => log.push('error seen'));
        log.push('end');
      }),
    );
    const [a, b] = [socket(), socket()];
    server.emit('connection', a);
    server.emit('connection', b);
    expect(log).toEqual(['start', 'start']);
    // Without the hold this would be an unhandled error.
    a.emit('error', new Error('reset'));
    expect(log).toEqual(['start', 'start']);
    await until(() => log.length === 5);
    expect(log.indexOf('error seen')).toBeGreaterThan(log.indexOf('end'));
    expect([...log].sort()).toEqual(['end', 'end', 'error seen', 'start', 'start']);
  });

  test('the listeners of one emission keep their order, and emissions overlap', async () => {
    const log: string[] = [];
    const server = http.createServer();
    const named = (name: string) =>
      blocking(async (value: unknown) => {
        log.push(`${name} starts ${value}`);
        await sleep(name === 'first' ? 15 : 2);
        log.push(`${name} ends ${value}`);
      });
    register(server, 'on', 'request', named('first'));
    server.on('request', (value) => log.push(`plain ${value}`));
    register(server, 'on', 'request', named('last'));
    expect(server.emit('request', 'a')).toBe(true);
    expect(server.emit('request', 'b')).toBe(true);
    expect(log).toEqual(['first starts a', 'first starts b']);
    await until(() => log.length === 10);
    for (const value of ['a', 'b']) {
      expect(log.filter((line) => line.endsWith(value))).toEqual([
        `first starts ${value}`,
        `first ends ${value}`,
        `plain ${value}`,
        `last starts ${value}`,
        `last ends ${value}`,
      ]);
    }
  });

  test('a throw after a suspension ends the emission, as one before it', async () => {
    const log: unknown[] = [];
    const failure = new Error('failed');
    const server = http.createServer();
    register(
      server,
      'on',
      'request',
      blocking(async (isFailing: boolean) => {
        await sleep(1);
        if (isFailing) throw failure;
      }),
    );
    server.on('request', (isFailing) => log.push(isFailing));
    const uncaught = await uncaughtDuring(async () => {
      server.emit('request', true);
      server.emit('request', false);
      await until(() => log.length === 1);
    });
    expect(uncaught).toEqual([[failure, 'uncaughtException']]);
    expect(log).toEqual([false]);
  });

  test('the next listener attaches its own before what it gets emits', async () => {
    const log: string[] = [];
    const server = net.createServer();
    const handler = (name: string) =>
      blocking(async (client: net.Socket) => {
        await sleep(2);
        client.on('error', () => log.push(`${name} sees the error`));
        log.push(name);
      });
    register(server, 'on', 'connection', handler('first'));
    register(server, 'on', 'connection', handler('second'));
    const client = socket();
    server.emit('connection', client);
    client.emit('error', new Error('reset'));
    await until(() => log.length === 4);
    expect(log).toEqual(['first', 'second', 'first sees the error', 'second sees the error']);
  });

  test('a listener that is called once is called for the emission that came first', async () => {
    const log: string[] = [];
    const server = http.createServer();
    register(
      server,
      'on',
      'request',
      blocking(async (value: string) => {
        await sleep(value === 'a' ? 20 : 1);
      }),
    );
    register(server, 'once', 'request', slow(log, 1));
    server.once('request', (value) => log.push(`plain ${value}`));
    server.emit('request', 'a');
    server.emit('request', 'b');
    expect(server.listenerCount('request')).toBe(1);
    await until(() => log.length === 3);
    await sleep(5);
    expect(log).toEqual(['start a', 'end a', 'plain a']);
  });

  test('listeners that suspend keep their order behind an emit of the program’s', async () => {
    const log: string[] = [];
    class Server extends http.Server {}
    Server.prototype.emit = function (...args: unknown[]) {
      log.push('emit');
      return Reflect.apply(http.Server.prototype.emit, this, args) as boolean;
    };
    const server = new Server();
    register(server, 'on', 'request', slow(log));
    register(server, 'on', 'request', slow(log));
    server.emit('request', 'a');
    await until(() => log.length === 5);
    expect(log).toEqual(['emit', 'start a', 'end a', 'start a', 'end a']);
  });

  test('a throw ends the emission behind such an emit, too', async () => {
    const log: string[] = [];
    const server = http.createServer();
    const { emit } = server;
    server.emit = (...args: unknown[]) => Reflect.apply(emit, server, args) as boolean;
    register(server, 'on', 'request', slow(log));
    register(
      server,
      'on',
      'request',
      blocking(async () => {
        await sleep(1);
        throw new Error('second');
      }),
    );
    register(server, 'on', 'request', slow(log));
    const uncaught = await uncaughtDuring(async () => {
      server.emit('request', 'a');
      await until(() => log.length === 2);
      await sleep(20);
    });
    expect([uncaught.length, log]).toEqual([1, ['start a', 'end a']]);
  });

  test('the twin of emit waits for the handler that a server was made with', async () => {
    const log: string[] = [];
    const server = register(http, 'createServer', slow(log)) as http.Server;
    const result = Reflect.apply(twinOf(server.emit) as Callable, server, ['request', 'a']);
    expect(result).toBe(SUSPENDED);
    expect(unbox(await take())).toBe(true);
    expect(log).toEqual(['start a', 'end a']);
  });

  test('a request waits for the listener of its connection; a body that is being read, for that of the request', async () => {
    const log: unknown[] = [];
    const server = http.createServer();
    register(
      server,
      'on',
      'connection',
      blocking(async (connection: net.Socket & { user?: string }) => {
        await sleep(30);
        connection.user = 'ann';
      }),
    );
    register(
      server,
      'on',
      'request',
      blocking(async (request: http.IncomingMessage, response: http.ServerResponse) => {
        log.push((request.socket as { user?: string }).user);
        request.on('data', (chunk) => log.push(String(chunk)));
        await sleep(30);
        request.on('end', () => response.end('read'));
      }),
    );
    register(
      server,
      'on',
      'request',
      blocking(async () => {
        await sleep(10);
        log.push('next listener');
      }),
    );
    await new Promise<void>((done) => server.listen(0, done));
    try {
      const { port } = server.address() as net.AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'body' });
      expect([...log, await answer.text()]).toEqual(['ann', 'next listener', 'body', 'read']);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('a server that was made with a handler keeps the order of those that come later', async () => {
    const log: string[] = [];
    const server = register(http, 'createServer', slow(log)) as http.Server;
    server.on('request', (value) => log.push(`plain ${value}`));
    server.emit('request', 'a');
    await until(() => log.length === 3);
    expect(log).toEqual(['start a', 'end a', 'plain a']);
  });
});

describe('process signals', () => {
  test('start the twin; process keeps its emit', async () => {
    const log: string[] = [];
    const listener = slow(log, 1);
    register(process, 'on', 'SIGUSR2', listener);
    try {
      process.kill(process.pid, 'SIGUSR2');
      await until(() => log.length === 2);
      expect(Object.hasOwn(process, 'emit') && process.emit.name === 'emit').toBe(false);
    } finally {
      process.off('SIGUSR2', listener as never);
    }
    expect(process.listenerCount('SIGUSR2')).toBe(0);
  });

  test('that come while a listener is suspended go to those that listen when it has ended, each once', async () => {
    const log: string[] = [];
    const hear = (name: string) =>
      blocking(async (signal: unknown, number: unknown) => {
        log.push(`${name} ${signal} ${number}`);
        await sleep(2);
      });
    const first = hear('first');
    const removed = hear('removed');
    const added = hear('added');
    const plain = () => log.push('plain');
    const emit = () => process.emit('SIGUSR2' as never, 'SIGUSR2' as never, 12 as never);
    try {
      for (const listener of [first, removed]) register(process, 'on', 'SIGUSR2', listener);
      process.on('SIGUSR2', plain);
      emit();
      emit();
      expect(log.splice(0)).toEqual(['first SIGUSR2 12', 'plain', 'plain']);
      process.off('SIGUSR2', removed as never);
      register(process, 'once', 'SIGUSR2', added);
      process.on('SIGUSR2', plain);
      await until(() => log.length === 4);
      await sleep(5);
      // Of the first signal Node was telling the second listener already; who is there twice has heard the second one once.
      expect(log).toEqual(['removed SIGUSR2 12', 'first SIGUSR2 12', 'added SIGUSR2 12', 'plain']);
      expect(process.listenerCount('SIGUSR2')).toBe(3);
    } finally {
      process.removeAllListeners('SIGUSR2');
    }
  });
});

describe('the twin of emit', () => {
  const emit = async (emitter: EventEmitter, ...args: unknown[]): Promise<unknown> => {
    const twin = twinOf(emitter.emit);
    if (twin === undefined) throw new Error('emit has no twin');
    const result = Reflect.apply(twin, emitter, args);
    return result === SUSPENDED ? unbox(await take()) : result;
  };

  test('awaits the listeners in order', async () => {
    const emitter = new EventEmitter();
    const log: string[] = [];
    register(emitter, 'on', 'saved', slow(log));
    emitter.on('saved', (value) => log.push(`plain ${value}`));
    register(emitter, 'on', 'saved', slow(log));
    expect(await emit(emitter, 'saved', 1)).toBe(true);
    expect(log).toEqual(['start 1', 'end 1', 'plain 1', 'start 1', 'end 1']);
  });

  test('a once listener is removed before it runs, and runs through its twin', async () => {
    const emitter = new EventEmitter();
    const counts: number[] = [];
    const listener = blocking(async () => {
      counts.push(emitter.listenerCount('saved'));
      await sleep(1);
    });
    register(emitter, 'once', 'saved', listener);
    expect(await emit(emitter, 'saved')).toBe(true);
    expect(await emit(emitter, 'saved')).toBe(false);
    expect(counts).toEqual([0]);
  });

  test('a once listener that an emission within another has run is not run again', async () => {
    const emitter = new EventEmitter();
    const log: string[] = [];
    register(
      emitter,
      'once',
      'saved',
      blocking(async (value: unknown) => {
        log.push(`first ${value}`);
        await sleep(1);
        await emit(emitter, 'saved', 'again');
      }),
    );
    register(emitter, 'once', 'saved', slow(log));
    expect(await emit(emitter, 'saved', 1)).toBe(true);
    expect(log).toEqual(['first 1', 'start again', 'end again']);
  });

  test('a wrapper of the program’s own, with the listener property, is called itself', async () => {
    const emitter = new EventEmitter();
    const log: string[] = [];
    const wrapper = () => void log.push('wrapper');
    emitter.on('saved', Object.assign(wrapper, { listener: blocking(async () => {}) }));
    expect(await emit(emitter, 'saved')).toBe(true);
    expect([log, emitter.listenerCount('saved')]).toEqual([['wrapper'], 1]);
  });

  test('does not suspend where no listener has a twin', () => {
    const emitter = new EventEmitter();
    emitter.on('saved', () => Promise.resolve());
    const twin = twinOf(emitter.emit);
    expect(twin?.call(emitter, 'saved')).toBe(true);
    expect(twin?.call(emitter, 'other')).toBe(false);
  });

  test('a throw ends the emission; error events without listeners throw', async () => {
    const emitter = new EventEmitter();
    const log: string[] = [];
    const error = new Error('late');
    register(
      emitter,
      'on',
      'saved',
      blocking(async () => {
        await sleep(1);
        throw error;
      }),
    );
    emitter.on('saved', () => log.push('plain'));
    await expect(emit(emitter, 'saved')).rejects.toBe(error);
    expect(log).toEqual([]);
    await expect(emit(emitter, 'error', error)).rejects.toBe(error);
  });

  test('of an emitter with serial events: the listener, not what stands for it', async () => {
    const emitter = socket();
    const log: string[] = [];
    register(emitter, 'once', 'timeout', slow(log));
    expect(await emit(emitter, 'timeout', 1)).toBe(true);
    expect(log).toEqual(['start 1', 'end 1']);
    expect(emitter.listenerCount('timeout')).toBe(0);
  });

  test('a synchronous caller of emit on another emitter runs the originals', () => {
    const emitter = new EventEmitter();
    const log: string[] = [];
    const listener = linkTwin((() => void log.push('original')) as Callable, () => void log.push('twin'));
    methodRegistrar(emitter.on, 'on').call(emitter, 'saved', listener);
    emitter.emit('saved');
    expect(log).toEqual(['original']);
  });
});

describe('a worker that ends while a listener is suspended', () => {
  /** What is heard of a worker whose first message finds a listener that suspends until the thread has ended. */
  const heard = async (program: string, behind?: (worker: Worker, log: string[]) => void) => {
    const log: string[] = [];
    const worker = new Worker(`const { parentPort } = require('worker_threads'); ${program}`, { eval: true });
    const listen = (name: string, event: string, tell: (value: unknown) => void) =>
      register(
        worker,
        name,
        event,
        blocking(async (value: unknown) => tell(value)),
      );
    register(
      worker,
      'once',
      'message',
      blocking(async (value: unknown) => {
        await until(() => worker.threadId === -1);
        log.push(`first ${value}`);
        behind?.(worker, log);
      }),
    );
    if (behind === undefined) listen('on', 'message', (value) => log.push(`message ${value}`));
    listen('on', 'error', (error) => log.push(`error ${(error as Error).message}`));
    listen('once', 'exit', (code) => log.push(`exit ${code}`));
    await until(() => log.some((line) => line.startsWith('exit')));
    return log;
  };
  const program = 'parentPort.postMessage(1); parentPort.postMessage(2);';

  test('tells its listeners all that it has sent, and how it ended', async () => {
    expect(await heard(program)).toEqual(['first 1', 'message 1', 'message 2', 'exit 0']);
  });

  test('tells its listeners an error', async () => {
    const uncaught = await uncaughtDuring(async () => {
      const log = await heard(`${program} setTimeout(() => { throw new Error('broken'); }, 5);`);
      expect(log).toEqual(['first 1', 'message 1', 'message 2', 'error broken', 'exit 1']);
    });
    expect(uncaught).toEqual([]);
  });

  test('tells listeners that are added behind the suspension', async () => {
    const log = await heard(program, (worker, lines) => worker.on('message', (value) => lines.push(`late ${value}`)));
    expect(log).toEqual(['first 1', 'late 2', 'exit 0']);
  });
});
