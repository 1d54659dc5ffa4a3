/** Twins of the methods of generators (ECMA-262, 27.5.1): they suspend where the generator's asynchronous form does. */
import { linkMethods, native } from '../twin/generators.js';

export function installGenerators(): void {
  linkMethods([native.next, native.return, native.throw]);
}
