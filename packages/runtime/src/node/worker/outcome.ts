/** Results and errors of calls on the worker thread, as the calls themselves would have made them. */
import fs from 'node:fs';
import { getPriority } from 'node:os';
import type { Answer, PlainDirent, SystemFailure } from './program.js';

type DirentConstructor = new (name: unknown, type: number, path: unknown) => fs.Dirent;

/** Corrects the text of an error or a listing: of the field of an error that has this name. */
export type Correct = (text: string, field: string) => string;

/**
 * @returns what the call returned
 * @throws what the call threw, without stack frames
 */
export function outcomeOf(answer: Exclude<Answer, { kind: 'unsendable' }>, correct: Correct): unknown {
  switch (answer.kind) {
    case 'value':
      return answer.value;
    case 'dirents':
      return answer.dirents.map((dirent) => direntOf(dirent, correct));
    case 'error':
      throw plainError(correct(answer.message, 'message'), answer.fields, correct);
    case 'systemError':
      throw systemError(answer, corrected(answer.info, correct));
  }
}

function direntOf({ name, type, parentPath }: PlainDirent, correct: Correct): fs.Dirent {
  const Dirent = fs.Dirent as unknown as DirentConstructor;
  return new Dirent(name, type, typeof parentPath === 'string' ? correct(parentPath, 'parentPath') : parentPath);
}

function plainError(message: string, fields: readonly (readonly [string, unknown])[], correct: Correct): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return Object.assign(error, corrected(Object.fromEntries(fields), correct));
}

function corrected(fields: Readonly<Record<string, unknown>>, correct: Correct): Record<string, unknown> {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? correct(value, key) : value]),
  );
}

type SystemErrorConstructor = new (code: string, info: object) => Error;

let classes: Readonly<Record<string, SystemErrorConstructor>> | undefined;

function systemError({ className, code }: SystemFailure, info: object): Error {
  classes ??= classesOf(baseOfSystemErrors());
  return new (classes[className] ?? (classes.SystemError as SystemErrorConstructor))(code, info);
}

function classesOf(SystemError: SystemErrorConstructor): Readonly<Record<string, SystemErrorConstructor>> {
  return { SystemError, NodeError: class NodeError extends SystemError {} };
}

/** There is no process of this number. */
const NO_PROCESS = 0x7fffffff;

/** Node's SystemError, which only its errors lead to. */
function baseOfSystemErrors(): SystemErrorConstructor {
  try {
    getPriority(NO_PROCESS);
  } catch (error) {
    return Object.getPrototypeOf((error as Error).constructor) as SystemErrorConstructor;
  }
  throw new Error('@unblock/runtime: no SystemError');
}
