import { stripVTControlCharacters } from 'node:util';
import { ESLint, type Rule } from 'eslint';
import { describe, expect, it } from 'vitest';
import { format } from '../../src/report/format.js';
import { program } from './program.js';

const eslint = new ESLint({ overrideConfigFile: true });

async function theirs(name: string, results: unknown): Promise<string> {
  const formatter = await eslint.loadFormatter(name);
  // Without colours, as the test's own output has none.
  return formatter.format(results as ESLint.LintResult[], { color: false } as never);
}

const fs = "import fs from 'node:fs';\n";
const getter = 'export const o = { get x() { return fs.readFileSync("a"); } };\n';
const never = `${'\n'.repeat(120)}                function never() { return [fs.statSync("a")]; }\n`;
const twice =
  '\n// unblock-disable-next-line getter -- never asked for\nexport const p = { get x() { return fs.rmSync("a"); } };';

/** Programs with no message, one, several of different widths, warnings only, and suppressed ones. */
const PROGRAMS = {
  none: 'export const a = 1;\n',
  error: fs + getter,
  warning: fs + never,
  both: fs + getter + never + getter.replace('const o', 'const q'),
  suppressed: fs + twice,
  'columns of different widths': `${fs}${getter}export const r = { get x() { return (\n  fs.statSync('a')\n); } };`,
};

const bare = (text: string) => stripVTControlCharacters(text).replace(/\n$/, '');

describe('formats', () => {
  for (const [name, text] of Object.entries(PROGRAMS)) {
    it(`stylish and json are what ESLint's print: ${name}`, async () => {
      const { results } = program(text);
      expect(bare(format(results, 'stylish'))).toBe(bare(await theirs('stylish', results)));
      expect(format(results, 'json')).toBe(await theirs('json', results));
    });
  }

  it('stylish aligns over several files', async () => {
    const results = Object.values(PROGRAMS).flatMap((text, i) => program(text, { name: `${i}.ts` }).results);
    const text = bare(format(results, 'stylish'));
    expect(text).toBe(bare(await theirs('stylish', results)));
    expect(text).toContain('(5 errors, 2 warnings)');
  });

  it('results, messages and suppressed messages have the properties of a LintResult', async () => {
    const rule: Rule.RuleModule = {
      create: (context) => ({
        DebuggerStatement: (node) => context.report({ node, message: 'A debugger.' }),
      }),
    };
    const own = new ESLint({
      overrideConfigFile: true,
      overrideConfig: [{ plugins: { unblock: { rules: { a: rule } } }, rules: { 'unblock/a': 'error' } }],
    });
    const text = 'debugger;\n// eslint-disable-next-line unblock/a -- reason\ndebugger;\n';
    const [expected] = await own.lintText(text, { filePath: 'a.js' });
    const [actual] = program(fs + getter + twice).results;
    const keys = (value: object | undefined) => Object.keys(value ?? {}).sort();
    expect(keys(actual)).toEqual(keys(expected));
    expect(keys(actual?.messages[0])).toEqual(keys(expected?.messages[0]));
    expect(keys(actual?.suppressedMessages[0])).toEqual(keys(expected?.suppressedMessages[0]));
    expect(actual?.suppressedMessages[0]?.suppressions).toEqual([
      { kind: 'directive', justification: 'never asked for' },
    ]);
    const [clean] = program('export {};').results;
    const [cleanExpected] = await own.lintText('', { filePath: 'a.js' });
    expect(keys(clean)).toEqual(keys(cleanExpected));
  });

  it('counts what it lists', () => {
    for (const text of Object.values(PROGRAMS)) {
      for (const { messages, errorCount, warningCount } of program(text).results) {
        expect(errorCount).toBe(messages.filter(({ severity }) => severity === 2).length);
        expect(warningCount).toBe(messages.filter(({ severity }) => severity === 1).length);
      }
    }
  });
});
