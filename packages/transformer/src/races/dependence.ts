/** Control dependence (Ferrante et al., 1987): by which conditions it is decided whether a block runs. */
import type { Block, ControlFlow } from './events.js';
import { memoised } from './memo.js';

/** The blocks that end with a condition on which it depends, directly or not, that a block runs. */
export type Dependence = (block: Block) => ReadonlySet<Block>;

/** Computed when the first question is asked: of most functions, none is. */
export function dependenceIn(flow: ControlFlow): Dependence {
  let direct: ReadonlyMap<Block, ReadonlySet<Block>> | undefined;
  return memoised((block) => {
    direct ??= directDependence(flow);
    const before = (at: Block) => direct?.get(at) ?? [];
    return new Set([...before(block)].flatMap((at) => [...reachedFrom(at, before)]));
  });
}

/** The blocks by whose conditions it is directly decided whether a block runs. */
function directDependence({ blocks, entry, exit }: ControlFlow): Map<Block, Set<Block>> {
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
  return direct;
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
