/**
 * Private names can only be given to an object by the constructor of their class. Asynchronous construction runs it for nothing else: compiled
 * constructors of such classes ask {@link onlyFields}, call `super()`, and return before they do anything of their own.
 */
import { types } from 'node:util';
import type { ClassForm } from './construction.js';
import { isObject } from './objects.js';
import type { Callable, Constructor } from './protocol.js';

const standIns = new WeakSet<Callable>();
const byPrototype = new WeakMap<object, Callable>();

/** `new.target` of constructors that only initialise fields. */
function standIn(): Callable {
  function StandIn() {}
  standIns.add(StandIn);
  return StandIn;
}

const ANY = standIn();

/** Whether a constructor that is given this `new.target` has to return as soon as fields are initialised. */
export function onlyFields(target: unknown): boolean {
  return standIns.has(target as Callable);
}

/** The value of private fields that have not had their turn. */
const UNINITIALISED: unknown = Object.freeze({});

/**
 * While `on`, initialisers of fields are not evaluated, because only names are to be installed. `early` is what private fields are meanwhile that somebody
 * could look for before their turn.
 */
export const namesOnly: { on: boolean; early: unknown } = { on: false, early: UNINITIALISED };

/** What parameters get that nobody reads: destructuring it finds anything, however deep. */
export const anything: unknown = new Proxy(() => {}, {
  get: (_, key) => (key === 'done' ? false : anything),
  apply: () => anything,
  ownKeys: () => [],
});

const NOTHING = (): Readonly<Record<number, unknown>> => ({});

/** The same for a pattern that takes all items that there are. */
export function few(...items: unknown[]): object {
  let position = 0;
  const next = () =>
    position < items.length ? { done: false, value: items[position++] } : { done: true, value: undefined };
  return { __proto__: null, [Symbol.iterator]: () => ({ __proto__: null, next }) };
}

/**
 * Has the class initialise its fields.
 *
 * @param self the object; undefined for a class that extends none, which makes it
 * @param args what the constructor is given, up to the last parameter that is a property too: only these are used
 */
export function initialiseByClass(
  cls: Constructor,
  { parameters = 0, given: suiting = NOTHING }: ClassForm,
  target: Callable,
  self: object | undefined,
  args: readonly unknown[],
): object {
  const values = suiting();
  const given = Array.from({ length: parameters }, (_, i) =>
    i < args.length && args[i] !== anything ? args[i] : (values[i] ?? anything),
  );
  return self === undefined ? Reflect.construct(cls, given, standInFor(target)) : constructWithin(cls, self, given);
}

function standInFor(target: Callable): Callable {
  const { prototype } = target;
  if ((typeof prototype !== 'object' && typeof prototype !== 'function') || prototype === null) {
    return standInWith(Object.getPrototypeOf(Reflect.construct(Object, [], target)));
  }
  return standInWith(prototype);
}

function standInWith(prototype: object): Callable {
  let found = byPrototype.get(prototype);
  if (found === undefined) {
    found = standIn();
    found.prototype = prototype;
    byPrototype.set(prototype, found);
  }
  return found;
}

interface Substitute {
  readonly constructor: Callable;
  parent: object | null;
  self: object | undefined;
}

const substitutes = new WeakMap<Constructor, Substitute>();

/** Runs a constructor whose `super()` returns `self`. Nothing of the program runs while the class extends something else. */
function constructWithin(cls: Constructor, self: object, args: readonly unknown[]): object {
  const substitute = substitutes.get(cls) ?? substituteFor(cls);
  substitute.parent = Object.getPrototypeOf(cls);
  substitute.self = self;
  Object.setPrototypeOf(cls, substitute.constructor);
  try {
    return Reflect.construct(cls, args, ANY);
  } finally {
    restore(cls, substitute);
  }
}

function substituteFor(cls: Constructor): Substitute {
  function Substituted() {
    const { self } = made;
    restore(cls, made);
    return self;
  }
  const made: Substitute = { constructor: Substituted, parent: null, self: undefined };
  substitutes.set(cls, made);
  return made;
}

function restore(cls: Constructor, substitute: Substitute): void {
  substitute.self = undefined;
  if (Object.getPrototypeOf(cls) === substitute.constructor) Object.setPrototypeOf(cls, substitute.parent);
}

/**
 * Has the class give the object its private names, without values and without other fields.
 *
 * @returns undefined if that could be seen
 */
export function installNames(
  cls: Constructor,
  form: ClassForm,
  target: Callable,
  self: object | undefined,
): object | undefined {
  const { keys = [] } = form;
  if (self !== undefined && (isForeign(self, target) || keys.some((key) => isSensitive(self, key)))) return undefined;
  const before = keys.map((key) => [key, self && Object.getOwnPropertyDescriptor(self, key)] as const);
  const length = Array.isArray(self) ? self.length : undefined;
  let made = self;
  namesOnly.on = true;
  namesOnly.early = form.namesFirst === true ? undefined : UNINITIALISED;
  try {
    made = initialiseByClass(cls, form, target, self, []);
  } catch {
    // It has one of the names: the class will say so in its turn.
    return undefined;
  } finally {
    namesOnly.on = false;
    if (made !== undefined) restoreProperties(made, before);
    // An element behind the last has made it longer. Otherwise, that may be fixed.
    if (Array.isArray(self) && self.length !== length) self.length = length as number;
  }
  return made;
}

function restoreProperties(
  object: object,
  before: readonly (readonly [PropertyKey, PropertyDescriptor | undefined])[],
): void {
  // Backwards, because V8 takes back what was added last.
  for (const [key, descriptor] of before.toReversed()) {
    if (descriptor === undefined) Reflect.deleteProperty(object, key);
    else Object.defineProperty(object, key, descriptor);
  }
}

/** Whether the class that is extended has returned another object than a new one, which others may know and use meanwhile. */
function isForeign(self: object, target: Callable): boolean {
  return types.isProxy(self) || Object.getPrototypeOf(self) !== target.prototype;
}

/** Whether more happens than that a property is made, where it is defined or assigned. */
function isSensitive(self: object, key: PropertyKey): boolean {
  const own = Object.getOwnPropertyDescriptor(self, key);
  if (own !== undefined) return own.configurable !== true || own.writable !== true;
  if (!Object.isExtensible(self)) return true;
  for (let at = Object.getPrototypeOf(self); at !== null; at = Object.getPrototypeOf(at)) {
    if (types.isProxy(at)) return true;
    const inherited = Object.getOwnPropertyDescriptor(at, key);
    if (inherited !== undefined) return inherited.writable !== true;
  }
  return false;
}

/**
 * What a private field is looked for in: the object, or one that does not have the field, as the object has not before its turn.
 *
 * @param read its value, if the object has such a field
 */
export function initialised(object: unknown, read: (object: object) => unknown): unknown {
  return isObject(object) && read(object) === UNINITIALISED ? {} : object;
}
