/** Root adapters: where asynchronous execution begins. They are linked to the registering functions, which stay as they are. */
import { installCallbacks } from './callbacks.js';
import { installEmitters } from './emitters.js';
import { installEventTargets } from './eventTargets.js';
import { installPromises } from './promises.js';
import { installStreams } from './streams.js';
import { installTimers } from './timers.js';

/** Links the root adapters of the platform, and the twin of `EventEmitter.prototype.emit`. Calling it again does nothing. */
export function installRoots(): void {
  installTimers();
  installPromises();
  installEmitters();
  installEventTargets();
  installCallbacks();
  installStreams();
}
