/** Calls, as events: of functions, of methods of collections, and of what reads and writes files. */
import type { Expression, Node, SpreadElement } from '@babel/types';
import { keyName } from '../facts/names.js';
import { isMember, type MemberNode, unwrap } from '../syntax/nodes.js';
import type { AccessContext, Accesses } from './accesses.js';
import type { FileAccess } from './files.js';
import { COLLECTION_METHODS, type CollectionMethod, type Path } from './paths.js';
import { isAssign, lastName, shapeOf } from './shapes.js';
import { computed, NONE, type Sources, union } from './sources.js';
import { WORKING_DIRECTORY } from './workingDirectory.js';

/** What calls refer to. */
export interface CallContext extends AccessContext {
  readonly accesses: Accesses;
  /** Evaluates an expression. */
  readonly value: (node: Node) => Sources;
  /** What an expression that has been evaluated depends on. */
  readonly known: (node: Node) => Sources;
  /** Evaluates a member expression that is called. */
  readonly accessed: (node: MemberNode) => Sources;
}

export interface Calls {
  call(node: Node, callee: Node, args: readonly Node[]): Sources;
  /** Evaluates an argument. An object that is handed over is read as a whole. */
  passed(argument: Expression | SpreadElement): Sources;
}

export function callsIn({ fn, knowledge, blocks, accesses, value, known, accessed }: CallContext): Calls {
  const { names, paths } = knowledge;
  const { read, write } = accesses;

  function call(node: Node, wrapped: Node, args: readonly Node[]): Sources {
    const callee = unwrap(wrapped);
    let sources = evaluated(callee);
    const receiver = isMember(callee) ? accesses.receiverOf(callee) : undefined;
    const given = args.map((argument) => passed(argument as Expression | SpreadElement));
    const asked = membership(callee, args);
    if (asked !== undefined) return union(...given.map(computed), read(asked, node));

    const collection = collectionMethod(node, callee, receiver);
    const place = (which: 'element' | 'elements') =>
      paths.element(receiver as Path, which === 'element' ? args[0] : undefined);
    if (collection?.reads) sources = union(sources, read(place(collection.reads), node));
    const file = knowledge.fileAccess(node);
    if (file !== undefined) {
      sources = union(sources, readFile(file, node, args));
      writeFiles(file, node, args, given);
    }
    const directory = knowledge.directoryAccess(node);
    if (directory === 'read') sources = union(sources, read(WORKING_DIRECTORY, node));
    else if (directory === 'used') accesses.use(WORKING_DIRECTORY, node);
    const result = accesses.call(node, union(...given), receiver);
    if (directory === 'written') write(WORKING_DIRECTORY, node, union(...given), 'other');
    if (collection?.writes) {
      const path = place(collection.writes);
      if (collection.empties || method(callee) === 'delete') write(path, node, NONE, 'empty');
      else {
        const held = collection.value === undefined ? undefined : args[collection.value];
        write(path, node, union(...given), shapeOf(held, names));
      }
    }
    if (isAssign(callee) && args[0] !== undefined) {
      const target = paths.objectAt(args[0], fn);
      if (target !== undefined && knowledge.isSharedObject(target)) {
        args.slice(1).forEach((from, i) => {
          assignFrom(from, given[i + 1] ?? NONE, target, node);
        });
      }
    }
    return union(result, sources, ...given.map(computed));
  }

  /** Writes what `Object.assign(target, from)` does: to the properties of a literal, or to whatever there may be. */
  function assignFrom(wrapped: Node, sources: Sources, target: Path, node: Node): void {
    const from = unwrap(wrapped);
    if (from.type !== 'ObjectExpression') {
      write(paths.element(target, undefined), node, sources, 'other');
      return;
    }
    for (const property of from.properties) {
      if (property.type === 'SpreadElement') assignFrom(property.argument, known(property.argument), target, node);
      else {
        const place = paths.member(target, property.key, property.computed);
        const held = property.type === 'ObjectProperty' ? property.value : undefined;
        write(place, node, held ? known(held) : NONE, shapeOf(held, names));
      }
    }
  }

  function evaluated(callee: Node): Sources {
    if (isMember(callee)) return accessed(callee);
    if (callee.type === 'Identifier') return accesses.local(callee);
    return callee.type === 'Super' || callee.type === 'Import' ? NONE : value(callee);
  }
  function method(callee: Node): string | undefined {
    return isMember(callee) && !callee.computed ? keyName(callee.property) : undefined;
  }
  function collectionMethod(node: Node, callee: Node, receiver: Path | undefined): CollectionMethod | undefined {
    const name = method(callee);
    if (name === undefined || receiver === undefined) return undefined;
    return knowledge.isOfCollection(node) && knowledge.isSharedObject(receiver)
      ? COLLECTION_METHODS.get(name)
      : undefined;
  }

  function fileAt(argument: Node | undefined): Path | undefined {
    return argument && paths.fileAt(argument, fn);
  }
  function readFile({ reads }: FileAccess, node: Node, args: readonly Node[]): Sources {
    const source = reads === undefined ? undefined : fileAt(args[reads]);
    return source === undefined ? NONE : read(source, node);
  }
  function writeFiles(file: FileAccess, node: Node, args: readonly Node[], given: readonly Sources[]): void {
    for (const i of file.writes ?? []) {
      const target = fileAt(args[i]);
      if (target === undefined || (file.expects && blocks.isCaught())) continue;
      const held = file.value === undefined ? NONE : (given[file.value] ?? NONE);
      write(target, node, held, file.expects ? 'literal' : 'other');
    }
  }

  function passed(argument: Expression | SpreadElement): Sources {
    const node = unwrap(argument.type === 'SpreadElement' ? argument.argument : argument);
    let sources = value(node);
    if (argument.type === 'SpreadElement') sources = union(sources, accesses.callUnseen(argument, sources));
    if (node.type !== 'Identifier' && !isMember(node)) return sources;
    const object = paths.objectAt(node, fn);
    if (object === undefined || !knowledge.isSharedObject(object)) return sources;
    return union(sources, read(object, node, true));
  }
  /** The place that `Object.hasOwn(object, key)` and its kin ask for. */
  function membership(callee: Node, args: readonly Node[]): Path | undefined {
    const [object, key] = args;
    if (callee.type !== 'MemberExpression' || object === undefined || key === undefined) return undefined;
    const name = keyName(callee.property);
    const isCall = name === 'call' && /\bhasOwnProperty$/.test(lastName(callee.object));
    if (name !== 'hasOwn' && !isCall) return undefined;
    const path = paths.objectAt(object, fn);
    return path !== undefined && knowledge.isSharedObject(path) ? paths.element(path, key) : undefined;
  }

  return { call, passed };
}
