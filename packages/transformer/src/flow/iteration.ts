/** What runs when something asks an iterable for its items: generators, and the methods of iterators that the program writes. */
import { ASYNC_ITERATOR, ITERATOR } from '../facts/names.js';
import type { Graph } from './graph.js';
import type { Numbering } from './numbering.js';
import type { Arrival, Token } from './tokens.js';

/** A place at which iterables arrive, and where what follows from that goes. */
export interface IterationSite {
  readonly iterable: number;
  /** The functions that iterating runs. */
  readonly runs: number;
  readonly items: number;
  /** What the iterator returns at its end. */
  readonly result: number;
  /** Whether async iterators are asked for, too. */
  readonly isAsync: boolean;
}

/** What a generator hands out. */
export interface GeneratorPlaces {
  readonly yields: number;
  readonly result: number;
}

/** The places of a function of the program, if it is a generator. */
export function generatorPlaces(fn: number, { functionAt, vertexOf }: Numbering): GeneratorPlaces | undefined {
  const { module, fact } = functionAt(fn);
  if (fact.yields === undefined) return undefined;
  return { yields: vertexOf(module, fact.yields), result: vertexOf(module, fact.result) };
}

/**
 * @param load lets a member of what arrived flow into a place
 * @returns lets iterables that arrive at a place be iterated there
 */
export function iterationIn(
  numbering: Numbering,
  { vertex, watch, add, edge }: Graph<Token>,
  load: (token: Arrival, property: string, target: number) => void,
): (site: IterationSite) => void {
  function runGenerator(fn: number, { runs, items, result }: IterationSite): void {
    const places = generatorPlaces(fn, numbering);
    if (places === undefined) return;
    add(runs, { kind: 'step', fn });
    edge(places.yields, items);
    edge(places.result, result);
  }
  function runMethod(token: Arrival, name: string, site: IterationSite, returned: (token: Arrival) => void): void {
    const method = vertex();
    watch(method, (found) => {
      if (found.kind !== 'function') return;
      add(site.runs, found);
      const { module, fact } = numbering.functionAt(found.fn);
      if (fact.yields !== undefined) runGenerator(found.fn, site);
      else watch(numbering.vertexOf(module, fact.result), returned);
    });
    load(token, name, method);
  }
  function runIterator(token: Arrival, site: IterationSite): void {
    if (token.kind === 'generator') runGenerator(token.fn, site);
    if (token.kind !== 'object' && token.kind !== 'instance' && token.kind !== 'class') return;
    runMethod(token, 'next', site, (step) => load(step, 'value', site.items));
    runMethod(token, 'return', site, () => undefined);
  }
  return (site) => {
    watch(site.iterable, (token) => {
      if (token.kind === 'any') add(site.runs, token);
      else if (token.kind === 'generator') runGenerator(token.fn, site);
      else if (token.kind === 'object' || token.kind === 'instance' || token.kind === 'class') {
        for (const maker of site.isAsync ? [ASYNC_ITERATOR, ITERATOR] : [ITERATOR])
          runMethod(token, maker, site, (iterator) => runIterator(iterator, site));
      }
    });
  };
}
