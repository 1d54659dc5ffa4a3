/**
 * Rules of rewriting, and of the helpers that compiled code calls, by the file that they are in. `pnpm mutations` breaks one after the
 * other and requires that a program shows it; see docs/testing.md.
 */
import { ACCESSES, ACCESSOR_HELPERS, ACCESSORS } from './accessors.js';
import { APART, ARRAY_PATTERNS, DESTRUCTURING, SEEN_PATTERNS } from './arrayPatterns.js';
import { ASYNC_DELEGATION } from './asyncDelegation.js';
import { CALLEE } from './callee.js';
import { CALLEE_TEXT } from './calleeText.js';
import { CALLS } from './calls.js';
import { CHAINS } from './chains.js';
import { CLASSES } from './classes.js';
import { CONSTANT_KEYS } from './constantKeys.js';
import { CONSTRUCT, CONSTRUCTION, OWN_ELEMENTS, TARGETED } from './construction.js';
import { CONSTRUCTORS, STOPPED_PARAMETERS } from './constructors.js';
import { ATOMIC, BRANCHES, DECLARATIONS, OBJECTS } from './declarations.js';
import { DECORATIONS, DECORATORS } from './decorators.js';
import { DISPOSAL_HELPERS, DISPOSALS } from './disposals.js';
import { EARLY_NAMES } from './earlyNames.js';
import { EMIT } from './emit.js';
import { FUNCTIONS } from './functions.js';
import { ASYNC_ITERATION, GENERATORS, ITERATION, RUNS } from './generators.js';
import { ATOMIC_HELPERS, CONSTRUCTOR_CHECKS, OBJECT_CHECKS, SECTIONS, STREAMS, THROWER } from './helpers.js';
import { ITERATIONS } from './iterations.js';
import { JSX } from './jsx.js';
import { LINK, PROTOCOL, STEPS } from './link.js';
import { CONTEXT, MODULES } from './modules.js';
import { CODE, OWN_NODES } from './nodes.js';
import { CALL_HELPERS, CONSTANTS, ONCE, ONCE_HELPERS } from './once.js';
import { PARAMETER_CHECKS, PARAMETERS } from './parameters.js';
import { PATTERNS } from './patterns.js';
import type { Rules } from './rules.js';
import { SLEEP_LOOPS, SLEEP_TESTS } from './sleepLoops.js';
import { STATIC_HELPERS, STATICS } from './statics.js';
import { RUNTIME_TURNS, TELLING_LOOPS, TURNS } from './turns.js';
import { TARGETS, TWICE } from './twice.js';

const RUNTIME = 'packages/runtime/src';
const REWRITE = 'packages/transformer/src/rewrite';
const TWIN = `${RUNTIME}/twin`;

