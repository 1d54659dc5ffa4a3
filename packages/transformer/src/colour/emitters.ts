/** Who emits the events that a program listens to: the event loop, Node while it runs something else, or a package. */
import { LOOP_EVENTS } from '../catalogue/events.js';
import {
  EMITTER_EVENTS,
  emitterMadeBy,
  FINAL_EVENTS,
  OWN_EMITTER,
  OWN_STREAM,
  STREAM_EVENTS,
} from '../catalogue/subclasses.js';
import type { CallFact } from '../facts/facts.js';
import { FOREIGN, isOfNode } from '../flow/externalPaths.js';
import type { Flow } from '../flow/flow.js';
import type { Token } from '../flow/tokens.js';

/** Who may emit an event, apart from the program. */
export interface Emitters {
  readonly loop: boolean;
  readonly foreign: boolean;
  readonly native: boolean;
}

/** Who may emit the event that a call registers listeners for. */
export function emittersOf(fact: CallFact, receivers: readonly Token[], flow: Flow): Emitters {
  const { firstString: event } = fact;
  if (fact.property === 'addEventListener') {
    const loop = event === undefined || LOOP_EVENTS.targets.has(event);
    return { loop, foreign: false, native: !loop };
  }
  if (event !== undefined && EMITTER_EVENTS.has(event)) return { loop: false, foreign: false, native: true };
  const paths = receivers.map((token) => pathOf(token, flow));
  const isProcess = paths.some((path) => path !== undefined && /^(global\.)?process$/.test(path));
  const isMadeHere = paths.length > 0 && paths.every((path) => path === OWN_STREAM || path === OWN_EMITTER);
  const isOfLoop = event === undefined || (isProcess ? LOOP_EVENTS.process : LOOP_EVENTS.emitters).has(event);
  const hasStream = paths.includes(OWN_STREAM);
  const loop = isOfLoop && (!isMadeHere || (hasStream && event !== undefined && FINAL_EVENTS.has(event)));
  const isStream = hasStream && (event === undefined || STREAM_EVENTS.has(event));
  const isOwn = receivers.length > 0 && receivers.every((token) => token.kind !== 'external' || isOfNode(token.path));
  // Options, from which packages make emitters, are none themselves.
  const possible = receivers.filter(({ kind }) => kind !== 'object');
  const isOfPackage =
    possible.length > 0 && possible.every((token) => token.kind === 'external' && token.path === FOREIGN);
  // Elsewhere an event with the name of one of Node's is taken to be Node's: handlers get requests and sockets from packages.
  return { loop, foreign: isOfPackage || (!loop && !isOwn), native: isStream || (isProcess && !loop) };
}

/** The path of a value, or of what the objects of its class are that the program does not write itself. */
function pathOf(token: Token, flow: Flow): string | undefined {
  if (token.kind === 'external') return token.path;
  if (token.kind !== 'instance') return undefined;
  const made = flow.parentsOf(token.cls).map(emitterMadeBy);
  return made.every((path) => path === made[0]) ? made[0] : undefined;
}
