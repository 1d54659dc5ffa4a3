/** The names under which facts know private members: each class has its own, of whatever others are called. */
import type { Class, PrivateName, Program } from '@babel/types';
import { classesOfPrivateNames } from '../syntax/privateNames.js';

/**
 * How private names of a module are called: `#name`, and what tells the classes apart where several declare it.
 *
 * @returns undefined for a name that no class around it declares
 */
export function privateKeysIn(program: Program): (name: PrivateName) => string | undefined {
  let keys: ReadonlyMap<PrivateName, string> | undefined;
  return (name) => {
    keys ??= keysOf(classesOfPrivateNames(program));
    return keys.get(name);
  };
}

function keysOf(classes: ReadonlyMap<PrivateName, Class>): Map<PrivateName, string> {
  const byName = new Map<string, Set<Class>>();
  for (const [{ id }, cls] of classes) byName.set(id.name, (byName.get(id.name) ?? new Set()).add(cls));
  const keys = new Map<PrivateName, string>();
  for (const [name, cls] of classes) {
    const isShared = (byName.get(name.id.name)?.size ?? 0) > 1;
    keys.set(name, `#${name.id.name}${isShared ? `@${cls.start}` : ''}`);
  }
  return keys;
}
