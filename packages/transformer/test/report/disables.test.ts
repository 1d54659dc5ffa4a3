import { parse } from '@babel/parser';
import { Linter, type Rule } from 'eslint';
import { describe, expect, it } from 'vitest';
import { lintResults } from '../../src/report/results.js';
import type { Verdict } from '../../src/report/verdict.js';
import { program } from './program.js';

/** Calls of `getter()` break the rule of that name, calls of `setter()` theirs. */
const RULES = ['getter', 'setter'];

interface Report {
  readonly messages: readonly string[];
  readonly suppressed: readonly string[];
  /** Lines of comments that are of no use. */
  readonly unused: readonly number[];
}

const place = ({ ruleId, line, column }: { ruleId: string | null; line: number; column: number }) =>
  `${ruleId} ${line}:${column}`;

function ours(text: string): Report {
  const fileName = '/a.js';
  const verdicts = [...text.matchAll(/\b(getter|setter)\(\)/g)].map(({ index, 0: call, 1: rule = '' }): Verdict => {
    const span = { start: index, end: index + call.length };
    const reason = { rule, message: 'x.', chain: [] };
    return { fileName, span, api: 'x', category: 'fs', status: 'blocking', reasons: [reason], patchedChain: undefined };
  });
  const comments = parse(text, { sourceType: 'module' }).comments ?? [];
  const [result] = lintResults([{ fileName, text, comments }], verdicts, {}, (name) => name);
  const messages = result?.messages ?? [];
  return {
    messages: messages.filter(({ ruleId }) => ruleId !== 'unblock/unused-disable').map(place),
    suppressed: (result?.suppressedMessages ?? []).map(
      (item) => `${place(item)} ${item.suppressions.map(({ justification }) => justification).join(', ')}`,
    ),
    unused: [...new Set(messages.filter(({ ruleId }) => ruleId === 'unblock/unused-disable').map(({ line }) => line))],
  };
}

function eslints(text: string): Report {
  const rule = (name: string): Rule.RuleModule => ({
    create: (context) => ({
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === name) context.report({ node, message: 'x' });
      },
    }),
  });
  const linter = new Linter() as Linter & { getSuppressedMessages(): Linter.SuppressedLintMessage[] };
  const found = linter.verify(text.replaceAll('unblock-', ' eslint-'), [
    {
      plugins: { unblock: { rules: Object.fromEntries(RULES.map((name) => [name, rule(name)])) } },
      rules: Object.fromEntries(RULES.map((name) => [`unblock/${name}`, 'error'])),
      linterOptions: { reportUnusedDisableDirectives: 'error' },
    },
  ]);
  return {
    messages: found.filter(({ ruleId }) => ruleId !== null).map((item) => place(item)),
    suppressed: linter
      .getSuppressedMessages()
      .map((item) => `${place(item)} ${item.suppressions.map(({ justification }) => justification).join(', ')}`),
    unused: [...new Set(found.filter(({ ruleId }) => ruleId === null).map(({ line }) => line))],
  };
}

