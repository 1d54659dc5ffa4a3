/** Variables, and what they are given. */
import type { Node } from '@babel/types';
import type { FunctionNode } from '../syntax/nodes.js';

/** What a variable is given: an expression, or what a path leads to from there, as in `const { a: { b } } = expression`. */
export interface Given {
  readonly from: Node;
  readonly steps: readonly string[];
}

export interface Binding {
  readonly name: string;
  /** The function whose call makes the variable; undefined: the module. */
  readonly owner: FunctionNode | undefined;
  readonly kind: 'variable' | 'parameter' | 'import' | 'definition';
  /** Tells the variables of a module apart. */
  readonly id: number;
  /** The initialiser and whatever is assigned; undefined for what is not an expression, such as the items of a loop. */
  readonly given: (Given | undefined)[];
  /** It is written to after it has been declared, or by a function other than its owner. */
  rewritten: boolean;
  /** The functions that write to it after it has been declared; undefined: the module. */
  readonly writers: Set<FunctionNode | undefined>;
  /** Of imports: the specifier, and the export's name (`*` for all). */
  readonly imported: { readonly specifier: string; readonly name: string } | undefined;
}
