/**
 * Loading modules. It is synchronous, and what comes behind a call of an `async` function finds done what that has done before its first `await`: there it
 * blocks. See docs/decisions/0028-loading-suspends-nothing.md.
 */
import type { FunctionFact, ModuleFacts } from '../facts/facts.js';
import { type ProgramInput, spanKey } from '../program.js';
import type { Site } from './sites.js';

export interface Loading {
  /** The offset in a module from which on its own statements may let `async` functions suspend; undefined if there is none. */
  endIn(module: number): number | undefined;
  /** Whether a call is one of those. */
  isOver(site: Site): boolean;
  /** Whether a call may be made before the caller of its function goes on: in an `async` function, before the first `await`. */
  isAtStart(site: Site): boolean;
}

/** @param factOf what is known of a function, by its id */
export function loadingOf(
  modules: readonly ModuleFacts[],
  resolve: ProgramInput['resolve'],
  sites: readonly Site[],
  factOf: (fn: number) => FunctionFact | undefined,
): Loading {
  const isAsync = (fn: number) => factOf(fn)?.async === true;
  const ends = modules.map(({ firstAwait }) => firstAwait);
  const loaded = new Set(
    modules.flatMap(({ fileName, imports, requires }) =>
      [...imports, ...requires.map(({ specifier }) => specifier)].map((specifier) => resolve(specifier, fileName)),
    ),
  );
  for (const { call, targets } of sites) {
    const { fileName, lastCall } = modules[call.module] as ModuleFacts;
    if (lastCall === undefined || loaded.has(fileName)) continue;
    const isLast = spanKey(lastCall.call) === spanKey(call.fact.span) && targets.length > 0 && targets.every(isAsync);
    if (isLast) ends[call.module] ??= lastCall.statement;
  }
  return {
    endIn: (module) => ends[module],
    isOver({ call }) {
      const end = ends[call.module];
      return end !== undefined && call.fact.span.start >= end && factOf(call.caller)?.kind === 'module';
    },
    isAtStart({ call }) {
      const fact = factOf(call.caller);
      return fact?.async !== true || call.fact.span.start < fact.prefixEnd;
    },
  };
}
