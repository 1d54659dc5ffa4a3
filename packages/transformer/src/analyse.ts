/** Phases 2 to 4 over a parsed program. */
import { colour } from './colour/colour.js';
import { plans, staying, verdicts } from './colour/decide.js';
import { madeIn } from './colour/made.js';
import { compiling } from './errors.js';
import { extractFacts } from './facts/extract.js';
import type { ParsedModule } from './parse/parse.js';
import type { Analysis, ProgramInput } from './program.js';
import { racesIn } from './races/races.js';
import type { Finding } from './report/finding.js';
import { packageCallsIn } from './report/packageCalls.js';

export function analyse(input: ProgramInput, modules: readonly ParsedModule[]): Analysis {
  const facts = modules.map((module) => compiling(module.fileName, () => extractFacts(module)));
  const colouring = colour(facts, input);
  let found: readonly Finding[] | undefined;
  return {
    plans: plans(facts, madeIn(modules, colouring), colouring, input.options),
    verdicts: verdicts(facts, colouring, input.options),
    staying: () => staying(facts, colouring, input.options),
    findings() {
      found ??= [
        ...facts.flatMap(({ fileName, pragmaRemarks }) =>
          pragmaRemarks.map(({ message, span }) => ({
            ...{ rule: 'misplaced-atomic', fileName, span, chain: [] },
            message: [message],
          })),
        ),
        ...packageCallsIn(modules, colouring, input.resolve),
        ...racesIn({ sources: modules, facts, colouring, closed: input.closed, resolve: input.resolve }),
      ];
      return found;
    },
  };
}
