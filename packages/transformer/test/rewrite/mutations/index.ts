/**
 * Rules of rewriting, and of the helpers that compiled code calls, by the file that they are in. `pnpm mutations` breaks one after the
 * other and requires that a program shows it; see docs/testing.md.
 */
import { CALLEE } from './callee.js';
import { CALLEE_TEXT } from './calleeText.js';
import { CALLS } from './calls.js';
import { CHAINS } from './chains.js';
import { CLASSES } from './classes.js';
import { CONSTRUCT, CONSTRUCTION, OWN_ELEMENTS } from './construction.js';
import { CONSTRUCTORS } from './constructors.js';
import { ATOMIC, BRANCHES, DECLARATIONS, OBJECTS } from './declarations.js';
import { EMIT } from './emit.js';
import { FUNCTIONS } from './functions.js';
import { GENERATORS, ITERATION } from './generators.js';
import { ITERATIONS } from './iterations.js';
import { LINK, PROTOCOL, START, STEPS } from './link.js';
import { CONTEXT, MODULES } from './modules.js';
import { PARAMETER_CHECKS, PARAMETERS } from './parameters.js';
import type { Rules } from './rules.js';
import { TWICE } from './twice.js';

const REWRITE = 'packages/transformer/src/rewrite';
const TWIN = 'packages/runtime/src/twin';

export const MUTATIONS: Readonly<Record<string, Rules>> = {
  [`${REWRITE}/atomic.ts`]: ATOMIC,
  [`${REWRITE}/branches.ts`]: BRANCHES,
  [`${REWRITE}/calleeText.ts`]: CALLEE_TEXT,
  [`${REWRITE}/calls.ts`]: CALLS,
  [`${REWRITE}/chains.ts`]: CHAINS,
  [`${REWRITE}/classes.ts`]: CLASSES,
  [`${REWRITE}/constructors.ts`]: CONSTRUCTORS,
  [`${REWRITE}/context.ts`]: CONTEXT,
  [`${REWRITE}/declarations.ts`]: DECLARATIONS,
  [`${REWRITE}/emit.ts`]: EMIT,
  [`${REWRITE}/functions.ts`]: FUNCTIONS,
  [`${REWRITE}/iterations.ts`]: ITERATIONS,
  [`${REWRITE}/objects.ts`]: OBJECTS,
  [`${REWRITE}/parameters.ts`]: PARAMETERS,
  [`${REWRITE}/rewrite.ts`]: MODULES,
  [`${REWRITE}/twice.ts`]: TWICE,
  [`${TWIN}/callee.ts`]: CALLEE,
  [`${TWIN}/construct.ts`]: CONSTRUCT,
  [`${TWIN}/construction.ts`]: CONSTRUCTION,
  [`${TWIN}/generators.ts`]: GENERATORS,
  [`${TWIN}/iteration.ts`]: ITERATION,
  [`${TWIN}/link.ts`]: LINK,
  [`${TWIN}/ownElements.ts`]: OWN_ELEMENTS,
  [`${TWIN}/parameters.ts`]: PARAMETER_CHECKS,
  [`${TWIN}/protocol.ts`]: PROTOCOL,
  [`${TWIN}/start.ts`]: START,
  [`${TWIN}/steps.ts`]: STEPS,
};
