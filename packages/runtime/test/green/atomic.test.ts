import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { $atomicBody as atomicBody } from '../../src/compiled.js';
import { atomic, DeadlockError } from '../../src/index.js';
import { inCommon } from '../../src/twin/common.js';
import { linkAsync } from '../../src/twin/link.js';
import { type Callable, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';

const atomicTwin = twinOf(atomic) as Callable;

/** A section whose asynchronous form is `form`. */
function section<T>(form: () => Promise<T>): () => T {
  return linkAsync((): T => {
    throw new Error('the original ran');
  }, form);
}

/** What a compiled call of `atomic` gives. */
async function enter(...args: unknown[]): Promise<unknown> {
  const result = atomicTwin(...args);
  return result === SUSPENDED ? unbox(await take()) : result;
}

/** A function that waits until it is told to go on. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** A section in a section. */
function both(first: string, second: string): Promise<unknown> {
  const body = async () => {
    await nextTurn();
    return enter(second, () => `${first}${second}`);
  };
  return enter(first, section(body));
}

describe('uncompiled', () => {
  it('calls the section', () => {
    const log: unknown[] = [];
    const result = atomic(() => {
      log.push(
        'outer',
        atomic('key', () => 'inner'),
      );
      return 1;
    });
    expect([result, log]).toEqual([1, ['outer', 'inner']]);
  });

  it('throws what the section throws', () => {
    expect(() =>
      atomic(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(() => atomic('key' as never)).toThrow(TypeError);
  });
});

describe('compiled', () => {
  it('returns without suspending where nothing suspends', () => {
    expect(atomicTwin(() => 1)).toBe(1);
    expect(atomicTwin({}, () => 2)).toBe(2);
    expect(() =>
      atomicTwin(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(atomicTwin(() => 3)).toBe(3);
    expect(() => atomicTwin(1)).toThrow(TypeError);
  });

  it('lets sections wait for each other, in the order of the calls', async () => {
    const log: string[] = [];
    const [a, b] = [gate(), gate()];
    const logged = (name: string, opened: Promise<void>) =>
      section(async () => {
        log.push(name);
        await opened;
        log.push(`${name} ends`);
      });
    const runs = [enter(logged('a', a.opened)), enter(logged('b', b.opened)), enter(() => log.push('c'))];
    await nextTurn();
    expect(log).toEqual(['a']);
    b.open();
    await nextTurn();
    expect(log).toEqual(['a']);
    a.open();
    await Promise.all(runs);
    expect(log).toEqual(['a', 'a ends', 'b', 'b ends', 'c']);
  });

  it('lets nobody in between a section and the one that waits for it', async () => {
    const log: string[] = [];
    const first = gate();
    const a = enter(section(async () => first.opened.then(() => log.push('a'))));
    const b = enter(() => log.push('b'));
    first.open();
    // The lock has been handed over when `a` ends, though `b` has not run.
    const c = a.then(() => enter(() => log.push('c')));
    await Promise.all([a, b, c]);
    expect(log).toEqual(['a', 'b', 'c']);
  });

  it('has a lock for each key', async () => {
    const log: string[] = [];
    const { open, opened } = gate();
    const object = {};
    const keys = ['x', object, 1, Symbol('s')];
    const held = keys.map((key) =>
      enter(
        key,
        section(async () => opened),
      ),
    );
    expect(atomicTwin(() => 'common')).toBe('common');
    expect(atomicTwin('y', () => 'y')).toBe('y');
    expect(atomicTwin({}, () => 'another')).toBe('another');
    const waiting = keys.map((key) => enter(key, () => log.push(typeof key)));
    await nextTurn();
    expect(log).toEqual([]);
    open();
    await Promise.all([...held, ...waiting]);
    expect(log).toEqual(['string', 'object', 'number', 'symbol']);
  });

  it('enters a section in a section of the same flow at once, also after a suspension', async () => {
    const inner = () =>
      enter(
        'k',
        section(async () => nextTurn('inner')),
      );
    const outer = section(async () => {
      const before = await inner();
      await nextTurn();
      return [
        before,
        await inner(),
        await enter(
          'other',
          section(async () => inner()),
        ),
      ];
    });
    expect(await enter('k', outer)).toEqual(['inner', 'inner', 'inner']);
  });

  it('does not take another flow for the one that holds the lock', async () => {
    const log: string[] = [];
    const run = (name: string) =>
      enter(
        'k',
        section(async () => {
          log.push(`${name} in`);
          await nextTurn();
          await enter(
            'k',
            section(async () => nextTurn()),
          );
          log.push(`${name} out`);
        }),
      );
    await Promise.all([run('a'), run('b'), run('c')]);
    expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('does not take what goes on after a section for the section', async () => {
    let escaped!: Promise<unknown>;
    const log: string[] = [];
    await enter(
      'k',
      section(async () => {
        escaped = nextTurn().then(async () => {
          await nextTurn();
          await enter('k', () => log.push('escaped'));
        });
        await nextTurn();
      }),
    );
    const { open, opened } = gate();
    const second = enter(
      'k',
      section(async () => opened),
    );
    await nextTurn();
    await nextTurn();
    expect(log).toEqual([]);
    open();
    await Promise.all([second, escaped]);
    expect(log).toEqual(['escaped']);
  });

  it('gives the lock back when a section throws', async () => {
    const failing = enter(
      'k',
      section(async () => {
        await nextTurn();
        throw new Error('no');
      }),
    );
    const waiting = enter('k', () => {
      throw new Error('neither');
    });
    const last = enter('k', () => 'yes');
    await expect(failing).rejects.toThrow('no');
    await expect(waiting).rejects.toThrow('neither');
    expect(await last).toBe('yes');
    expect(atomicTwin('k', () => 'free')).toBe('free');
  });

  it('holds the lock until the promise that a section returns settles', async () => {
    const log: string[] = [];
    const { open, opened } = gate();
    const promise = atomicTwin('k', async () => {
      await opened;
      log.push('a');
      throw new Error('no');
    });
    expect(promise).toBeInstanceOf(Promise);
    const b = enter('k', async () => log.push('b'));
    await nextTurn();
    open();
    await expect(promise).rejects.toThrow('no');
    await b;
    expect(log).toEqual(['a', 'b']);
  });

  it('does not flatten a promise that a section which had to wait returns', async () => {
    const { open, opened } = gate();
    const held = enter(
      'k',
      section(async () => opened),
    );
    const result = atomicTwin('k', async () => 1);
    expect(result).toBe(SUSPENDED);
    const pending = take();
    open();
    await held;
    const value = unbox(await pending);
    expect(value).toBeInstanceOf(Promise);
    expect(await value).toBe(1);
  });

  it('throws where two sections would wait for each other', async () => {
    const results = await Promise.allSettled([both('a', 'b'), both('b', 'a')]);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason))).toEqual([
      'ab',
      expect.any(DeadlockError),
    ]);
    expect(String((results[1] as PromiseRejectedResult).reason)).toContain('"a" and "b"');
    expect(atomicTwin('a', () => 1)).toBe(1);
    expect(atomicTwin('b', () => 1)).toBe(1);
  });

  it('throws where three would', async () => {
    const results = await Promise.allSettled([both('a', 'b'), both('b', 'c'), both('c', 'a')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });
});

describe('functions marked as atomic', () => {
  it('pass their arguments on, and serialise', async () => {
    let count = 0;
    const key = {};
    const bump = (by: number) =>
      atomicBody(
        key,
        async (amount) => {
          const before = count;
          await nextTurn();
          count = before + (amount as number);
          return count;
        },
        by,
      );
    expect(await Promise.all([bump(1), bump(2), bump(3)])).toEqual([1, 3, 6]);
  });
});

it('follows no flow of control where there is no section, and follows it again', async () => {
  const { current } = inCommon<{ current: { enabled?: boolean } }>('sections/2', () => expect.unreachable());
  await enter('rest', section(nextTurn));
  expect(current.enabled ?? true).toBe(true);
  // Nodes whose storage costs promises nothing have no such property.
  await vi.waitFor(() => expect(current.enabled ?? false).toBe(false));
  expect(await both('first', 'second')).toBe('firstsecond');
  expect(await both('same', 'same')).toBe('samesame');
});

/** A linear congruential generator: numbers below `bound`. */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % bound;
  };
}

it.each(Array.from({ length: 100 }, (_, seed) => seed))('excludes, and lets everybody in: seed %i', async (seed) => {
  const next = random(seed);
  const keys = ['a', 'b', 'c'];
  const inside = new Set<string>();
  let ended = 0;
  const pause = async () => {
    for (let turns = next(4); turns > 0; turns--) await (next(2) === 0 ? nextTurn() : undefined);
  };
  /** Sections in sections, always in the order of the keys. */
  const within = async (held: readonly string[]): Promise<void> => {
    const [key, ...rest] = held;
    if (key === undefined) return pause();
    const body = async () => {
      expect(inside).not.toContain(key);
      inside.add(key);
      await within(rest);
      await enter(key, section(pause));
      inside.delete(key);
    };
    await enter(key, section(body));
  };
  const flow = async () => {
    await pause();
    for (let steps = next(4); steps > 0; steps--) await within(keys.filter(() => next(2) === 0));
    ended++;
  };
  await Promise.all([flow(), flow(), flow(), flow(), flow()]);
  expect(ended).toBe(5);
  for (const key of keys) expect(atomicTwin(key, () => 'free')).toBe('free');
});
