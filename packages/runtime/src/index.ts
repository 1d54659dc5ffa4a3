/** The API for people; compiled code uses `@unblock/runtime/compiled`. Importing it installs the twins of the platform, which `twin` gives. */
import './install.js';

export { atomic } from './green/atomic.js';
export { currentSignal, TimeoutError, withSignal, withTimeout } from './green/limits.js';
export { DeadlockError } from './green/sections.js';
export { assertYields, BlockedLoopError, type YieldLimits } from './monitor/assertYields.js';
export { completeInPlace } from './node/fs/inPlace.js';
export { linkAsync as link, twin } from './twin/link.js';
export { type Course, type Schedule, scheduleTwins } from './twin/schedule.js';
