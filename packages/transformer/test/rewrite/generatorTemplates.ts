/** What the forms of random programs are written with. */
import type { Part, Place } from './generator.js';

/** A form of expressions or statements. */
export interface Form {
  /** How many parts it has. */
  readonly expressions: number;
  readonly blocks?: number;
  readonly weight?: number;
  write(part: Part, place: Place): string;
}

/** What functions begin with, so that programs end. */
export const DRY = "if (fuel-- <= 0) return 'dry'; ";

export function pick(choices: readonly string[], variant: number): string {
  return choices[variant % choices.length] as string;
}

/** Puts parts in the places of `@0`, `@1`, ... */
export function fill(template: string, ...parts: readonly (() => string)[]): string {
  return template.replace(/@(\d)/g, (_, i) => (parts[Number(i)] as () => string)());
}
