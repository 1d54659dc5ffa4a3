/**
 * Builtins that make objects of what their arguments hold: `Object.values(handlers)`. Nobody has written what they return, so that
 * each call of one gets an object of its own, which holds the members without their keys.
 */
import { BINDING_FUNCTIONS } from '../catalogue/builtins.js';
import { isIndex } from '../facts/names.js';
import type { Graph } from './graph.js';
import type { Keyed } from './keyed.js';
import type { Named } from './named.js';
import type { Properties } from './properties.js';
import type { Arrival, Token } from './tokens.js';

/** A call of a builtin. */
export interface PassingCall {
  readonly args: readonly number[];
  readonly result: number;
  /** The second argument, if it is a string literal. */
  readonly key: string | undefined;
}

export interface Passing {
  /** Lets the result of a builtin hold what its arguments hold; false if `path` is none of these builtins. */
  pass(path: string, call: PassingCall): boolean;
  /** Lets a place hold an object of its own. */
  makeObject(at: number): void;
  /** Whether a property of this name is one of the members of an object, whose keys are not known. */
  isMember(obj: number, property: string): boolean;
  /** The elements of what a value is, if a builtin has made it an array; undefined for all else. */
  elementsOf(token: Arrival): number | undefined;
  /** For arguments at which nothing has arrived: what they hold comes from elsewhere. */
  assumeUnknown(): void;
}

/** What iterators and property descriptors have their value as. */
const VALUE = 'value';

/**
 * @param firstObject the first id that no object of the program has
 * @param load lets a member of what arrived flow into a place; undefined: any member
 * @param unknown what comes from elsewhere
 */
export function passingIn(
  { vertex, place, edge, watch, add, isEmpty }: Graph<Token>,
  properties: Properties,
  keyed: Keyed,
  named: Named,
  firstObject: number,
  load: (token: Arrival, property: string | undefined, target: number) => void,
  unknown: Token,
): Passing {
  let next = firstObject;
  const arrays = new Set<number>();
  const assumptions: (() => void)[] = [];

  const membersOf = (obj: number) => place(`members ${obj}`);
  function make(result: number): { readonly token: Token; readonly members: number } {
    const obj = next++;
    const token: Token = { kind: 'object', obj };
    add(result, token);
    return { token, members: membersOf(obj) };
  }
  function makeArray(result: number) {
    const made = make(result);
    if (made.token.kind === 'object') arrays.add(made.token.obj);
    return made;
  }
  /** Lets a member of what an argument is flow into a place. */
  function loadInto(from: number | undefined, key: string | undefined, target: number): void {
    if (from === undefined) return;
    watch(from, (token) => load(token, key, target));
    if (key === undefined) named.read(from, target);
    assumptions.push(() => {
      if (isEmpty(from)) add(target, unknown);
    });
  }

  const builtins: Record<string, (call: PassingCall) => void> = {
    'Object.values': ({ args, result }) => loadInto(args[0], undefined, makeArray(result).members),
    'Object.entries'({ args, result }) {
      // Pairs are arrays that hold what the whole holds.
      const { token, members } = makeArray(result);
      add(members, token);
      loadInto(args[0], undefined, members);
    },
    'Object.fromEntries'({ args, result }) {
      const { members } = make(result);
      const pairs = vertex();
      loadInto(args[0], undefined, pairs);
      watch(pairs, (token) => load(token, undefined, members));
      edge(properties.assigned(undefined), members);
    },
    'Object.getOwnPropertyDescriptor': ({ args, result, key }) => loadInto(args[0], key, make(result).members),
    'Reflect.get': ({ args, result, key }) => loadInto(args[0], key, result),
    'Reflect.set'({ args: [object, , value], key }) {
      if (object === undefined || value === undefined) return;
      edge(value, properties.assigned(key));
      if (key === undefined) keyed.store(object, value);
      else named.store(object, key, value);
    },
  };

  for (const path of BINDING_FUNCTIONS)
    builtins[path] = ({ args: [bound], result }) => bound !== undefined && edge(bound, result);

  return {
    pass(path, call) {
      const builtin = Object.hasOwn(builtins, path) ? builtins[path] : undefined;
      builtin?.(call);
      return builtin !== undefined;
    },
    makeObject(at) {
      make(at);
    },
    isMember: (obj, property) => obj >= firstObject && (!arrays.has(obj) || isIndex(property) || property === VALUE),
    elementsOf: (token) => (token.kind === 'object' && arrays.has(token.obj) ? membersOf(token.obj) : undefined),
    assumeUnknown() {
      for (const assume of assumptions) assume();
    },
  };
}
