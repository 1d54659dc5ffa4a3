/** Programs for tests of race hazards, and what the report says of them. */
import { compile } from '../../src/engine.js';
import { lintResults } from '../../src/report/results.js';

/** Whatever the programs of these tests need: reads that block, a handler, asynchronous work. */
const PRELUDE =
  "import fs, { readFileSync } from 'node:fs'; import http from 'node:http'; import { atomic } from '@unblock/runtime'; " +
  'const size = (file: string) => readFileSync(file).length; const read = (file: string) => String(readFileSync(file)); ' +
  'declare function work(): Promise<void>; declare function use(...x: unknown[]): void;';

const NAME = '/src/main.ts';
const ON: Readonly<Record<string, 'warn'>> = { 'race-fill': 'warn' };
const RULES = /^unblock\/(race-|eager-|misplaced-)/;

export interface Given {
  /** Further modules, by the specifier by which they are imported. */
  readonly modules?: Readonly<Record<string, string>>;
  readonly closed?: boolean;
}

/** The report of a program, one line a message: rule, text of the marked place, and message. The prelude stands on a line of its own. */
export function report(text: string, { modules = {}, closed = true }: Given = {}): string[] {
  const files = new Map([
    [NAME, `${PRELUDE}\n${text}`],
    ...Object.entries(modules).map(([specifier, other]) => [fileOf(specifier), `${PRELUDE}\n${other}`] as const),
  ]);
  const compilation = compile({
    modules: [...files].map(([fileName, source]) => ({ fileName, text: source, kind: 'esm' })),
    resolve: (specifier) => (files.has(fileOf(specifier)) ? fileOf(specifier) : undefined),
    closed,
    options: { patch: {}, runtime: '@unblock/runtime/compiled' },
  });
  const sources = [...files].map(([fileName, source]) => ({
    fileName,
    text: source,
    comments: compilation.comments(fileName),
  }));
  const display = (fileName: string) => fileName.replace('/src/', '');
  return lintResults(sources, compilation.verdicts, ON, display, compilation.findings()).flatMap(
    ({ filePath, messages }) =>
      messages
        .filter(({ ruleId }) => RULES.test(ruleId))
        .map(({ ruleId, message, line, column, endLine, endColumn }) => {
          const lines = (files.get(filePath) ?? '').split('\n');
          const place =
            line === endLine ? lines[line - 1]?.slice(column - 1, endColumn - 1) : lines[line - 1]?.slice(column - 1);
          return `${ruleId.replace('unblock/', '')} | ${place} | ${message}`;
        }),
  );
}

/** The rules and places of a program's report, without the messages. */
export function marks(text: string, given?: Given): string[] {
  return report(text, given).map((line) => line.split(' | ').slice(0, 2).join(': '));
}

function fileOf(specifier: string): string {
  return `/src/${specifier.replace('./', '')}.ts`;
}

/** Runs `code` in a request handler. */
export function serve(code: string): string {
  return `http.createServer((req, res) => { ${code} });`;
}
