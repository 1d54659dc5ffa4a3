// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of small helpers, of sections, and of methods of streams. */
import type { Rules } from './rules.js';

export const CONSTRUCTOR_CHECKS: Rules = {
  'a function that cannot be constructed is none': ['  } catch {\n    return false;', '  } catch {\n    return true;'],
  'a constructor is not run to find out': ['{ construct: () => ({}) }', '{}'],
};

export const OBJECT_CHECKS: Rules = {
  'functions are objects': [" || typeof value === 'function';", ';'],
  'null is no object': [' && value !== null)', ')'],
};

export const THROWER: Rules = {
  'what is no function fails when it is called': [
    '  return () => {\n    throw notCallable(text);\n  };',
    '  throw notCallable(text);',
  ],
  'what is no function is named': ['new TypeError(`${text} is not a function`)', "new TypeError('not a function')"],
};

export const SECTIONS: Rules = {
  'a section that is held is waited for': [
    'return suspend(whenFree(held, outer, body));',
    'return enter({ lock: held, outer, waitsFor: [] }, body);',
  ],
  'a section in one of the same lock runs at once': [
    'if (chain(outer).some(({ lock }) => lock === held)) return body();',
    '',
  ],
  'a section that fails is left': ['  } catch (error) {\n    leave(section);\n', '  } catch (error) {\n'],
  'a section that suspends is held until it has ended': [
    'if (result === SUSPENDED) return suspend(untilSettled(take(), section));',
    '',
  ],
  'a section that has ended is left': ['  leave(section);\n  return result;', '  return result;'],
  'what a section that has waited returns may be a promise': [
    'await take(frame) : box(result)',
    'await take(frame) : result',
  ],
  'those who wait for a lock get it in their order': ['lock.waiting.shift()', 'lock.waiting.pop()'],
  'a lock is free when nobody waits for it': ['    locks.delete(lock.key);\n', ''],
};

export const ATOMIC_HELPERS: Rules = {
  'a section without a key has the lock of all': ['args.length > 1 ? args[0] : COMMON', 'args[0]'],
  'a section may suspend': ['const body = twinOf(section) ?? section;', 'const body = section;'],
  'a section is a function': [
    "if (typeof section !== 'function') throw new TypeError('atomic: the section has to be a function');",
    '',
  ],
  'a marked function gets its arguments': ['const pending = body(...args);', 'const pending = body();'],
  'a marked function holds its lock': [
    'const result = inSection(key, () => {',
    'const result = ((run: () => unknown) => run())(() => {',
  ],
};

export const STREAMS: Rules = {
  'the methods of streams start their twins': [
    "if (typeof own?.value !== 'function') continue;",
    "if (typeof own?.value === 'function') continue;",
  ],
  'methods of other classes are left alone': ['  if (!(prototype instanceof stream.Stream)) return;\n', ''],
  'a method of a stream that starts its twin has it': [
    'twin === undefined ? method : linkTwin(method, twin)',
    'method',
  ],
};
