/**
 * Loading modules: nothing else is running yet, and what comes behind a call of an `async` function finds done what that has done before its first
 * `await`. Compiled code calls no twins meanwhile, and so does not suspend.
 */
import { shared } from './protocol.js';

// Those of tests with fake timers come later.
const { nextTick } = process;
const microtask = queueMicrotask;

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
