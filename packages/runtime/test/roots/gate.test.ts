import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from 'vitest';
import {
  acquire,
  bypass,
  closeUntil,
  createGate,
  enqueue,
  type Gate,
  gateIfAny,
  gateOf,
  isClosed,
  isEmittedByHolder,
  release,
  whenIdle,
} from '../../src/node/roots/gate.js';
import { uncaughtDuring } from './helpers.js';

/** A gate that is closed until it is released, and a log for its jobs. */
function closedGate(): { gate: Gate; log: string[]; add: (name: string, first?: boolean) => void } {
  const gate = createGate();
  const log: string[] = [];
  acquire(gate);
  return { gate, log, add: (name, first) => enqueue(gate, () => log.push(name), first) };
}

/** Resolves in the next turn of the event loop, behind all ticks and microtasks of this one. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A promise, and what fulfils it. */
function deferred(): { promise: Promise<void>; fulfil: () => void } {
  let fulfil = (): void => {};
  const promise = new Promise<void>((resolve) => {
    fulfil = resolve;
  });
  return { promise, fulfil };
}

const unexpected = (error: unknown): void => {
  throw error;
};

test('every object has one gate', () => {
  const owner = {};
  expect(gateIfAny(owner)).toBeUndefined();
  const gate = gateOf(owner);
  expect(gateOf(owner)).toBe(gate);
  expect(gateIfAny(owner)).toBe(gate);
  expect(gateOf({})).not.toBe(gate);
});

describe('closing', () => {
  test('a gate is closed until everybody has released it', () => {
    const gate = createGate();
    expect(isClosed(gate)).toBe(false);
    acquire(gate);
    acquire(gate);
    release(gate);
    expect(isClosed(gate)).toBe(true);
    release(gate);
    expect(isClosed(gate)).toBe(false);
  });

  test('it is closed until a promise is fulfilled', async () => {
    const gate = createGate();
    const { promise, fulfil } = deferred();
    closeUntil(gate, promise, unexpected);
    await turn();
    expect(isClosed(gate)).toBe(true);
    fulfil();
    await promise;
    expect([isClosed(gate), gate.last?.failed]).toEqual([false, false]);
  });

  test('where the promise is rejected, the error is dealt with before the next job', async () => {
    const gate = createGate();
    const log: unknown[] = [];
    closeUntil(gate, Promise.reject('error'), (error) => process.nextTick(() => log.push(error)));
    enqueue(gate, () => log.push('job'));
    expect(gate.last?.failed).toBe(false);
    await turn();
    expect(log).toEqual(['error', 'job']);
    expect(gate.last?.failed).toBe(true);
  });

  test('bypass opens it for a call, and keeps what the call has closed', () => {
    const gate = createGate();
    acquire(gate);
    const inside = bypass(gate, () => {
      const before = isClosed(gate);
      acquire(gate);
      return [before, isClosed(gate)];
    });
    expect(inside).toEqual([false, true]);
    release(gate);
    expect(isClosed(gate)).toBe(true);
    release(gate);
    expect(isClosed(gate)).toBe(false);
    acquire(gate);
    expect(() => bypass(gate, () => unexpected('error'))).toThrow('error');
    expect(isClosed(gate)).toBe(true);
  });
});

describe('the holder emits an event itself', () => {
  test.each([
    ['never, without holders', undefined, false],
    ['while no holder is suspended', [false, false], true],
    ['not while one is', [false, true], false],
  ])('%s', (_name, suspended, expected) => {
    const gate = createGate();
    gate.holders = suspended && new Set(suspended.map((isSuspended) => () => isSuspended));
    expect(isEmittedByHolder(gate)).toBe(expected);
  });
});

describe('queued jobs', () => {
  test('run in order when the gate opens', () => {
    const { gate, log, add } = closedGate();
    for (const name of ['a', 'b', 'c']) add(name);
    expect(log).toEqual([]);
    release(gate);
    expect(log).toEqual(['a', 'b', 'c']);
  });

  test('run before the others where they are inserted at the front', () => {
    const { gate, log, add } = closedGate();
    add('a');
    add('b');
    add('first', true);
    release(gate);
    expect(log).toEqual(['first', 'a', 'b']);
  });

  test('run in the context in which they were queued', () => {
    const storage = new AsyncLocalStorage<string>();
    const { gate, log } = closedGate();
    for (const name of ['a', 'b']) storage.run(name, () => enqueue(gate, () => log.push(storage.getStore() ?? 'none')));
    storage.run('outer', () => release(gate));
    expect(log).toEqual(['a', 'b']);
  });

  test('wait for one that closes the gate', async () => {
    const { gate, log, add } = closedGate();
    const { promise, fulfil } = deferred();
    enqueue(gate, () => {
      log.push('a');
      closeUntil(gate, promise, unexpected);
    });
    add('b');
    release(gate);
    await turn();
    expect(log).toEqual(['a']);
    fulfil();
    await promise;
    expect(log).toEqual(['a', 'b']);
  });
});

