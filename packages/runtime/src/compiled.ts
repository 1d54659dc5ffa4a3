/** The entry point of compiled code: the helpers that it calls, under the names that it calls them by. Importing it installs the twins of the platform. */
import './install.js';

export { unshared as $unshared } from './builtins/atomics.js';
export { hasTimeLeft as $hasTimeLeft } from './builtins/sleepLoops.js';
export { atomicBody as $atomicBody } from './green/atomic.js';
export { startStreamMethods as $startStreamMethods } from './node/roots/streams.js';
export {
  entered as $entered,
  hush as $hush,
  hushing as $hushing,
  leave as $leave,
  tell as $tell,
} from './node/roots/turns.js';
export { asyncCallback as $asyncCallback, testBody as $testBody } from './node/roots/wrap.js';
export { awaitNext as $awaitNext } from './packs/continuation.js';
export {
  copy as $copy,
  destructured as $destructured,
  get as $get,
  getPrivate as $getPrivate,
  linkGetters as $linkGetters,
  linkSetters as $linkSetters,
  others as $others,
  set as $set,
  setPrivate as $setPrivate,
  setSloppy as $setSloppy,
  superGetter as $superGetter,
  superSetter as $superSetter,
  written as $written,
} from './twin/accessors.js';
export { asyncDelegated as $asyncDelegated, asyncDelegatedTo as $asyncDelegatedTo } from './twin/asyncDelegation.js';
export { asyncItems as $asyncItems, asyncIterable as $asyncIterable, ENDED as $ENDED } from './twin/asyncIteration.js';
export {
  callee as $callee,
  caller as $caller,
  constructorRegistrar as $constructorRegistrar,
  creator as $creator,
  member as $member,
  method as $method,
  methodRegistrar as $methodRegistrar,
  registrar as $registrar,
} from './twin/callee.js';
export { apart as $apart, begin as $begin } from './twin/calls.js';
export { Adopted as $Adopted, linkClass as $linkClass } from './twin/construction.js';
export { decorations as $decorations } from './twin/decorations.js';
export { destructuring as $destructuring } from './twin/destructuring.js';
export { disposals as $disposals } from './twin/disposals.js';
export { enter as $enter, prepares as $prepares } from './twin/generators.js';
export {
  collect as $collect,
  collectAmong as $collectAmong,
  collectArguments as $collectArguments,
  delegate as $delegate,
  delegateTo as $delegateTo,
  items as $items,
  iterate as $iterate,
} from './twin/iteration.js';
export {
  keyHolder as $keyHolder,
  link as $link,
  linkMethods as $linkMethods,
  linkNamed as $linkNamed,
  linkSelf as $linkSelf,
  propertyKey as $propertyKey,
} from './twin/link.js';
export { loaded as $loaded, loading as $loading, starting as $starting } from './twin/loading.js';
export {
  linkOnce as $linkOnce,
  linkOnes as $linkOnes,
  now as $now,
  once as $once,
  onceFunction as $onceFunction,
  split as $split,
} from './twin/once.js';
export {
  anything as $anything,
  few as $few,
  initialised as $initialised,
  namesOnly as $namesOnly,
  onlyFields as $onlyFields,
} from './twin/ownElements.js';
export { pack as $pack } from './twin/packed.js';
export { coercible as $coercible, iterable as $iterable } from './twin/parameters.js';
export { SUSPENDED as $SUSPENDED, take as $take, unbox as $unbox } from './twin/protocol.js';
export { statics as $statics } from './twin/statics.js';
export { targeted as $targeted } from './twin/targeted.js';
