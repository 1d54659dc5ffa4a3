/** What values depend on, wherever in a function they were computed. */
import type { FunctionNode } from '../syntax/nodes.js';
import type { Binding } from './bindings.js';
import type { Call, ControlFlow, Read } from './events.js';
import { memoised } from './memo.js';
import type { Source, Sources } from './sources.js';

/** `parameter`: of the function itself; else a variable of a function around it. */
export type Origin = Read | Call | Binding | 'parameter';

/** Reads, calls, and parameters on which a value depends. */
export function originsIn(
  fn: FunctionNode | undefined,
  { blocks }: ControlFlow,
): (value: Sources) => ReadonlySet<Origin> {
  const events = new Map<number, Read | Call>();
  const assigned = new Map<Binding, Source[]>();
  for (const event of blocks.flatMap((block) => block.events)) {
    if (event.kind === 'read' || event.kind === 'call') events.set(event.id, event);
    if (event.kind !== 'set') continue;
    const known = assigned.get(event.binding);
    if (known) known.push(...event.value.keys());
    else assigned.set(event.binding, [...event.value.keys()]);
  }
  return memoised((value) => {
    const found = new Set<Origin>();
    const seen = new Set(value.keys());
    for (const source of seen) {
      if (typeof source === 'number') found.add(events.get(source) as Read | Call);
      else {
        if (source.owner !== fn) found.add(source);
        else if (source.kind === 'parameter') found.add('parameter');
        for (const other of assigned.get(source) ?? []) seen.add(other);
      }
    }
    return found;
  });
}

export function isEvent(origin: Origin): origin is Read | Call {
  return typeof origin === 'object' && 'node' in origin;
}

export function isBinding(origin: Origin): origin is Binding {
  return typeof origin === 'object' && 'given' in origin;
}
