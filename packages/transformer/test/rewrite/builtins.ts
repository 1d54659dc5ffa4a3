/** The objects of the language, which programs may change, and put back as they were. */

/** What there is to know of an object. */
interface Shape {
  readonly object: object;
  readonly prototype: object | null;
  readonly isOpen: boolean;
  readonly keys: readonly PropertyKey[];
  /** Inherits nothing, nor do the descriptors: programs may change what objects and maps have. */
  readonly properties: Readonly<Record<PropertyKey, PropertyDescriptor>>;
}

const {
  ownKeys,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  setPrototypeOf,
  isExtensible,
  defineProperty,
  deleteProperty,
} = Reflect;
const { is } = Object;

/** Properties of `globalThis` that Node makes when they are read, or that are not the language's. */
const IGNORED = [
  ...['process', 'navigator', 'crypto', 'localStorage', 'sessionStorage', 'console', 'global', 'globalThis'],
  ...['performance', 'Buffer'],
];

function isIgnored(key: PropertyKey): boolean {
  for (let i = 0; i < IGNORED.length; i++) if (IGNORED[i] === key) return true;
  return false;
}

/**
 * Remembers how the objects are that can be reached from `globalThis`.
 *
 * @returns puts them back, and tells whether that could be done
 */
export function rememberBuiltins(): () => boolean {
  const shapes: Shape[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    const properties: Record<PropertyKey, PropertyDescriptor> = Object.create(null);
    const keys = ownKeys(value).filter((key) => value !== globalThis || !isIgnored(key));
    const prototype = getPrototypeOf(value);
    shapes.push({ object: value, prototype, isOpen: isExtensible(value), keys, properties });
    for (const key of keys) {
      const property = getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      properties[key] = Object.setPrototypeOf(property, null);
      if (value === globalThis && 'get' in property) continue;
      for (const part of [property.value, property.get, property.set]) visit(part);
    }
    visit(prototype);
  };
  visit(globalThis);
  for (const hidden of [
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    (function* () {})(),
    (async function* () {})(),
    async () => {},
  ]) {
    visit(getPrototypeOf(hidden));
  }
  return () => {
    let isRestored = true;
    for (let i = 0; i < shapes.length; i++) isRestored = restore(shapes[i] as Shape) && isRestored;
    return isRestored;
  };
}

function restore({ object, prototype, isOpen, keys, properties }: Shape): boolean {
  let isRestored = getPrototypeOf(object) === prototype || setPrototypeOf(object, prototype);
  if (isExtensible(object) !== isOpen) isRestored = false;
  const present = ownKeys(object);
  for (let i = 0; i < present.length; i++) {
    const key = present[i] as PropertyKey;
    if (key in properties || (object === globalThis && isIgnored(key))) continue;
    if (!deleteProperty(object, key)) isRestored = false;
  }
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    const property = properties[key] as PropertyDescriptor;
    const now = getOwnPropertyDescriptor(object, key);
    if (now !== undefined && isSame(now, property)) continue;
    if (!defineProperty(object, key, property)) isRestored = false;
  }
  return isRestored;
}

function isSame(one: PropertyDescriptor, other: PropertyDescriptor): boolean {
  return (
    is(one.value, other.value) &&
    one.get === other.get &&
    one.set === other.set &&
    one.writable === other.writable &&
    one.enumerable === other.enumerable &&
    one.configurable === other.configurable
  );
}
