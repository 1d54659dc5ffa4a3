/**
 * Static elements that may suspend: those from the first of them on are run when the rest of the class is there, by functions that the class makes.
 */
import type { Class, Node } from '@babel/types';
import { scanTo } from '../syntax/scan.js';
import { canRunStaticsApart, type StaticElement, staticElementsIn } from '../syntax/staticElements.js';
import { guarded } from './arrayPatterns.js';
import { suspended } from './calls.js';
import type { Code } from './code.js';
import { definition, initialValue } from './constructors.js';
import { type Context, enter, freshName, helper, maySuspend, ownThis, uniqueTemporary } from './context.js';
import { emitBlock } from './emit.js';

/** Static elements that are run apart. */
export interface Statics {
  /** Holds the functions that run them. */
  readonly temporary: string;
  readonly elements: readonly StaticElement[];
}

/** The static elements of a class that are run apart; undefined if all stay. */
export function staticsOf(cls: Class, cx: Context): Statics | undefined {
  if (!areStaticsApart(cls, cx)) return undefined;
  const elements = staticElementsIn(cls.body);
  const first = elements.findIndex((element) => maySuspend(element, cx));
  return { temporary: uniqueTemporary(cx), elements: elements.slice(first) };
}

/** Whether static elements of a class are run apart. */
export function areStaticsApart(cls: Class, cx: Context): boolean {
  if (cx.mode !== 'async' && cx.mode !== 'twin') return false;
  return canRunStaticsApart(cls) && staticElementsIn(cls.body).some((element) => maySuspend(element, cx));
}

/** A static element in the body of its class: the first of those that are run apart stands for all of them. */
export function emitStatic(element: Node, { temporary, elements }: Statics, cx: Context): Code {
  // What stands before may end without a semicolon.
  if (element !== elements[0]) return ';';
  return [`static { ${temporary} = [`, elements.map((each) => [runOf(each, cx), ', ']), ']; }'];
}

/** A function that runs an element, and says so if it has not suspended. */
function runOf(element: StaticElement, around: Context): Code {
  // Keys are in temporaries of the body around, which those of this one must not hide.
  const keys = new Set([...around.keys.values()].map(({ temporary }) => temporary));
  const cx = { ...enter(ownThis(around), 'async'), temporaries: new Set(keys) };
  const done = freshName(cx.shared, '$done');
  const error = freshName(cx.shared, '$error');
  const code = element.type === 'StaticBlock' ? emitBlock(element, cx, openingOf(element, cx)) : emitField(element, cx);
  const own = [...cx.temporaries].filter((name) => !keys.has(name));
  const temporaries = own.length === 0 ? '' : `let ${own.join(', ')}; `;
  return [
    `async (${done}) => { try { ${temporaries}`,
    code,
    ` ${done}(); } catch (${error}) { ${done}(${error}); throw ${error}; } }`,
  ];
}

/** Where the statements of a static block begin, with their brace. */
function openingOf(element: StaticElement, cx: Context): number {
  return scanTo(cx.shared.module.text, (element.start as number) + 'static'.length, '{');
}

function emitField(field: Extract<StaticElement, { type: 'ClassProperty' }>, cx: Context): Code {
  const value = freshName(cx.shared, '$value');
  const define = (given: string | undefined): Code => [
    ...[`new (class extends ${helper(cx, 'Adopted')} { `, definition(field, cx, () => given), '})(this);'],
  ];
  // TypeScript leaves out static fields without a value, other than those of objects, for some targets.
  if (!field.value) return ['if ("field" in class { static field; }) ', define(undefined)];
  const initial = initialValue(field, field.value, cx);
  return guarded([`const ${value} = `, initial, '; ', define(value)], field, cx);
}

/** What runs the static elements of a class that is there. */
export function runStatics(cls: Class, { temporary }: Statics, cx: Context): Code {
  return suspended(`${helper(cx, 'statics')}(${temporary})`, cls.start as number, cx);
}

/** A class expression with the static elements that are run apart. */
export function withStatics(cls: Class, code: Code, statics: Statics, cx: Context): Code {
  const made = uniqueTemporary(cx);
  return [`(${made} = `, code, ', ', runStatics(cls, statics, cx), `, ${made})`];
}
