/** What asynchronous code constructs by: links of classes, twins of functions, and whatever has neither. */
import { describe, expect, test } from 'vitest';
import { creator } from '../../src/twin/callee.js';
import { Adopted, type ClassForm, type Construction, linkClass } from '../../src/twin/construction.js';
import { link } from '../../src/twin/link.js';
import { anything, namesOnly, onlyFields } from '../../src/twin/ownElements.js';
import { box, type Callable, type Constructor, SUSPENDED, take, twinOf, unbox } from '../../src/twin/protocol.js';
import { targeted } from '../../src/twin/targeted.js';
import '../../src/install.js';

/** What a call returns in the end, and whether it has suspended. */
async function settled(call: () => unknown): Promise<{ value: unknown; suspended: boolean }> {
  const value = call();
  return value === SUSPENDED ? { value: unbox(await take()), suspended: true } : { value, suspended: false };
}

const made = async (ctor: unknown, ...args: unknown[]) => (await settled(() => creator(ctor, 'C')(...args))).value;
const later = () => new Promise((resolve) => setImmediate(resolve));

/** The form of a class with a constructor of one parameter, which it stores behind a suspension. */
const storing = (key: string, derived = false): ClassForm => ({
  derived,
  construct: ($new: Construction) =>
    async function (this: unknown, x: unknown) {
      if (derived) {
        const result = $new.super(x);
        if (result === SUSPENDED) await take();
      }
      await later();
      ($new.self as Record<string, unknown>)[key] = x;
    },
});

class Base {
  x: unknown;
  constructor(x: unknown) {
    this.x = x;
  }
}

