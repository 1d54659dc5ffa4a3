// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of generators that may suspend, and of asking iterables for their items. */
import type { Rules } from './rules.js';

export const GENERATORS: Rules = {
  'parameters of a generator are bound where it is called': [
    'if (!isPreparing) return generator;',
    'if (!isPreparing || impl) return generator;',
  ],
  'a generator without parameters to bind is not run': ['  isPreparing = false;\n  return', '  return'],
  'parameters of a generator are waited for': [
    'if (activation.pending === undefined) return generator;\n  return suspend',
    'if (activation !== undefined) return generator;\n  return suspend',
  ],
  'a generator whose parameters are waited for is what is called': ['.then(() => box(generator))', ''],
  'what a generator waits for is unboxed': ['    return unbox(result);\n', '    return result;\n'],
  'a generator that waits is running': [
    "if (!this.isAwaited) throw new TypeError('Generator is already running');\n",
    '',
  ],
  'a generator that begins takes its own state': [
    '  shared.entering = undefined;\n  activation.hasBegun',
    '  activation.hasBegun',
  ],
  'the object of a generator has the prototype of its function': ['Object.setPrototypeOf(generator, prototype);', ';'],
  'a generator that is resumed by its own body fails': [
    'if (activation.isAwaited) return method.call(generator, value);\n',
    '',
  ],
  'calls of a generator that waits take turns': [
    'if (activation.queue !== undefined) return suspend(inTurn(activation, generator, method, value));\n',
    '',
  ],
  'what `return` is called with is known': [
    'if (method === activation.methods.return) activation.returned = value;\n  activation.frame = {};',
    'activation.frame = {};',
  ],
  'a call that a generator waits in suspends': [
    'if (activation.pending === undefined) return inCourse(',
    'if (activation !== undefined) return inCourse(',
  ],
  'those who wait for their turn get it': ['.finally(() => release(activation))', ''],
  'a generator knows that it may wait': ['  activation.isAwaited = true;\n', ''],
  'a generator knows when it may not wait any more': ['    activation.isAwaited = false;\n', ''],
  'what is thrown where a generator waits is thrown in it': ['        method = activation.methods.throw;\n', ''],
  'what a generator yields after waiting is boxed': ['} else return box(result);', '} else return result;'],
  'those who waited and got their turn let others': [
    '  } finally {\n    release(activation);\n  }',
    '  } finally {\n  }',
  ],
  'a call of a generator that has waited its turn knows what it ends with': [
    '    if (method === activation.methods.return) activation.returned = value;\n    activation.frame = frame;',
    '    activation.frame = frame;',
  ],
  'a call of a generator is of the turn of who calls it': [
    'this.pending = take(this.frame);',
    'this.pending = take();',
  ],
  'a delegation that has waited ends its generator': ['      value = activation.ending.value;\n', ''],
};

export const RUNS: Rules = {
  'a generator that is run for nobody who can wait calls the original': [
    'return this.isAwaited ? callee(fn, text) : registrar(fn, text);',
    'return callee(fn, text);',
  ],
  'a generator that is run for somebody who can wait calls the twin': [
    'return this.isAwaited ? callee(fn, text) : registrar(fn, text);',
    'return registrar(fn, text);',
  ],
  'a method in a generator is that of who runs it': [
    'return this.isAwaited ? method(fn, text) : methodRegistrar(fn, text);',
    'return method(fn, text);',
  ],
  'a method in a generator suspends': [
    'return this.isAwaited ? method(fn, text) : methodRegistrar(fn, text);',
    'return methodRegistrar(fn, text);',
  ],
  'making an object in a generator is that of who runs it': [
    'if (this.isAwaited) return creator(ctor, text);',
    'return creator(ctor, text);',
  ],
  'a function among whose arguments a generator yields is called by who resumes it': [
    '=> Reflect.apply(this.fn(fn, text), undefined, args)',
    '=> Reflect.apply(callee(fn, text), undefined, args)',
  ],
  'a method among whose arguments a generator yields is called by who resumes it': [
    'Reflect.apply(run.on(fn, text), this, args)',
    'Reflect.apply(method(fn, text), this, args)',
  ],
  'a constructor among whose arguments a generator yields is called by who resumes it': [
    '=> Reflect.apply(this.make(ctor, text), undefined, args)',
    '=> Reflect.apply(creator(ctor, text), undefined, args)',
  ],
  'making an object in a generator suspends': ['if (this.isAwaited) return creator(ctor, text);', ''],
};

