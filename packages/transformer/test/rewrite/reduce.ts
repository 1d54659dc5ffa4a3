/** Makes a program that shows a mistake smaller, as long as it shows it. */
import type { Node } from '@babel/types';
import { parseModule } from '../../src/parse/parse.js';
import type { ModuleInput } from '../../src/program.js';
import { childrenOf } from '../../src/syntax/nodes.js';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/**
 * The smallest program that leaving out parts of a module leads to.
 *
 * @param shows whether a program shows the mistake
 * @param until when to be content with what there is, as Date.now() tells it
 */
export async function reduce(
  module: ModuleInput,
  shows: (text: string) => Promise<boolean>,
  until: number,
): Promise<string> {
  const editsOf = (text: string) => editsIn({ ...module, text });
  let smallest = module.text;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    let bound = Number.POSITIVE_INFINITY;
    for (let edits = editsOf(smallest); ; ) {
      const edit = edits.find((candidate) => gain(candidate) <= bound);
      if (edit === undefined || Date.now() > until) break;
      bound = gain(edit);
      const candidate = smallest.slice(0, edit.start) + edit.replacement + smallest.slice(edit.end);
      if (await shows(candidate)) {
        smallest = candidate;
        edits = editsOf(smallest);
        isSmaller = true;
      } else edits = edits.slice(edits.indexOf(edit) + 1);
    }
  }
  return smallest;
}

function gain({ start, end, replacement }: Edit): number {
  return end - start - replacement.length;
}

/** What may be left out, the largest first. */
function editsIn(module: ModuleInput): Edit[] {
  const { text } = module;
  const edits: Edit[] = [];
  const visit = (node: Node, parent?: Node): void => {
    for (const list of listsOf(node)) edits.push(...removals(list, text));
    edits.push(...simplifications(node, parent, text));
    for (const child of childrenOf(node)) visit(child, node);
  };
  visit(parseModule(module).ast.program);
  return edits.filter((edit) => gain(edit) > 0).sort((a, b) => gain(b) - gain(a));
}

function listsOf(node: Node): Node[][] {
  return Object.values(node).filter(
    (value): value is Node[] => Array.isArray(value) && value.length > 0 && value.every((item) => item?.type),
  );
}

/** Runs of a list's elements, with the comma that separates them from others. */
function removals(list: readonly Node[], text: string): Edit[] {
  const edits: Edit[] = [];
  for (let size = list.length; size >= 1; size = size >> 1) {
    for (let from = 0; from + size <= list.length; from += size) {
      const run = list.slice(from, from + size);
      if (run.some((node) => isFuel(node, text))) continue;
      const [first, last] = [run[0] as Node, run.at(-1) as Node];
      const [before, after] = [list[from - 1], list[from + size]];
      const hasComma = /Statement$|Declaration$|^Class|^SwitchCase|^StaticBlock/.test(first.type) === false;
      const start = hasComma && after === undefined && before !== undefined ? before.end : first.start;
      const end = hasComma && after !== undefined ? after.start : last.end;
      edits.push({ start: start as number, end: end as number, replacement: '' });
    }
  }
  return edits;
}

/** Without it a program might not end. */
function isFuel(node: Node, text: string): boolean {
  return text.startsWith('if (fuel', node.start as number);
}

/** A node's children in its place: operands, what a statement holds. What counts loops and fuel stays. */
function simplifications(node: Node, parent: Node | undefined, text: string): Edit[] {
  const { start, end } = node as { start: number; end: number };
  const written = text.slice(start, end);
  if (!/Expression$|Statement$|Literal$/.test(node.type) || /^fuel\b/.test(written)) return [];
  const isValue = !node.type.endsWith('Statement');
  const nothing = isValue ? [{ start, end, replacement: '0' }] : [];
  if (/Function|Class/.test(node.type) || isLoopTest(node, parent)) return nothing;
  const children = childrenOf(node).flatMap((child) => {
    if (!/Expression$|Literal$|^Identifier$|Statement$/.test(child.type)) return [];
    const kept = text.slice(child.start as number, child.end as number);
    const left = text.slice(start, child.start as number) + text.slice(child.end as number, end);
    if (/\+\+|--/.test(left)) return [];
    return [{ start, end, replacement: isValue ? `(${kept})` : kept }];
  });
  return [...children, ...nothing];
}

function isLoopTest(node: Node, parent: Node | undefined): boolean {
  return parent !== undefined && 'test' in parent && parent.test === node && /^(For|While|DoWhile)/.test(parent.type);
}
