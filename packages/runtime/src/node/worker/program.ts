/**
 * The program of the worker thread: it makes blocking calls of node:fs, and answers with what structured cloning would lose spelled out. As
 * text, because a file of its own would have to be found from wherever a bundler has put this package.
 */

/** A listing's entry, without its class. */
export interface PlainDirent {
  readonly name: unknown;
  readonly type: number;
  readonly parentPath: unknown;
}

/** One of Node's SystemErrors, which are made of a code and these details. */
export interface SystemFailure {
  readonly kind: 'systemError';
  /** Name of its class: SystemError itself, or one that extends it. */
  readonly className: string;
  readonly code: string;
  readonly info: Readonly<Record<string, unknown>>;
}

export type Answer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'dirents'; readonly dirents: readonly PlainDirent[] }
  /** A plain Error: its own fields in their order. */
  | { readonly kind: 'error'; readonly message: string; readonly fields: readonly (readonly [string, unknown])[] }
  | SystemFailure
  /** An outcome that cannot be sent: the caller has to make the call itself. Only outcomes of calls that have done nothing. */
  | { readonly kind: 'unsendable' };

export interface Request {
  readonly id: number;
  /** The export of node:fs. */
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface Message {
  readonly id: number;
  readonly answer: Answer;
}

export const PROGRAM = `
'use strict';
const { parentPort } = require('node:worker_threads');
const fs = require('node:fs');

function sendable(value) {
  if (!Array.isArray(value) || !value.some((item) => item instanceof fs.Dirent)) return { kind: 'value', value };
  const dirents = value.map((item) => {
    const type = Object.getOwnPropertySymbols(item).map((key) => item[key]);
    if (item.constructor !== fs.Dirent || type.length !== 1) return undefined;
    return { name: item.name, type: type[0], parentPath: item.parentPath };
  });
  return dirents.includes(undefined) ? { kind: 'unsendable' } : { kind: 'dirents', dirents };
}

function failure(error) {
  if (!(error instanceof Error)) return { kind: 'unsendable' };
  if (error.constructor === Error) {
    const fields = Object.entries(error);
    return { kind: 'error', message: error.message, fields };
  }
  if (error.name === 'SystemError') {
    return { kind: 'systemError', className: error.constructor.name, code: error.code, info: { ...error.info } };
  }
  return { kind: 'unsendable' };
}

function answer(name, args) {
  try {
    return sendable(fs[name](...args));
  } catch (error) {
    return failure(error);
  }
}

parentPort.on('message', ({ id, name, args }) => {
  parentPort.postMessage({ id, answer: answer(name, args) });
});
`;
