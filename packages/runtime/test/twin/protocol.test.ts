import { createHook } from 'node:async_hooks';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { callee, constructorRegistrar, member, method, methodRegistrar, registrar } from '../../src/twin/callee.js';
import { link, linkAsync, linkMethods, linkSelf, twin } from '../../src/twin/link.js';
import {
  box,
  type Callable,
  isUnlinked,
  linkRoot,
  linkTwin,
  ORIGIN,
  ROOT,
  rootOf,
  SUSPENDED,
  suspend,
  TWIN,
  take,
  twinOf,
  unbox,
} from '../../src/twin/protocol.js';
import { call, run, type Steps } from '../../src/twin/steps.js';

/** The form of a call site in compiled code. */
async function callSite(fn: unknown, ...args: unknown[]): Promise<{ result: unknown }> {
  let result = callee(fn, 'fn')(...args);
  if (result === SUSPENDED) result = unbox(await take());
  return { result };
}

const thenable = () => {
  const seen = vi.fn();
  // biome-ignore lint/suspicious/noThenProperty: thenables are what is tested.
  return { value: { then: seen }, seen };
};

describe('links', () => {
  test('a function without link has neither twin nor adapter', () => {
    expect([twinOf(() => 1), rootOf(() => 1)]).toEqual([undefined, undefined]);
  });

  test.each([undefined, null, 1, 'text', Symbol.iterator, {}, { [TWIN]: () => 1 }])('%o has no twin', (value) => {
    expect([twinOf(value), rootOf(value)]).toEqual([undefined, undefined]);
  });

  test('linking returns the function, and its keys, name, length and text stay', () => {
    const fn = function original(_a: unknown, _b: unknown) {};
    const text = String(fn);
    expect(
      linkRoot(
        linkTwin(fn, () => 1),
        () => 2,
      ),
    ).toBe(fn);
    expect([Object.keys(fn), { ...fn }, fn.name, fn.length, String(fn)]).toEqual([[], {}, 'original', 2, text]);
  });

  test('twin and adapter are separate links', () => {
    const fn = () => 0;
    const [one, two] = [() => 1, () => 2];
    linkTwin(fn, one);
    expect([twinOf(fn), rootOf(fn)]).toEqual([one, undefined]);
    linkRoot(fn, two);
    expect([twinOf(fn), rootOf(fn)]).toEqual([one, two]);
  });

  test('the first link stays', () => {
    const fn = () => 0;
    const [first, second, adapter] = [() => 1, () => 2, () => 3];
    linkTwin(linkTwin(fn, first), second);
    linkRoot(linkRoot(fn, adapter), second);
    expect([twinOf(fn), rootOf(fn)]).toEqual([first, adapter]);
  });

  test('a root adapter is no twin, and gives way to one', () => {
    const fn = () => 0;
    const [later, adapter] = [() => 1, () => 2];
    linkRoot(fn, adapter);
    expect([twinOf(fn), rootOf(fn), isUnlinked(fn)]).toEqual([undefined, adapter, false]);
    linkTwin(fn, later);
    expect([twinOf(fn), rootOf(fn), isUnlinked(fn)]).toEqual([later, adapter, false]);
  });

  test('the symbols are those that any copy of the runtime finds', () => {
    expect([TWIN, ROOT, ORIGIN, SUSPENDED]).toEqual(
      ['twin', 'root', 'origin', 'suspended'].map((name) => Symbol.for(`unblock.${name}`)),
    );
  });

  test('nothing that can be reached from a function leads back to it', () => {
    const fn = () => 0;
    linkRoot(
      linkTwin(fn, () => 1),
      () => 2,
    );
    const reached: unknown[] = [];
    const walk = (value: unknown): void => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
      expect(reached).not.toContain(value);
      reached.push(value);
      for (const key of Reflect.ownKeys(value)) walk(value[key as keyof typeof value]);
      Object.freeze(value);
    };
    walk(fn);
    expect(reached.length).toBe(5);
    expect([twinOf(fn)?.(), rootOf(fn)?.()]).toEqual([1, 2]);
  });

  test('Object.assign copies no link', () => {
    const fn = linkTwin(
      () => 0,
      () => 1,
    );
    expect(twinOf(Object.assign(() => 2, fn))).toBeUndefined();
  });

  test('a copied property does not count, because the twin points elsewhere', () => {
    const fn = linkRoot(
      linkTwin(
        () => 0,
        () => 1,
      ),
      () => 2,
    );
    const wrapper = Object.defineProperties(() => 3, {
      [TWIN]: Object.getOwnPropertyDescriptor(fn, TWIN) as PropertyDescriptor,
      [ROOT]: Object.getOwnPropertyDescriptor(fn, ROOT) as PropertyDescriptor,
    });
    expect((wrapper as { [TWIN]?: unknown })[TWIN]).toBe(twinOf(fn));
    expect([twinOf(wrapper), rootOf(wrapper)]).toEqual([undefined, undefined]);
    expect(callee(wrapper, 'wrapper')).toBe(wrapper);
  });

  test('bound functions have no link', () => {
    expect(
      twinOf(
        linkTwin(
          () => 0,
          () => 1,
        ).bind(null),
      ),
    ).toBeUndefined();
  });

  test('a subclass does not inherit the link of its constructor, and may have one of its own', () => {
    class Base {}
    class Derived extends Base {}
    const [baseRoot, derivedRoot] = [class extends Base {}, class extends Derived {}];
    linkRoot(linkTwin(Base as never, () => 1) as never, baseRoot);
    expect((Derived as { [ROOT]?: unknown })[ROOT]).toBe(baseRoot);
    expect([twinOf(Derived), rootOf(Derived)]).toEqual([undefined, undefined]);
    linkRoot(Derived, derivedRoot);
    expect([rootOf(Base), rootOf(Derived)]).toEqual([baseRoot, derivedRoot]);
  });

  test('a frozen function stays without link, silently', () => {
    const fn = Object.freeze(() => 0);
    expect(linkTwin(fn, () => 1)).toBe(fn);
    expect([twinOf(fn), callee(fn, 'fn')]).toEqual([undefined, fn]);
  });

  test('a function linked before it was frozen keeps its link', () => {
    const fn = () => 0;
    linkTwin(fn, () => 1);
    expect(twinOf(Object.freeze(fn))).toBeDefined();
  });

  test('a twin stands for one function: linked to a second one, it is no longer the twin of the first', () => {
    const shared = () => 2;
    const [first, second] = [() => 0, () => 1];
    linkTwin(first, shared);
    linkTwin(second, shared);
    expect([twinOf(first), twinOf(second)]).toEqual([undefined, shared]);
  });
});