export const ITERATION: Rules = {
  'an iterator that can suspend does': ['(twinToCall(method) ?? method);', 'method;'],
  'what is no iterable fails': [
    "if (typeof method !== 'function')\n      throw text === undefined\n        ? notIterable(iterable)\n        : new TypeError(saysAll(text) ? text : `${text} is not iterable`);\n    this.#elements",
    'this.#elements',
  ],
  'an iterator result is an object': [
    'if (isObject(result)) return result;\n  throw',
    'return result as never;\n  throw',
  ],
  'an array whose iterator has been replaced is no plain array': ['    arrayIterator.next === arrayNext &&\n', ''],
  'an array whose iterator is told that it ends is no plain array': [
    "    !('return' in arrayIterator)\n",
    '    true\n',
  ],
  'an array with another iterator is no plain array': ['    method === arrayValues &&\n', ''],
  'an array that grows is gone through to its end': [
    'if (this.#index >= this.#elements.length) {',
    'if (this.#index >= (this.#length ??= this.#elements.length)) {',
    '  #index = 0;\n',
    '  #index = 0;\n  #length: number | undefined;\n',
  ],
  'what a loop throws is thrown': ['if (this.#failure !== undefined) throw this.#failure.error;', ''],
  'an iterator that has ended is not told so': [
    'if (!this.#isOpen || this.#record === undefined) return this.#ended();',
    'if (this.#record === undefined) return this.#ended();',
  ],
  'an iterator without `return` is not told': [
    'if (close === undefined || close === null) return this.#ended();\n',
    '',
  ],
  'the end of an iterator is waited for': [
    'if (result === SUSPENDED) return suspend(this.#endLater(take()));',
    'if (result === SUSPENDED) take();',
  ],
  'what `return` of an iterator gives back is an object': [
    '      if (this.#failure === undefined) checkedResult(result);\n    } catch (error) {\n      this.#failure ??= { error };\n    }\n    return this.#ended();',
    '    } catch (error) {\n      this.#failure ??= { error };\n    }\n    return this.#ended();',
  ],
  'what a loop throws goes before what its iterator throws': [
    '      this.#failure ??= { error };\n    }\n    return this.#ended();',
    '      this.#failure = { error };\n    }\n    return this.#ended();',
  ],
  'an iterator that suspends in its end may throw': [
    '      this.#failure ??= { error };\n    }\n    this.#ended();',
    '    }\n    this.#ended();',
  ],
  '`next` is read once': [
    'const { next } = iterator as { next: Callable };\n    this.#record = { iterator, next };',
    'const next = iterator as never;\n    this.#record = { iterator, get next() { return (iterator as { next: Callable }).next; } };',
  ],
  'an iterator is an object': [
    "if (!isObject(iterator)) throw new TypeError('Result of the Symbol.iterator method is not an object');\n    const { next }",
    'const { next }',
  ],
  'an iterator that throws is not told of an end': [
    '    this.#isOpen = false;\n    if (typeof next',
    '    if (typeof next',
  ],
  'a step that suspends is waited for': [
    'if (result === SUSPENDED) return suspend(take().then((boxed) => this.#accept(unbox(boxed), isRead)));',
    '',
  ],
  'the last result has no item': ['if (result.done) {', 'if (result.done && isRead === undefined) {'],
  'a loop that has an item is open': [
    'this.value = result.value;\n    this.#isOpen = true;\n',
    'this.value = result.value;\n',
  ],
  'a generator in a loop is resumed by who runs the one around': [
    'this.#resumed === undefined || !this.#isAwaited',
    'this.#resumed === undefined',
  ],
  'an iterator in a loop of a generator is asked by who runs it': [
    'this.#isAwaited ? awaitable(method, iterator) : method',
    'awaitable(method, iterator)',
  ],
  'an iterator that is opened may be made while it is waited for': [
    'if (made === SUSPENDED) return suspend(take().then((boxed) => this.#open(unbox(boxed))));',
    '',
  ],
  'what has only been opened is open': [
    '    this.#record = { iterator, next };\n    this.#isOpen = true;',
    '    this.#record = { iterator, next };',
  ],
  'an array that has ended stays so': [
    '      this.#isDone = true;\n      return false;\n    }\n    this.value',
    '      return false;\n    }\n    this.value',
  ],
  'an iterator that has ended is not asked again': [
    '      this.#isDone = true;\n      return false;\n    }\n    if (isRead)',
    '      return false;\n    }\n    if (isRead)',
  ],
  'an item is read if it is taken': ['if (isRead) this.value = result.value;', 'this.value = result.value;'],
  'a pattern without elements makes an iterator': ['    yield* settled(iteration.open());\n', ''],
  'what is not iterable and not printed is described': [
    'throw text === undefined\n        ? notIterable(iterable)\n        :',
    'throw',
  ],
  'an iterator may be made while the loop waits': [
    'if (made !== SUSPENDED) return this.#advance(this.#open(made), true);',
    'if (made !== undefined) return this.#advance(this.#open(made), true);',
  ],
  'what is not iterable is printed': [
    'text !== undefined && (iterable === undefined',
    'text === iterable && (iterable === undefined',
  ],
  'a string has items of one or two units': [
    "if (typeof iterable === 'string') return iterable;",
    "if (typeof iterable === 'string') return iterable.split('');",
  ],
  'an array pattern in a generator is that of who runs it': ['run?.isAwaited === false ? run : undefined', 'undefined'],
  'what is taken ends with the pattern': ['while (items.length < count && (yield', 'while ((yield'],
  '`yield*` asks the iterator of who runs the generator': [
    'if (!activation.isAwaited) return yield* iterable',
    'if (activation.isAwaited !== undefined) return yield* iterable',
  ],
  '`yield*` hands on what is sent': [
    'yield* invoke(next, iterator, [given.value])',
    'yield* invoke(next, iterator, [])',
  ],
  '`yield*` hands on what is thrown': [
    "'error' in given ? yield* raise(given.error)",
    "'errors' in given ? yield* raise(given)",
  ],
  '`yield*` ends its iterator': [
    '        const ended = yield* end();',
    '        const ended = undefined as { readonly done: boolean } | undefined;',
  ],
  '`yield*` of an iterator that does not end goes on': ['if (ended?.done === false) continue;', ''],
  '`yield*` of an iterator without `throw` ends it': [
    '    yield* end();\n    throw new TypeError("The iterator',
    '    throw new TypeError("The iterator',
  ],
  '`yield*` that has waited in its end ends the generator': [
    'if (pauses !== activation.pauses) {',
    'if (pauses < 0) {',
  ],
  '`yield*` lets the iterator decide what is returned': [
    'if (ended !== undefined && result.value !== RETURNED) return result.value;',
    '',
  ],
  '`yield*` returns what is not known': ['ended !== undefined && result.value !== RETURNED', 'ended !== undefined'],
  '`yield*` passes on the results of iterators as they are': ['isPlain ? undefined : new Passing(result)', 'undefined'],
  '`yield*` that is ended by its iterator ends': ['if (passing?.isResumed === false) {', 'if (passing === null) {'],
  '`yield*` waits': ['if (outcome !== SUSPENDED) return outcome;', 'if (activation !== undefined) return outcome;'],
  '`yield*` calls the iterator by who runs the generator': [
    'const called = activation.isAwaited ? awaitable(fn, self as object) : fn;',
    'const called = awaitable(fn, self as object);',
  ],
  'a loop says what it gives to a pattern': ['if (value === undefined) return;', 'return;'],
  'the stack of what a loop says begins with it': [
    'if (stack !== undefined) error.stack =',
    'if (stack === null) error.stack =',
  ],
  'what is delegated to and no iterable is left to V8': [
    "typeof methodOf(iterable) === 'function' ? delegateTo(iterable, activation) : iterable",
    'delegateTo(iterable, activation)',
  ],
};

