/** Formatters: `stylish` reads like ESLint's, `json` is ESLint's. */
import pc from 'picocolors';
import type { LintResult } from './results.js';
import type { Verdict } from './verdict.js';

export type Format = 'stylish' | 'json';

export function format(results: readonly LintResult[], verdicts: readonly Verdict[], as: Format): string {
  return as === 'json' ? JSON.stringify(results) : stylish(results, verdicts);
}

function stylish(results: readonly LintResult[], verdicts: readonly Verdict[]): string {
  const blocks = results
    .filter(({ messages }) => messages.length > 0)
    .map(({ filePath, messages }) => {
      const rows = messages.map((message) => {
        const level = message.severity === 2 ? pc.red('error') : pc.yellow('warning');
        return `  ${pc.dim(`${message.line}:${message.column}`)}  ${level}  ${message.message}  ${pc.dim(message.ruleId)}`;
      });
      return [pc.underline(filePath), ...rows].join('\n');
    });
  const errors = sum(results, ({ errorCount }) => errorCount);
  const warnings = sum(results, ({ warningCount }) => warningCount);
  if (errors + warnings > 0) {
    const text = `✖ ${plural(errors + warnings, 'problem')} (${plural(errors, 'error')}, ${plural(warnings, 'warning')})`;
    blocks.push(errors > 0 ? pc.red(text) : pc.yellow(text));
  }
  blocks.push(summary(verdicts));
  return blocks.join('\n\n');
}

/** The counts of verdicts, which add up to the number of blocking calls. */
export function summary(verdicts: readonly Verdict[]): string {
  const count = (status: string) => verdicts.filter((verdict) => verdict.status === status).length;
  const parts = ['patched', 'partly', 'blocking'].map((status) => `${count(status)} ${status}`);
  return `${plural(verdicts.length, 'blocking call')}: ${parts.join(', ')}`;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
