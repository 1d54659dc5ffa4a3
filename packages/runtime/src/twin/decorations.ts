/** Classes with decorators, which may replace members and the class itself before compiled code can look at them. */
import type { Constructor } from './protocol.js';

/**
 * The innermost decorator of a class and of its members: it sees what stands in the source, and leaves it as it is.
 *
 * Decorators of the standard run before static blocks and are given functions. Those of TypeScript's and Babel's older kind run after
 * static blocks, unless a build tool has moved the blocks, and are given classes and prototypes.
 */
export interface Decorations {
  (target: unknown, context?: unknown): void;
  /**
   * Asked in a static block of the class.
   *
   * @param cls what the class's name, or `this`, stands for in the block
   * @param count how many times this is a decorator of the class or of one of its elements
   * @returns the class of the source; one without members if it is not known what the members were
   */
  source(cls: Constructor, count: number): Constructor;
  /**
   * Asked behind that.
   *
   * @returns an object with the decorated private methods that the source has, by their names, and the prototype of what they belong to
   */
  privates(isStatic: boolean): object;
}

type Members = Map<PropertyKey, PropertyDescriptor>;

/** Members of classes and prototypes as the source has them, where they may have been replaced by now. */
const originals = new WeakMap<object, Members>();

/** An own member of a class, prototype or other object, as the source has it. */
export function originalMember(target: object, key: PropertyKey): PropertyDescriptor | undefined {
  const own = Object.getOwnPropertyDescriptor(target, key);
  const known = originals.get(target)?.get(key);
  return known === undefined ? own : { ...own, ...known };
}

/** What decorators of the standard are told about what they decorate. */
interface Element {
  readonly kind: string;
  readonly name?: PropertyKey;
  readonly static?: boolean;
  readonly private?: boolean;
  addInitializer?(initialise: (this: Constructor) => void): void;
}

/** What decorators of the standard have been given since the class began to be evaluated. */
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
      // What began before has failed, or has evaluated the class once more.
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
  // It runs before any other initialiser that might replace something, and before static blocks.
  if (isStatic !== true) return;
  element.addInitializer?.(function () {
    if (seen.cls === undefined) seeOthers(this, seen);
  });
}

/** Adds members of which no decorator has told. */
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

/** Classes whose static blocks have run before any decorator of the older kind. */
const linked = new WeakSet<object>();

/** The older kind is given the class, or the prototype, and may replace any member: the first time is the last that all are there. */
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
