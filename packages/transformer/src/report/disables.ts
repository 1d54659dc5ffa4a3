/**
 * Disable comments. Their shapes and their effect are those of ESLint's, with `unblock` in place of `eslint`:
 *
 *     // unblock-disable-line getter -- reason            also as a block comment
 *     // unblock-disable-next-line getter, with -- reason  also as a block comment
 *     /* unblock-disable getter -- reason *\/ ... /* unblock-enable getter *\/
 *
 * Rules may be written with or without `unblock/`; without a rule all are meant. A disable comment needs a reason.
 */
import { closest } from 'fastest-levenshtein';
import { nearest } from '../config/suggestions.js';
import type { Span } from '../program.js';
import type { Place, Places } from './places.js';
import { RULES } from './rules.js';

/** A comment as the parser gives it. */
export interface SourceComment {
  readonly type: 'CommentLine' | 'CommentBlock';
  readonly value: string;
  readonly start?: number | null;
  readonly end?: number | null;
}

/** A disable comment, for one rule or for all. */
interface Directive {
  readonly kind: 'disable' | 'enable' | 'line';
  /** `unblock/...`; undefined for all rules. */
  readonly rule: string | undefined;
  readonly reason: string;
  readonly comment: Span;
  /** Where a `disable` or `enable` takes effect. */
  readonly place: Place;
  /** The line that a `line` directive is for. */
  readonly line: number;
}

/** What is wrong with a comment. */
export interface Remark {
  readonly rule: 'unused-disable' | 'disable-without-reason';
  readonly message: string;
  readonly span: Span;
}

export interface Disables {
  /** The reasons of the directives that suppress a message; empty if it stands. Notes that they have been used. */
  suppress(ruleId: string, place: Place): string[];
  /** What is wrong with the comments, after all messages have been offered. */
  remarks(): Remark[];
}

export function disablesIn(comments: readonly SourceComment[], places: Places): Disables {
  const remarks: Remark[] = [];
  const directives = comments.flatMap((comment) => parse(comment, places, remarks));
  const used = new Set<Directive>();
  return {
    suppress(ruleId, place) {
      const matching = directives.filter(({ rule }) => rule === undefined || rule === ruleId);
      let active: Directive[] = [];
      for (const directive of matching) {
        if (directive.kind === 'line' || !precedes(directive.place, place)) continue;
        active = directive.kind === 'disable' ? [...active, directive] : [];
      }
      const onLine = matching.filter(({ kind, line }) => kind === 'line' && line === place.line);
      const decisive = active.at(-1) ?? onLine.at(-1);
      if (decisive !== undefined) used.add(decisive);
      return [...active, ...onLine].map(({ reason }) => reason);
    },
    remarks() {
      const unused = directives.filter((directive) => directive.kind !== 'enable' && !used.has(directive));
      const useless = uselessEnables(directives);
      return [...remarks, ...unusedRemarks(unused, 'disable'), ...unusedRemarks(useless, 'enable')];
    },
  };
}

/** The `enable` directives that end nothing. */
function uselessEnables(directives: readonly Directive[]): Directive[] {
  let active: Directive[] = [];
  return directives.filter((directive) => {
    if (directive.kind === 'disable') active.push(directive);
    if (directive.kind !== 'enable') return false;
    const { rule } = directive;
    const endsOne = active.some((other) => rule === undefined || other.rule === undefined || other.rule === rule);
    active = rule === undefined ? [] : active.filter((other) => other.rule !== rule);
    return !endsOne;
  });
}

/** One remark a comment, naming the rules of it that are of no use. */
function unusedRemarks(directives: readonly Directive[], word: 'disable' | 'enable'): Remark[] {
  return [...new Set(directives.map(({ comment }) => comment))].map((span) => {
    const rules = directives.flatMap(({ comment, rule }) => (comment === span ? (rule ?? []) : []));
    const unknown = rules.find((rule) => !RULES.has(rule.slice('unblock/'.length)));
    const of = rules.length === 0 ? '' : ` of ${rules.join(', ')}`;
    const message =
      unknown === undefined
        ? `This ${word} comment${of} has no effect; remove it.`
        : `There is no rule ${unknown}${nearestRule(unknown)}`;
    return { rule: 'unused-disable', message, span };
  });
}

/** The end of the sentence: what was meant, where that is near. */
function nearestRule(id: string): string {
  const near = nearest(id.slice('unblock/'.length), [...RULES.keys()]);
  return near === undefined ? '.' : `; did you mean unblock/${near}?`;
}

function precedes(a: Place, b: Place): boolean {
  return a.line < b.line || (a.line === b.line && a.column <= b.column);
}

/** The directives of a comment, one a rule. What looks like a directive and is none goes to `remarks`. */
function parse(comment: SourceComment, places: Places, remarks: Remark[]): Directive[] {
  const [, name, rest = ''] = /^\s*(unblock-(?:disable|enable)[\w-]*)(?!\S)(.*)$/s.exec(comment.value) ?? [];
  if (name === undefined) return [];
  const span = { start: comment.start ?? 0, end: comment.end ?? 0 };
  const start = places.at(span.start);
  const end = places.at(span.end);
  const separator = /(?:^|\s)-{2,}(?:\s|$)/.exec(rest);
  const list = (separator === null ? rest : rest.slice(0, separator.index)).trim();
  const reason = separator === null ? '' : rest.slice(separator.index + separator[0].length).trim();
  const remark = (rule: Remark['rule'], message: string) => {
    remarks.push({ rule, message, span });
    return [];
  };

  const isBlock = comment.type === 'CommentBlock';
  const line = name === 'unblock-disable-line' ? start.line : end.line + 1;
  const kind = KINDS.get(name);
  if (kind === undefined)
    return remark('unused-disable', `${name} is no directive; did you mean ${closest(name, [...KINDS.keys()])}?`);
  if (kind !== 'line' && !isBlock) {
    return remark('unused-disable', `${name} takes effect in a block comment only: /* ${name} ... */.`);
  }
  if (name === 'unblock-disable-line' && start.line !== end.line) {
    return remark('unused-disable', 'unblock-disable-line has to stand in a comment of one line.');
  }
  if (kind !== 'enable' && reason === '') {
    return remark('disable-without-reason', 'This disable comment gives no reason and has no effect; add "-- reason".');
  }
  const rules = list.split(',').flatMap((rule) => rule.trim() || []);
  return (rules.length === 0 ? [undefined] : rules).map((rule) => ({
    kind,
    rule: rule === undefined || rule.startsWith('unblock/') ? rule : `unblock/${rule}`,
    reason,
    comment: span,
    place: start,
    line,
  }));
}

const KINDS: ReadonlyMap<string, Directive['kind']> = new Map([
  ['unblock-disable', 'disable'],
  ['unblock-enable', 'enable'],
  ['unblock-disable-line', 'line'],
  ['unblock-disable-next-line', 'line'],
]);