describe('Proxy functions', () => {
  const linked = () =>
    linkTwin(
      (x: number) => x,
      () => 'twin',
    );

  test('a Proxy of a linked function has no link, so that its apply trap runs', async () => {
    const apply = vi.fn(() => 'trap');
    expect(await callSite(new Proxy(linked(), { apply }), 1)).toEqual({ result: 'trap' });
  });

  test('a get trap that throws is not heard of', async () => {
    const proxy = new Proxy(linked(), {
      get() {
        throw new Error('trap');
      },
    });
    expect([twinOf(proxy), rootOf(proxy)]).toEqual([undefined, undefined]);
    expect(await callSite(proxy, 7)).toEqual({ result: 7 });
    expect(method(proxy, 'proxy').call(undefined, 8)).toBe(8);
  });

  test('a get trap whose invention throws when asked for its origin is not heard of', () => {
    const invention = new Proxy(() => 1, {
      get() {
        throw new Error('trap');
      },
    });
    expect(twinOf(new Proxy(() => 0, { get: () => invention }))).toBeUndefined();
  });

  test.each([
    ['a function', () => 'invented'],
    ['a number', 5],
    ['null', null],
    ['an object', {}],
  ])('a get trap that invents %s for any property makes no twin', async (_name, invention) => {
    const proxy = new Proxy((x: number) => x, { get: () => invention });
    expect([twinOf(proxy), rootOf(proxy)]).toEqual([undefined, undefined]);
    expect(await callSite(proxy, 7)).toEqual({ result: 7 });
    expect(method(proxy, 'proxy').call(undefined, 8)).toBe(8);
  });

  test('a Proxy that answers every property with itself is called as it is', async () => {
    const chain: Callable = new Proxy((x: number) => x, { get: (_target, _key, receiver) => receiver });
    expect(callee(chain, 'chain')).toBe(chain);
    expect(await callSite(chain, 7)).toEqual({ result: 7 });
    expect(method(chain, 'chain').call(undefined, 8)).toBe(8);
  });
});

