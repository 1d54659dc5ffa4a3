/** Verdicts to results of ESLint's shape (`ESLint.LintResult`). */

import { RULES, type Severity } from './rules.js';
import type { Frame, Verdict } from './verdict.js';

export interface Message {
  readonly ruleId: string;
  /** 1 warns, 2 is an error. */
  readonly severity: 1 | 2;
  readonly message: string;
  /** Lines and columns count from 1. */
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

export interface LintResult {
  readonly filePath: string;
  readonly messages: readonly Message[];
  readonly suppressedMessages: readonly (Message & {
    readonly suppressions: readonly { readonly kind: 'directive'; readonly justification: string }[];
  })[];
  readonly errorCount: number;
  readonly fatalErrorCount: number;
  readonly warningCount: number;
  readonly fixableErrorCount: number;
  readonly fixableWarningCount: number;
  readonly usedDeprecatedRules: readonly never[];
}

/** A source of the program, by the name that verdicts use. */
export interface ReportedFile {
  readonly fileName: string;
  readonly text: string;
}

/** The results of all files, in their order; files without a message included, as ESLint does. */
export function lintResults(
  files: readonly ReportedFile[],
  verdicts: readonly Verdict[],
  severities: Readonly<Record<string, Severity>>,
  displayName: (fileName: string) => string,
): LintResult[] {
  const texts = new Map(files.map((file) => [file.fileName, file.text]));
  const place = (frame: Frame) => {
    const { line } = position(texts.get(frame.fileName) ?? '', frame.span.start);
    return `${frame.name} (${displayName(frame.fileName)}:${line})`;
  };
  return files.map(({ fileName, text }) => {
    const found = verdicts
      .filter((verdict) => verdict.fileName === fileName)
      .flatMap((verdict) =>
        verdict.reasons.flatMap((reason) => {
          const chain = reason.chain.map(place).join(' > ');
          const partly = verdict.status === 'partly' ? ' On other paths it is patched.' : '';
          return message(reason.rule, `${reason.message}${partly} ${chain}`, text, verdict.span, severities);
        }),
      );
    return fileResult(fileName, found, text, severities);
  });
}

function fileResult(
  filePath: string,
  found: readonly Message[],
  text: string,
  severities: Readonly<Record<string, Severity>>,
): LintResult {
  const directives = disables(text);
  const messages: Message[] = [];
  const suppressed: LintResult['suppressedMessages'][number][] = [];
  const used = new Set<Disable>();
  for (const item of found) {
    const directive = directives.find(
      (d) => d.line === item.line && (d.rules.length === 0 || d.rules.includes(item.ruleId)),
    );
    if (directive === undefined || directive.reason === '') messages.push(item);
    else {
      suppressed.push({ ...item, suppressions: [{ kind: 'directive', justification: directive.reason }] });
    }
    if (directive !== undefined) used.add(directive);
  }
  for (const directive of directives) {
    const { span } = directive;
    const note = (id: string) => messages.push(...message(id, `${RULES.get(id)?.message}.`, text, span, severities));
    if (directive.reason === '') note('disable-without-reason');
    else if (!used.has(directive)) note('unused-disable');
  }
  messages.sort((a, b) => a.line - b.line || a.column - b.column);
  const errorCount = messages.filter(({ severity }) => severity === 2).length;
  return {
    filePath,
    messages,
    suppressedMessages: suppressed,
    errorCount,
    fatalErrorCount: 0,
    warningCount: messages.length - errorCount,
    fixableErrorCount: 0,
    fixableWarningCount: 0,
    usedDeprecatedRules: [],
  };
}

function message(
  id: string,
  text: string,
  source: string,
  span: { readonly start: number; readonly end: number },
  severities: Readonly<Record<string, Severity>>,
): Message[] {
  const given = Object.hasOwn(severities, id) ? severities[id] : undefined; // A rule is called `constructor`.
  const severity = given ?? RULES.get(id)?.severity ?? 'error';
  if (severity === 'off') return [];
  const start = position(source, span.start);
  const end = position(source, span.end);
  return [
    {
      ruleId: `unblock/${id}`,
      severity: severity === 'error' ? 2 : 1,
      message: text,
      ...start,
      endLine: end.line,
      endColumn: end.column,
    },
  ];
}

interface Disable {
  /** The line that it applies to. */
  readonly line: number;
  readonly rules: readonly string[];
  readonly reason: string;
  readonly span: { readonly start: number; readonly end: number };
}

/** `// unblock-disable-next-line [rule, ...] -- reason` and `// unblock-disable-line ...`. */
function disables(text: string): Disable[] {
  return [...text.matchAll(/\/\/\s*unblock-disable-(next-line|line)\b([^\n]*)/g)].map((match) => {
    const [rules = '', ...reason] = (match[2] ?? '').split('--');
    const { line } = position(text, match.index);
    return {
      line: match[1] === 'line' ? line : line + 1,
      rules: rules
        .split(/[\s,]+/)
        .filter((name) => name !== '')
        .map((name) => (name.startsWith('unblock/') ? name : `unblock/${name}`)),
      reason: reason.join('--').trim(),
      span: { start: match.index, end: match.index + match[0].length },
    };
  });
}

/** The place of an offset, counted from 1. */
export function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - lastBreak };
}
