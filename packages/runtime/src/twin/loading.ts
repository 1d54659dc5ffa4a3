/**
 * Loading modules: nothing else is running yet, and what comes behind a call of an `async` function finds done what that has done before its first
 * `await`. Compiled code calls no twins meanwhile, and so does not suspend.
 */
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import { callSites, pathOf } from '../node/callSites.js';
import { nextTick } from '../node/nextTick.js';
import { inCommon } from './common.js';
import { type Callable, shared } from './protocol.js';

/**
 * Called where a module begins whose statements run `async` functions. {@link loaded} ends it, or, where the module fails or returns early, that the stack
 * is empty.
 *
 * @returns whether it has not begun before, with a module that loads this one
 */
export function loading(): boolean {
  if (shared.isLoading) return false;
  shared.isLoading = true;
  // Which of them comes first depends on what has loaded the module.
  nextTick(end);
  void endInMicrotask();
  return true;
}

/**
 * Called where the module ends: who has loaded it in the middle of something else goes on.
 *
 * @param began what {@link loading} has returned
 */
export function loaded(began: boolean): void {
  if (began) end();
}

/** {@link loaded} before the last statement of a program, which has no more to do. Other modules may be loaded for what they do at once. */
export function starting(began: boolean): void {
  if (began && isProgram(fileBelow(starting))) end();
}

/** At the exit nobody is there to wait either. */
export function installExit(): void {
  inCommon('exit/1', () => {
    const host = runInThisContext('process') as NodeJS.Process;
    return host.prependListener('exit', loading);
  });
}

function end(): void {
  shared.isLoading = false;
}

/** Not by `queueMicrotask`, which may be that of fake timers. */
async function endInMicrotask(): Promise<void> {
  await undefined;
  end();
}

/** Whether a file is what Node has been started with, or a thread. */
function isProgram(file: string | undefined): boolean {
  const program = process.argv[1];
  if (file === undefined || program === undefined) return false;
  if (file === program) return true;
  try {
    return createRequire(program).resolve(program) === file;
  } catch {
    return false;
  }
}

function fileBelow(below: Callable): string | undefined {
  const name = callSites(below, 1)?.[0]?.getFileName();
  return name === undefined || name === null ? undefined : pathOf(name);
}