describe('callee and its kin', () => {
  const fn = () => 0;
  const [fnTwin, fnRoot] = [() => 1, () => 2];
  linkRoot(linkTwin(fn, fnTwin), fnRoot);
  const rootOnly = linkRoot(() => 0, fnRoot.bind(null));

  test('asynchronous code gets the twin, then the adapter, then the function', () => {
    const plain = () => 3;
    expect([callee(fn, 'f'), method(fn, 'o.f')]).toEqual([fnTwin, fnTwin]);
    expect([callee(rootOnly, 'f'), method(rootOnly, 'o.f')]).toEqual([rootOf(rootOnly), rootOf(rootOnly)]);
    expect([callee(plain, 'f'), method(plain, 'o.f')]).toEqual([plain, plain]);
  });

  test('synchronous code gets the adapter, never the twin', () => {
    const twinned = linkTwin(
      () => 0,
      () => 1,
    );
    expect([registrar(fn, 'f'), methodRegistrar(fn, 'o.f')]).toEqual([fnRoot, fnRoot]);
    expect([registrar(twinned, 'f'), methodRegistrar(twinned, 'o.f')]).toEqual([twinned, twinned]);
  });

  test('constructors: the adapter, or whatever was there', () => {
    class Plain {}
    class Linked {}
    class Adapter extends Linked {}
    linkRoot(Linked, Adapter);
    expect([constructorRegistrar(Plain), constructorRegistrar(Linked)]).toEqual([Plain, Adapter]);
    const Missing = constructorRegistrar(undefined, 'o.missing');
    expect(() => new Missing()).toThrow(new TypeError('o.missing is not a constructor'));
  });

  test.each([
    [
      'an own call',
      Object.assign(
        function (this: unknown, x: unknown) {
          return [this, x];
        },
        { call: () => 'own' },
      ),
    ],
    [
      'no prototype',
      Object.setPrototypeOf(function (this: unknown, x: unknown) {
        return [this, x];
      }, null),
    ],
  ])('a method with %s gets its receiver and arguments', (_name, odd) => {
    const self = {};
    expect(method(odd, 'o.m').call(self, 1)).toEqual([self, 1]);
    expect(methodRegistrar(odd, 'o.m').call(self, 1)).toEqual([self, 1]);
  });

  const nonCallables: readonly unknown[] = [undefined, null, 0, 'text', true, 1n, Symbol('s'), {}, [], /x/];

  test.each(nonCallables.map((value) => [value]))('calling %o fails as in V8', (value) => {
    const native = (source: string): unknown => {
      try {
        return new Function('f', 'o', source)(value, { m: value });
      } catch (error) {
        return error;
      }
    };
    const ours = (body: () => unknown): unknown => {
      try {
        return body();
      } catch (error) {
        return error;
      }
    };
    const pairs = [
      [native('f(1)'), ours(() => callee(value, 'f')(1))],
      [native('o.m(1)'), ours(() => method(value, 'o.m').call({}, 1))],
      [native('f(1)'), ours(() => registrar(value, 'f')(1))],
      [native('o.m(1)'), ours(() => methodRegistrar(value, 'o.m').call({}, 1))],
    ] as const;
    for (const [expected, actual] of pairs) {
      expect(expected).toBeInstanceOf(TypeError);
      expect(actual).toBeInstanceOf(TypeError);
      expect((actual as Error).message).toBe((expected as Error).message);
    }
  });

  test('the arguments of a non-callable are evaluated before it throws', () => {
    const argument = vi.fn();
    expect(() => callee(undefined, 'f')(argument())).toThrow(new TypeError('f is not a function'));
    expect(argument).toHaveBeenCalledOnce();
  });
});

