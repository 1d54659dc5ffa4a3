// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of making objects. */
import type { Rules } from './rules.js';

export const CONSTRUCT: Rules = {
  'functions that are no classes are constructed by their twins': [
    'if (twin === undefined || !isPlainConstructor(fn as Callable) || makesErrors(fn as Callable)) return undefined;',
    'return undefined;',
  ],
  'only constructors are constructed': ['?.writable === true && isConstructor(fn);', '?.writable === true;'],
  'classes are not constructed by calls': [
    "return Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === true && isConstructor(fn);",
    'return isConstructor(fn);',
  ],
  'a function that returns an object is that object': ['return isObject(result) ? result : self;', 'return self;'],
  'a function that suspends and returns an object is that object': [
    'return box(isObject(result) ? result : self);',
    'return box(self);',
  ],
  'a function that suspends and returns no object is the new one': [
    'return box(isObject(result) ? result : self);',
    'return box(result);',
  ],
  'an object has the prototype of `new.target`': ['return Reflect.construct(Object, [], target);', 'return {};'],
  'errors are made at once': [' || makesErrors(fn as Callable)', ''],
  'a construction goes before a twin': [
    '(constructionOf(ctor) as Construct | undefined) ?? plainConstruct(ctor)',
    'plainConstruct(ctor) ?? (constructionOf(ctor) as Construct | undefined)',
  ],
};

export const TARGETED: Rules = {
  'a function that is called has no `new.target`': [
    'Reflect.apply(formOf(CALLED), this, args)',
    'Reflect.apply(formOf({ target: impl }), this, args)',
  ],
  'a function that is constructed has its `new.target`': ['if (formOf === undefined) return;', 'return;'],
  'a function knows its `new.target`': ['formOf({ target }), self', 'formOf({ target: fn }), self'],
  'errors that know `new.target` are made at once': [
    "course === 'original' || makesErrors(fn)",
    "course === 'original'",
  ],
};

export const CONSTRUCTION: Rules = {
  'a constructor that has waited has made its object': [
    'returned === SUSPENDED ? suspend(this.#finishLater(take(frame))) : this.#finish(returned)',
    'returned === SUSPENDED ? suspend(take(frame)) : this.#finish(returned)',
  ],
  '`super` that is written to is what the class extends': [
    'Object.setPrototypeOf(HOME, Object.getPrototypeOf(this.#cls.prototype));',
    'Object.setPrototypeOf(HOME, this.#cls.prototype);',
  ],
  'a place of `super` asks for `this` at once': [
    'const { self } = this;\n    const get = () => this.get(key);',
    'const self = undefined as unknown as object;\n    const get = () => (self === this ? 1 : this.get(key));',
  ],
  'the key of a place of `super` is converted for each access': [
    'const get = () => this.get(key);',
    'key = String(key);\n    const get = () => this.get(key);',
  ],
  '`this` is not there before `super()`': ['if (this.#self === undefined) throw unbound();\n', ''],
  'what a class makes itself is not made before': [
    'if (form.derived !== true && form.own === undefined)',
    'if (form.derived !== true)',
  ],
  '`super.name` is read for the object': [
    'return Reflect.get(Object.getPrototypeOf(this.#cls.prototype), key, self);',
    'return Reflect.get(Object.getPrototypeOf(this.#cls.prototype), key);',
  ],
  '`super.name()` is called on the object': [
    '(...args) => Reflect.apply(fn, self, args) : thrower(text)',
    '(...args) => Reflect.apply(fn, undefined, args) : thrower(text)',
  ],
  '`super.name()` that is missing fails': [' : thrower(text);', ' : () => undefined;'],
  '`super()` constructs what the class extends now': [
    'const parent = Object.getPrototypeOf(this.#cls);\n    const construct',
    'const parent = Object.getPrototypeOf(this.target);\n    const construct',
  ],
  '`super()` constructs for `new.target`': [
    'const made = construct(this.target, args);',
    'const made = construct(this.#cls as unknown as Callable, args);',
  ],
  '`super()` that cannot suspend constructs for `new.target`': [
    'this.#cls.name, this.target, args));\n  }\n\n  /** What',
    'this.#cls.name, this.#cls as unknown as Callable, args));\n  }\n\n  /** What',
  ],
  'fields are initialised once': ['if (this.#hasFields) return undefined;\n', ''],
  '`super` in fields follows the class': [
    'if (Object.getPrototypeOf(this.#form) !== parent) Object.setPrototypeOf(this.#form, parent);',
    '',
  ],
  'fields are those of the object': ['callForm(fields, self, properties)', 'callForm(fields, this, properties)'],
  'fields that may suspend do': [
    'return callForm(fields, self, properties);',
    'return callForm(fields, self, properties) === SUSPENDED ? void take() : undefined;',
  ],
  'fields come first where they do': ['if (fieldsFirst === true && this', 'if (derived === null && this'],
  'the implicit constructor hands on its arguments': [
    'if (derived === true && this.super(...args) === SUSPENDED)',
    'if (derived === true && this.super() === SUSPENDED)',
  ],
  'the implicit constructor waits for `super()`': [
    'return suspend(this.#implicit(take(frame), frame));',
    'return (take(), this.self);',
  ],
  'the implicit constructor waits for fields': [
    'return this.fields() === SUSPENDED ? suspend(this.#implicit(take(), frame, true)) : this.self;',
    'return this.fields() === SUSPENDED ? (take(), this.self) : this.self;',
  ],
  'a constructor that has waited for its fields is of their turn': [
    'return returned === SUSPENDED ? await take(frame) : box(returned);',
    'return returned === SUSPENDED ? await take() : box(returned);',
  ],
  'fields come after `super()` that has suspended': [
    'if (!hasFields && this.fields() === SUSPENDED) await take(frame);',
    '',
  ],
  'an object that a constructor returns is the object': ['if (isObject(returned)) return returned;\n', ''],
  'a class that extends another returns an object or nothing': [
    'if (this.#form.derived === true && returned !== undefined)',
    'if (this.#form === undefined)',
  ],
  '`super()` is called once': [
    "if (this.#self !== undefined) throw new ReferenceError('Super constructor may only be called once');",
    '',
  ],
  '`super()` that has suspended is called once': [
    'box(this.#bind(unbox(await pending) as object))',
    'box((this.#self = unbox(await pending) as object))',
  ],
  'what cannot be extended fails as V8 says': [
    'if (isConstructor(parent)) return Reflect.construct(parent, args, target);',
    'return Reflect.construct(parent, args, target);',
  ],
  'what cannot be extended is told with the name of the class': [
    "name === '' ? message : message.replace('anonymous class', name)",
    'message',
  ],
  'errors are made at once': [' || makesErrors(cls)', ''],
  'a class that cannot be changed is constructed at once': [
    "course === 'original' || isFixed ||",
    "course === 'original' ||",
  ],
  '`super` is what the class of the object extends': [
    '!== parent) Object.setPrototypeOf(this.#form, parent)',
    '=== parent) Object.setPrototypeOf(this.#form, parent)',
  ],
};

