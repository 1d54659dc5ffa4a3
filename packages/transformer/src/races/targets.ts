/** Which functions calls run, as far as that says something. */
import type { Colouring } from '../colour/colour.js';
import type { Site } from '../colour/site.js';

/** Whether a method is looked for by nothing but its name. */
export function isByName({ call: { fact, receivers } }: Site): boolean {
  return fact.property !== undefined && !receivers.some(({ kind }) => kind !== 'external' && kind !== 'any');
}

/** Without what is stored under keys that only running tells: that could be any method of any object. */
export function targetsOf(site: Site, { flow }: Colouring): readonly number[] {
  return isByName(site) ? site.targets.filter((fn) => !flow.strays.has(fn)) : site.targets;
}
