/**
 * Which modules say that they are being loaded: those whose statements may run an `async` function that may suspend at its beginning. See
 * docs/decisions/0028-loading-suspends-nothing.md.
 */
import { emitterMadeBy, OWN_STREAM } from '../catalogue/subclasses.js';
import type { ModuleFacts } from '../facts/facts.js';
import type { Flow, ResolvedCall } from '../flow/flow.js';
import type { ProgramInput } from '../program.js';
import type { ColouredFunction, Colouring } from './colour.js';
import type { Loading } from './loading.js';
import type { Reach } from './reach.js';
import { isUnknownCall, type Site } from './site.js';
import { isStreamMethod } from './subclasses.js';

interface Program extends Pick<ProgramInput, 'closed' | 'resolve'>, Pick<Colouring, 'isTwin' | 'suspends'> {
  readonly flow: Flow;
  readonly functions: readonly ColouredFunction[];
  readonly sites: readonly Site[];
  readonly reach: Reach;
  readonly loading: Loading;
}

export function startingModules(program: Program): ReadonlySet<number> {
  const { flow, functions, sites, reach, loading, closed, resolve, isTwin, suspends } = program;
  const { modules } = flow;
  const isAsync = (fn: number) => functions[fn]?.fact.async === true;
  /** Functions that begin `async` ones which may suspend before they have come to an `await`. */
  const beginningIn = (begins: (site: Site) => boolean) =>
    reach.backwards(
      sites.filter((site) => loading.isAtStart(site) && begins(site)).map((site) => site.call.caller),
      (site) => loading.isAtStart(site) && !loading.isSurelyOver(site),
      () => true,
    );
  const suspendsAsync = (site: Site) => isAsync(site.call.caller) && suspends(site);
  const beginning = beginningIn(suspendsAsync);
  const mayBegin = closed
    ? beginning
    : beginningIn((site) => suspendsAsync(site) || (!isAsync(site.call.caller) && isUnknownCall(site)));
  const own = modules.flatMap((_, module) => (mayBegin.has(flow.functionOf(module, 0)) ? [module] : []));
  /** Modules that let code outside of the program begin functions: while they are loaded, or what loads them. */
  const unseen = [
    ...sites.flatMap(({ call, foreign, native, exposed, started }) => {
      const isRun = [...foreign, ...native, ...exposed.getters, ...exposed.setters].some((node) => beginning.has(node));
      const isOfStream = makesStream(call) && started.some((node) => beginning.has(node) || isTwin(node));
      return isRun || isOfStream ? [call.module] : [];
    }),
    ...functions.flatMap(({ id, module, fact }) => {
      const isUnseen = fact.barrier === 'coercion' || flow.calledByLanguage.has(id) || flow.strays.has(id);
      // Streams start them for whoever writes or reads.
      return (isUnseen && beginning.has(id)) || (isStreamMethod(fact) && isTwin(id)) ? [module] : [];
    }),
  ];
  const loaders = [...loadersOf(unseen, modules, resolve)];
  return new Set([...own, ...loaders.filter((module) => modules[module]?.onlyDeclares === false)]);
}

/** Whether a call makes a stream that is driven by whoever uses it. */
function makesStream({ callees }: ResolvedCall): boolean {
  return callees.some((token) => token.kind === 'external' && emitterMadeBy(token.path) === OWN_STREAM);
}

/** Those modules, and all that load them. */
function loadersOf(
  first: readonly number[],
  modules: readonly ModuleFacts[],
  resolve: ProgramInput['resolve'],
): ReadonlySet<number> {
  const numbers = new Map(modules.map(({ fileName }, module) => [fileName, module]));
  const loaders = modules.map((): number[] => []);
  modules.forEach(({ fileName, imports, requires }, module) => {
    for (const specifier of [...imports, ...requires.map((call) => call.specifier)]) {
      const loaded = numbers.get(resolve(specifier, fileName) ?? '');
      if (loaded !== undefined) loaders[loaded]?.push(module);
    }
  });
  const found = new Set(first);
  for (const module of found) for (const loader of loaders[module] ?? []) found.add(loader);
  return found;
}
