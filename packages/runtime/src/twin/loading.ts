/**
 * While modules are loaded, compiled code calls no twins, and so does not suspend. Nothing else is running that blocking could hold up, and statements after a call of
 * an `async` function may rely on what that has done before its first `await`.
 */
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import { callSites, pathOf } from '../node/callSites.js';
import { nextTick } from '../node/nextTick.js';
import { inCommon } from './common.js';
import { type Callable, shared } from './protocol.js';

/**
 * Called at the beginning of a module whose statements run `async` functions. Loading ends with {@link loaded} or, if the module throws or returns early, when the
 * stack is empty.
 *
 * @returns false if it had begun before, with a module that loads this one
 */
export function loading(): boolean {
  if (shared.isLoading) return false;
  shared.isLoading = true;
  // Whether ticks or microtasks come first depends on what has loaded the module.
  nextTick(end);
  void endInMicrotask();
  return true;
}

/**
 * Called at the end of the module. Code that has loaded it while running goes on, and may suspend again.
 *
 * @param began the result of {@link loading}
 */
export function loaded(began: boolean): void {
  if (began) end();
}

/** {@link loaded} before the last statement of the program's main module, which may suspend because nothing follows it. Not so in other modules, whose importers go on. */
export function starting(began: boolean): void {
  if (began && isProgram(fileBelow(starting))) end();
}

/** Listeners of `exit` must not suspend either, because the event loop does not run any more. */
export function installExit(): void {
  inCommon('exit/1', () => {
    const host = runInThisContext('process') as NodeJS.Process;
    return host.prependListener('exit', loading);
  });
}

function end(): void {
  shared.isLoading = false;
}

/** Does not use `queueMicrotask`, which fake timers may have replaced. */
async function endInMicrotask(): Promise<void> {
  await undefined;
  end();
}

/** Whether a file is the main module of the process or of a worker thread. */
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
