/**
 * Asynchronous construction: what `new C(x)` does where the constructor of C, its fields, or a class that it extends may suspend.
 *
 * The object is made and filled step by step as the language says (OrdinaryCreateFromConstructor, SuperCall, InitializeInstanceElements);
 * see docs/decisions/0014-constructors-suspend.md.
 */
import { callForm } from './calls.js';
import { allocate, constructs, makesErrors } from './construct.js';
import { isClass, isConstructor } from './constructors.js';
import { isObject } from './objects.js';
import { initialiseByClass, installNames } from './ownElements.js';
import {
  box,
  type Callable,
  type Constructor,
  type Frame,
  linkConstruction,
  SUSPENDED,
  suspend,
  take,
  unbox,
} from './protocol.js';
import { inCourse, nextCourse } from './schedule.js';
import { thrower } from './thrower.js';

/**
 * The asynchronous form of a class: an object literal that compiled code writes into the class. Its prototype is that of the class's
 * `prototype`, so that `super` in `fields` means what it means in the class.
 */
export interface ClassForm {
  /** Whether the class extends another, or `null`. */
  readonly derived?: boolean;
  /** The asynchronous form of the constructor; undefined if the class has none of its own. */
  readonly construct?: (construction: Construction) => Callable;
  /** Defines the fields of `this`; returns a promise if they may suspend. Its parameters are those of the constructor that are properties too. */
  readonly fields?: Callable;
  /**
   * Set if the class has private names, which only its own constructor can install. `fields`: the constructor initialises all fields, because none may suspend;
   * `names`: it only installs the names, and the form's `fields` does the rest.
   */
  readonly own?: 'fields' | 'names';
  /** How many parameters the constructor has in the source, if `own` is set. */
  readonly parameters?: number;
  /** Arguments, by position, for parameters that cannot take just `anything`: see `few` in ownElements.ts. */
  readonly given?: () => Readonly<Record<number, unknown>>;
  /** Keys of public fields, which the constructor defines along with the names. They are removed again. */
  readonly keys?: readonly PropertyKey[];
  /** Set if parameters of the constructor use `this`, and the class extends no other. */
  readonly parametersUse?: boolean;
  /** Set if private names exist before any field is initialised, as TypeScript may compile them, and the program could notice. */
  readonly namesFirst?: boolean;
  /** Sets parameters that are properties after the fields, if `fields` may have been called without them. */
  readonly properties?: Callable;
  /** Set if fields are initialised before parameters, and both may have effects. */
  readonly fieldsFirst?: boolean;
}

/** Links a class to its asynchronous form. */
export function linkClass(cls: Constructor, form: ClassForm): void {
  // `new.target` tells a constructor that it is to install names only. Build tools that lower classes use `this.constructor` instead.
  const isLowered = form.own !== undefined && !isClass(cls);
  // In a class that extends no other, `this` is there once fields have been initialised. Build tools may do that after parameters.
  const isLate = form.parametersUse === true && form.fieldsFirst !== true;
  linkConstruction(cls, (target: Callable, args: readonly unknown[]) => {
    const course = nextCourse();
    // Installing private names replaces the prototype of a derived class for a moment, which must be possible.
    const isFixed = form.own !== undefined && form.derived === true && !Object.isExtensible(cls);
    if (course === 'original' || isFixed || isLowered || isLate || makesErrors(cls))
      return Reflect.construct(cls, args, target);
    return inCourse(course, new Construction(cls, form, target).run(args));
  });
}

/** A class that extends this one defines its fields on an existing object: `new (class extends Adopted { x = 1 })(object)`. */
export const Adopted = class {
  constructor(self: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is what the class is for.
    return self;
  }
};

/** The construction of one object. Compiled constructors use it in place of `this`, `super` and `new.target`. */
export class Construction {
  /** `new.target` */
  readonly target: Callable;
  readonly #cls: Constructor;
  readonly #form: ClassForm;
  #self: object | undefined;
  #hasFields = false;

  constructor(cls: Constructor, form: ClassForm, target: Callable) {
    this.#cls = cls;
    this.#form = form;
    this.target = target;
    // With `own`, the constructor of the class itself makes the object, later.
    if (form.derived !== true && form.own === undefined) this.#self = allocate(target);
  }

