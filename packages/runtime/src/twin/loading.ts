/**
 * Loading modules: nothing else is running yet, and what comes behind a call of an `async` function finds done what that has done before its first
 * `await`. Compiled code calls no twins meanwhile, and so does not suspend.
 */
import { runInThisContext } from 'node:vm';
import { nextTick } from '../node/nextTick.js';
import { shared } from './protocol.js';

// That of the main realm: in others, fake timers may be there before this module.
const microtask = runInThisContext('queueMicrotask') as typeof queueMicrotask;

/** Called where a module begins whose statements run `async` functions. Ends by itself when the stack is empty, which it also is after an error. */
export function loading(): void {
  if (shared.isLoading) return;
  shared.isLoading = true;
  // Which of them comes first depends on what has loaded the module.
  nextTick(loaded);
  microtask(loaded);
}

/** Called before the last statement of a program, behind which others have their turn. */
export function loaded(): void {
  shared.isLoading = false;
}
