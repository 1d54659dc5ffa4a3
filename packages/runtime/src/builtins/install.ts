/** Links the twins of the ECMAScript builtins, and of platform functions that call back like them. */
import { installArray } from './array.js';
import { installAtomics } from './atomics.js';
import { installCollections } from './collections.js';
import { installContext } from './context.js';
import { installFunction } from './function.js';
import { installGenerators } from './generators.js';
import { installGrouping } from './grouping.js';
import { installIterables } from './iterables.js';
import { installIteratorConsumers } from './iteratorConsumers.js';
import { installIteratorHelpers } from './iteratorHelpers.js';
import { installJson } from './json.js';
import { installPromise } from './promise.js';
import { installString } from './string.js';
import { installTypedArray } from './typedArray.js';

export function installBuiltins(): void {
  installArray();
  installAtomics();
  installCollections();
  installContext();
  installFunction();
  installGenerators();
  installGrouping();
  installIterables();
  installIteratorConsumers();
  installIteratorHelpers();
  installJson();
  installPromise();
  installString();
  installTypedArray();
}
