/** Root adapters of Fastify 4 and 5. */
import { subscribe } from 'node:diagnostics_channel';
import { silenceConnectionUntil } from '../node/roots/connections.js';
import { overriding } from '../node/roots/options.js';
import { started, uncaughtCallback } from '../node/roots/wrap.js';
import { type Callable, linkRoot, unbox } from '../twin/protocol.js';
import { bag, linkNames, METHODS, mainExport } from './exports.js';

/** Hooks on a request: they continue by `done`, or by a promise that they return. */
const REQUEST_HOOKS: readonly string[] = [
  ...[
    'onRequest',
    'preParsing',
    'preValidation',
    'preHandler',
    'preSerialization',
    'onSend',
    'onResponse',
    'onTimeout',
  ],
  ...['onError', 'onRequestAbort'],
];
/** Hooks on the application. The others (onRoute, onRegister) must finish before the call that runs them returns. */
const HOOKS: readonly string[] = [...REQUEST_HOOKS, 'onReady', 'onListen', 'preClose', 'onClose'];
const HANDLERS: readonly string[] = ['handler', 'errorHandler'];

let subscribed = false;

/**
 * Links the methods of every Fastify instance made from now on. Each instance has functions of its own; Fastify announces it on a
 * diagnostics channel before it is returned.
 */
export function applyFastify(fastify: unknown): void {
  if (subscribed || mainExport(fastify) === undefined) return;
  subscribed = true;
  subscribe('fastify.initialization', (message) => linkInstance(bag(message).fastify));
}

function linkInstance(instance: unknown): void {
  for (const name of METHODS) linkArguments(instance, name, (args) => args.map(routeArgument));
  linkArguments(instance, 'route', (args) => args.map(options));
  linkArguments(instance, 'setNotFoundHandler', (args) => args.map(routeArgument));
  linkNames(instance, ['setErrorHandler'], 'last', handler);
  linkArguments(instance, 'addHook', ([name, ...rest]) => [
    name,
    ...rest.map((arg) => (HOOKS.includes(String(name)) ? hook(arg) : arg)),
  ]);
  linkNames(instance, ['listen', 'inject'], 'last', uncaughtCallback);
}

function linkArguments(instance: unknown, name: string, replace: (args: unknown[]) => unknown[]): void {
  const original = bag(instance)[name];
  if (typeof original !== 'function') return;
  linkRoot(original as Callable, function (this: unknown, ...args: unknown[]) {
    return Reflect.apply(original, this, replace(args));
  });
}

/** An argument of `get(url, options, handler)` and the like. */
function routeArgument(value: unknown): unknown {
  return typeof value === 'function' ? handler(value) : options(value);
}

function options(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const given = bag(value);
  const replaced = [
    ...HANDLERS.map((name) => [name, handler(given[name])] as const),
    ...REQUEST_HOOKS.map((name) => [name, hooks(given[name])] as const),
  ];
  return overriding(value, new Map(replaced.filter(([name, option]) => option !== given[name])));
}

/** A hook, or an array of hooks, which is itself returned where none has a twin. */
function hooks(value: unknown): unknown {
  if (!Array.isArray(value)) return hook(value);
  const replaced = value.map(hook);
  return replaced.some((item, at) => item !== value[at]) ? replaced : value;
}

/**
 * A handler `(request, reply)` or error handler `(error, request, reply)`. A promise of undefined makes Fastify send an empty reply, which
 * the plain result undefined does not: there the handler has sent one, or will. A promise of `reply` waits for that.
 */
function handler(value: unknown): unknown {
  return started(value, (pending, args) => {
    silenceConnectionUntil([bag(args.at(-1)).raw], pending);
    return pending.then((boxed) => {
      const result = unbox(boxed);
      return result === undefined ? args.at(-1) : result;
    });
  });
}

/** A hook. Fastify also continues when a promise resolves, which a hook that calls `done` must not make it do. */
function hook(value: unknown): unknown {
  return started(value, (pending, args) => {
    silenceConnectionUntil([bag(args[0]).raw], pending);
    const done = args.at(-1);
    if (typeof done !== 'function') return pending.then(unbox);
    pending.then(
      (boxed) => {
        const result = unbox(boxed);
        const { then } = bag(result);
        if (typeof then === 'function') {
          then.call(
            result,
            (payload: unknown) => done(null, payload),
            (error: unknown) => done(error),
          );
        }
      },
      (error) => done(error),
    );
    return undefined;
  });
}