export const OWN_ELEMENTS: Rules = {
  'the length of an array is not written where it is fixed': [
    'Array.isArray(self) && self.length !== length',
    'Array.isArray(self)',
  ],
  'an array is as long as it was before its names came': [
    'if (Array.isArray(self) && self.length !== length) self.length = length as number;',
    '',
  ],
  'a constructor knows that it only initialises fields': ['return standIns.has(target as Callable);', 'return false;'],
  'a class gets as many arguments as it asks for': [
    'Array.from({ length: parameters }, (_, i)',
    'Array.from({ length: 0 }, (_, i)',
  ],
  'an object has the prototype of its class': ['    found.prototype = prototype;\n', ''],
  'a class extends what it did once it has initialised fields': [
    'Object.setPrototypeOf(cls, substitute.parent);\n}',
    '{}\n}',
  ],
  'a private field without value yet is not found': [
    'isObject(object) && read(object) === UNINITIALISED ? {} : object',
    'object',
  ],
  'what is no object is looked at as it is': ['isObject(object) && read(object)', 'read(object as object)'],
  'only names are installed': ['  namesOnly.on = true;\n', ''],
  'names are installed once': ['    namesOnly.on = false;\n', ''],
  'properties that come with names go': ['if (made !== undefined) restoreProperties(made, before);', ''],
  'properties that were there stay': ['else Object.defineProperty(object, key, descriptor);', ''],
  'what could be seen is not done': [
    'if (self !== undefined && (isForeign(self, target) || keys.some((key) => isSensitive(self, key)))) return undefined;',
    '',
  ],
  'an object that others know has its private names in turn': [
    'types.isProxy(self) || Object.getPrototypeOf(self) !== target.prototype',
    'types.isProxy(self)',
  ],
  'a class whose `prototype` is no object makes objects of its realm': [
    "if ((typeof prototype !== 'object' && typeof prototype !== 'function') || prototype === null) {",
    'if (target === undefined) {',
  ],
  'parameters that are properties have their values': [
    'i < args.length && args[i] !== anything ? args[i] :',
    'i > 99 ? args[i] :',
  ],
  'what could be seen of properties that were there is not done': [
    'if (own !== undefined) return own.configurable !== true || own.writable !== true;',
    'if (own !== undefined) return false;',
  ],
  'what cannot be extended is left to the class': ['  if (!Object.isExtensible(self)) return true;\n', ''],
  'a Proxy that a class inherits from is not asked': ['    if (types.isProxy(at)) return true;\n', ''],
  'setters that a class inherits are not run for names': ['return inherited.writable !== true;', 'return false;'],
  'what suits a parameter is given in the place of anything': [
    'i < args.length && args[i] !== anything ?',
    'i < args.length ?',
  ],
  'parameters get what suits them': ['(values[i] ?? anything)', 'anything'],
  'what is destructured ends': ["key === 'done' ? false : anything", 'anything'],
};
