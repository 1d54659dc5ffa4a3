/**
 * Calls that return an emitter which has just been made: by Node, or by a function of the program that returns what it has made. Not where they only
 * run while modules are loaded: nothing suspends then.
 */
import type { Node } from '@babel/types';
import { makesEmitter } from '../catalogue/emitters.js';
import type { ParsedModule } from '../parse/parse.js';
import { type SpanKey, spanKey } from '../program.js';
import { returnsMade } from '../syntax/made.js';
import { childrenOf, type FunctionNode, isFunction, spanOf } from '../syntax/nodes.js';
import type { Colouring } from './colour.js';
import { INITIALISATION } from './modes.js';

/** Such calls, by module. */
export function madeIn(
  modules: readonly ParsedModule[],
  { functions, sites }: Pick<Colouring, 'functions' | 'sites'>,
): readonly ReadonlySet<SpanKey>[] {
  const made = modules.map(() => new Set<SpanKey>());
  const nodes = modules.map((): ReadonlyMap<SpanKey, FunctionNode> | undefined => undefined);
  const returning = new Set<number>();
  let callers = new Set<number>();
  const calls = sites.filter(({ access, call }) => access === undefined && call.callees.length > 0);
  for (const { call } of calls) {
    if (call.callees.every((token) => token.kind === 'external' && makesEmitter(token.path))) add(call);
  }
  while (callers.size > 0) {
    const found = [...callers].filter((id) => !returning.has(id) && returns(id));
    for (const id of found) returning.add(id);
    callers = new Set();
    if (found.length === 0) break;
    for (const { call } of calls) {
      const isReturned = call.callees.every((token) => token.kind === 'function' && returning.has(token.fn));
      if (isReturned && !made[call.module]?.has(spanKey(call.fact.span))) add(call);
    }
  }
  return made;

  function add({ module, caller, fact }: (typeof calls)[number]['call']): void {
    const modes = [...(functions[caller]?.arrivals.keys() ?? [])];
    if (modes.length > 0 && modes.every((mode) => mode === INITIALISATION)) return;
    made[module]?.add(spanKey(fact.span));
    callers.add(caller);
  }

  function returns(id: number): boolean {
    const { module, fact } = functions[id] ?? {};
    if (module === undefined || fact === undefined) return false;
    nodes[module] ??= functionsIn((modules[module] as ParsedModule).ast.program);
    const node = nodes[module]?.get(spanKey(fact.span));
    return node !== undefined && returnsMade(node, made[module] as ReadonlySet<SpanKey>);
  }
}

function functionsIn(program: Node): ReadonlyMap<SpanKey, FunctionNode> {
  const found = new Map<SpanKey, FunctionNode>();
  const walk = (node: Node): void => {
    if (isFunction(node)) found.set(spanKey(spanOf(node)), node);
    for (const child of childrenOf(node)) walk(child);
  };
  walk(program);
  return found;
}
