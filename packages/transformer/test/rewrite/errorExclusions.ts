/** Cases of which some variant has another message when it is compiled, each with the reason. */

const LITERALS = 'a list or an object that is called is not printed: nobody calls one';
const KEYS = 'V8 prints nothing of what stands in keys of objects and classes, and in classes of Node 20';
const NO_NEXT = 'V8 blames what has been iterated for an iterator without `next`, and prints it';
const PLAIN = 'what is known to iterate without calls that block is iterated by V8, which finds a helper in the key';
const NEW = 'the text would make each loop over what `new` makes longer';
const FUNCTIONS = 'V8 finds the helper that links the function';
const NESTED = 'what V8 prints of a pattern in a pattern is not printed';
const LONGER_PATTERNS = 'the text would make each such pattern longer';
const DEFAULTS = 'V8 prints what a parameter falls back to';
const BRANCHES = 'what V8 prints depends on which side of the operator has been taken';
const GENERATORS = 'what V8 prints of `new` before a function expression is not printed';
const DEFINED = 'a field is defined by the runtime, whose definition fails otherwise';
const LONGER_LOOPS = 'the text would make each such loop longer';
const THENABLES = 'only the very promise is seen, and not a thenable that leads to it';
const LONGER_CALLS = 'the text would make calls of what registering calls return longer';

const ALWAYS: Readonly<Record<string, string>> = {
  '[<<1>>]()': LITERALS,
  '({ a: <<1>> })()': LITERALS,
  '({ [<<o>>()]: 1 })': KEYS,
  '(() => <<o>>())()': LONGER_CALLS,
  '(function () { return <<o>>(); })()': LONGER_CALLS,
  'class A { x = <<o>>(); } new A()': LONGER_CALLS,
  '[...(function* () { yield; <<o>>(); })()]': LONGER_CALLS,
  'f(...<<hasNoNext>>)': NO_NEXT,
  "[...<<o>>[<<'k'>>]]": PLAIN,
  '[...new F(<<1>>)]': NEW,
  '[...{ a: <<1>> }]': LITERALS,
  '[...(() => <<1>>)]': FUNCTIONS,
  '[...<<hasNoNext>>]': NO_NEXT,
  'const { x: {} } = <<o>>': NESTED,
  'const { five: [b] } = <<o>>': NESTED,
  'const { x: [b] } = <<o>>': NESTED,
  'const { n: [b] } = <<o>>': NESTED,
  'const [a] = <<1>> ? <<5>> : <<6>>': LONGER_PATTERNS,
  'const [a] = { a: <<5>> }': LITERALS,
  '(([a] = <<5>>) => a)()': DEFAULTS,
  'for (const { five: [b] } of <<[o]>>) f()': NESTED,
  "for (const a of <<o>>[<<'k'>>]) f()": PLAIN,
  'for (const a of <<u>> || <<5>>) f()': BRANCHES,
  'for (const a of <<1>> ? <<5>> : <<6>>) f()': BRANCHES,
  'for (const a of new F(<<1>>)) f()': NEW,
  '[...(function* () { yield* <<hasNoNext>>; })()]': NO_NEXT,
  'for (const a of (function* () { yield* <<endsBadly>>; })()) break': NO_NEXT,
  'new (function* () { yield <<1>>; })()': GENERATORS,
  'class A { [o.x(<<1>>)]() {} }': KEYS,
  "class A { static [<<'prototype'>>] = 1; }": DEFINED,
  'const [a] = await <<5>>': LONGER_PATTERNS,
  'for await (const a of <<u>> || <<5>>) f()': BRANCHES,
  'for await (const a of new F(<<1>>)) f()': NEW,
  'for await (const { a } of [<<n>>]) f()': LONGER_LOOPS,
  'for await (const { a } of <<[null]>>) f()': LONGER_LOOPS,
  'let a; for await ({ a } of <<[null]>>) f()': LONGER_LOOPS,
  'const p = Promise.resolve().then(() => { <<1>>; return { then(r) { r(p); } }; }); await p': THENABLES,
};

const UNTIL_NODE_22: Readonly<Record<string, string>> = {
  'class A { static x = <<o>>(); }': KEYS,
  "class A { static x = o[<<'k'>>](); }": KEYS,
  'class A { static { <<o>>(); } }': KEYS,
  'class A { static { const { a } = <<n>>; } }': KEYS,
  'class A { static { for (const { a } of [<<n>>]) f(); } }': KEYS,
};

const isOld = Number(process.versions.node.split('.')[0]) < 22;

export const DIFFERING: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...ALWAYS, ...(isOld && UNTIL_NODE_22) }),
);
