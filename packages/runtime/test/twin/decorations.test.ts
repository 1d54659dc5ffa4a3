import { describe, expect, it } from 'vitest';
import { decorations } from '../../src/twin/decorations.js';
import { linkMethods } from '../../src/twin/link.js';
import { type Callable, twinOf } from '../../src/twin/protocol.js';

/** A class as compiled code makes it, whose static block runs when `link` is called. */
function made() {
  class A {
    m() {}
    other() {}
    static s() {}
  }
  const { m, other } = A.prototype;
  const { s } = A;
  return { A, m, other, s };
}
const forms = () => ({ async m() {}, async other() {} });
const isLinked = (fn: Callable) => twinOf(fn) !== undefined;

describe('decorators of the older kind', () => {
  it('before the static block: what they replace, there or beside, is not linked', () => {
    const { A, m, other, s } = made();
    const seen = decorations();
    seen(A.prototype, 'm');
    A.prototype.m = () => {};
    A.prototype.other = () => {};
    A.s = () => {};
    // Another member is seen when all that has happened.
    seen(A.prototype, 'other');
    seen(A, 's');
    const source = seen.source(A, 3);
    linkMethods(source.prototype, forms());
    linkMethods(source, { async s() {} });
    expect([m, other, s].map(isLinked)).toEqual([true, true, true]);
    expect([A.prototype.m, A.prototype.other, A.s].map(isLinked)).toEqual([false, false, false]);
  });

  it('behind the static block: it has linked what was there', () => {
    const { A, m, other } = made();
    const seen = decorations();
    linkMethods(seen.source(A, 2).prototype, forms());
    seen(A.prototype, 'm');
    A.prototype.m = () => {};
    expect([m, other].map(isLinked)).toEqual([true, true]);
    expect(isLinked(A.prototype.m)).toBe(false);
  });

  it.each([[{ kind: 'method', key: 'm' }], [Object.create(null)], [undefined]])(
    'may be given what is no class',
    (it) => {
      expect(decorations()(it)).toBeUndefined();
    },
  );
});

describe('decorators of the standard', () => {
  const method = (name: string, rest: object = {}) => ({
    kind: 'method',
    name,
    static: false,
    private: false,
    ...rest,
  });

  it('what is private has no part in public members of the same name', () => {
    const { A, m } = made();
    const secret = () => {};
    const seen = decorations();
    seen(m, method('m'));
    seen(secret, method('other', { private: true }));
    const source = seen.source(A, 2);
    linkMethods(source.prototype, forms());
    expect([m, A.prototype.other, secret].map(isLinked)).toEqual([true, true, false]);
  });

  it('where one is missing, nothing is linked', () => {
    const { A, m, other } = made();
    const seen = decorations();
    seen(m, method('m'));
    linkMethods(seen.source(A, 2).prototype, forms());
    expect([m, other].map(isLinked)).toEqual([false, false]);
    // The next class is none the worse.
    const next = made();
    seen(next.m, method('m'));
    seen(next.other, method('other'));
    expect(seen.source(next.A, 2)).toBe(next.A);
  });
});
