/** Members of the program's classes that the language and Node call, because the classes extend theirs. */
import { STREAM_METHODS } from '../catalogue/builtins.js';
import {
  CALLED_ON_STREAMS,
  emitterMadeBy,
  FILLING_METHODS,
  MAKING_METHODS,
  OWN_STREAM,
  SPECIES_METHODS,
} from '../catalogue/subclasses.js';
import type { FunctionFact } from '../facts/facts.js';
import type { Flow, ResolvedCall } from '../flow/flow.js';

export interface Subclasses {
  /** The functions that a call lets natives run: what fills a collection while it is made, and what makes another array. */
  runBy(call: ResolvedCall): readonly number[];
  /** The functions that natives may run at any time. */
  readonly always: readonly number[];
}

export function subclassesIn(flow: Flow): Subclasses {
  const classes = flow.modules.flatMap((facts, module) =>
    facts.classes.map((fact, i) => ({ fact, cls: flow.classOf(module, i) })),
  );
  const parentsOf = new Map(classes.map(({ cls }) => [cls, flow.parentsOf(cls)]));
  const extending = (cls: number, path: string) => parentsOf.get(cls)?.includes(path) === true;
  const madeBy = new Map(classes.map(({ cls, fact }) => [flow.constructionOf(cls), { cls, fact }]));

  /** Classes of which objects are made with arguments. */
  const given = new Set<number>();
  for (const { fact, callees } of flow.calls) {
    if (!fact.construct || fact.isSuper || fact.args.length === 0) continue;
    for (const token of callees) if (token.kind === 'class') for (const cls of flow.lineage(token.cls)) given.add(cls);
  }

  /** What `super(items)` of a class runs. */
  function filling({ fact, caller, callees }: ResolvedCall): number[] {
    const made = fact.isSuper && fact.args.length > 0 ? madeBy.get(caller) : undefined;
    if (made === undefined || (made.fact.constructor === undefined && !given.has(made.cls))) return [];
    return callees.flatMap((token) => {
      const name = token.kind === 'external' ? FILLING_METHODS[token.path] : undefined;
      return name === undefined ? [] : flow.membersNamed(made.cls, name);
    });
  }
  function making({ fact: { property = '' }, receivers }: ResolvedCall): number[] {
    const kind = SPECIES_METHODS.has(property) ? 'instance' : MAKING_METHODS.has(property) ? 'class' : undefined;
    return receivers.flatMap((token) =>
      token.kind === kind && extending(token.cls, 'Array') ? [flow.constructionOf(token.cls)] : [],
    );
  }
  return {
    runBy: (call) => [...filling(call), ...making(call)],
    always: classes.flatMap(({ cls }) => {
      // Whoever awaits a promise, or reacts to it, makes another of its class.
      if (extending(cls, 'Promise')) return [flow.constructionOf(cls)];
      const isStream = parentsOf.get(cls)?.some((path) => emitterMadeBy(path) === OWN_STREAM);
      return isStream ? CALLED_ON_STREAMS.flatMap((name) => flow.membersNamed(cls, name)) : [];
    }),
  };
}

/** Whether a function is a method that streams call and that signals its end by a callback, in a class that extends another. */
export function isStreamMethod(fact: FunctionFact): boolean {
  return fact.inheritedKey !== undefined && STREAM_METHODS.has(fact.inheritedKey);
}
