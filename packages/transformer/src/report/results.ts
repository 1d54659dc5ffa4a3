/** Verdicts to results of ESLint's shape (`ESLint.LintResult`). */
import { disablesIn, type SourceComment } from './disables.js';
import type { Finding, Spot } from './finding.js';
import { type Places, placesOf } from './places.js';
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
  readonly endLine: number;
  readonly endColumn: number;
}

export interface SuppressedMessage extends Message {
  readonly suppressions: readonly { readonly kind: 'directive'; readonly justification: string }[];
}

export interface LintResult {
  /** Absolute. */
  readonly filePath: string;
  readonly messages: readonly Message[];
  readonly suppressedMessages: readonly SuppressedMessage[];
  readonly errorCount: number;
  readonly fatalErrorCount: number;
  readonly warningCount: number;
  readonly fixableErrorCount: number;
  readonly fixableWarningCount: number;
  readonly usedDeprecatedRules: readonly never[];
  /** The text, where there are messages. */
  readonly source?: string;
}

/** A source of the program, by the name that verdicts use. */
export interface ReportedFile {
  readonly fileName: string;
  readonly text: string;
  readonly comments: readonly SourceComment[];
}

/**
 * The results of all files, in their order; files without a message included, as ESLint does.
 *
 * @param severities by rule id without the `unblock/` prefix, in place of the rules' own
 * @param displayName how a file is called in messages
 */
export function lintResults(
  files: readonly ReportedFile[],
  verdicts: readonly Verdict[],
  severities: Readonly<Record<string, Severity>>,
  displayName: (fileName: string) => string,
  findings: readonly Finding[] = [],
): LintResult[] {
  const places = new Map(files.map((file) => [file.fileName, placesOf(file.text)]));
  const byFile = new Map<string, Verdict[]>(files.map(({ fileName }) => [fileName, []]));
  for (const verdict of verdicts) byFile.get(verdict.fileName)?.push(verdict);
  const frameText = ({ fileName, span, name }: Frame) =>
    `${name} (${displayName(fileName)}:${places.get(fileName)?.at(span.start).line ?? 0})`;
  const spotText = ({ fileName, span }: Spot) => {
    const { line, column } = places.get(fileName)?.at(span.start) ?? { line: 0, column: 0 };
    return `${displayName(fileName)}:${line}:${column}`;
  };
  const chainText = (chain: readonly Frame[]) => `Chain: ${chain.map(frameText).join(' > ')}.`;
  return files.map((file) => {
    const within = places.get(file.fileName) as Places;
    const found = (byFile.get(file.fileName) ?? []).flatMap((verdict) =>
      reasonsByRule(verdict).flatMap(({ rule, message: text, chain }) => {
        const partly = verdict.status === 'partly' && rule !== 'round-trip' ? ' On other paths it is patched.' : '';
        const full = `${text}${partly} ${chainText(chain)}`;
        return message(rule, full, verdict.span, within, severities);
      }),
    );
    for (const { rule, fileName, span, message: parts, chain } of findings) {
      if (fileName !== file.fileName) continue;
      const text = parts.map((part) => (typeof part === 'string' ? part : spotText(part))).join('');
      found.push(...message(rule, chain.length === 0 ? text : `${text} ${chainText(chain)}`, span, within, severities));
    }
    return fileResult(file, found, within, severities);
  });
}

/** One reason a rule: a call can be kept synchronous by its place and by its caller for the same rule. */
function reasonsByRule({ reasons }: Verdict) {
  return [...new Map(reasons.map((reason) => [reason.rule, reason])).values()];
}

function fileResult(
  { fileName, text, comments }: ReportedFile,
  found: readonly Message[],
  places: Places,
  severities: Readonly<Record<string, Severity>>,
): LintResult {
  const disables = disablesIn(comments, places);
  const messages: Message[] = [];
  const suppressedMessages: SuppressedMessage[] = [];
  for (const item of found) {
    const reasons = disables.suppress(item.ruleId, item);
    if (reasons.length === 0) messages.push(item);
    else {
      const suppressions = reasons.map((justification) => ({ kind: 'directive', justification }) as const);
      suppressedMessages.push({ ...item, suppressions });
    }
  }
  for (const remark of disables.remarks()) {
    messages.push(...message(remark.rule, remark.message, remark.span, places, severities));
  }
  messages.sort(inSourceOrder);
  suppressedMessages.sort(inSourceOrder);
  const errorCount = messages.filter(({ severity }) => severity === 2).length;
  return {
    filePath: fileName,
    messages,
    suppressedMessages,
    errorCount,
    fatalErrorCount: 0,
    warningCount: messages.length - errorCount,
    fixableErrorCount: 0,
    fixableWarningCount: 0,
    usedDeprecatedRules: [],
    ...(messages.length > 0 && { source: text }),
  };
}

function inSourceOrder(a: Message, b: Message): number {
  return a.line - b.line || a.column - b.column;
}

function message(
  id: string,
  text: string,
  span: { readonly start: number; readonly end: number },
  places: Places,
  severities: Readonly<Record<string, Severity>>,
): Message[] {
  const given = Object.hasOwn(severities, id) ? severities[id] : undefined; // A rule is called `constructor`.
  const severity = given ?? RULES.get(id)?.severity ?? 'error';
  if (severity === 'off') return [];
  const { line, column } = places.at(span.start);
  const end = places.at(span.end);
  return [
    {
      ruleId: `unblock/${id}`,
      severity: severity === 'error' ? 2 : 1,
      message: text,
      line,
      column,
      endLine: end.line,
      endColumn: end.column,
    },
  ];
}
