/**
 * Only the constructor of a class can install its private names on an object. Asynchronous construction runs it for that purpose alone: compiled
 * constructors of such classes ask {@link onlyFields}, call `super()`, and return before they do anything else.
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

/** The value of private fields that are not initialised yet. */
const UNINITIALISED: unknown = Object.freeze({});

/**
 * While `on` is true, initialisers of fields are not evaluated, because only names are to be installed. `early` is the value that private fields get if the program
 * could look for them before they are initialised.
 */
export const namesOnly: { on: boolean; early: unknown } = { on: false, early: UNINITIALISED };

/** An argument for parameters that nobody reads. Any pattern can destructure it, however deep. */
export const anything: unknown = new Proxy(() => {}, {
  get: (_, key) => (key === 'done' ? false : anything),
  apply: () => anything,
  ownKeys: () => [],
});

const NOTHING = (): Readonly<Record<number, unknown>> => ({});

/** {@link anything} for a pattern with a rest element, which takes all items: it has these items and no more. */
export function few(...items: unknown[]): object {
  let position = 0;
  const next = () =>
    position < items.length ? { done: false, value: items[position++] } : { done: true, value: undefined };
  return { __proto__: null, [Symbol.iterator]: () => ({ __proto__: null, next }) };
}

/**
 * Has the class initialise its fields.
 *
 * @param self the object; undefined if the class extends no other: then it makes the object
 * @param args the arguments up to the last parameter that is a property too: no others are used
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

/** Runs a constructor whose `super()` returns `self`. For that the class extends another function meanwhile, but no code of the program runs then. */
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
 * @returns undefined if the program could notice that
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
    // The object has one of the names already. The class throws the error when it initialises the fields.
    return undefined;
  } finally {
    namesOnly.on = false;
    if (made !== undefined) restoreProperties(made, before);
    // A field with the name of an index has made the array longer. Otherwise its length is not written: it may be read-only.
    if (Array.isArray(self) && self.length !== length) self.length = length as number;
  }
  return made;
}

function restoreProperties(
  object: object,
  before: readonly (readonly [PropertyKey, PropertyDescriptor | undefined])[],
): void {
  // Backwards, because V8 keeps an object fast only if the property that was added last is deleted.
  for (const [key, descriptor] of before.toReversed()) {
    if (descriptor === undefined) Reflect.deleteProperty(object, key);
    else Object.defineProperty(object, key, descriptor);
  }
}

/** Whether the extended class has returned an object that is not new, so that other code may use it meanwhile. */
function isForeign(self: object, target: Callable): boolean {
  return types.isProxy(self) || Object.getPrototypeOf(self) !== target.prototype;
}

/** Whether defining or assigning a property does more than create or replace it: it fails, or runs code. */
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
 * The object in which a private field is to be looked for. If the field is not initialised yet, another object, which does not have it.
 *
 * @param read reads the field of an object
 */
export function initialised(object: unknown, read: (object: object) => unknown): unknown {
  return isObject(object) && read(object) === UNINITIALISED ? {} : object;
}
