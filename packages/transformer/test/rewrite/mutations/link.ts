// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of links and the protocol. */
import type { Rules } from './rules.js';

export const LINK: Rules = {
  'parameters of functions may call others': [
    '      } finally {\n        shared.calling = outer;\n      }\n',
    '      } finally {\n        shared.calling = undefined;\n      }\n',
  ],
  'a twin gets `this`': [
    'as above.\n        result = impl.apply(this, arguments as never)',
    'as above.\n        result = impl.apply(undefined, arguments as never)',
  ],
  'the name of a function is the original in its twin': [
    'return link(fn, implOf(fn));',
    'return link(fn, implOf(undefined as never));',
  ],
  'the object of a generator is no promise': ['if (!isPromise(result)) return activate(result, fn, impl);', ''],
  '`super` in a twin is that of the class': ['  Object.setPrototypeOf(impls, parent);\n', ''],
  '`super` in a twin follows the class': ['if (now === parent) return;', 'if (now !== undefined) return;'],
  'keys are converted once': [
    'return Reflect.ownKeys({ [key as PropertyKey]: 0 })[0] as PropertyKey;',
    'return key as PropertyKey;',
  ],
  'functions that know `new.target` are linked for `new`, too': ['  linkTargeted(fn, impl);\n', ''],
  'a function that is exported as default is named so': [
    "Object.defineProperty(fn, 'name', { value: name, configurable: true });",
    '',
  ],
  'a method without a twin gets none': [' || impl === undefined ||', ' ||'],
  'accessors are linked, and what a getter returns is not': [
    'originalMember(target, key)?.[part];',
    '(target as Record<PropertyKey, unknown>)[key];',
  ],
};

export const PROTOCOL: Rules = {
  'objects are boxed': [
    "(typeof value === 'object' && value !== null) || typeof value === 'function' ? new Box(value)",
    "typeof value === 'function' ? new Box(value)",
  ],
  'functions are boxed': [
    "(typeof value === 'object' && value !== null) || typeof value === 'function' ? new Box(value)",
    "typeof value === 'object' && value !== null ? new Box(value)",
  ],
  'boxes are opened': ['return value instanceof Box ? value.value : value;', 'return value;'],
  'a copied link does not count': ['return Origin.is(origin) && origin.isOf(from) ? to : undefined;', 'return to;'],
  'a root adapter is no twin': [
    'return found === undefined || found[ADAPTER] === true ? undefined : found;',
    'return found;',
  ],
  'a function of which nothing can be asked has no twin': [
    '  } catch {\n    // Only',
    '  } catch (error) {\n    throw error;\n    // Only',
  ],
  'a frame is of the turn of what it has called': ['shared.unwound = shared.taken;', 'shared.unwound = undefined;'],
};

export const STEPS: Rules = {
  'builtins call the twins of callbacks': [
    'Reflect.apply(twinOf(fn) ?? fn, self, args)',
    'Reflect.apply(fn, self, args)',
  ],
  'builtins are of the turn of who calls them': [
    'const first = inFrame(frame, () => steps.next());',
    'const first = steps.next();',
  ],
  'builtins wait for callbacks': ['return begun === SUSPENDED ? yield takeInFrame() : begun;', 'return begun;'],
  'builtins unbox what callbacks return': ['value = unbox(await pending);', 'value = await pending;'],
  'what builtins return is boxed': ['if (step.done) return box(step.value);', 'if (step.done) return step.value;'],
  'builtins see what callbacks throw': [
    'inFrame(frame, () => (failed ? steps.throw(value) : steps.next(value)))',
    'inFrame(frame, () => steps.next(value))',
  ],
};
