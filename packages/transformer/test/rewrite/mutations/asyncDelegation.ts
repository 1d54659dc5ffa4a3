/** Rules of what async generators delegate to. How plain iterators are closed depends on V8: asyncDelegation.test.ts holds it. */
import type { Rules } from './rules.js';

export const ASYNC_DELEGATION: Rules = {
  'what an async generator delegates to is made by who can wait': [
    'Reflect.apply(awaitable(method as Callable, iterable as object), iterable, [])',
    'Reflect.apply(method as Callable, iterable, [])',
  ],
  'an async generator delegates to an object': [
    'if (!isObject(iterator)) throw new TypeError(',
    'if (iterator === null) throw new TypeError(',
  ],
  'an async generator calls a next that is a function': [
    "if (typeof fn !== 'function') throw notCallableValue(fn);",
    'if (fn === null) throw notCallableValue(fn);',
  ],
  'an async iterator is given what comes from outside': [
    'promised(callable(found.next), found.iterator, value)',
    'promised(callable(found.next), found.iterator)',
  ],
  'an async iterator is thrown at': ["return passing(found.iterator, 'throw');", 'return undefined;'],
  'an async iterator is told of an early end': ["return passing(found.iterator, 'return');", 'return undefined;'],
  'the methods of an async iterator may suspend': [
    'promised(method as Callable, iterator, ...args)',
    '(method as Callable).apply(iterator, args)',
  ],
  'an async iterator that suspends is thrown at': [": methodOf('throw');", ': undefined;'],
  'an async iterator that suspends is told of an early end': [": methodOf('return');", ': undefined;'],
  'a plain iterator that is made may suspend': [
    '  if (made === SUSPENDED) return opening(takeOutermost().then((boxed) => plainIterator(opened(unbox(boxed)))));\n',
    '',
  ],
  'no method is as good as null': ['return method === null ? undefined : method;', 'return method;'],
  'a plain iterator without return ends at once': ['? { value, done: true } :', '? { value: undefined, done: true } :'],
  'the result of a plain iterator is an object': [
    'const result = checkedResult(given);',
    'const result = given as ReturnType<typeof checkedResult>;',
  ],
  'items of a plain iterator are waited for': [
    'item.then((inner) => ({ value: inner, done }), done ? undefined : failing)',
    'item.then(() => ({ value: item, done }), done ? undefined : failing)',
  ],
  'the steps of a plain iterator may suspend': [
    'Reflect.apply(awaitable(callable(method), iterator), iterator, [value])',
    'Reflect.apply(callable(method), iterator, [value])',
  ],
};
