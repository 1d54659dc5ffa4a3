/** A place that may run something, and what it may run: what classification says of calls, iterations and accesses. */
import type { BlockingApi } from '../catalogue/blocking.js';
import type { AccessFact } from '../facts/facts.js';
import type { ResolvedCall } from '../flow/flow.js';
import type { Arrival } from '../flow/tokens.js';
import type { Exposed } from './accessSites.js';
import type { CallbackForm } from './plan.js';

/** A call site, classified. Functions are program-wide ids, or those of groups (`groups.ts`). */
export interface Site {
  readonly call: ResolvedCall;
  /** Blocking APIs that the call may be a call of, or that a builtin calls for it (`names.map(readFileSync)`). */
  readonly leaves: readonly BlockingApi[];
  /** Blocking APIs that the call hands over as callbacks, for the event loop to start later. */
  readonly startedLeaves: readonly BlockingApi[];
  /** Blocking APIs that the call hands to code that is not compiled. */
  readonly foreignLeaves: readonly BlockingApi[];
  /** Functions among the values of each argument, also those that object literals hold, and among those of the receiver. */
  readonly handed: { readonly args: readonly (readonly number[])[]; readonly receiver: readonly number[] };
  /** Functions of the program that the call may run. */
  readonly targets: readonly number[];
  /** Callbacks that a builtin runs before the call returns; the builtin's twin awaits them. */
  readonly inline: readonly number[];
  /** Handlers that a router starts before the call returns, at sites that wait for these. */
  readonly routed: readonly number[];
  /** Callbacks that the event loop or a framework starts later. */
  readonly started: readonly number[];
  readonly startedAs: string;
  /** How callbacks are handed over where no adapter of the runtime starts them. */
  readonly callbackForm: CallbackForm | undefined;
  /** Whether the callee is code that is not compiled, and may do anything with its arguments. */
  readonly isHandedOver: boolean;
  /** Callbacks handed to code that is not compiled. */
  readonly foreign: readonly number[];
  /** Callbacks that Node calls synchronously, and for whose caller the runtime has no twin. */
  readonly native: readonly number[];
  /** Accessors of objects that the call hands to code outside the program. */
  readonly exposed: Exposed;
  /** Nothing is known of the callee, or it is imported from a module that is not at hand. */
  readonly mayRunUnknown: boolean;
  /** The same, also where the program is all that is compiled. */
  readonly mayRunUnknownEvenIfClosed: boolean;
  /** Some callee is not a function of the program: its adapter for callbacks may matter. */
  readonly outside: boolean;
  /** An access of a property, in the form of a call of its accessors; undefined for calls. */
  readonly access: AccessFact | undefined;
}

/** What a site is that does nothing. */
export const NOTHING: Omit<Site, 'call'> = {
  ...{ leaves: [], startedLeaves: [], foreignLeaves: [], handed: { args: [], receiver: [] }, targets: [], inline: [] },
  ...{ routed: [], started: [], startedAs: '', callbackForm: undefined, isHandedOver: false, foreign: [], native: [] },
  ...{ exposed: { getters: [], setters: [] }, mayRunUnknown: false, mayRunUnknownEvenIfClosed: false, outside: false },
  access: undefined,
};

/**
 * Whether nothing is known of what a call runs. That an iterable comes from a module that is not at hand colours nothing: most are arrays, and
 * a function that does nothing else that may block would pay for that. Where it is coloured anyway, its loops wait for what they iterate.
 */
export function isUnknownCall({ mayRunUnknown, call }: Site): boolean {
  return mayRunUnknown && call.fact.iteration === undefined;
}

/**
 * Whether what a call runs, or what it is called on, comes from project code that is not at hand. What else is not known colours nothing: where it
 * never blocks, all that leads to it would wait for nothing, and what was one step to everybody else would be several.
 */
export function isApartCall(site: Site): boolean {
  const isApart = (token: Arrival) => token.kind === 'external' && token.path.startsWith('.');
  return isUnknownCall(site) && [...site.call.callees, ...site.call.receivers].some(isApart);
}
