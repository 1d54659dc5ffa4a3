/** Array patterns whose iterators or parts may suspend (ECMA-262, 8.6.2 and 13.15.5.3). */

import { Iteration, settled } from './iteration.js';
import { box, SUSPENDED, suspend, take } from './protocol.js';
import type { Run } from './runs.js';
import { run, type Steps } from './steps.js';

/**
 * The array patterns among the statements of a block, the innermost last:
 *
 *     const p = destructuring();
 *     try { <await> p.open(iterable); a = <await> p.item(); <await> p.close(); ... } catch (error) { p.fail(error); } finally { <await> p.end(); }
 *
 * If something throws between the items, or the enclosing generator ends, the iterators are closed first.
 *
 * Statements that may not be put into a block declare name by name, and between two names a pattern stays open:
 *
 *     p = destructuring(); try { <await> p.open(iterable); t = <await> p.item(); p.keep(); } catch (error) { p.fail(error); } finally { <await> p.end(); }
 *     const a = t; try { <await> p.close(); } ...
 */
class Destructuring {
  readonly #patterns: Iteration[] = [];
  #failure: { readonly error: unknown } | undefined;
  #isKept = false;
  readonly #run: Run | undefined;

  constructor(run: Run | undefined) {
    this.#run = run;
  }

  /**
   * Begins a pattern: makes the iterator.
   *
   * @param text the iterable as V8 prints it in "... is not iterable"; if undefined, the message is that for a value without source text
   */
  open(iterable: unknown, text?: string): unknown {
    const iteration = new Iteration(iterable, text, this.#run);
    const opened = iteration.open();
    if (opened === SUSPENDED)
      return suspend(
        take().then(() => {
          this.#patterns.push(iteration);
        }),
      );
    this.#patterns.push(iteration);
    return undefined;
  }

  /** The next item; undefined after the last one. */
  item(): unknown {
    const iteration = this.#innermost();
    const found = iteration.step();
    if (found === SUSPENDED) return suspend(take().then((isItem) => box(isItem ? iteration.value : undefined)));
    return found ? iteration.value : undefined;
  }

  /** Skips an item. */
  skip(): unknown {
    return this.#innermost().step(false);
  }

  /** All items that are left. */
  rest(): unknown {
    const iteration = this.#innermost();
    iteration.isWaitedFor = this.#isAwaited;
    return run(restOf(iteration));
  }

  /** Ends the innermost pattern. */
  close(): unknown {
    const iteration = this.#innermost();
    this.#patterns.pop();
    return iteration.end();
  }

  /** Keeps the patterns open beyond this `try` statement: the names that they bind are declared after it, and another `try` goes on with the pattern. */
  keep(): void {
    this.#isKept = true;
  }

  /** Notes that a statement has thrown `error`; {@link end} throws it again. */
  fail(error: unknown): void {
    this.#failure = { error };
  }

  /** Ends the patterns that have not ended. */
  end(): unknown {
    if (this.#isKept) {
      this.#isKept = false;
      return undefined;
    }
    if (this.#patterns.length > 0) return run(this.#close(this.#isAwaited));
    if (this.#failure !== undefined) throw this.#failure.error;
    return undefined;
  }

  *#close(isAwaited: boolean): Steps {
    for (let iteration = this.#patterns.pop(); iteration !== undefined; iteration = this.#patterns.pop()) {
      iteration.isWaitedFor = isAwaited;
      if (this.#failure !== undefined) iteration.fail(this.#failure.error);
      try {
        yield* settled(iteration.end());
      } catch (error) {
        this.#failure = { error };
      }
    }
    if (this.#failure !== undefined) throw this.#failure.error;
    return undefined;
  }

  get #isAwaited(): boolean {
    return this.#run?.isAwaited !== false;
  }

  #innermost(): Iteration {
    return this.#patterns.at(-1) as Iteration;
  }
}

function* restOf(iteration: Iteration): Steps<unknown[]> {
  const items: unknown[] = [];
  while (yield* settled(iteration.step())) items.push(iteration.value);
  iteration.isWaitedFor = false;
  return items;
}

/** @param run the run of the body that contains the patterns, if callers that cannot wait may run it, too */
export function destructuring(run?: Run): Destructuring {
  return new Destructuring(run);
}
