/** Twins of String.prototype.replace and replaceAll with a function (ECMA-262, 22.1.3.19 and 22.2.6.11). */
import { type Callable, linkTwin, twinOf } from '../twin/protocol.js';
import { call, run, type Steps } from '../twin/steps.js';

interface Match {
  readonly position: number;
  readonly length: number;
  readonly args: readonly unknown[];
}

export function installString(): void {
  for (const name of ['replace', 'replaceAll'] as const) {
    const original = String.prototype[name] as Callable;
    linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
      const [pattern, replacer] = args;
      if (twinOf(replacer) === undefined || this === undefined || this === null || !isBuiltinPattern(pattern)) {
        return Reflect.apply(original, this, args);
      }
      return run(replaced(this, pattern, replacer as Callable, original));
    });
  }
}

const { exec, [Symbol.replace]: replaceMatches } = RegExp.prototype;

/** Strings and regular expressions as they are made; an object with a replacement method of its own may do anything. */
function isBuiltinPattern(pattern: unknown): boolean {
  if (typeof pattern !== 'object' || pattern === null) return typeof pattern !== 'function';
  return pattern instanceof RegExp && pattern[Symbol.replace] === replaceMatches && pattern.exec === exec;
}

/**
 * The builtin finds all matches before it calls the replacer for the first time, so that it can be asked for them: by a first run
 * with a replacer that only takes notes.
 */
function* replaced(self: unknown, pattern: unknown, replacer: Callable, original: Callable): Steps {
  const matches: Match[] = [];
  let text = '';
  const unchanged = Reflect.apply(original, self, [
    pattern,
    (...args: unknown[]) => {
      const hasGroups = typeof args.at(-1) === 'object';
      text = args.at(hasGroups ? -2 : -1) as string;
      matches.push({ position: args.at(hasGroups ? -3 : -2) as number, length: (args[0] as string).length, args });
      return '';
    },
  ]);
  if (matches.length === 0) return unchanged;
  let result = '';
  let end = 0;
  for (const { position, length, args } of matches) {
    // Unlike String(), this refuses a symbol, as the specification does.
    const replacement = `${yield* call(replacer, undefined, args)}`;
    if (position < end) continue;
    result += text.slice(end, position) + replacement;
    end = position + length;
  }
  return result + text.slice(end);
}
