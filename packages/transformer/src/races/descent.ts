/** Which calls really lead to a blocking call that is patched, and by which way. */
import type { Site } from '../colour/site.js';
import type { Frame } from '../report/verdict.js';
import { memoised } from './memo.js';
import type { Model, ModuleModel } from './model.js';
import { isByName, targetsOf } from './targets.js';

/** A call that may lead to more functions than this is not known to lead to any of them. */
const FEW = 4;

const LANGUAGE_METHODS: ReadonlySet<string> = new Set(
  [Object, Function, Array, String, Number, RegExp, Map, Set, WeakMap, Promise, Date, Uint8Array].flatMap((cls) => [
    ...Object.getOwnPropertyNames(cls.prototype),
    ...Object.getOwnPropertyNames(Object.getPrototypeOf(cls.prototype) ?? {}),
  ]),
);

export interface Descent {
  /** Whether a call may suspend, for a reason that is known. */
  suspends(site: Site): boolean;
  /** The shortest way from a call down to the blocking call, both included. */
  chain(site: Site): Frame[];
}

export function descentIn(model: Model): Descent {
  const { colouring } = model;
  /** The call at which the shortest way from a function goes on, and how many calls that way has. */
  const way = new Map<number, { readonly site: Site; readonly length: number }>();
  const before = new Map<number, Site[]>();
  for (const site of colouring.sites) {
    for (const fn of reached(site)) {
      const list = before.get(fn);
      if (list) list.push(site);
      else before.set(fn, [site]);
    }
  }
  /**
   * The functions that a call surely leads to, or may well lead to. A method that is known by its name only says little where the
   * language has one of that name, or the program several.
   */
  function reached(site: Site): number[] {
    const targets = targetsOf(site, colouring);
    const { inline } = site;
    const all = [...targets, ...inline];
    if (all.length > FEW || all.some((fn) => fn >= colouring.functions.length)) return [];
    const isVague = targets.length > 1 || LANGUAGE_METHODS.has(site.call.fact.property ?? '');
    return isByName(site) && isVague ? [...inline] : all;
  }
  const leafOf = (site: Site) => site.leaves.find((api) => api.twin && colouring.patches(api));
  let layer = colouring.sites.filter((site) => leafOf(site) !== undefined && site.call.fact.barrier === undefined);
  for (let length = 1; layer.length > 0; length++) {
    const next: Site[] = [];
    for (const site of layer) {
      const { caller } = site.call;
      if (way.has(caller)) continue;
      way.set(caller, { site, length });
      if (colouring.isTwin(caller)) next.push(...(before.get(caller) ?? []));
    }
    layer = next.filter(({ call }) => call.fact.barrier === undefined);
  }
  function below(site: Site): number | undefined {
    const length = (fn: number) => way.get(fn)?.length ?? 0;
    const found = reached(site).filter((fn) => way.has(fn) && colouring.isTwin(fn));
    return found.sort((a, b) => length(a) - length(b))[0];
  }

  function frame(site: Site, name: string): Frame {
    const { fileName } = (model.modules[site.call.module] as ModuleModel).source;
    return { fileName, span: site.call.fact.span, name };
  }
  function chain(site: Site): Frame[] {
    const frames: Frame[] = [];
    for (let at: Site | undefined = site; at !== undefined; ) {
      const leaf = leafOf(at);
      const fn: number | undefined = leaf === undefined ? below(at) : undefined;
      frames.push(frame(at, leaf?.path ?? colouring.functions[fn ?? -1]?.fact.name ?? ''));
      at = fn === undefined ? undefined : way.get(fn)?.site;
    }
    return frames;
  }
  return {
    suspends: memoised((site) => colouring.suspends(site) && (leafOf(site) !== undefined || below(site) !== undefined)),
    chain,
  };
}
