/** Checks of source maps, call by call. */
import { readFileSync } from 'node:fs';
import { parse } from '@babel/parser';
import type { Expression, Node, SourceLocation } from '@babel/types';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { expect } from 'vitest';

/**
 * Checks that the map leads the callee of each rewritten call to a place in the source where just this name stands.
 *
 * @param code compiled code; helpers may be local names or properties of a namespace
 * @param sourceFile the file on disk that a source of the map means
 * @returns how many calls there were
 */
export function checkedCalls(code: string, map: string, sourceFile: (source: string) => string): number {
  const trace = new TraceMap(map);
  const texts = new Map<string, string[]>();
  const linesOf = (source: string): string[] => {
    const lines = texts.get(source) ?? readFileSync(sourceFile(source), 'utf8').split(/\r?\n/);
    texts.set(source, lines);
    return lines;
  };
  const calls = rewrittenCalls(parse(code, { sourceType: 'unambiguous', plugins: ['jsx'] }) as Node);
  for (const { name, loc } of calls) {
    const found = originalPositionFor(trace, { line: loc.start.line, column: loc.start.column });
    const where = `${name} at ${loc.start.line}:${loc.start.column}`;
    expect(found.source, where).not.toBeNull();
    const line = linesOf(found.source as string)[(found.line as number) - 1] ?? '';
    expect(line.slice(found.column as number, (found.column as number) + name.length), where).toBe(name);
  }
  return calls.length;
}

interface Callee {
  /** As it stands in the source: `readFileSync`, `#read`. */
  readonly name: string;
  readonly loc: SourceLocation;
}

/** The callees of `$callee(f, "f")(x)`, `$callee(f)(x)` and `$method(o.m, "o.m").call(o, x)`, and of the same with `$.fn` and `$.on`. */
function rewrittenCalls(root: Node): Callee[] {
  const found: Callee[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    const node = value as Node;
    if (node.type === 'CallExpression' && isLookup(node.callee)) {
      const callee = named(node.arguments[0]);
      const [, text] = node.arguments;
      if (callee !== undefined && (text === undefined || text.type === 'StringLiteral')) {
        // In a chain, what was called is held by a temporary.
        const isTemporary = /^\$_?t\d*$/.test(callee.name);
        found.push(isTemporary ? { ...callee, name: /[\w$]+$/.exec(text?.value ?? '')?.[0] ?? '' } : callee);
      }
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'loc' && !key.endsWith('omments')) visit(child);
  };
  visit(root);
  return found;
}

function isLookup(callee: Node): boolean {
  if (callee.type === 'Identifier') return /^\$?_?(callee|method)\d*$/.test(callee.name);
  if (callee.type === 'MemberExpression') return isLookup(callee.property) || isOfRun(callee);
  return callee.type === 'SequenceExpression' && isLookup(callee.expressions.at(-1) as Expression);
}

/** `$.fn` and `$.on`. */
function isOfRun({ object, property }: Extract<Node, { type: 'MemberExpression' }>): boolean {
  return (
    object.type === 'Identifier' &&
    /^(_?\$\d*|\$_?run\d*)$/.test(object.name) &&
    property.type === 'Identifier' &&
    /^(fn|on)$/.test(property.name)
  );
}

function named(callee: Node | undefined): Callee | undefined {
  if (callee?.type === 'Identifier') return callee.loc ? { name: callee.name, loc: callee.loc } : undefined;
  if (callee?.type === 'MemberExpression' && !callee.computed) return named(callee.property);
  if (callee?.type === 'SequenceExpression') return named(callee.expressions.at(-1));
  return undefined;
}