/** Rules of the helper by which `for await` iterates. */
export const ASYNC_ITERATION: Rules = {
  'what is no async iterable is printed': ['`${text} is not async iterable`', '`is not async iterable`'],
  'an async iterator goes before another': [
    'if (asynchronous !== undefined && asynchronous !== null) return',
    'if (asynchronous === iterable) return',
  ],
  'an iterator that is made may suspend': [
    'Reflect.apply(awaitable(method as Callable, iterable as object), iterable, [])',
    'Reflect.apply(method as Callable, iterable, [])',
  ],
  'an async iterator may suspend': [
    'return result === SUSPENDED ? takeOutermost().then(unbox) : result;',
    'return result;',
  ],
  'an async iterator is told of its end by its own method': [
    'return closing(iterator, (close) => promised(close, iterator as object));',
    'return undefined;',
  ],
  'what an async iterator is made of is an object': [
    "if (!isObject(found)) throw new TypeError('Result of the Symbol.asyncIterator method is not an object');",
    'if (!isObject(found)) return;',
  ],
  'what an iterator is made of is an object': [
    "if (!isObject(found)) throw new TypeError('Result of the Symbol.iterator method is not an object');",
    'if (!isObject(found)) return;',
  ],
  'the last result that is waited for has no item': [
    'return done ? Promise.resolve(value).then(() => ENDED) : value;',
    'return value;',
  ],
  'an iterator that has ended while it was waited for is not told': ['    isEnded = done;', '    isEnded = false;'],
  'a result that suspends is waited for': [
    '    if (result !== SUSPENDED) return result;\n    return { done: false,',
    '    if (result !== undefined) return result;\n    return { done: false,',
  ],
  'an end that suspends is waited for': [
    '        if (result !== SUSPENDED) return result;\n',
    '        if (result !== undefined) return result;\n',
  ],
  'a loop that waits itself looks for methods itself': ['if (types.isProxy(holder)) return UNSEEN;', ''],
  'a getter of a method that makes iterators runs once': [
    'return property.get === undefined ? property.value : UNSEEN;',
    'return Reflect.get(holder, key, value);',
  ],
};
