/** Classes with decorators. Decorators may replace the class and its members before compiled code sees them. */
import type { Constructor } from './protocol.js';

/**
 * A decorator that is innermost on a class and its members: it sees the class and members of the source, before others replace them, and changes nothing.
 *
 * Standard decorators run before static blocks and receive functions. Legacy decorators (TypeScript's `experimentalDecorators`, Babel's `legacy`) run after
 * static blocks, unless a build tool has moved these, and receive classes and prototypes.
 */
export interface Decorations {
  (target: unknown, context?: unknown): void;
  /**
   * Called in a static block of the class.
   *
   * @param cls the value of the class's name, or of `this`, in the block
   * @param count how many times this decorator has been put on the class and its elements
   * @returns the class of the source; an empty class if its members are not known
   */
  source(cls: Constructor, count: number): Constructor;
  /**
   * Called after `source`.
   *
   * @returns an object with the decorated private methods of the source by their names, with the prototype of the object that they belong to
   */
  privates(isStatic: boolean): object;
}

type Members = Map<PropertyKey, PropertyDescriptor>;

/** The original members of classes and prototypes, which decorators may have replaced. */
const originals = new WeakMap<object, Members>();

/** An own member of a class, prototype or other object, as it is in the source. */
export function originalMember(target: object, key: PropertyKey): PropertyDescriptor | undefined {
  const own = Object.getOwnPropertyDescriptor(target, key);
  const known = originals.get(target)?.get(key);
  return known === undefined ? own : { ...own, ...known };
}

/** The context object of standard decorators. */
interface Element {
  readonly kind: string;
  readonly name?: PropertyKey;
  readonly static?: boolean;
  readonly private?: boolean;
  addInitializer?(initialise: (this: Constructor) => void): void;
}

/** One evaluation of the class: what standard decorators have received so far. */
interface Evaluation {
  readonly first: Element | undefined;
  readonly instances: Members;
  readonly statics: Members;
  /** Private methods of instances and of the class. */
  readonly privates: Readonly<Record<'instances' | 'statics', Members>>;
  count: number;
  cls: Constructor | undefined;
}

const PARTS: Readonly<Record<string, 'value' | 'get' | 'set'>> = { method: 'value', getter: 'get', setter: 'set' };

/** Decorations for a class expression or declaration, however often it is evaluated. */
export function decorations(): Decorations {
  let isStandard = false;
  let current = evaluation();
  let privates: ((isStatic: boolean) => object) | undefined;

  function see(target: unknown, context?: unknown): void {
    if (typeof context === 'object' && context !== null) {
      isStandard = true;
      // The first element is here again: the class is being evaluated once more, or an earlier evaluation has failed.
      if (current.first === undefined || isSame(current.first, context as Element)) {
        current = evaluation(context as Element);
      }
      seeElement(target, context as Element, current);
    } else seeOlder(target);
  }
  return Object.assign(see, {
    source(named: Constructor, count: number): Constructor {
      privates = undefined;
      if (!isStandard) {
        linked.add(named);
        return named;
      }
      const { cls = named, instances, statics, count: seen, privates: hidden } = current;
      current = evaluation();
      if (seen !== count) return class {};
      privates = (isStatic) =>
        Object.create(
          Object.getPrototypeOf(isStatic ? cls : cls.prototype),
          Object.fromEntries(isStatic ? hidden.statics : hidden.instances),
        );
      originals.set(cls.prototype, instances);
      originals.set(cls, statics);
      return cls;
    },
    privates: (isStatic: boolean) => privates?.(isStatic) ?? {},
  });
}

function evaluation(first?: Element): Evaluation {
  const privates = { instances: new Map(), statics: new Map() };
  return { first, instances: new Map(), statics: new Map(), privates, count: 0, cls: undefined };
}

function isSame(a: Element, b: Element): boolean {
  return a.kind === b.kind && a.name === b.name && a.static === b.static;
}

function seeElement(target: unknown, element: Element, seen: Evaluation): void {
  seen.count++;
  const { kind, name, static: isStatic, private: isPrivate } = element;
  if (kind === 'class') {
    seen.cls = target as Constructor;
    seeOthers(seen.cls, seen);
    return;
  }
  const part = PARTS[kind];
  if (part === undefined) return;
  if (name !== undefined) {
    const { instances, statics } = isPrivate === true ? seen.privates : seen;
    const members = isStatic === true ? statics : instances;
    members.set(name, { ...members.get(name), [part]: target });
  }
  // This initialiser runs before static blocks, and before any other that might replace a member.
  if (isStatic !== true) return;
  element.addInitializer?.(function () {
    if (seen.cls === undefined) seeOthers(this, seen);
  });
}

/** Adds members without decorators. */
function seeOthers(cls: Constructor, { instances, statics }: Evaluation): void {
  addOwn(instances, cls.prototype);
  addOwn(statics, cls);
}

function addOwn(members: Members, target: object): Members {
  for (const key of Reflect.ownKeys(target)) {
    members.set(key, { ...Object.getOwnPropertyDescriptor(target, key), ...members.get(key) });
  }
  return members;
}

/** Classes whose static blocks have run before any legacy decorator. */
const linked = new WeakSet<object>();

/** Legacy decorators receive the class or the prototype, and may replace any member. So the members are noted when the first one is called. */
function seeOlder(target: unknown): void {
  const cls: unknown = typeof target === 'function' ? target : constructorOf(target);
  if (typeof cls !== 'function' || linked.has(cls)) return;
  for (const object of [cls, cls.prototype]) {
    if (!originals.has(object)) originals.set(object, addOwn(new Map(), object));
  }
}

function constructorOf(prototype: unknown): unknown {
  if (typeof prototype !== 'object' || prototype === null) return undefined;
  return Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
}
