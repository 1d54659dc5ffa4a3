// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of what looks up callees. */
import type { Rules } from './rules.js';

export const CALLEE: Rules = {
  'a function without a twin is called itself': [
    'return twinToCall(fn) ?? rootOf(fn) ?? (fn as Callable);',
    'return (twinToCall(fn) ?? rootOf(fn)) as Callable;',
  ],
  'a function with a twin has it called': [
    'return twinToCall(fn) ?? rootOf(fn) ?? (fn as Callable);',
    'return rootOf(fn) ?? (fn as Callable);',
  ],
  'a function that takes callbacks has its adapter called': [
    'return twinToCall(fn) ?? rootOf(fn) ?? (fn as Callable);',
    'return twinToCall(fn) ?? (fn as Callable);',
  ],
  "a method is called by Function.prototype's call": [
    'isUnlinked(fn) && fn.call === call ? fn : callable(linkedCallee(fn, text))',
    'linkedCallee(fn, text)',
  ],
  'a registering method keeps its receiver': [
    'Reflect.apply(bind, fn, [receiver])',
    'Reflect.apply(bind, fn, [undefined])',
  ],
  'arguments are evaluated before `new` fails': [
    'return isConstructor(found) ? found : failingConstructor(text);',
    'return isConstructor(found) ? found : (new (failingConstructor(text))() as never);',
  ],
  'a function with a `call` of its own is called': ['  if (!own) return fn;\n', '  return fn;\n'],
  'what has been called is printed where what it calls is no function': [
    'throw isPrinted ? notCallable(text) : error;',
    'throw error;',
  ],
};
