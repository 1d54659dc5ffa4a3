/** How deep asynchronous forms nest: the text of a function stands in each form of those around it, so that there have to be limits. */
import type { Flow } from '../flow/flow.js';
import type { ColouredFunction, Colouring } from './colour.js';
import { ASYNC, beginning, type Propagation } from './modes.js';
import { MAX_TWINS, originalsWithin } from './plan.js';

/** Functions that would have an asynchronous form within as many others as may nest. */
export function nestedTooDeep({ flow, functions, isTwin }: Colouring): number[] {
  const depths = new Map<number, number>();
  /** How many asynchronous forms a function lies in, its own included. */
  const depthOf = (fn: ColouredFunction): number => {
    const known = depths.get(fn.id);
    if (known !== undefined) return known;
    const outer = functions[flow.functionOf(fn.module, fn.fact.parent)];
    const around = fn.fact.kind === 'module' || outer === undefined || outer === fn ? 0 : depthOf(outer);
    const depth = around + (isTwin(fn.id) && !fn.fact.async ? 1 : 0);
    depths.set(fn.id, depth);
    return depth;
  };
  return functions.filter((fn) => isTwin(fn.id) && depthOf(fn) > MAX_TWINS).map(({ id }) => id);
}

interface Nesting extends Pick<Colouring, 'functions' | 'maxOriginals' | 'isTwin'> {
  readonly flow: Flow;
}

/** Lets functions run as those nested too deep of which there are copies without an asynchronous form, until there are no more. */
export function enterNested(program: Nesting, { arrive, spread }: Propagation): void {
  const { functions, isTwin } = program;
  for (const isGuess of [false, true]) {
    for (;;) {
      const found = functions.filter(
        (fn) => isTwin(fn.id) && !fn.arrivals.has('nested-too-deep') && hasPlainCopies(fn, program, isGuess),
      );
      for (const fn of found) arrive(fn.id, 'nested-too-deep', beginning(), isGuess);
      spread();
      if (found.length === 0) break;
    }
  }
}

/**
 * Whether copies of a function without an asynchronous form may run: those nested too deep in originals that run synchronously.
 *
 * @param guesses whether those count that are only guessed to run so
 */
function hasPlainCopies(fn: ColouredFunction, program: Nesting, guesses: boolean): boolean {
  const outer = [...enclosing(fn, program)].reverse().filter(({ id, fact }) => program.isTwin(id) && !fact.async);
  // In how many originals a copy lies at most: one that lies in nothing else, and one that lies in an asynchronous form, too.
  let [alone, within] = [0, Number.NEGATIVE_INFINITY];
  outer.forEach(({ arrivals }, twins) => {
    const isRun = [...arrivals].some(([mode, { isGuess }]) => mode !== ASYNC && (guesses || !isGuess));
    const deeper = isRun && twins > 0 ? originalsWithin(within, twins) : Number.NEGATIVE_INFINITY;
    within = Math.max(within, alone, deeper);
    alone = isRun ? originalsWithin(alone, 0) : Number.NEGATIVE_INFINITY;
  });
  return Math.max(alone, within) >= program.maxOriginals;
}

/** Functions that enclose one, innermost first, without the module. */
function* enclosing(fn: ColouredFunction, { flow, functions }: Nesting): Generator<ColouredFunction> {
  for (let at: ColouredFunction | undefined = fn; at !== undefined; ) {
    at = functions[flow.functionOf(at.module, at.fact.parent)];
    if (at === undefined || at.fact.kind === 'module') return;
    yield at;
  }
}
