/** Accesses of places, as events: what an expression reads and writes, and what that calls. */
import type { Node } from '@babel/types';
import { type FunctionNode, isMember, type MemberNode } from '../syntax/nodes.js';
import type { BasicBlocks } from './basicBlocks.js';
import type { Shape } from './events.js';
import type { Knowledge } from './knowledge.js';
import type { Path } from './paths.js';
import { NONE, only, type Sources } from './sources.js';

/** What accesses refer to. */
export interface AccessContext {
  /** Undefined: the module. */
  readonly fn: FunctionNode | undefined;
  readonly knowledge: Knowledge;
  readonly blocks: BasicBlocks;
}

export interface Accesses {
  /** @param deep what the place leads to is read as well */
  read(path: Path, node: Node, deep?: boolean): Sources;
  write(path: Path, node: Node, value: Sources, shape: Shape): void;
  /** What is at a place is made use of, in a way that no value depends on. */
  use(path: Path, node: Node): void;
  /** An identifier is evaluated for the object that it holds. */
  take(node: Node): void;
  /** @returns what the call gives */
  call(node: Node, args: Sources, receiver: Path | undefined): Sources;
  /**
   * Other things than calls may call functions: steps of iterations, accessors.
   *
   * @param object whose accessors or iterator it may call
   * @returns what such a call gives, if there is one
   */
  callUnseen(node: Node, args: Sources, object?: Node): Sources;
  /** The place that an expression names, if it is shared. */
  sharedAt(node: Node): Path | undefined;
  /** What a variable of the function holds. */
  local(node: Node): Sources;
  /** The object that is `this` in a method that a member expression names. */
  receiverOf(node: MemberNode): Path | undefined;
}

/** What has events of its own. */
const CALLS = /^((Optional)?Call|New|TaggedTemplate)Expression$/;

export function accessesIn({ fn, knowledge, blocks }: AccessContext): Accesses {
  const { names, paths } = knowledge;

  function call(node: Node, args: Sources, receiver: Path | undefined): Sources {
    const id = blocks.newId();
    blocks.emit({ kind: 'call', id, node, args, receiver });
    blocks.mayThrow();
    return only(id);
  }
  function callsUnseen(node: Node): boolean {
    return !CALLS.test(node.type) && (knowledge.suspends(node) || knowledge.runsAccessor(node));
  }
  function receiverOf({ object }: MemberNode): Path | undefined {
    return object.type === 'Super' ? paths.self(fn) : paths.objectAt(object, fn);
  }

  return {
    read(path, node, deep = false) {
      const id = blocks.newId();
      blocks.emit({ kind: 'read', id, path, deep, node });
      return only(id);
    },
    write: (path, node, value, shape) => blocks.emit({ kind: 'write', path, node, value, shape }),
    use: (path, node) => blocks.emit({ kind: 'take', path, node }),
    take(node) {
      const binding = names.of(node);
      if (binding?.rewritten !== true) return;
      const path: Path = { root: { kind: 'variable', binding }, steps: [] };
      if (knowledge.isShared(path)) blocks.emit({ kind: 'take', path, node });
    },
    call,
    callUnseen(node, args, object) {
      if (!callsUnseen(node)) return NONE;
      const receiver = object && paths.objectAt(object, fn);
      return call(node, args, isMember(node) ? receiverOf(node) : receiver);
    },
    sharedAt(node) {
      // What an accessor reads and writes is found in it.
      if (isMember(node) && callsUnseen(node)) return undefined;
      const path = paths.of(node, fn);
      return path !== undefined && knowledge.isShared(path) ? path : undefined;
    },
    local(node) {
      const binding = names.of(node);
      // Variables of the functions around say what those knew when this one was called.
      return binding !== undefined && (binding.owner !== undefined || fn === undefined) ? only(binding) : NONE;
    },
    receiverOf,
  };
}
