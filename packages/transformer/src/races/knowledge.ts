/** What is known of the parts of a function whose control flow is built. */
import type { Node } from '@babel/types';
import type { FileAccess } from './files.js';
import type { Names } from './names.js';
import type { Path, Paths } from './paths.js';

/** What the rest of the analysis knows about a function's parts. */
export interface Knowledge {
  readonly names: Names;
  readonly paths: Paths;
  /** Whether other code may write to a place while the function is suspended. */
  isShared(path: Path): boolean;
  /** Whether other code may change the object that is at a place. */
  isSharedObject(path: Path): boolean;
  /** Whether a call is one of a method of the language's collections, as far as is known. */
  isOfCollection(call: Node): boolean;
  /** What a call does to files. */
  fileAccess(call: Node): FileAccess | undefined;
  /** What a call does with the directory in which the process works. */
  directoryAccess(call: Node): 'read' | 'written' | 'used' | undefined;
  /** Whether a call may suspend that could not do so in the source. */
  suspends(call: Node): boolean;
  /** Whether an access runs an accessor of the program. */
  runsAccessor(access: Node): boolean;
}
