/**
 * Loading modules. It is synchronous, and what comes behind a call of an `async` function finds done what that has done before its first `await`: there it
 * blocks. See docs/decisions/0028-loading-suspends-nothing.md.
 */
import type { FunctionFact, ModuleFacts, StartingCallFact } from '../facts/facts.js';
import { type ProgramInput, spanKey } from '../program.js';
import type { Site } from './site.js';

export interface Loading {
  /** The statement of a module that may let `async` functions suspend, as all behind it may; undefined if there is none. */
  endIn(module: number): LoadingEnd | undefined;
  /** Whether a call is one of those. */
  isOver(site: Site): boolean;
  /** Whether it is one wherever the module is loaded from: the last call of a program is not where that is loaded by something that is not at hand. */
  isSurelyOver(site: Site): boolean;
  /** Whether a call may be made before the caller of its function goes on: in an `async` function, before the first `await`. */
  isAtStart(site: Site): boolean;
}

export interface LoadingEnd {
  /** The offset of the statement. */
  readonly start: number;
  /** Whether it is the last one of a program, and not one that awaits: other programs may load the module. */
  readonly isLast: boolean;
}

/** @param factOf what is known of a function, by its id */
export function loadingOf(
  modules: readonly ModuleFacts[],
  resolve: ProgramInput['resolve'],
  sites: readonly Site[],
  factOf: (fn: number) => FunctionFact | undefined,
): Loading {
  const isAsync = (fn: number) => factOf(fn)?.async === true;
  const isOfModule = ({ call }: Site) => factOf(call.caller)?.kind === 'module';
  const loaded = new Set(
    modules.flatMap(({ fileName, imports, requires }) =>
      [...imports, ...requires.map(({ specifier }) => specifier)].map((specifier) => resolve(specifier, fileName)),
    ),
  );
  const own = new Map<number, Site[]>();
  for (const site of sites) {
    if (!isOfModule(site)) continue;
    const list = own.get(site.call.module);
    if (list) list.push(site);
    else own.set(site.call.module, [site]);
  }
  /** Whether a statement begins an `async` function, and nothing else before others have their turn. */
  function begins(module: number, { call, part }: StartingCallFact): boolean {
    let isFound = false;
    for (const site of own.get(module) ?? []) {
      const { span } = site.call.fact;
      if (span.start < part.start || span.end > part.end) continue;
      const isCall = spanKey(span) === spanKey(call);
      // Only calls that attach handlers to the promise stand around the call.
      if (!isCall && span.start <= call.start && call.end <= span.end) continue;
      isFound ||= isCall;
      if (isCall ? !site.targets.every(isAsync) || site.targets.length === 0 : mayBegin(site)) return false;
    }
    return isFound;
  }
  const ends = modules.map(({ fileName, firstAwaited, lastCall }, module): LoadingEnd | undefined => {
    if (firstAwaited && begins(module, firstAwaited)) return { start: firstAwaited.statement, isLast: false };
    const isEnd = lastCall && !loaded.has(fileName) && begins(module, lastCall);
    return isEnd ? { start: lastCall.statement, isLast: true } : undefined;
  });
  const isBehindAwait = ({ call: { caller, fact } }: Site) =>
    factOf(caller)?.behindAwait.some(({ start, end }) => start <= fact.span.start && fact.span.start < end) === true;
  const isBehind = (site: Site, last: boolean) => {
    const end = ends[site.call.module];
    if (!isOfModule(site)) return false;
    return (
      isBehindAwait(site) || (end !== undefined && (last || !end.isLast) && site.call.fact.span.start >= end.start)
    );
  };
  return {
    endIn: (module) => ends[module],
    isOver: (site) => isBehind(site, true),
    isSurelyOver: (site) => isBehind(site, false),
    isAtStart(site) {
      return factOf(site.call.caller)?.async !== true || !isBehindAwait(site);
    },
  };
}

function mayBegin({ targets, inline, mayRunUnknown }: Site): boolean {
  return targets.length > 0 || inline.length > 0 || mayRunUnknown;
}
