/** Whether a text is valid, by others than the parser that the compiler uses. */
import vm from 'node:vm';
import ts from 'typescript';
import type { ModuleInput } from '../../src/program.js';
import { extensionOf } from './sources.js';

/** A judge accepts a text, or says what is wrong with it. */
type Judge = (text: string, module: ModuleInput) => string | undefined;

/**
 * What else tells whether compiled code is valid: whatever accepts the original has to accept it too. V8 for JavaScript, TypeScript for
 * TypeScript, which V8 gets without its types.
 */
export function judgesOf(module: ModuleInput): readonly Judge[] {
  const found = known.get(module) ?? findJudges(module);
  known.set(module, found);
  return found;
}

const known = new WeakMap<ModuleInput, readonly Judge[]>();

function findJudges(module: ModuleInput): Judge[] {
  const { fileName, text, kind } = module;
  const extension = extensionOf(fileName);
  const isTypeScript = /^\.[mc]?tsx?$/.test(extension);
  const judges: Judge[] = [];
  if (isTypeScript) judges.push((code) => typeScriptMistake(code, fileName));
  else if (kind === 'esm') judges.push((code) => v8Mistake(code, asModule));
  else
    judges.push(
      (code) => v8Mistake(code, asFunction),
      (code) => v8Mistake(code, asScript),
    );
  return judges.filter((judge) => judge(text, module) === undefined);
}

function typeScriptMistake(text: string, fileName: string): string | undefined {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext, false);
  const [first] = (file as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
  if (first === undefined) return undefined;
  const { line, character } = file.getLineAndCharacterOfPosition(first.start);
  return `TypeScript, ${line + 1}:${character + 1}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`;
}

function v8Mistake(text: string, compile: (text: string) => void): string | undefined {
  try {
    compile(text);
    return undefined;
  } catch (error) {
    const { message, stack = '' } = error as Error;
    const place = /^evalmachine[^:]*:(\d+)|^\S*?:(\d+)/.exec(stack);
    return `V8, line ${place?.[1] ?? place?.[2] ?? '?'}: ${message}`;
  }
}

/** Types are not published for it: it is experimental. Only with the option of Node by that name. */
const { SourceTextModule } = vm as unknown as { SourceTextModule?: new (text: string) => unknown };

function asModule(text: string): void {
  if (SourceTextModule === undefined) throw new Error('needs --experimental-vm-modules');
  new SourceTextModule(text);
}

/** As Node loads CommonJS. */
function asFunction(text: string): void {
  const hashless = text.replace(/^#!.*/, '');
  vm.compileFunction(hashless, ['exports', 'require', 'module', '__filename', '__dirname']);
}

function asScript(text: string): void {
  new vm.Script(text);
}
