/** Twins of JSON.parse with a reviver and JSON.stringify with a replacer function (ECMA-262, 25.5.1 and 25.5.2). */
import { types } from 'node:util';
import { isObject } from '../twin/objects.js';
import { type Callable, linkTwin, twinOf } from '../twin/protocol.js';
import { call, run, type Steps } from '../twin/steps.js';

type Holder = Record<string, unknown>;

const { parse, stringify } = JSON;
const { valueOf: booleanOf } = Boolean.prototype;
const { isRawJSON } = JSON as { isRawJSON?: (value: unknown) => boolean };

export function installJson(): void {
  linkTwin(parse, (...args: unknown[]): unknown => {
    const [text, reviver] = args;
    return twinOf(reviver) === undefined ? Reflect.apply(parse, JSON, args) : run(revived(text, reviver as Callable));
  });
  linkTwin(stringify, (...args: unknown[]): unknown => {
    const [value, replacer, space] = args;
    if (twinOf(replacer) === undefined) return Reflect.apply(stringify, JSON, args);
    return run(serialised(value, replacer as Callable, space));
  });
}

/** What newer versions of V8 tell the reviver of each primitive value: `{ source }`. */
interface Told {
  readonly value: unknown;
  readonly context: object;
}

function* revived(text: unknown, reviver: Callable): Steps {
  const told = new Map<object, Map<string, Told>>();
  let hasContext = false;
  // A first run that changes nothing finds out what the reviver is to be told.
  const root = parse(text as string, function (this: object, ...args: unknown[]) {
    const [key, value, context] = args as [string, unknown, object];
    hasContext = args.length > 2;
    if (hasContext) {
      const known = told.get(this) ?? new Map<string, Told>();
      told.set(this, known.set(key, { value, context }));
    }
    return value;
  });

  function* internalise(holder: Holder, key: string, original: object): Steps {
    const value = holder[key];
    if (typeof value === 'object' && value !== null) {
      const inner = value as Holder;
      const keys = Array.isArray(value)
        ? Array.from({ length: value.length }, (_, i) => String(i))
        : Object.keys(value);
      for (const name of keys) {
        const element = yield* internalise(inner, name, inner);
        if (element === undefined) Reflect.deleteProperty(inner, name);
        else {
          Reflect.defineProperty(inner, name, { value: element, writable: true, enumerable: true, configurable: true });
        }
      }
    }
    if (!hasContext) return yield* call(reviver, holder, [key, value]);
    const known = told.get(original)?.get(key);
    const context = known !== undefined && Object.is(known.value, value) ? known.context : {};
    return yield* call(reviver, holder, [key, value, context]);
  }

  const holder = { '': root };
  const top = [...told].find(([object]) => told.get(object)?.has('') === true && object !== root)?.[0];
  return yield* internalise(holder, '', top ?? holder);
}

/** Replaces values in the order of the specification, and leaves the text to the builtin. */
function* serialised(root: unknown, replacer: Callable, space: unknown): Steps {
  const around: object[] = [];

  function* resolve(holder: Holder, key: string): Steps {
    let value = holder[key];
    if (isObject(value) || typeof value === 'bigint') {
      const { toJSON } = value as { toJSON?: unknown };
      if (typeof toJSON === 'function') value = Reflect.apply(toJSON, value, [key]);
    }
    value = yield* call(replacer, holder, [key, value]);
    // Throws, at the place where it has to.
    if (typeof value === 'bigint' || types.isBigIntObject(value)) stringify(null, () => 0n);
    if (typeof value === 'function') return undefined;
    if (typeof value !== 'object' || value === null || isRawJSON?.(value)) return value;
    if (types.isBoxedPrimitive(value) && !types.isSymbolObject(value)) return primitiveOf(value);
    // So does this: the builtin describes the circle.
    if (around.includes(value)) stringify(value);
    around.push(value);
    const copy = yield* Array.isArray(value) ? resolveArray(value) : resolveObject(value as Holder);
    around.pop();
    return copy;
  }
  function* resolveArray(array: unknown[]): Steps {
    const copy: unknown[] = [];
    const { length } = array;
    for (let i = 0; i < length; i++) copy.push(yield* resolve(array as unknown as Holder, String(i)));
    // What the program has given all arrays has been asked already.
    return 'toJSON' in copy ? Object.setPrototypeOf(copy, null) : copy;
  }
  function* resolveObject(object: Holder): Steps {
    const copy = Object.create(null) as Holder;
    for (const key of Object.keys(object)) {
      const value = yield* resolve(object, key);
      Object.defineProperty(copy, key, { value, enumerable: true });
    }
    return copy;
  }

  return stringify(yield* resolve({ '': root }, ''), null, space as number);
}

/** What is written for an object that holds a number, a string or a boolean (25.5.2.2, step 4). */
function primitiveOf(value: object): unknown {
  if (types.isNumberObject(value)) return Number(value);
  if (types.isStringObject(value)) return String(value);
  return Reflect.apply(booleanOf, value, []);
}
