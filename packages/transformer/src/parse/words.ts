/** What a text spells, for looks at it that save a walk. */
import type { Node } from '@babel/types';
import { childrenOf } from '../syntax/nodes.js';
import type { ParsedModule } from './parse.js';

const known = new WeakMap<Node, string>();

/** The text of a module, followed by the names and strings that it spells with escapes (`\u0065val`): no other name occurs in the module. */
export function wordsOf({ ast, text }: ParsedModule): string {
  if (!text.includes('\\')) return text;
  let words = known.get(ast);
  if (words === undefined) {
    words = [text, ...escapedIn(ast.program, text)].join('\n');
    known.set(ast, words);
  }
  return words;
}

function escapedIn(node: Node, text: string): string[] {
  const name = spelledBy(node);
  const isEscaped = name !== undefined && text.slice(node.start as number, node.end as number).includes('\\');
  return [...(isEscaped ? [name] : []), ...childrenOf(node).flatMap((child) => escapedIn(child, text))];
}

function spelledBy(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'StringLiteral' ? node.value : undefined;
}