describe('classes', () => {
  test('are constructed by their form', async () => {
    class A extends Base {}
    linkClass(A as Constructor, storing('a', true));
    expect(await settled(() => creator(A, 'A')(1))).toEqual({ value: expect.any(A), suspended: true });
    expect(await made(A, 2)).toEqual({ x: 2, a: 2 });
  });

  test('hand on new.target to what they extend, and a link is not inherited', async () => {
    const B = class B {};
    linkClass(B as Constructor, storing('b'));
    class C extends B {}
    linkClass(C as Constructor, storing('c', true));
    const D = class extends C {};
    expect(Object.getPrototypeOf(await made(C, 1))).toBe(C.prototype);
    expect(await made(C, 1)).toEqual({ b: 1, c: 1 });
    expect(await settled(() => creator(D, 'D')(1))).toMatchObject({ suspended: false });
    expect(Reflect.ownKeys((await made(D, 1)) as object)).toEqual([]);
  });

  test('fail as the language does', async () => {
    const fails = async (construct: ($new: Construction) => Callable, derived = true) => {
      class E extends Base {}
      linkClass(E as Constructor, { derived, construct });
      return made(E).then(
        () => 'made',
        (error: Error) => `${error.name}: ${error.message}`,
      );
    };
    expect(await fails(($new) => async () => void $new.self)).toMatch(/^ReferenceError: Must call super constructor/);
    expect(await fails(() => async () => {})).toMatch(/^ReferenceError: Must call super constructor/);
    expect(await fails(($new) => async () => void [$new.superNow(), $new.superNow()])).toBe(
      'ReferenceError: Super constructor may only be called once',
    );
    expect(await fails(() => async () => 5)).toBe(
      'TypeError: Derived constructors may only return object or undefined',
    );
    expect(await fails(() => async () => 5, false)).toBe('made');
    const Orphan = class extends Base {};
    linkClass(Orphan as Constructor, storing('o', true));
    Object.setPrototypeOf(Orphan, null);
    await expect(made(Orphan)).rejects.toThrow('Super constructor null of Orphan is not a constructor');
  });

  test('may return another object, also one that is thenable', async () => {
    // biome-ignore lint/suspicious/noThenProperty: thenables are what is tested.
    const other = { then: () => 'never called' };
    class F {}
    linkClass(F as Constructor, { construct: () => async () => box(other) });
    expect((await settled(() => creator(F, 'F')())).value).toBe(other);
  });

  test('define fields on what exists, with the descriptors of the language', async () => {
    let value: unknown;
    const Field = class extends Adopted {
      field = value;
    };
    class G {}
    linkClass(G as Constructor, {
      async fields(this: object) {
        await later();
        value = 'late';
        new Field(this);
      },
    });
    const object = (await made(G)) as object;
    expect(Object.getOwnPropertyDescriptor(object, 'field')).toEqual({
      ...{ value: 'late', writable: true, enumerable: true, configurable: true },
    });
    expect(object).toBeInstanceOf(G);
  });

  test('give private names by their own constructor, which does nothing else', async () => {
    const log: unknown[] = [];
    class H extends Base {
      #name = namesOnly.on ? undefined : log.push('evaluated');
      shown = namesOnly.on ? undefined : log.push('evaluated');
      constructor({ x = log.push('destructured') }: { x?: unknown } = {}) {
        super(x);
        if (onlyFields(new.target)) return;
        log.push('body');
      }
      static {
        linkClass(H as Constructor, {
          ...{ derived: true, own: 'names', parameters: 1, keys: ['shown'] },
          construct: ($new) => async (x: unknown) => {
            $new.superNow(x);
            log.push(Reflect.ownKeys($new.self));
            if ($new.fields() === SUSPENDED) await take();
          },
          async fields(this: H) {
            log.push([#name in this, Reflect.ownKeys(this)]);
            await later();
            this.#name = 5;
          },
        });
      }
      name() {
        return this.#name;
      }
    }
    const object = (await made(H, 'x')) as H;
    expect(log).toEqual([['x'], [true, ['x']]]);
    expect([object.name(), Object.getPrototypeOf(H)]).toEqual([5, Base]);
    expect(new H().name()).toBe(4);
    expect(log.slice(2)).toEqual(['destructured', 'evaluated', 'evaluated', 'body']);
  });

  test('that make errors are constructed as they are, for the sake of stacks', async () => {
    class Failure extends Error {}
    linkClass(Failure as Constructor, storing('f', true));
    const { value, suspended } = await settled(() => creator(Failure, 'Failure')('x'));
    expect([suspended, (value as Error).message]).toEqual([false, 'x']);
    expect((value as Error).stack?.split('\n').length).toBeGreaterThan(2);
  });
});

describe('functions', () => {
  function Plain(this: Record<string, unknown>, x: unknown) {
    this.x = x;
  }
  link(Plain as Callable, async function (this: Record<string, unknown>, x: unknown) {
    await later();
    this.x = x;
    return typeof x === 'object' ? box(x) : x;
  });

  test('are constructed by their twin', async () => {
    const object = (await made(Plain, 1)) as object;
    expect([object, Object.getPrototypeOf(object) === Plain.prototype]).toEqual([{ x: 1 }, true]);
    const other = {};
    expect(await made(Plain, other)).toBe(other);
  });

  test('are told new.target where they ask for it', async () => {
    function Told(this: Record<string, unknown>) {
      this.target = new.target;
    }
    link(
      Told as Callable,
      targeted(
        ($new) =>
          async function (this: Record<string, unknown>) {
            await later();
            this.target = $new.target;
          },
      ),
    );
    expect(await made(Told)).toEqual({ target: Told });
    const self = {};
    await settled(() => Reflect.apply(twinOf(Told) as Callable, self, []));
    expect(self).toEqual({ target: undefined });
  });

  test('that cannot be constructed fail as they do', () => {
    const arrow = link(
      () => {},
      async () => {},
    );
    expect(() => creator(arrow, 'o.arrow')(1)).toThrow(new TypeError('o.arrow is not a constructor'));
    expect(() => creator(undefined, 'o.missing')(1)).toThrow(new TypeError('o.missing is not a constructor'));
  });

  test('bound ones construct what they are bound to', async () => {
    const bound = Reflect.apply(twinOf(Function.prototype.bind) as Callable, Plain, [{ ignored: true }, 'bound']);
    const object = (await made(bound)) as object;
    expect([object, object instanceof (Plain as never)]).toEqual([{ x: 'bound' }, true]);
  });
});

describe('Reflect.construct', () => {
  const construct = twinOf(Reflect.construct) as Callable;
  const K = class K {};
  linkClass(K as Constructor, storing('k'));

  test('constructs by the form, for another target too', async () => {
    class Target {}
    const { value, suspended } = await settled(() => construct(K, [1], Target));
    expect([value, suspended, value instanceof Target]).toEqual([{ k: 1 }, true, true]);
    expect((await settled(() => construct(K, { length: 1, 0: 'like a list' }))).value).toEqual({ k: 'like a list' });
  });

  test('refuses what it refuses', () => {
    expect(() => construct(K)).toThrow(TypeError);
    expect(() => construct(K, [], () => {})).toThrow(TypeError);
    expect(() => construct(() => {}, [])).toThrow(TypeError);
  });
});

test('anything can be destructured, however deep', () => {
  type Shape = { a: unknown; b: { c?: unknown } };
  const parts = ({ a, b: { c = 'default' }, ...rest }: Shape, [d, [e]]: [unknown, [unknown]]) => [a, c, rest, d, e];
  expect(parts(anything as Shape, anything as [unknown, [unknown]])).toEqual([
    anything,
    anything,
    {},
    anything,
    anything,
  ]);
});
