/** The entry point of compiled code: the helpers that it calls. Importing it installs the twins of the platform. */
import './install.js';

export { unshared } from './builtins/atomics.js';
export { atomicBody } from './green/atomic.js';
export { startStreamMethods } from './node/roots/streams.js';
export { asyncCallback, testBody } from './node/roots/wrap.js';
export {
  copy,
  destructured,
  get,
  getPrivate,
  linkGetters,
  linkSetters,
  others,
  set,
  setPrivate,
  setSloppy,
  superGetter,
  superSetter,
  written,
} from './twin/accessors.js';
export { asyncItems, ENDED } from './twin/asyncIteration.js';
export {
  callee,
  constructorRegistrar,
  creator,
  memberRegistrar,
  method,
  methodRegistrar,
  registrar,
} from './twin/callee.js';
export { Adopted, linkClass } from './twin/construction.js';
export { decorations } from './twin/decorations.js';
export { destructuring } from './twin/destructuring.js';
export { enter, prepares } from './twin/generators.js';
export { collect, collectArguments, delegate, items, iterate } from './twin/iteration.js';
export { link, linkMethods, linkNamed, linkSelf, propertyKey, targeted } from './twin/link.js';
export { anything, namesOnly, onlyFields } from './twin/ownElements.js';
export { pack } from './twin/packed.js';
export { coercible, iterable } from './twin/parameters.js';
export { box, SUSPENDED, take, unbox } from './twin/protocol.js';