test('who is called as a member finds its caller in the stack', () => {
  const object = { frames: () => new Error('frames').stack?.split('\n').slice(1) ?? [] };
  const frames = member(object, 'frames', 'object.frames')() as string[];
  expect(frames[1]).toContain('protocol.test.ts');
});

describe('the register', () => {
  test('take gives what suspend left, once', async () => {
    const pending = Promise.resolve(1);
    expect(suspend(pending)).toBe(SUSPENDED);
    expect(take()).toBe(pending);
    expect(() => take()).toThrow('take() without a suspended call');
  });
});

describe('boxes', () => {
  test.each([undefined, null, 0, '', true, 1n, Symbol.iterator])('%o is not boxed', (value) => {
    expect(box(value)).toBe(value);
  });

  test.each([[{}], [[]], [() => 1], [Promise.resolve()], [Object.create(null)]])(
    '%o comes out as it went in',
    async (value) => {
      expect(box(value)).not.toBe(value);
      expect(unbox(await box(value))).toBe(value);
    },
  );

  test('boxing does not look at then', () => {
    const looked = vi.fn();
    box({
      // biome-ignore lint/suspicious/noThenProperty: a getter for then is what is tested.
      get then() {
        return looked();
      },
    });
    expect(looked).not.toHaveBeenCalled();
  });

  test('a box in a box is a value', () => {
    const inner = box({});
    expect(unbox(box(inner))).toBe(inner);
  });

  test.each([[{ value: 1 }], [5], [undefined]])('unbox leaves %o alone', (value) => {
    expect(unbox(value)).toBe(value);
  });
});

describe('what a call costs', () => {
  let promises = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'PROMISE') promises++;
    },
  });
  afterEach(() => void hook.disable());

  /** Promises made, and microtasks run, between the start of a call and its result being there. */
  async function costOf(fn: Callable): Promise<{ promises: number; microtasks: boolean }> {
    let ran = false;
    hook.enable();
    queueMicrotask(() => {
      ran = true;
    });
    const before = promises;
    let result = callee(fn, 'fn')();
    if (result === SUSPENDED) result = unbox(await take());
    const cost = { promises: promises - before, microtasks: ran };
    expect(result).toBe('result');
    return cost;
  }

  const free = { promises: 0, microtasks: false };

  test('a function without twin: no promise, no microtask', async () => {
    expect(await costOf(() => 'result')).toEqual(free);
  });

  test('a twin that returns its result: no promise, no microtask', async () => {
    expect(
      await costOf(
        linkTwin(
          () => 0,
          () => 'result',
        ),
      ),
    ).toEqual(free);
  });

  test('a twin in steps that do not suspend, and call one that does not either: the same', async () => {
    const inner = linkTwin(
      () => 0,
      () => 'result',
    );
    const outer = linkTwin(
      () => 0,
      () => run(call(inner, undefined, [])),
    );
    expect(await costOf(outer)).toEqual(free);
  });

  test('the measurement sees a twin that suspends', async () => {
    const cost = await costOf(
      linkTwin(
        () => 0,
        () => suspend(Promise.resolve('result')),
      ),
    );
    expect(cost.promises).toBeGreaterThan(0);
    expect(cost.microtasks).toBe(true);
  });
});

