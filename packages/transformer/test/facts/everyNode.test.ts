/** Facts miss no call and no function, wherever the grammar lets one stand, and tell of none twice. */
import type { Node } from '@babel/types';
import { describe, expect, it } from 'vitest';
import { extractFacts } from '../../src/facts/extract.js';
import { isDirectEval } from '../../src/facts/names.js';
import { pragmasOf } from '../../src/facts/pragmas.js';
import { parseModule } from '../../src/parse/parse.js';
import { type Span, spanKey } from '../../src/program.js';
import { constructorIn } from '../../src/syntax/classElements.js';
import { isDisposed } from '../../src/syntax/lists.js';
import { childrenOf, type FunctionNode, isFunction, spanOf } from '../../src/syntax/nodes.js';
import { hasBodyApart } from '../../src/syntax/parameters.js';
import { nameUses } from '../../src/syntax/sleepLoops.js';
import { PROGRAMS } from '../rewrite/constructs.js';
import { moduleOf } from '../rewrite/harness.js';

const CALLS = /^(OptionalCall|Call|New|TaggedTemplate)Expression$/;

function isCall(node: Node): boolean {
  if (!CALLS.test(node.type) || isDirectEval(node)) return false;
  const callee = 'callee' in node ? (node.callee as Node) : undefined;
  return callee?.type !== 'Import' && !(callee?.type === 'Identifier' && callee.name === 'require');
}

/** Classes without a written constructor have one that is not written, and calls `super(...)` where the class extends another. */
function isImplicitConstructor(node: Node): boolean {
  return node.type === 'ClassBody' && constructorIn(node) === undefined;
}

function extendsAnother(node: Node, parent: Node): boolean {
  return isImplicitConstructor(node) && 'superClass' in parent && Boolean(parent.superClass);
}

/** What `using` declares, it disposes of. */
function isDisposedOf(node: Node, parent: Node): boolean {
  return node.type === 'VariableDeclarator' && parent.type === 'VariableDeclaration' && isDisposed(parent);
}

/** Spread in an object literal copies properties. */
function isIteration(node: Node, parent: Node): boolean {
  if (node.type === 'SpreadElement') return parent.type !== 'ObjectExpression';
  if (node.type === 'YieldExpression') return node.delegate;
  return node.type === 'ForOfStatement' || node.type === 'ArrayPattern';
}

function all(node: Node, wanted: (node: Node, parent: Node) => boolean, parent = node): Node[] {
  // What is declared elsewhere does not run.
  if ('declare' in node && node.declare === true) return [];
  return [...(wanted(node, parent) ? [node] : []), ...childrenOf(node).flatMap((child) => all(child, wanted, node))];
}

const POSITIONS = `
class A extends f(1) { [f(2)] = f(3); [f(4)]; static [f(5)] = f(6); [f(7)]() {} get [f(8)]() { return f(9); } static { f(10); } accessor [f(11)] = f(12); #p = f(13); }
try { f(14); } catch ({ a = f(15), [f(16)]: b }) { f(17); } finally { f(18); }
for (const { c = f(19), [f(20)]: d = f(21) } of f(22)) f(23);
for ([f(24).x = f(25)] of f(26)); for (f(27).y in f(28)); for (let i = f(29); f(30); f(31)) f(32);
[f(33).x = f(34), ...f(35).z] = f(36); ({ [f(37)]: f(38).q = f(39), ...f(40)[f(41)] } = f(42));
switch (f(43)) { case f(44): f(45); default: f(46); } while (f(47)) f(48); do f(49); while (f(50)); if (f(51)) f(52); else f(53);
label: f(54); throw f(55), f(56) ? f(57) : f(58) || f(59); f(60)?.[f(61)]?.(f(62), ...f(63)); delete f(64)?.x; f(65)\`\${f(66)}\`; new (f(67))(f(68));
f(69).x += f(70); f(71)[f(72)]++; const g = function* (h = f(73), { i = f(74) } = {}) { yield f(75); yield* f(76); };
const j = async ([k = f(77)]) => { await f(78); for await (const l of f(79)) f(80); }; const m = { [f(81)]: f(82), ...f(83), [f(84)]() {}, get [f(85)]() { return 1; } };
import(f(86)); \`\${f(87)}\`; void f(88); (f(89), f(90)); f(91) instanceof f(92); using n = f(93); const o = (p) => f(p); export default f(94);`;

const EXAMPLES = [
  ...PROGRAMS.map(({ name, text, language }) => ({ name, ...moduleOf(text, language) })),
  { name: 'calls in every position', text: POSITIONS, fileName: '/a.mjs', kind: 'esm' as const },
  {
    name: 'sloppy positions',
    text: 'for (var a = f(1) in f(2)); with (f(3)) f(4); if (f(5)) function g() { f(6); }',
    fileName: '/a.js',
    kind: 'commonjs' as const,
  },
  {
    name: 'positions of TypeScript',
    text: `enum E { A = f(1) } namespace N { export const a = f(2); } @f(3) class A { @f(4) b(@f(5) c) {} @f(6) d = f(7)!; constructor(readonly e = f(8)) {} } const g = f(9) as X; <X>f(10); f(11) satisfies X; export = f(12);`,
    fileName: '/a.ts',
    kind: 'esm' as const,
  },
];

describe.each(EXAMPLES)('$name', ({ text, fileName, kind }) => {
  const module = parseModule({ fileName, text, kind });
  const facts = extractFacts(module);
  const written = (wanted: (node: Node, parent: Node) => boolean) =>
    all(module.ast.program, wanted).map((node) => text.slice(node.start as number, node.end as number));
  const told = (spans: readonly Span[]) => spans.map(({ start, end }) => text.slice(start, end));

  // They are functions of their own, which the calls of async generators start.
  const bodies = all(module.ast.program, (node) => isFunction(node) && hasBodyApart(node)).map((node) =>
    text.slice((node as FunctionNode).body.start as number, (node as FunctionNode).body.end as number),
  );

  const sites = (isIteration: boolean) =>
    facts.calls
      .filter((call) => !call.isImplicit && (call.iteration !== undefined) === isIteration)
      .map(({ span }) => span);

  it('calls', () => {
    // What marks a function stands for the call by which the function waits for its lock.
    const marks = told([...pragmasOf(module).atomic.values()].map(({ span }) => span));
    // A loop that sleeps is a call of what compares in its test.
    const tests = told([...nameUses(module.ast.program).loops.keys()].map(spanOf));
    expect(told(sites(false)).sort()).toEqual(
      [
        ...marks,
        ...tests,
        ...bodies,
        ...written((node, parent) => isCall(node) || extendsAnother(node, parent) || isDisposedOf(node, parent)),
      ].sort(),
    );
  });
  it('iterations', () => {
    expect(told(sites(true)).sort()).toEqual(written(isIteration).sort());
  });
  it('decorators and elements of JSX, which are no calls in the text', () => {
    // That of an accessor stands for what is done with what it returns, too.
    const implicit = new Map(
      facts.calls.flatMap(({ isImplicit, span }) => (isImplicit ? [[spanKey(span), span]] : [])),
    );
    expect(told([...implicit.values()]).sort()).toEqual(
      written(({ type }) => type === 'Decorator' || type === 'JSXElement').sort(),
    );
  });
  it('functions', () => {
    expect(told(facts.functions.slice(1).map(({ span }) => span)).sort()).toEqual(
      [...bodies, ...written((node) => isFunction(node) || isImplicitConstructor(node))].sort(),
    );
    expect(new Set(facts.functions.map(({ span }) => spanKey(span))).size).toBe(facts.functions.length);
  });
});