describe("disable comments do what ESLint's do", () => {
  const CASES: Readonly<Record<string, string>> = {
    'next line': '// unblock-disable-next-line unblock/getter -- why\ngetter();\ngetter();',
    'next line, all rules': '// unblock-disable-next-line -- why\ngetter(), setter();',
    'next line, another rule': '// unblock-disable-next-line unblock/setter -- why\ngetter();',
    'next line, several rules':
      '// unblock-disable-next-line unblock/setter, unblock/getter -- why\ngetter(); setter();',
    'next line, one of several': '// unblock-disable-next-line unblock/setter, unblock/getter -- why\ngetter();',
    'next line, block comment': '/* unblock-disable-next-line unblock/getter -- why */ setter();\ngetter();',
    'next line, several lines': '/* unblock-disable-next-line\n unblock/getter\n -- why */\ngetter();',
    'this line': 'getter(); // unblock-disable-line unblock/getter -- why\ngetter();',
    'this line, block comment in front': '/* unblock-disable-line -- why */ getter();',
    'several comments for a line': '// unblock-disable-next-line -- one\ngetter(); // unblock-disable-line -- two',
    'longer dashes': '// unblock-disable-next-line unblock/getter ---- why -- so\ngetter();',
    range:
      '/* unblock-disable unblock/getter -- why */ getter();\nsetter();\n/* unblock-enable unblock/getter */ getter();',
    'range, all rules': '/* unblock-disable -- why */\ngetter(); setter();\n/* unblock-enable */\ngetter();',
    'range, one rule back': '/* unblock-disable -- why */\n/* unblock-enable unblock/getter */\ngetter(); setter();',
    'range to the end': 'getter();\n/* unblock-disable -- why */ getter();\n\nsetter();',
    'range and line': '/* unblock-disable -- why */\ngetter(); // unblock-disable-line -- again\n',
    'ranges twice': '/* unblock-disable -- why */\n/* unblock-disable unblock/getter -- again */\ngetter();',
    'enable of nothing': '/* unblock-enable */ getter();',
    unused: '// unblock-disable-next-line -- why\nfree();\n/* unblock-disable -- why */',
    'in a string': 'const s = "// unblock-disable-next-line -- why"\ngetter();',
    'in a template':
      'const s = `\n// unblock-disable-next-line -- why\n$' + '{getter()}\n/* unblock-disable -- why */`;\ngetter();',
    'in a regular expression':
      'const s = /[/]/ // unblock-disable-next-line -- why\ngetter();\n/\\/* unblock-disable -- a *\\//;',
    'within another comment':
      '// see unblock-disable-next-line -- why\ngetter();\n/* // unblock-disable-line -- why */ getter();',
    'carriage returns': '// unblock-disable-next-line -- why\r\ngetter();\r\n\r\ngetter();',
    'before and in a call': 'free(\n  // unblock-disable-next-line -- why\n  getter(),\n  getter(),\n);',
  };
  for (const [name, text] of Object.entries(CASES)) {
    it(name, () => {
      const report = ours(text);
      expect(report).toEqual(eslints(text));
      expect(report.messages.length + report.suppressed.length).toBe(
        text.match(/\b[gs]etter\(\)(?!.*`\n)/g)?.length ?? 0,
      );
    });
  }

  it('in random programs', () => {
    const seed = Number(process.env.SEED ?? 1);
    const random = generator(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const rules = ['', 'unblock/getter ', 'unblock/setter ', 'unblock/getter, unblock/setter '];
    const line = () =>
      pick([
        () => 'getter();',
        () => 'free(); setter();',
        () => `getter(); // unblock-disable-line ${pick(rules)}-- line`,
        () => `// unblock-disable-next-line ${pick(rules)}-- next`,
        () => `/* unblock-disable-next-line\n ${pick(rules)}-- lines */ setter();`,
        () => `/* unblock-disable ${pick(rules)}-- range */ getter();`,
        () => `setter(); /* unblock-enable ${pick(['', 'unblock/getter ', 'unblock/setter '])}*/ getter();`,
      ])();
    for (let run = 0; run < 300; run++) {
      const text = Array.from({ length: 1 + Math.floor(random() * 7) }, line).join('\n');
      const { unused: ourUnused, ...report } = ours(text);
      const { unused: theirUnused, ...expected } = eslints(text);
      expect(report, `SEED=${seed}, program ${run}:\n${text}`).toEqual(expected);
      expect(ourUnused, text).toEqual(theirUnused);
    }
  });
});

/** Mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('what disable comments need', () => {
  const messages = (text: string) =>
    program(`import fs from 'node:fs';\n${text}`).results.flatMap((result) =>
      result.messages.map(({ ruleId, line, message }) => `${ruleId}:${line} ${message}`),
    );
  const call = "export const o = { get x() { return fs.readFileSync('a'); } };";

  it('is a reason: without one they have no effect and are reported', () => {
    for (const comment of ['// unblock-disable-next-line', '// unblock-disable-next-line getter --']) {
      expect(messages(`${comment}\n${call}`)).toEqual([
        'unblock/disable-without-reason:2 This disable comment gives no reason and has no effect; add "-- reason".',
        expect.stringContaining('unblock/getter:3'),
      ]);
    }
  });

  it('is a rule that exists, with or without unblock/', () => {
    expect(messages(`// unblock-disable-next-line getter -- why\n${call}`)).toEqual([]);
    expect(messages(`// unblock-disable-next-line unblock/getter -- why\n${call}`)).toEqual([]);
    expect(messages(`// unblock-disable-next-line geter -- why\n${call}`)).toEqual([
      'unblock/unused-disable:2 There is no rule unblock/geter; did you mean unblock/getter?',
      expect.stringContaining('unblock/getter:3'),
    ]);
    expect(messages(`// unblock-disable-next-line nosuchrule -- why\n${call}`)[0]).toBe(
      'unblock/unused-disable:2 There is no rule unblock/nosuchrule.',
    );
  });

  it('is a shape that ESLint knows', () => {
    expect(messages(`// unblock-disable -- why\n${call}`)[0]).toMatch(
      /:2 unblock-disable takes effect in a block comment/,
    );
    expect(messages(`// unblock-disable-nextline -- why\n${call}`)[0]).toMatch(
      /did you mean unblock-disable-next-line\?$/,
    );
    expect(messages(`/* unblock-disable-line\n-- why */\n${call}`)[0]).toMatch(/has to stand in a comment of one line/);
  });

  it('is JSX, TypeScript or JavaScript around them', () => {
    const jsx = '{/* unblock-disable-next-line getter -- why */}';
    const text = `export const o = { get x() { return <p>${jsx}\n{fs.readFileSync('a')}</p>; } };`;
    const { results } = program(`import fs from 'node:fs';\n${text}`, { name: 'a.jsx' });
    expect(results[0]?.messages).toEqual([]);
    expect(results[0]?.suppressedMessages).toHaveLength(1);
  });
});