describe('link', () => {
  test('the twin gets receiver and arguments, and suspends on the promise of the asynchronous form', async () => {
    const fn = link(
      () => 0,
      async function (this: unknown, ...args: unknown[]) {
        return box([this, args]);
      },
    );
    const self = {};
    expect(Reflect.apply(twinOf(fn) as Callable, self, [1, 2])).toBe(SUSPENDED);
    expect(unbox(await take())).toEqual([self, [1, 2]]);
  });

  test('a throw becomes a rejection at the call site', async () => {
    const error = new Error('thrown');
    await expect(
      callSite(
        link(
          () => 0,
          async () => {
            throw error;
          },
        ),
      ),
    ).rejects.toBe(error);
  });

  test('a thenable result arrives as it is', async () => {
    const { value, seen } = thenable();
    const fn = link(
      () => value,
      async () => box(value),
    );
    const { result } = await callSite(fn);
    expect(result === value).toBe(true);
    expect(seen).not.toHaveBeenCalled();
  });

  test('linkSelf hands the original to the asynchronous form', async () => {
    const fn = linkSelf(
      (): unknown => 'original',
      (self) => async () => box(self),
    );
    expect(await callSite(fn)).toEqual({ result: fn });
  });

  test('linkMethods links own methods by key, and super in the forms is that of the originals', async () => {
    class Base {
      hello(): unknown {
        return 'base';
      }
    }
    const symbol = Symbol('method');
    class Derived extends Base {
      override hello(): unknown {
        return `derived ${super.hello()}`;
      }
      [symbol](): unknown {
        return 0;
      }
      get accessor(): unknown {
        return 0;
      }
    }
    linkMethods(Derived.prototype, {
      async hello() {
        return `twin of derived ${super.hello()}`;
      },
      async [symbol]() {
        return 'symbol';
      },
      async accessor() {},
      async absent() {},
    });
    const { prototype } = Derived;
    expect(await callSite(prototype.hello)).toEqual({ result: 'twin of derived base' });
    expect(await callSite(prototype[symbol])).toEqual({ result: 'symbol' });
    expect(twinOf(Base.prototype.hello)).toBeUndefined();
    expect(Reflect.ownKeys(prototype)).toEqual(['constructor', 'hello', 'accessor', symbol]);
    expect(new Derived().hello()).toBe('derived base');
  });
});

describe('the API for people', () => {
  test('twin is undefined where there is none', () => {
    expect(twin(() => 1)).toBeUndefined();
  });

  test('twin returns promises, whether the twin suspends or not', async () => {
    const suspending = linkAsync(
      (x: number) => x,
      async (x) => x + 1,
    );
    const direct = linkTwin(
      (x: number) => x,
      (x: number) => x + 2,
    );
    expect(await Promise.all([twin(suspending)?.(1), twin(direct)?.(1)])).toEqual([2, 3]);
  });

  test('twin turns a throw into a rejection, and keeps the receiver', async () => {
    const error = new Error('thrown');
    const failing = linkTwin(
      () => 0,
      () => {
        throw error;
      },
    );
    await expect(twin(failing)?.()).rejects.toBe(error);
    const self = {};
    const receiver = linkTwin(
      () => 0,
      function (this: unknown) {
        return this;
      },
    );
    expect(await twin(receiver)?.call(self)).toBe(self);
  });
});

