/** Packs end to end: each server is built twice, from handlers that throw and answer at once, and from twins that suspend first. */
import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import net, { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { CHAINING_METHODS } from '../../../transformer/src/catalogue/paths.js';
import { ROOT_PACKS, ROOTS } from '../../../transformer/src/catalogue/roots.js';
import { installRoots } from '../../src/node/roots/install.js';
import { resolve } from '../../src/node/roots/resolve.js';
import { PACK_NAMES, pack } from '../../src/packs/install.js';
import { method } from '../../src/twin/callee.js';
import { link } from '../../src/twin/link.js';
import { box, type Callable, rootOf, SUSPENDED, take } from '../../src/twin/protocol.js';
import { blocking, register, sleep } from '../roots/helpers.js';

installRoots();

const load = createRequire(import.meta.url);
const exportsOf = new Map<string, unknown>(
  ['express', 'express4', 'connect', 'koa', '@koa/router', 'fastify'].map((name) => [name, load(name)]),
);
for (const [name, exports] of exportsOf) pack(name.replace('express4', 'express'), exports);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** `fn` as it is, or as a twin of the same name and length that suspends before it runs. */
type Form = (fn: Callable) => Callable;
const FORMS: Readonly<Record<string, Form>> = {
  original: (fn) => fn,
  twin: (fn) => {
    const impl = async function (this: unknown, ...args: unknown[]) {
      await sleep(1);
      return box(Reflect.apply(fn, this, args));
    };
    for (const key of ['name', 'length'] as const) Object.defineProperty(impl, key, { value: fn[key] });
    return blocking(impl);
  },
};

const request = async (port: number, path: string, init: RequestInit = {}): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { connection: 'close' } });
  return `${response.status} ${await response.text()}`;
};

/** The same by a client that ends its side of the connection right behind the request. */
async function halfClosing(port: number, path: string): Promise<string> {
  const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  client.end(`GET ${path} HTTP/1.0\r\nHost: localhost\r\n\r\n`);
  const [head = '', ...body] = (await text(client)).split('\r\n\r\n');
  return `${head.split(' ')[1]} ${body.join('\r\n\r\n')}`;
}

