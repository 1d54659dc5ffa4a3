/** Loops over items or keys. */
import type { ForInStatement, ForOfStatement } from '@babel/types';
import { boundNames, namesIn } from './names.js';

/** The names of a loop that stand in what it iterates: that is evaluated where they are not initialised, and never will be. */
export function entangledNames({ left, right }: Pick<ForOfStatement | ForInStatement, 'left' | 'right'>): string[] {
  if (left.type !== 'VariableDeclaration' || left.kind === 'var') return [];
  const own = left.declarations.flatMap(({ id }) => boundNames(id));
  const used = own.length === 0 ? [] : namesIn(right);
  return own.filter((name) => used.includes(name));
}
