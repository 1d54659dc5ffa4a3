/** Formatters with the output of ESLint's own: `stylish` for people, `json` for programs. */
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { LintResult, Message } from './results.js';
import type { Verdict } from './verdict.js';

export type Format = 'stylish' | 'json';

/** What a formatter prints, without a final line break; empty where there is nothing to say. */
export function format(results: readonly LintResult[], as: Format): string {
  return as === 'json' ? JSON.stringify(results) : stylish(results);
}

function stylish(results: readonly LintResult[]): string {
  const blocks = results
    .filter(({ messages }) => messages.length > 0)
    .map(({ filePath, messages }) => [`${pc.underline(filePath)}`, ...rows(messages)].join('\n'));
  if (blocks.length === 0) return '';
  const errors = sum(results, ({ errorCount }) => errorCount);
  const warnings = sum(results, ({ warningCount }) => warningCount);
  const total = `✖ ${plural(errors + warnings, 'problem')} (${plural(errors, 'error')}, ${plural(warnings, 'warning')})`;
  blocks.push(pc.bold(errors > 0 ? pc.red(total) : pc.yellow(total)));
  return `\n${blocks.join('\n\n')}\n`;
}

/** Places aligned at the colon, everything else at the left; a full stop at the end is dropped. */
function rows(messages: readonly Message[]): string[] {
  const cells = messages.map((message) => [
    String(message.line),
    String(message.column),
    message.severity === 2 ? pc.red('error') : pc.yellow('warning'),
    message.message.replace(/([^ ])\.$/, '$1'),
  ]);
  const width = (column: number) => Math.max(...cells.map((row) => visible(row[column])));
  const [lines = 0, columns = 0, levels = 0, texts = 0] = [0, 1, 2, 3].map(width);
  return cells.map(([line = '', column = '', level = '', text = ''], i) => {
    const place = `${' '.repeat(lines - line.length)}${pc.dim(`${line}:${column}`)}${' '.repeat(columns - column.length)}`;
    const pad = (cell: string, to: number) => cell + ' '.repeat(to - visible(cell));
    return `  ${place}  ${pad(level, levels)}  ${pad(text, texts)}  ${pc.dim(messages[i]?.ruleId ?? '')}`;
  });
}

function visible(cell = ''): number {
  return stripVTControlCharacters(cell).length;
}

/** The counts of verdicts, which add up to the number of blocking calls, and of the rules that keep calls blocking. */
export function summary(verdicts: readonly Verdict[]): string {
  const count = (status: string) => verdicts.filter((verdict) => verdict.status === status).length;
  const parts = ['patched', 'partly', 'blocking'].map((status) => `${count(status)} ${status}`);
  const rules = new Map<string, number>();
  for (const { reasons } of verdicts) {
    for (const rule of new Set(reasons.map((reason) => reason.rule))) rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  const why = [...rules].sort(([, a], [, b]) => b - a).map(([rule, times]) => `${rule} ${times}`);
  const because = why.length === 0 ? '' : ` (${why.join(', ')})`;
  return `${plural(verdicts.length, 'blocking call')}: ${parts.join(', ')}${because}`;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
