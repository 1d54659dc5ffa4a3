/** Decorators of classes, their elements and parameters. */
import type { Decorator } from '@babel/types';

export function decoratorsOf(node: object): readonly Decorator[] {
  return (node as { decorators?: readonly Decorator[] | null }).decorators ?? [];
}

export function isDecorated(node: object): boolean {
  return decoratorsOf(node).length > 0;
}
