/** Control dependence (Ferrante et al., 1987): by which conditions it is decided whether a block runs. */
import type { Block, ControlFlow } from './events.js';

/** The blocks that end with a condition on which it depends, directly or not, that a block runs. */
export type Dependence = (block: Block) => ReadonlySet<Block>;

export function dependenceIn({ blocks, entry, exit }: ControlFlow): Dependence {
  const reached = reachedFrom(entry, ({ next }) => next);
  const before = new Map<Block, Set<Block>>(blocks.map((block) => [block, new Set()]));
  const link = (from: Block, to: Block) => before.get(to)?.add(from);
  for (const block of reached) for (const to of block.next) link(block, to);
  // Loops without an end are taken to end somewhere.
  const ending = reachedFrom(exit, (block) => before.get(block) ?? []);
  for (const block of reached) if (!ending.has(block)) link(block, exit);

  const order = postorder(exit, (block) => before.get(block) ?? []);
  const rank = new Map(order.map((block, i) => [block, i]));
  const successors = new Map<Block, Block[]>(order.map((block) => [block, []]));
  for (const [to, froms] of before) for (const from of froms) successors.get(from)?.push(to);
  const dominator = new Map<Block, Block>([[exit, exit]]);
  function common(a: Block, b: Block): Block {
    let [x, y] = [a, b];
    while (x !== y) {
      while ((rank.get(x) as number) < (rank.get(y) as number)) x = dominator.get(x) as Block;
      while ((rank.get(y) as number) < (rank.get(x) as number)) y = dominator.get(y) as Block;
    }
    return x;
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of [...order].reverse()) {
      if (block === exit) continue;
      const known = (successors.get(block) ?? []).filter((to) => dominator.has(to));
      const found = known.reduce<Block | undefined>((a, b) => (a === undefined ? b : common(a, b)), undefined);
      if (found === undefined || dominator.get(block) === found) continue;
      dominator.set(block, found);
      changed = true;
    }
  }

  const direct = new Map<Block, Set<Block>>();
  for (const block of order) {
    const targets = successors.get(block) ?? [];
    if (targets.length < 2) continue;
    const end = dominator.get(block);
    for (const to of targets) {
      for (let at: Block | undefined = to; at !== undefined && at !== end; ) {
        const set = direct.get(at) ?? new Set();
        set.add(block);
        direct.set(at, set);
        const above: Block | undefined = dominator.get(at);
        at = above === at ? undefined : above;
      }
    }
  }
  const known = new Map<Block, ReadonlySet<Block>>();
  return (block) => {
    let found = known.get(block);
    if (found === undefined) {
      found = new Set([...(direct.get(block) ?? [])].flatMap((at) => [...reachedFrom(at, (b) => direct.get(b) ?? [])]));
      known.set(block, found);
    }
    return found;
  };
}

function reachedFrom(start: Block, next: (block: Block) => Iterable<Block>): Set<Block> {
  const found = new Set([start]);
  for (const block of found) for (const other of next(block)) found.add(other);
  return found;
}

function postorder(start: Block, next: (block: Block) => Iterable<Block>): Block[] {
  const order: Block[] = [];
  const seen = new Set([start]);
  const stack = [{ block: start, rest: [...next(start)] }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const to = top.rest.pop();
    if (to === undefined) {
      order.push(top.block);
      stack.pop();
    } else if (!seen.has(to)) {
      seen.add(to);
      stack.push({ block: to, rest: [...next(to)] });
    }
  }
  return order;
}