describe('steps', () => {
  test('what came in one step runs in one', async () => {
    const { gate, log, add } = closedGate();
    add('a');
    add('b');
    await turn();
    add('c');
    release(gate);
    expect(log).toEqual(['a', 'b']);
    await turn();
    expect(log).toEqual(['a', 'b', 'c']);
  });

  test('between two steps come promise callbacks and ticks', async () => {
    const { gate, log, add } = closedGate();
    enqueue(gate, () => {
      process.nextTick(() => log.push('tick'));
      queueMicrotask(() => log.push('microtask'));
    });
    await turn();
    add('next step');
    // Not from a microtask, behind which all others come before the next tick in any case.
    setImmediate(release, gate);
    await turn();
    await turn();
    expect(log).toEqual(['tick', 'microtask', 'next step']);
  });

  test('the gate is closed between them', async () => {
    const { gate, add } = closedGate();
    add('a');
    await turn();
    add('b');
    release(gate);
    expect(isClosed(gate)).toBe(true);
    await turn();
    expect(isClosed(gate)).toBe(false);
  });

  test('what came in the step in which the gate was closed belongs to it', async () => {
    const gate = createGate();
    const log: string[] = [];
    const { promise, fulfil } = deferred();
    closeUntil(gate, promise, unexpected);
    enqueue(gate, () => log.push('same step'));
    await turn();
    enqueue(gate, () => log.push('next step'));
    fulfil();
    await promise;
    expect(log).toEqual(['same step']);
    await turn();
    expect(log).toEqual(['same step', 'next step']);
  });

  test('what came in a later step than that in which the gate was closed does not run as soon as it opens', async () => {
    const gate = createGate();
    const log: string[] = [];
    const { promise, fulfil } = deferred();
    closeUntil(gate, promise, unexpected);
    await turn();
    enqueue(gate, () => log.push('next step'));
    fulfil();
    await promise;
    expect(log).toEqual([]);
    await turn();
    expect(log).toEqual(['next step']);
  });
});

describe('a job that throws', () => {
  test('throws from the event loop, before the next one runs', async () => {
    const { gate, log, add } = closedGate();
    const order: unknown[] = [];
    const caught = await uncaughtDuring(async (errors) => {
      enqueue(gate, () => unexpected('error'));
      add('behind');
      enqueue(gate, () => order.push(errors.length));
      release(gate);
      expect([isClosed(gate), log]).toEqual([true, []]);
      await turn();
    });
    expect(caught).toEqual([['error', 'uncaughtException']]);
    expect([log, order, isClosed(gate)]).toEqual([['behind'], [1], false]);
  });
});

describe('jobs that are queued while another runs', () => {
  test('come before those that came after it, in their order', () => {
    const { gate, log, add } = closedGate();
    enqueue(gate, () => {
      log.push('a');
      add('a1');
      add('a2');
    });
    add('b');
    release(gate);
    expect(log).toEqual(['a', 'a1', 'a2', 'b']);
  });

  test('belong to the step of that one', async () => {
    const { gate, log, add } = closedGate();
    enqueue(gate, () => add('a1'));
    await turn();
    add('b');
    release(gate);
    expect(log).toEqual(['a1']);
    await turn();
    expect(log).toEqual(['a1', 'b']);
  });

  test('run where that one opens and closes the gate itself', () => {
    const { gate, log, add } = closedGate();
    enqueue(gate, () => {
      acquire(gate);
      add('a1');
      release(gate);
      log.push('a');
    });
    add('b');
    release(gate);
    expect(log).toEqual(['a1', 'b', 'a']);
    expect([gate.waiting, gate.insertAt, isClosed(gate)]).toEqual([[], undefined, false]);
  });
});

describe('whenIdle', () => {
  test('runs at once where nothing waits', () => {
    const gate = createGate();
    const log: string[] = [];
    whenIdle(gate, () => log.push('idle'));
    expect(log).toEqual(['idle']);
  });

  test('runs behind all jobs, in order', async () => {
    const { gate, log, add } = closedGate();
    whenIdle(gate, () => log.push('idle'));
    whenIdle(gate, () => log.push('idle too'));
    add('a');
    await turn();
    add('b');
    release(gate);
    expect(log).toEqual(['a']);
    await turn();
    expect(log).toEqual(['a', 'b', 'idle', 'idle too']);
  });

  test('runs once', () => {
    const { gate, log, add } = closedGate();
    whenIdle(gate, () => log.push('idle'));
    release(gate);
    acquire(gate);
    add('a');
    release(gate);
    expect(log).toEqual(['idle', 'a']);
  });
});
