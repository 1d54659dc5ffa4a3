/** Events whose listeners the runtime starts asynchronously, because the event loop emits them. All other listeners run inside `emit`. */
import { constants } from 'node:os';

/** Of the emitters of Node's modules, whichever class. */
const EMITTERS: ReadonlySet<string> = new Set([
  ...'OCSPRequest OCSPResponse SIGCONT SIGINT SIGTSTP abort aborted change checkContinue checkExpectation clientError'.split(
    ' ',
  ),
  ...'close connect connection continue data disconnect drain drop dropRequest end error exit finish fork'.split(' '),
  ...'history information keylog line listening lookup message messageerror newSession online open readable'.split(' '),
  ...'ready request resize response resumeSession secureConnect secureConnection session sessionError setup'.split(' '),
  ...'socket spawn stop stream timeout tlsClientError unknownProtocol upgrade'.split(' '),
]);

/** Of `process`. */
const PROCESS: ReadonlySet<string> = new Set([...Object.keys(constants.signals), 'message', 'disconnect']);

/** Of message ports, channels, web sockets and event sources, which have `addEventListener`. */
const TARGETS: ReadonlySet<string> = new Set(['open', 'message', 'messageerror', 'error', 'close']);

export const LOOP_EVENTS = { emitters: EMITTERS, process: PROCESS, targets: TARGETS };