describe('steps', () => {
  const later = (value: unknown) =>
    linkTwin(
      () => 'blocked',
      () => suspend(Promise.resolve(box(value))),
    );
  const failing = (error: unknown) =>
    linkTwin(
      () => 'blocked',
      () => suspend(Promise.reject(error)),
    );

  const outcome = async (steps: Steps) => {
    const result = run(steps);
    const suspended = result === SUSPENDED;
    return { suspended, result: suspended ? unbox(await take()) : result };
  };

  test('no suspension: the result', async () => {
    expect(await outcome(call((a: number, b: number) => a + b, undefined, [1, 2]))).toEqual({
      suspended: false,
      result: 3,
    });
  });

  test('call passes the receiver to function and twin', async () => {
    const self = {};
    const twinned = linkTwin(
      () => 0,
      function (this: unknown) {
        return this;
      },
    );
    expect((await outcome(call(twinned, self, []))).result).toBe(self);
    expect(
      (
        await outcome(
          call(
            function (this: unknown) {
              return this;
            },
            self,
            [],
          ),
        )
      ).result,
    ).toBe(self);
  });

  test('goes on after each suspension, in order', async () => {
    function* steps(): Steps {
      const log: unknown[] = [];
      for (const value of [1, 2, 3]) log.push(yield* call(later(value), undefined, []), 'then');
      return log;
    }
    expect(await outcome(steps())).toEqual({ suspended: true, result: [1, 'then', 2, 'then', 3, 'then'] });
  });

  test('a throw before the first suspension is thrown to the caller', () => {
    const error = new Error('early');
    expect(() =>
      run(
        call(
          () => {
            throw error;
          },
          undefined,
          [],
        ),
      ),
    ).toThrow(error);
  });

  test.each([[new Error('late')], [undefined], ['text']])(
    'rejecting with %o can be caught in the steps',
    async (error) => {
      function* steps(): Steps {
        const log: unknown[] = [];
        try {
          yield* call(failing(error), undefined, []);
        } catch (caught) {
          log.push(caught);
        } finally {
          log.push(yield* call(later('finally'), undefined, []));
        }
        return log;
      }
      expect(await outcome(steps())).toEqual({ suspended: true, result: [error, 'finally'] });
    },
  );

  test('an uncaught rejection is that of the call', async () => {
    const error = new Error('late');
    await expect(outcome(call(failing(error), undefined, []))).rejects.toBe(error);
  });

  test('a throw after a suspension rejects', async () => {
    function* steps(): Steps {
      yield* call(later(1), undefined, []);
      throw new RangeError('after');
    }
    await expect(outcome(steps())).rejects.toThrow(new RangeError('after'));
  });

  test('thenables travel as values, in and out', async () => {
    const { value, seen } = thenable();
    function* steps(): Steps {
      return yield* call(later(value), undefined, []);
    }
    expect((await outcome(steps())).result === value).toBe(true);
    expect(run(call(() => value, undefined, [])) === value).toBe(true);
    expect(seen).not.toHaveBeenCalled();
  });

  test('calling what is no function throws a TypeError', () => {
    expect(() => run(call(undefined as never, undefined, []))).toThrow(TypeError);
  });
});

describe('two copies of the runtime', () => {
  const secondCopy = async () => {
    vi.resetModules();
    return {
      ...(await import('../../src/twin/protocol.js')),
      ...(await import('../../src/twin/callee.js')),
      ...(await import('../../src/twin/link.js')),
    };
  };

  test('are different modules', async () => {
    const other = await secondCopy();
    expect(other.linkTwin).not.toBe(linkTwin);
  });

  test('find each other’s links, and link a function once', async () => {
    const other = await secondCopy();
    const [mine, theirs] = [() => 1, () => 2];
    const linkedHere = linkTwin(() => 0, mine);
    const linkedThere = other.linkTwin(() => 0, theirs);
    expect([other.callee(linkedHere, 'f'), callee(linkedThere, 'f')]).toEqual([mine, theirs]);
    other.linkTwin(linkedHere, theirs);
    expect(twinOf(linkedHere)).toBe(mine);
  });

  test('share the register and the boxes, in both directions', async () => {
    const other = await secondCopy();
    const { value, seen } = thenable();
    const linkedThere = other.link(
      () => 0,
      async () => other.box(value),
    );
    expect((await callSite(linkedThere)).result === value).toBe(true);
    expect(suspend(Promise.resolve(box(value)))).toBe(other.SUSPENDED);
    expect(other.unbox(await other.take()) === value).toBe(true);
    expect(seen).not.toHaveBeenCalled();
  });
});