function busyFor(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

async function serve(listener: http.RequestListener): Promise<number> {
  const server = http.createServer(listener).listen(0, '127.0.0.1');
  closers.push(() => new Promise((done) => server.close(done)));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Answers of the two forms of a server to the same requests. */
async function compare(
  start: (form: Form) => Promise<number>,
  paths: readonly string[],
): Promise<Record<string, string[]>> {
  const answers: Record<string, string[]> = {};
  const halfClosed: Record<string, string[]> = {};
  for (const [name, form] of Object.entries(FORMS)) {
    const port = await start(form);
    answers[name] = await Promise.all(paths.map((path) => request(port, path)));
    halfClosed[name] = [];
    // The end of the client's side comes at another moment of the handlers' suspension each time.
    for (let i = 0; i < 10; i++) {
      halfClosed[name].push(...(await Promise.all(paths.map((path) => halfClosing(port, path)))));
      busyFor(i / 3);
    }
  }
  expect(halfClosed.twin).toEqual(halfClosed.original);
  return answers;
}

type Next = (error?: unknown) => void;
type Request = http.IncomingMessage & { url: string; params: Record<string, string>; log: string[] };
type Response = http.ServerResponse & { send(text: string): void };

describe.each(['express', 'express4'])('%s', (name) => {
  const express = exportsOf.get(name) as (() => Callable & object) & { Router: () => Callable & object };
  const awaitsResult = name === 'express';

  const build = (form: Form): Callable => {
    const app = express();
    register(
      app,
      'use',
      form((req: Request, _res: unknown, next: Next) => {
        req.log = [`use ${req.url}`];
        next();
      }),
    );
    register(
      app,
      'param',
      'id',
      form((req: Request, _res: unknown, next: Next, value: string, key: string) => {
        req.log.push(`param ${key}=${value}`);
        if (value === 'bad') throw new Error('bad parameter');
        next();
      }),
    );
    register(
      app,
      'get',
      '/item/:id',
      form((req: Request, res: Response) => res.send(req.log.join(', '))),
    );
    const step = (text: string) =>
      form((req: Request, _res: unknown, next: Next) => {
        req.log.push(text);
        next();
      });
    register(
      app,
      'get',
      '/nested',
      [step('a'), [step('b')]],
      step('c'),
      form((req: Request, res: Response) => res.send(req.log.join(', '))),
    );
    register(
      app,
      'get',
      '/throws',
      form(() => {
        throw new Error('thrown');
      }),
      form((_req: unknown, res: Response) => res.send('not skipped')),
    );
    register(
      app,
      'get',
      '/undefined',
      form(() => {
        throw undefined;
      }),
      form((_req: unknown, res: Response) => res.send('went on')),
    );
    register(
      app,
      'get',
      '/route',
      form((_req: unknown, _res: unknown, next: (to: string) => void) => next('route')),
      form((_req: unknown, res: Response) => res.send('not skipped')),
    );
    const router = express.Router();
    register(
      router,
      'get',
      '/inner',
      form((_req: unknown, res: Response) => res.send('inner')),
    );
    register(
      router,
      'use',
      form((_req: unknown, _res: unknown, next: Next) => next(new Error('from next'))),
    );
    register(app, 'use', '/router', router);
    const route = (app as unknown as { route(path: string): object }).route('/chain');
    register(route, 'all', step('all'));
    register(
      route,
      'get',
      form((req: Request, res: Response) => res.send(req.log.join(', '))),
    );
    register(
      app,
      'use',
      form((error: Error, req: Request, _res: unknown, next: Next) => {
        req.log.push('error handler');
        if (req.url === '/throws') throw new Error(`${error.message} and thrown`);
        next(new Error(`${error.message}, again`));
      }),
    );
    register(
      app,
      'use',
      form((error: Error, req: Request, res: http.ServerResponse, _next: Next) => {
        res.statusCode = 500;
        res.end(`${error.message} after ${req.log.join(', ')}`);
      }),
    );
    return app;
  };

  const PATHS = [
    '/item/7',
    '/item/bad',
    '/nested',
    '/throws',
    '/undefined',
    '/route',
    '/router/inner',
    '/router/other',
    '/chain',
  ];

  test('twins answer as the originals do', async () => {
    const { original, twin } = await compare((form) => serve(build(form) as http.RequestListener), PATHS);
    expect(twin).toEqual(original);
    expect(original?.slice(0, 5)).toEqual([
      '200 use /item/7, param id=7',
      '500 bad parameter, again after use /item/bad, param id=bad, error handler',
      '200 use /nested, a, b, c',
      '500 thrown and thrown after use /throws, error handler',
      '200 went on',
    ]);
  });

  test('handlers run concurrently', async () => {
    const app = express();
    let running = 0;
    let most = 0;
    register(
      app,
      'get',
      '/',
      blocking(async (_req: unknown, res: Response) => {
        most = Math.max(most, ++running);
        for (const until = Date.now() + 2000; most < 3 && Date.now() < until; ) await sleep(5);
        running--;
        res.send('done');
      }),
    );
    const port = await serve(app as http.RequestListener);
    await Promise.all([1, 2, 3].map(() => request(port, '/')));
    expect(most).toBe(3);
  });

  test('settings, and handlers without a twin, are left alone', () => {
    const app = express();
    expect(register(app, 'get', 'env')).toBe(process.env.NODE_ENV ?? 'development');
    const handler = (_req: unknown, res: Response) => res.send('');
    register(app, 'get', '/', handler);
    const { stack } = (app as unknown as Record<string, { stack: { route?: { stack: { handle: unknown }[] } }[] }>)[
      awaitsResult ? 'router' : '_router'
    ] as { stack: { route?: { stack: { handle: unknown }[] } }[] };
    expect(stack.at(-1)?.route?.stack[0]?.handle).toBe(handler);
  });

  test('what the router is given: same name and length, and a promise only where it awaits one', async () => {
    const app = express();
    const route = (app as unknown as { route(path: string): { stack: { handle: Callable }[] } }).route('/');
    register(
      route,
      'get',
      FORMS.twin?.(function named(_req: unknown, _res: unknown, _next: unknown) {}),
    );
    const { handle } = route.stack[0] as { handle: Callable };
    expect([handle.name, handle.length]).toEqual(['named', 3]);
    const result = handle({}, {}, () => {});
    expect(result instanceof Promise).toBe(awaitsResult);
    await result;
  });

  test('a promise that a handler returns is treated as the router treats it', async () => {
    const start = (form: Form) => {
      const app = express();
      register(
        app,
        'get',
        '/',
        form((_req: unknown, res: Response) => {
          const failed = Promise.reject(new Error('in the promise'));
          // Express 4 does not look at it; nor must it become an unhandled rejection here.
          failed.catch(() => {});
          if (!awaitsResult) res.send('sent');
          return failed;
        }),
      );
      register(app, 'use', (error: Error, _req: unknown, res: http.ServerResponse, _next: Next) =>
        res.end(error.message),
      );
      return serve(app as http.RequestListener);
    };
    const { original, twin } = await compare(start, ['/']);
    expect(twin).toEqual(original);
    expect(twin).toEqual([awaitsResult ? '200 in the promise' : '200 sent']);
  });

  test('what renders in a form that can wait waits for the engine; elsewhere the engine runs at once', async () => {
    const app = express();
    type Done = (error: unknown, text?: string) => void;
    const render = (form: string, { fails }: { fails?: boolean }, done: Done) => {
      if (fails) throw new Error(`fails ${form}`);
      done(null, form);
    };
    const engine = (_path: string, options: object, done: Done) => render('at once', options, done);
    link(engine, async (_path: string, options: object, done: Done) => {
      await sleep(5);
      render('later', options, done);
    });
    register(app, 'set', 'views', import.meta.dirname);
    register(app, 'engine', 'ts', engine);
    type View = Response & { render(name: string, options?: object): void };
    const told: boolean[] = [];
    const handle = (options: object) =>
      blocking(async (_req: unknown, res: View) => {
        const result = method(res.render, 'res.render').call(res, 'packs.test.ts', options);
        if (result === SUSPENDED) await take();
        told.push((res as unknown as http.ServerResponse).headersSent);
      });
    register(app, 'get', '/later', handle({}));
    register(app, 'get', '/fails', handle({ fails: true }));
    register(app, 'get', '/at-once', (_req: unknown, res: View) => res.render('packs.test.ts'));
    register(app, 'get', '/missing', (_req: unknown, res: View) => res.render('missing.ts'));
    register(app, 'use', (error: Error, _req: unknown, res: http.ServerResponse, _next: Next) =>
      res.end(error.message.slice(0, 21)),
    );
    const port = await serve(app as http.RequestListener);
    const answers = [];
    for (const path of ['/later', '/fails', '/at-once', '/missing']) answers.push(await request(port, path));
    expect(answers).toEqual(['200 later', '200 fails later', '200 at once', '200 Failed to lookup view']);
    expect(told).toEqual([true, true]);
  });

  test.each(['register', 'wait'])(
    'a callback of render that is called at once has run when render returns: %s',
    (how) => {
      const app = express();
      type Done = (error: unknown, text?: string) => void;
      register(app, 'set', 'views', import.meta.dirname);
      register(app, 'engine', 'ts', (_path: string, _options: object, done: Done) => done(null, 'page'));
      const told: unknown[] = [];
      const done = (_error: unknown, text: string) => told.push(text);
      link(done, async (_error: unknown, text: string) => told.push(`later ${text}`));
      const { render } = app as unknown as { render: Callable };
      if (how === 'wait') method(render, 'render').call(app, 'packs.test.ts', {}, done);
      else register(app, 'render', 'packs.test.ts', {}, done);
      // Express 5 calls back on the next tick.
      expect(told).toEqual(awaitsResult ? [] : ['page']);
    },
  );

  test('listen calls back', async () => {
    const app = express();
    let listened = false;
    const server = register(
      app,
      'listen',
      0,
      blocking(async () => {
        await sleep(1);
        listened = true;
      }),
    ) as http.Server;
    await once(server, 'listening');
    await sleep(5);
    expect(listened).toBe(true);
    server.close();
  });
});

test('connect', async () => {
  const connect = exportsOf.get('connect') as () => object;
  const start = (form: Form) => {
    const app = connect();
    register(
      app,
      'use',
      '/ok',
      form((_req: unknown, res: http.ServerResponse) => res.end('ok')),
    );
    register(
      app,
      'use',
      '/throws',
      form(() => {
        throw new Error('thrown');
      }),
    );
    register(
      app,
      'use',
      form((_req: unknown, _res: unknown, next: Next) => next()),
    );
    register(
      app,
      'use',
      form((error: Error, _req: unknown, res: http.ServerResponse, _next: Next) => res.end(`caught ${error.message}`)),
    );
    return serve(app as http.RequestListener);
  };
  const { original, twin } = await compare(start, ['/ok', '/throws', '/none']);
  expect(twin).toEqual(original);
  expect(twin?.slice(0, 2)).toEqual(['200 ok', '200 caught thrown']);
});

test('koa and its router', async () => {
  const Koa = exportsOf.get('koa') as new () => { callback(): http.RequestListener; silent: boolean };
  const { default: Router } = exportsOf.get('@koa/router') as { default: new () => { routes(): Callable } };
  type Context = { body: unknown; path: string; state: { log: string[] }; params: { id: string } };
  const start = (form: Form) => {
    const app = new Koa();
    app.silent = true;
    register(
      app,
      'use',
      form(async (context: Context, next: () => Promise<void>) => {
        context.state.log = ['first'];
        await next();
        context.body = `${context.body ?? 'nothing'} after ${context.state.log}`;
      }),
    );
    register(
      app,
      'use',
      form((context: Context, next: () => Promise<void>) => {
        context.state.log.push('second');
        return next();
      }),
    );
    const router = new Router();
    register(
      router,
      'param',
      'id',
      form((id: string, context: Context, next: () => Promise<void>) => {
        context.state.log.push(`param ${id}`);
        return next();
      }),
    );
    register(
      router,
      'get',
      '/item/:id',
      form((context: Context) => {
        context.body = `item ${context.params.id}`;
      }),
    );
    register(
      router,
      'get',
      '/throws',
      form(() => {
        throw Object.assign(new Error('refused'), { status: 418, expose: true });
      }),
    );
    register(app, 'use', router.routes());
    return serve(app.callback());
  };
  const { original, twin } = await compare(start, ['/item/1', '/throws', '/none']);
  expect(twin).toEqual(original);
  expect(twin?.slice(0, 2)).toEqual(['200 item 1 after first,second,param 1', '418 refused']);
});

describe('fastify', () => {
  type App = { listen(options: object): Promise<string>; close(): Promise<void>; server: http.Server };
  type Reply = { send(value: unknown): Reply; code(code: number): Reply; sent: boolean };
  const fastify = exportsOf.get('fastify') as () => App;
  type Done = (error?: unknown, value?: unknown) => void;

  const build = (form: Form): App => {
    const app = fastify();
    const tag = form((request: { log2?: string[] }, _reply: unknown, done: Done) => {
      request.log2 = [...(request.log2 ?? []), 'hook'];
      done();
    });
    register(app, 'addHook', 'onRequest', tag);
    register(
      app,
      'addHook',
      'onSend',
      form((_request: unknown, _reply: unknown, payload: unknown, done: Done) => done(null, `${payload}!`)),
    );
    register(
      app,
      'get',
      '/returned',
      form(() => 'returned'),
    );
    register(
      app,
      'get',
      '/sent',
      form((_request: unknown, reply: Reply) => {
        reply.send('sent');
      }),
    );
    register(
      app,
      'get',
      '/sent-later',
      form((_request: unknown, reply: Reply) => {
        setTimeout(() => reply.send('sent later'), 10);
      }),
    );
    register(
      app,
      'get',
      '/reply',
      form((_request: unknown, reply: Reply) => reply.send('reply')),
    );
    register(
      app,
      'get',
      '/promise',
      form(() => Promise.resolve('from a promise')),
    );
    register(
      app,
      'get',
      '/throws',
      form(() => {
        throw new Error('thrown');
      }),
    );
    register(
      app,
      'get',
      '/hooks',
      { onRequest: [tag, tag], preHandler: tag },
      form((request: { log2: string[] }) => request.log2.join(' ')),
    );
    register(
      app,
      'get',
      '/hook-throws',
      {
        preHandler: form((_request: unknown, _reply: unknown, _done: Done) => {
          throw new Error('in the hook');
        }),
      },
      form(() => 'not reached'),
    );
    register(app, 'route', { method: 'GET', url: '/route', handler: form(() => 'route') });
    register(
      app,
      'setErrorHandler',
      form((error: Error, _request: unknown, reply: Reply) => {
        reply.code(503).send(`handled ${error.message}`);
      }),
    );
    register(
      app,
      'setNotFoundHandler',
      form((_request: unknown, reply: Reply) => {
        reply.code(404).send('nothing here');
      }),
    );
    return app;
  };

  const start = async (form: Form): Promise<number> => {
    const app = build(form);
    closers.push(() => app.close());
    await app.listen({ port: 0, host: '127.0.0.1' });
    return (app.server.address() as AddressInfo).port;
  };

  test('twins answer as the originals do', async () => {
    const paths = [
      '/returned',
      '/sent',
      '/sent-later',
      '/reply',
      '/promise',
      '/throws',
      '/hooks',
      '/hook-throws',
      '/route',
      '/none',
    ];
    const { original, twin } = await compare(start, paths);
    expect(twin).toEqual(original);
    expect(original).toEqual([
      '200 returned!',
      '200 sent!',
      '200 sent later!',
      '200 reply!',
      '200 from a promise!',
      '503 handled thrown!',
      '200 hook hook hook hook!',
      '503 handled in the hook!',
      '200 route!',
      '404 nothing here!',
    ]);
  });
});

describe('the catalogue', () => {
  const owners: Readonly<Record<string, () => unknown>> = {
    connect: () => ({ Server: (exportsOf.get('connect') as () => unknown)() }),
    fastify: () => ({ FastifyInstance: (exportsOf.get('fastify') as () => unknown)() }),
    '@koa/router': () => (exportsOf.get('@koa/router') as { default: unknown }).default,
  };

  /** Express has two owners of a router's methods, by version. */
  const find = (module: string, path: string): unknown[] => {
    if (module !== 'express') return [resolve((owners[module] ?? (() => exportsOf.get(module)))(), path)];
    return ['express', 'express4'].map((name) => {
      const inVersion = name === 'express' ? path.replace(/^Router\./, 'Router.prototype.') : path;
      return resolve(exportsOf.get(name), inVersion);
    });
  };

  const rows = ROOTS.filter(
    (row) => ROOT_PACKS.includes(row.module) && !['koa-router', 'node:test'].includes(row.module),
  );

  test.each(rows.map((row) => [`${row.module} ${row.path}`, row] as const))('%s has an adapter', (_name, row) => {
    const found = find(row.module, row.path);
    const expected = row.until === 4 ? found.slice(1) : found;
    for (const fn of expected) {
      expect(typeof fn).toBe('function');
      expect(rootOf(fn)).toBeTypeOf('function');
    }
  });

  const handler = (first: unknown, second: unknown, next: Callable) => next(first, second);
  const koaRouter = () => new (exportsOf.get('@koa/router') as { default: new () => unknown }).default();
  /** What makes the objects that have the methods of a row. */
  const makers: Readonly<Record<string, (exports: never) => unknown>> = {
    'express application': (express: () => unknown) => express(),
    'express Router': (express: { Router(): unknown }) => express.Router(),
    'express Route.prototype': (express: () => { route(path: string): unknown }) => express().route('/x'),
    'connect Server': (connect: () => unknown) => connect(),
    'koa prototype': (Koa: new () => unknown) => new Koa(),
    '@koa/router prototype': koaRouter,
    'fastify FastifyInstance': (fastify: () => unknown) => fastify(),
  };
  const given: Readonly<Record<string, readonly unknown[]>> = {
    use: [handler],
    param: ['id', handler],
    setErrorHandler: [handler],
    setNotFoundHandler: [handler],
    addHook: ['onRequest', handler],
    route: [{ method: 'GET', url: '/x', handler }],
    set: ['x', 1],
    enable: ['x'],
    disable: ['x'],
    prefix: ['/x'],
    redirect: ['/x', '/y'],
    register: [async () => {}],
    addSchema: [{ $id: 'x' }],
    withTypeProvider: [],
  };
  const chaining = [
    ...rows.filter(({ returnsThis }) => returnsThis).map(({ module, path, until }) => ({ module, path, until })),
    ...CHAINING_METHODS.map((method) => {
      const module = rows.find((row) => method.startsWith(`${row.module}.`))?.module;
      return { module, path: method.slice((module ?? '').length + 1), until: undefined };
    }).filter(({ module }) => module !== undefined),
  ];

  test.each(chaining.map((row) => [`${row.module} ${row.path}`, row] as const))(
    '%s returns its object',
    (_name, row) => {
      const at = row.path.lastIndexOf('.');
      const name = row.path.slice(at + 1);
      const versions =
        row.module !== 'express' ? [row.module] : row.until === 4 ? ['express4'] : ['express', 'express4'];
      for (const version of versions) {
        const object = makers[`${row.module} ${row.path.slice(0, at)}`]?.(
          exportsOf.get(version as string) as never,
        ) as Record<string, Callable>;
        const isOfRoute = row.path.startsWith('Route.');
        expect(object[name]?.(...(given[name] ?? (isOfRoute ? [handler] : ['/x', handler])))).toBe(object);
      }
    },
  );

  test('names the same packages', () => {
    expect([...ROOT_PACKS].sort()).toEqual([...PACK_NAMES].sort());
  });
});

describe('pack', () => {
  test('takes namespace objects, is idempotent, and ignores what it does not know', async () => {
    const namespace = await import('koa');
    const before = rootOf((exportsOf.get('koa') as { prototype: { use: unknown } }).prototype.use);
    pack('koa', namespace);
    pack('koa', namespace);
    expect(rootOf(namespace.default.prototype.use)).toBe(before);
    for (const [name, exports] of [
      ['unknown', {}],
      ['toString', {}],
      ['express', undefined],
      ['express', {}],
      ['fastify', 1],
    ] as const) {
      expect(() => pack(name, exports)).not.toThrow();
    }
  });
});
