/** Files of published packages that cannot be compiled, as data: each with the condition under which that is so, and a reason. */
import type { Finding, Unreadable } from './inspect.js';

export interface Exclusion {
  readonly package: string;
  /** `*` stands for anything within a name, `**` for any path. */
  readonly files: readonly string[];
  /** Nobody takes the file for JavaScript or TypeScript, or only the parser does not. */
  readonly is: 'no JavaScript' | 'not parsed';
  readonly reason: string;
}

export interface Seen {
  /** Names within the package. */
  readonly compiled: readonly string[];
  readonly unreadable: Readonly<Record<string, Unreadable>>;
  /** All that the package has, compiled or not. */
  readonly present: readonly string[];
}

/** Holds what could not be read against the exclusions of a package; what is excluded has to be there, and must not compile. */
export function judgeExclusions(exclusions: readonly Exclusion[], { compiled, unreadable, present }: Seen): Finding[] {
  const patterns = exclusions.flatMap(({ files, is }) => files.map((glob) => ({ glob, is, matches: globOf(glob) })));
  const excluded = (file: string) => patterns.find(({ matches }) => matches.test(file));
  const found: Finding[] = [];
  for (const [fileName, { message, isValid }] of Object.entries(unreadable)) {
    const is = isValid ? 'not parsed' : 'no JavaScript';
    if (excluded(fileName)?.is !== is) found.push({ fileName, form: is, problem: message });
  }
  for (const fileName of compiled) {
    if (excluded(fileName)) found.push({ fileName, form: 'excluded', problem: 'excluded, but it compiles' });
  }
  for (const { glob, matches } of patterns) {
    if (present.some((file) => matches.test(file))) continue;
    found.push({ fileName: glob, form: 'excluded', problem: 'excluded, but it is not there' });
  }
  return found;
}

function globOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replace(/[\\^$+?.()|[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
