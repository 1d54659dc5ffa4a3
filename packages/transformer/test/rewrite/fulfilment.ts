/** Holds what the rewriting phase wrote against what was planned and what the report says. */
import type { Compilation } from '../../src/engine.js';
import { endOfKey, type ModulePlan, type SpanKey, spanKey, startOfKey } from '../../src/program.js';
import type { Emitted } from '../../src/rewrite/context.js';
import type { RewrittenModule } from '../../src/rewrite/rewrite.js';

const NOTHING: Emitted = {
  ...{ awaited: new Set(), accesses: new Set(), registered: new Set() },
  ...{ functions: new Set(), wrapped: new Set() },
};

/** What was promised for a module and is not in its compiled text, one line each. */
export function unfulfilled(
  compilation: Compilation,
  fileName: string,
  text: string,
  rewritten: RewrittenModule | undefined,
): string[] {
  const plan = compilation.plans.get(fileName) as ModulePlan;
  const { awaited, accesses, registered, functions, wrapped } = rewritten?.emitted ?? NOTHING;
  const broken: string[] = [];
  const expect = (isKept: boolean, key: SpanKey, promise: string) => {
    if (!isKept) broken.push(`${promise}: ${text.slice(startOfKey(key), endOfKey(key))}`);
  };
  for (const key of plan.functions.keys()) expect(functions.has(key), key, 'function with an asynchronous form');
  for (const [key, { suspends, registers }] of plan.calls) {
    if (suspends && !isBody(text, key)) expect(awaited.has(key), key, 'awaited call');
    if (registers) expect(registered.has(key) || awaited.has(key), key, 'registering call');
  }
  for (const key of plan.accesses.keys()) expect(accesses.has(key), key, 'access of a property');
  for (const key of plan.wrapped.keys()) expect(wrapped.has(key), key, 'wrapped expression');
  for (const verdict of compilation.verdicts) {
    if (verdict.fileName !== fileName) continue;
    const key = spanKey(verdict.span);
    if (verdict.status !== 'blocking') expect(awaited.has(key), key, `${verdict.status} call of ${verdict.api}`);
    else expect(verdict.reasons.length > 0, key, `reason for the blocking call of ${verdict.api}`);
  }
  return broken;
}

/** The body of an async generator, which its call starts, and waits for in no form. That of a class calls the constructor of its parent. */
function isBody(text: string, key: SpanKey): boolean {
  const start = startOfKey(key);
  return text[start] === '{' && !/\bextends [\w$.]+ $/.test(text.slice(0, start));
}
