/** What somebody meant who gave a name that there is not. */
import { closest, distance } from 'fastest-levenshtein';

/** The known name that is near enough to `name` to be meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const near = closest(name, [...known]);
  return distance(name, near) <= Math.max(2, name.length / 3) ? near : undefined;
}