  /** `this` */
  get self(): object {
    if (this.#self === undefined) throw unbound();
    return this.#self;
  }

  /** `super[key]` */
  get(key: PropertyKey): unknown {
    const self = this.self;
    return Reflect.get(Object.getPrototypeOf(this.#cls.prototype), key, self);
  }

  /** `super[key]` as the target of an assignment: the property `value` of the result. Reads `this` at once, and converts the key at each access, as V8 does. */
  place(key: PropertyKey): { value: unknown } {
    const { self } = this;
    const get = () => this.get(key);
    const set = (value: unknown) => {
      Object.setPrototypeOf(HOME, Object.getPrototypeOf(this.#cls.prototype));
      HOME.write.call(self, key, value);
    };
    return Object.defineProperty({}, 'value', { get, set }) as { value: unknown };
  }

  /** `delete super[key]`. V8 neither converts the key nor reads `this`. */
  deleted(..._: unknown[]): never {
    throw new ReferenceError("Unsupported reference to 'super'");
  }

  /**
   * `super[key](...)` of a method that cannot suspend.
   *
   * @param text the callee as V8 prints it in "... is not a function"
   */
  method(key: PropertyKey, text: string): Callable {
    const { self } = this;
    const fn = this.get(key);
    return typeof fn === 'function' ? (...args) => Reflect.apply(fn, self, args) : thrower(text);
  }

  /** `super(...)`, which may suspend. Like V8, it looks up the parent class after the arguments have been evaluated. */
  super(...args: unknown[]): unknown {
    const parent = Object.getPrototypeOf(this.#cls);
    const construct = constructs(parent);
    if (construct === undefined) return this.#bind(constructParent(parent, this.#cls.name, this.target, args));
    const made = construct(this.target, args);
    return made === SUSPENDED ? suspend(this.#bindLater(take())) : this.#bind(made as object);
  }

  /** `super(...)`, which cannot suspend. */
  superNow(...args: unknown[]): object {
    return this.#bind(constructParent(Object.getPrototypeOf(this.#cls), this.#cls.name, this.target, args));
  }

  /** What `return value` returns in the constructor of a derived class. */
  returned(value?: unknown): unknown {
    return value === undefined && asksAtReturn ? this.self : value;
  }

  /** Initialises the fields of the class, once. */
  fields(...properties: unknown[]): unknown {
    if (this.#hasFields) return undefined;
    this.#hasFields = true;
    const { own, fields } = this.#form;
    if (own !== undefined) {
      const isDone = own === 'fields' ? this.#initialise(properties) : this.#install(properties);
      if (isDone) return undefined;
    }
    const self = this.self;
    if (fields === undefined) return undefined;
    const parent = Object.getPrototypeOf(this.#cls.prototype);
    if (Object.getPrototypeOf(this.#form) !== parent) Object.setPrototypeOf(this.#form, parent);
    return callForm(fields, self, properties);
  }

  /** Sets parameters that are properties, if they are set after the fields. */
  properties(...values: unknown[]): void {
    const { properties } = this.#form;
    if (properties !== undefined) Reflect.apply(properties, this.self, values);
  }

  /** The object, or {@link SUSPENDED}. */
  run(args: readonly unknown[]): unknown {
    const { derived, construct, fieldsFirst } = this.#form;
    if (construct !== undefined) {
      const frame: Frame = {};
      if (fieldsFirst === true && this.fields() === SUSPENDED)
        return suspend(this.#finishLater(this.#constructAfter(take(frame), args, frame)));
      const returned = callForm(construct(this), undefined, args);
      return returned === SUSPENDED ? suspend(this.#finishLater(take(frame))) : this.#finish(returned);
    }
    const frame: Frame = {};
    if (derived === true && this.super(...args) === SUSPENDED) return suspend(this.#implicit(take(frame), frame));
    return this.fields() === SUSPENDED ? suspend(this.#implicit(take(), frame, true)) : this.self;
  }

  async #constructAfter(fields: Promise<unknown>, args: readonly unknown[], frame: Frame): Promise<unknown> {
    await fields;
    const construct = this.#form.construct?.(this) as Callable;
    const returned = callForm(construct, undefined, args);
    return returned === SUSPENDED ? await take(frame) : box(returned);
  }

  async #implicit(pending: Promise<unknown>, frame: Frame, hasFields = false): Promise<unknown> {
    await pending;
    if (!hasFields && this.fields() === SUSPENDED) await take(frame);
    return box(this.self);
  }

  /** The object, given what the constructor has returned. */
  #finish(returned: unknown): object {
    if (isObject(returned)) return returned;
    if (this.#form.derived === true && returned !== undefined)
      throw new TypeError('Derived constructors may only return object or undefined');
    return this.self;
  }

  async #finishLater(pending: Promise<unknown>): Promise<unknown> {
    return box(this.#finish(unbox(await pending)));
  }

  #bind(made: object): object {
    if (this.#self !== undefined) throw new ReferenceError('Super constructor may only be called once');
    this.#self = made;
    return made;
  }

  async #bindLater(pending: Promise<unknown>): Promise<unknown> {
    return box(this.#bind(unbox(await pending) as object));
  }

  #initialise(properties: readonly unknown[]): boolean {
    this.#self = initialiseByClass(this.#cls, this.#form, this.target, this.#self, properties);
    return true;
  }

  /** @returns whether the class has had to initialise all fields itself */
  #install(properties: readonly unknown[]): boolean {
    const installed = installNames(this.#cls, this.#form, this.target, this.#self);
    if (installed === undefined) return this.#initialise(properties);
    this.#self = installed;
    return false;
  }
}

/** Whether V8 reads `this` at the `return` statement of a constructor, as in Node 20, and not after the constructor has ended (ECMA-262, 10.2.2). */
const asksAtReturn = (() => {
  let isAsked = false;
  class Probe extends Object {
    // biome-ignore lint/correctness/noUnreachableSuper: the probe finds out what happens then.
    constructor() {
      try {
        return;
        // biome-ignore lint/correctness/noUnreachable: it is reached if V8 reads `this` at the `return`.
      } catch {
        isAsked = true;
      } finally {
        super();
      }
    }
  }
  new Probe();
  return isAsked;
})();

/** The home object of a method that writes to `super`. V8 itself throws its error then, if the property cannot be written. */
const HOME = {
  write(this: object, key: PropertyKey, value: unknown): void {
    (super[key as never] as unknown) = value;
  },
};

/** SuperCall to a parent that has no asynchronous form. */
function constructParent(parent: Callable, name: string, target: Callable, args: readonly unknown[]): object {
  if (isConstructor(parent)) return Reflect.construct(parent, args, target);
  // The message comes from V8. It treats the class as anonymous because its name is computed.
  const [failing] = Object.values({ [name]: class extends Object {} }) as unknown as [new () => object];
  Object.setPrototypeOf(failing, parent);
  try {
    return new failing();
  } catch (error) {
    const { message } = error as Error;
    throw new TypeError(name === '' ? message : message.replace('anonymous class', name));
  }
}

function unbound(): ReferenceError {
  return new ReferenceError(
    "Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
  );
}