export const MUTATIONS: Readonly<Record<string, Rules>> = {
  [`${REWRITE}/accesses.ts`]: ACCESSES,
  [`${REWRITE}/accessors.ts`]: ACCESSORS,
  [`${REWRITE}/apart.ts`]: APART,
  [`${REWRITE}/arrayPatterns.ts`]: ARRAY_PATTERNS,
  [`${REWRITE}/atomic.ts`]: ATOMIC,
  [`${REWRITE}/branches.ts`]: BRANCHES,
  [`${REWRITE}/calleeText.ts`]: CALLEE_TEXT,
  [`${REWRITE}/calls.ts`]: CALLS,
  [`${REWRITE}/chains.ts`]: CHAINS,
  [`${REWRITE}/classes.ts`]: CLASSES,
  [`${REWRITE}/code.ts`]: CODE,
  [`${REWRITE}/constructors.ts`]: CONSTRUCTORS,
  [`${REWRITE}/context.ts`]: CONTEXT,
  [`${REWRITE}/declarations.ts`]: DECLARATIONS,
  [`${REWRITE}/decorators.ts`]: DECORATORS,
  [`${REWRITE}/disposals.ts`]: DISPOSALS,
  [`${REWRITE}/earlyNames.ts`]: EARLY_NAMES,
  [`${REWRITE}/emit.ts`]: EMIT,
  [`${REWRITE}/functions.ts`]: FUNCTIONS,
  [`${REWRITE}/iterations.ts`]: ITERATIONS,
  [`${REWRITE}/jsx.ts`]: JSX,
  [`${REWRITE}/objects.ts`]: OBJECTS,
  [`${REWRITE}/once.ts`]: ONCE,
  [`${REWRITE}/parameters.ts`]: PARAMETERS,
  [`${REWRITE}/patterns.ts`]: PATTERNS,
  [`${REWRITE}/rewrite.ts`]: MODULES,
  [`${REWRITE}/turns.ts`]: TURNS,
  [`${REWRITE}/tellingLoops.ts`]: TELLING_LOOPS,
  [`${RUNTIME}/node/roots/turns.ts`]: RUNTIME_TURNS,
  [`${REWRITE}/sleepLoops.ts`]: SLEEP_TESTS,
  [`${REWRITE}/statics.ts`]: STATICS,
  [`${REWRITE}/stoppedParameters.ts`]: STOPPED_PARAMETERS,
  [`${REWRITE}/twice.ts`]: TWICE,
  'packages/transformer/src/facts/constantKeys.ts': CONSTANT_KEYS,
  'packages/transformer/src/syntax/constants.ts': CONSTANTS,
  'packages/transformer/src/syntax/ownNodes.ts': OWN_NODES,
  'packages/transformer/src/syntax/seenPatterns.ts': SEEN_PATTERNS,
  'packages/transformer/src/syntax/targets.ts': TARGETS,
  [`${RUNTIME}/builtins/sleepLoops.ts`]: SLEEP_LOOPS,
  [`${RUNTIME}/green/atomic.ts`]: ATOMIC_HELPERS,
  [`${RUNTIME}/green/sections.ts`]: SECTIONS,
  [`${RUNTIME}/node/roots/streams.ts`]: STREAMS,
  [`${TWIN}/accessors.ts`]: ACCESSOR_HELPERS,
  [`${TWIN}/asyncDelegation.ts`]: ASYNC_DELEGATION,
  [`${TWIN}/asyncIteration.ts`]: ASYNC_ITERATION,
  [`${TWIN}/callee.ts`]: CALLEE,
  [`${TWIN}/calls.ts`]: CALL_HELPERS,
  [`${TWIN}/construct.ts`]: CONSTRUCT,
  [`${TWIN}/construction.ts`]: CONSTRUCTION,
  [`${TWIN}/constructors.ts`]: CONSTRUCTOR_CHECKS,
  [`${TWIN}/decorations.ts`]: DECORATIONS,
  [`${TWIN}/destructuring.ts`]: DESTRUCTURING,
  [`${TWIN}/disposals.ts`]: DISPOSAL_HELPERS,
  [`${TWIN}/generators.ts`]: GENERATORS,
  [`${TWIN}/iteration.ts`]: ITERATION,
  [`${TWIN}/link.ts`]: LINK,
  [`${TWIN}/objects.ts`]: OBJECT_CHECKS,
  [`${TWIN}/once.ts`]: ONCE_HELPERS,
  [`${TWIN}/ownElements.ts`]: OWN_ELEMENTS,
  [`${TWIN}/parameters.ts`]: PARAMETER_CHECKS,
  [`${TWIN}/protocol.ts`]: PROTOCOL,
  [`${TWIN}/runs.ts`]: RUNS,
  [`${TWIN}/statics.ts`]: STATIC_HELPERS,
  [`${TWIN}/steps.ts`]: STEPS,
  [`${TWIN}/targeted.ts`]: TARGETED,
  [`${TWIN}/thrower.ts`]: THROWER,
};

/** Files of these folders, and those of the helpers that compiled code calls, are to have rules. These have none. */
export const WITHOUT_RULES: Readonly<Record<string, string>> = {
  [`${REWRITE}/exportNames.ts`]: 'ES modules look for these names: generatedModules.test.ts shows it',
  [`${RUNTIME}/builtins/atomics.ts`]: 'compiled code only says by it that a wait is a sleep, which shows in time alone',
  [`${RUNTIME}/node/roots/wrap.ts`]:
    'compiled code puts it around the bodies of tests, and the event loop calls the rest: the tests of the runtime show both',
  [`${RUNTIME}/packs/continuation.ts`]: 'programs under test have no routers: behaviour/routers.test.ts shows it',
  [`${TWIN}/common.ts`]: 'copies of the runtime share by it what they have in common, which its own tests show',
  [`${TWIN}/loading.ts`]: 'programs under test do nothing while they are loaded: behaviour/loading.test.ts shows it',
  [`${TWIN}/packed.ts`]: 'it hands on to the packs of packages, which have tests of their own',
  [`${TWIN}/schedule.ts`]: 'only tests have a schedule',
  [`${TWIN}/waits.ts`]:
    'it only tells when Node hears of rejections: test/behaviour/earlyRejections.test.ts, and a test of its own',
};
