import childProcess from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readline from 'node:readline';
import { PassThrough, Readable, Transform, Writable } from 'node:stream';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { installRoots } from '../../src/node/roots/install.js';
import { callee, constructorRegistrar } from '../../src/twin/callee.js';
import { type Callable, linkTwin } from '../../src/twin/protocol.js';
import { blocking, register, sleep, uncaughtDuring, until } from './helpers.js';

installRoots();

const listening = async (server: net.Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
};

const get = async (port: number, path: string, body?: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}${path}`, body === undefined ? {} : { method: 'POST', body })).text();

describe('callback-last functions', () => {
  test('start the twin, with the results', async () => {
    const seen: unknown[] = [];
    const done = blocking(async (error: unknown, text: unknown) => {
      await sleep(1);
      seen.push(error, text);
    });
    register(fs, 'readFile', import.meta.filename, 'utf8', done);
    await until(() => seen.length === 2);
    expect(seen[0]).toBeNull();
    expect(seen[1]).toContain('start the twin, with the results');
  });

  test('start the twin: what terminals are told', async () => {
    const seen: string[] = [];
    const done = (name: string) =>
      blocking(async () => {
        await sleep(1);
        seen.push(name);
      });
    const output = new Writable({ write: (_chunk, _encoding, written) => written() });
    register(readline, 'clearLine', output, 0, done('clearLine'));
    register(readline, 'clearScreenDown', output, done('clearScreenDown'));
    register(readline, 'cursorTo', output, 1, 2, done('cursorTo'));
    register(readline, 'moveCursor', output, 1, 2, done('moveCursor'));
    await until(() => seen.length === 4);
    expect(seen.sort()).toEqual(['clearLine', 'clearScreenDown', 'cursorTo', 'moveCursor']);
  });

  test('a rejection is uncaught', async () => {
    const error = new Error('late');
    const caught = await uncaughtDuring(async (seen) => {
      register(
        fs,
        'stat',
        '.',
        blocking(async () => {
          await sleep(1);
          throw error;
        }),
      );
      await until(() => seen.length > 0);
    });
    expect(caught).toEqual([[error, 'uncaughtException']]);
  });

  test('other function arguments stay as they are: the filter of fs.cp decides by its result', async () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'unblock-cp-'));
    fs.writeFileSync(join(folder, 'a'), 'text');
    let finished = false;
    const filter = linkTwin((() => false) as Callable, () => {
      throw new Error('the twin was called');
    });
    const done = blocking(async () => {
      finished = true;
    });
    register(fs, 'cp', join(folder, 'a'), join(folder, 'b'), { filter }, done);
    await until(() => finished);
    expect(fs.existsSync(join(folder, 'b'))).toBe(false);
    fs.rmSync(folder, { recursive: true });
  });

  test('execFile and a child’s events', async () => {
    const log: unknown[] = [];
    const child = register(
      childProcess,
      'execFile',
      process.execPath,
      ['-p', '1+1'],
      blocking(async (_error: unknown, stdout: string) => {
        await sleep(1);
        log.push(stdout.trim());
      }),
    ) as childProcess.ChildProcess;
    register(
      child,
      'on',
      'exit',
      blocking(async (code: number) => {
        await sleep(30);
        log.push(`exit ${code}`);
      }),
    );
    child.on('close', () => log.push('close'));
    await until(() => log.length === 3);
    // execFile itself listens to close, which waits for the listeners of exit; those that come later wait for its callback.
    expect(log).toEqual(['exit 0', '2', 'close']);
  });

  test('unwatchFile removes a listener that watchFile got', () => {
    const listener = blocking(async () => {});
    const watcher = register(fs, 'watchFile', import.meta.filename, listener) as fs.StatWatcher;
    expect(watcher.listenerCount('change')).toBe(1);
    fs.unwatchFile(import.meta.filename, listener as never);
    expect(watcher.listenerCount('change')).toBe(0);
  });

  test('readline: lines stay in order', async () => {
    const log: string[] = [];
    const lines = readline.createInterface({ input: Readable.from(['a\nb\nc\n']) });
    register(
      lines,
      'on',
      'line',
      blocking(async (line: string) => {
        log.push(line);
        await sleep(line === 'a' ? 10 : 1);
        log.push(line.toUpperCase());
      }),
    );
    lines.on('close', () => log.push('close'));
    await until(() => log.includes('close'));
    expect(log).toEqual(['a', 'A', 'b', 'B', 'c', 'C', 'close']);
  });
});

describe('http', () => {
  test('createServer: concurrent handlers, serial data, off by the original', async () => {
    let running = 0;
    let most = 0;
    const handler = blocking(async (request: http.IncomingMessage, response: http.ServerResponse) => {
      most = Math.max(most, ++running);
      await sleep(20);
      running--;
      const parts: string[] = [];
      register(
        request,
        'on',
        'data',
        blocking(async (chunk: Buffer) => {
          await sleep(5);
          parts.push(String(chunk));
        }),
      );
      register(
        request,
        'on',
        'end',
        blocking(async () => {
          await sleep(1);
          response.end(`${request.url} ${parts.join('')}`);
        }),
      );
    });
    const server = register(http, 'createServer', handler) as http.Server;
    expect(server.listeners('request')).toEqual([handler]);
    const port = await listening(server);
    const bodies = await Promise.all(['/a', '/b', '/c'].map((path) => get(port, path, `body of ${path}`)));
    expect(bodies).toEqual(['/a body of /a', '/b body of /b', '/c body of /c']);
    expect(most).toBe(3);
    server.off('request', handler as never);
    expect(server.listenerCount('request')).toBe(0);
    server.closeAllConnections();
    server.close();
  });

  test('new http.Server, http.get and listen', async () => {
    const server = new (constructorRegistrar(http.Server))(
      blocking(async (_request: unknown, response: http.ServerResponse) => {
        await sleep(1);
        response.end('served');
      }),
    ) as http.Server;
    expect(server).toBeInstanceOf(http.Server);
    const text = await new Promise((resolve) => {
      const started = blocking(async () => {
        await sleep(1);
        const { port } = server.address() as net.AddressInfo;
        register(
          http,
          'get',
          { port, agent: false },
          blocking(async (response: http.IncomingMessage) => {
            await sleep(10);
            let body = '';
            response.setEncoding('utf8').on('data', (chunk) => {
              body += chunk;
            });
            response.on('end', () => resolve(body));
          }),
        );
      });
      register(server, 'listen', 0, started);
    });
    expect(text).toBe('served');
    server.closeAllConnections();
    server.close();
  });

  test('a handler without a twin is registered as it is', () => {
    const handler = () => {};
    const server = callee(http.createServer, 'createServer')(handler) as http.Server;
    expect(server.rawListeners('request')).toEqual([handler]);
  });
});

test('net: what arrives while the connection’s listener is suspended is not lost', async () => {
  const server = register(
    net,
    'createServer',
    blocking(async (socket: net.Socket) => {
      await sleep(15);
      socket.on('data', (chunk) => socket.end(`got ${chunk}`));
    }),
  ) as net.Server;
  const port = await listening(server);
  const client = net.connect(port, '127.0.0.1', () => client.write('hello'));
  const [answer] = await once(client, 'data');
  expect(String(answer)).toBe('got hello');
  client.destroy();
  server.close();
});

describe('stream constructors', () => {
  const collect = async (stream: Readable): Promise<string> => {
    let text = '';
    for await (const chunk of stream) text += chunk;
    return text;
  };

  test('transform and flush complete by callback, in order', async () => {
    const upper = new (constructorRegistrar(Transform))({
      transform: blocking(async (chunk: Buffer, _encoding: string, done: (error: null, chunk: string) => void) => {
        await sleep(chunk.length > 1 ? 5 : 1);
        done(null, String(chunk).toUpperCase());
      }),
      flush: blocking(async (done: (error: null, chunk: string) => void) => {
        await sleep(1);
        done(null, '.');
      }),
    }) as Transform;
    expect(upper).toBeInstanceOf(Transform);
    Readable.from(['abc', 'd', 'ef']).pipe(upper);
    expect(await collect(upper)).toBe('ABCDEF.');
  });

  test('what the program calls itself has been done when it returns', () => {
    const log: string[] = [];
    const method = linkTwin(
      (chunk: unknown, _encoding: unknown, done: () => void) => {
        log.push(`blocking ${chunk}`);
        done();
      },
      () => {
        throw new Error('suspends');
      },
    );
    const stream = new (constructorRegistrar(Writable))({ write: method, decodeStrings: false }) as Writable;
    stream.write('a');
    log.push('written');
    expect(log).toEqual(['blocking a', 'written']);
  });

  test('read runs one after the other', async () => {
    let left = 3;
    let running = 0;
    let most = 0;
    const source = new (constructorRegistrar(Readable))({
      read: blocking(async function (this: Readable) {
        most = Math.max(most, ++running);
        await sleep(1);
        this.push(left-- > 0 ? String(left) : null);
        await sleep(2);
        running--;
      }),
    }) as Readable;
    const whole = new PassThrough();
    // From the loop.
    setImmediate(source.pipe.bind(source), whole);
    expect([await collect(whole), most]).toEqual(['210', 1]);
  });

  // Called by the loop itself: what a function of the program calls does not suspend.
  const ending = (stream: Transform) => void setImmediate(stream.end.bind(stream, 'x') as unknown as () => void);
  // Each method is compared with what Node does when the original throws.
  type Create = (options: object) => Transform;
  const passing: Callable = (_chunk, _encoding, done) => done();
  const PLACES: readonly (readonly [name: string, make: (method: Callable, create: Create) => unknown])[] = [
    ['transform', (transform, create) => ending(create({ transform }))],
    ['flush', (flush, create) => ending(create({ transform: passing, flush }))],
    ['write', (write, create) => ending(create({ write }))],
    ['final', (final, create) => ending(create({ transform: passing, final }))],
    ['construct', (construct, create) => create({ construct, transform: passing })],
    ['read', (read, create) => create({ read, transform: passing })],
    [
      'destroy',
      (destroy, create) => {
        const stream = create({ destroy });
        setImmediate(stream.destroy.bind(stream));
      },
    ],
  ];

  test.each(PLACES)('a rejection in %s goes where a throw goes', async (name, make) => {
    const outcome = async (method: Callable, New: new (options: object) => object) => {
      const log: string[] = [];
      const create: Create = (options) => {
        const stream = new New(options) as Transform;
        stream.on('error', (error) => log.push(`error event: ${error.message}`));
        return stream.resume();
      };
      // From the loop, as most writes are: a throw that reaches the writer is uncaught.
      const caught = await uncaughtDuring(async () => {
        setImmediate(() => make(method, create));
        await sleep(20);
      });
      return [...log, ...caught.map(([error, origin]) => `${origin}: ${(error as Error).message}`)];
    };
    const thrown = await outcome(() => {
      throw new Error(`in ${name}`);
    }, Transform);
    const rejected = await outcome(
      blocking(async () => {
        await sleep(1);
        throw new Error(`in ${name}`);
      }),
      constructorRegistrar(Transform),
    );
    expect(thrown).toEqual([expect.stringContaining(`in ${name}`)]);
    expect(rejected).toEqual(thrown);
  });

  test('options that are shared, inherited or without twins are not touched', async () => {
    const write: Callable = (_chunk, _encoding, done) => done();
    const plain = { write };
    const stream = new (constructorRegistrar(Writable))(plain) as Writable;
    expect(Object.getOwnPropertyDescriptor(stream, '_write')?.value).toBe(write);
    const method = blocking(async (_chunk: unknown, _encoding: unknown, done: () => void) => done());
    const options = Object.freeze({ write: method, highWaterMark: 3 });
    const second = new (constructorRegistrar(Writable))(options) as Writable;
    expect([options.write, second.writableHighWaterMark]).toEqual([method, 3]);
    expect(Object.getOwnPropertyDescriptor(second, '_write')?.value).not.toBe(method);
  });
});

describe('event targets', () => {
  test('messages of a port stay in order, and a listener is removed by itself', async () => {
    const { port1, port2 } = new MessageChannel();
    const log: string[] = [];
    const listener = blocking(async (value: number) => {
      log.push(`start ${value}`);
      await sleep(3);
      log.push(`end ${value}`);
    });
    register(port1, 'on', 'message', listener);
    port2.postMessage(1);
    port2.postMessage(2);
    await until(() => log.length === 4);
    expect(log).toEqual(['start 1', 'end 1', 'start 2', 'end 2']);
    register(port1, 'off', 'message', listener);
    expect((port1 as unknown as { listenerCount(type: string): number }).listenerCount('message')).toBe(0);
    port1.close();
  });

  test('addEventListener: the same listener twice runs once; other targets get the listener itself', async () => {
    const { port1, port2 } = new MessageChannel();
    const log: unknown[] = [];
    const listener = blocking(async (event: MessageEvent) => {
      await sleep(1);
      log.push(event.data);
    });
    register(port1, 'addEventListener', 'message', listener);
    register(port1, 'addEventListener', 'message', listener);
    port1.start();
    port2.postMessage('one');
    await until(() => log.length > 0);
    await sleep(3);
    expect(log).toEqual(['one']);
    port1.close();

    let original = false;
    const target = new EventTarget();
    const plain = linkTwin(
      (() => {
        original = true;
      }) as Callable,
      () => {
        throw new Error('the twin was called');
      },
    );
    register(target, 'addEventListener', 'custom', plain);
    target.dispatchEvent(new Event('custom'));
    expect(original).toBe(true);
    original = false;
    target.removeEventListener('custom', plain);
    target.dispatchEvent(new Event('custom'));
    expect(original).toBe(false);
  });
});
