/** Static types make the analysis more exact where the flow of values says nothing. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { projectModules } from '../../src/hosts/tsProgram.js';
import { typeOracle } from '../../src/hosts/typeOracle.js';

const FILE = '/project/main.ts';

/** The calls of `FILE` that may suspend in the compiled form, as they are written; `o.m` for `o.m(...)`. */
function suspendingCalls(text: string, withTypes: boolean): string[] {
  const options: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022, types: [], noEmit: true };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(FILE, text, ts.ScriptTarget.ES2022, true) : getSourceFile(name, ...rest);
  host.fileExists = (name) => name === FILE || fileExists(name);
  host.readFile = (name) => (name === FILE ? text : readFile(name));
  const program = ts.createProgram([FILE], options, host);
  const compilation = compile({
    modules: projectModules(program, ts),
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: 'runtime' },
    ...(withTypes ? { types: typeOracle(program, ts) } : {}),
  });
  const code = compilation.rewrite(FILE)?.code ?? '';
  return [...code.matchAll(/\$(?:callee|method)\((?:\(\$self = )?([\w.]+)\)?(\.\w+)?/g)].map(
    ([, a, b]) => `${a}${b ?? ''}`,
  );
}

/** A program whose `f` calls `o.get` of a value of the given type. */
function program(type: string, ...classes: string[]): string {
  return `
    declare module 'fs' { export function readFileSync(path: string): string }
    import { readFileSync } from 'fs';
    ${classes.join('\n')}
    export async function f<T extends { get(key: string): string }>(o: ${type}) { return o.get('a'); }`;
}

const BLOCKING = 'class Blocking { get(key: string): string { return readFileSync(key); } }';
const PLAIN = 'class Plain { get(key: string): string { return key; } }';

describe('a receiver that nothing of the program is seen to reach', () => {
  it('may be anything with such a method, as far as names go', () => {
    expect(suspendingCalls(program('Map<string, string>', BLOCKING), false)).toContain('o.get');
    expect(suspendingCalls(program('Plain', BLOCKING, PLAIN), false)).toContain('o.get');
  });

  it("is no class of the program if its type is the platform's", () => {
    const derived = 'class Derived extends Blocking { get(key: string): string { return super.get(key); } }';
    expect(suspendingCalls(program('Map<string, string>', BLOCKING, derived), true)).not.toContain('o.get');
    expect(suspendingCalls(program('string[] & { get?: any } | number[]', BLOCKING), true)).toContain('o.get');
  });

  it("may be a class of the program that extends the platform's", () => {
    const table = 'class Table extends Map<string, string> { get(key: string): string { return readFileSync(key); } }';
    expect(suspendingCalls(program('Map<string, string>', table), true)).toContain('o.get');
  });

  it('is the class that its type names, or one that extends it', () => {
    const derived = 'class Derived extends Plain { get(key: string): string { return readFileSync(key); } }';
    expect(suspendingCalls(program('Plain', BLOCKING, PLAIN), true)).not.toContain('o.get');
    expect(suspendingCalls(program('Blocking', BLOCKING, PLAIN), true)).toContain('o.get');
    expect(suspendingCalls(program('Plain', PLAIN, derived), true)).toContain('o.get');
  });

  it.each(['any', '{ get(key: string): string }', 'Map<string, string> | Plain', 'T'])(
    'may be anything if its type is %s',
    (type) => {
      expect(suspendingCalls(program(type, BLOCKING, PLAIN), true)).toContain('o.get');
    },
  );
});
